//! Many durations in little room: counts in bins that are narrower than a hundredth of where they lie.

use crate::fit::Observation;

/// Bits of a duration that are kept: bins are 1/128 wide.
const BITS: u32 = 7;

/// Bins that lie together: a line of the processor's cache.
const BLOCK: usize = 16;

/// Blocks that room is made for at a time.
const MORE: usize = 4;

/// Words that have a bit for each block.
const WORDS: usize = 8;

/// Durations in ns, counted by bins.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Durations {
    /// The blocks in use, a bit each, and their counts in the same order.
    used: [u64; WORDS],
    counts: Vec<[u32; BLOCK]>,
    /// Blocks in use before those of each word.
    before: [u16; WORDS],
    count: u64,
    /// Of those that are counted as 0, by how much the coarse clock of their ends was behind that of their
    /// beginnings.
    early: Option<Box<Durations>>,
}

/// The resolution of the clocks at both ends of durations, ns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clocks {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Durations {
    pub(crate) fn add(&mut self, ns: u64) {
        self.add_times(ns, 1);
    }

    /// Adds a difference of two clocks.
    pub(crate) fn add_difference(&mut self, ns: i64) {
        if ns < 0 {
            self.early.get_or_insert_default().add(ns.unsigned_abs());
        }
        self.add(u64::try_from(ns).unwrap_or(0));
    }

    pub(crate) fn add_times(&mut self, ns: u64, times: u32) {
        self.add_to(bin(ns), times);
    }

    fn add_to(&mut self, bin: u16, times: u32) {
        let block = self.block(usize::from(bin) / BLOCK);
        if let Some(own) = block.and_then(|all| all.get_mut(usize::from(bin) % BLOCK)) {
            *own = own.saturating_add(times);
        }
        self.count += u64::from(times);
    }

    /// The counts of a block; there is one for every bin.
    fn block(&mut self, block: usize) -> Option<&mut [u32; BLOCK]> {
        let (word, bit) = (block / 64, 1_u64 << (block % 64));
        let used = self.used.get_mut(word)?;
        let place = usize::from(self.before[word]) + (*used & (bit - 1)).count_ones() as usize;
        if *used & bit == 0 {
            *used |= bit;
            self.begin(word, place);
        }
        self.counts.get_mut(place)
    }

    /// Room for a block that is used for the first time.
    #[inline(never)]
    fn begin(&mut self, word: usize, place: usize) {
        self.before[word + 1..].iter_mut().for_each(|before| *before += 1);
        // Of many cells few have many blocks: room for as many again would be most of what they take.
        if self.counts.len() == self.counts.capacity() {
            self.counts.reserve_exact(MORE);
        }
        self.counts.insert(place, [0; BLOCK]);
    }

    pub(crate) fn merge(&mut self, other: &Durations) {
        for (block, counts) in other.blocks() {
            let own = self.block(block).into_iter().flatten();
            own.zip(counts).for_each(|(own, count)| *own = own.saturating_add(*count));
        }
        // What a bin can't count is counted all the same.
        self.count += other.count;
        if let Some(early) = &other.early {
            self.early.get_or_insert_default().merge(early);
        }
    }

    /// The blocks in use, ascending, with their counts.
    fn blocks(&self) -> impl Iterator<Item = (usize, &[u32; BLOCK])> {
        let is_used = |block: &usize| self.used[block / 64] >> (block % 64) & 1 > 0;
        (0..64 * WORDS).filter(is_used).zip(&self.counts)
    }

    /// The bins that have any, ascending.
    fn bins(&self) -> impl Iterator<Item = (u16, u32)> + '_ {
        let of = |(block, counts): (usize, &[u32; BLOCK])| {
            let first = (block * BLOCK) as u16;
            let counts = *counts;
            (0..BLOCK as u16).map(move |place| (first + place, counts[usize::from(place)]))
        };
        self.blocks().flat_map(of).filter(|&(_, count)| count > 0)
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The mean, ns, of all but the longest twentieth, which the odd one would rule. `None` without any.
    pub(crate) fn mean(&self) -> Option<u64> {
        const SHARES: u32 = 19;
        let at = |place: u32| self.quantile(f64::from(2 * place + 1) / f64::from(2 * (SHARES + 1)));
        let sum: f64 = (0..SHARES).filter_map(at).sum();
        (self.count > 0).then(|| (sum / f64::from(SHARES) * 1e9) as u64)
    }

    /// The number of those that are below zero by more than so many ns.
    pub(crate) fn early(&self, ns: u64) -> u64 {
        let early = self.early.iter().flat_map(|early| early.spans());
        early.filter(|&(low, ..)| low > ns).map(|(.., count)| count).sum()
    }

    /// Bins that are kept: what it takes in memory.
    pub(crate) fn size(&self) -> usize {
        self.counts.len() * BLOCK + self.early.as_ref().map_or(0, |early| early.size())
    }

    /// Bins as spans `[low, high)` of ns with how many lie in each, ascending.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        self.bins().map(|(bin, count)| {
            let (low, high) = span(bin);
            (low, high, u64::from(count))
        })
    }

    /// The share's quantile, s: within the bin by its rank. `None` without any.
    pub(crate) fn quantile(&self, share: f64) -> Option<f64> {
        let rank = share * self.count as f64;
        let mut before = 0.0;
        let mut last = None;
        for (low, high, count) in self.spans() {
            let count = count as f64;
            let part = ((rank - before) / count).clamp(0.0, 1.0);
            last = Some(seconds(low) + part * seconds(high - low));
            before += count;
            if before >= rank {
                break;
            }
        }
        last
    }

    /// The durations below so many seconds, and the others.
    pub(crate) fn split(&self, from: f64) -> (Durations, Durations) {
        let from = bin((from.max(0.0) * 1e9) as u64);
        let mut parts = (Durations::default(), Durations::default());
        for (bin, count) in self.bins() {
            let part = if bin < from { &mut parts.0 } else { &mut parts.1 };
            part.add_to(bin, count);
        }
        if from > 0 {
            parts.0.early.clone_from(&self.early);
        }
        parts
    }

    /// Without `count` of them that lie as `law` does; no bin has fewer than none.
    pub(crate) fn without(&self, count: f64, law: &Durations) -> Durations {
        let each = count / law.count.max(1) as f64;
        let mut left = Durations { early: self.early.clone(), ..Durations::default() };
        let mut of_law = law.bins().peekable();
        // Parts of durations, and what a bin hasn't got, are carried on to the next.
        let mut carried = 0.0;
        for (bin, count) in self.bins() {
            carried += f64::from(count);
            while let Some((_, own)) = of_law.next_if(|&(own, _)| own <= bin) {
                carried -= each * f64::from(own);
            }
            let whole = carried.round().clamp(0.0, f64::from(count));
            carried -= whole;
            if whole >= 1.0 {
                left.add_to(bin, whole as u32);
            }
        }
        left
    }

    /// The number of those up to so many ns.
    pub(crate) fn up_to(&self, ns: u64) -> u64 {
        self.spans().take_while(|&(low, _, _)| low <= ns).map(|(_, _, count)| count).sum()
    }

    /// Observations of each, by clocks that tell no finer than `clocks`.
    pub(crate) fn observations(&self, clocks: Clocks) -> impl Iterator<Item = Observation> + '_ {
        // Differences of times of both clocks are multiples of the finer one's step.
        let step = clocks.from.min(clocks.to).max(1);
        let within = move |low: u64, high: u64| {
            let least = low.div_ceil(step) * step;
            let most = (high - 1) / step * step;
            let (least, most) = if least <= most { (least, most) } else { (low, high - 1) };
            // A step far below the bin's width makes no difference.
            let blur = if clocks.from > (high - low) / 64 { seconds(clocks.from) } else { 0.0 };
            (least, most, blur, seconds(most - least + clocks.to.max(1)))
        };
        let early = self.early.as_deref();
        let zeros = early.map_or(0, Durations::count);
        let late = self.spans().map(move |(low, high, count)| {
            let (least, _, blur, width) = within(low, high);
            let count = if low == 0 { count - zeros.min(count) } else { count };
            Observation::rounded(seconds(least), blur, width).times(count)
        });
        let early = early.into_iter().flat_map(Durations::spans).map(move |(low, high, count)| {
            let (_, most, blur, width) = within(low, high);
            Observation::rounded(-seconds(most), blur, width).times(count)
        });
        late.chain(early).filter(|observation| observation.count > 0)
    }
}

pub(crate) fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}

fn bin(ns: u64) -> u16 {
    let shift = (64 - BITS - 1).saturating_sub(ns.leading_zeros());
    // At most 57 × 128 + 255.
    ((u64::from(shift) << BITS) + (ns >> shift)) as u16
}

fn span(bin: u16) -> (u64, u64) {
    let least = 1_u64 << BITS;
    let bin = u64::from(bin);
    if bin < 2 * least {
        return (bin, bin + 1);
    }
    let shift = (bin >> BITS) - 1;
    let mantissa = bin - (shift << BITS);
    (mantissa << shift, (mantissa + 1).checked_shl(shift as u32).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_duration_lies_in_its_bin_which_is_narrow() {
        let mut ns = 1_u64;
        while ns < 1 << 60 {
            for ns in [ns - 1, ns, ns + ns / 3] {
                let (low, high) = span(bin(ns));
                assert!(low <= ns && ns < high, "{ns}: {low}..{high}");
                assert!(high - low == 1 || (high - low) as f64 <= low as f64 / 127.0, "{ns}");
            }
            ns *= 2;
        }
    }

    #[test]
    fn the_order_in_which_durations_come_makes_no_difference() {
        let all: Vec<u64> = (0..3_000_u64).map(|n| n * n * n * 977 % (1 << 45)).collect();
        let of = |all: &mut dyn Iterator<Item = &u64>| {
            let mut durations = Durations::default();
            all.for_each(|&ns| durations.add(ns));
            durations
        };
        let mut sorted = all.clone();
        sorted.sort_unstable();
        let whole = of(&mut sorted.iter());
        assert_eq!((whole.count(), whole.spans().map(|own| own.2).sum()), (3_000, 3_000_u64));
        assert!(whole.spans().zip(whole.spans().skip(1)).all(|(a, b)| a.1 <= b.0), "ascending");
        let (one, two) = all.split_at(1_000);
        let mut merged = of(&mut two.iter().rev());
        merged.merge(&of(&mut one.iter()));
        assert!(whole == of(&mut all.iter().rev()) && whole == merged);
    }

    #[test]
    fn quantiles_are_as_near_as_the_bins() {
        let mut durations = Durations::default();
        (1..=10_000_u64).for_each(|ms| durations.add(ms * 1_000_000));
        for share in [0.5, 0.95, 0.99] {
            let found = durations.quantile(share).unwrap();
            assert!((found / (10.0 * share) - 1.0).abs() < 0.002, "{share}: {found}");
        }
        assert_eq!(Durations::default().quantile(0.5), None);
    }

    #[test]
    fn a_clock_that_tells_seconds_leaves_a_second_open() {
        let mut durations = Durations::default();
        durations.add(3_000_000_000);
        let second = 1_000_000_000;
        let found: Vec<_> = durations.observations(Clocks { from: second, to: second }).collect();
        assert_eq!(found, [Observation::rounded(3.0, 1.0, 1.0)]);
        // A receipt in minutes 20 s before its request, and one at the same time.
        let mut durations = Durations::default();
        durations.add_difference(-20_000_000_000);
        durations.add_difference(0);
        let mut all = Durations::default();
        all.merge(&durations);
        let clocks = Clocks { from: 1_000_000, to: 60_000_000_000 };
        let found: Vec<_> = all.observations(clocks).collect();
        assert_eq!((found.len(), all.count(), all.quantile(0.5)), (2, 2, Some(0.5e-9)));
        assert_eq!((found[0].least(), found[1].least()), (0.0, 0.0));
        assert!((-20.16..=-20.0).contains(&found[1].low), "{found:?}");
    }
}
