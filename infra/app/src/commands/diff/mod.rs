//! `infra diff`.

mod deployed;
mod revision;
mod revisions;
mod sides;

use review::{Review, SourceLines, Summary};

use self::sides::Sides;
use crate::CommandError;
use crate::cli::{DiffArguments, FailOn, ReviewFormat};
use crate::terminal::Terminal;

pub(super) async fn run(arguments: &DiffArguments, terminal: Terminal) -> Result<(), CommandError> {
    if arguments.format == ReviewFormat::Schema {
        terminal.data(&json(&Review::schema()));
        return Ok(());
    }
    let sides = sides(arguments, terminal).await?;
    let mut lines = SourceLines::new();
    for stack in &sides {
        lines.extend(stack.lines.clone());
    }
    let review = reviewed(&sides);
    terminal.data(&written(&review, &lines, arguments.format, terminal));
    objection(&review.summary, &arguments.fail_on)
}

/// A review in the format that was asked for.
pub(super) fn written(
    review: &Review,
    lines: &SourceLines,
    format: ReviewFormat,
    terminal: Terminal,
) -> String {
    match format {
        ReviewFormat::Text => review.to_text(lines, terminal.colours_data()),
        ReviewFormat::Markdown => review.to_markdown(lines),
        ReviewFormat::Json => json(review),
        ReviewFormat::Sarif => json(&review.to_sarif(lines)),
        ReviewFormat::Schema => json(&Review::schema()),
    }
}

async fn sides(arguments: &DiffArguments, terminal: Terminal) -> Result<Vec<Sides>, CommandError> {
    if let [old, new] = arguments.files.as_slice() {
        return Ok(vec![Sides::of_files(old, new)?]);
    }
    match &arguments.deployed {
        Some(stack) => Ok(vec![deployed::sides(stack, arguments, terminal).await?]),
        None => revisions::sides(
            &arguments.base,
            arguments.head.as_deref(),
            &arguments.stacks,
        ),
    }
}

fn reviewed(sides: &[Sides]) -> Review {
    let templates: Vec<_> = sides.iter().map(Sides::templates).collect();
    let reviews = review::review_together(&templates).into_iter().zip(sides);
    Review::of(reviews.map(|(review, sides)| match &sides.intents {
        Some(intents) => review.with_intents(intents),
        None => review,
    }))
}

/// What makes the command fail, the worst first.
fn objection(summary: &Summary, fail_on: &[FailOn]) -> Result<(), CommandError> {
    let objections = [
        (
            FailOn::DataLoss,
            summary.data_losses,
            4,
            "lose data, or might",
        ),
        (
            FailOn::IamWidened,
            summary.widenings(),
            5,
            "be allowed more, or might, or be less secure",
        ),
        (
            FailOn::Replacement,
            summary.replacements(),
            6,
            "be replaced, or might be",
        ),
        (
            FailOn::BreakingSchema,
            summary.breaking_schemas,
            8,
            "break readers of a table",
        ),
        (
            FailOn::InFlight,
            summary.in_flight,
            9,
            "endanger executions in flight",
        ),
        (
            FailOn::Unforeseen,
            summary.unforeseen,
            10,
            "be done by CloudFormation beyond what is shown",
        ),
        (FailOn::Any, summary.changes(), 7, "change"),
    ];
    let found =
        (objections.into_iter()).find(|(what, count, ..)| *count > 0 && fail_on.contains(what));
    match found {
        None => Ok(()),
        Some((_, count, exit_code, what)) => Err(CommandError::Objection {
            message: format!(
                "{count} {} {what}",
                if count == 1 {
                    "thing would"
                } else {
                    "things would"
                }
            ),
            exit_code,
        }),
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
