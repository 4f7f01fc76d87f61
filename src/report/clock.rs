//! Times of a run by the clock: `09:20:00`, on later days `+1d 00:00:10`.

use crate::chain::spec::Spec;
use crate::kernel::{Nanos, SECOND};

const DAY: u64 = 86_400;
const MILLI: u64 = 1_000_000;

/// The clock at a time, to the millisecond: `10:20:01.042`, on later days `+1d 00:00:00.000`.
pub(super) fn to_the_millisecond(spec: &Spec, time: Nanos) -> String {
    let time = spec.start.saturating_add(time);
    format!("{}.{:03}", of_day(time / SECOND), time % SECOND / MILLI)
}

/// The clock at a time, to the second.
pub(super) fn to_the_second(spec: &Spec, time: Nanos) -> String {
    of_day(spec.start.saturating_add(time) / SECOND)
}

fn of_day(seconds: u64) -> String {
    let (days, of_day) = (seconds / DAY, seconds % DAY);
    let clock = format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
    if days == 0 { clock } else { format!("+{days}d {clock}") }
}

/// The seconds since midnight of the first day that a clock shows, read back from a file.
pub(super) fn read(text: &str) -> Option<f64> {
    let (days, clock) = match text.strip_prefix('+') {
        Some(rest) => rest.split_once("d ").and_then(|(days, clock)| {
            let days: u32 = days.parse().ok()?;
            Some((f64::from(days), clock))
        })?,
        None => (0.0, text),
    };
    let mut parts = clock.split(':');
    let (hours, minutes): (u32, u32) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let seconds: f64 = parts.next()?.parse().ok()?;
    let whole = parts.next().is_none() && hours < 24 && minutes < 60;
    let whole = whole && (0.0..60.0).contains(&seconds);
    whole.then(|| days * 86_400.0 + f64::from(hours * 3600 + minutes * 60) + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;

    #[test]
    fn what_is_written_reads_back() {
        let mut spec = sample::spec();
        spec.start = 32_400 * SECOND;
        for (seconds, shown) in [(0, "09:00:00"), (1200, "09:20:00"), (54_010, "+1d 00:00:10")] {
            assert_eq!(to_the_second(&spec, seconds * SECOND), shown);
            let millis = to_the_millisecond(&spec, seconds * SECOND + 42 * MILLI);
            assert_eq!(millis, format!("{shown}.042"));
            assert_eq!(read(shown), Some(32_400.0 + seconds as f64));
        }
        for wrong in ["", "9", "24:00:00", "09:60:00", "09:00:60", "+d 09:00:00", "09:00:00:00"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
