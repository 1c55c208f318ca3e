//! What a person sees: data on stdout, everything else on stderr.
//!
//! On a terminal long work shows a spinner or a bar; elsewhere (a pipe, CI) each finished step is one plain line, so a
//! log reads top to bottom. `NO_COLOR` and `CLICOLOR_FORCE` are respected.
#![expect(
    clippy::print_stderr,
    reason = "this is the one module that writes to the terminal"
)]

mod step;

use std::io::{IsTerminal as _, Write as _};
use std::sync::LazyLock;

use indicatif::{MultiProgress, ProgressDrawTarget};

pub use step::Step;

/// All bars, so that steps at the same time are drawn one below the other. Nothing is drawn where stderr is no terminal.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

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
        BARS.suspend(|| {
            let _ = writeln!(std::io::stdout(), "{}", text.trim_end_matches('\n'));
        });
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
        BARS.suspend(|| eprintln!("{text}"));
    }

    /// What a person types as the answer to a question, without the white space around it. None where nobody can be asked.
    /// Meanwhile nothing is drawn.
    #[must_use]
    pub fn ask(self, question: &str) -> Option<String> {
        let stdin = std::io::stdin();
        if !stdin.is_terminal() {
            return None;
        }
        let _silence = Silence::begin();
        let mut stderr = std::io::stderr();
        let mut answer = String::new();
        let asked = write!(stderr, "{question}").and_then(|()| stderr.flush());
        // What could not be asked or read is not agreed to: an empty answer.
        let answered = asked.and_then(|()| stdin.read_line(&mut answer));
        Some(answered.map_or_else(|_| String::new(), |_| answer.trim().to_owned()))
    }

    /// Says what a person must notice but need not act on at once.
    pub fn warn(self, text: &str) {
        self.say(&format!("{} {text}", self.paint("33", "warning:")));
    }

    /// Begins a step of unknown length.
    #[must_use]
    pub fn step(self, title: &str) -> Step {
        Step::start(
            self,
            title,
            None,
            step::style("{spinner} {prefix} {wide_msg}"),
        )
    }

    /// Begins a step of known length.
    #[must_use]
    pub fn counted_step(self, title: &str, total: u64) -> Step {
        let style = step::style("{spinner} {prefix} {bar:24} {pos}/{len} {wide_msg}");
        Step::start(self, title, Some(total), style)
    }

    /// Begins a step whose detail may have several lines, and is asked for again and again. It is counted if its length is known.
    #[must_use]
    pub fn tree_step(
        self,
        title: &str,
        total: Option<u64>,
        tree: impl Fn() -> String + Clone + Send + Sync + 'static,
    ) -> Step {
        let template = match total {
            Some(_) => "{spinner} {prefix} {bar:24} {pos}/{len} {tree}",
            None => "{spinner} {prefix} {tree}",
        };
        Step::start(
            self,
            title,
            total,
            step::with_tree(step::style(template), tree),
        )
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

/// While it lasts, nothing is drawn.
struct Silence;

impl Silence {
    fn begin() -> Self {
        // What is drawn may stay where it cannot be cleared.
        let _ = BARS.clear();
        BARS.set_draw_target(ProgressDrawTarget::hidden());
        Self
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        BARS.set_draw_target(ProgressDrawTarget::stderr());
    }
}
