//! The line before a throttle, told by how long messages took: what comes beyond its rate waits, and a duration
//! has that wait in it, which the scenario's throttle makes again.
//!
//! What came and the rate tell how long the line was at any time, as a fluid: of all rates and bursts those are
//! taken without whose wait durations vary least over time. Durations of successive rows go together, their
//! middle halves alone: handsets that are away don't hide a line. Where a line explains little of how durations
//! vary there is none.

use super::throttles::{By, Throttle, WAITED};
use crate::fit::gather::{Durations, Kept, Ticks, is_slow, seconds};

/// Rows that go together; and how many of those a line is told by, at least.
const TOGETHER: usize = 16;
const LEAST: usize = 12;
/// Every so many-th of them is enough to choose the burst by.
const FEW: usize = 128;
/// Variation of what is left without the wait, over that of what was seen, at most: above it the line explains
/// nothing.
const LESS: f64 = 0.5;
/// Bursts that are tried, each twice the one before, units beyond the one that each takes.
const BURSTS: i32 = 13;
/// Steps on either side of a rate among which a better one is looked for, how far the farthest is, as a share;
/// and how often, each time closer: to choose a burst, and for the rate, which after hours makes seconds of a
/// thousandth.
const STEPS: i32 = 6;
const NEAR: f64 = 0.05;
const CLOSER: usize = 4;
const CLOSEST: usize = 9;
const MOST: usize = 20;
/// Of durations that come out as shorter than nothing, for the line is a fluid, this share is left out.
const SHORTEST: f64 = 0.01;
/// Tokens by which a burst that is told by a line may be off: a fluid begins without the ones that wait by chance.
const UNSURE: f64 = 3.0;
/// The share of its time that a throttle without a line is busy, at most.
const BUSIEST: f64 = 0.95;
/// χ² of one degree of freedom that 95 % don't exceed.
const SURE: f64 = 3.841;

/// Remark on what isn't known of durations without the wait.
pub(crate) const PRESSED: &str = "the throttle presses for most of the log: how long the line was is told by \
    what came and the rate, but for what its bucket held at first, and the shortest are taken as nothing";

/// The line before a throttle over time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    from: i64,
    width: i64,
    /// The wait of who comes at the beginning of each tick, s.
    waits: Vec<f64>,
    pub(crate) rate: f64,
}

impl Line {
    /// The line of what came by ticks, units at `rate` leaving it for good and `spare` tokens being there beyond the
    /// one that each takes.
    fn of(came: &Came, rate: f64, spare: f64) -> Line {
        let tick = seconds(came.width.unsigned_abs());
        let mut line = -spare;
        let mut waits = vec![0.0];
        for own in &came.units {
            line = (line + own - rate * tick).max(-spare);
            waits.push(line.max(0.0) / (rate * came.each));
        }
        Line { from: came.from, width: came.width, waits, rate }
    }

    /// The spans in which who comes waits longer than so many seconds.
    pub(crate) fn longer(&self, than: f64) -> Vec<(i64, i64)> {
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for (at, &wait) in (0..).zip(&self.waits) {
            let (from, to) = (self.from + (at - 1) * self.width, self.from + (at + 1) * self.width);
            match spans.last_mut() {
                _ if wait <= than => {}
                Some((_, last)) if from <= *last => *last = to,
                _ => spans.push((from, to)),
            }
        }
        spans
    }

    /// The wait of who comes at an instant, s.
    pub(crate) fn wait(&self, at: i64) -> f64 {
        let ticks = (at - self.from).max(0) as f64 / self.width as f64;
        let place = ticks as usize;
        let of = |place: usize| self.waits.get(place).or(self.waits.last()).copied().unwrap_or(0.0);
        of(place) + (of(place + 1) - of(place)) * ticks.fract()
    }
}

/// Units that came to a station, by ticks.
struct Came {
    from: i64,
    width: i64,
    units: Vec<f64>,
    /// Tokens that each takes in the end, one at a time: it is in the line again after each.
    each: f64,
}

/// A line that explains how durations vary, with the throttle that makes it and durations without the wait.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pressed {
    pub(crate) line: Line,
    pub(crate) throttle: Throttle,
    pub(crate) without_wait: Durations,
    /// Their median, s.
    pub(crate) median: f64,
    /// The most that those wait for one another, on average, that come when there is no line to speak of, s.
    pub(crate) by_chance: f64,
}

/// The line before a station's throttle in `[from, to)`, at which a message is tried `each` times on average;
/// `None` where none explains its durations.
pub(crate) fn pressed(
    kept: &Kept,
    came: &Ticks<f64>,
    each: f64,
    (from, to): (i64, i64),
) -> Option<Pressed> {
    let start = from.div_euclid(came.width()) * came.width();
    let units: Vec<f64> = came.over(start, to).map(|(_, own)| own).collect();
    let came = Came { from: start, width: came.width(), units, each };
    let mut rows: Vec<(i64, f64)> =
        kept.within(from, to).map(|(at, ns)| (at, seconds(ns))).collect();
    rows.sort_by_key(|row| row.0);
    let groups: Vec<&[(i64, f64)]> = rows.chunks_exact(TOGETHER).collect();
    let seen = middles(&groups, None);
    if groups.len() < LEAST || came.units.is_empty() || !is_slow(&seen) {
        return None;
    }
    let few: Vec<&[(i64, f64)]> =
        groups.iter().step_by(groups.len().div_ceil(FEW)).copied().collect();
    // Of bursts that explain as much, the smallest.
    let spare =
        (0..=BURSTS).map(|place| if place == 0 { 0.0 } else { libm::exp2(f64::from(place - 1)) });
    let bursts: Vec<(f64, f64, f64)> = spare
        .filter_map(|spare| best(&came, &few, spare).map(|(rate, left)| (left, rate, spare)))
        .collect();
    let least = bursts.iter().map(|own| own.0).min_by(f64::total_cmp)?;
    let as_good = |left: f64, least: f64, n: usize| {
        n as f64 * libm::log(left.max(1e-18) / least.max(1e-18)) < SURE
    };
    let &(_, near, spare) = bursts.iter().find(|own| as_good(own.0, least, few.len()))?;
    let left = |rate: f64| variance(&middles(&groups, Some(&Line::of(&came, rate, spare))));
    let (rate, least) = nearest(near, CLOSEST, &left)?;
    if least.sqrt() > LESS * variance(&seen).sqrt() {
        return None;
    }
    // By how far rates explain nearly as much: the ratio of likelihoods of normal middles.
    let end = |sign: f64| {
        let off = |place: i32| rate * (1.0 + sign * 1e-4 * libm::exp2(f64::from(place) / 2.0));
        (0..20).map(off).find(|&rate| !as_good(left(rate), least, groups.len()))
    };
    let line = Line::of(&came, rate, spare);
    let mut apart: Vec<f64> = rows.iter().map(|&(at, took)| took - line.wait(at)).collect();
    apart.sort_by(f64::total_cmp);
    let at = |share: f64| apart.get((share * apart.len() as f64) as usize).copied().unwrap_or(0.0);
    let shortest = at(SHORTEST).min(0.0);
    let mut without_wait = Durations::default();
    let long = apart.iter().map(|own| own - shortest).filter(|&own| own >= 0.0);
    long.for_each(|own| without_wait.add((own * 1e9) as u64));
    let median = at(0.5) - shortest;
    let throttle = Throttle {
        rate: rate * each,
        low: end(-1.0).unwrap_or(rate * (1.0 - NEAR)) * each,
        high: end(1.0).unwrap_or(rate * (1.0 + NEAR)) * each,
        burst: spare + 1.0,
        by: By::Waits(rows.len() as u64),
    };
    let by_chance = by_chance(&came, &line, (spare, WAITED * median));
    Some(Pressed { line, throttle, without_wait, median, by_chance })
}

/// The most that those wait on average that come in ticks without a line to speak of: of two that come together one waits for the
/// other, which no fluid has. By Kingman (1961), exact where requests come by chance: ρ/(1 − ρ) of half a turn, times
/// their index of dispersion; tokens that are surely spared take as much off its exponential tail.
fn by_chance(came: &Came, line: &Line, (spare, longest): (f64, f64)) -> f64 {
    let quiet = |waits: &[f64]| waits.iter().all(|&wait| wait <= longest);
    let ticks = came.units.iter().zip(line.waits.windows(2));
    let units: Vec<f64> = ticks.filter(|(_, waits)| quiet(waits)).map(|own| *own.0).collect();
    let mean = units.iter().sum::<f64>() / units.len().max(1) as f64;
    if mean <= 0.0 {
        return 0.0;
    }
    let steps = units.windows(2).map(|two| (two[1] - two[0]) * (two[1] - two[0]));
    let index = steps.sum::<f64>() / 2.0 / (units.len().max(2) - 1) as f64 / mean;
    let busy = (mean / (line.rate * seconds(came.width.unsigned_abs()))).min(BUSIEST);
    let turn = 1.0 / (line.rate * came.each);
    let surely = (spare - UNSURE).max(0.0);
    let spared = libm::exp(-2.0 * (1.0 - busy) * surely / (busy * index).max(1e-9));
    0.5 * turn * busy / (1.0 - busy) * index * spared
}

/// The middle of each group's durations, without the wait in a line: the mean of the middle half.
fn middles(groups: &[&[(i64, f64)]], line: Option<&Line>) -> Vec<f64> {
    let middle = |group: &&[(i64, f64)]| {
        let mut own: Vec<f64> =
            group.iter().map(|&(at, took)| took - line.map_or(0.0, |line| line.wait(at))).collect();
        own.sort_unstable_by(f64::total_cmp);
        let half = own.get(own.len() / 4..own.len() - own.len() / 4).unwrap_or_default();
        half.iter().sum::<f64>() / half.len().max(1) as f64
    };
    groups.iter().map(middle).collect()
}

/// The rate whose line explains most, with the variance it leaves.
fn best(came: &Came, groups: &[&[(i64, f64)]], spare: f64) -> Option<(f64, f64)> {
    // Lines are shorter the higher the rate: as long on average as durations are beyond the shortest of them.
    let seen = middles(groups, None);
    let usual = seen.iter().copied().min_by(f64::total_cmp)?;
    let excess = seen.iter().sum::<f64>() / seen.len() as f64 - usual;
    let at: Vec<i64> =
        groups.iter().filter_map(|own| own.get(own.len() / 2)).map(|row| row.0).collect();
    let waits = |rate: f64| {
        let line = Line::of(came, rate, spare);
        at.iter().map(|&at| line.wait(at)).sum::<f64>() / at.len() as f64
    };
    let tick = seconds(came.width.unsigned_abs());
    let most = came.units.iter().copied().fold(0.0, f64::max) / tick;
    let (mut low, mut high) = (most / 1e4, most);
    for _ in 0..30 {
        let middle = (low * high).sqrt();
        if waits(middle) > excess { low = middle } else { high = middle }
    }
    let left = |rate: f64| variance(&middles(groups, Some(&Line::of(came, rate, spare))));
    nearest((low * high).sqrt(), CLOSER, &left)
}

/// The rate near another that leaves the least variance, with that.
fn nearest(rate: f64, closer: usize, left: &dyn Fn(f64) -> f64) -> Option<(f64, f64)> {
    let (mut best, mut step) = ((rate, left(rate)), NEAR / f64::from(STEPS) * rate);
    let mut left_to_go = closer;
    for _ in 0..MOST {
        let near: Vec<(f64, f64)> = (-STEPS..=STEPS)
            .map(|place| best.0 + f64::from(place) * step)
            .filter(|&rate| rate > 0.0)
            .map(|rate| (rate, left(rate)))
            .collect();
        let place = (0..near.len()).min_by(|&a, &b| near[a].1.total_cmp(&near[b].1))?;
        best = near[place];
        // At the end of what was tried it may be farther on.
        if place > 0 && place + 1 < near.len() {
            step /= f64::from(STEPS) / 2.0;
            left_to_go -= 1;
        }
        if left_to_go == 0 {
            break;
        }
    }
    Some(best)
}

fn variance(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|own| (own - mean) * (own - mean)).sum::<f64>() / n
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;
    use crate::kernel::SECOND;
    use crate::random::{Chance, Key, Owner, Purpose, open01};

    const SPAN: (i64, i64) = (0, 3_600 * SECOND as i64);

    /// Messages that come by chance at so many a second for an hour, and how long each takes in all by a station
    /// that takes about a second, and by a wait for who comes when.
    fn taken(rate: f64, mut wait: impl FnMut(f64) -> f64) -> (Kept, Ticks<f64>) {
        let mut draws = Chance::new(3).stream(Key::named("pressed"), Owner::NONE, Purpose(0));
        let mut draw = || open01(draws.next_u64());
        let (mut kept, mut came) = (Kept::new(), Ticks::new(4_096));
        let mut at = 0.0;
        loop {
            at -= libm::log(draw()) / rate;
            if at > 3_600.0 {
                return (kept, came);
            }
            let ns = (at * 1e9) as i64;
            came.add(ns, 1.0);
            kept.add(ns, ((0.5 + draw() + wait(at)) * 1e9) as u64);
        }
    }

    /// The wait for a token of a bucket.
    fn bucket(rate: f64, burst: f64) -> impl FnMut(f64) -> f64 {
        let (mut tokens, mut last) = (burst, 0.0);
        move |at| {
            tokens = f64::min(tokens + (at - last) * rate, burst) - 1.0;
            last = at;
            f64::max(-tokens / rate, 0.0)
        }
    }

    #[test]
    fn a_line_is_told_from_what_follows_it_from_just_at_the_limit_to_far_above_it() {
        for (load, near) in [(1.0, 0.01), (1.2, 0.001), (4.0, 0.001)] {
            let (kept, came) = taken(5.0 * load, bucket(5.0, 8.0));
            let found = pressed(&kept, &came, 1.0, SPAN).unwrap();
            assert!((found.throttle.rate / 5.0 - 1.0).abs() < near, "{load}: {:?}", found.throttle);
            assert!(found.throttle.low < 5.0 && 5.0 < found.throttle.high, "{:?}", found.throttle);
            // What the bucket holds at first is told by quiet times alone.
            assert!((found.median - 1.0).abs() < 0.4, "{load}: {}", found.median);
        }
        // Quiet is what is before it presses, and after that.
        let (kept, came) = taken(5.5, bucket(5.0, 8.0));
        let longer = pressed(&kept, &came, 1.0, SPAN).unwrap().line.longer(1.0);
        let whole: i64 = longer.iter().map(|(from, to)| to - from).sum();
        assert!(whole > 2_400 * SECOND as i64 && longer[0].0 > 0, "{longer:?}");
    }

    #[test]
    fn what_is_slow_for_another_reason_waits_in_no_line() {
        // Nothing; a spell; spells that come again and again; an hour that grows slower.
        type Wait = fn(f64) -> f64;
        let waits: [Wait; 4] = [
            |_| 0.0,
            |at| if (1_200.0..1_500.0).contains(&at) { 6.0 } else { 0.0 },
            |at| if at % 900.0 < 200.0 { 3.0 } else { 0.0 },
            |at| at / 600.0,
        ];
        for (place, wait) in waits.into_iter().enumerate() {
            let (kept, came) = taken(5.0, wait);
            assert_eq!(pressed(&kept, &came, 1.0, SPAN).map(|own| own.throttle), None, "{place}");
        }
    }
}
