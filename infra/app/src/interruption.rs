//! Ctrl-C while CloudFormation is at work: it goes on by itself, so somebody has to say what becomes of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

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

/// What somebody waits for.
type Work<'a> = Pin<Box<dyn Future<Output = Result<Deployed, CommandError>> + 'a>>;

/// How long an operation that cannot be seen may take to come into sight, or to its end.
const OUT_OF_SIGHT: Duration = Duration::from_secs(10);

/// How many works ask by themselves what Ctrl-C means.
static GUARDED: AtomicUsize = AtomicUsize::new(0);

/// Ends the process at Ctrl-C, unless some work asks what it means. Whoever listens for Ctrl-C once takes from it what it does by
/// itself, for good.
pub async fn end_unless_guarded() {
    while tokio::signal::ctrl_c().await.is_ok() {
        if GUARDED.load(Ordering::SeqCst) == 0 {
            std::process::exit(INTERRUPTED);
        }
    }
}

/// What a process that Ctrl-C ended exits with.
const INTERRUPTED: i32 = 130;

/// As long as it lives, Ctrl-C does not end the process: whoever has it listens for that.
pub(crate) struct Guard;

impl Guard {
    pub(crate) fn begin() -> Self {
        GUARDED.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        GUARDED.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Does the work, a deployment of this stack, and asks at Ctrl-C what becomes of it, and of what was chosen then.
pub(crate) async fn guarded<'a>(
    work: impl Future<Output = Result<Deployed, CommandError>> + 'a,
    stack: &'a str,
    target: &'a Target,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let _guard = Guard::begin();
    let mut work: Work<'a> = Box::pin(work);
    loop {
        tokio::select! {
            ended = &mut work => return ended,
            _ = tokio::signal::ctrl_c() => {}
        }
        let Some(choices) = offered(stack, target).await else {
            // It may have ended since it was looked at last, or begin at this moment.
            if let Ok(ended) = tokio::time::timeout(OUT_OF_SIGHT, &mut work).await {
                return ended;
            }
            if offered(stack, target).await.is_none() {
                return Err(CommandError::Stopped(stack.to_owned()));
            }
            continue;
        };
        match ask(stack, choices, terminal).await {
            Choice::Wait => {}
            Choice::Detach => return Err(CommandError::Detached(stack.to_owned())),
            Choice::Cancel => work = Box::pin(cancel(stack, target, terminal)),
            Choice::Delete => work = Box::pin(delete(stack, target, terminal)),
        }
    }
}

/// Does work on a stack that Ctrl-C cannot take back, and says what becomes of it then.
pub(crate) async fn watched<T>(
    work: impl Future<Output = Result<T, CommandError>>,
    stack: &str,
    target: &Target,
) -> Result<T, CommandError> {
    let _guard = Guard::begin();
    tokio::select! {
        ended = work => return ended,
        _ = tokio::signal::ctrl_c() => {}
    }
    let goes_on = tokio::select! {
        goes_on = comes_into_sight(stack, target) => goes_on,
        _ = tokio::signal::ctrl_c() => true,
    };
    let stack = stack.to_owned();
    Err(if goes_on {
        CommandError::Detached(stack)
    } else {
        CommandError::Stopped(stack)
    })
}

/// Whether CloudFormation is at work on the stack, or can be seen to be soon. Where nothing can be seen, it may be.
async fn comes_into_sight(stack: &str, target: &Target) -> bool {
    let looks = async {
        while offered(stack, target).await.is_none() {
            tokio::time::sleep(OUT_OF_SIGHT / 10).await;
        }
    };
    if tokio::time::timeout(OUT_OF_SIGHT, looks).await.is_ok() {
        return true;
    }
    let look = tokio::time::timeout(OUT_OF_SIGHT, offered(stack, target)).await;
    !matches!(look, Ok(None))
}

/// What can become of the stack now; none when nothing is under way in it.
async fn offered(stack: &str, target: &Target) -> Option<&'static [Choice]> {
    match deploy::stack_status(target, stack).await {
        Ok(status) => {
            let choices = choices(status.as_deref().unwrap_or_default());
            (!choices.is_empty()).then_some(choices)
        }
        // Nobody knows: it may go on.
        Err(_) => Some(&[Choice::Detach, Choice::Wait]),
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
    match answer(question, terminal).await {
        Answer::Given(answer) => chosen(&answer, choices),
        Answer::Nobody | Answer::Interrupted => Choice::Detach,
    }
}

/// What comes of a question.
pub(crate) enum Answer {
    /// What was typed.
    Given(String),
    /// Nobody can be asked here.
    Nobody,
    /// Ctrl-C.
    Interrupted,
}

/// Asks, and lets Ctrl-C be an answer.
pub(crate) async fn answer(question: String, terminal: Terminal) -> Answer {
    let _guard = Guard::begin();
    let (sender, answer) = tokio::sync::oneshot::channel();
    // A thread of its own: the runtime would wait for one of its own before the process ends.
    std::thread::spawn(move || sender.send(terminal.ask(&question)));
    tokio::select! {
        answer = answer => match answer {
            Ok(Some(answer)) => Answer::Given(answer),
            _ => Answer::Nobody,
        },
        _ = tokio::signal::ctrl_c() => {
            // The terminal has written `^C` behind the question.
            terminal.say("");
            Answer::Interrupted
        }
    }
}

/// Takes the update back and follows that to its end. An update that has ended meanwhile, or may not be cancelled, is followed as it
/// is.
async fn cancel(
    stack: &str,
    target: &Target,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let step = terminal.step(&format!("Cancel the update of stack {stack}"));
    let accepted = match deploy::cancel_update(target, stack).await {
        // The answer is lost, and the update may be cancelled all the same.
        Ok(()) | Err(deploy::Error::Unreachable { .. }) => true,
        Err(refused) => {
            terminal.warn(&refused.to_string());
            false
        }
    };
    match deploy::attach(target, stack, &mut |event| show(&step, &event)).await {
        Err(deploy::Error::Failed { status, .. })
            if accepted && status == "UPDATE_ROLLBACK_COMPLETE" =>
        {
            Err(CommandError::Cancelled(stack.to_owned()))
        }
        ended => Ok(ended?),
    }
}

/// The same for a creation, which is taken back by deletion.
async fn delete(
    stack: &str,
    target: &Target,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let step = terminal.step(&format!("Delete stack {stack}"));
    let mut listener = |event| show(&step, &event);
    match deploy::abandon_creation(target, stack, &mut listener).await {
        Ok(_) => Err(CommandError::Cancelled(stack.to_owned())),
        Err(refused) => {
            terminal.warn(&refused.to_string());
            match deploy::attach(target, stack, &mut listener).await {
                Err(deploy::Error::Failed { status, .. }) if status == "DELETE_COMPLETE" => {
                    Err(CommandError::Cancelled(stack.to_owned()))
                }
                ended => Ok(ended?),
            }
        }
    }
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
