//! The built-in text model. It understands nothing and says so: its answer is the same for the same request, differs from
//! every other, and shows what was asked.

use super::conversation::{Conversation, Part, Role};
use crate::hash::sha256;

/// So much of the request is shown, in characters.
const EXCERPT: usize = 120;

/// The text of an answer.
pub(super) fn answer(conversation: &Conversation) -> String {
    let hash = sha256(conversation.text().as_bytes());
    let asked = conversation.turns.iter().rev();
    let texts = asked
        .filter(|turn| turn.role == Role::User)
        .flat_map(|turn| &turn.parts)
        .filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Picture(_) => None,
        });
    let words: Vec<&str> = texts.flat_map(str::split_whitespace).collect();
    let excerpt: String = words.join(" ").chars().take(EXCERPT).collect();
    format!("Simulated answer {}: {excerpt}", &hash[..8])
}
