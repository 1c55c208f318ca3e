//! Writes a drawing as a Mermaid flowchart.
//!
//! Ids are safe by construction. Texts stand in quotes, in which Mermaid reads entities (`#quot;`) and HTML.

use crate::drawing::{Drawing, Edge, Line, Node, Scene};
use crate::words::legible;

impl Drawing {
    /// The drawing as a Mermaid flowchart, as GitHub renders it in a block of the language `mermaid`.
    pub fn to_mermaid(&self) -> String {
        let mut lines = vec![
            "flowchart TB".to_owned(),
            format!("  accTitle: {}", plain(&self.title)),
            format!("  accDescr: {}", plain(&self.summary)),
        ];
        scene(&self.scene, 1, &mut lines);
        lines.push(String::new());
        lines.join("\n")
    }
}

fn scene(scene: &Scene, depth: usize, lines: &mut Vec<String>) {
    for each in &scene.nodes {
        node(each, depth, lines);
    }
    let indent = "  ".repeat(depth);
    lines.extend(
        scene
            .edges
            .iter()
            .map(|each| format!("{indent}{}", edge(each))),
    );
}

fn node(node: &Node, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    let (id, text) = (&node.id, text(node));
    // Mermaid draws no group that is empty.
    if node.inside.iter().all(|inner| inner.nodes.is_empty()) {
        let (open, close) = node.look.style().outline.mermaid();
        lines.push(format!("{indent}{id}{open}\"{text}\"{close}"));
        return;
    }
    lines.push(format!("{indent}subgraph {id}[\"{text}\"]"));
    lines.push(format!("{indent}  direction TB"));
    for inner in &node.inside {
        scene(inner, depth + 1, lines);
    }
    lines.push(format!("{indent}end"));
}

/// What stands in a node. Mermaid wants a text in every node: a space where there is nothing to say.
fn text(node: &Node) -> String {
    let lines: Vec<String> = std::iter::once(&node.title)
        .chain(&node.notes)
        .map(|line| escaped(line))
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        return " ".to_owned();
    }
    lines.join("<br/>")
}

fn edge(edge: &Edge) -> String {
    let arrow = match edge.line {
        Line::Flow | Line::Use => "-->",
        Line::Data => "==>",
        Line::Failure => "-.->",
    };
    let label = edge.labels.iter().map(|label| escaped(label));
    let label = label.collect::<Vec<_>>().join("<br/>");
    let label = if label.is_empty() {
        String::new()
    } else {
        format!("|\"{label}\"|")
    };
    format!("{} {arrow}{label} {}", edge.from, edge.to)
}

/// A text for inside quotes. `#` begins an entity, `<` and `&` HTML, a back-quote Markdown, `%%` a comment.
fn escaped(text: &str) -> String {
    let escape = |letter: char| match letter {
        '"' => "#quot;".to_owned(),
        '#' | '&' | '<' | '>' | '`' | '%' | '\\' => format!("#{};", u32::from(letter)),
        letter => letter.to_string(),
    };
    legible(text).chars().map(escape).collect()
}

/// A text that stands to the end of its line without quotes, where neither entities nor HTML are read.
fn plain(text: &str) -> String {
    let readable = |letter: char| match letter {
        '#' | ';' | '%' | '{' | '}' | '<' | '>' | '&' | '"' | '`' => ' ',
        letter => letter,
    };
    let text: String = text.chars().map(readable).collect();
    legible(&text)
}
