//! Texts on stdout and stderr, and their looks there.

use std::io::{self, IsTerminal as _, Write as _};

use unicode_width::UnicodeWidthChar;

use super::arguments::{Color, Output};
use super::ending::{Ending, Exit};
use super::stream::{STDERR, STDOUT};
use crate::report::table::Look;
use crate::scenario::spelt_out;

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

    pub(super) fn quiet(color: Color, quiet: bool) -> Terminal {
        Terminal { color, quiet, ..Terminal::default() }
    }

    pub(super) fn with(color: Color, quiet: bool, no_progress: bool) -> Terminal {
        Terminal { color, quiet, no_progress }
    }

    pub(super) fn of(color: Color) -> Terminal {
        Terminal { color, ..Terminal::default() }
    }

    pub(super) fn colour_on_stdout(self) -> bool {
        STDOUT.colours(self.color.wanted(io::stdout().is_terminal()))
    }

    pub(super) fn colour_on_stderr(self) -> bool {
        STDERR.colours(self.color.wanted(io::stderr().is_terminal()))
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

    /// The setting of a table on stdout.
    pub(super) fn look(self) -> Look {
        Look { width: self.width(), colour: self.colour_on_stdout() }
    }

    /// Columns of the terminal that the result goes to, if it goes to one.
    pub(super) fn width_of_terminal(self) -> Option<usize> {
        io::stdout().is_terminal().then(|| self.width())
    }

    /// Says something beside the result, unless told to be quiet.
    pub(super) fn remark(self, text: &str) {
        if !self.quiet && !text.is_empty() {
            note(&format!("{}\n", fitted(text)));
        }
    }

    /// Says what went wrong, quiet or not.
    pub(super) fn error(self, ending: &Ending) {
        let text = if ending.rendered {
            ending.text.clone()
        } else if self.colour_on_stderr() {
            format!("\u{1b}[1;38;5;166merror\u{1b}[0m: {}", ending.text)
        } else {
            format!("error: {}", ending.text)
        };
        note(&format!("{}\n", fitted(&text)));
    }
}

/// A text as the terminal on stderr shows it without breaking a word; as it is where there is none.
pub(super) fn fitted(text: &str) -> String {
    let stderr = io::stderr();
    if !stderr.is_terminal() {
        return text.to_owned();
    }
    let columns =
        terminal_size::terminal_size_of(stderr).map_or(WIDTH, |(width, _)| width.0.into());
    let lines: Vec<String> = text.split('\n').map(|line| broken(line, columns)).collect();
    lines.join("\n")
}

/// A line broken between words. What begins with a blank or a sign is a picture of a scenario's
/// line, or a command to be copied: it stays whole.
fn broken(line: &str, columns: usize) -> String {
    let plain: String = visible(line).collect();
    let prose = plain.starts_with(|c: char| c.is_alphanumeric() || c == '`');
    let numbered = plain.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(" |");
    if !prose || numbered {
        return line.to_owned();
    }
    let (mut text, mut column) = (String::new(), 0);
    for word in line.split(' ') {
        let width = shown(word);
        if column > 0 && column + 1 + width > columns {
            text.push('\n');
            column = 0;
        } else if !text.is_empty() {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += width;
    }
    text
}

/// Columns of a word, without what colours it.
fn shown(word: &str) -> usize {
    visible(word).filter_map(UnicodeWidthChar::width).sum()
}

/// The characters of a text, without what colours it.
fn visible(text: &str) -> impl Iterator<Item = char> {
    let mut hidden = false;
    text.chars().filter(move |&character| {
        let starts = character == '\u{1b}';
        let seen = !hidden && !starts;
        hidden = (hidden || starts) && character != 'm';
        seen
    })
}

/// Writes to stderr; if nobody can read it, so be it.
pub(super) fn note(text: &str) {
    drop(io::stderr().lock().write_all(STDERR.text(text).as_bytes()));
}

/// Writes a result for people. A reader who has seen enough is not an error.
pub(super) fn result(text: &str) -> Result<(), Ending> {
    to_stdout(&STDOUT.text(text))
}

/// Writes a result that is a file's bytes, JSON say, exactly; but a terminal doesn't obey it either.
pub(super) fn result_file(text: &str) -> Result<(), Ending> {
    if io::stdout().is_terminal() { to_stdout(&spelt_out(text)) } else { to_stdout(text) }
}

fn to_stdout(text: &str) -> Result<(), Ending> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Ending::new(Exit::Io, format!("can't write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn prose_is_broken_between_words_and_pictures_are_not() {
        assert_eq!(broken("error: one two three", 12), "error: one\ntwo three");
        assert_eq!(
            broken("\u{1b}[1merror\u{1b}[0m: one two", 12),
            "\u{1b}[1merror\u{1b}[0m: one\ntwo"
        );
        assert_eq!(
            broken("\u{1b}[1m\u{1b}[33mwarning\u{1b}[0m: one two", 12),
            "\u{1b}[1m\u{1b}[33mwarning\u{1b}[0m: one\ntwo"
        );
        assert_eq!(broken("40 runs in 2.5 s", 12), "40 runs in\n2.5 s");
        for line in [
            "   | ^^^^ expected more",
            "36 | windw = 20 and more",
            "\u{1b}[1m36\u{1b}[0m \u{1b}[1m|\u{1b}[0m windw = 20 and more",
            "  smschain run a b c d e",
        ] {
            assert_eq!(broken(line, 12), line);
        }
        assert_eq!(broken("", 12), "");
    }
}
