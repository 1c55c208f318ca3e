//! The commands that errors name, as they have to be typed here: what to type next is of use when it can be typed as it stands.

use std::error::Error;
use std::fmt;

use clap::CommandFactory as _;
use miette::Diagnostic;

use crate::cli::{BatchArguments, BatchCommand, Cli, Command, DEFAULT_STACK, TargetArguments};

/// What was typed that commands about the same stack need, too.
#[derive(Debug, Clone, Default)]
pub struct Here {
    /// Such as `--local`.
    options: String,
    /// A stack that is deployed by another name, and that name.
    deployed_as: Option<(String, String)>,
    /// The batch system that is meant, where it is not the usual one.
    batch: Option<String>,
}

impl Here {
    /// Of a command that is about to be run.
    #[must_use]
    pub fn of(command: &Command) -> Self {
        Self {
            options: target(command)
                .map(TargetArguments::options)
                .unwrap_or_default(),
            deployed_as: deployed_as(command),
            batch: batch(command),
        }
    }

    /// Completes the commands in a text, which are in backticks: those of ours and of the AWS CLI.
    #[must_use]
    pub fn complete(&self, text: &str) -> String {
        let pieces = text.split('`').enumerate();
        let completed = pieces.map(|(index, piece)| match index % 2 {
            0 => piece.to_owned(),
            _ => self.completed(piece),
        });
        completed.collect::<Vec<_>>().join("`")
    }

    fn completed(&self, command: &str) -> String {
        let mut words: Vec<&str> = command.split(' ').collect();
        let own = usize::from(words[0] == "cargo");
        match words.get(own) {
            Some(&"infra") => self.of_ours(&mut words, own + 1),
            Some(&"aws") if !self.options.contains("--local") => command.to_owned() + &self.options,
            _ => command.to_owned(),
        }
    }

    fn of_ours<'a>(&'a self, words: &mut [&'a str], verbs: usize) -> String {
        let mut command = Cli::command();
        let mut arguments = verbs;
        while let Some(next) = words.get(arguments)
            && let Some(found) = command.find_subcommand(next)
        {
            command = found.clone();
            arguments += 1;
        }
        let takes = |id: &str| {
            command
                .get_arguments()
                .any(|argument| argument.get_id() == id)
        };
        let mut options = String::new();
        if takes("stack_name")
            && let Some((stack, deployed)) = &self.deployed_as
            && let Some(name) = words[arguments..].iter_mut().find(|word| *word == deployed)
        {
            *name = stack;
            options = format!(" --stack-name {deployed}");
        }
        if words.get(verbs) == Some(&"batch")
            && takes("stack")
            && let Some(batch) = &self.batch
        {
            options = format!(" --stack {batch}");
        }
        if takes("local") {
            options.push_str(&self.options);
        }
        words.join(" ") + &options
    }
}

impl TargetArguments {
    /// As they were typed, with a space before each.
    #[must_use]
    pub fn options(&self) -> String {
        let local = self.local.then(|| " --local".to_owned());
        let endpoint = self.endpoint_url.as_ref();
        let endpoint = endpoint.map(|url| format!(" --endpoint-url {url}"));
        let region = self.region.as_ref();
        let region = region.map(|region| format!(" --region {region}"));
        [local, endpoint, region].into_iter().flatten().collect()
    }
}

/// A stack as commands about it have to name it.
pub(crate) fn named(stack: &str, deployed_as: Option<&str>, target: &TargetArguments) -> String {
    let name = deployed_as.map(|name| format!(" --stack-name {name}"));
    stack.to_owned() + &name.unwrap_or_default() + &target.options()
}

/// Where a command goes; none for those that go nowhere.
fn target(command: &Command) -> Option<&TargetArguments> {
    Some(match command {
        Command::Plan(arguments) => &arguments.target,
        Command::Deploy(arguments) => &arguments.target,
        Command::Diff(arguments) => &arguments.target,
        Command::Rollback(arguments) => &arguments.target,
        Command::Destroy(arguments) => &arguments.target,
        Command::Outputs(arguments) => &arguments.target,
        Command::Drift(arguments) => &arguments.target,
        Command::Sync(arguments) => &arguments.target,
        Command::Gc(arguments) => &arguments.target,
        Command::Import(arguments) => &arguments.target,
        Command::Query(arguments) => &arguments.target,
        Command::Batch(command) => match &**command {
            BatchCommand::Models(arguments) => &arguments.target,
            _ => &of_batch(command)?.target,
        },
        Command::Synth(_)
        | Command::Package(_)
        | Command::CheckAsl(_)
        | Command::Graph(_)
        | Command::DeployRole(_)
        | Command::Local(_)
        | Command::Demo(_)
        | Command::Covers(_)
        | Command::Simulator(_) => return None,
    })
}

fn of_batch(command: &BatchCommand) -> Option<&BatchArguments> {
    match command {
        BatchCommand::Run(arguments) => Some(&arguments.batch),
        BatchCommand::Status(arguments) => Some(&arguments.batch),
        BatchCommand::Results(arguments) => Some(&arguments.batch),
        BatchCommand::Redrive(arguments) => Some(&arguments.batch),
        BatchCommand::Stop(arguments) => Some(&arguments.batch),
        BatchCommand::DryRun(arguments) => Some(&arguments.batch),
        BatchCommand::Models(_) => None,
    }
}

/// The name of a batch system, where it has to be said.
fn batch(command: &Command) -> Option<String> {
    let Command::Batch(command) = command else {
        return None;
    };
    let stack = &of_batch(command)?.stack;
    (stack != DEFAULT_STACK).then(|| stack.clone())
}

fn deployed_as(command: &Command) -> Option<(String, String)> {
    let (stack, name) = match command {
        Command::Plan(arguments) => (&arguments.stack, &arguments.settings.stack_name),
        Command::Deploy(arguments) => (arguments.stacks.first()?, &arguments.settings.stack_name),
        Command::Drift(arguments) => (&arguments.stack, &arguments.stack_name),
        Command::Sync(arguments) => (&arguments.stack, &arguments.stack_name),
        Command::Import(arguments) => (&arguments.stack, &arguments.stack_name),
        _ => return None,
    };
    Some((stack.clone(), name.clone()?))
}

/// What is told of an error, with complete commands.
#[derive(Debug)]
pub struct Advised {
    message: String,
    code: Option<String>,
    help: Option<String>,
    cause: Option<Box<Self>>,
    related: Vec<Self>,
}

impl Advised {
    /// Of what a command failed with.
    #[must_use]
    pub fn new(error: &dyn Diagnostic, here: &Here) -> Self {
        let related = error.related().into_iter().flatten();
        Self {
            code: error.code().map(|code| code.to_string()),
            help: error.help().map(|help| here.complete(&help.to_string())),
            related: related.map(|error| Self::new(error, here)).collect(),
            ..Self::cause(error, here)
        }
    }

    fn cause(error: &(impl Error + ?Sized), here: &Here) -> Self {
        let cause = error.source();
        Self {
            message: here.complete(&error.to_string()),
            code: None,
            help: None,
            cause: cause.map(|cause| Box::new(Self::cause(cause, here))),
            related: Vec::new(),
        }
    }
}

impl fmt::Display for Advised {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for Advised {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let cause = self.cause.as_deref()?;
        Some(cause)
    }
}

impl Diagnostic for Advised {
    fn code(&self) -> Option<Box<dyn fmt::Display + '_>> {
        let code = self.code.as_ref()?;
        Some(Box::new(code))
    }

    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }

    fn related(&self) -> Option<Box<dyn Iterator<Item = &dyn Diagnostic> + '_>> {
        if self.related.is_empty() {
            return None;
        }
        let related = self.related.iter();
        Some(Box::new(related.map(|error| error as &dyn Diagnostic)))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::CommandError;

    fn completed(typed: &str, text: &str) -> String {
        let typed = format!("infra {typed}");
        let cli = Cli::try_parse_from(typed.split(' ')).unwrap();
        Here::of(&cli.command).complete(text)
    }

    #[test]
    fn commands_go_where_the_failed_one_went() {
        let advice = "type `infra rollback vision --skip A`, or `cargo infra batch status RUN`";
        assert_eq!(
            completed("deploy vision --local", advice),
            "type `infra rollback vision --skip A --local`, or `cargo infra batch status RUN --local`"
        );
        assert_eq!(
            completed(
                "batch run --file a.csv --region eu-west-1 --endpoint-url http://[::1]:4",
                "see `aws cloudformation describe-stack-events --stack-name x`"
            ),
            "see `aws cloudformation describe-stack-events --stack-name x --endpoint-url http://[::1]:4 --region eu-west-1`"
        );
        assert_eq!(completed("destroy vision", advice), advice);
    }

    #[test]
    fn stacks_are_called_by_the_name_that_a_command_knows() {
        assert_eq!(
            completed(
                "deploy vision --stack-name mine --region a",
                "`infra import mine --resource A=B`, or `infra destroy mine`"
            ),
            "`infra import vision --resource A=B --stack-name mine --region a`, or `infra destroy mine --region a`"
        );
    }

    #[test]
    fn another_batch_system_is_named() {
        assert_eq!(
            completed(
                "batch status one --stack mine --local",
                "`cargo infra batch redrive one`, `infra batch models` or `infra outputs mine`"
            ),
            "`cargo infra batch redrive one --stack mine --local`, `infra batch models --local` or `infra outputs mine --local`"
        );
        assert_eq!(
            completed("batch status one", "`infra batch redrive one`"),
            "`infra batch redrive one`"
        );
    }

    #[test]
    fn what_takes_no_target_gets_none() {
        for text in [
            "`infra synth` and `infra local up`",
            "`--skip ID`, `infra`, `infra nothing`, ``, an odd ` and infra deploy",
            "no command",
        ] {
            assert_eq!(completed("deploy vision --local", text), text);
        }
    }

    #[test]
    fn every_part_of_an_error_is_completed() {
        let not_deployed = || CommandError::NotConfirmed("`infra gc`".to_owned());
        let several = CommandError::Several(vec![not_deployed(), not_deployed()]);
        let here = Here {
            options: " --local".to_owned(),
            ..Here::default()
        };
        let told = format!("{:?}", miette::Report::new(Advised::new(&several, &here)));
        assert_eq!(told.matches("`infra gc --local`").count(), 2, "{told}");
        assert_eq!(told.matches("pass --yes").count(), 2, "{told}");
        assert_eq!(told.matches("infra::confirmation").count(), 2, "{told}");
    }
}
