//! Times of a log: seconds from t = 0, or points in time, of which the first is t = 0.

use super::super::empirical::time;
use crate::kernel::Nanos;
use crate::scenario::units::duration::{DAY, LONGEST, SECOND, times};

/// The form of a log's times. One has one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Seconds from t = 0, as a trace has them.
    Seconds,
    /// Since 1970, in units of so many nanoseconds.
    Epoch(Nanos),
    /// Dates and times as of ISO 8601, with an offset from UTC or without.
    Date { offset: bool },
}

/// The units of times since 1970, with the values below which a number is one: what is too long for
/// seconds from t = 0 is seconds since 1970, and so on. Those of the years 1980 to 5138.
const EPOCHS: [(f64, Nanos); 4] =
    [(1e11, SECOND), (1e14, SECOND / 1_000), (1e17, SECOND / 1_000_000), (1e20, 1)];

impl Form {
    /// That of a cell; `None` if it is no time.
    pub(super) fn of(cell: &str) -> Option<Form> {
        if time(cell, SECOND).is_some() {
            return Some(Form::Seconds);
        }
        if let Some((_, offset)) = date_time(cell) {
            return Some(Form::Date { offset });
        }
        let number: f64 = cell.parse().ok().filter(|number| *number > 0.0)?;
        let unit = EPOCHS.iter().find(|(below, _)| number < *below)?;
        Some(Form::Epoch(unit.1))
    }

    /// A cell's time: since t = 0, or since 1970; `None` if it is of another form.
    pub(super) fn read(self, cell: &str) -> Option<Nanos> {
        match self {
            Form::Seconds => time(cell, SECOND),
            // A number of another size is in another unit.
            Form::Epoch(_) if Form::of(cell) != Some(self) => None,
            Form::Epoch(unit) => match times(cell, unit) {
                Some(nanos) => u64::try_from(nanos).ok(),
                None => {
                    // With an exponent, as spreadsheets write large numbers.
                    let nanos = cell.parse::<f64>().ok()? * unit as f64;
                    (0.0..1.8e19).contains(&nanos).then(|| nanos.round() as u64)
                }
            },
            Form::Date { offset } => {
                date_time(cell).filter(|(_, own)| *own == offset).map(|(nanos, _)| nanos)
            }
        }
    }

    /// `true` if times count from t = 0.
    pub(super) fn is_relative(self) -> bool {
        self == Form::Seconds
    }

    /// Its name, for a warning.
    pub(super) fn name(self) -> &'static str {
        match self {
            Form::Seconds => "seconds from t = 0",
            Form::Epoch(SECOND) => "seconds since 1970",
            Form::Epoch(1_000_000) => "milliseconds since 1970",
            Form::Epoch(1_000) => "microseconds since 1970",
            Form::Epoch(_) => "nanoseconds since 1970",
            Form::Date { offset: true } => "dates and times with their offset from UTC",
            Form::Date { offset: false } => "dates and times without an offset",
        }
    }
}

/// A point in time as RFC 3339 writes it, in nanoseconds since 1970 (without an offset: as if it
/// were UTC), and whether it has an offset. A blank may stand for the `T`, and seconds may be left
/// out, as in other forms of ISO 8601. `None`: it is none, or before 1970.
pub(crate) fn date_time(text: &str) -> Option<(Nanos, bool)> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.splitn(3, '-');
    let year = digits(parts.next()?, 4)?;
    let (month, day) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let days = days_since_1970(year, month, day)?;
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let end = clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at_checked(end)?;
    let mut parts = clock.splitn(3, ':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let nanos = match parts.next() {
        Some(seconds) => {
            let whole = seconds.split(['.', ',']).next().and_then(|whole| digits(whole, 2))?;
            // A leap second is the first of the next minute.
            let nanos = times(&seconds.replace(',', "."), SECOND)?;
            u64::try_from(nanos).ok().filter(|_| whole <= 60)?
        }
        None => 0,
    };
    if hour > 23 || minute > 59 {
        return None;
    }
    // As far as nanoseconds since 1970 go: into the year 2554.
    let local = days.checked_mul(DAY)?.checked_add((hour * 3600 + minute * 60) * SECOND + nanos)?;
    match zone {
        "" => Some((local, false)),
        "Z" | "z" => Some((local, true)),
        zone => {
            let (sign, offset) = zone.split_at_checked(1)?;
            let (hours, minutes) = match offset.len() {
                2 => (digits(offset, 2)?, 0),
                4 => (digits(offset.get(..2)?, 2)?, digits(offset.get(2..)?, 2)?),
                _ => {
                    let (hours, minutes) = offset.split_once(':')?;
                    (digits(hours, 2)?, digits(minutes, 2)?)
                }
            };
            if hours > 23 || minutes > 59 {
                return None;
            }
            let ahead = (hours * 3600 + minutes * 60) * SECOND;
            let utc = match sign {
                "+" => local.checked_sub(ahead)?,
                _ => local.checked_add(ahead)?,
            };
            Some((utc, true))
        }
    }
}

/// So many digits and nothing else.
fn digits(text: &str, count: usize) -> Option<u64> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// Days of the Gregorian calendar; `None` if there is no such day, or it is before 1970.
fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    const BEFORE: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let index = usize::try_from(month.checked_sub(1)?).ok()?;
    let before = BEFORE.get(index)?;
    let next = BEFORE.get(index + 1).copied().unwrap_or(365);
    let length = next - before + u64::from(month == 2 && leap(year));
    if year < 1970 || day < 1 || day > length {
        return None;
    }
    // Leap days up to a year's beginning.
    let leaps = |year: u64| {
        let last = year - 1;
        last / 4 - last / 100 + last / 400
    };
    let leap_days = leaps(year) - leaps(1970) + u64::from(month > 2 && leap(year));
    Some((year - 1970) * 365 + leap_days + before + day - 1)
}

/// The longest span a log may have.
pub(super) const SPAN: Nanos = LONGEST;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_are_read() {
        // By `date -d … +%s`.
        for (text, seconds, offset) in [
            ("1970-01-01T00:00:00Z", 0, true),
            ("2026-01-31T09:00:00Z", 1_769_850_000, true),
            ("2026-01-31t09:00:00z", 1_769_850_000, true),
            ("2026-01-31 09:00:00", 1_769_850_000, false),
            ("2026-01-31T10:00:00+01:00", 1_769_850_000, true),
            ("2026-01-31T03:30:00-0530", 1_769_850_000, true),
            ("2026-01-31T11:00+02", 1_769_850_000, true),
            ("2024-02-29T23:59:60Z", 1_709_251_200, true),
            ("2000-03-01T00:00:00Z", 951_868_800, true),
            ("2100-03-01T00:00:00Z", 4_107_542_400, true),
        ] {
            assert_eq!(date_time(text), Some((seconds * SECOND, offset)), "{text}");
        }
        let exact = date_time("2026-01-31T09:00:00.123456789Z").unwrap().0;
        assert_eq!(exact, 1_769_850_000 * SECOND + 123_456_789);
        for text in [
            "",
            "2026-01-31",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T09:60:00Z",
            "2026-01-31T09:00:61Z",
            "2026-01-31T9:00:00Z",
            "2026-01-31T09:00:00+1",
            "2026-01-31T09:00:00+25:00",
            "1969-12-31T23:59:59Z",
            "9999-12-31T23:59:59Z",
            "31/01/2026 09:00:00",
            "2026-01-31T09:00:00Zzz",
            "２026-01-31T09:00:00Z",
        ] {
            assert_eq!(date_time(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_what_its_size_says() {
        assert_eq!(Form::of("12.5"), Some(Form::Seconds));
        assert_eq!(Form::of("315360000"), Some(Form::Seconds));
        let epochs = ["1769850000", "1769850000123", "1769850000123456", "1769850000123456789"];
        let units = [SECOND, 1_000_000, 1_000, 1];
        for (text, unit) in epochs.into_iter().zip(units) {
            let form = Form::of(text).unwrap();
            assert_eq!(form, Form::Epoch(unit));
            assert_eq!(form.read(text).unwrap() / SECOND, 1_769_850_000);
        }
        assert_eq!(Form::Epoch(SECOND).read("1769850000.25"), Some(1_769_850_000_250_000_000));
        assert_eq!(Form::Epoch(SECOND).read("1.76985E+09"), Some(1_769_850_000_000_000_000));
        for text in ["", "soon", "-5", "nan", "inf", "1e30"] {
            assert_eq!(Form::of(text), None, "{text}");
        }
        assert_eq!(Form::Epoch(1_000_000).read("1769850000"), None);
        assert_eq!(Form::Date { offset: true }.read("2026-01-31T09:00:00"), None);
    }
}
