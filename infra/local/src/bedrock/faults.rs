//! Decides which rule of the scenario a request falls under, and what that does to the answer.

use std::time::Duration;

use super::answer::{Answer, StopReason};
use super::conversation::text_tokens;
use super::{Fault, Rule, When};

/// What the rules may ask about a request.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) model: &'a str,
    pub(super) text: &'a str,
    /// Of each image.
    pub(super) image_hashes: &'a [String],
    pub(super) isbn: Option<&'a str>,
}

/// The rules with their counters.
#[derive(Debug)]
pub(super) struct Rules(Vec<Counted>);

#[derive(Debug)]
struct Counted {
    rule: Rule,
    /// Requests that met the conditions other than `every`.
    candidates: u32,
    /// Requests that the rule was applied to.
    applied: u32,
}

impl Rules {
    pub(super) fn new(rules: &[Rule]) -> Self {
        Self(
            rules
                .iter()
                .map(|rule| Counted {
                    rule: rule.clone(),
                    candidates: 0,
                    applied: 0,
                })
                .collect(),
        )
    }

    /// Whether deciding needs the barcode to be read.
    pub(super) fn ask_for_isbn(&self) -> bool {
        self.0
            .iter()
            .any(|counted| counted.rule.when.isbn.is_some())
    }

    /// The first rule that matches. Counters move in the order of arrival, so that the same requests in the same
    /// order meet the same faults.
    pub(super) fn decide(&mut self, facts: &Facts<'_>) -> (Duration, Option<Fault>) {
        self.0
            .iter_mut()
            .find_map(|counted| counted.apply(facts))
            .map_or((Duration::ZERO, None), |rule| {
                (Duration::from_millis(rule.delay_ms), rule.then.clone())
            })
    }
}

impl Counted {
    fn apply(&mut self, facts: &Facts<'_>) -> Option<&Rule> {
        if !matches(&self.rule.when, facts) {
            return None;
        }
        self.candidates += 1;
        let due = self
            .rule
            .when
            .every
            .is_none_or(|every| self.candidates.is_multiple_of(every.get()));
        let spent = self
            .rule
            .times
            .is_some_and(|times| self.applied >= times.get());
        if !due || spent {
            return None;
        }
        self.applied += 1;
        Some(&self.rule)
    }
}

fn matches(when: &When, facts: &Facts<'_>) -> bool {
    when.isbn
        .as_deref()
        .is_none_or(|isbn| facts.isbn == Some(isbn))
        && when
            .image_sha256
            .as_ref()
            .is_none_or(|hash| facts.image_hashes.contains(hash))
        && when
            .prompt_contains
            .as_ref()
            .is_none_or(|text| facts.text.contains(text))
        && when
            .model_contains
            .as_ref()
            .is_none_or(|text| facts.model.contains(text))
}

/// The answer as the fault leaves it. Faults of the connection or the service are not the answer's business.
pub(super) fn spoil(fault: &Fault, honest: Answer) -> Answer {
    let with_text = |text: String, stop| Answer {
        output_tokens: text_tokens(&text),
        text: Some(text),
        stop,
        ..honest.clone()
    };
    let said = honest.text.as_deref().unwrap_or_default();
    match fault {
        Fault::Malformed => with_text(half(said) + "\"", StopReason::EndTurn),
        Fault::Markdown => with_text(
            format!(
                "Here is the information you asked for:\n\n```json\n{said}\n```\n\nLet me know if you need anything else!"
            ),
            StopReason::EndTurn,
        ),
        Fault::Refused => with_text(
            "I'm sorry, but I can't help with this image.".into(),
            StopReason::Refusal,
        ),
        Fault::MaxTokens => with_text(half(said), StopReason::MaxTokens),
        Fault::Empty => Answer {
            text: None,
            output_tokens: 0,
            ..honest
        },
        Fault::Text { text } => with_text(text.clone(), StopReason::EndTurn),
        Fault::Truncated | Fault::Error { .. } => honest,
    }
}

fn half(text: &str) -> String {
    text.chars().take(text.chars().count() / 2).collect()
}
