//! Times of day: `"09:00"`, `"09:00:30"`.

use super::Complaint;
use super::duration::{self, DAY, SECOND, decimal, times};
use crate::kernel::Nanos;

/// Reads a time of day below 24:00, in nanoseconds since midnight.
pub(crate) fn parse(text: &str) -> Result<Nanos, Complaint> {
    match long(text) {
        Some(nanos) if nanos < DAY => Ok(nanos),
        Some(_) => Err(Complaint::beyond(
            text,
            "not a time of day",
            "expected a time of day from \"00:00\" to \"23:59:59\"",
        )),
        None => Err(Complaint::wrong(
            text,
            "a time of day",
            "expected a time of day such as \"09:00\" or \"09:00:30\"",
        )),
    }
}

/// Time from a time of day, `start`, until another comes next; 0 if it is that one.
pub(crate) fn since(of_day: Nanos, start: Nanos) -> Nanos {
    (of_day % DAY + DAY - start % DAY) % DAY
}

/// Reads a time of a run that starts at `start`: a duration, or a time of day.
pub(crate) fn moment(text: &str, start: Nanos) -> Result<Nanos, Complaint> {
    if text.contains(':') {
        parse(text).map(|of_day| since(of_day, start))
    } else {
        duration::parse(text)
    }
}

/// Reads `HH:MM[:SS]` with any number of hours below 100 000; `None` if it isn't one.
pub(crate) fn long(text: &str) -> Option<Nanos> {
    let mut parts = text.trim().split(':');
    let hours = whole(parts.next()?, 5)?;
    let minutes = whole(parts.next()?, 2)?;
    let seconds = match parts.next() {
        Some(seconds) if seconds.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
            u64::try_from(times(seconds, SECOND)?).ok()?
        }
        Some(_) => return None,
        None => 0,
    };
    if parts.next().is_some() || minutes > 59 || seconds >= 60 * SECOND {
        return None;
    }
    // At most 10^5 hours: about 3.6e17 ns.
    Some((hours * 3_600 + minutes * 60) * SECOND + seconds)
}

fn whole(text: &str, digits: usize) -> Option<u64> {
    let fits = (1..=digits).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// Writes a time so that it reads back as the same.
pub(crate) fn print(nanos: Nanos) -> String {
    let minutes = nanos / (60 * SECOND);
    let seconds = nanos % (60 * SECOND);
    let clock = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    if seconds == 0 {
        clock
    } else {
        let seconds = decimal(seconds, SECOND);
        let pad = if seconds.find('.').unwrap_or(seconds.len()) < 2 { "0" } else { "" };
        format!("{clock}:{pad}{seconds}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_read_and_print() {
        for (text, nanos) in [
            ("00:00", 0),
            ("09:30", 34_200 * SECOND),
            ("23:59:59", 86_399 * SECOND),
            ("08:00:00.5", 28_800 * SECOND + SECOND / 2),
        ] {
            assert_eq!(parse(text), Ok(nanos));
            assert_eq!(print(nanos), text);
        }
        for text in ["", "9", "24:00", "12:60", "12:00:60", "a:b", "12:00:00:00", "1:-1"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(long("30:15"), Some(108_900 * SECOND));
    }

    #[test]
    fn a_time_of_day_comes_next_at_or_after_the_start() {
        let at = |text: &str, start: &str| moment(text, parse(start).unwrap()).unwrap();
        let minutes = |count: u64| count * 60 * SECOND;
        assert_eq!(at("09:20", "09:00"), minutes(20));
        assert_eq!(at("09:00", "09:00"), 0);
        assert_eq!(at("08:59", "09:00"), minutes(24 * 60 - 1));
        assert_eq!(at("00:10", "23:50"), minutes(20));
        assert_eq!(at("09:20", "00:00"), minutes(560));
        assert_eq!(at("90s", "09:00"), 90 * SECOND);
        assert!(moment("24:00", 0).is_err() && moment("x", 0).is_err());
    }
}
