//! End of a log: cut off by its export, or long after the last request, when all was over.

use super::{Durations, Gathered, seconds};
use crate::kernel::SECOND;
use crate::logs::Status;

/// Of what should be under way at the export this share must be noted as pending.
const PENDING: f64 = 0.25;
/// Ages up to this share of the durations are looked at: those beyond are of the odd message.
const AGES: f64 = 0.9;
/// Of the log's end this share is looked at for where the demand ends, and no more than this.
const TAIL: i64 = 10;
const LONGEST_TAIL: i64 = 3_600 * SECOND as i64;
/// Requests that come after all others: so many times fewer than just before, of at least so many, and so
/// surely (half the likelihood ratio: one in 10^9).
const FEWER: f64 = 5.0;
const LEAST: f64 = 20.0;
const SURE: f64 = 20.0;

/// A tick has fewer requests than those beside it by so many standard deviations: the log has part of it.
const PARTLY: f64 = 3.0;
/// Of the ticks before the last one so many say how many events one has.
const BEFORE: i64 = 5;

/// The length of a clock's tick, ns, as far as it matters for when a log was exported: a minute, a second,
/// or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tick(i64);

impl Default for Tick {
    fn default() -> Tick {
        Tick(60 * SECOND as i64)
    }
}

impl Tick {
    /// Notes the times of a row.
    pub(super) fn note(&mut self, times: [Option<i64>; 3]) {
        for time in times.into_iter().flatten() {
            while self.0 > 0 && time % self.0 != 0 {
                self.0 = if self.0 > SECOND as i64 { SECOND as i64 } else { 0 };
            }
        }
    }
}

/// Steps on which requests may come all of them, as those of a job do that runs every so often; the longest
/// first.
const STEPS: [i64; 5] = [3_600, 900, 300, 60, 1];
/// Instants without which chance may have made it so.
const INSTANTS: u64 = 10;

/// The step on which all requests come, if they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct OnStep {
    /// Place in [`STEPS`].
    place: usize,
    last: Option<i64>,
    instants: u64,
}

impl OnStep {
    /// Notes the time of a request.
    pub(super) fn note(&mut self, at: i64) {
        if self.last == Some(at) {
            return;
        }
        (self.last, self.instants) = (Some(at), self.instants + 1);
        while STEPS.get(self.place).is_some_and(|step| at % (step * SECOND as i64) != 0) {
            self.place += 1;
        }
    }

    /// Its length, ns.
    pub(super) fn length(self) -> Option<i64> {
        let step = STEPS.get(self.place).filter(|_| self.instants >= INSTANTS)?;
        Some(step * SECOND as i64)
    }
}

impl Gathered {
    /// The step on which all requests come, ns, if they do: that of the clock, or of a job.
    pub(crate) fn requests_step(&self) -> Option<i64> {
        self.on_step.length()
    }

    /// The time of the export: of the last thing that the log knows of, or, where no clock tells more than
    /// seconds or minutes, so much later as the last tick has of what those before it have. Of what has
    /// ended in that tick the log knows, too.
    pub(crate) fn exported(&self) -> Option<i64> {
        let (latest, tick) = (self.latest?, self.tick.0);
        if tick == 0 {
            return Some(latest);
        }
        let (mut last, mut before) = (0, 0);
        for ticks in self.arrivals.iter().chain(&self.delivered) {
            if ticks.width() > tick {
                return Some(latest + tick / 2);
            }
            let counts = ticks.by(latest - BEFORE * tick, latest + tick, tick);
            last += counts.last().copied().unwrap_or(0);
            before += counts.iter().take(BEFORE as usize).sum::<u32>();
        }
        let whole = f64::from(before) / BEFORE as f64;
        let share = if before > 0 { (f64::from(last) / whole).min(1.0) } else { 0.5 };
        Some(latest + (share * tick as f64) as i64)
    }

    /// `true` if the log was exported while messages were under way: of those that take as long as others
    /// did, some are noted as pending. Where all was over, what has no final state never gets one.
    pub(crate) fn is_cut(&self) -> bool {
        let all = self.over(i64::MIN / 2, i64::MAX / 2, &[]).of(None, None);
        let pending = all.status(Status::Pending);
        let (Some(exported), Some(age)) = (self.exported(), all.cycle.quantile(AGES)) else {
            return pending > 0;
        };
        let from = exported.saturating_sub((age * 1e9) as i64);
        let young = self.pending(from, i64::MAX).len() as f64;
        let old = pending as f64 - young;
        let delivered = all.status(Status::Delivered) as f64 / all.rows().max(1) as f64;
        let left = Left::of(&all.cycle);
        let (mut requests, mut under_way) = (0.0, 0.0);
        for ticks in &self.arrivals {
            let start = from.div_euclid(ticks.width()) * ticks.width();
            for (at, count) in ticks.over(start, exported.saturating_add(ticks.width())) {
                let age = exported - at - ticks.width() / 2;
                requests += f64::from(count);
                under_way += f64::from(count) * delivered * left.beyond(seconds(age.max(0) as u64));
            }
        }
        let older = all.rows() as f64 - requests;
        let never = if older > 0.0 { old / older } else { 0.0 };
        young - never * requests > PENDING * under_way
    }

    /// The end of the demand: of the tick with the last request, of ticks as long as `tick`; or, where only a
    /// few stragglers come after all others, like those who ask again, that of the others.
    pub(crate) fn demand_ends(&self, tick: i64) -> Option<i64> {
        let (first, last) = self.span()?;
        let end = (last - 1).div_euclid(tick).saturating_mul(tick).saturating_add(tick);
        let width = self.arrivals.iter().map(|ticks| ticks.width()).max()?.max(tick);
        let longest = ((end - first) / TAIL).min(LONGEST_TAIL) / width;
        let count = usize::try_from(2 * longest).unwrap_or(0);
        let start = end.div_euclid(width) * width - 2 * longest * width;
        // The last one is whole where the end lies on a tick.
        let count = count + usize::from(end.rem_euclid(width) > 0);
        let mut counts = vec![0.0; count];
        for ticks in &self.arrivals {
            let own = ticks.by(start, end, width);
            counts.iter_mut().zip(own).for_each(|(sum, own)| *sum += f64::from(own));
        }
        // By where the others end: how surely there are fewer after it than just before.
        let mut found: Option<(f64, usize, f64)> = None;
        let mut after = counts.last().copied().unwrap_or(0.0);
        for place in (1..count).rev() {
            let Some(from) = place.checked_sub(count - place) else { break };
            let before: f64 = counts[from..place].iter().sum();
            if before >= LEAST && before >= FEWER * after {
                let mean = (before + after) / 2.0;
                let part = |own: f64| if own > 0.0 { own * libm::log(own / mean) } else { 0.0 };
                let gain = part(before) + part(after);
                if gain > found.map_or(SURE, |(best, ..)| best) {
                    found = Some((gain, place, after));
                }
            }
            after += counts[place - 1];
        }
        let Some((_, place, after)) = found else { return Some(end) };
        // After a campaign there are fewer, too: than mostly is what counts.
        let step = (count - place) as i64 * width;
        let cut = (start + place as i64 * width).min(end);
        Some(if FEWER * after <= self.mostly(first, cut, step) { cut } else { end })
    }

    /// The span of the requests, of which a clock tells ticks of `tick` ns: of the first and the last one only
    /// as much as they have of the requests of those beside them, if that are so few that chance doesn't make it.
    pub(crate) fn within_ticks(&self, (from, to): (i64, i64), tick: i64) -> (i64, i64) {
        let count = |from: i64| -> f64 {
            let own = self.arrivals.iter().flat_map(|ticks| ticks.by(from, from + tick, tick));
            own.map(f64::from).sum()
        };
        let wide = self.arrivals.iter().any(|ticks| ticks.width() > tick);
        if wide || to - from < (BEFORE + 2) * tick {
            return (from, to);
        }
        // What is left of a tick, by those beside it.
        let left = |own: i64, beside: i64| {
            let least = (0..BEFORE).map(|n| count(beside + n * tick)).min_by(f64::total_cmp);
            let whole = least.unwrap_or(0.0);
            let own = count(own);
            let chance = (whole * (1.0 + 1.0 / BEFORE as f64)).sqrt();
            if whole - own > PARTLY * chance { (own / whole * tick as f64) as i64 } else { tick }
        };
        let first = left(from, from + tick);
        let last = left(to - tick, to - (BEFORE + 1) * tick);
        (from + tick - first, to - tick + last)
    }

    /// The median number of requests in steps of time.
    fn mostly(&self, from: i64, to: i64, step: i64) -> f64 {
        let mut counts: Vec<f64> = Vec::new();
        for ticks in &self.arrivals {
            let own = ticks.by(from, to, step);
            counts.resize(counts.len().max(own.len()), 0.0);
            counts.iter_mut().zip(own).for_each(|(sum, own)| *sum += f64::from(own));
        }
        counts.sort_by(f64::total_cmp);
        counts.get(counts.len() / 2).copied().unwrap_or(0.0)
    }
}

/// The shares of durations beyond ages.
struct Left(Vec<(f64, f64)>);

impl Left {
    fn of(durations: &Durations) -> Left {
        let all = durations.count().max(1) as f64;
        let mut left = all;
        let share = |(_, high, count): (u64, u64, u64)| {
            left -= count as f64;
            (seconds(high), left / all)
        };
        Left(durations.spans().map(share).collect())
    }

    fn beyond(&self, age: f64) -> f64 {
        let place = self.0.partition_point(|&(high, _)| high <= age);
        place.checked_sub(1).and_then(|place| self.0.get(place)).map_or(1.0, |&(_, left)| left)
    }
}
