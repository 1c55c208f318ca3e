//! A step of the work, as a bar on a terminal and as a line elsewhere.

use std::fmt;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::Terminal;

/// How often a bar is drawn anew.
const TICK: Duration = Duration::from_millis(120);

pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .progress_chars("=> ")
}

/// Asks for the text of `{tree}` whenever it is drawn.
pub(super) fn with_tree(
    style: ProgressStyle,
    tree: impl Fn() -> String + Clone + Send + Sync + 'static,
) -> ProgressStyle {
    let write = move |_: &ProgressState, text: &mut dyn fmt::Write| {
        // What cannot be written is drawn the next time.
        let _ = text.write_str(&tree());
    };
    style.with_key("tree", write)
}

/// Work under way. Dropped without [`done`](Self::done) it disappears: the error that follows speaks for it.
#[derive(Debug)]
pub struct Step {
    terminal: Terminal,
    title: String,
    bar: ProgressBar,
    since: Instant,
}

impl Step {
    pub(super) fn start(
        terminal: Terminal,
        title: &str,
        total: Option<u64>,
        style: ProgressStyle,
    ) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        let bar = super::BARS.add(bar.with_style(style).with_prefix(title.to_owned()));
        bar.enable_steady_tick(TICK);
        Self {
            terminal,
            title: title.to_owned(),
            bar,
            since: Instant::now(),
        }
    }

    /// What the step is doing now; shown only on a terminal.
    pub fn detail(&self, text: &str) {
        self.bar.set_message(text.to_owned());
    }

    /// How long a counted step has turned out to be.
    pub fn total(&self, total: u64) {
        self.bar.set_length(total);
    }

    /// How far a counted step is.
    pub fn position(&self, done: u64) {
        self.bar.set_position(done);
    }

    /// A line that stays, whether or not this is a terminal.
    pub fn line(&self, text: &str) {
        self.terminal.say(&format!("  {text}"));
    }

    /// A line for those who see no bar: a log, a pipe.
    pub fn line_elsewhere(&self, text: &str) {
        if !self.terminal.interactive {
            self.terminal.say(&format!("  {text}"));
        }
    }

    /// Prints data on stdout while the step goes on.
    pub fn data(&self, text: &str) {
        self.terminal.data(text);
    }

    /// Ends the step with what came of it.
    pub fn done(self, result: &str) {
        self.bar.finish_and_clear();
        let seconds = self.since.elapsed().as_secs_f64();
        let mark = self.terminal.paint("32", "✓");
        let separator = if result.is_empty() { "" } else { ": " };
        let time = self.terminal.paint("2", &format!("({seconds:.1} s)"));
        let title = &self.title;
        self.terminal
            .say(&format!("{mark} {title}{separator}{result} {time}"));
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.bar.is_finished() {
            self.bar.finish_and_clear();
        }
    }
}
