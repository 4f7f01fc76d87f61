//! Throttles at work: by how even what they let through is, by how long what comes waits, and by what they refuse.

use super::incidents::{Found, Spell, joined};
use super::parameter::{Parameter, Unit};
use super::pressed::{Pressed, pressed};
use super::text::{counted, told};
use crate::fit::gather::{Durations, Kept, Signals, Ticks};
use crate::fit::plateau;
use crate::kernel::SECOND;
use crate::special::student_t_quantile;

/// Ticks of a log that are looked at one by one, at most.
const MOST_TICKS: i64 = 1 << 20;
/// Ticks in which a throttle is looked for, s: times vary by what follows it.
const TICKS: [i64; 7] = [1, 5, 10, 15, 20, 60, 300];
/// A wait before a throttle that counts: of what comes after it.
pub(crate) const WAITED: f64 = 0.1;
/// Units of a tick in which it is seen how even it is what passes.
const EACH: f64 = 10.0;
/// Units that pass while there is a line, over those that its rate lets pass: by a line that is one.
const PASSES: std::ops::Range<f64> = 0.67..1.5;
/// Share that is tried again or fails from which on a throttle may be what refuses, though no more than usual.
const REFUSED: f64 = 0.1;
/// Rows that are enough to fit to.
const LEAST: u64 = 20;

/// A throttle, by what it let through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Throttle {
    pub(crate) rate: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) burst: f64,
    pub(crate) by: By,
}

/// The evidence of a throttle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum By {
    /// By how even what it let through was: so many ticks of so many seconds.
    Ticks(u64, f64),
    /// By how long so many rows took.
    Waits(u64),
}

/// Work of a station: units that came and that it let through.
#[derive(Clone, Copy)]
pub(crate) struct Work<'log> {
    pub(crate) signals: &'log Signals,
    /// Units that came, and that it let through.
    pub(crate) came: Option<&'log Ticks<f64>>,
    pub(crate) passed: Option<&'log Ticks<u32>>,
    pub(crate) kept: Option<&'log Kept>,
    /// Attempts by the time of the request, at a provider.
    pub(crate) attempts: Option<&'log Ticks<f64>>,
}

/// Times that aren't usual at a station.
pub(crate) struct Seen {
    /// Times in which more failed, and in which it was slower than usual.
    pub(crate) failing: Vec<Spell>,
    pub(crate) slow: Vec<Spell>,
    /// The same where most of it is slow: in which it was slower than in the quickest of all.
    pub(crate) slower: Vec<Spell>,
}

/// The throttle of a station in `[from, to)`, and the spells that aren't its doing.
pub(crate) fn throttled(work: Work<'_>, seen: Seen, (from, to): (i64, i64)) -> Found {
    let each = work.attempts((from, to));
    let line = work.kept.zip(work.came);
    let line = line.and_then(|(kept, came)| pressed(kept, came, each, (from, to)));
    let line = line.filter(|line| work.passes(line));
    // What a station lets through while it is slow or much fails: even, it is a throttle's. Its latency grows
    // and falls meanwhile: segments that touch are one.
    let plateau = work.passed.and_then(|passed| {
        let within = [&seen.slow, &seen.failing].into_iter().filter_map(|spells| {
            let whole = joined(spells.clone());
            whole.iter().map(of).max_by_key(|(from, to)| to - from)
        });
        let mut within = within.filter_map(|own| Some((level(passed, own, (from, to))?, own)));
        let whole = || Some((whole(passed, work.came?, from, to)?, (from, to)));
        within.next().or_else(whole)
    });
    if let Some((throttle, during)) = plateau {
        let fails =
            seen.failing.iter().any(|own| touch(of(own), during)) || work.failed(during) >= REFUSED;
        // What fails by chance makes what passes uneven: its index of dispersion is the share that fails. What a
        // throttle refuses doesn't.
        let by_chance = |own: &Pressed| {
            work.dispersion(throttle.rate, during)
                >= (1.0 - throttle.rate / own.throttle.rate) / 2.0
        };
        if fails && !line.as_ref().is_some_and(by_chance) {
            return refusing(work, &seen, throttle, during, (from, to));
        }
    }
    let Seen { failing, slow, .. } = seen;
    let Some(line) = line else {
        let spells = joined(failing.into_iter().chain(slow).collect());
        return Found { spells, throttle: plateau.map(|own| own.0), ..Found::default() };
    };
    let pressed = line.line.longer(WAITED * line.median);
    let apart = |spell: &Spell| !pressed.iter().any(|own| touch(of(spell), *own));
    let spells = joined(failing.into_iter().chain(slow.into_iter().filter(apart)).collect());
    Found { spells, throttle: Some(line.throttle), pressed, line: Some(line), ..Found::default() }
}

/// A throttle that refuses what is over its rate: what failed and what was slow while it pressed is its doing.
fn refusing(
    work: Work<'_>,
    seen: &Seen,
    throttle: Throttle,
    during: (i64, i64),
    span: (i64, i64),
) -> Found {
    let touching = |spells: &[Spell]| -> Vec<(i64, i64)> {
        spells.iter().map(of).filter(|own| touch(*own, during)).collect()
    };
    // Where it presses for most of the log much fails as usual, and what waits does so for most of the time.
    let waiting = joined(seen.slower.clone());
    let queues = !touching(&waiting).is_empty();
    let both = joined(seen.failing.iter().chain(&waiting).cloned().collect());
    let always = touching(&seen.failing).is_empty();
    let pressed = match (always, queues) {
        (true, true) => touching(&waiting),
        (true, false) => vec![span],
        (false, _) => touching(&both),
    };
    let apart = |at: (i64, i64)| !pressed.iter().any(|own| touch(at, *own));
    let mut free = Durations::default();
    let kept = work.kept.into_iter().flat_map(|kept| kept.within(span.0, span.1));
    kept.filter(|(at, _)| apart((*at, at + 1))).for_each(|(_, ns)| free.add(ns));
    Found {
        spells: both.into_iter().filter(|own| !always && apart(of(own))).collect(),
        throttle: Some(throttle),
        refuses: true,
        always,
        queues,
        free: Some(free).filter(|free| free.count() >= LEAST && queues),
        pressed,
        ..Found::default()
    }
}

impl Work<'_> {
    /// True if about as much passes while there is a line as its rate says.
    fn passes(&self, line: &Pressed) -> bool {
        let Some(passed) = self.passed else { return false };
        let later = (line.median * SECOND as f64) as i64;
        let (mut units, mut ticks) = (0.0, 0.0);
        for (from, to) in line.line.longer(line.median) {
            for (_, own) in passed.over(from + later, to + later) {
                units += f64::from(own);
                ticks += 1.0;
            }
        }
        let seconds = ticks * passed.width() as f64 / SECOND as f64;
        seconds > 0.0 && PASSES.contains(&(units / seconds / line.line.rate))
    }

    /// The index of dispersion of what passes at a rate in a span, by the differences of successive ticks.
    fn dispersion(&self, rate: f64, (from, to): (i64, i64)) -> f64 {
        let Some(passed) = self.passed else { return f64::INFINITY };
        let step = ((EACH / rate).max(1.0) * SECOND as f64) as i64 / passed.width() + 1;
        let counts = passed.by(from, to, step * passed.width());
        let mut counts: Vec<f64> = counts.into_iter().map(f64::from).collect();
        // The last may be shorter.
        counts.pop();
        let mean = counts.iter().sum::<f64>() / counts.len().max(1) as f64;
        let steps = counts.windows(2).map(|two| (two[1] - two[0]) * (two[1] - two[0]));
        steps.sum::<f64>() / 2.0 / (counts.len().max(2) - 1) as f64 / mean.max(1e-9)
    }

    /// Attempts at a message that came in a span, on average.
    fn attempts(&self, (from, to): (i64, i64)) -> f64 {
        let Some(attempts) = self.attempts else { return 1.0 };
        let made: f64 = attempts.over(from, to).map(|own| own.1).sum();
        let rows: f64 = self.signals.over(from, to).map(|own| f64::from(own.1.rows)).sum();
        (made / rows.max(1.0)).max(1.0)
    }

    /// The share of what came in a span that failed or was tried again.
    fn failed(&self, (from, to): (i64, i64)) -> f64 {
        let (mut failed, mut rows) = (0, 0);
        for (_, own) in self.signals.over(from, to) {
            failed += u64::from(own.failed);
            rows += u64::from(own.rows);
        }
        failed as f64 / rows.max(1) as f64
    }
}

fn touch(one: (i64, i64), other: (i64, i64)) -> bool {
    one.0 < other.1 && other.0 < one.1
}

fn of(spell: &Spell) -> (i64, i64) {
    (spell.from, spell.to)
}

/// The throttle whose plateau what passes in `[from, to)` is, in a log that spans `whole`.
fn level(passed: &Ticks<u32>, (from, to): (i64, i64), whole: (i64, i64)) -> Option<Throttle> {
    let by_ticks = TICKS.into_iter().find_map(|tick| Throttle::of(passed, from, to, tick, 0));
    by_ticks.or_else(|| even(passed, (from, to), whole))
}

/// A throttle that presses for most of a span: what it lets through is even, and what comes is not.
fn whole(passed: &Ticks<u32>, came: &Ticks<f64>, from: i64, to: i64) -> Option<Throttle> {
    TICKS.into_iter().find_map(|tick| {
        let found = Throttle::of(passed, from, to, tick, came.width())?;
        let By::Ticks(ticks, length) = found.by else { return None };
        let units = came.by(from, to, (length * SECOND as f64) as i64);
        let uneven =
            plateau(&units.into_iter().map(|own| own as u64).collect::<Vec<_>>()).is_none();
        let whole = ticks as f64 * length;
        (uneven && 2.0 * whole >= (to - from) as f64 / SECOND as f64).then_some(found)
    })
}

/// The same of a spell that is short for what latencies blur: evenness over the whole of it, at a level that is the
/// most of all times.
fn even(passed: &Ticks<u32>, (from, to): (i64, i64), whole: (i64, i64)) -> Option<Throttle> {
    const BINS: i64 = 20;
    /// Of twenty Poisson counts the dispersion is below this in 0.4 % of spells.
    const EVEN: f64 = 0.35;
    // It takes a while to fill and to empty.
    let edge = (to - from) / 10;
    let step = ((to - from - 2 * edge) / BINS / passed.width()).max(1) * passed.width();
    let counts = passed.by(from + edge, from + edge + BINS * step, step);
    let counts: Vec<f64> = counts.into_iter().map(f64::from).collect();
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n.max(1.0);
    let squares: f64 = counts.iter().map(|count| (count - mean) * (count - mean)).sum();
    let variance = squares / (n - 1.0).max(1.0);
    if counts.len() < BINS as usize || mean < 10.0 || variance > EVEN * mean {
        return None;
    }
    // What is as usual exceeds a usual level by a standard deviation once in six times.
    let all = passed.by(whole.0, whole.1, step);
    let above = all.iter().filter(|own| f64::from(**own) > mean + mean.sqrt()).count();
    if above > 2 + all.len() / 100 {
        return None;
    }
    let error = student_t_quantile(0.975, n - 1.0) * (variance / n).sqrt();
    let per_second = step as f64 / SECOND as f64;
    Some(Throttle {
        rate: mean / per_second,
        low: (mean - error) / per_second,
        high: (mean + error) / per_second,
        burst: 1.0,
        by: By::Ticks(BINS as u64, per_second),
    })
}

impl Throttle {
    /// The plateau of what passes in ticks of so many seconds, no shorter than `least` ns.
    fn of(passed: &Ticks<u32>, from: i64, to: i64, tick: i64, least: i64) -> Option<Throttle> {
        let second = SECOND as i64;
        let step = (tick * second).max(least).max((to - from) / MOST_TICKS).max(passed.width());
        let step = step.div_euclid(passed.width()) * passed.width();
        let counts: Vec<u64> = passed.by(from, to, step).into_iter().map(u64::from).collect();
        let found = plateau(&counts)?;
        let per_second = step as f64 / second as f64;
        Some(Throttle {
            rate: found.rate.value / per_second,
            low: found.rate.low / per_second,
            high: found.rate.high / per_second,
            burst: found.burst,
            by: By::Ticks(found.ticks as u64, per_second),
        })
    }

    /// Its rate as a parameter at `path`.
    pub(crate) fn parameter(&self, path: &str) -> Parameter {
        let (rows, method) = match self.by {
            By::Ticks(ticks, length) => {
                let ticks = counted(ticks, "tick");
                (0, format!("a plateau of segments over {ticks} of {}", told(length)))
            }
            By::Waits(rows) => (rows, "by how long what came over it waited".to_owned()),
        };
        Parameter {
            path: format!("{path}.throttle.rate"),
            value: self.rate,
            low: self.low,
            high: self.high,
            rows,
            method,
            unit: Unit::PerSecond,
        }
    }
}
