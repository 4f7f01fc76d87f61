//! The rate by time of day.

use super::Counts;
use crate::fit::Interval;

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// Φ⁻¹(0.975).
const Z: f64 = 1.959_963_984_540_054;

/// Rounds in which slots and weekdays are fitted by turns.
const ROUNDS: usize = 20;

/// −ln 0.025.
const NONE_SEEN: f64 = 3.688_879_454_113_936;

/// A rate by time of day.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The equal parts of a day.
    pub parts: usize,
    /// Those that the log has, from midnight on.
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
    /// Requests per second.
    pub rate: f64,
    /// Requests it rests on.
    pub rows: u64,
    /// Seconds in which they came, those of each weekday times its factor.
    pub over_s: f64,
}

/// The rate in `slots` equal parts of a day and, if asked for, the factors of weekdays. Their intervals are
/// wider than Poisson's by the root of the dispersion that is left.
pub fn profile(counts: &Counts, slots: usize, by_weekday: bool) -> Profile {
    let slots = slots.max(1);
    let slot = |bin: usize| {
        let of_day = (counts.middle(bin) / DAY).rem_euclid(1.0);
        ((of_day * slots as f64) as usize).min(slots - 1)
    };
    let weekday = |bin: usize| (counts.middle(bin) / DAY).rem_euclid(7.0) as usize % 7;
    let cells: Vec<(usize, usize, f64)> = counts
        .counts
        .iter()
        .enumerate()
        .map(|(bin, &count)| (slot(bin), weekday(bin), count as f64))
        .collect();
    let total = counts.total();
    // A count per bin in each slot, and factors of weekdays, so that both margins are those of the
    // log (Deming and Stephan 1940).
    let mut of_slots = vec![Margin::default(); slots];
    let mut of_days = [Margin::default(); 7];
    let mut factors = [1.0; 7];
    for _ in 0..if by_weekday { ROUNDS } else { 0 } {
        of_slots.fill(Margin::default());
        for &(slot, day, count) in &cells {
            of_slots[slot].add(count, factors[day]);
        }
        of_days.fill(Margin::default());
        for &(slot, day, count) in &cells {
            of_days[day].add(count, of_slots[slot].ratio());
        }
        // Over all bins the factors have a mean of one.
        let sum: f64 = of_days.iter().map(|day| day.bins * day.ratio()).sum();
        let mean = if sum > 0.0 { sum / cells.len() as f64 } else { 1.0 };
        factors = of_days.map(|day| if sum > 0.0 { day.ratio() / mean } else { 1.0 });
    }
    of_slots.fill(Margin::default());
    for &(slot, day, count) in &cells {
        of_slots[slot].add(count, factors[day]);
    }
    let squares: f64 = cells
        .iter()
        .map(|&(slot, day, count)| (of_slots[slot].ratio() * factors[day], count))
        .filter(|(expected, _)| *expected > 0.0)
        .map(|(expected, count)| (count - expected) * (count - expected) / expected)
        .sum();
    let known = |margins: &[Margin]| margins.iter().filter(|m| m.bins > 0.0).count();
    let free = (cells.len() + 1).saturating_sub(known(&of_slots) + known(&of_days));
    let dispersion = if free > 0 && total > 0.0 { squares / free as f64 } else { 1.0 };
    let around = |seen: f64, over: f64| {
        let error = Z * libm::sqrt(dispersion.max(1.0) * seen);
        Interval {
            value: seen / over,
            low: (seen - error).max(0.0) / over,
            // Of a count of none: −ln 0.025, beyond which one would have been seen.
            high: if seen > 0.0 { (seen + error) / over } else { NONE_SEEN / over },
        }
    };
    Profile {
        parts: slots,
        slots: of_slots
            .iter()
            .enumerate()
            .filter(|(_, margin)| margin.over > 0.0)
            .map(|(slot, margin)| Slot {
                from_s: slot as f64 * DAY / slots as f64,
                rate: margin.ratio() / counts.bin_s,
                rows: margin.seen as u64,
                over_s: margin.over * counts.bin_s,
            })
            .collect(),
        weekdays: std::array::from_fn(|day| {
            let Margin { seen, bins, .. } = of_days[day];
            let over = if factors[day] > 0.0 { seen / factors[day] } else { bins };
            (by_weekday && bins > 0.0 && over > 0.0).then(|| around(seen, over))
        }),
        dispersion,
    }
}

/// Counts of a slot or of a weekday.
#[derive(Clone, Copy, Default)]
struct Margin {
    bins: f64,
    seen: f64,
    over: f64,
}

impl Margin {
    fn add(&mut self, seen: f64, over: f64) {
        self.bins += 1.0;
        self.seen += seen;
        self.over += over;
    }

    fn ratio(&self) -> f64 {
        if self.over > 0.0 { self.seen / self.over } else { 0.0 }
    }
}

impl Profile {
    /// Expected count of each bin.
    pub fn expected(&self, counts: &Counts) -> Vec<f64> {
        (0..counts.counts.len())
            .map(|bin| {
                let days = counts.middle(bin) / DAY;
                let of_day = days.rem_euclid(1.0) * DAY;
                let after = self.slots.partition_point(|slot| slot.from_s <= of_day);
                let rate = after.checked_sub(1).map_or(0.0, |i| self.slots[i].rate);
                let factor = self.weekdays[days.rem_euclid(7.0) as usize % 7];
                rate * counts.bin_s * factor.map_or(1.0, |factor| factor.value)
            })
            .collect()
    }
}
