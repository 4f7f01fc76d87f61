//! Messages under way at the export: which of them will come, and which never will.

use super::carrier::Seen;
use super::latency::{Latency, of_sample};
use super::tail::Tail;
use crate::fit::gather::{Durations, Fate, Pending, seconds};
use crate::fit::{Observation, Sample, Setting};
use crate::logs::Status;

/// The age of what is known never to end, s: a thousand years.
const FOREVER: f64 = 3.2e10;

/// The share of deliveries whose latencies are known, at least, that losses may be found with them.
const TIMED: f64 = 0.98;

/// Of what is under way no more than so many times the share of those that ended will fail.
const MOST_FAILING: f64 = 2.0;

/// Messages under way when the log was exported: the time that each had been, s, in order.
pub(super) struct UnderWay {
    /// No longer than those that handsets were there for.
    pub(super) young: Vec<f64>,
    /// Longer than that.
    pub(super) old: Vec<f64>,
    /// Latencies of handsets that are there.
    body: Durations,
}

/// Latency and losses, found together.
pub(super) struct Joint {
    pub(super) latency: Latency,
    /// Messages that never come to an end, among all; and those of them that the log calls so.
    pub(super) lost: f64,
    pub(super) told: u64,
    /// Messages that will.
    pub(super) under_way: u64,
}

impl UnderWay {
    pub(super) fn of(seen: &Seen<'_>, durations: &Durations, tail: Option<&Tail>) -> UnderWay {
        // Those that take longer than anything that ever came are not under way any more.
        let longest = durations.quantile(1.0).unwrap_or(0.0).max(1e-9);
        let age = |own: &Pending| {
            let since_request = seconds(own.age);
            match own.since_sent {
                Some(age) if seen.timed => seconds(age),
                // A provider may be about to take it.
                None if seen.timed && since_request <= longest => 0.0,
                _ => since_request,
            }
        };
        let mut ages: Vec<f64> = seen.pending.iter().map(age).collect();
        ages.sort_by(f64::total_cmp);
        let until = tail.map_or(longest, |tail| tail.from);
        let (young, old) = ages.into_iter().partition(|&age| age <= until);
        let body = tail.map_or_else(|| durations.clone(), |tail| tail.body.clone());
        UnderWay { young, old, body }
    }

    /// The latency with the share of messages that is lost, by the likelihood of both: a latency that may be long
    /// and a loss make good for each other, so that neither is known without the other. `None` where the log has
    /// nothing under way, or not all of the messages that it takes.
    pub(super) fn with_latency(
        &self,
        seen: &Seen<'_>,
        durations: &Durations,
        path: &str,
    ) -> Option<Joint> {
        let cell = &seen.cell;
        let pending = cell.status(Status::Pending).checked_sub(seen.queued)?;
        let kept = (self.young.len() + self.old.len()) as u64;
        let unknown = pending.checked_sub(kept)?;
        let delivered = cell.status(Status::Delivered);
        let all =
            durations.count() <= delivered && durations.count() as f64 >= TIMED * delivered as f64;
        let away = cell.ends.of(Fate::Away, seen.failed_before) > 0;
        if self.young.is_empty() || !all || away {
            return None;
        }
        let (ages, failing) = self.without_failing(seen, durations);
        // What the log calls lost says nothing of what is pending: of that others are.
        let told = cell.status(Status::Unknown) + cell.status(Status::Cancelled) - cell.unasked;
        let resolution = seconds(seen.clocks.from);
        let alike = ages.chunk_by(|one, other| bin(*one) == bin(*other));
        let ages = alike.map(|own| {
            let mean = own.iter().sum::<f64>() / own.len() as f64;
            Observation::pending(mean, resolution).times(own.len() as u64)
        });
        let forever = Observation::pending(FOREVER, 0.0).times(unknown);
        let forever = Some(forever).filter(|own| own.count > 0);
        let sample: Sample =
            durations.observations(seen.clocks).chain(ages).chain(forever).collect();
        let setting = Setting { shift: seen.shifts.of(path), never: true };
        let latency = of_sample(&sample, path, setting);
        if latency.quantiles.is_empty() {
            return None;
        }
        let share = latency.never.map_or(0.0, |own| own.value);
        let lost = share * sample.rows() as f64;
        let under_way = (pending as f64 - lost).max(failing as f64).round() as u64;
        Some(Joint { latency, lost: lost + told as f64, told, under_way })
    }

    /// Ages without those of messages that will fail, and how many these are: by the times that failures take,
    /// where the log tells them.
    fn without_failing(&self, seen: &Seen<'_>, durations: &Durations) -> (Vec<f64>, u64) {
        let all = || self.young.iter().chain(&self.old).copied();
        let failed = &seen.cell.failed;
        let (failures, others) = (failed.count() as f64, durations.count() as f64);
        let share = failures / (failures + others).max(1.0);
        if share == 0.0 {
            return (all().collect(), 0);
        }
        let (fails, comes) = (Longer::of(failed), Longer::of(durations));
        let mut carried = 0.0;
        let stays = all().filter(|&age| {
            let (own, other) = (share * fails.than(age), (1.0 - share) * comes.than(age));
            let failing = if own > 0.0 { own / (own + other) } else { 0.0 };
            carried += 1.0 - failing.min(MOST_FAILING * share);
            let keep = carried >= 0.5;
            carried -= f64::from(u8::from(keep));
            keep
        });
        let stays: Vec<f64> = stays.collect();
        let failing = (self.young.len() + self.old.len() - stays.len()) as u64;
        (stays, failing)
    }

    /// Leaves out of the young ones as many as at each age wait for a handset or are lost, by the shares
    /// of those among messages that are older.
    pub(super) fn thin(&mut self, away: f64, lost: f64) -> Thinned {
        let there = (1.0 - lost - away).max(0.0);
        let comes = Longer::of(&self.body);
        let mut carried = 0.0;
        let before = self.young.len();
        self.young.retain(|&age| {
            let own = there * comes.than(age);
            carried += own / (own + lost + away).max(1e-12);
            let keep = carried >= 0.5;
            carried -= f64::from(u8::from(keep));
            keep
        });
        let thinned = (before - self.young.len()) as f64;
        let away = (thinned * away / (away + lost).max(1e-12)).round() as u64;
        Thinned { away, lost: thinned as u64 - away }
    }
}

/// Messages that aren't under way as the others are: those that wait for a handset, and those lost.
pub(super) struct Thinned {
    pub(super) away: u64,
    pub(super) lost: u64,
}

/// A bin of ages, 1/256 of them wide.
fn bin(age: f64) -> u64 {
    age.to_bits() >> 44
}

/// Shares of durations that are longer than an age.
struct Longer(Vec<(f64, f64)>);

impl Longer {
    fn of(durations: &Durations) -> Longer {
        let all = durations.count().max(1) as f64;
        let mut ended = 0.0;
        let left = durations.spans().map(|(low, _, count)| {
            ended += count as f64;
            (seconds(low), 1.0 - ended / all)
        });
        Longer(left.collect())
    }

    fn than(&self, age: f64) -> f64 {
        let ended = self.0.partition_point(|&(low, _)| low < age);
        ended.checked_sub(1).and_then(|place| self.0.get(place)).map_or(1.0, |own| own.1)
    }
}
