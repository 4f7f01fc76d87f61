//! Latencies of two kinds: of handsets that were there, and, after a valley, of those that weren't; and
//! the tries of a carrier at which these came.

use std::collections::BTreeMap;

use super::text::round;
use crate::fit::gather::{Clocks, Durations, seconds};

/// Latencies of two kinds.
pub(crate) struct Tail {
    pub(crate) body: Durations,
    pub(crate) late: Durations,
    /// The least of the late ones, s.
    pub(crate) from: f64,
    /// The clocks of both.
    clocks: Clocks,
}

/// A step of a retry schedule, with the ages at which its deliveries lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    /// Time of the try from the first one, s.
    pub(crate) at: f64,
    /// Ages, s, and all that came at them.
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) count: f64,
    /// The share of these that came at the step: what is beyond the surroundings, to begin with.
    pub(crate) share: f64,
}

impl Step {
    /// Deliveries at the step.
    pub(crate) fn came(&self) -> f64 {
        self.count * self.share
    }
}

/// Bins of a factor of two in which valleys are looked for.
const PER_OCTAVE: f64 = 4.0;

/// Share of a duration from which on what a clock leaves open of it counts; and share of its step from which on a
/// duration can be told from none.
const NARROW: f64 = 1.0 / 16.0;
const LEAST: f64 = 1.0 / 16.0;

/// Steps at most.
const STEPS: usize = 40;

/// Deliveries within which a step's lie: shares of the latencies that follow a try.
const WITHIN: (f64, f64) = (0.005, 0.995);

/// A step has so many times more than what lies around it, and by so many standard errors.
const TIMES: f64 = 2.0;
const SURE: f64 = 5.0;

/// Of what came at steps so much comes at those of a wait that repeats.
const NEARLY: f64 = 0.9;

/// Standard error of a median, in widths between the quartiles of a normal distribution over the root of n.
const MEDIAN: f64 = 0.93;

impl Tail {
    /// By clocks that tell no finer than `clocks`.
    pub(crate) fn of(durations: &Durations, clocks: Clocks) -> Option<Tail> {
        let bins = octaves(durations, clocks);
        let mode = bins
            .iter()
            .enumerate()
            .max_by(|(a, one), (b, two)| one.1.total_cmp(&two.1).then(b.cmp(a)))?;
        // The mode may lie in the tail only if most are late.
        let valley = valley(&bins, mode.0)?;
        let from = bins.get(valley)?.0;
        let (body, late) = durations.split(from);
        (late.count() >= 10 && body.count() > late.count()).then_some(Tail {
            body,
            late,
            from,
            clocks,
        })
    }

    /// The steps of a retry schedule; empty if there are none, or too many to be any.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let late = Counts::of(&self.late, self.clocks);
        let after = |share: f64| self.body.quantile(share).unwrap_or(0.0);
        let (median, around) = (after(0.5), (after(WITHIN.0), after(WITHIN.1)));
        let mut found: Vec<Window> = Vec::new();
        let candidates: Vec<Window> = self
            .late
            .spans()
            .map(|(low, high, _)| {
                late.window(seconds(low.midpoint(high)) - median, around, self.from)
            })
            .filter(Window::is_step)
            .collect();
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by(|&a, &b| candidates[b].excess().total_cmp(&candidates[a].excess()));
        for own in order.into_iter().map(|place| candidates[place]) {
            if found.iter().all(|other| own.apart(other)) {
                found.push(own);
            }
        }
        found.sort_by(|a, b| a.from.total_cmp(&b.from));
        if found.len() > STEPS {
            return Vec::new();
        }
        let width = after(0.75) - after(0.25);
        let mut before = 0.0;
        let mut seen: Vec<(f64, Window)> = Vec::new();
        for own in found {
            // As someone would have set it, as far as the log leaves it open.
            let at = (late.median(&own) - median).max(1e-3);
            let error = 2.0 * MEDIAN * width / own.excess().max(1.0).sqrt();
            before += round(at - before, error.max(0.3 * median).max(at / 128.0));
            seen.push((before, own));
        }
        let window = |at: f64| late.window(at, around, self.from);
        let last = self.late.quantile(1.0).unwrap_or(0.0) - median;
        let mut steps = repeated(&seen, last, window).unwrap_or(seen);
        steps.truncate(STEPS);
        let step = |(at, own): (f64, Window)| Step {
            at,
            from: own.from,
            to: own.to,
            count: own.count,
            share: own.excess() / own.count.max(1.0),
        };
        steps.into_iter().map(step).collect()
    }

    /// Late ones at no step.
    pub(crate) fn between(&self, steps: &[Step]) -> Durations {
        let mut between = Durations::default();
        let mut carried = 0.0;
        for (low, high, count) in self.late.spans() {
            let (from, to) = (seconds(low), seconds(high));
            let mut left = count as f64;
            for own in steps {
                let inside = (own.to.min(to) - own.from.max(from)).max(0.0) / (to - from);
                left -= count as f64 * inside * own.share;
            }
            let whole = (left + carried).round().clamp(0.0, count as f64);
            carried += left - whole;
            if whole >= 1.0 {
                between.add_times(low, u32::try_from(whole as u64).unwrap_or(u32::MAX));
            }
        }
        between
    }
}

/// The steps of a schedule whose last wait repeats up to `last`, although at some too few came to be seen each
/// by itself: if nearly all that was seen later came at them, and those that weren't seen have, all together,
/// more than their surroundings.
fn repeated(
    seen: &[(f64, Window)],
    last: f64,
    window: impl Fn(f64) -> Window,
) -> Option<Vec<(f64, Window)>> {
    let excess = |of: &mut dyn Iterator<Item = &Window>| of.map(Window::excess).sum::<f64>();
    let mut before = 0.0;
    for (place, &(at, _)) in seen.iter().enumerate() {
        let wait = at - before;
        before = at;
        let times = (1..=STEPS).map(|times| at + wait * times as f64);
        let all = times.take_while(|&at| at <= last).map(|at| (at, window(at)));
        let later = || seen.iter().skip(place + 1).map(|(_, own)| own);
        let (same, new): (Vec<_>, Vec<_>) =
            all.partition(|(_, own)| later().any(|other| !own.apart(other)));
        let at_one = |own: &&Window| same.iter().any(|(_, other)| !own.apart(other));
        let is_it = excess(&mut later().filter(at_one)) >= NEARLY * excess(&mut later());
        let sum = |of: &dyn Fn(&Window) -> f64| new.iter().map(|(_, own)| of(own)).sum::<f64>();
        let (count, beside) = (sum(&|own| own.count), sum(&|own| own.beside));
        // What is beside them is seen over four times as long.
        if is_it && count - beside > SURE * (1.25 * beside + 1.0).sqrt() {
            let mut steps = seen[..=place].to_vec();
            steps.extend(same);
            steps.extend(new);
            steps.sort_by(|a, b| a.0.total_cmp(&b.0));
            return Some(steps);
        }
    }
    None
}

/// A stretch of ages in which the deliveries of a step would lie.
#[derive(Clone, Copy)]
struct Window {
    from: f64,
    to: f64,
    count: f64,
    /// As many as come around it in as long a time: on the side that has more; and on both.
    around: f64,
    beside: f64,
    /// `true` if what is before it is late, too: at the valley's edge it may be stragglers of the others.
    flanked: bool,
}

impl Window {
    fn apart(&self, other: &Window) -> bool {
        self.to <= other.from || other.to <= self.from
    }

    fn excess(&self) -> f64 {
        (self.count - self.around).max(0.0)
    }

    fn is_step(&self) -> bool {
        self.flanked
            && self.excess() > SURE * (self.around + 1.0).sqrt()
            && self.count > TIMES * self.around
    }
}

/// Durations by how many are shorter.
struct Counts {
    /// Begin and end of each bin, s; the numbers before it and in it.
    bins: Vec<(f64, f64, f64, f64)>,
    /// The coarser clock's step, s: nothing is narrower.
    step: f64,
}

impl Counts {
    fn of(durations: &Durations, clocks: Clocks) -> Counts {
        let mut before = 0.0;
        // Between two multiples of a clock's step there is nothing that it could tell.
        let step = clocks.from.min(clocks.to);
        let bin = |(low, high, count): (u64, u64, u64)| {
            let own = (seconds(low), seconds(high.max(low + step)), before, count as f64);
            before += count as f64;
            own
        };
        let bins = durations.spans().map(bin).collect();
        Counts { bins, step: seconds(clocks.from.max(clocks.to)) }
    }

    fn below(&self, at: f64) -> f64 {
        let place = self.bins.partition_point(|&(_, high, ..)| high <= at);
        match self.bins.get(place) {
            Some(&(low, high, before, count)) => {
                before + count * ((at - low) / (high - low)).clamp(0.0, 1.0)
            }
            None => self.bins.last().map_or(0.0, |&(_, _, before, count)| before + count),
        }
    }

    /// The window of a step at `at`, no narrower than a few bins and two ticks of the clock.
    fn window(&self, at: f64, (least, most): (f64, f64), begin: f64) -> Window {
        let wider = ((3.0 * at / 128.0).max(2.0 * self.step) - (most - least)).max(0.0) / 2.0;
        let (from, to) = ((at + least - wider).max(begin), at + most + wider);
        let length = to - from;
        let rate = |from: f64, to: f64| {
            let from = from.max(begin);
            (to > from).then(|| (self.below(to) - self.below(from)) / (to - from))
        };
        let sides = [rate(from - 2.0 * length, from), rate(to, to + 2.0 * length)];
        let sides = || sides.into_iter().flatten();
        let around = sides().fold(0.0, f64::max) * length;
        let beside = sides().sum::<f64>() / sides().count().max(1) as f64 * length;
        let flanked = from - begin >= 0.5 * length;
        Window { from, to, count: self.below(to) - self.below(from), around, beside, flanked }
    }

    /// The middle of what lies in a window.
    fn median(&self, window: &Window) -> f64 {
        let wanted = (self.below(window.from) + self.below(window.to)) / 2.0;
        let place = self.bins.partition_point(|&(_, _, before, count)| before + count < wanted);
        let middle = |&(low, high, before, count): &(f64, f64, f64, f64)| {
            low + (high - low) * ((wanted - before) / count).clamp(0.0, 1.0)
        };
        self.bins.get(place).map_or(window.from, middle)
    }
}

/// Counts by bins of equal ratio: where each begins, s. What a clock leaves open is spread over all that it
/// may be, so that bins that hold none of its multiples are no valleys.
fn octaves(durations: &Durations, clocks: Clocks) -> Vec<(f64, f64)> {
    let edge = |bin: i64| libm::exp2(bin as f64 / PER_OCTAVE);
    let place = |at: f64| libm::floor(libm::log2(at) * PER_OCTAVE) as i64;
    let (before, after) = (seconds(clocks.from), seconds(clocks.to));
    let least = (before.max(after) * LEAST).max(1e-9);
    let mut bins: BTreeMap<i64, f64> = BTreeMap::new();
    for (low, high, count) in durations.spans() {
        let middle = (low as f64 + high as f64) / 2e9;
        let (from, to) = (seconds(low) - before, seconds(high - 1) + after);
        if to <= least {
            continue;
        }
        if to - from < NARROW * middle {
            *bins.entry(place(middle)).or_default() += count as f64;
        } else {
            for bin in place(from.max(least))..=place(to) {
                let inside = (edge(bin + 1).min(to) - edge(bin).max(from)).max(0.0);
                *bins.entry(bin).or_default() += count as f64 * inside / (to - from);
            }
        }
    }
    let (Some((&first, _)), Some((&last, _))) = (bins.first_key_value(), bins.last_key_value())
    else {
        return Vec::new();
    };
    let count = |bin: i64| (edge(bin), bins.get(&bin).copied().unwrap_or(0.0));
    (first..=last).map(count).collect()
}

/// The lowest bin after the mode from which counts clearly rise again.
fn valley(bins: &[(f64, f64)], mode: usize) -> Option<usize> {
    let mut lowest = (mode, bins.get(mode)?.1);
    for (place, &(_, count)) in bins.iter().enumerate().skip(mode + 1) {
        let least = lowest.1;
        if count > 2.0 * least + 5.0 * (least + 1.0).sqrt() {
            return (least < 0.2 * bins[mode].1).then_some(lowest.0);
        }
        if count < lowest.1 {
            lowest = (place, count);
        }
    }
    None
}
