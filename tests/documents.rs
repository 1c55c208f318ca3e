//! The documents say what is true: every command in them is run or at least understood, every link leads somewhere, and
//! every excerpt is in the file it is from.
//!
//! Commands are the lines of `sh` blocks. An excerpt is a block after `<!-- excerpt: FILE -->`, in which `// ...` leaves
//! lines out; a scenario is a block after `<!-- scenario -->`.
#![expect(clippy::expect_used, reason = "helpers of tests fail like tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{CommandFactory as _, Parser as _};
use infra::cli::{Cli, Command};
use infra::terminal::Terminal;
use local::bedrock::Scenario;

/// Programs that are not ours, each with the reason why its commands are not tried here.
const OTHERS: [(&str, &str); 3] = [
    ("git", "fetches the repository"),
    ("rustup", "changes the machine's toolchain"),
    ("aws", "needs an account"),
];

/// Cargo's own commands that the documents name.
const CARGO: [&str; 4] = ["build", "deny", "run", "test"];

struct Document {
    path: PathBuf,
    text: String,
}

/// A fenced block with the line before it.
struct Block<'a> {
    language: &'a str,
    before: &'a str,
    lines: Vec<&'a str>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the workspace is there")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Markdown file of the repository.
fn documents() -> Vec<Document> {
    let (mut found, mut folders) = (Vec::new(), vec![root()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the repository") {
            let path = entry.expect("an entry of a folder").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(".md") {
                found.push(Document {
                    text: read(&path),
                    path,
                });
            }
        }
    }
    assert!(
        found
            .iter()
            .any(|document| document.path.ends_with("README.md"))
    );
    found
}

fn readme() -> Document {
    let path = root().join("README.md");
    Document {
        text: read(&path),
        path,
    }
}

impl Document {
    fn blocks(&self) -> Vec<Block<'_>> {
        let (mut blocks, mut open, mut before) = (Vec::new(), None::<Block<'_>>, "");
        for line in self.text.lines() {
            match (line.trim_start().strip_prefix("```"), open.take()) {
                (Some(_), Some(block)) => blocks.push(block),
                (Some(language), None) => {
                    open = Some(Block {
                        language: language.trim(),
                        before: std::mem::take(&mut before),
                        lines: Vec::new(),
                    });
                }
                (None, Some(mut block)) => {
                    block.lines.push(line);
                    open = Some(block);
                }
                (None, None) if !line.trim().is_empty() => before = line.trim(),
                (None, None) => {}
            }
        }
        assert!(
            open.is_none(),
            "{}: a block is not closed",
            self.path.display()
        );
        blocks
    }

    /// The words of each command.
    fn commands(&self) -> Vec<Vec<String>> {
        let blocks = self.blocks();
        let shell = blocks.iter().filter(|block| block.language == "sh");
        let text: Vec<String> = shell
            .map(|block| block.lines.join("\n").replace("\\\n", " "))
            .collect();
        let lines = text.iter().flat_map(|text| text.lines());
        lines
            .map(|line| {
                shlex::split(line).unwrap_or_else(|| {
                    panic!("{}: `{line}` has an open quote", self.path.display())
                })
            })
            .filter(|words| !words.is_empty())
            .collect()
    }

    /// The lines outside blocks.
    fn prose(&self) -> Vec<&str> {
        let mut inside = false;
        let keep = |line: &&str| {
            let fence = line.trim_start().starts_with("```");
            inside ^= fence;
            !inside && !fence
        };
        self.text.lines().filter(keep).collect()
    }

    /// Anchors of the headings, as GitHub makes them.
    fn anchors(&self) -> BTreeSet<String> {
        let prose = self.prose();
        let headings = prose.iter().filter(|line| line.starts_with('#'));
        headings
            .map(|line| anchor(line.trim_start_matches('#').trim()))
            .collect()
    }
}

fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// What links of a line lead to.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
}

fn recipes() -> BTreeSet<String> {
    let justfile = read(&root().join("justfile"));
    let heads = justfile
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
    let names = heads.filter_map(|line| line.split_once(':')?.0.split_whitespace().next());
    names
        .filter(|name| *name != "default")
        .map(str::to_owned)
        .collect()
}

/// Names of the workspace's packages.
fn packages() -> BTreeSet<String> {
    let manifest = read(&root().join("Cargo.toml"));
    let members = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("  \"")?.strip_suffix("\","));
    let name = |member: &str| {
        let manifest = read(&root().join(member).join("Cargo.toml"));
        let name = manifest
            .lines()
            .find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        name.expect("a package has a name").to_owned()
    };
    members.map(name).collect()
}

/// Says what is wrong with a command.
fn check(words: &[String]) -> Result<(), String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["cargo", "infra", ..] => parse(&words[2..]).map(|_| ()),
        ["cargo", command, rest @ ..] if CARGO.contains(command) => check_package(rest),
        ["just", recipe, ..] if recipes().contains(*recipe) => Ok(()),
        ["just", ..] => Err("the justfile has no such recipe".to_owned()),
        [program, ..] if OTHERS.iter().any(|(other, _)| other == program) => Ok(()),
        _ => Err("nobody checks such a command: write it as one that is checked, or say in OTHERS why not".to_owned()),
    }
}

fn parse(arguments: &[&str]) -> Result<Command, String> {
    let words = std::iter::once("infra").chain(arguments.iter().copied());
    Cli::try_parse_from(words)
        .map(|cli| cli.command)
        .map_err(|error| error.to_string())
}

fn check_package(arguments: &[&str]) -> Result<(), String> {
    let named = arguments
        .windows(2)
        .filter(|pair| matches!(pair[0], "-p" | "--package"));
    match named
        .map(|pair| pair[1])
        .find(|name| !packages().contains(*name))
    {
        Some(name) => Err(format!("there is no package `{name}`")),
        None => Ok(()),
    }
}

#[test]
fn commands_are_understood() {
    for document in documents() {
        for words in document.commands() {
            check(&words).unwrap_or_else(|problem| {
                panic!(
                    "{}: `{}`: {problem}",
                    document.path.display(),
                    words.join(" ")
                )
            });
        }
    }
}

/// Files that a reader has where a command names them.
const READERS_FILES: [(&str, &str); 5] = [
    (
        "machine.asl.json",
        r#"{"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 5, "End": true}}}"#,
    ),
    (
        "old.json",
        r#"{"Resources": {"Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 5}}}}"#,
    ),
    ("new.yaml", "Resources: {Jobs: {Type: AWS::SQS::Queue}}"),
    ("input.json", r#"{"type": "object"}"#),
    ("price.json", r#"{"type": "object"}"#),
];

/// Those that take no network, no compiler and no server.
#[tokio::test]
async fn commands_that_cost_nothing_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::env::set_current_dir(folder.path()).expect("the folder is there");
    for (name, text) in READERS_FILES {
        fs::write(folder.path().join(name), text).expect("the folder can be written");
    }
    let mut run = BTreeSet::new();
    for words in documents().iter().flat_map(Document::commands) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ["cargo", "infra", arguments @ ..] = words.as_slice() else {
            continue;
        };
        let command = parse(arguments).expect("commands are understood");
        let written = match &command {
            Command::Synth(synth) if synth.print.is_none() => {
                synth.out.join("vision.template.json")
            }
            Command::Covers(covers) => covers.out.clone(),
            Command::Synth(_) | Command::Graph(_) | Command::CheckAsl(_) => PathBuf::new(),
            // The others ask git, or a deployment.
            Command::Diff(diff) if !diff.files.is_empty() => PathBuf::new(),
            _ => continue,
        };
        infra::commands::run(command, Terminal::detect())
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", words.join(" ")));
        assert!(
            folder.path().join(&written).exists(),
            "{} writes {}",
            words.join(" "),
            written.display()
        );
        run.insert(arguments[0].to_owned());
    }
    assert_eq!(
        run,
        BTreeSet::from(["check-asl", "covers", "diff", "graph", "synth"].map(str::to_owned)),
        "the documents show all of them"
    );
}

#[test]
fn the_readme_shows_every_command_and_recipe() {
    let readme = readme();
    let shown: BTreeSet<String> = readme
        .commands()
        .iter()
        .filter(|words| words.starts_with(&["cargo".into(), "infra".into()]))
        .filter_map(|words| words.get(2).cloned())
        .collect();
    for command in Cli::command()
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        assert!(
            shown.contains(command.get_name()),
            "README.md does not show `cargo infra {}`",
            command.get_name()
        );
    }
    for recipe in recipes() {
        assert!(
            readme.text.contains(&format!("`just {recipe}`")),
            "README.md does not name `just {recipe}`"
        );
    }
}

#[test]
fn links_lead_somewhere() {
    let documents = documents();
    let mut followed = 0;
    for document in &documents {
        for target in document
            .prose()
            .into_iter()
            .flat_map(links)
            .filter(|target| !target.contains("://"))
        {
            let here = document.path.display();
            let (path, wanted) = target.split_once('#').unwrap_or((target, ""));
            let folder = document.path.parent().expect("a file is in a folder");
            let path = if path.is_empty() {
                document.path.clone()
            } else {
                folder.join(path)
            };
            let path = path
                .canonicalize()
                .unwrap_or_else(|_| panic!("{here}: there is no `{target}`"));
            let found = documents.iter().find(|other| other.path == path);
            let has_anchor =
                wanted.is_empty() || found.is_some_and(|other| other.anchors().contains(wanted));
            assert!(has_anchor, "{here}: `{target}`: there is no such heading");
            followed += 1;
        }
    }
    assert!(followed > 10, "only {followed} links were found");
}

#[test]
fn excerpts_are_in_their_files() {
    let mut compared = 0;
    for document in documents() {
        for block in document.blocks() {
            let Some(file) = block
                .before
                .strip_prefix("<!-- excerpt: ")
                .and_then(|rest| rest.strip_suffix(" -->"))
            else {
                continue;
            };
            let trimmed = |text: &str| {
                text.lines()
                    .map(str::trim)
                    .filter(|line| !line.is_empty())
                    .collect::<Vec<_>>()
                    .join("\n")
            };
            let source = trimmed(&read(&root().join(file)));
            for part in trimmed(&block.lines.join("\n"))
                .split("// ...")
                .map(str::trim)
            {
                assert!(
                    source.contains(part),
                    "{}: this is not in {file}:\n{part}",
                    document.path.display()
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 0, "the documents have excerpts");
}

#[test]
fn scenarios_are_scenarios() {
    let documents = documents();
    let blocks = documents.iter().flat_map(Document::blocks);
    let scenarios: Vec<String> = blocks
        .filter(|block| block.before == "<!-- scenario -->")
        .map(|block| block.lines.join("\n"))
        .collect();
    assert!(!scenarios.is_empty(), "the documents have a scenario");
    for text in scenarios {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("scenario.json");
        fs::write(&path, text).expect("the folder takes a file");
        Scenario::read(&path).expect("a scenario");
    }
}
