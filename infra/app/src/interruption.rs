//! Ctrl-C while CloudFormation is at work: it goes on by itself, so somebody has to say what becomes of it.

use std::future::Future;
use std::pin::pin;

use deploy::{Deployed, Target};
use tokio::sync::Mutex;

use crate::CommandError;
use crate::deployment::show;
use crate::terminal::Terminal;

/// What becomes of an operation that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// The update is taken back.
    Cancel,
    /// The stack, which is being created, is deleted.
    Delete,
    /// It goes on, and nobody watches.
    Detach,
    /// It goes on, and we watch.
    Wait,
}

/// Does the work, a deployment of this stack, and asks at Ctrl-C what becomes of it.
pub(crate) async fn guarded(
    work: impl Future<Output = Result<Deployed, CommandError>>,
    stack: &str,
    target: &Target,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            ended = &mut work => return ended,
            _ = tokio::signal::ctrl_c() => {}
        }
        let status = deploy::stack_status(target, stack).await?;
        let choices = choices(status.as_deref().unwrap_or_default());
        if choices.is_empty() {
            return Err(CommandError::Stopped(stack.to_owned()));
        }
        match ask(stack, choices, terminal).await {
            Choice::Wait => {}
            Choice::Detach => return Err(CommandError::Detached(stack.to_owned())),
            Choice::Cancel => return cancel(stack, target, terminal).await,
            Choice::Delete => return delete(stack, target, terminal).await,
        }
    }
}

/// What can become of a stack in this state; nothing when nothing is under way in it.
fn choices(status: &str) -> &'static [Choice] {
    match status {
        "REVIEW_IN_PROGRESS" => &[],
        "UPDATE_IN_PROGRESS" => &[Choice::Cancel, Choice::Detach, Choice::Wait],
        "CREATE_IN_PROGRESS" => &[Choice::Delete, Choice::Detach, Choice::Wait],
        _ if status.ends_with("_IN_PROGRESS") => &[Choice::Detach, Choice::Wait],
        _ => &[],
    }
}

impl Choice {
    fn words(self) -> &'static str {
        match self {
            Self::Cancel => "(c)ancel the update and roll it back",
            Self::Delete => "(x) delete what is being created",
            Self::Detach => "(d)etach and leave it running",
            Self::Wait => "(w)ait on",
        }
    }

    fn letter(self) -> &'static str {
        match self {
            Self::Cancel => "c",
            Self::Delete => "x",
            Self::Detach => "d",
            Self::Wait => "w",
        }
    }
}

/// What an answer chooses. Whatever is not clear changes nothing.
fn chosen(answer: &str, choices: &[Choice]) -> Choice {
    let answer = answer.trim().to_lowercase();
    let mut found = choices.iter().filter(|choice| choice.letter() == answer);
    found.next().copied().unwrap_or(Choice::Wait)
}

/// Stacks that are deployed at the same time are asked about one after the other.
static ASKING: Mutex<()> = Mutex::const_new(());

/// Where nobody can be asked, and at the second Ctrl-C, it is left running.
async fn ask(stack: &str, choices: &'static [Choice], terminal: Terminal) -> Choice {
    let _alone = ASKING.lock().await;
    let words: Vec<&str> = choices.iter().map(|choice| choice.words()).collect();
    let question = format!(
        "\nCloudFormation is at work on stack `{stack}`: {}? ",
        words.join(", ")
    );
    let (sender, answer) = tokio::sync::oneshot::channel();
    // A thread of its own: the runtime would wait for one of its own before the process ends.
    std::thread::spawn(move || sender.send(terminal.ask(&question)));
    tokio::select! {
        answer = answer => match answer {
            Ok(Some(answer)) => chosen(&answer, choices),
            _ => Choice::Detach,
        },
        _ = tokio::signal::ctrl_c() => Choice::Detach,
    }
}

/// Takes the update back and follows that to its end. An update that has ended meanwhile stays as it is.
async fn cancel(
    stack: &str,
    target: &Target,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let step = terminal.step(&format!("Cancel the update of stack {stack}"));
    match deploy::cancel_update(target, stack).await {
        Ok(()) | Err(deploy::Error::WrongState { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    match deploy::attach(target, stack, &mut |event| show(&step, &event)).await {
        Err(deploy::Error::Failed { status, .. }) if status == "UPDATE_ROLLBACK_COMPLETE" => {
            Err(CommandError::Cancelled(stack.to_owned()))
        }
        ended => Ok(ended?),
    }
}

async fn delete(
    stack: &str,
    target: &Target,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let step = terminal.step(&format!("Delete stack {stack}"));
    deploy::abandon_creation(target, stack, &mut |event| show(&step, &event)).await?;
    Err(CommandError::Cancelled(stack.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_offers_what_is_possible_in_it() {
        let cancellable = choices("UPDATE_IN_PROGRESS");
        assert_eq!(chosen("c\n", cancellable), Choice::Cancel);
        assert_eq!(chosen(" D ", cancellable), Choice::Detach);
        assert_eq!(chosen("x", cancellable), Choice::Wait);
        assert_eq!(chosen("x", choices("CREATE_IN_PROGRESS")), Choice::Delete);
        assert_eq!(chosen("c", choices("CREATE_IN_PROGRESS")), Choice::Wait);
        assert_eq!(
            chosen("c", choices("UPDATE_ROLLBACK_IN_PROGRESS")),
            Choice::Wait
        );
        for idle in [
            "",
            "REVIEW_IN_PROGRESS",
            "UPDATE_COMPLETE",
            "ROLLBACK_FAILED",
        ] {
            assert!(choices(idle).is_empty(), "{idle}");
        }
    }
}
