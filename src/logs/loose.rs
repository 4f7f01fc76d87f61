//! Times as spreadsheets, pages and people write them: digits left out, the month by its name, hours from one
//! to twelve, and days and months in either order.

use super::options::Dates;
use super::stamp::{DAY, MINUTE, Stamp, days, offset, seconds};

/// Bytes of the longest time that is looked at.
const LONGEST: usize = 64;
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The reason for which a text tells no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Untold {
    /// It is none.
    NoTime,
    /// Its day and its month may be the other way round.
    Order,
}

/// A date with what stands after it.
struct Dated<'a> {
    year: i64,
    month: i64,
    day: i64,
    rest: &'a str,
    /// `true` if it rests on the order that was given.
    ordered: bool,
}

/// The instant that a text writes, and whether it took the order of day and month to tell.
pub(super) fn read(text: &str, dates: Option<Dates>) -> Result<(Stamp, bool), Untold> {
    if text.len() > LONGEST {
        return Err(Untold::NoTime);
    }
    let plain = plain(text);
    let dated = date(plain.trim(), dates)?;
    let stamp = days(dated.year, dated.month, dated.day)
        .and_then(|days| clocked(days * DAY, dated.rest))
        .ok_or(Untold::NoTime)?;
    Ok((stamp, dated.ordered))
}

/// The order of day and month, if a date shows it: there are but twelve months.
pub(super) fn order(text: &str) -> Option<Dates> {
    let ([first, second, third], mark, _) = numbers(text.trim_start())?;
    if first.len() > 2 || third.len() != 4 || mark == '.' {
        return None;
    }
    match (number(first)? > 12, number(second)? > 12) {
        (true, false) => Some(Dates::Dmy),
        (false, true) => Some(Dates::Mdy),
        _ => None,
    }
}

/// A text with plain blanks, and without marks of the direction in which it is written.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(|c| !matches!(c, '\u{200e}' | '\u{200f}'));
    kept.map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

/// Three numbers with one mark between, the mark, and what stands after them.
fn numbers(text: &str) -> Option<([&str; 3], char, &str)> {
    let end = text.find([' ', ',', 'T', 't']).unwrap_or(text.len());
    let (date, rest) = text.split_at(end);
    let mark = date.chars().find(|c| !c.is_ascii_digit())?;
    let mut parts = date.split(mark);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    let is_number =
        |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|own| own.is_ascii_digit());
    let are_numbers = matches!(mark, '/' | '-' | '.')
        && parts.next().is_none()
        && three.iter().all(|part| is_number(part));
    are_numbers.then_some((three, mark, rest))
}

fn number(digits: &str) -> Option<i64> {
    digits.parse().ok()
}

fn date(text: &str, dates: Option<Dates>) -> Result<Dated<'_>, Untold> {
    let Some(([first, second, third], mark, rest)) = numbers(text) else {
        return worded(text).ok_or(Untold::NoTime);
    };
    let of = |text| number(text).ok_or(Untold::NoTime);
    let (a, b, c) = (of(first)?, of(second)?, of(third)?);
    let dated = |year, month, day, ordered| Dated { year, month, day, rest, ordered };
    match [first.len(), second.len(), third.len()] {
        [4, 1..=2, 1..=2] => Ok(dated(a, b, c, false)),
        // Between points the day stands first.
        [1..=2, 1..=2, 4] if mark == '.' => Ok(dated(c, b, a, false)),
        [1..=2, 1..=2, years @ (2 | 4)] => {
            let year = if years == 2 { 2000 + c } else { c };
            match dates.ok_or(Untold::Order)? {
                Dates::Dmy => Ok(dated(year, b, a, true)),
                Dates::Mdy => Ok(dated(year, a, b, true)),
            }
        }
        _ => Err(Untold::NoTime),
    }
}

/// `31 Jan 2026`, `Jan 31, 2026`, `31-Jan-2026`, `31/Jan/2026:`, after the day of the week or without.
fn worded(text: &str) -> Option<Dated<'_>> {
    let (first, after) = word(text)?;
    let named = month(first);
    if named.is_none() && first.starts_with(|c: char| c.is_ascii_alphabetic()) {
        // The day of the week, once.
        let begins = after.starts_with(|c: char| c.is_ascii_digit());
        let is_month = || word(after).is_some_and(|(own, _)| month(own).is_some());
        return if begins || is_month() { worded(after) } else { None };
    }
    let (second, after) = word(after)?;
    let (third, rest) = word(after)?;
    let (month, day) = match named {
        Some(month) => (month, second),
        None => (self::month(second)?, first),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = day.len() <= 2 && third.len() == 4 && is_number(day) && is_number(third);
    let (day, year) = (number(day)?, number(third)?);
    fits.then_some(Dated { year, month, day, rest, ordered: false })
}

/// A word of letters or of digits, and the text after it and the marks that follow.
fn word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let rest = rest.trim_start_matches([' ', ',', '.', '-', '/', ':']);
    (!word.is_empty()).then_some((word, rest))
}

/// A month, by its name or the first three letters of it.
fn month(word: &str) -> Option<i64> {
    const LONG: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let is_own = |(short, long): (&&str, &&str)| {
        word == *short || word == *long || word == "sept" && *short == "sep"
    };
    let place = MONTHS.iter().zip(&LONG).position(is_own)?;
    Some(place as i64 + 1)
}

/// `H:MM[:SS[.fff]] [AM|PM]` and what may follow, of the day that begins at `start`; nothing is that day.
fn clocked(start: i64, text: &str) -> Option<Stamp> {
    let text = text.trim_start_matches([' ', ',']);
    let text = text.strip_prefix(['T', 't']).unwrap_or(text);
    if text.is_empty() {
        return Some(Stamp { ns: start, zoned: false, unit: DAY });
    }
    let (hour, rest) = text.split_once(':')?;
    let end = rest.find(|c: char| !matches!(c, '0'..='9' | ':' | '.' | ',')).unwrap_or(rest.len());
    let (minute, after) = rest.split_at(end);
    let is_number = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (minute, rest) = minute.split_at_checked(2)?;
    if !is_number(hour, 2) || !is_number(minute, 2) {
        return None;
    }
    let (half, zone) = half(after.trim_start());
    // What isn't one of them may be an offset.
    let zone = if half.is_some() { zone } else { after };
    let zone = if zone.trim() == "Uhr" { "" } else { zone };
    offset(zone.as_bytes())?;
    let hour = match (number(hour)?, half) {
        (hour @ 0..24, None) => hour,
        (hour @ 1..=12, Some(half)) => hour % 12 + half,
        _ => return None,
    };
    let minute = number(minute).filter(|minute| *minute < 60)?;
    let from = start.checked_add((hour * 60 + minute) * MINUTE)?;
    seconds(from, format!("{rest}{zone}").as_bytes())
}

/// The hour with which the half of a day begins, and what follows.
fn half(text: &str) -> (Option<i64>, &str) {
    const HALVES: [(&str, i64); 4] = [("a.m.", 0), ("p.m.", 12), ("am", 0), ("pm", 12)];
    for (word, hour) in HALVES {
        if let Some((head, rest)) = text.split_at_checked(word.len())
            && head.eq_ignore_ascii_case(word)
        {
            return (Some(hour), rest);
        }
    }
    (None, text)
}

#[cfg(test)]
mod tests {
    use super::super::stamp::SECOND;
    use super::*;

    const THREE: i64 = 1_769_873_400 * SECOND;

    fn told(text: &str, dates: Option<Dates>) -> Result<(i64, bool, i64), Untold> {
        read(text, dates).map(|(stamp, _)| (stamp.ns, stamp.zoned, stamp.unit))
    }

    #[test]
    fn spreadsheets_and_pages_tell_the_same_instant() {
        for (text, zoned, unit) in [
            ("31.1.2026 15:30", false, MINUTE),
            ("31.01.2026, 15:30:00", false, SECOND),
            ("31.01.2026 15:30 Uhr", false, MINUTE),
            ("2026/1/31 15:30:00,000", false, SECOND / 1_000),
            ("2026-1-31T15:30", false, MINUTE),
            ("2026.01.31 15:30:00", false, SECOND),
            ("2026-01-31 3:30 PM", false, MINUTE),
            ("31-Jan-2026 15:30:00", false, SECOND),
            ("31/Jan/2026:15:30:00 +0000", true, SECOND),
            ("Jan 31, 2026 3:30:00 PM", false, SECOND),
            ("Jan 31, 2026, 3:30:00\u{202f}PM UTC", true, SECOND),
            ("Saturday, January 31, 2026 3:30 p.m.", false, MINUTE),
            ("Sat, 31 January 2026 16:30:00 +0100", true, SECOND),
        ] {
            assert_eq!(told(text, None), Ok((THREE, zoned, unit)), "{text}");
        }
        for (text, unit) in [
            ("31/01/2026 15:30", MINUTE),
            ("31-1-2026, 3:30:00 pm", SECOND),
            ("31/01/26 15:30", MINUTE),
        ] {
            assert_eq!(told(text, Some(Dates::Dmy)), Ok((THREE, false, unit)), "{text}");
            assert_eq!(told(text, None), Err(Untold::Order), "{text}");
            assert_eq!(told(text, Some(Dates::Mdy)), Err(Untold::NoTime), "{text}");
        }
        let american = "\u{200e}1/31/2026, 3:30:00.000 PM";
        assert_eq!(told(american, Some(Dates::Mdy)), Ok((THREE, false, SECOND / 1_000)));
        let midnight = |text| told(text, None).map(|(ns, ..)| (THREE - ns) / MINUTE);
        assert_eq!(midnight("2026-1-31 12:00 AM"), Ok(15 * 60 + 30));
        assert_eq!(midnight("2026-1-31 12:00 PM"), Ok(3 * 60 + 30));
        assert_eq!(told("31.1.2026", None).map(|own| own.2), Ok(DAY));
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in [
            "",
            "soon",
            "a b c",
            "32.1.2026 9:00",
            "29.2.2026",
            "2026-1-31 9",
            "2026-1-31 24:00",
            "2026-1-31 13:00 PM",
            "2026-1-31 0:30 AM",
            "2026-1-31 9:60",
            "2026-1-31 9:00:61",
            "2026-1-31 9:00 and more",
            "2026-1-31 9:00 PDT",
            "1.2.3",
            "1-2-3-4",
            "2026/01-31",
            "Foo 31, 2026 9:00",
            "Sat, Sat, 31 Jan 2026 9:00",
            "31 Jan 26 9:00",
            "Jan 31 15:30:00",
        ] {
            assert_eq!(told(text, None), Err(Untold::NoTime), "{text}");
        }
        assert_eq!(told("13/13/2026", Some(Dates::Dmy)), Err(Untold::NoTime));
    }

    #[test]
    fn days_above_twelve_show_the_order() {
        for (text, shown) in [
            ("31/01/2026 9:00", Some(Dates::Dmy)),
            ("1-13-2026", Some(Dates::Mdy)),
            ("12/12/2026 9:00", None),
            ("13/13/2026 9:00", None),
            // The year may be the first of them.
            ("26/01/13 9:00", None),
            ("2026-01-31 09:00", None),
            ("31.01.2026 09:00", None),
            ("31 Jan 2026", None),
        ] {
            assert_eq!(order(text), shown, "{text}");
        }
    }
}
