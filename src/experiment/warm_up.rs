//! The length of the warm-up, and the steadiness of the run behind it.

use super::metrics::HEADLINE;
use super::share;
use crate::chain::spec::{Arrivals, Quiet, Spec};
use crate::chain::{Calendar, Results};
use crate::kernel::Nanos;
use crate::stats::{MSER_BATCH, difference, means, mser};

/// Batches it takes: half of them must be enough to see how much the series wanders.
const BATCHES_LEAST: usize = 20;
/// A beginning is unlike the rest if chance makes it so less often than this, over all series of a
/// run together. MSER alone says of many a steady series that something at its beginning is better
/// left out.
const CHANCE: f64 = 0.001;
/// … and if it is this many times as far from the rest as the farthest block of the rest.
const FARTHER: f64 = 3.0;
/// A beginning that moves a mean by less than this share of it doesn't matter.
const MATTERS: f64 = 0.01;

/// A series that isn't steady where messages are counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsettled {
    /// Its name: a column of the time series, or the headline's path.
    pub series: String,
    /// The time at which it settles, to the end of a batch of five samples; `None`: not in the first half of the
    /// run, so that there is no steady state to speak of.
    pub settles: Option<Nanos>,
}

/// The worst of the series that are not steady after the warm-up: one without a steady state, else
/// the one that settles last. Over replications their mean is judged.
///
/// Judged are the headline by request time, and the levels of stations: queue depth, busy workers,
/// the provider's submits outstanding (if limited) and backlog, the carrier's line; by MSER-5 (see
/// [`mser`]) over [0, duration), and by whether what it leaves out after the warm-up is really
/// unlike the rest. `None` also where that is no question, because arrivals are not steady
/// (profile, campaign, trace), a station is another by time of day, something has quiet hours, an
/// incident is to change the course of things or a route's rule moved traffic, or can't be told, with fewer than 100 samples in `duration`.
#[must_use]
pub fn unsettled(spec: &Spec, results: &Results) -> Option<Unsettled> {
    let steady = |arrivals: &Arrivals| {
        matches!(
            arrivals,
            Arrivals::Poisson { .. } | Arrivals::Constant { .. } | Arrivals::OnOff { .. }
        )
    };
    let is_held = quiet(spec).next().is_some();
    if is_held
        || by_day(spec).next().is_some()
        || !spec.incidents.is_empty()
        || results.routes.iter().any(|route| route.slowed > 0)
        || !spec.traffic.iter().all(|stream| steady(&stream.arrivals))
    {
        return None;
    }
    let every = spec.sample_every.max(1);
    let batch = every.saturating_mul(MSER_BATCH as u64);
    let warm_up = usize::try_from(spec.warmup.div_ceil(batch)).ok()?;
    let series = series(spec, results);
    let chance = CHANCE / series.len().max(1) as f64;
    let found = series.into_iter().filter_map(|(name, batches)| {
        let settles = judge(&batches, warm_up, chance)?;
        Some(Unsettled { series: name, settles: settles.map(|batches| batches as u64 * batch) })
    });
    // The first of equals.
    found.reduce(|worst, next| {
        let later = |a: Option<Nanos>, b: Option<Nanos>| match (a, b) {
            (_, None) => false,
            (None, _) => true,
            (Some(a), Some(b)) => a > b,
        };
        if later(next.settles, worst.settles) { next } else { worst }
    })
}

/// The streams, queues and carriers whose quiet hours begin or end while requests come, as a scenario names
/// them.
pub(super) fn quiet(spec: &Spec) -> impl Iterator<Item = String> {
    let turns = |quiet: &[Quiet]| {
        Calendar::new(quiet, spec.since_monday())
            .is_some_and(|calendar| calendar.next_turn(0) < spec.duration)
    };
    let streams = spec.traffic.iter().map(|one| ("traffic", &one.name, &one.quiet));
    let queues = spec.queues.iter().map(|one| ("queue", &one.name, &one.quiet));
    let carriers = spec.carriers.iter().map(|one| ("carrier", &one.name, &one.quiet));
    let all = streams.chain(queues).chain(carriers);
    all.filter(move |(.., quiet)| turns(quiet)).map(|(kind, name, _)| format!("{kind}.{name}"))
}

/// Providers and carriers that are others by time of day, as a scenario names them.
pub(super) fn by_day(spec: &Spec) -> impl Iterator<Item = String> {
    let providers = spec
        .providers
        .iter()
        .filter(|one| !one.latency_by_day.is_empty() || !one.failures_by_day.is_empty());
    let providers = providers.map(|one| format!("provider.{}", one.name));
    let carriers = spec.carriers.iter().filter(|one| !one.latency_by_day.is_empty());
    providers.chain(carriers.map(|one| format!("carrier.{}", one.name)))
}

/// If a series isn't steady after `warm_up` batches: after how many it is, or that it never is.
fn judge(batches: &[f64], warm_up: usize, chance: f64) -> Option<Option<usize>> {
    if batches.len() < BATCHES_LEAST.max(warm_up + 1) {
        return None;
    }
    let half = batches.len() / 2;
    let (anywhere, out) = (mser(batches, batches.len())?, mser(batches, half)?);
    if anywhere > half.max(warm_up) {
        // The best of the first half's choices may do all the same: is the rest level?
        let rest = &batches[out.max(warm_up)..];
        let (first, second) = rest.split_at(rest.len() / 2);
        let changes = difference(first, second).is_some_and(|found| found.by_chance < chance);
        if changes && matters(first, second) {
            return Some(None);
        }
    }
    if out <= warm_up {
        return None;
    }
    let (before, after) = (&batches[warm_up..out], &batches[out..]);
    let found = difference(before, after)?;
    let unlike = found.by_chance < chance && found.farther > FARTHER;
    (unlike && matters(&batches[warm_up..], after)).then_some(Some(out))
}

/// `true` if two means are so far apart that a reader of one would care.
fn matters(one: &[f64], other: &[f64]) -> bool {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    (mean(one) - mean(other)).abs() > MATTERS * mean(other).abs()
}

/// The series, in batches of five samples.
fn series(spec: &Spec, results: &Results) -> Vec<(String, Vec<f64>)> {
    let whole = usize::try_from(spec.duration / spec.sample_every.max(1)).unwrap_or(usize::MAX);
    let samples = &results.series[..results.series.len().min(whole)];
    let mut series = Vec::new();
    // A batch without messages has no share.
    let late: Option<Vec<f64>> = samples
        .chunks_exact(MSER_BATCH)
        .map(|batch| {
            let accepted = batch.iter().map(|sample| sample.accepted).sum();
            let on_time: u64 = batch.iter().map(|sample| sample.cohort_on_time).sum();
            share(accepted - on_time, accepted)
        })
        .collect();
    series.extend(late.map(|late| (HEADLINE.to_owned(), late)));
    for (index, name) in results.gauges.columns.iter().enumerate() {
        if is_station(spec, name) {
            let level = |gauges: &[u64]| gauges.get(index).map_or(0.0, |&level| level as f64);
            let levels: Vec<f64> = samples.iter().map(|sample| level(&sample.gauges)).collect();
            series.push((name.clone(), means(&levels, MSER_BATCH)));
        }
    }
    series
}

/// `true` if a gauge is a level of a station that the report has figures of. Messages in flight are
/// not: those for phones that are off for hours go on growing, and nobody waits behind them.
fn is_station(spec: &Spec, gauge: &str) -> bool {
    if gauge == "in_flight" || gauge == "balance" {
        return false;
    }
    let submits =
        gauge.strip_prefix("provider.").and_then(|rest| rest.strip_suffix(".outstanding"));
    submits.is_none_or(|name| {
        let provider = spec.providers.iter().find(|provider| provider.name == name);
        provider.is_some_and(|provider| provider.window.is_some() || provider.servers.is_some())
    })
}
