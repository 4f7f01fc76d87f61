//! Spells in which something went wrong, found where shares and levels change; and throttles at work.

use super::Window;
use super::parameter::{Parameter, Unit};
use super::text::{Text, counted, digits, quoted, span, told};
use crate::fit::change::{Bin, Law, Segment, segments, spells, unusual};
use crate::fit::gather::{Signal, Signals, Ticks};
use crate::fit::plateau;
use crate::kernel::SECOND;
use crate::special::student_t_quantile;

/// Ticks of a log that are looked at one by one, at most.
const MOST_TICKS: i64 = 1 << 20;
/// A share must be so many times the usual, a latency so many, to be a spell.
const SHARE: f64 = 2.5;
const LATENCY: f64 = 1.6;
/// And a share by so much.
const POINTS: f64 = 0.02;
/// Spells at one station that may be incidents, at most: more are how it is.
const INCIDENTS: usize = 2;
/// Ticks in which a throttle is looked for, s: times vary by what follows it.
const TICKS: [i64; 7] = [1, 5, 10, 15, 20, 60, 300];

/// Rows of a stretch that may be as usual where a throttle presses otherwise.
const QUICKEST: f64 = 20.0;

/// A time in which a station wasn't as usual.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spell {
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// The share that failed beyond the usual one.
    pub(crate) failures: Option<f64>,
    pub(crate) latency_factor: Option<f64>,
    pub(crate) rows: u64,
}

/// Findings on a station.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Found {
    /// In order, not overlapping.
    pub(crate) spells: Vec<Spell>,
    pub(crate) throttle: Option<Throttle>,
    /// `true` if the station may have spells of its own.
    pub(crate) recurs: bool,
}

/// A throttle, by what it let through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Throttle {
    pub(crate) rate: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) burst: f64,
    pub(crate) ticks: u64,
    /// Length of a tick, s.
    pub(crate) tick: f64,
}

impl Found {
    /// Times whose latencies and failures aren't the usual ones.
    pub(crate) fn windows(&self) -> Vec<(i64, i64)> {
        self.spells.iter().map(|spell| (spell.from, spell.to)).collect()
    }

    /// The spells that are written as incidents: none that a throttle explains, nor what comes again and
    /// again.
    pub(crate) fn incidents(&self) -> Vec<Spell> {
        if !self.recurring().is_empty() {
            return Vec::new();
        }
        let own = self.spells.iter().map(|spell| Spell {
            latency_factor: spell.latency_factor.filter(|_| self.throttle.is_none()),
            ..spell.clone()
        });
        own.filter(|spell| spell.failures.is_some() || spell.latency_factor.is_some()).collect()
    }

    /// Spells that come again and again, of a station that can be degraded.
    pub(crate) fn recurring(&self) -> &[Spell] {
        let recurs = self.recurs && self.spells.len() > INCIDENTS && self.throttle.is_none();
        if recurs { &self.spells } else { &[] }
    }
}

/// Findings from the signals of a station, from `from` to `to`; `passed` are the segments it let through,
/// `step` what the clocks of its times leave open, ns.
pub(crate) fn find(
    signals: &Signals,
    passed: Option<&Ticks<u32>>,
    step: i64,
    from: i64,
    to: i64,
) -> Found {
    let start = from.div_euclid(signals.width()) * signals.width();
    let came = signals;
    // Of a log of years several ticks together: a million are enough.
    let wide = ((to - start) / signals.width() / MOST_TICKS).max(1);
    let width = wide * signals.width();
    let signals: Vec<Signal> = match wide {
        1 => signals.over(start, to).map(|(_, signal)| signal).collect(),
        _ => signals.by(start, to, width),
    };
    // Bins of some twenty rows.
    let total: u64 = signals.iter().map(|own| u64::from(own.rows)).sum();
    let group = ((20 * signals.len() as u64).div_ceil(total.max(1)) as usize).max(1);
    let share = |own: &Signal| Bin {
        weight: f64::from(own.rows),
        sum: f64::from(own.failed.min(own.rows)),
        squares: 0.0,
    };
    let level =
        |own: &Signal| Bin { weight: f64::from(own.timed), sum: own.logs, squares: own.squares };
    let shares: Vec<Bin> = signals.iter().map(share).collect();
    let levels: Vec<Bin> = signals.iter().map(level).collect();
    let at = |bin: usize| (start + (bin * group) as i64 * width).clamp(from, to);
    let shares = grouped_by(&shares, group);
    let usual_share = usual(&shares);
    let failing = segments(&shares, Law::Share);
    let failing = spells(&failing, Law::Share, SHARE);
    let failing = failing.into_iter().filter(|own| own.value.value > usual_share + POINTS);
    let levels = grouped_by(&levels, group);
    let mut usual_level = usual(&levels);
    // Below the clock's step it is rounding that goes up and down.
    let told = libm::log((step as f64 / 1e9).max(1e-3));
    let levelled = segments(&levels, Law::Level);
    let mut slow = spells(&levelled, Law::Level, LATENCY);
    slow.retain(|own| own.value.value > usual_level.max(told));
    // Of a throttle that presses for most of the log it is the quickest stretch that is as usual.
    let pressed = passed.filter(|_| slow.is_empty());
    let pressed = pressed.and_then(|passed| pressed_by(passed, came, from, to));
    let quickest = levelled.iter().filter(|own| rows_of(own, &levels) >= QUICKEST);
    let quickest = quickest.map(|own| own.value.value).min_by(f64::total_cmp);
    if let Some(quickest) = quickest.filter(|_| pressed.is_some()) {
        usual_level = quickest;
        slow = unusual(&levelled, Law::Level, LATENCY, quickest);
        slow.retain(|own| own.value.value > usual_level.max(told));
    }
    let mut all: Vec<Spell> = failing
        .map(|own| Spell {
            from: at(own.from),
            to: at(own.to),
            failures: Some(1.0 - (1.0 - own.value.value) / (1.0 - usual_share).max(1e-9)),
            latency_factor: None,
            rows: rows_of(&own, &shares) as u64,
        })
        .collect();
    all.extend(slow.iter().map(|own| Spell {
        from: at(own.from),
        to: at(own.to),
        failures: None,
        latency_factor: Some(libm::exp(
            own.value.value - usual_level.max(told - std::f64::consts::LN_2),
        )),
        rows: rows_of(own, &levels) as u64,
    }));
    all.sort_by_key(|spell| spell.from);
    // What a station lets through while it is slow: even, it is a throttle's.
    // Its latency grows and falls meanwhile: segments that touch are one.
    let mut whole: Vec<(i64, i64)> = Vec::new();
    for own in &slow {
        match whole.last_mut() {
            Some((_, to)) if at(own.from) <= *to => *to = at(own.to),
            _ => whole.push((at(own.from), at(own.to))),
        }
    }
    let longest = whole.into_iter().max_by_key(|(from, to)| to - from);
    let throttle = passed.zip(longest).and_then(|(passed, (from, to))| throttled(passed, from, to));
    Found { spells: joined(all), throttle: pressed.or(throttle), recurs: false }
}

/// Rows of a segment.
fn rows_of(own: &Segment, bins: &[Bin]) -> f64 {
    bins.get(own.from..own.to).unwrap_or_default().iter().map(|bin| bin.weight).sum()
}

/// Spells that overlap or touch, as one.
fn joined(all: Vec<Spell>) -> Vec<Spell> {
    let mut joined: Vec<Spell> = Vec::new();
    for spell in all {
        match joined.last_mut() {
            Some(last) if spell.from <= last.to => {
                let length = |spell: &Spell| (spell.to - spell.from) as f64;
                let (a, b) = (length(last), length(&spell));
                let mean = |one: Option<f64>, two: Option<f64>| match (one, two) {
                    (Some(one), Some(two)) => Some((one * a + two * b) / (a + b).max(1.0)),
                    (one, two) => one.or(two),
                };
                last.failures = mean(last.failures, spell.failures);
                last.latency_factor = mean(last.latency_factor, spell.latency_factor);
                let apart = spell.from >= last.to;
                last.rows = if apart { last.rows + spell.rows } else { last.rows.max(spell.rows) };
                last.to = last.to.max(spell.to);
            }
            _ => joined.push(spell),
        }
    }
    joined
}

fn throttled(passed: &Ticks<u32>, from: i64, to: i64) -> Option<Throttle> {
    let by_ticks = TICKS.into_iter().find_map(|tick| Throttle::of(passed, from, to, tick, 0));
    by_ticks.or_else(|| even(passed, from, to))
}

/// A throttle that presses for most of a span: what it lets through is even, and what comes is not.
fn pressed_by(passed: &Ticks<u32>, came: &Signals, from: i64, to: i64) -> Option<Throttle> {
    TICKS.into_iter().find_map(|tick| {
        let found = Throttle::of(passed, from, to, tick, came.width())?;
        let step = (found.tick * SECOND as f64) as i64;
        let rows = came.by(from, to, step).into_iter().map(|own| u64::from(own.rows));
        let uneven = plateau(&rows.collect::<Vec<_>>()).is_none();
        let whole = found.ticks as f64 * found.tick;
        (uneven && 2.0 * whole >= (to - from) as f64 / SECOND as f64).then_some(found)
    })
}

/// The same of a spell that is short for what latencies blur: evenness over the whole of it.
fn even(passed: &Ticks<u32>, from: i64, to: i64) -> Option<Throttle> {
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
    let error = student_t_quantile(0.975, n - 1.0) * (variance / n).sqrt();
    let per_second = step as f64 / SECOND as f64;
    Some(Throttle {
        rate: mean / per_second,
        low: (mean - error) / per_second,
        high: (mean + error) / per_second,
        burst: 1.0,
        ticks: BINS as u64,
        tick: per_second,
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
            ticks: found.ticks as u64,
            tick: per_second,
        })
    }

    /// Its rate as a parameter at `path`.
    pub(crate) fn parameter(&self, path: &str) -> Parameter {
        Parameter {
            path: format!("{path}.throttle.rate"),
            value: self.rate,
            low: self.low,
            high: self.high,
            rows: 0,
            method: format!(
                "a plateau of segments over {} of {}",
                counted(self.ticks, "tick"),
                told(self.tick)
            ),
            unit: Unit::PerSecond,
        }
    }
}

fn grouped_by(bins: &[Bin], group: usize) -> Vec<Bin> {
    bins.chunks(group).map(|few| few.iter().copied().sum()).collect()
}

/// The median over time.
fn usual(bins: &[Bin]) -> f64 {
    let with = bins.iter().filter(|bin| bin.weight > 0.0);
    let mut values: Vec<f64> = with.map(|bin| bin.sum / bin.weight).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Writes a station's incidents; their parameters.
pub(crate) fn write(
    found: &Found,
    target: &str,
    filter: Option<&str>,
    window: Window,
    text: &mut Text,
) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let inside = found.incidents().into_iter().filter_map(|spell| {
        let (from, to) = (spell.from.max(window.origin), spell.to.min(window.end));
        (from < to).then_some(Spell { from, to, ..spell })
    });
    for (number, spell) in (1..).zip(inside) {
        let name = format!("{}-{number}", target.replace('.', "-"));
        let seconds = |ns: i64| ns as f64 / SECOND as f64;
        let (at, length) = (seconds(spell.from - window.origin), seconds(spell.to - spell.from));
        let parameter = |key: &str, value: f64, unit| Parameter {
            path: format!("incident.{name}.{key}"),
            value,
            low: value,
            high: value,
            rows: spell.rows,
            method: "change points".to_owned(),
            unit,
        };
        let mut head = |name: &str, target: &str, text: &mut Text| {
            text.table("[[incident]]");
            text.key("name", &quoted(name), "");
            let clock = super::clock(spell.from);
            text.key("at", &quoted(&span(at)), &format!("{clock}, by change points"));
            text.key("for", &quoted(&span(length)), &super::text::rows(spell.rows));
            text.key("target", &quoted(target), "");
            parameters.push(parameter("at", at, Unit::Seconds));
            parameters.push(parameter("for", length, Unit::Seconds));
        };
        let failures = spell.failures.map(|share| share.clamp(0.0, 1.0));
        match (failures, filter) {
            (Some(share), None) => {
                head(&name, target, text);
                text.key("failures.transient", &digits(share, 4), "beyond the usual share");
                if let Some(factor) = spell.latency_factor {
                    text.key("latency_factor", &digits(factor, 4), "");
                }
            }
            (Some(_), Some(filter)) => {
                head(&name, &format!("{target}.filter.{filter}"), text);
                text.key("enable_filter", "true", "");
            }
            (None, _) => {
                head(&name, target, text);
            }
        }
        if failures.is_none()
            && let Some(factor) = spell.latency_factor
        {
            text.key("latency_factor", &digits(factor, 4), "");
        }
        parameters.extend(failures.map(|share| parameter("failures", share, Unit::Share)));
        let factor = spell.latency_factor;
        parameters.extend(factor.map(|factor| parameter("latency_factor", factor, Unit::Number)));
    }
    parameters
}
