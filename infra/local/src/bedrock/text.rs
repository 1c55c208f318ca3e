//! The built-in text model. It understands nothing and says so: its answer is the same for the same request, differs from
//! every other, and repeats what was asked.

use super::conversation::{Conversation, Part, Role};
use crate::hash::sha256;

/// So much of the request is repeated, in characters.
const REPEATED: usize = 4_000;

/// The text of an answer.
pub(super) fn answer(conversation: &Conversation) -> String {
    let hash = sha256(conversation.text().as_bytes());
    let asked = conversation.turns.iter();
    let last = asked.rev().find(|turn| turn.role == Role::User);
    let texts = last
        .into_iter()
        .flat_map(|turn| &turn.parts)
        .filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Picture(_) => None,
        });
    let texts: Vec<&str> = texts.collect();
    let repeated: String = texts.join("\n").chars().take(REPEATED).collect();
    format!("Simulated answer {}: {repeated}", &hash[..8])
}
