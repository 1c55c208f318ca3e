//! `infra graph`.

use std::path::{Path, PathBuf};

use asl::Definition;
use graph::Drawing;
use serde_json::Value;

use crate::CommandError;
use crate::cli::{GraphArguments, PictureFormat};
use crate::error::file;
use crate::stacks;
use crate::synthesis::synthesize;
use crate::terminal::Terminal;

/// A picture and the name of its files.
struct Picture {
    name: String,
    /// The logical id of a state machine in a template.
    machine: Option<String>,
    drawing: Drawing,
}

pub(super) fn run(arguments: &GraphArguments, terminal: Terminal) -> Result<(), CommandError> {
    let pictures = pictures(arguments.subject.as_deref(), terminal)?;
    let Some(folder) = &arguments.out else {
        return print(arguments, &pictures, terminal);
    };
    let files: Vec<(PathBuf, String)> = pictures
        .iter()
        .flat_map(|picture| picture.files(folder))
        .collect();
    if arguments.check {
        // Only who draws every stack knows which files nobody draws.
        return check(&files, arguments.subject.is_none().then_some(folder));
    }
    write(folder, &files, terminal)
}

/// Every picture of a stack or file, or of all stacks: the stack's own first.
fn pictures(subject: Option<&str>, terminal: Terminal) -> Result<Vec<Picture>, CommandError> {
    let Some(subject) = subject else {
        let all = stacks::ALL.iter().map(|stack| of_stack(stack, terminal));
        return Ok(all
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect());
    };
    if let Some(stack) = stacks::ALL.iter().find(|stack| stack.name == subject) {
        return of_stack(stack, terminal);
    }
    if Path::new(subject).exists() {
        return of_file(Path::new(subject), terminal);
    }
    let known: Vec<&str> = stacks::ALL.iter().map(|stack| stack.name).collect();
    Err(CommandError::NothingToDraw {
        name: subject.to_owned(),
        known: known.join(", "),
    })
}

fn of_stack(stack: &stacks::Definition, terminal: Terminal) -> Result<Vec<Picture>, CommandError> {
    let json = synthesize(stack)?.document.to_json();
    of_template(stack.name, &read(stack.name, &json)?, terminal)
}

fn of_file(path: &Path, terminal: Terminal) -> Result<Vec<Picture>, CommandError> {
    let text = std::fs::read_to_string(path).map_err(file("read", path))?;
    let document = read(&path.display().to_string(), &text)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = name.trim_end_matches(".template");
    if document.get("States").is_some() {
        let drawing = graph::machine(&Definition::read(&document));
        return Ok(vec![Picture {
            drawing: drawing.titled(format!("State machine {name}")),
            name: name.to_owned(),
            machine: None,
        }]);
    }
    of_template(name, &document, terminal)
}

fn read(name: &str, text: &str) -> Result<Value, CommandError> {
    let document = asl::source::read(text).map_err(|error| CommandError::Unreadable {
        path: name.to_owned(),
        problem: error.to_string(),
    });
    Ok(document?.value)
}

/// The stack, and each state machine that the template says the definition of.
fn of_template(
    name: &str,
    template: &Value,
    terminal: Terminal,
) -> Result<Vec<Picture>, CommandError> {
    let drawing = graph::stack(template).map_err(|error| CommandError::Unreadable {
        path: name.to_owned(),
        problem: error.to_string(),
    })?;
    let mut pictures = vec![Picture {
        name: name.to_owned(),
        machine: None,
        drawing: drawing.titled(format!("Stack {name}")),
    }];
    for machine in asl::template::machines(template) {
        let id = &machine.logical_id;
        let Some(definition) = machine.definition() else {
            terminal.warn(&format!(
                "state machine `{id}` is not drawn: its definition is not in the template, or not readable; `infra check-asl` says which"
            ));
            continue;
        };
        let drawing = graph::machine(&Definition::read(definition));
        pictures.push(Picture {
            name: format!("{name}-{id}"),
            machine: Some(id.clone()),
            drawing: drawing.titled(format!("State machine {id} of {name}")),
        });
    }
    Ok(pictures)
}

impl Picture {
    fn files(&self, folder: &Path) -> [(PathBuf, String); 2] {
        let path = |extension: &str| folder.join(format!("{}.{extension}", self.name));
        [
            (path("mmd"), self.drawing.to_mermaid()),
            (path("svg"), self.drawing.to_svg()),
        ]
    }
}

/// Prints one picture: the stack's, or that of the state machine that was named.
fn print(
    arguments: &GraphArguments,
    pictures: &[Picture],
    terminal: Terminal,
) -> Result<(), CommandError> {
    let wanted =
        |picture: &&Picture| arguments.machine.is_none() || picture.machine == arguments.machine;
    let Some(picture) = pictures.iter().find(wanted) else {
        let known = pictures
            .iter()
            .filter_map(|picture| picture.machine.as_deref());
        return Err(CommandError::UnknownMachine {
            name: arguments.machine.clone().unwrap_or_default(),
            known: known.collect::<Vec<_>>().join(", "),
        });
    };
    terminal.data(&match arguments.format {
        PictureFormat::Mermaid => picture.drawing.to_mermaid(),
        PictureFormat::Svg => picture.drawing.to_svg(),
    });
    Ok(())
}

fn write(
    folder: &Path,
    files: &[(PathBuf, String)],
    terminal: Terminal,
) -> Result<(), CommandError> {
    std::fs::create_dir_all(folder).map_err(file("create", folder))?;
    for (path, content) in files {
        std::fs::write(path, content).map_err(file("write", path))?;
        terminal.data(&path.display().to_string());
    }
    Ok(())
}

/// Fails when a file is not what would be written, or `folder` has a picture that nothing draws any more.
fn check(files: &[(PathBuf, String)], folder: Option<&PathBuf>) -> Result<(), CommandError> {
    let mut stale = Vec::new();
    for (path, content) in files {
        match std::fs::read(path) {
            Ok(bytes) if bytes == content.as_bytes() => {}
            Ok(_) => stale.push(format!("  {}: shows an older state", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                stale.push(format!("  {}: is not there", path.display()));
            }
            Err(error) => return Err(file("read", path)(error)),
        }
    }
    for path in folder
        .map(|folder| drawn_in(folder))
        .transpose()?
        .unwrap_or_default()
    {
        if !files.iter().any(|(known, _)| *known == path) {
            stale.push(format!(
                "  {}: nothing draws it any more, delete it",
                path.display()
            ));
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(CommandError::StalePictures(stale.join("\n")))
}

/// The pictures in a folder, sorted.
fn drawn_in(folder: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(file("read", folder))? {
        let path = entry.map_err(file("read", folder))?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("mmd" | "svg")) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
