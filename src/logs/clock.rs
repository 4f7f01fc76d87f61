//! The clock of a column of times: its zone, and its resolution as it shows in the data.

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::account::Reason;
use super::loose::{self, Untold};
use super::options::Dates;
use super::row::Time;
use super::stamp::{DAY, MINUTE, SECOND, Stamp, Stamps};

/// Resolutions that clocks have, the coarsest first.
const RESOLUTIONS: [i64; 14] = [
    DAY,
    60 * MINUTE,
    15 * MINUTE,
    5 * MINUTE,
    MINUTE,
    10 * SECOND,
    SECOND,
    SECOND / 10,
    SECOND / 100,
    SECOND / 1_000,
    SECOND / 10_000,
    SECOND / 100_000,
    SECOND / 1_000_000,
    1,
];

/// Nanoseconds of the last of so many places behind the point.
const PLACES: [i64; 10] = [
    SECOND,
    SECOND / 10,
    SECOND / 100,
    SECOND / 1_000,
    SECOND / 10_000,
    SECOND / 100_000,
    SECOND / 1_000_000,
    SECOND / 10_000_000,
    SECOND / 100_000_000,
    1,
];

/// The number that up to nine digits write; `None` of something else.
fn digits(bytes: &[u8]) -> Option<i64> {
    let mut number = 0_i64;
    let (mut rest, mut worst) = (bytes, 0);
    if let Some((eight, more)) = bytes.split_first_chunk::<8>() {
        // Pairs of digits, then of pairs, then of those.
        let plain = u64::from_le_bytes(*eight) ^ 0x3030_3030_3030_3030;
        let is_digits =
            (plain | plain.wrapping_add(0x7676_7676_7676_7676)) & (u64::MAX / 255 * 128);
        if is_digits > 0 {
            return None;
        }
        let pairs = plain.wrapping_mul(10).wrapping_add(plain >> 8) & 0x00ff_00ff_00ff_00ff;
        let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
        let whole = fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff;
        (number, rest) = (whole as i64, more);
    }
    for byte in rest {
        let digit = byte.wrapping_sub(b'0');
        worst = worst.max(digit);
        number = number * 10 + i64::from(digit);
    }
    (worst <= 9).then_some(number)
}

/// A column of times.
pub(super) struct Clock<'a> {
    stamps: Stamps,
    zone: Option<&'a TimeZone>,
    /// The order of day and month, if it is known; and stamps that were read by it.
    pub(super) dates: Option<Dates>,
    pub(super) ordered: u64,
    /// The last quarter of an hour of the local clock, and what the zone says of it.
    quarter: Option<(i64, Result<i64, Reason>)>,
    /// Place in [`RESOLUTIONS`] of the coarsest one that all stamps are multiples of.
    coarsest: usize,
    /// The last place written, of all stamps.
    unit: i64,
    /// Stamps that differ from the one before.
    changes: u64,
    last: Option<i64>,
    /// Stamps without an offset.
    pub(super) local: u64,
    /// The resolution that the user says it has, ns; and `true` if a stamp is no multiple of it.
    given: Option<i64>,
    pub(super) is_off: bool,
}

impl<'a> Clock<'a> {
    pub(super) fn new(zone: Option<&'a TimeZone>, given: Option<i64>) -> Self {
        Clock {
            stamps: Stamps::default(),
            zone,
            dates: None,
            ordered: 0,
            quarter: None,
            coarsest: 0,
            unit: DAY,
            changes: 0,
            last: None,
            local: 0,
            given,
            is_off: false,
        }
    }

    /// The same, of times in whose dates day and month stand in an order.
    pub(super) fn ordered_by(self, dates: Option<Dates>) -> Self {
        Clock { dates, ..self }
    }

    pub(super) fn zone(&self) -> Option<&'a TimeZone> {
        self.zone
    }

    /// The time that a text tells; `None` if it stands for none.
    pub(super) fn read(&mut self, text: &str) -> Result<Option<Time>, Reason> {
        let (stamp, ordered) = match self.stamps.read(text) {
            Some(stamp) => (stamp, false),
            // What databases write for no time.
            None if text.starts_with("0000-00-00") || text == "0" => return Ok(None),
            None => loose::read(text, self.dates).map_err(|untold| match untold {
                Untold::NoTime => Reason::BadTime,
                Untold::Order => Reason::UnclearDate,
            })?,
        };
        if stamp.ns == 0 {
            return Ok(None);
        }
        let behind = if stamp.zoned { 0 } else { self.behind(stamp.ns)? };
        self.note(stamp);
        self.local += u64::from(!stamp.zoned);
        self.ordered += u64::from(ordered);
        Ok(Some(Time(stamp.ns - behind)))
    }

    /// A time in seconds from t = 0.
    pub(super) fn seconds(&mut self, text: &str) -> Result<Option<Time>, Reason> {
        let bytes = text.as_bytes();
        let (mut whole, mut at) = (0, 0);
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0'))
            && digit <= 9
            && at < 9
        {
            whole = whole * 10 + i64::from(digit);
            at += 1;
        }
        let fraction = match bytes.get(at..) {
            Some([b'.', fraction @ ..]) if at > 0 => fraction,
            Some([]) if at > 0 => &[][..],
            _ => return Err(Reason::BadTime),
        };
        // Beyond nanoseconds nothing is kept.
        let (kept, more) = fraction.split_at(fraction.len().min(9));
        let read = digits(kept).filter(|_| more.iter().all(u8::is_ascii_digit));
        let ns = whole * SECOND + read.ok_or(Reason::BadTime)? * PLACES[kept.len()];
        // Zeros at the end aren't written.
        self.note(Stamp { ns, zoned: true, unit: 1 });
        Ok(Some(Time(ns)))
    }

    /// A time so many milliseconds after another.
    pub(super) fn after(&mut self, time: Time, text: &str) -> Result<Option<Time>, Reason> {
        let ms: f64 = text.parse().map_err(|_| Reason::BadTime)?;
        if !(0.0..1e12).contains(&ms) {
            return Err(Reason::BadTime);
        }
        let ns = time.0.checked_add((ms * 1e6).round() as i64).ok_or(Reason::BadTime)?;
        self.note(Stamp { ns, zoned: true, unit: SECOND / 1_000 });
        Ok(Some(Time(ns)))
    }

    fn note(&mut self, stamp: Stamp) {
        // A burst of one instant says no more than one stamp.
        self.changes += u64::from(self.last != Some(stamp.ns));
        self.last = Some(stamp.ns);
        self.unit = self.unit.min(stamp.unit);
        self.is_off |= self.given.is_some_and(|given| stamp.ns % given != 0);
        // A multiple of the last place that is written, it is one of what that is.
        if stamp.unit == RESOLUTIONS[self.coarsest] {
            return;
        }
        while self.coarsest < RESOLUTIONS.len() - 1 && stamp.ns % RESOLUTIONS[self.coarsest] != 0 {
            self.coarsest += 1;
        }
    }

    /// The span by which the zone's clocks are ahead of UTC, ns, when they show a time.
    fn behind(&mut self, local: i64) -> Result<i64, Reason> {
        let Some(zone) = self.zone else { return Ok(0) };
        let quarter = local.div_euclid(15 * MINUTE);
        match self.quarter {
            Some((known, offset)) if known == quarter => offset,
            _ => {
                let offset = ahead(zone, local);
                self.quarter = Some((quarter, offset));
                offset
            }
        }
    }

    /// The coarsest unit that the stamps so far allow: it only gets finer.
    pub(super) fn unit(&self) -> i64 {
        RESOLUTIONS[self.coarsest].max(self.unit)
    }

    /// The last place that the stamps are written to.
    pub(super) fn written(&self) -> i64 {
        self.unit
    }

    /// The resolution that the user says it has.
    pub(super) fn given(&self) -> Option<i64> {
        self.given
    }

    /// The step that all stamps so far are multiples of, if they are written to less; 0 if they aren't.
    pub(super) fn step(&self) -> i64 {
        if self.unit() > self.unit { self.unit() } else { 0 }
    }

    /// The resolution, ns: that of which all stamps are multiples, unless they are so few that chance
    /// could make them so.
    pub(super) fn resolution(&self) -> Option<i64> {
        if self.changes == 0 {
            return None;
        }
        let mut found = self.unit;
        for &coarser in RESOLUTIONS[self.coarsest..].iter().rev().filter(|unit| **unit > self.unit)
        {
            // By chance a stamp is a multiple once in so many times.
            let (times, mut chance) = (coarser / self.unit, 1.0);
            for _ in 0..self.changes.min(10) {
                chance /= times as f64;
            }
            let enough = if coarser > 15 * MINUTE { 10 } else { 1 };
            // Midnight or a full hour in a zone needn't be one of UTC's, in which ticks are counted.
            let shared = coarser <= 15 * MINUTE || self.zone.is_none();
            if chance < 1e-5 && self.changes >= enough && shared {
                found = coarser;
            }
        }
        Some(found)
    }
}

fn ahead(zone: &TimeZone, local: i64) -> Result<i64, Reason> {
    let shown = Timestamp::from_nanosecond(i128::from(local)).map_err(|_| Reason::BadTime)?;
    let offset = |offset: Offset| i64::from(offset.seconds()) * SECOND;
    match zone.to_ambiguous_timestamp(Offset::UTC.to_datetime(shown)).offset() {
        AmbiguousOffset::Unambiguous { offset: own } => Ok(offset(own)),
        AmbiguousOffset::Gap { .. } => Err(Reason::SkippedTime),
        AmbiguousOffset::Fold { .. } => Err(Reason::DoubledTime),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolution(texts: &[&str]) -> Option<i64> {
        let mut clock = Clock::new(None, None);
        for text in texts {
            clock.read(text).unwrap();
        }
        clock.resolution()
    }

    #[test]
    fn a_resolution_is_found_from_the_data() {
        let ms = SECOND / 1_000;
        assert_eq!(resolution(&[]), None);
        let few = ["2026-01-31T09:00:00Z"];
        assert_eq!(resolution(&few), Some(SECOND), "one stamp says nothing of minutes");
        let minutes = ["2026-01-31T09:01:00Z", "2026-01-31T09:07:00Z", "2026-01-31T10:13:00Z"];
        assert_eq!(resolution(&minutes), Some(MINUTE));
        assert_eq!(resolution(&["2026-01-31T09:01:03Z", minutes[0]]), Some(SECOND));
        let padded = ["2026-01-31T09:01:03.000000Z", "2026-01-31T09:01:04.000000Z"];
        assert_eq!(resolution(&padded), Some(SECOND));
        assert_eq!(resolution(&["1769850000123", "1769850000456"]), Some(ms));
        let tens = ["2026-01-31T09:01:03.120Z"; 9];
        assert_eq!(resolution(&tens), Some(ms), "one instant, however often");
        let tens = [120, 330, 540, 710, 980, 150].map(|ms| format!("2026-01-31T09:01:03.{ms}Z"));
        assert_eq!(resolution(&tens.each_ref().map(String::as_str)), Some(10 * ms));
        assert_eq!(resolution(&["2601310901", "2601310907"]), Some(MINUTE));
    }

    #[test]
    fn digits_are_a_number_and_nothing_else_is() {
        for text in ["", "7", "0012", "12345678", "123456789", "99999999", "00000001"] {
            assert_eq!(digits(text.as_bytes()), Some(text.parse().unwrap_or(0)), "{text}");
        }
        for at in 0..9 {
            for other in *b"/:-. \xb0\x00p" {
                let mut text = *b"123456789";
                text[at] = other;
                assert_eq!(digits(&text), None, "{text:?}");
            }
        }
    }

    #[test]
    fn seconds_are_digits_with_a_point_or_none() {
        let read = |text: &str| Clock::new(None, None).seconds(text);
        for (text, ns) in [
            ("0", 0),
            ("12.5", 12_500_000_000),
            ("12.", 12_000_000_000),
            ("999999999.123456789", 999_999_999_123_456_789),
            ("1.0000000019", 1_000_000_001),
        ] {
            assert_eq!(read(text), Ok(Some(Time(ns))), "{text}");
        }
        for text in ["", ".", ".5", "1234567890", "1234567890.5", "1x", "1.x", "1.5.5", "-1", "1e3"]
        {
            assert_eq!(read(text), Err(Reason::BadTime), "{text}");
        }
    }

    #[test]
    fn a_zone_has_hours_that_it_skips_and_doubles() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let mut clock = Clock::new(Some(&zone), None);
        let read = |clock: &mut Clock<'_>, text: &str| clock.read(text);
        let nine = Time(1_769_850_000 * SECOND);
        assert_eq!(read(&mut clock, "2026-01-31 10:00:00"), Ok(Some(nine)));
        assert_eq!(read(&mut clock, "2026-01-31T09:00:00Z"), Ok(Some(nine)));
        assert_eq!(read(&mut clock, "2026-03-29 02:30:00"), Err(Reason::SkippedTime));
        assert_eq!(read(&mut clock, "2026-10-25 02:30:00"), Err(Reason::DoubledTime));
        assert_eq!(clock.local, 1);
        let summer = read(&mut clock, "2026-10-25 01:59:59").unwrap().unwrap();
        let winter = read(&mut clock, "2026-10-25 03:00:00").unwrap().unwrap();
        assert_eq!(winter.0 - summer.0, 2 * 60 * MINUTE + SECOND);
    }
}
