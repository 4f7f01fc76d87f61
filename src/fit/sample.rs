//! Durations as a log tells them: exactly, within an interval, or not yet.

use std::collections::BTreeMap;

/// Several durations of which a log tells the same.
///
/// The start is known to within `blur`: it was u later than noted, u uniform in `[0, blur)`. The
/// duration then lies in `[low − u, high − u)`. With `blur` 0 that is simply an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The least it may be if it started when noted, s; below 0 where the end is rounded down.
    /// Equal to `high` where the end is known exactly.
    pub low: f64,
    /// The most it may be, s; infinite where it hadn't ended when the log was exported.
    pub high: f64,
    /// Time by which it may have started later than noted, s, from 0.
    pub blur: f64,
    /// Number of them, from 1.
    pub count: u64,
}

/// Bound of χ² with one degree of freedom: 95 % lie below it.
const CHI_SQUARE: f64 = 3.841;

impl Observation {
    /// A duration known exactly.
    pub fn exact(seconds: f64) -> Observation {
        Observation { low: seconds, high: seconds, blur: 0.0, count: 1 }
    }

    /// A duration known to lie between two bounds.
    pub fn between(low: f64, high: f64) -> Observation {
        Observation { low, high, blur: 0.0, count: 1 }
    }

    /// The difference of two times, each rounded down to its clock's resolution, in seconds.
    pub fn rounded(difference: f64, start_resolution: f64, end_resolution: f64) -> Observation {
        Observation {
            low: difference,
            high: difference + end_resolution,
            blur: start_resolution,
            count: 1,
        }
    }

    /// A duration that had not ended `elapsed` seconds after its start was noted.
    pub fn pending(elapsed: f64, start_resolution: f64) -> Observation {
        Observation { low: elapsed, high: f64::INFINITY, blur: start_resolution, count: 1 }
    }

    /// Part of the duration beyond `shift` seconds, as it is seen.
    #[must_use]
    pub(super) fn after(self, shift: f64) -> Observation {
        Observation { low: self.low - shift, high: self.high - shift, ..self }
    }

    /// The same for `count` durations.
    #[must_use]
    pub fn times(self, count: u64) -> Observation {
        Observation { count, ..self }
    }

    /// The least it may be, s.
    pub fn least(&self) -> f64 {
        (self.low - self.blur).max(0.0)
    }

    /// The duration that rows like this one, and no others, speak for, s, and the ends of its 95 % interval: the
    /// middle of those that make them likeliest, and where ln of their likelihood is less by half of χ²
    /// (Wilks 1938).
    pub(crate) fn alone(&self) -> [f64; 3] {
        // A trapezium: flat between these, and down to nothing as far away on either side.
        let ends = [self.low, self.high - self.blur];
        let (from, to) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        let side = from - (self.low - self.blur);
        let error = side * (1.0 - libm::exp(-0.5 * CHI_SQUARE / self.count.max(1) as f64));
        let middle = from.max(0.0).midpoint(to.max(0.0));
        [(from - error).max(0.0), middle, to + error]
    }

    /// The share of starts within the blur from which a duration of zero would be seen like this.
    pub(super) fn share_at_zero(&self) -> f64 {
        if self.blur == 0.0 {
            return if self.low <= 0.0 && 0.0 < self.high { 1.0 } else { 0.0 };
        }
        (self.high.min(self.blur) - self.low.max(0.0)).max(0.0) / self.blur
    }

    /// `true` if it is known to the last digit.
    pub fn is_exact(&self) -> bool {
        self.low == self.high && self.blur == 0.0
    }

    /// `true` if it hadn't ended yet.
    pub fn is_pending(&self) -> bool {
        self.high == f64::INFINITY
    }

    /// The finest step in which the log tells it, s; 0 where one of its ends is known exactly.
    pub fn step(&self) -> f64 {
        if self.is_pending() { 0.0 } else { self.blur.min(self.high - self.low) }
    }
}

/// Distinct durations that are kept as they are; more are put into bins.
const DISTINCT: usize = 1 << 15;

/// Bits of a bin's lower bound that count, at first: a bin spans 2⁻¹⁰ of its values.
const BITS: u32 = 10;

/// Durations being collected, in bounded memory.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    /// Merged and sorted up to `merged`, as they came after that.
    entries: Vec<Entry>,
    merged: usize,
    /// Bits that count, once there are bins.
    bits: Option<u32>,
    zeros: u64,
    impossible: u64,
}

/// Durations of one kind of observation, in one bin.
#[derive(Clone, Copy, Debug)]
struct Entry {
    blur: f64,
    width: f64,
    low: f64,
    count: u64,
}

impl Collector {
    /// Nothing yet.
    pub fn new() -> Collector {
        Collector::default()
    }

    /// Enters an observation. One that ends before it starts, or whose bounds are no numbers, is
    /// counted as impossible.
    pub fn add(&mut self, observation: Observation) {
        let Observation { low, high, blur, count } = observation;
        // Written so that NaN is impossible, too.
        let possible = low.is_finite()
            && high >= low
            && high >= 0.0
            && blur >= 0.0
            && blur.is_finite()
            && (high > 0.0 || observation.is_exact());
        if !possible {
            self.impossible += count;
            return;
        }
        if high <= 0.0 {
            self.zeros += count;
            return;
        }
        // A wait that may have been nothing says nothing.
        let low = if high.is_infinite() { low.max(0.0) } else { low };
        self.entries.push(Entry { blur, width: high - low, low, count });
        if self.entries.len() >= self.merged + DISTINCT {
            self.merge_equal();
        }
    }

    /// Enters what another has collected.
    pub fn merge(&mut self, other: &Collector) {
        self.zeros += other.zeros;
        self.impossible += other.impossible;
        self.entries.extend_from_slice(&other.entries);
        self.merge_equal();
    }

    /// The sample, sorted.
    pub fn finish(mut self) -> Sample {
        self.merge_equal();
        let observations: Vec<Observation> = self
            .entries
            .iter()
            .map(|&Entry { blur, width, low, count }| Observation {
                low,
                high: low + width,
                blur,
                count,
            })
            .collect();
        Sample { observations, zeros: self.zeros, impossible: self.impossible }
    }

    fn merge_equal(&mut self) {
        loop {
            let bits = self.bits;
            self.entries.sort_unstable_by(|a, b| {
                let kind = |e: &Entry| (e.blur.to_bits(), e.width.to_bits(), e.bin(bits));
                kind(a).cmp(&kind(b)).then(a.low.total_cmp(&b.low))
            });
            self.entries.dedup_by(|next, kept| {
                let same = next.blur == kept.blur
                    && next.width == kept.width
                    && next.bin(bits) == kept.bin(bits);
                if same {
                    let count = kept.count + next.count;
                    kept.low += (next.low - kept.low) * (next.count as f64 / count as f64);
                    kept.count = count;
                }
                same
            });
            self.merged = self.entries.len();
            if self.merged <= DISTINCT || bits == Some(1) {
                return;
            }
            self.bits = Some(bits.map_or(BITS, |bits| bits - 1));
        }
    }
}

impl Entry {
    /// The bin it belongs to: of its lower bound or, where that is below 0, of its upper one.
    fn bin(&self, bits: Option<u32>) -> (bool, u64) {
        let above = self.low > 0.0;
        let value = if above { self.low } else { self.low + self.width };
        (above, bits.map_or(value.to_bits(), |bits| value.to_bits() >> (52 - bits)))
    }
}

/// Durations to which a distribution is fitted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    observations: Vec<Observation>,
    zeros: u64,
    impossible: u64,
}

impl Sample {
    /// The durations, sorted, without those that are exactly zero.
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// Number of durations, zeros included.
    pub fn rows(&self) -> u64 {
        self.zeros + self.observations.iter().map(|o| o.count).sum::<u64>()
    }

    /// Number that is exactly zero, both ends being known exactly.
    pub fn zeros(&self) -> u64 {
        self.zeros
    }

    /// Number that had not ended.
    pub fn pending(&self) -> u64 {
        self.observations.iter().filter(|o| o.is_pending()).map(|o| o.count).sum()
    }

    /// Number left out because they end before they start.
    pub fn impossible(&self) -> u64 {
        self.impossible
    }

    /// The mean of what ended, each as the clock has it in the middle, s.
    pub(super) fn mean(&self) -> f64 {
        let ended = self.observations.iter().filter(|o| !o.is_pending());
        let (count, sum) = ended.fold((self.zeros as f64, 0.0), |(count, sum), o| {
            let middle = 0.5 * (o.low - o.blur + o.high);
            (count + o.count as f64, sum + o.count as f64 * middle.max(0.0))
        });
        sum / count.max(1.0)
    }

    /// Upper bound of a shift: every duration that ended was longer, s; infinite if none ended.
    pub(super) fn beyond(&self) -> f64 {
        let ended = self.observations.iter().filter(|o| !o.is_pending());
        let least = ended.map(|o| o.high).fold(f64::INFINITY, f64::min);
        if self.zeros > 0 { 0.0 } else { least }
    }

    /// The same sample without what never ends: of the pending at each age the share that is under way.
    #[must_use]
    pub(super) fn without(&self, never: impl Fn(&Observation) -> f64) -> Sample {
        let mut carried = 0.0;
        let mut kept = |o: &Observation| {
            if !o.is_pending() {
                return o.count;
            }
            carried += o.count as f64 * (1.0 - never(o));
            let whole = carried.round().clamp(0.0, o.count as f64);
            carried -= whole;
            whole as u64
        };
        let left = self.observations.iter().map(|&o| o.times(kept(&o))).filter(|o| o.count > 0);
        Sample { observations: left.collect(), ..*self }
    }

    /// The same durations, known no better than to bins that span 1/2^bits of how far they lie beyond `from`, s.
    #[must_use]
    pub(super) fn beside(&self, from: f64, bits: u32) -> Sample {
        let mut bins: BTreeMap<(bool, u64, u64), Observation> = BTreeMap::new();
        for &o in &self.observations {
            let far = (o.low - from).max(0.0).to_bits() >> (52 - bits);
            let bounds = |bin: u64| from + f64::from_bits(bin << (52 - bits));
            // What is known exactly is known to its bin, too, so that no density is without a bound.
            let known = if o.is_exact() {
                Observation::between(bounds(far).min(o.low), bounds(far + 1))
            } else {
                o
            };
            let own = bins.entry((o.is_pending(), o.blur.to_bits(), far)).or_insert(known.times(0));
            own.low = own.low.min(known.low);
            own.high = own.high.max(known.high);
            own.count += o.count;
        }
        Sample { observations: bins.into_values().collect(), ..*self }
    }

    /// The same durations, in few bins that span `1/2^bits` of their values: a first look.
    #[must_use]
    pub(super) fn coarse(&self, bits: u32) -> Sample {
        let mut collector = Collector { bits: Some(bits), ..Collector::default() };
        for &observation in &self.observations {
            collector.add(observation);
        }
        Sample { zeros: self.zeros, impossible: self.impossible, ..collector.finish() }
    }
}

impl FromIterator<Observation> for Sample {
    fn from_iter<I: IntoIterator<Item = Observation>>(observations: I) -> Sample {
        let mut collector = Collector::new();
        for observation in observations {
            collector.add(observation);
        }
        collector.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_kept_exactly() {
        let sample: Sample = [3.0, 1.0, 3.0, 0.0].into_iter().map(Observation::exact).collect();
        let [one, three] = sample.observations() else { panic!("{sample:?}") };
        assert_eq!((one.low, one.count), (1.0, 1));
        assert_eq!((three.low, three.count), (3.0, 2));
        assert_eq!((sample.zeros(), sample.rows()), (1, 4));
    }

    #[test]
    fn many_values_are_put_into_narrow_bins() {
        let mut collector = Collector::new();
        let value = |i: u32| 0.001 * libm::exp(f64::from(i) / 25_000.0);
        for i in 0..250_000 {
            collector.add(Observation::exact(value(i)));
        }
        let sample = collector.finish();
        let bins = sample.observations().len();
        assert!((10_000..DISTINCT).contains(&bins), "{bins}");
        assert_eq!(sample.rows(), 250_000);
        let sum: f64 = sample.observations().iter().map(|o| o.low * o.count as f64).sum();
        let exact: f64 = (0..250_000).map(value).sum();
        assert!((sum / exact - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_ends_before_it_starts_is_impossible() {
        let sample: Sample = [
            Observation::rounded(-3.0, 0.0, 1.0),
            Observation::exact(-1.0),
            Observation::exact(f64::NAN),
            Observation::rounded(-0.5, 0.0, 1.0),
        ]
        .into_iter()
        .collect();
        assert_eq!((sample.impossible(), sample.rows()), (3, 1));
    }
}
