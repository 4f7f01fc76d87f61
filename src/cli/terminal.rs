//! What goes to stdout and stderr, and how it looks there.

use std::io::{self, IsTerminal as _, Write as _};

use super::arguments::{Color, Output};
use super::ending::{Ending, Exit};

/// Columns where there is no terminal to ask.
const WIDTH: usize = 100;

/// The choices of the command line about what is shown.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terminal {
    color: Color,
    quiet: bool,
    no_progress: bool,
}

impl Terminal {
    pub(super) fn new(output: &Output) -> Terminal {
        Terminal { color: output.color, quiet: output.quiet, no_progress: output.no_progress }
    }

    pub(super) fn of(color: Color) -> Terminal {
        Terminal { color, ..Terminal::default() }
    }

    pub(super) fn colour_on_stdout(self) -> bool {
        self.color.wanted(io::stdout().is_terminal())
    }

    pub(super) fn colour_on_stderr(self) -> bool {
        self.color.wanted(io::stderr().is_terminal())
    }

    /// Progress is for a person who watches.
    pub(super) fn shows_progress(self) -> bool {
        !self.quiet && !self.no_progress && io::stderr().is_terminal()
    }

    /// Columns of the terminal.
    pub(super) fn width(self) -> usize {
        if !io::stdout().is_terminal() {
            return WIDTH;
        }
        terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0))
    }

    /// Columns of the terminal that the result goes to, if it goes to one.
    pub(super) fn width_of_terminal(self) -> Option<usize> {
        io::stdout().is_terminal().then(|| self.width())
    }

    /// Says something beside the result, unless told to be quiet.
    pub(super) fn remark(self, text: &str) {
        if !self.quiet && !text.is_empty() {
            note(&format!("{text}\n"));
        }
    }

    /// Says what went wrong, quiet or not.
    pub(super) fn error(self, ending: &Ending) {
        if ending.rendered {
            note(&format!("{}\n", ending.text));
        } else if self.colour_on_stderr() {
            note(&format!("\u{1b}[1;38;5;166merror\u{1b}[0m: {}\n", ending.text));
        } else {
            note(&format!("error: {}\n", ending.text));
        }
    }
}

/// Writes to stderr; if nobody can read it, so be it.
pub(super) fn note(text: &str) {
    drop(io::stderr().lock().write_all(text.as_bytes()));
}

/// Writes the result. A reader who has seen enough is not an error.
pub(super) fn result(text: &str) -> Result<(), Ending> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Ending::new(Exit::Io, format!("can't write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
