//! A fitted scenario, judged on the part of the log that it hasn't seen.

mod as_logged;
mod figures;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub(crate) use as_logged::{AsLogged, Form};
use figures::{distances, figures};

use super::Plan;
use super::compose::Composed;
use super::drawn::drawn;
use super::gather::Gathered;
use crate::chain::{EngineChoice, simulate_by};
use crate::experiment::{Advance, Watch, Workers, in_order};
use crate::kernel::{Pace, Reached};
use crate::random::Chance;
use crate::scenario::{Overrides, Source, load};
use crate::special::student_t_quantile;

/// A figure of the hidden part, predicted and seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// What it is: `within.30s`, `latency.p95_s`, `volume.18:00`.
    pub path: String,
    /// The mean of what the fitted scenario comes to.
    pub predicted: f64,
    /// Half the width of the interval in which one more such log is 95 times of 100.
    pub half_width: f64,
    /// What the log has.
    pub seen: f64,
    /// Half the width of its own 95 % interval, of shares and quantiles.
    pub seen_half_width: Option<f64>,
    /// Whether what is seen lies in the interval.
    pub agrees: bool,
}

/// How far what is predicted lies from what is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Distances {
    /// Wasserstein-1 of the times from request to handset, s.
    pub cycle_time_s: Option<f64>,
    /// Wasserstein-1 of the hours' shares of the volume (of shorter pieces where there are few hours), h.
    pub hourly_volume_h: Option<f64>,
    /// Wasserstein-1 of the times of day of requests, around the clock, h.
    pub time_of_day_h: Option<f64>,
}

/// What came of the hidden part.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The figures.
    pub figures: Vec<Compared>,
    /// Mean distances of the runs.
    pub distances: Distances,
    /// The same between one run of the fitted scenario and the next: what chance alone makes.
    pub among: Distances,
    /// Runs.
    pub replications: u64,
    /// Messages of the hidden part.
    pub rows: u64,
    /// Figures that don't agree are no more than chance explains.
    pub passes: bool,
    /// The verdict, in a sentence.
    pub verdict: String,
    /// Cumulated shares of the time to delivery: s, predicted mean, low, high, seen.
    pub course: Vec<[f64; 5]>,
}

/// Why nothing is judged.
#[derive(Debug, thiserror::Error)]
pub enum Unjudged {
    /// Nothing was kept out, or nothing was there.
    #[error("no requests in the part of the log that is kept out")]
    Nothing,
    /// The scenario isn't one.
    #[error("the fitted scenario can't be run: {0}")]
    Unsound(String),
    /// Somebody stopped it, or the books broke.
    #[error("{0}")]
    Broken(String),
}

/// Messages that are simulated at most, in all.
const MESSAGES: u64 = 6_000_000;
/// Runs at most and at least.
const RUNS: (u64, u64) = (24, 6);

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
    let hidden = log.over(from, i64::MAX / 2, &[]);
    if from >= to || hidden.rows() == 0 {
        return Err(Unjudged::Nothing);
    }
    let seen = figures(log, from, to);
    let runs = (MESSAGES / log.rows.max(1)).clamp(RUNS.1, RUNS.0);
    let form = Form {
        resolution: plan.resolution,
        attempts: log.with_attempts > 0,
        kinds: log
            .over(i64::MIN / 2, i64::MAX / 2, &[])
            .of(None, None)
            .failures
            .iter()
            .any(|&n| n > 0),
    };
    let warmup = format!("scenario.warmup={}ns", from - composed.origin);
    let exported = log.exported().unwrap_or(to);
    let mut predicted = Vec::new();
    let mut logs = Vec::new();
    in_order(
        workers,
        0..runs,
        |run| {
            let mut set = vec![warmup.clone()];
            set.extend(drawn(&composed.uncertain, plan.seed, run));
            let scenario =
                load(&source(plan, composed), &Overrides { set, ..Overrides::default() })
                    .map_err(|errors| Unjudged::Unsound(errors.render(false)))?;
            let mut observer = AsLogged::new(&scenario.spec, form, composed.origin, exported);
            let seed = Chance::replication_seed(plan.seed, run);
            let mut pace = Told { watch, last: 0, until: scenario.spec.duration };
            simulate_by(EngineChoice::Fast, &scenario.spec, seed, &mut observer, &mut pace)
                .map_err(|imbalance| Unjudged::Broken(imbalance.to_string()))?;
            watch.ended();
            Ok(observer.log)
        },
        |_, log| {
            predicted.push(figures(&log, from, to));
            logs.push(log);
        },
    )?;
    let mut compared = Vec::new();
    for (place, (path, own)) in seen.iter().enumerate() {
        let values: Option<Vec<f64>> =
            predicted.iter().map(|figures| figures.get(place)?.1.value).collect();
        let (Some(value), Some(values)) = (own.value, values) else { continue };
        // What neither is there nor predicted is no success.
        if value == 0.0 && values.iter().all(|&value| value == 0.0) {
            continue;
        }
        compared.push(compare(path, value, own.half_width, own.slack, &values));
    }
    let pairs = |of: &dyn Fn(usize) -> (usize, usize)| -> Vec<Distances> {
        (0..logs.len())
            .map(|run| {
                let (a, b) = of(run);
                let first = if a == usize::MAX { log } else { &logs[a] };
                distances(first, &logs[b], from, to, plan.zone)
            })
            .collect()
    };
    let to_seen = mean_of(&pairs(&|run| (usize::MAX, run)));
    let among = mean_of(&pairs(&|run| (run, (run + 1) % logs.len())));
    let off: Vec<&Compared> = compared.iter().filter(|own| !own.agrees).collect();
    let passes = off.len() <= by_chance(compared.len());
    let verdict = verdict(&compared, &off, passes);
    Ok(Judgement {
        course: course(log, &logs, from),
        figures: compared,
        distances: to_seen,
        among,
        replications: runs,
        rows: hidden.rows(),
        passes,
        verdict,
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

fn compare(
    path: &str,
    seen: f64,
    seen_half_width: Option<f64>,
    slack: f64,
    values: &[f64],
) -> Compared {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>()
        / (n - 1.0).max(1.0);
    let t = student_t_quantile(0.975, (n - 1.0).max(1.0));
    let half_width = (t * (variance * (1.0 + 1.0 / n)).sqrt()).max(slack);
    Compared {
        path: path.to_owned(),
        predicted: mean,
        half_width,
        seen,
        seen_half_width,
        agrees: (seen - mean).abs() <= half_width,
    }
}

/// How many of so many figures may lie outside their 95 % intervals by chance, 99 times of 100.
fn by_chance(count: usize) -> usize {
    let mut below = 0.0;
    let mut term = libm::pow(0.95, count as f64);
    for off in 0..count {
        below += term;
        if below >= 0.99 {
            return off;
        }
        term *= (count - off) as f64 / (off + 1) as f64 * 0.05 / 0.95;
    }
    count
}

fn verdict(figures: &[Compared], off: &[&Compared], passes: bool) -> String {
    let agree = figures.len() - off.len();
    let says = if passes { "predicts" } else { "does not predict" };
    let mut text = format!(
        "The fitted scenario {says} the part of the log that was kept out: {agree} of {} figures \
         agree",
        figures.len()
    );
    // The one that is off by most of its interval.
    let worst = off.iter().max_by(|a, b| {
        let beyond = |own: &Compared| (own.seen - own.predicted).abs() / own.half_width.max(1e-12);
        beyond(a).total_cmp(&beyond(b))
    });
    if let Some(worst) = worst {
        let change = (worst.predicted / worst.seen - 1.0) * 100.0;
        let by = if worst.seen == 0.0 {
            "is predicted and not seen".to_owned()
        } else if change >= 0.0 {
            format!("is predicted {change:.1} % too high")
        } else {
            format!("is predicted {:.1} % too low", -change)
        };
        text.push_str(&format!("; {} {by}", worst.path));
    }
    text.push('.');
    text
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

/// The share of requests delivered by a time, over times.
fn course(log: &Gathered, logs: &[Gathered], from: i64) -> Vec<[f64; 5]> {
    let share = |log: &Gathered| {
        let all = log.over(from, i64::MAX / 2, &[]);
        let cell = all.of(None, None);
        (cell, all.rows().max(1) as f64)
    };
    let (seen, rows) = share(log);
    let predicted: Vec<_> = logs.iter().map(share).collect();
    let (Some(least), Some(most)) = (seen.cycle.quantile(0.001), seen.cycle.quantile(0.999)) else {
        return Vec::new();
    };
    let (least, most) = (libm::log(least.max(1e-3)), libm::log(most.max(2e-3)));
    const POINTS: usize = 60;
    let points = (0..=POINTS).map(|number| {
        let at = libm::exp(least + (most - least) * number as f64 / POINTS as f64);
        let ns = (at * 1e9) as u64;
        let mut shares: Vec<f64> =
            predicted.iter().map(|(cell, rows)| cell.cycle.up_to(ns) as f64 / rows).collect();
        shares.sort_by(f64::total_cmp);
        let mean = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
        let end = |place: usize| shares.get(place).copied().unwrap_or(mean);
        let last = shares.len().saturating_sub(1);
        [at, mean, end(0), end(last), seen.cycle.up_to(ns) as f64 / rows]
    });
    points.collect()
}
