//! What a person sees: data on stdout, everything else on stderr.
//!
//! On a terminal long work shows a spinner or a bar; elsewhere (a pipe, CI) each finished step is one plain line, so a
//! log reads top to bottom. `NO_COLOR` and `CLICOLOR_FORCE` are respected.
#![expect(
    clippy::print_stderr,
    reason = "this is the one module that writes to the terminal"
)]

use std::fmt;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// The terminal of one run of the tool.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    interactive: bool,
    colour: bool,
}

impl Terminal {
    /// Looks at stderr and at the environment.
    #[must_use]
    pub fn detect() -> Self {
        let interactive = std::io::stderr().is_terminal();
        Self {
            interactive,
            colour: has_colours(interactive),
        }
    }

    /// Prints data on stdout.
    ///
    /// A reader that has seen enough and closed the pipe (`| head`) is no error: nobody is left to tell.
    pub fn data(self, text: &str) {
        let _ = writeln!(std::io::stdout(), "{}", text.trim_end_matches('\n'));
    }

    /// Whether data may be in colour: when it goes to a terminal that has colours.
    #[must_use]
    pub fn colours_data(self) -> bool {
        has_colours(std::io::stdout().is_terminal())
    }

    /// Whether what is not data may be in colour.
    #[must_use]
    pub fn colours(self) -> bool {
        self.colour
    }

    /// Says something that is not data.
    pub fn say(self, text: &str) {
        eprintln!("{text}");
    }

    /// What a person types as the answer to a question, without the white space around it. None where nobody can be asked.
    #[must_use]
    pub fn ask(self, question: &str) -> Option<String> {
        let stdin = std::io::stdin();
        if !stdin.is_terminal() {
            return None;
        }
        let mut stderr = std::io::stderr();
        let mut answer = String::new();
        let asked = write!(stderr, "{question}").and_then(|()| stderr.flush());
        // What could not be asked or read is not agreed to: an empty answer.
        let answered = asked.and_then(|()| stdin.read_line(&mut answer));
        Some(answered.map_or_else(|_| String::new(), |_| answer.trim().to_owned()))
    }

    /// Says what a person must notice but need not act on at once.
    pub fn warn(self, text: &str) {
        eprintln!("{} {text}", self.paint("33", "warning:"));
    }

    /// Begins a step of unknown length.
    #[must_use]
    pub fn step(self, title: &str) -> Step {
        let bar = if self.interactive {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        bar.set_style(style("{spinner} {prefix} {wide_msg}"));
        self.start(title, bar)
    }

    /// Begins a step of known length.
    #[must_use]
    pub fn counted_step(self, title: &str, total: u64) -> Step {
        let bar = if self.interactive {
            ProgressBar::new(total)
        } else {
            ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden())
        };
        bar.set_style(style("{spinner} {prefix} {bar:24} {pos}/{len} {wide_msg}"));
        self.start(title, bar)
    }

    /// Begins a step whose detail may have several lines, and is asked for again and again. It is counted if its length is known.
    #[must_use]
    pub fn tree_step(
        self,
        title: &str,
        total: Option<u64>,
        tree: impl Fn() -> String + Clone + Send + Sync + 'static,
    ) -> Step {
        let target = if self.interactive {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(total, target);
        let count = if total.is_some() {
            " {bar:24} {pos}/{len}"
        } else {
            ""
        };
        let style = style(&format!("{{spinner}} {{prefix}}{count} {{tree}}"));
        bar.set_style(style.with_key(
            "tree",
            move |_: &ProgressState, text: &mut dyn fmt::Write| {
                // What cannot be written is drawn the next time.
                let _ = text.write_str(&tree());
            },
        ));
        self.start(title, bar)
    }

    fn start(self, title: &str, bar: ProgressBar) -> Step {
        bar.set_prefix(title.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Step {
            terminal: self,
            title: title.to_owned(),
            bar,
            since: Instant::now(),
        }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Whether a stream is written in colour; the environment has the last word.
fn has_colours(is_terminal: bool) -> bool {
    let forced = std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    wanted && (is_terminal || forced)
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .progress_chars("=> ")
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
        self.bar.suspend(|| eprintln!("  {text}"));
    }

    /// A line for those who see no bar: a log, a pipe.
    pub fn line_elsewhere(&self, text: &str) {
        if !self.terminal.interactive {
            eprintln!("  {text}");
        }
    }

    /// Prints data on stdout while the step goes on.
    pub fn data(&self, text: &str) {
        self.bar.suspend(|| self.terminal.data(text));
    }

    /// Ends the step with what came of it.
    pub fn done(self, result: &str) {
        self.bar.finish_and_clear();
        let seconds = self.since.elapsed().as_secs_f64();
        let mark = self.terminal.paint("32", "✓");
        let separator = if result.is_empty() { "" } else { ": " };
        eprintln!(
            "{mark} {}{separator}{result} {}",
            self.title,
            self.terminal.paint("2", &format!("({seconds:.1} s)"))
        );
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.bar.is_finished() {
            self.bar.finish_and_clear();
        }
    }
}
