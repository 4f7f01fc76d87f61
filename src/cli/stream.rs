//! Texts as a terminal may have them.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::scenario::spelt_out;

const ESCAPE: char = '\u{1b}';

/// One of the two streams: the place through which all of a text goes to it. What a terminal would obey
/// is spelt out, whoever's text it comes from: a name, a file's name, a bundle's words.
pub(super) struct Stream {
    /// Something was rendered for it in colour, so that colours are the program's own.
    coloured: AtomicBool,
}

pub(super) static STDOUT: Stream = Stream { coloured: AtomicBool::new(false) };
pub(super) static STDERR: Stream = Stream { coloured: AtomicBool::new(false) };

impl Stream {
    /// `true` if what is rendered for it now has colours.
    pub(super) fn colours(&self, wanted: bool) -> bool {
        self.coloured.fetch_or(wanted, Ordering::Relaxed);
        wanted
    }

    pub(super) fn text<'text>(&self, text: &'text str) -> Cow<'text, str> {
        safe(text, self.coloured.load(Ordering::Relaxed))
    }
}

/// A text as a terminal may have it: colours as the program writes them stay, if it writes any.
fn safe(text: &str, coloured: bool) -> Cow<'_, str> {
    if !coloured || !text.contains(ESCAPE) {
        return spelt_out(text);
    }
    let mut parts = text.split(ESCAPE);
    let mut safe = spelt_out(parts.next().unwrap_or_default()).into_owned();
    for part in parts {
        let (colour, rest) = part.split_at(own_colour(part));
        if colour.is_empty() {
            safe.push_str(&spelt_out("\u{1b}"));
        } else {
            safe.push(ESCAPE);
            safe.push_str(colour);
        }
        safe.push_str(&spelt_out(rest));
    }
    Cow::Owned(safe)
}

/// The number of bytes after an escape that are a colour as the program writes them; 0 if they are none.
fn own_colour(text: &str) -> usize {
    let Some((codes, _)) = text.strip_prefix('[').and_then(|text| text.split_once('m')) else {
        return 0;
    };
    let mut parts = codes.split(';');
    let own = match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("0" | "1" | ""), None, ..) => true,
        (Some("38"), Some("5"), Some(colour), None, _) => colour.parse::<u8>().is_ok(),
        (Some("1"), Some("38"), Some("5"), Some(colour), None) => colour.parse::<u8>().is_ok(),
        _ => false,
    };
    if own { codes.len() + 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn only_the_programs_own_colours_reach_a_terminal() {
        let own = "\u{1b}[1;38;5;166merror\u{1b}[0m: \u{1b}[1m\u{1b}[38;5;136mx\u{1b}[0m";
        assert_eq!(safe(own, true), own);
        assert_eq!(safe("\u{1b}[0mx", false), "\\u001b[0mx");
        for (text, expected) in [
            ("a\u{1b}[2J\u{1b}[0mb", "a\\u001b[2J\u{1b}[0mb"),
            ("\u{1b}]0;title\u{7}", "\\u001b]0;title\\u0007"),
            ("\u{1b}[8mhidden", "\\u001b[8mhidden"),
            ("\u{1b}[38;5;999m", "\\u001b[38;5;999m"),
            ("\u{1b}\u{1b}", "\\u001b\\u001b"),
            ("é\u{1b}é\u{202e}", "é\\u001bé\\u202e"),
        ] {
            assert_eq!(safe(text, true), expected, "{text:?}");
        }
    }
}
