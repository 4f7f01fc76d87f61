//! The cells for which a row was left out, as far as they may be told.

use std::borrow::Cow;

use super::account::Reason;
use super::clock::Clock;
use super::meaning::{Cells, Meaning};
use super::receipt::Receipt;
use super::rows::{Rows, count, price};

/// A cell for which a row wasn't used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The column, as the log calls it; the name of its meaning where that may not be told.
    pub column: String,
    /// The cell as it is written, escaped and cut; `None` if it may be somebody's number or text.
    pub value: Option<String>,
}

/// Columns of times.
const TIMES: [Meaning; 5] =
    [Meaning::Submitted, Meaning::Sent, Meaning::Done, Meaning::SentAfterMs, Meaning::DoneAfterMs];
/// Columns of counts.
const COUNTS: [Meaning; 4] =
    [Meaning::Segments, Meaning::Chars, Meaning::Attempts, Meaning::Attempt];
/// Characters of a cell that are told.
const LONGEST: usize = 40;

/// The cells of a record for which a row isn't made of it: those of times, states, counts and prices alone.
pub(super) fn culprits(reason: Reason, cells: &Cells<'_>, rows: &Rows<'_>) -> Vec<Written> {
    let text = |meaning: Meaning| match meaning {
        Meaning::Submitted => Rows::submitted_text(cells),
        other => cells.get(other).map(Cow::Borrowed),
    };
    let wrong = |meaning: &&Meaning| {
        text(**meaning).is_some_and(|text| is_wrong(&text, **meaning, reason, rows))
    };
    let found: Vec<Meaning> = match reason {
        Reason::BadTime | Reason::UnclearDate | Reason::SkippedTime | Reason::DoubledTime => {
            TIMES.iter().find(wrong).copied().into_iter().collect()
        }
        Reason::DoneBeforeSubmitted => {
            let start = [Meaning::Submitted, Meaning::Sent];
            let start = start.into_iter().find(|own| text(*own).is_some());
            let end = [Meaning::Done, Meaning::DoneAfterMs];
            let end = end.into_iter().find(|own| cells.get(*own).is_some());
            start.into_iter().chain(end).collect()
        }
        Reason::UnknownStatus => {
            let receipt = cells.get(Meaning::Receipt).and_then(Receipt::read);
            return vec![match receipt {
                Some(receipt) => written(Meaning::Receipt, receipt.state),
                None => written(Meaning::Status, cells.get(Meaning::Status).unwrap_or_default()),
            }];
        }
        Reason::BadNumber => {
            let bad = |own: &&Meaning| count(cells, **own).is_err();
            let price = cells.get(Meaning::Price).filter(|text| price(text).is_err());
            let counts = COUNTS.iter().find(bad).copied();
            counts.or(price.map(|_| Meaning::Price)).into_iter().collect()
        }
        _ => Vec::new(),
    };
    // Of a request the day may be what is wrong.
    let has_day = cells.get(Meaning::Day).is_some();
    let day = found.contains(&Meaning::Submitted) && has_day;
    let found = day.then_some(Meaning::Day).into_iter().chain(found);
    found.filter_map(|own| Some(written(own, cells.get(own)?))).collect()
}

fn is_wrong(text: &str, meaning: Meaning, reason: Reason, rows: &Rows<'_>) -> bool {
    let like = rows.clock(meaning);
    let mut clock = Clock::new(like.zone(), None).ordered_by(like.dates);
    let read = match meaning {
        Meaning::SentAfterMs | Meaning::DoneAfterMs => clock.after(super::Time(0), text),
        _ if rows.is_relative() => clock.seconds(text),
        _ => clock.read(text),
    };
    read.is_err_and(|own| own == reason)
}

fn written(meaning: Meaning, text: &str) -> Written {
    let may_be_told = match meaning {
        Meaning::Receipt | Meaning::Status => is_state(text),
        own if TIMES.contains(&own) || own == Meaning::Day => is_time(text),
        own if COUNTS.contains(&own) || own == Meaning::Price => is_number(text),
        _ => false,
    };
    let value = may_be_told.then(|| shown(text));
    Written { column: meaning.name().to_owned(), value }
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// `true` if a text is no longer than a state, and has no room for somebody's number or code.
fn is_state(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " _-./:".contains(c);
    text.split(' ').count() <= 3 && text.chars().all(plain) && digits(text) <= 5
}

/// `true` if a text is made of what times are made of: a date, a clock, a word or two; nobody's number is.
fn is_time(text: &str) -> bool {
    let text = text.trim();
    let words = text.split([' ', 'T', ',']).filter(|word| !word.is_empty());
    let is_part = |word: &str| is_date(word) || is_clock(word) || is_short(word);
    let clocked = text.split([' ', 'T']).any(|word| is_clock(word) || is_date(word));
    let most = if clocked { 7 } else { 2 };
    words.clone().count() <= most && words.clone().all(is_part)
}

/// A word, a zone, or a number of up to four digits.
fn is_short(word: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "+-:._/?".contains(c);
    word.chars().count() <= 16 && word.chars().all(plain) && digits(word) <= 4
}

/// Three numbers with one mark between: `31/01/2026`, `2026.1.31`.
fn is_date(word: &str) -> bool {
    ['-', '/', '.'].into_iter().any(|mark| {
        let parts: Vec<&str> = word.split(mark).collect();
        let is_number = |part: &&str| {
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        parts.len() == 3 && parts.iter().all(is_number) && digits(word) <= 8
    })
}

/// `9:00`, `09:00:00.123`, with what may follow of an offset.
fn is_clock(word: &str) -> bool {
    let (time, rest) = word.split_at(word.find(['+', 'Z', 'z']).unwrap_or(word.len()));
    let parts: Vec<&str> = time.split(':').collect();
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = |part: &str| {
        let (whole, more) = part.split_once(['.', ',']).unwrap_or((part, ""));
        whole.len() <= 2 && number(whole) && more.len() <= 9 && number(more)
    };
    let is_offset = rest.len() <= 6 && digits(rest) <= 4;
    (2..=4).contains(&parts.len()) && parts.iter().all(|part| fraction(part)) && is_offset
}

/// `true` if a text is a number with what stands around it, and no longer than a count or a price.
fn is_number(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " +-.,/%$€£".contains(c);
    let most = if text.contains(['.', ',']) { 9 } else { 5 };
    text.split(' ').count() <= 2 && text.chars().all(plain) && digits(text) <= most
}

/// A text in one line, at most so long, whatever is in it.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (place, c) in text.chars().enumerate() {
        if place == LONGEST {
            shown.push('…');
            break;
        }
        // Alphabets that nobody takes for another, or for a sign.
        if c == ' ' || c.is_ascii_graphic() || ('\u{a1}'..'\u{590}').contains(&c) && c != '\u{ad}' {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_and_nobodys_number_is() {
        for time in [
            "31/01/2026 9:00",
            "02.03.2026 9 Uhr",
            "2026-13-31T09:00:00Z",
            "2026-01-31 25:00:00.123456",
            "Jan 31, 2026 9:00:00 AM",
            "2026-01-31T09:00:00+02:00[Europe]",
            "yesterday",
            "not yet",
            "?",
        ] {
            let told = written(Meaning::Submitted, time).value;
            assert_eq!(told.is_some(), !time.contains('['), "{time}");
        }
        for number in [
            "+447700900123",
            "447700900123",
            "0170/1234567",
            "+1 (555) 123-4567",
            "555-123-4567",
            "07700 900123",
            "Your code is 111111",
            "call me at nine",
            "111111",
        ] {
            for meaning in [Meaning::Done, Meaning::Segments, Meaning::Status] {
                assert_eq!(written(meaning, number).value, None, "{number} {meaning:?}");
            }
        }
    }

    #[test]
    fn states_and_counts_are_told_in_one_short_line() {
        let told = |meaning, text| written(meaning, text).value;
        assert_eq!(told(Meaning::Status, "geliefert").as_deref(), Some("geliefert"));
        assert_eq!(told(Meaning::Status, "error 30003").as_deref(), Some("error 30003"));
        assert_eq!(told(Meaning::Segments, "1.5").as_deref(), Some("1.5"));
        assert_eq!(told(Meaning::Price, "1.234,56 EUR").as_deref(), Some("1.234,56 EUR"));
        assert_eq!(told(Meaning::Recipient, "x"), None);
        assert_eq!(told(Meaning::Status, "a\u{1b}[1m"), None);
        let long = "x".repeat(60);
        assert_eq!(told(Meaning::Status, &long), Some(format!("{}…", "x".repeat(40))));
        assert_eq!(told(Meaning::Status, "\u{3164}").as_deref(), Some("\\u{3164}"));
    }
}
