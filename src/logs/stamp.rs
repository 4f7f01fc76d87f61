//! The forms in which logs write an instant.

/// Nanoseconds of a second, a minute, a day.
pub(super) const SECOND: i64 = 1_000_000_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const DAY: i64 = 86_400 * SECOND;

/// An instant as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Nanoseconds since 1970, of UTC or of a local clock.
    pub(super) ns: i64,
    /// `true` if it says how far it is from UTC.
    pub(super) zoned: bool,
    /// Nanoseconds of the last place that is written.
    pub(super) unit: i64,
}

/// Reads stamps, most of which are of the same day as the one before.
#[derive(Default)]
pub(super) struct Stamps {
    day: [u8; 10],
    /// Beginning of the day, ns.
    start: i64,
    /// The same with hour and minute.
    minute: [u8; 16],
    minute_start: i64,
}

impl Stamps {
    /// The instant that a text writes, in whichever form.
    pub(super) fn read(&mut self, text: &str) -> Option<Stamp> {
        let bytes = text.as_bytes();
        if bytes.len() >= 16 && bytes[4] == b'-' {
            return self.iso(bytes);
        }
        if bytes.get(2) == Some(&b'.') && bytes.get(5) == Some(&b'.') {
            return dotted(bytes);
        }
        if bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
            return compact_or_epoch(text);
        }
        let separated = |at: usize| bytes.get(at).is_some_and(|byte| matches!(byte, b'-' | b'/'));
        if separated(4) && separated(7) {
            let mut plain = text.to_owned().into_bytes();
            (plain[4], plain[7]) = (b'-', b'-');
            if plain.len() == 10 {
                let ns = self.day(&plain)?;
                return Some(Stamp { ns, zoned: false, unit: DAY });
            }
            return self.iso(&plain);
        }
        rfc_2822(text)
    }

    /// The beginning of a day `YYYY-MM-DD`.
    fn day(&mut self, bytes: &[u8]) -> Option<i64> {
        let day: &[u8; 10] = bytes.get(..10)?.try_into().ok()?;
        if *day == self.day {
            return Some(self.start);
        }
        if day[4] != b'-' || day[7] != b'-' {
            return None;
        }
        let year = two(day, 0)? * 100 + two(day, 2)?;
        self.start = days(year, two(day, 5)?, two(day, 8)?)? * DAY;
        self.day = *day;
        Some(self.start)
    }

    /// ISO 8601, with a blank for the `T` if need be, without seconds, with or without an offset.
    fn iso(&mut self, bytes: &[u8]) -> Option<Stamp> {
        let (minute, rest) = bytes.split_first_chunk::<16>()?;
        if *minute == self.minute {
            return seconds(self.minute_start, rest);
        }
        let start = self.day(bytes)?;
        if !matches!(bytes.get(10)?, b'T' | b't' | b' ') {
            return None;
        }
        self.minute_start = start.checked_add(minutes(&bytes[11..])? * MINUTE)?;
        self.minute = *minute;
        seconds(self.minute_start, rest)
    }
}

/// `HH:MM[:SS[.fff]]` and what may follow, of the day that begins at `start`.
fn clock(start: i64, bytes: &[u8]) -> Option<Stamp> {
    seconds(start.checked_add(minutes(bytes)? * MINUTE)?, bytes.get(5..)?)
}

/// The minutes of `HH:MM`.
fn minutes(bytes: &[u8]) -> Option<i64> {
    let (hour, minute) = (two(bytes, 0)?, two(bytes, 3)?);
    (*bytes.get(2)? == b':' && hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// `[:SS[.fff]]` and what may follow, of the minute that begins at `ns`.
pub(super) fn seconds(mut ns: i64, bytes: &[u8]) -> Option<Stamp> {
    let (mut unit, mut at) = (MINUTE, 0);
    if bytes.first() == Some(&b':') {
        let second = two(bytes, 1)?;
        // A leap second is the first of the next minute.
        if second > 60 {
            return None;
        }
        ns += second * SECOND;
        (unit, at) = (SECOND, 3);
        if matches!(bytes.get(3), Some(b'.' | b',')) {
            at = 4;
            while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
                // Beyond nanoseconds nothing is kept.
                if unit > 1 {
                    unit /= 10;
                    ns += i64::from(digit - b'0') * unit;
                }
                at += 1;
            }
            if at == 4 {
                return None;
            }
        }
    }
    let ahead = offset(&bytes[at..])?;
    Some(match ahead {
        Some(ahead) => Stamp { ns: ns.checked_sub(ahead)?, zoned: true, unit },
        None => Stamp { ns, zoned: false, unit },
    })
}

/// The span by which a clock is ahead of UTC, ns; `Some(None)` if it isn't said, `None` if it isn't readable.
pub(super) fn offset(rest: &[u8]) -> Option<Option<i64>> {
    let mut rest = rest.trim_ascii();
    // Java names the zone beside its offset: `+01:00[Europe/Berlin]`.
    if rest.last() == Some(&b']')
        && let Some(at) = rest.iter().position(|byte| *byte == b'[').filter(|at| *at > 0)
    {
        rest = &rest[..at];
    }
    match rest {
        b"" => return Some(None),
        b"Z" | b"z" | b"UTC" | b"GMT" | b"UT" => return Some(Some(0)),
        _ => {}
    }
    let sign = match rest[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    // Some write the name of the zone as well: `+0000 UTC`.
    let rest = rest.strip_suffix(b" UTC").unwrap_or(rest);
    let (hours, minutes) = match rest.len() {
        3 => (two(rest, 1)?, 0),
        5 => (two(rest, 1)?, two(rest, 3)?),
        6 if rest[3] == b':' => (two(rest, 1)?, two(rest, 4)?),
        _ => return None,
    };
    let ahead = (hours * 60 + minutes) * MINUTE;
    (hours < 24 && minutes < 60).then_some(Some(sign * ahead))
}

/// `31.01.2026 09:00[:00]`, without a clock as well.
fn dotted(bytes: &[u8]) -> Option<Stamp> {
    let year = two(bytes, 6)? * 100 + two(bytes, 8)?;
    let start = days(year, two(bytes, 3)?, two(bytes, 0)?)? * DAY;
    match bytes.get(10) {
        None => Some(Stamp { ns: start, zoned: false, unit: DAY }),
        Some(b' ' | b'T') => clock(start, &bytes[11..]),
        Some(b',') => clock(start, bytes.get(12..)?),
        Some(_) => None,
    }
}

/// `[Sat, ]31 Jan 2026 09:00:00 +0000`.
fn rfc_2822(text: &str) -> Option<Stamp> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let text = text.split_once(',').map_or(text, |(_, rest)| rest).trim();
    let mut words = text.splitn(4, ' ');
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let number = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        if plain { text.parse::<i64>().ok() } else { None }
    };
    let month = MONTHS.iter().position(|name| month.eq_ignore_ascii_case(name))?;
    let year = Some(year).filter(|year| year.len() == 4).and_then(number)?;
    let days = days(year, month as i64 + 1, number(day)?)?;
    clock(days * DAY, words.next()?.as_bytes())
}

/// A number: since 1970, in the unit that its size says, or a date without anything between.
fn compact_or_epoch(text: &str) -> Option<Stamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let epoch = |unit: i64| {
        let mut ns = whole.parse::<i64>().ok()?.checked_mul(unit)?;
        let mut last = unit;
        for digit in fraction.bytes() {
            if !digit.is_ascii_digit() {
                return None;
            }
            if last > 1 {
                last /= 10;
                ns = ns.checked_add(i64::from(digit - b'0') * last)?;
            }
        }
        Some(Stamp { ns, zoned: true, unit: last })
    };
    if !fraction.is_empty() || text.ends_with('.') {
        return match whole.len() {
            9 | 10 => epoch(SECOND),
            13 => epoch(SECOND / 1_000),
            16 => epoch(1_000),
            _ => None,
        };
    }
    match whole.len() {
        // From 2033 on, and below, ten digits are a date first.
        10 if whole.starts_with('1') => epoch(SECOND),
        10 => compact(whole).or_else(|| epoch(SECOND)),
        9 => epoch(SECOND),
        13 => epoch(SECOND / 1_000),
        16 => epoch(1_000),
        19 => epoch(1),
        _ => compact(whole),
    }
}

/// `YYMMDDHHMM[SS]` or `YYYYMMDDHHMM[SS]`, of a local clock: as SMPP receipts write it.
pub(super) fn compact(text: &str) -> Option<Stamp> {
    let bytes = text.as_bytes();
    if !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let long = || {
        let seconds = if bytes.len() == 14 { two(bytes, 12)? } else { 0 };
        at(two(bytes, 0)? * 100 + two(bytes, 2)?, &bytes[4..12], seconds)
    };
    let short = || {
        let seconds = if bytes.len() == 12 { two(bytes, 10)? } else { 0 };
        at(2000 + two(bytes, 0)?, &bytes[2..10], seconds)
    };
    let (ns, unit) = match bytes.len() {
        10 => (short()?, MINUTE),
        // Twelve digits: a year of two digits and seconds, or one of four and none.
        12 => match short() {
            Some(ns) => (ns, SECOND),
            None => (long()?, MINUTE),
        },
        14 => (long()?, SECOND),
        _ => return None,
    };
    Some(Stamp { ns, zoned: false, unit })
}

/// The instant of `MMDDHHMM` in a year, and seconds.
fn at(year: i64, rest: &[u8], second: i64) -> Option<i64> {
    let days = days(year, two(rest, 0)?, two(rest, 2)?)?;
    let (hour, minute) = (two(rest, 4)?, two(rest, 6)?);
    let valid = hour < 24 && minute < 60 && second <= 60;
    valid.then_some(days * DAY + (hour * 60 + minute) * MINUTE + second * SECOND)
}

/// Two digits at a place.
fn two(bytes: &[u8], at: usize) -> Option<i64> {
    let (tens, ones) = (bytes.get(at)?.wrapping_sub(b'0'), bytes.get(at + 1)?.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens) * 10 + i64::from(ones))
}

/// Days since 1970 of a day of the Gregorian calendar, from 1970 to 2200.
pub(super) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    const LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = LENGTHS.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    let length = length + i64::from(month == 2 && leap);
    if !(1970..=2200).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    // Years begin in March, so that the leap day is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year / 4 - year / 100 + year / 400;
    Some(year * 365 + leaps + (153 * month + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(i64, bool, i64)> {
        Stamps::default().read(text).map(|stamp| (stamp.ns, stamp.zoned, stamp.unit))
    }

    #[test]
    fn all_forms_tell_the_same_instant() {
        const NINE: i64 = 1_769_850_000 * SECOND;
        for (text, zoned, unit) in [
            ("2026-01-31T09:00:00Z", true, SECOND),
            ("2026-01-31 09:00:00", false, SECOND),
            ("2026-01-31 09:00", false, MINUTE),
            ("2026/01/31 09:00:00.000", false, SECOND / 1_000),
            ("2026-01-31T15:30:00+0630", true, SECOND),
            ("2026-01-31T09:00:00.000000+00:00", true, 1_000),
            ("2026-01-31 04:00:00 -05", true, SECOND),
            ("2026-01-31 09:00:00 +0000 UTC", true, SECOND),
            ("2026-01-31 09:00:00 UTC", true, SECOND),
            ("2026-01-31T10:00:00+01:00[Europe/Berlin]", true, SECOND),
            ("2026-01-31T09:00:00Z[UTC]", true, SECOND),
            ("Sat, 31 Jan 2026 09:00:00 +0000", true, SECOND),
            ("31 Jan 2026 09:00:00 GMT", true, SECOND),
            ("31.01.2026 09:00:00", false, SECOND),
            ("31.01.2026, 09:00", false, MINUTE),
            ("31.01.2026 10:00:00.000+01:00", true, SECOND / 1_000),
            ("1769850000", true, SECOND),
            ("1769850000.000", true, SECOND / 1_000),
            ("1769850000000", true, SECOND / 1_000),
            ("1769850000000000", true, 1_000),
            ("1769850000000000000", true, 1),
            ("2601310900", false, MINUTE),
            ("260131090000", false, SECOND),
            ("20260131090000", false, SECOND),
            ("202601310900", false, MINUTE),
        ] {
            assert_eq!(read(text), Some((NINE, zoned, unit)), "{text}");
        }
        assert_eq!(read("2026-01-31"), Some((NINE - 9 * 60 * MINUTE, false, DAY)));
        assert_eq!(read("2024-02-29T23:59:60Z").map(|read| read.0), Some(1_709_251_200 * SECOND));
        assert_eq!(read("2026-01-31T09:00:00.123456789123Z").unwrap().0, NINE + 123_456_789);
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in [
            "",
            "soon",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T09:60:00Z",
            "2026-01-31T09:00:61Z",
            "2026-01-31T09:00:00 PDT",
            "2026-01-31T09:00:00[Europe/Berlin]",
            "2026-01-31T09:00:00.Z",
            "2026-01-31T09:00:00+25:00",
            "31/01/2026 09:00:00",
            "2026-01-31T9:00:00Z and more",
            "9999-12-31T23:59:59Z",
            "12345",
            "99999999999999999999999",
            "1.2.3",
            ".",
            "Sat, 31 Foo 2026 09:00:00 +0000",
            "２０２６-01-31T09:00:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_kept_only_if_it_is_one() {
        let mut stamps = Stamps::default();
        assert!(stamps.read("2026-01-31T09:00:00Z").is_some());
        assert_eq!(stamps.read("2026-02-31T09:00:00Z"), None);
        assert_eq!(stamps.read("2026-01-31T09:60:00Z"), None);
        assert_eq!(stamps.read("2026-01-31T09:60"), None);
        assert_eq!(stamps.read("2026-02-31T09:00"), None);
        let next = stamps.read("2026-02-01T09:00:00Z").unwrap();
        assert_eq!(next.ns, 1_769_936_400 * SECOND);
    }
}
