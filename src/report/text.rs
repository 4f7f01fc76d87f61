//! Text in lines.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Columns of a terminal that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A text of the user's, fit for a terminal: no control characters.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// At most `columns` of a text.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut room = columns.saturating_sub(1);
    let fits = |&character: &char| {
        let rest = room.checked_sub(character.width().unwrap_or(0));
        room = rest.unwrap_or(0);
        rest.is_some()
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// The end of a path, where the key is, in at most `columns`: whole parts of it, if one fits.
pub(super) fn ended(path: &str, columns: usize) -> String {
    let over = path.chars().count().saturating_sub(columns);
    if over == 0 {
        return path.to_owned();
    }
    let end: String = path.chars().skip(over).collect();
    let parts = end
        .split_once('.')
        .map_or_else(|| end.chars().skip(1).collect(), |(_, parts)| parts.to_owned());
    format!("…{parts}")
}

/// A path in at most `columns`: its beginning, which says whose it is, and as many whole parts of its end as fit.
pub(super) fn shortened(path: &str, columns: usize) -> String {
    match path.split_once('.') {
        Some((first, rest)) if width(path) > columns => {
            let room = columns.saturating_sub(width(first));
            let end = ended(rest, room);
            // Of a path whose beginning takes all the room the end says more.
            if width(&end) > room { ended(path, columns) } else { format!("{first}{end}") }
        }
        _ => ended(path, columns),
    }
}

/// `text` broken between words into lines of `columns`, each indented.
pub(super) fn wrapped(text: &str, columns: usize, indent: usize) -> String {
    let (mut lines, mut line) = (String::new(), String::new());
    let room = columns.saturating_sub(indent);
    let margin = " ".repeat(indent);
    for word in held(text).split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && width(&line) + 1 + width(word) > room {
            lines.push_str(&format!("{margin}{line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push_str(&format!("{margin}{line}\n"));
    }
    unheld(&lines)
}

/// `parts` with dots between, broken between parts into lines of `columns`.
pub(super) fn listed(parts: &[String], columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if width(line) + 3 + width(part) <= columns => {
                line.push_str(&format!(" · {part}"));
            }
            _ => lines.push(part.clone()),
        }
    }
    lines
}

/// A text at the beginning of a sentence.
pub(super) fn start(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A text that is broken already, or will not be: its no-break spaces have done their work.
pub(super) fn unheld(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// Holds numbers and their units together on one line.
pub(super) fn held(text: &str) -> String {
    const UNITS: [&str; 10] = ["%", "×", "points", "point", "µs", "ms", "s", "min", "h", "d"];
    let mut held = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(' ') {
        held.push_str(before);
        let next =
            after.split(|c: char| c == ' ' || ",;.:)".contains(c)).next().unwrap_or_default();
        let number = before.ends_with(|c: char| c.is_ascii_digit());
        let unit = number && UNITS.contains(&next);
        held.push(if unit || before.ends_with('±') || next.starts_with("(±") {
            '\u{a0}'
        } else {
            ' '
        });
        rest = after;
    }
    held + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_to_the_next_line() {
        assert_eq!(wrapped("one two three", 9, 2), "  one two\n  three\n");
        assert_eq!(wrapped("one 2 %", 5, 0), "one\n2 %\n");
        assert_eq!(wrapped("", 9, 2), "");
    }

    #[test]
    fn a_long_path_keeps_its_end() {
        assert_eq!(ended("api.errors", 10), "api.errors");
        assert_eq!(ended("carrier.northwind.loss", 16), "…northwind.loss");
        assert_eq!(ended("carrier.northwind.loss", 15), "…northwind.loss");
        assert_eq!(ended("carrier.northwind.loss", 14), "…loss");
        assert_eq!(ended("unknown_subscriber", 8), "…scriber");
    }

    #[test]
    fn a_path_that_is_shortened_keeps_both_ends() {
        let path = "latency.mixture.parts[0].of.lognormal.median";
        assert_eq!(shortened(path, 44), path);
        assert_eq!(shortened(path, 40), "latency…parts[0].of.lognormal.median");
        assert_eq!(shortened(path, 24), "latency…lognormal.median");
        assert_eq!(shortened("latency", 3), "…cy");
    }

    #[test]
    fn numbers_stay_with_their_units() {
        let there = |text: &str| held(text).matches('\u{a0}').count();
        assert_eq!((there("5.0 % late"), there("3.0 points (±0.2) more")), (1, 2));
        assert_eq!((there("± 0.3"), there("in 5 s, then 12 min.")), (1, 2));
        assert_eq!((there("5 policies"), there("a % b")), (0, 0));
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("abc", 4), "abc");
        assert_eq!((cut("日本語文", 6), width("日本")), ("日本…".to_owned(), 4));
        assert_eq!(plain("a\u{1b}[1m\nb"), "a [1m b");
    }
}
