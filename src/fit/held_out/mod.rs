//! A fitted scenario, judged on the part of the log that it hasn't seen.

mod advice;
mod apart;
mod as_logged;
mod dispersion;
mod figures;
mod level;
mod over_time;
mod pooled;
mod vague;
mod verdict;
mod words;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use advice::advice;
use apart::{Apart, cycles, is_apart};
pub(crate) use as_logged::{AsLogged, Form};
use dispersion::{Parts, factors};
use figures::{Figure, Grain, Outline, Part, figures};
use level::level;
use over_time::OverTime;
pub use over_time::Piece;
use pooled::Pooled;
use verdict::verdict;
use words::Words;

use super::Plan;
use super::compose::{Composed, counted, values};
use super::drawn::drawn;
use super::gather::{Gathered, Slice};
use super::untold::{Untold, unknown, untold};
use crate::chain::{EngineChoice, simulate_by};
use crate::experiment::{Advance, Watch, Workers, in_order};
use crate::kernel::{Pace, Reached};
use crate::random::Chance;
use crate::scenario::{Overrides, Source, load};
use crate::special::student_t_quantile;

/// A figure of the hidden part, predicted and seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Its path: `within.30s`, `latency.p95_s`, `volume.18:00`.
    pub path: String,
    /// The mean of what the fitted scenario comes to; of a quantile, that of all runs together.
    pub predicted: f64,
    /// The interval in which one more such log is: together with all other figures 95 times of 100.
    pub low: f64,
    /// Its other end.
    pub high: f64,
    /// The log's value.
    pub seen: f64,
    /// Half the width of its own 95 % interval, of shares and quantiles.
    pub seen_half_width: Option<f64>,
    /// Variance over parts of the log in that over parts of the runs, where the scenario was fitted; at least
    /// one. Both intervals are wider by its root.
    pub dispersion: f64,
    /// `true` if what is seen lies in the interval.
    pub agrees: bool,
    /// `true` of a headline figure: these have half of the verdict's error, however many others there are.
    pub headline: bool,
}

impl Compared {
    /// A figure by its prediction with the ends of its interval, and by what is seen; `slack` is a difference that
    /// doesn't matter.
    fn of(path: &str, [predicted, low, high]: [f64; 3], slack: f64, seen: f64) -> Compared {
        // No figure is below nothing, no share above all.
        let most = if is_share(path) { 1.0 } else { f64::INFINITY };
        let (low, high) =
            (low.min(predicted - slack).max(0.0), high.max(predicted + slack).min(most));
        Compared {
            path: path.to_owned(),
            predicted,
            low,
            high,
            seen,
            seen_half_width: None,
            dispersion: 1.0,
            agrees: (low..=high).contains(&seen),
            headline: false,
        }
    }
}

/// Distances of what is predicted from what is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Distances {
    /// Wasserstein-1 of the times from request to handset, s.
    pub cycle_time_s: Option<f64>,
    /// Wasserstein-1 of the hours' shares of the volume (of shorter pieces where there are few hours), h.
    pub hourly_volume_h: Option<f64>,
    /// Wasserstein-1 of the times of day of requests, around the clock, h.
    pub time_of_day_h: Option<f64>,
}

/// The judgement by the hidden part.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The figures.
    pub figures: Vec<Compared>,
    /// Shares of the part that it was fitted to.
    pub reproduced: Vec<Compared>,
    /// Carriers and providers of many messages kept out that the fitted part doesn't have.
    pub unknown: Vec<String>,
    /// Senders, or pairs of provider and carrier, that are too many to compare all, a sentence each.
    pub many: Vec<String>,
    /// Mean distances of the runs.
    pub distances: Distances,
    /// The same between one run of the fitted scenario and the next: what chance alone makes.
    pub among: Distances,
    /// Runs.
    pub replications: u64,
    /// Messages of the hidden part.
    pub rows: u64,
    /// All figures agree.
    pub passes: bool,
    /// The verdict, in a sentence.
    pub verdict: String,
    /// The figures farthest off where it doesn't agree, and the likely ways out, a sentence each.
    pub advice: Vec<String>,
    /// Cumulated shares of the time to delivery: s, predicted mean, low, high, seen.
    pub course: Vec<[f64; 5]>,
    /// Share delivered and median over time.
    pub over_time: Vec<Piece>,
}

/// The reason why nothing is judged.
#[derive(Debug, thiserror::Error)]
pub enum Unjudged {
    /// Nothing was kept out, or nothing was there.
    #[error("no requests in the part of the log that is kept out")]
    Nothing,
    /// Too little was there.
    #[error("{} in the part of the log that is kept out: a verdict takes {LEAST}", counted(*.0, "request"))]
    Few(u64),
    /// The scenario isn't one.
    #[error("the fitted scenario can't be run: {0}")]
    Unsound(String),
    /// Somebody stopped it, or the books broke.
    #[error("{0}")]
    Broken(String),
}

/// Requests without which nothing is judged.
const LEAST: u64 = 50;
/// Messages that are simulated at most, in all.
const MESSAGES: u64 = 6_000_000;
/// Probabilities with which a right scenario fails by a headline figure, and by any other.
const HEADLINES: f64 = 0.025;
const OTHERS: f64 = 0.025;
/// Requests in a piece below which their number is skewed.
const SMALL: f64 = 50.0;
/// Shares that are compared in the part that was fitted, and by how much they may be off there at least.
const ENDS: f64 = 14.0;
const FAR: f64 = 0.02;
/// Runs at most and at least.
const RUNS: (u64, u64) = (24, 6);
/// Times that stand for those that failures take.
const FAILING: usize = 200;

/// Times that failures take from the request on, ns, of the first half of a part, of which the export cut off the
/// fewest.
fn failing(log: &Gathered, (from, to): (i64, i64)) -> Vec<i64> {
    let half = log.over(from, from.midpoint(to), &[]).of(None, None);
    values(&half.failed, FAILING).into_iter().map(|own| (own * 1e9) as i64).collect()
}

impl Judgement {
    /// Reasons why agreement says little, in words.
    pub(crate) fn vague(&self) -> Vec<String> {
        vague::vague(&self.figures)
    }
}

/// Runs the fitted scenario over the log's span and compares what it says of the hidden part.
///
/// # Errors
/// [`Unjudged`].
pub fn judge(
    log: &Gathered,
    plan: &Plan,
    composed: &Composed,
    workers: &Workers,
    watch: &impl Watch,
) -> Result<Judgement, Unjudged> {
    let (from, to) = (composed.held_from, composed.end);
    let stragglers = log.span().is_some_and(|(_, last)| last > to);
    let part = Part { from, to, stragglers };
    let hidden = part.of(log);
    match hidden.rows() {
        _ if from >= to => return Err(Unjudged::Nothing),
        0 => return Err(Unjudged::Nothing),
        rows if rows < LEAST => return Err(Unjudged::Few(rows)),
        _ => {}
    }
    let grain = Grain::of(plan.resolution, log);
    let untold = untold(log);
    let mut seen = figures(log, part, grain, plan.zone);
    seen.retain(|(path, _)| !untold.iter().any(|own| own.hides(path)));
    // Names that the fitted part doesn't have are told apart, and of one alone there is nothing to tell.
    let earlier = log.over(composed.origin, from, &[]);
    let (apart, new) = (Apart::of(log, &hidden, &earlier), unknown(log, &hidden, &earlier));
    seen.retain(|(path, _)| {
        !is_apart(path) || apart.compares(path) && (new.is_empty() || !is_part(path))
    });
    let runs = (MESSAGES / log.rows.max(1)).clamp(RUNS.1, RUNS.0);
    let all = log.over(i64::MIN / 2, i64::MAX / 2, &[]).of(None, None);
    let before = earlier.of(None, None);
    let lost = composed.parameters.iter().filter(|own| own.is_loss());
    let lost: f64 = lost.map(|own| own.value * own.rows as f64).sum();
    let form = Form {
        resolution: plan.resolution,
        attempts: log.with_attempts > 0,
        kinds: all.failures.iter().any(|&n| n > 0),
        late: i64::try_from(all.receipts.mean().unwrap_or(0)).unwrap_or(0),
        unreceived: all.unreceived > 0,
        states: all.statuses.map(|count| count > 0),
        gap: plan.gap,
        words: Words::of(&before, log.fails_before(&before), lost),
        failing: failing(log, (composed.origin, from)),
    };
    let fitted = Parts::of(log, (composed.origin, from), &composed.incidents);
    // Of a log in which all was over, none that is predicted is cut off, however long it takes.
    let exported = if log.is_cut() { log.exported().unwrap_or(to) } else { i64::MAX / 2 };
    let times = times(&hidden);
    let seen_by = delivered_by(&hidden, &times);
    let mut predicted: Vec<Vec<(String, Figure)>> = Vec::new();
    let (mut to_seen, mut among, mut courses) = (Vec::new(), Vec::new(), Vec::new());
    let (mut of_parts, mut before) = (Vec::new(), None::<Outline>);
    let mut quantiles = Pooled::of(&seen);
    let outline = Outline::of(log, part, plan.zone, grain);
    let (over_time, mut told) = (OverTime::of(log, part), Vec::new());
    in_order(
        workers,
        0..runs,
        |run| {
            let set = drawn(&composed.uncertain, plan.seed, run);
            let scenario =
                load(&source(plan, composed), &Overrides { set, ..Overrides::default() })
                    .map_err(|errors| Unjudged::Unsound(errors.render(false)))?;
            let mut observer = AsLogged::new(&scenario.spec, &form, composed.origin, exported);
            observer.parts = fitted.empty();
            let seed = Chance::replication_seed(plan.seed, run);
            let mut pace = Told { watch, last: 0, until: scenario.spec.duration };
            simulate_by(EngineChoice::Fast, &scenario.spec, seed, &mut observer, &mut pace)
                .map_err(|imbalance| Unjudged::Broken(imbalance.to_string()))?;
            watch.ended();
            let AsLogged { parts, log: run, .. } = observer;
            let course = delivered_by(&part.of(&run), &times);
            // No run is kept: those that wait for their turn may be several.
            let figures = figures(&run, part, grain, plan.zone);
            let cycles = cycles(&run, part);
            let told = over_time.told(&run);
            Ok((parts, figures, course, told, cycles, Outline::of(&run, part, plan.zone, grain)))
        },
        |_, (parts, figures, course, pieces, cycles, run)| {
            told.push(pieces);
            quantiles.add(&cycles);
            of_parts.push(parts);
            predicted.push(figures);
            courses.push(course);
            to_seen.push(outline.distances(&run));
            among.extend(before.as_ref().map(|before: &Outline| before.distances(&run)));
            before = Some(run);
        },
    )?;
    let mut known = Vec::new();
    for (path, own) in &seen {
        let of = |figures: &Vec<(String, Figure)>| {
            let own = figures.iter().find(|(known, _)| known == path);
            // A run may have nothing of a carrier.
            own.map_or(is_part(path).then_some(0.0), |(_, figure)| figure.value)
        };
        let values: Option<Vec<f64>> = predicted.iter().map(of).collect();
        let (Some(value), Some(values)) = (own.value, values) else { continue };
        // What neither is there nor predicted is no success.
        if value == 0.0 && values.iter().all(|&value| value == 0.0) {
            continue;
        }
        known.push((path, value, own, values));
    }
    let factors = factors(&fitted, &of_parts);
    let all = known.len();
    let headlines = known.iter().filter(|(path, ..)| is_headline(path)).count();
    let compared = known.into_iter().map(|(path, seen, own, values)| {
        let headline = is_headline(path);
        let (error, count) =
            if headline { (HEADLINES, headlines) } else { (OTHERS, all - headlines) };
        let dispersion = factors.get(&*alike(path)).copied().unwrap_or(1.0);
        // All together (Bonferroni).
        let error = error / count as f64;
        let law = Law { dispersion, error };
        let of_quantile = own.at.and_then(|at| quantiles.interval(path, at, law));
        let [predicted, low, high] = of_quantile.unwrap_or_else(|| {
            // How many go to each carrier isn't drawn: what isn't known of it comes besides.
            let fitted = earlier.rows().max(1) as f64;
            let share = moments(&values).0;
            let besides = if is_part(path) { share * (1.0 - share) / fitted } else { 0.0 };
            interval(path, &values, law, besides)
        });
        Compared {
            seen_half_width: own.half_width.map(|own| own * dispersion.sqrt()),
            dispersion,
            headline,
            ..Compared::of(path, [predicted, low, high], own.slack, seen)
        }
    });
    let compared: Vec<Compared> = compared.collect();
    let reproduced = reproduced(&fitted, &of_parts, &factors, &untold, grain);
    let drawn_over_time = ["delivered", "latency.p50_s"];
    let dispersions = drawn_over_time.map(|path| factors.get(path).copied().unwrap_or(1.0));
    let not_told = drawn_over_time.map(|path| untold.iter().any(|own| own.hides(path)));
    let over_time = over_time.pieces(&told, dispersions, not_told, plan.zone);
    let (to_seen, among) = (mean_of(&to_seen), mean_of(&among));
    let off: Vec<&Compared> = compared.iter().filter(|own| !own.agrees).collect();
    let before: Vec<&Compared> = reproduced.iter().filter(|own| !own.agrees).collect();
    let passes = off.is_empty() && before.is_empty();
    let (verdict, mut advice) = (verdict(&compared, &off, &before), advice(&off, &before));
    if off.iter().chain(&before).any(|own| own.path.starts_with("volume")) {
        let level = level(log, (composed.origin, to), plan.zone);
        level.into_iter().for_each(|own| advice.insert(1.min(advice.len()), own));
    }
    Ok(Judgement {
        course: course(&times, &courses, &seen_by),
        over_time,
        figures: compared,
        reproduced,
        unknown: new,
        many: apart.many,
        distances: to_seen,
        among,
        replications: runs,
        rows: hidden.rows(),
        passes,
        verdict,
        advice,
    })
}

/// The fitted scenario as it is loaded.
pub(crate) fn source(plan: &Plan, composed: &Composed) -> Source {
    Source {
        name: format!("{}.toml", plan.name),
        text: composed.text.clone(),
        base: PathBuf::new(),
    }
}

/// A watcher told of a run.
struct Told<'watch, W> {
    watch: &'watch W,
    last: u64,
    until: u64,
}

impl<W: Watch> Pace for Told<'_, W> {
    fn tick(&mut self, reached: Reached) -> bool {
        let now = reached.now.min(self.until);
        let step = Advance { simulated: now.saturating_sub(self.last), ..Advance::default() };
        self.last = now;
        self.watch.advanced(step)
    }
}

/// Figures that are shares of messages.
fn is_share(path: &str) -> bool {
    !is_duration(path) && !is_count(path)
}

/// Figures that are numbers of requests.
fn is_count(path: &str) -> bool {
    path.starts_with("volume") || path == "busiest_minute"
}

/// Shares of a carrier or provider in all requests.
fn is_part(path: &str) -> bool {
    is_apart(path) && path.ends_with(".share")
}

/// Figures in seconds.
fn is_duration(path: &str) -> bool {
    path.ends_with("_s")
}

/// The figure whose dispersion another has: all pieces of the volume that of all of it, and a carrier or sender
/// that of all together.
fn alike(path: &str) -> Cow<'_, str> {
    match path.rsplit('.').next() {
        _ if is_count(path) => "volume".into(),
        Some("delivered") => "delivered".into(),
        Some(own) if is_apart(path) && is_duration(own) => format!("latency.{own}").into(),
        _ => path.into(),
    }
}

/// Figures that people ask of a chain first.
fn is_headline(path: &str) -> bool {
    matches!(path, "delivered" | "latency.p50_s" | "latency.p95_s") || path.starts_with("within.")
}

/// The law of a figure: by how many times its variance is that of the runs, and the probability with which one
/// of a right scenario lies outside its interval.
#[derive(Clone, Copy)]
struct Law {
    dispersion: f64,
    error: f64,
}

impl Law {
    /// Variance of the difference of one more value from the mean of `n`, where that of each is `own`.
    fn variance(self, own: f64, n: f64) -> f64 {
        self.dispersion * own * (1.0 + 1.0 / n)
    }

    /// Half the width, by Student's t.
    fn half(self, own: f64, n: f64) -> f64 {
        let t = student_t_quantile(1.0 - self.error / 2.0, (n - 1.0).max(1.0));
        t * self.variance(own, n).sqrt()
    }
}

/// Mean and variance.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    (mean, squares / (n - 1.0).max(1.0))
}

/// Mean of the runs, and the interval in which one more log has its figure; `besides` is a variance that they lack.
fn interval(path: &str, values: &[f64], law: Law, besides: f64) -> [f64; 3] {
    let n = values.len() as f64;
    let (mean, variance) = moments(values);
    let mut half = law.half(variance + besides, n);
    if !is_count(path) {
        return [mean, mean - half, mean + half];
    }
    if mean < SMALL {
        // Of a piece in which no run has any, a log may have one.
        let most = most_of(mean.max(1.0 / n), law.variance(variance, n), law.error / 2.0);
        half = half.max(most - mean);
    }
    // Requests that come together make counts skewed, and what a run came to is nothing that can't be.
    let ends = values
        .iter()
        .fold((mean - half, mean + half), |(low, high), &value| (low.min(value), high.max(value)));
    let deviation = law.variance(variance, n).sqrt();
    let most = mean * skewed(half / mean.max(1.0), deviation / mean.max(1.0));
    [mean, ends.0, ends.1.max(most)]
}

/// The upper end of a count over its mean by a gamma law, after Wilson and Hilferty (1931), where a normal one has it
/// `half` of the mean above that; `deviation` is its standard deviation over its mean.
fn skewed(half: f64, deviation: f64) -> f64 {
    let root = 1.0 - deviation * deviation / 9.0 + half / 3.0;
    root * root * root
}

/// The count that one with a mean and a variance, at least as wide as Poisson's, exceeds with a probability of
/// `error`: a negative binomial law.
fn most_of(mean: f64, variance: f64, error: f64) -> f64 {
    let wider = variance.max(mean * (1.0 + 1e-6));
    let size = mean * mean / (wider - mean);
    let share = mean / wider;
    let (mut count, mut own) = (0.0, libm::exp(size * libm::log(mean / wider)));
    let mut beyond = 1.0 - own;
    while beyond > error && count < 100.0 * SMALL {
        own *= (count + size) / (count + 1.0) * (1.0 - share);
        count += 1.0;
        beyond -= own;
    }
    count
}

/// Shares of the part that the scenario was fitted to, as its runs have them: where these are off, it may well
/// agree with a quiet part that was kept out, and says nothing of the log.
fn reproduced(
    log: &Parts,
    runs: &[Parts],
    factors: &BTreeMap<String, f64>,
    untold: &[Untold],
    grain: Grain,
) -> Vec<Compared> {
    let (seen, runs) = (log.ends(), runs.iter().map(Parts::ends).collect::<Vec<_>>());
    let mut all = Vec::new();
    for (place, (path, seen)) in seen.into_iter().enumerate() {
        let values: Vec<f64> = runs.iter().map(|run| run[place].1).collect();
        let nowhere = seen == 0.0 && values.iter().all(|&value| value == 0.0);
        let is_told = grain.tells(&path) && !untold.iter().any(|own| own.hides(&path));
        if nowhere || !is_told {
            continue;
        }
        let dispersion = factors.get(&path).copied().unwrap_or(1.0);
        let law = Law { dispersion, error: OTHERS / ENDS };
        let [predicted, low, high] = interval(&path, &values, law, 0.0);
        let compared = Compared::of(&path, [predicted, low, high], FAR, seen);
        all.push(Compared { dispersion, ..compared });
    }
    all
}

fn mean_of(all: &[Distances]) -> Distances {
    let mean = |of: &dyn Fn(&Distances) -> Option<f64>| {
        let known: Option<Vec<f64>> = all.iter().map(of).collect();
        known
            .filter(|known| !known.is_empty())
            .map(|known| known.iter().sum::<f64>() / known.len() as f64)
    };
    Distances {
        cycle_time_s: mean(&|own| own.cycle_time_s),
        hourly_volume_h: mean(&|own| own.hourly_volume_h),
        time_of_day_h: mean(&|own| own.time_of_day_h),
    }
}

/// Times over which deliveries are shown, s: from the first few to the last few.
fn times(hidden: &Slice) -> Vec<f64> {
    const POINTS: usize = 60;
    let cycle = hidden.of(None, None).cycle;
    let (Some(least), Some(most)) = (cycle.quantile(0.001), cycle.quantile(0.999)) else {
        return Vec::new();
    };
    let (least, most) = (libm::log(least.max(1e-3)), libm::log(most.max(2e-3)));
    let at = |point: usize| libm::exp(least + (most - least) * point as f64 / POINTS as f64);
    (0..=POINTS).map(at).collect()
}

/// The share of requests delivered by each time.
fn delivered_by(slice: &Slice, times: &[f64]) -> Vec<f64> {
    let cell = slice.of(None, None);
    let rows = cell.timed().max(1) as f64;
    times.iter().map(|at| cell.cycle.up_to((at * 1e9) as u64) as f64 / rows).collect()
}

/// At each time: the mean of what the runs delivered, the least and the most, and what was seen.
fn course(times: &[f64], runs: &[Vec<f64>], seen: &[f64]) -> Vec<[f64; 5]> {
    let point = |(place, (&at, &seen)): (usize, (&f64, &f64))| {
        let shares = runs.iter().filter_map(|run| run.get(place).copied());
        let (mut sum, mut low, mut high) = (0.0, 1.0_f64, 0.0_f64);
        shares.for_each(|share| (sum, low, high) = (sum + share, low.min(share), high.max(share)));
        [at, sum / runs.len().max(1) as f64, low, high, seen]
    };
    times.iter().zip(seen).enumerate().map(point).collect()
}
