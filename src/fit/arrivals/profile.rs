//! The rate by time of day.

use super::Counts;
use crate::fit::Interval;

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// Φ⁻¹(0.975).
const Z: f64 = 1.959_963_984_540_054;

/// A rate by time of day.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The slots of a day, from midnight on; those of which the log has nothing are left out.
    pub slots: Vec<Slot>,
    /// Factor of each weekday, Monday first, on the mean of all days; none of those the log has not.
    pub weekdays: [Option<Interval>; 7],
    /// Variance of a bin's count over its expectation: 1 if requests come by chance alone.
    pub dispersion: f64,
}

/// A slot of the day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Its start, s since midnight.
    pub from_s: f64,
    /// Requests per second, with its interval.
    pub rate: Interval,
    /// Requests it rests on.
    pub rows: u64,
}

/// The rate in `slots` equal parts of a day, and the factors of weekdays. Rates are sums over exposure;
/// their intervals are wider than Poisson's by the root of the dispersion that is left.
pub fn profile(counts: &Counts, slots: usize) -> Profile {
    let slots = slots.max(1);
    let slot = |bin: usize| {
        let of_day = (counts.middle(bin) / DAY).rem_euclid(1.0);
        ((of_day * slots as f64) as usize).min(slots - 1)
    };
    let weekday = |bin: usize| (counts.middle(bin) / DAY).rem_euclid(7.0) as usize % 7;
    let mut parts = vec![(0_u64, 0_u64); slots];
    for (bin, &count) in counts.counts.iter().enumerate() {
        let (bins, sum) = &mut parts[slot(bin)];
        *bins += 1;
        *sum += count;
    }
    let per_bin = |slot: usize| parts[slot].1 as f64 / parts[slot].0.max(1) as f64;
    let mut days = [(0.0, 0.0); 7];
    for (bin, &count) in counts.counts.iter().enumerate() {
        let (expected, seen) = &mut days[weekday(bin)];
        *expected += per_bin(slot(bin));
        *seen += count as f64;
    }
    let factor = |day: usize| if days[day].0 > 0.0 { days[day].1 / days[day].0 } else { 1.0 };
    let (mut squares, mut bins) = (0.0, 0_usize);
    for (bin, &count) in counts.counts.iter().enumerate() {
        let expected = per_bin(slot(bin)) * factor(weekday(bin));
        if expected > 0.0 {
            squares += (count as f64 - expected) * (count as f64 - expected) / expected;
            bins += 1;
        }
    }
    let known = parts.iter().filter(|(bins, _)| *bins > 0).count();
    let known = known + days.iter().filter(|(expected, _)| *expected > 0.0).count() - 1;
    let free = bins.saturating_sub(known);
    let dispersion = if free > 0 { squares / free as f64 } else { 1.0 };
    let around = |seen: f64, over: f64| {
        // Of a count of none, an interval up to what 95 of 100 times shows something (3.7).
        let error = Z * libm::sqrt(dispersion.max(1.0) * seen.max(1.0));
        Interval {
            value: seen / over,
            low: (seen - error).max(0.0) / over,
            high: if seen > 0.0 { (seen + error) / over } else { 3.689 / over },
        }
    };
    Profile {
        slots: (0..slots)
            .filter(|&slot| parts[slot].0 > 0)
            .map(|slot| Slot {
                from_s: slot as f64 * DAY / slots as f64,
                rate: around(parts[slot].1 as f64, parts[slot].0 as f64 * counts.bin_s),
                rows: parts[slot].1,
            })
            .collect(),
        weekdays: days.map(|(expected, seen)| (expected > 0.0).then(|| around(seen, expected))),
        dispersion,
    }
}

impl Profile {
    /// What is expected of each bin.
    pub fn expected(&self, counts: &Counts) -> Vec<f64> {
        (0..counts.counts.len())
            .map(|bin| {
                let days = counts.middle(bin) / DAY;
                let of_day = days.rem_euclid(1.0) * DAY;
                let after = self.slots.partition_point(|slot| slot.from_s <= of_day);
                let rate = after.checked_sub(1).map_or(0.0, |i| self.slots[i].rate.value);
                let factor = self.weekdays[days.rem_euclid(7.0) as usize % 7];
                rate * counts.bin_s * factor.map_or(1.0, |factor| factor.value)
            })
            .collect()
    }
}
