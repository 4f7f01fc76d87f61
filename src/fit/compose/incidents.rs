//! Spells in which something went wrong, found where shares and levels change.

use super::Window;
use super::parameter::{Parameter, Unit};
use super::pressed::Pressed;
use super::text::{Text, digits, quoted, span};
use super::throttles::{Seen, Throttle, Work, throttled};
use crate::fit::Interval;
use crate::fit::change::{self, Bin, Law, Segment, segments, unusual};
use crate::fit::gather::{Durations, Signal};
use crate::kernel::SECOND;
use crate::stats::clopper_pearson;

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
    pub(crate) failures: Option<Interval>,
    /// The share of what didn't fail that never got a final state, beyond the usual one.
    pub(crate) lost: Option<Interval>,
    pub(crate) latency_factor: Option<Interval>,
    pub(crate) rows: u64,
    /// The length of the bins that tell where it begins and ends, ns.
    pub(crate) bin: i64,
}

/// A filter that is switched on in an incident alone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Switched {
    pub(crate) name: String,
    pub(crate) share: f64,
    /// `true` if what it takes gets no receipt.
    pub(crate) silent: bool,
}

/// Instants up to which messages that came had an end when the log was exported, ns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// All that ever got one within a hundredth.
    pub(crate) nearly: i64,
    /// All of them.
    pub(crate) all: i64,
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
        let tells = |spell: &Spell| spell.failures.or(spell.lost).or(spell.latency_factor);
        own.filter(|spell| tells(spell).is_some()).collect()
    }

    /// The filters of a carrier's incidents.
    pub(crate) fn filters(&self) -> Vec<Switched> {
        let of = |(place, spell): (usize, Spell)| {
            let filter = |silent: bool, share: Interval| Switched {
                name: filter(silent, place),
                share: share.value.clamp(0.0, 1.0),
                silent,
            };
            let failing = spell.failures.map(|share| filter(false, share));
            failing.into_iter().chain(spell.lost.map(|share| filter(true, share)))
        };
        self.incidents().into_iter().enumerate().flat_map(of).collect()
    }

    /// Spells that come again and again, of a station that can be degraded.
    pub(crate) fn recurring(&self) -> &[Spell] {
        let recurs = self.recurs && self.spells.len() > INCIDENTS && self.throttle.is_none();
        if recurs { &self.spells } else { &[] }
    }
}

/// The name of the filter of an incident, by its place among a station's.
fn filter(silent: bool, place: usize) -> String {
    let kind = if silent { "lost" } else { "spell" };
    if place == 0 { kind.to_owned() } else { format!("{kind}-{}", place + 1) }
}

/// Findings on a station from `from` to `to`; `step` is what the clocks of its times leave open, ns.
pub(crate) fn find(work: Work<'_>, step: i64, ended: Ended, from: i64, to: i64) -> Found {
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
    let bins = |bin: &dyn Fn(&Signal) -> Bin| -> Vec<Bin> {
        grouped_by(&signals.iter().map(bin).collect::<Vec<_>>(), group)
    };
    let share = |of: u32, hits: u32| Bin {
        weight: f64::from(of),
        sum: f64::from(hits.min(of)),
        squares: 0.0,
    };
    let shares = bins(&|own| share(own.rows, own.failed));
    let levels =
        bins(&|own| Bin { weight: f64::from(own.timed), sum: own.logs, squares: own.squares });
    let at = |bin: usize| (start + (bin * group) as i64 * width).clamp(from, to);
    let length = group as i64 * width;
    let plain = |own: &Segment, bins: &[Bin]| Spell {
        from: at(own.from),
        to: at(own.to),
        failures: None,
        lost: None,
        latency_factor: None,
        rows: rows_of(own, bins) as u64,
        bin: length,
    };
    let failing = higher(&shares)
        .into_iter()
        .map(|(own, excess)| Spell { failures: Some(excess), ..plain(&own, &shares) });
    let failing: Vec<Spell> = failing.collect();
    // Below the clock's step it is rounding that goes up and down.
    let told = libm::log((step as f64 / 1e9).max(1e-3));
    let levelled = segments(&levels, Law::Level);
    let slower = |than: Interval| -> Vec<Spell> {
        let slow = unusual(&levelled, Law::Level, LATENCY, than.value);
        let slow = slow.iter().filter(|own| own.value.value > than.value.max(told));
        let least = told - std::f64::consts::LN_2;
        let spell = |own: &Segment| Spell {
            latency_factor: Some(factor(own.value, than, least)),
            ..plain(own, &levels)
        };
        slow.map(spell).collect()
    };
    // Where most of it is slow, it is the quickest stretch that is as usual.
    let usual_level = change::usual(&levelled);
    let quickest = levelled.iter().filter(|own| rows_of(own, &levels) >= QUICKEST);
    let quickest = quickest.map(|own| own.value).min_by(|a, b| a.value.total_cmp(&b.value));
    let far = |(usual, quickest): &(Interval, Interval)| {
        usual.value - quickest.value >= libm::log(LATENCY)
    };
    let mostly_slow = usual_level.zip(quickest).filter(far);
    let seen = Seen {
        failing,
        slow: usual_level.map(slower).unwrap_or_default(),
        slower: mostly_slow.map(|own| own.1).or(usual_level).map(slower).unwrap_or_default(),
    };
    let mut found = throttled(work, seen, (from, to));
    // Of what came too late to have ended nothing is known.
    let numbered = signals.iter().zip(0_i64..);
    let silent = numbered.map(|(own, number)| {
        let is_over = start + (number + 1) * width <= ended.nearly;
        if is_over {
            share(own.rows.saturating_sub(own.failed), own.silent)
        } else {
            Bin::default()
        }
    });
    let silent = grouped_by(&silent.collect::<Vec<_>>(), group);
    let lost = higher(&silent)
        .into_iter()
        .map(|(own, excess)| Spell { lost: Some(excess), ..plain(&own, &silent) });
    let lost = over(lost.collect(), ended, to);
    if !lost.is_empty() {
        found.spells = joined(found.spells.into_iter().chain(lost).collect());
    }
    found
}

/// Stretches in which a share is higher than usual, with how much beyond that.
fn higher(bins: &[Bin]) -> Vec<(Segment, Interval)> {
    let found = segments(bins, Law::Share);
    let Some(usual) = change::usual(&found) else { return Vec::new() };
    let least = self::usual(bins) + POINTS;
    let spells = unusual(&found, Law::Share, SHARE, usual.value).into_iter();
    let spells = spells.filter(|own| own.value.value > least);
    spells.map(|own| (own, excess(&own, usual, bins))).collect()
}

/// The share beyond the usual one: of those that the usual one leaves.
fn excess(own: &Segment, usual: Interval, bins: &[Bin]) -> Interval {
    let rows = rows_of(own, bins);
    let Interval { value, low, high } = own.value;
    // Exactly, if chance alone makes it vary.
    let [least, most] = clopper_pearson((value * rows).round() as u64, rows.round() as u64);
    let (low, high) = (low.min(least), high.max(most));
    let left = (1.0 - usual.value).max(1e-9);
    let beyond = |share: f64| 1.0 - (1.0 - share) / left;
    let by_usual = (1.0 - value) / (left * left);
    let error = |own: f64, usual: f64| (own / left).hypot(usual * by_usual);
    Interval {
        value: beyond(value),
        low: (beyond(value) - error(value - low, usual.high - usual.value)).max(0.0),
        high: (beyond(value) + error(high - value, usual.value - usual.low)).min(1.0),
    }
}

/// Factor by which things took longer than usual, of means of logarithms; `least` is the step of a clock.
fn factor(own: Interval, usual: Interval, least: f64) -> Interval {
    let by = own.value - usual.value.max(least);
    Interval {
        value: libm::exp(by),
        low: libm::exp(by - (own.value - own.low).hypot(usual.high - usual.value)),
        high: libm::exp(by + (own.high - own.value).hypot(usual.value - usual.low)),
    }
}

/// Times of loss that were over, of a log that is fitted up to `to`: what never came so far grows towards the
/// export where some come late, and needn't be lost.
fn over(mut lost: Vec<Spell>, ended: Ended, to: i64) -> Vec<Spell> {
    let mut until = ended.nearly.min(to);
    while lost.last().is_some_and(|own| own.to >= until - own.bin && own.to > ended.all) {
        until = lost.pop().map_or(until, |own| own.from);
    }
    lost
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
                let part = |one: f64, two: f64| (one * a + two * b) / (a + b).max(1.0);
                let mean = |one: Option<Interval>, two: Option<Interval>| match (one, two) {
                    (Some(one), Some(two)) => Some(Interval {
                        value: part(one.value, two.value),
                        low: part(one.low, two.low),
                        high: part(one.high, two.high),
                    }),
                    (one, two) => one.or(two),
                };
                last.failures = mean(last.failures, spell.failures);
                last.lost = mean(last.lost, spell.lost);
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

/// Something that changes at a target for a while.
struct Incident {
    /// End of its name, after the station's and the number.
    suffix: &'static str,
    target: String,
    /// Keys with values and comments.
    keys: Vec<(&'static str, String, &'static str)>,
    parameters: Vec<(&'static str, Interval, Unit)>,
}

impl Incident {
    /// A station's failures or its latency, which go together at a provider.
    fn at(target: &str) -> Incident {
        Incident { suffix: "", target: target.to_owned(), keys: Vec::new(), parameters: Vec::new() }
    }

    fn failing(mut self, share: Interval) -> Incident {
        let value = digits(share.value.clamp(0.0, 1.0), 4);
        self.keys.push(("failures.transient", value, "beyond the usual share"));
        self.parameters.push(("failures", share, Unit::Share));
        self
    }

    fn slow(mut self, factor: Interval) -> Incident {
        self.keys.push(("latency_factor", digits(factor.value, 4), ""));
        self.parameters.push(("latency_factor", factor, Unit::Number));
        self
    }

    fn filtered(target: &str, silent: bool, place: usize, share: Interval) -> Incident {
        Incident {
            suffix: "",
            target: format!("{target}.filter.{}", filter(silent, place)),
            keys: vec![("enable_filter", "true".to_owned(), "")],
            parameters: vec![(if silent { "lost" } else { "failures" }, share, Unit::Share)],
        }
    }

    /// The incidents of a spell at a station; failures are those of `filters` or its own.
    fn of(spell: &Spell, target: &str, filters: bool, place: usize) -> Vec<Incident> {
        let own = Incident::at(target);
        if !filters {
            let failing = match spell.failures {
                Some(share) => own.failing(share),
                None => own,
            };
            return vec![match spell.latency_factor {
                Some(factor) => failing.slow(factor),
                None => failing,
            }];
        }
        let failing = spell.failures.map(|share| Incident::filtered(target, false, place, share));
        let lost = spell.lost.map(|share| Incident {
            suffix: if failing.is_some() { "-lost" } else { "" },
            ..Incident::filtered(target, true, place, share)
        });
        let slow = spell.latency_factor.map(|factor| Incident {
            suffix: if failing.is_some() || lost.is_some() { "-slow" } else { "" },
            ..own.slow(factor)
        });
        failing.into_iter().chain(lost).chain(slow).collect()
    }
}

/// Writes a station's incidents; their parameters. At a carrier `filters` stand for what fails in them.
pub(crate) fn write(
    found: &Found,
    target: &str,
    filters: bool,
    window: Window,
    text: &mut Text,
) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let inside = found.incidents().into_iter().enumerate().filter_map(|(place, spell)| {
        let (from, to) = (spell.from.max(window.origin), spell.to.min(window.end));
        (from < to).then_some((place, Spell { from, to, ..spell }))
    });
    for (number, (place, spell)) in (1..).zip(inside) {
        let seconds = |ns: i64| ns as f64 / SECOND as f64;
        let (at, length) = (seconds(spell.from - window.origin), seconds(spell.to - spell.from));
        let bin = seconds(spell.bin);
        let around = |value: f64, error: f64| Interval {
            value,
            low: (value - error).max(0.0),
            high: value + error,
        };
        for own in Incident::of(&spell, target, filters, place) {
            let name = format!("{}-{number}{}", target.replace('.', "-"), own.suffix);
            text.table("[[incident]]");
            text.key("name", &quoted(&name), "");
            let clock = super::clock(spell.from);
            text.key("at", &quoted(&span(at)), &format!("{clock}, by change points"));
            text.key("for", &quoted(&span(length)), &super::text::rows(spell.rows));
            text.key("target", &quoted(&own.target), "");
            own.keys.iter().for_each(|(key, value, comment)| text.key(key, value, comment));
            let times = [
                ("at", around(at, bin), Unit::Seconds),
                ("for", around(length, 2.0 * bin), Unit::Seconds),
            ];
            let all = times.into_iter().chain(own.parameters);
            parameters.extend(all.map(|(key, Interval { value, low, high }, unit)| Parameter {
                path: format!("incident.{name}.{key}"),
                value,
                low,
                high,
                rows: spell.rows,
                method: "change points".to_owned(),
                unit,
            }));
        }
    }
    parameters
}
