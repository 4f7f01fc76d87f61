//! Figures of a part of a log, and how far two logs are apart.

use super::Distances;
use super::apart::apart;
use crate::fit::Resolution;
use crate::fit::distance::{around, between_histograms, wasserstein};
use crate::fit::gather::{Cell, Durations, Gathered, Slice, Ticks, seconds};
use crate::kernel::SECOND;
use crate::logs::{Failure, Status};
use crate::stats::clopper_pearson;

const MINUTE: i64 = 60 * SECOND as i64;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Hours that are compared one by one, and the pieces of a part that is shorter than a few.
const HOURS: i64 = 200;
const PIECES: i64 = 6;
/// Shares of requests delivered within these, s.
const WITHIN: [(&str, u64); 6] = [
    ("within.5s", 5),
    ("within.10s", 10),
    ("within.30s", 30),
    ("within.60s", 60),
    ("within.5m", 300),
    ("within.1h", 3_600),
];
pub(crate) const QUANTILES: [(&str, f64); 4] = [
    ("latency.p50_s", 0.5),
    ("latency.p90_s", 0.9),
    ("latency.p95_s", 0.95),
    ("latency.p99_s", 0.99),
];
/// Differences by which nobody decides otherwise: of a share's odds as a share of them, and at least so much of
/// it; of a latency or a volume as a share of it, and of a latency a tick of the clock more.
const ODDS: f64 = 0.05;
const SHARE: f64 = 0.002;
const PART: f64 = 0.02;
/// Requests that come more evenly than a tenth of Poisson's dispersion are fitted as evenly spaced, which never vary:
/// three standard deviations of such counts, over the root of the count.
const EVEN: f64 = 0.95;
/// The same of the busiest minute, the one of many that chance made the greatest.
const PEAK: f64 = 0.1;

/// A figure of a part of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Figure {
    pub(crate) value: Option<f64>,
    pub(crate) half_width: Option<f64>,
    /// A difference that doesn't matter.
    pub(crate) slack: f64,
    /// Of a quantile, its share.
    pub(crate) at: Option<f64>,
}

/// A part of a log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// `true` if requests come after it: of people who ask again when the demand has ended, and are those
    /// whose messages failed.
    pub(crate) stragglers: bool,
}

impl Part {
    /// Requests in it.
    pub(crate) fn of(self, log: &Gathered) -> Slice {
        let until = if self.stragglers { log.slice_ends(self.to) } else { i64::MAX / 2 };
        log.over(self.from, until, &[])
    }
}

/// The steps of a log's clocks, ns: finer than that nothing is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grain {
    /// Of the times of requests.
    request: i64,
    /// Of the times from request to handset.
    cycle: i64,
    /// The span that both clocks leave open of these.
    open: i64,
    /// A minute in whole ticks of the arrivals, where these are not too long for that.
    minute: Option<i64>,
}

impl Grain {
    /// Those of a log with such clocks.
    pub(crate) fn of(clocks: Resolution, log: &Gathered) -> Grain {
        let Resolution { submitted, sent, done } = clocks;
        let clock = submitted.or(sent).or(done).unwrap_or(1).max(1);
        let done = done.unwrap_or(1);
        let request = clock.max(log.requests_step().unwrap_or(1));
        // Of a long log arrivals are kept by longer ticks than of its runs.
        let tick = log.arrivals.iter().map(Ticks::width).max().unwrap_or(1).max(request);
        let minute = (tick <= MINUTE / 3).then(|| (MINUTE + tick - 1) / tick * tick);
        Grain { request, cycle: clock.max(done), open: clock.saturating_add(done), minute }
    }

    /// False of shares within less than a tick of the clock.
    pub(crate) fn tells(self, figure: &str) -> bool {
        let own = WITHIN.iter().find(|(name, _)| *name == figure);
        own.is_none_or(|(_, within)| within * SECOND >= self.cycle.unsigned_abs())
    }

    /// The pieces by which the volume of `[from, to)` is compared: where the first begins, and how long
    /// each is. Parts of hours where there are few; whole ticks of the clock.
    fn pieces(self, from: i64, to: i64) -> (i64, i64) {
        let tick = self.request;
        let up = |at: i64, step: i64| (at + step - 1).div_euclid(step) * step;
        if to - from >= PIECES / 2 * HOUR {
            let step = HOUR.max(tick);
            return (up(from, step), step);
        }
        (up(from, tick), ((to - from) / PIECES / tick).max(1) * tick)
    }
}

/// A share of rows.
pub(super) fn share(path: String, (hits, of): (u64, u64)) -> (String, Figure) {
    let [low, high] = clopper_pearson(hits, of);
    let value = (of > 0).then(|| hits as f64 / of as f64);
    let half_width = value.map(|_| (high - low) / 2.0);
    let slack = value.map_or(SHARE, |own| (ODDS * own * (1.0 - own)).max(SHARE));
    (path, Figure { value, half_width, slack, at: None })
}

/// The figures of what was requested in `[from, to)`; pieces have the names of a clock that is `zone` ns ahead of
/// UTC.
pub(crate) fn figures(
    log: &Gathered,
    part: Part,
    grain: Grain,
    zone: i64,
) -> Vec<(String, Figure)> {
    let Part { from, to, .. } = part;
    let all = part.of(log);
    let cell = all.of(None, None);
    let mut figures = Vec::new();
    let shares = names().into_iter().zip(counts(&cell, &[]));
    let timed = cell.cycle.count() > 0 || cell.status(Status::Delivered) == 0;
    let told = |name: &str| grain.tells(name) && (timed || !name.starts_with("within."));
    figures.extend(shares.filter(|(name, _)| told(name)).map(|(name, own)| share(name, own)));
    if timed {
        for (name, at) in QUANTILES {
            figures.push((name.to_owned(), quantile(&cell.cycle, at, grain)));
        }
    }
    figures.extend(apart(log, &all, timed, grain));
    // Whole pieces only.
    let (mut start, step) = grain.pieces(from, to);
    let first = start;
    while start + step <= to && start < first + HOURS * step {
        let count = arrivals(log, start, start + step);
        let path = format!("volume.{}", clock(start + zone));
        let figure = Figure {
            value: Some(count),
            half_width: Some(1.96 * count.max(1.0).sqrt()),
            slack: (PART * count).max(EVEN * count.sqrt()),
            at: None,
        };
        figures.push((path, figure));
        start += step;
    }
    if let Some(step) = grain.minute {
        let most = volumes(log, from, to, step).into_iter().fold(0.0, f64::max);
        let slack = PEAK * most;
        let figure = Figure { value: Some(most), half_width: None, slack, at: None };
        figures.push(("busiest_minute".to_owned(), figure));
    }
    figures.push((
        "volume".to_owned(),
        Figure {
            value: Some(all.rows() as f64),
            half_width: Some(1.96 * (all.rows() as f64).sqrt()),
            slack: (PART * all.rows() as f64).max(EVEN * (all.rows() as f64).sqrt()),
            at: None,
        },
    ));
    figures
}

/// Names of the figures that are shares, then of quantiles.
pub(crate) fn names() -> Vec<String> {
    let within = WITHIN.iter().map(|(name, _)| (*name).to_owned());
    let states = states().map(|own| format!("states.{}", own.name()));
    let failures = failures().map(|own| format!("failures.{}", own.name()));
    let quantiles = QUANTILES.iter().map(|(name, _)| (*name).to_owned());
    let shares = std::iter::once("delivered".to_owned()).chain(within).chain(states);
    shares.chain(failures).chain(quantiles).collect()
}

fn states() -> impl Iterator<Item = Status> {
    Status::ALL.into_iter().filter(|&own| own != Status::Delivered)
}

/// Kinds of failure; `Other` is none: the states tell how many there are.
fn failures() -> impl Iterator<Item = Failure> {
    Failure::ALL.into_iter().filter(|&own| own != Failure::Other)
}

/// Rows of each of these, and out of how many; of a quantile, those up to that of all parts, ns.
pub(crate) fn counts(cell: &Cell, quantiles: &[u64]) -> Vec<(u64, u64)> {
    let rows = cell.rows();
    let timed = cell.cycle.count();
    let of_rows = |hits| (hits, rows);
    let within = WITHIN.iter().map(|(_, within)| (cell.cycle.up_to(within * SECOND), cell.timed()));
    let others = states().map(|own| cell.status(own));
    let others = others.chain(failures().map(|own| cell.failure(own))).map(of_rows);
    let below = quantiles.iter().map(|&at| (cell.cycle.up_to(at), timed));
    std::iter::once(of_rows(cell.status(Status::Delivered)))
        .chain(within)
        .chain(others)
        .chain(below)
        .collect()
}

pub(super) fn quantile(durations: &Durations, at: f64, grain: Grain) -> Figure {
    let n = durations.count() as f64;
    let value = durations.quantile(at).filter(|_| n * (1.0 - at) >= 5.0);
    let error = 1.96 * (at * (1.0 - at) / n.max(1.0)).sqrt();
    let end = |share: f64| durations.quantile(share.clamp(0.0, 1.0));
    let [tick, open] = [grain.cycle, grain.open].map(|ns| ns as f64 / SECOND as f64);
    // A duration that is noted as d lies between d less the one clock's step and d and the other's.
    let width = |(low, high)| (high - low + open) / 2.0;
    let half_width = end(at - error).zip(end(at + error)).map(width);
    let slack = value.map_or(0.0, |value| PART * value + tick);
    Figure { value, half_width, slack, at: Some(at) }
}

fn arrivals(log: &Gathered, from: i64, to: i64) -> f64 {
    let of = log.arrivals.iter().map(|ticks| ticks.by(from, to, to - from));
    of.flatten().map(f64::from).sum()
}

/// The beginning of a piece: `2026-01-31T18:00` or, where a log counts from t = 0, `18:00` of a day.
pub(super) fn clock(at: i64) -> String {
    let relative = (0..60 * DAY).contains(&at);
    let form = match at.rem_euclid(60 * SECOND as i64) {
        0 if relative => "%H:%M",
        0 => "%Y-%m-%dT%H:%M",
        _ if relative => "%H:%M:%S",
        _ => "%Y-%m-%dT%H:%M:%S",
    };
    let time = jiff::Timestamp::from_nanosecond(i128::from(at));
    let text = time.map_or_else(|_| at.to_string(), |time| time.strftime(form).to_string());
    match at.div_euclid(DAY) {
        day if relative && day > 0 => format!("day-{}T{text}", day + 1),
        _ => text,
    }
}

/// A part of a log as far as distances go.
pub(crate) struct Outline {
    cycle: Vec<(f64, f64)>,
    volumes: Vec<f64>,
    minutes: Vec<f64>,
    /// Length of a piece of the volume, h.
    piece: f64,
}

impl Outline {
    pub(crate) fn of(log: &Gathered, part: Part, zone: i64, grain: Grain) -> Outline {
        let Part { from, to, .. } = part;
        let (_, step) = grain.pieces(from, to);
        Outline {
            cycle: weighted(&part.of(log).of(None, None).cycle),
            volumes: volumes(log, from, to, step),
            minutes: by_minute(log, from, to, zone),
            piece: step as f64 / HOUR as f64,
        }
    }

    /// Distances from the same part of another log.
    pub(crate) fn distances(&self, other: &Outline) -> Distances {
        let volume = between_histograms(&self.volumes, &other.volumes);
        let of_day = around(&self.minutes, &other.minutes);
        Distances {
            cycle_time_s: wasserstein(&self.cycle, &other.cycle),
            hourly_volume_h: volume.map(|bins| bins * self.piece),
            time_of_day_h: of_day.map(|minutes| minutes / 60.0),
        }
    }
}

/// Requests in each piece of `[from, to)`.
fn volumes(log: &Gathered, from: i64, to: i64, step: i64) -> Vec<f64> {
    let mut volumes: Vec<f64> = Vec::new();
    for ticks in &log.arrivals {
        let own = ticks.by(from, to, step);
        volumes.resize(volumes.len().max(own.len()), 0.0);
        volumes.iter_mut().zip(own).for_each(|(sum, own)| *sum += f64::from(own));
    }
    volumes
}

/// Durations with how often each was seen, s.
fn weighted(durations: &Durations) -> Vec<(f64, f64)> {
    let middle = |low: u64, high: u64| (seconds(low) + seconds(high - 1)) / 2.0;
    durations.spans().map(|(low, high, count)| (middle(low, high), count as f64)).collect()
}

/// Requests by minute of the day.
fn by_minute(log: &Gathered, from: i64, to: i64, zone: i64) -> Vec<f64> {
    let mut minutes = vec![0.0; 1_440];
    for ticks in &log.arrivals {
        for (at, count) in ticks.over(from, to) {
            let minute = (at + zone).rem_euclid(DAY) / (60 * SECOND as i64);
            if let Some(own) = minutes.get_mut(minute as usize) {
                *own += f64::from(count);
            }
        }
    }
    minutes
}
