//! Spells in which something went wrong, found where shares and levels change.

use super::Window;
use super::parameter::{Parameter, Unit};
use super::pressed::Pressed;
use super::text::{Text, digits, quoted, span};
use super::throttles::{Seen, Throttle, Work, throttled};
use crate::fit::change::{self, Bin, Law, Segment, segments, spells, unusual};
use crate::fit::gather::{Durations, Signal};
use crate::kernel::SECOND;

/// Ticks of a log that are looked at one by one, at most.
const MOST_TICKS: i64 = 1 << 20;
/// A share must be so many times the usual, a latency so many, to be a spell.
const SHARE: f64 = 2.5;
const LATENCY: f64 = 1.6;
/// And a share by so much.
const POINTS: f64 = 0.02;
/// Spells at one station that may be incidents, at most: more are how it is.
const INCIDENTS: usize = 2;
/// Rows of the quickest stretch, at least.
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
    /// The line before it, where that explains how long things took.
    pub(crate) line: Option<Pressed>,
    /// `true` if it refuses what is over its rate.
    pub(crate) refuses: bool,
    /// `true` if it does so for most of the log.
    pub(crate) always: bool,
    /// `true` if what comes waits before that for something else: a window, or workers.
    pub(crate) queues: bool,
    /// Durations where nothing waits, of a station at which things mostly do.
    pub(crate) free: Option<Durations>,
    /// Times in which it presses: what is unusual in them is its doing.
    pub(crate) pressed: Vec<(i64, i64)>,
    /// `true` if the station may have spells of its own.
    pub(crate) recurs: bool,
}

impl Found {
    /// Times whose latencies and failures aren't the usual ones.
    pub(crate) fn windows(&self) -> Vec<(i64, i64)> {
        let spells = self.spells.iter().map(|spell| (spell.from, spell.to));
        spells.chain(self.pressed.iter().copied()).collect()
    }

    /// The same without what its throttle makes.
    pub(crate) fn spells(&self) -> Vec<(i64, i64)> {
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

/// Findings on a station from `from` to `to`; `step` is what the clocks of its times leave open, ns.
pub(crate) fn find(work: Work<'_>, step: i64, from: i64, to: i64) -> Found {
    let signals = work.signals;
    let start = from.div_euclid(signals.width()) * signals.width();
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
    let failing = failing.map(|own| Spell {
        from: at(own.from),
        to: at(own.to),
        failures: Some(1.0 - (1.0 - own.value.value) / (1.0 - usual_share).max(1e-9)),
        latency_factor: None,
        rows: rows_of(&own, &shares) as u64,
    });
    let failing: Vec<Spell> = failing.collect();
    let levels = grouped_by(&levels, group);
    // Below the clock's step it is rounding that goes up and down.
    let told = libm::log((step as f64 / 1e9).max(1e-3));
    let levelled = segments(&levels, Law::Level);
    let slower = |than: f64| -> Vec<Spell> {
        let slow = unusual(&levelled, Law::Level, LATENCY, than);
        let slow = slow.iter().filter(|own| own.value.value > than.max(told));
        let spell = |own: &Segment| Spell {
            from: at(own.from),
            to: at(own.to),
            failures: None,
            latency_factor: Some(libm::exp(
                own.value.value - than.max(told - std::f64::consts::LN_2),
            )),
            rows: rows_of(own, &levels) as u64,
        };
        slow.map(spell).collect()
    };
    // Where most of it is slow, it is the quickest stretch that is as usual.
    let usual_level = change::usual(&levelled);
    let quickest = levelled.iter().filter(|own| rows_of(own, &levels) >= QUICKEST);
    let quickest = quickest.map(|own| own.value.value).min_by(f64::total_cmp);
    let far = |&(usual, quickest): &(f64, f64)| usual - quickest >= libm::log(LATENCY);
    let mostly_slow = usual_level.zip(quickest).filter(far);
    let seen = Seen {
        failing,
        slow: usual_level.map(slower).unwrap_or_default(),
        slower: mostly_slow.map(|own| own.1).or(usual_level).map(slower).unwrap_or_default(),
    };
    throttled(work, seen, (from, to))
}

/// Rows of a segment.
fn rows_of(own: &Segment, bins: &[Bin]) -> f64 {
    bins.get(own.from..own.to).unwrap_or_default().iter().map(|bin| bin.weight).sum()
}

/// Spells that overlap or touch, as one.
pub(super) fn joined(mut all: Vec<Spell>) -> Vec<Spell> {
    all.sort_by_key(|spell| spell.from);
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
