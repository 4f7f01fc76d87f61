//! A provider: how long it takes, how often it refuses, how fast it lets in.

use super::Shifts;
use super::incidents::Found;
use super::latency::{Latency, latency, write};
use super::parameter::{Assumption, Parameter, Uncertain, Unit};
use super::pressed::PRESSED;
use super::receipts::{Receipts, receipts};
use super::tail::Tail;
use super::text::{Text, counted, digits, name, quoted, round, rows, span, told};
use crate::fit::Interval;
use crate::fit::Setting;
use crate::fit::gather::{Cell, Clocks, Durations, Fate, seconds};
use crate::logs::Failure;
use crate::special::normal_quantile;

/// The least share of the time to acceptance that a wait by chance is worth a word, and the most that it is.
const LEAST_BY_CHANCE: f64 = 0.02;
const MOST_BY_CHANCE: f64 = 0.6;

/// A provider, fitted.
#[derive(Default)]
pub(crate) struct Provider {
    pub(crate) name: String,
    pub(crate) latency: Latency,
    failures: Vec<(&'static str, Parameter)>,
    throttle: Option<Parameter>,
    burst: f64,
    /// `true` if it refuses what is over that.
    refuses: bool,
    window: Option<Parameter>,
    /// After this nobody waits for an answer any more, s.
    submit_timeout: Option<Parameter>,
    degraded: Option<Degraded>,
    pub(crate) receipts: Receipts,
    pub(crate) attempts: Attempts,
    pub(crate) assumptions: Vec<Assumption>,
}

/// Attempts at messages.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Attempts {
    /// Messages that were tried at least once, at least twice, …
    pub(crate) reached: Vec<u64>,
    /// Messages that failed at their first attempt, at their second, …
    pub(crate) failed: Vec<u64>,
    /// The most that were made; and whether that was the limit.
    pub(crate) most: usize,
    pub(crate) limited: bool,
}

impl Attempts {
    pub(crate) fn of(cell: &Cell) -> Attempts {
        let from_one = |list: &[u64]| list.get(1..).unwrap_or_default().to_vec();
        let (made, failed) = (from_one(&cell.attempts), from_one(&cell.exhausted));
        let mut reached = made.clone();
        for place in (0..reached.len().saturating_sub(1)).rev() {
            reached[place] += reached[place + 1];
        }
        let most = made.iter().rposition(|&count| count > 0).map_or(0, |place| place + 1);
        let at_most = failed.get(most.wrapping_sub(1)).copied().unwrap_or(0);
        Attempts { reached, failed, most, limited: most > 1 && at_most > 0 }
    }

    fn total(&self) -> u64 {
        self.reached.iter().sum()
    }

    /// Attempts after which another was made.
    fn repeated(&self) -> u64 {
        self.reached.iter().skip(1).sum()
    }
}

/// Messages by a provider, as they were seen.
pub(crate) struct Seen<'log> {
    pub(crate) window: Option<Parameter>,
    pub(crate) name: &'log str,
    pub(crate) cell: Cell,
    /// Of quiet times alone.
    pub(crate) quiet: Cell,
    pub(crate) clocks: Clocks,
    /// Of handsets' times, and of receipts'.
    pub(crate) of_receipts: Clocks,
    /// `true` if those that failed never came to a carrier.
    pub(crate) failed_before: bool,
    /// `true` if it says when.
    pub(crate) timed: bool,
    pub(crate) has_done: bool,
    /// Times to acceptance at the first attempt without the wait before its throttle, where that presses.
    pub(crate) first: Option<Durations>,
    /// `true` if there are no times in which nothing pressed.
    pub(crate) always_pressed: bool,
    pub(crate) found: Found,
    pub(crate) shifts: &'log Shifts,
}

/// The wait for one another before a throttle that paces, of those that came when there was no line.
struct ByChance {
    /// The most that it is on average, s.
    most: f64,
}

impl ByChance {
    fn doubt(&self) -> String {
        format!(
            "whoever comes just after another waits before the throttle, if it lets nothing through at once: up to {} on \
             average, which are in these times, can't be told from them, and make them shorter by as much",
            told(self.most)
        )
    }
}

impl Seen<'_> {
    /// That wait, where it may be some of the time to acceptance.
    fn by_chance(&self) -> Option<ByChance> {
        let line = self.found.line.as_ref().filter(|_| self.first.is_none() && self.timed)?;
        let whole = seconds(self.quiet.first_sent()?.mean()?);
        let share = (line.by_chance / whole).min(MOST_BY_CHANCE);
        (share >= LEAST_BY_CHANCE).then_some(ByChance { most: share * whole })
    }
}

/// A provider from what is seen of it.
pub(crate) fn provider(seen: &Seen<'_>) -> Provider {
    let own = name(seen.name);
    let path = format!("provider.{own}");
    let throttle = seen.found.throttle;
    let mut provider = Provider {
        name: own,
        burst: throttle.map_or(1.0, |own| own.burst.max(1.0)),
        throttle: throttle.map(|own| own.parameter(&path)),
        refuses: seen.found.refuses,
        window: seen.window.clone(),
        degraded: degraded(&seen.found, &path),
        receipts: receipts(&seen.quiet, seen.of_receipts, &path, seen.shifts),
        ..Provider::default()
    };
    let first = seen.first.as_ref().or(seen.quiet.first_sent()).filter(|_| seen.timed);
    if let Some(first) = first {
        let path = format!("{path}.latency");
        let setting = Setting { shift: seen.shifts.of(&path), never: false };
        provider.latency = latency(first, &[], seen.clocks, &path, setting);
        if let Some(wait) = seen.by_chance() {
            provider.latency.may_be_shorter(wait.most, MOST_BY_CHANCE);
            provider.latency.doubt = Some(wait.doubt());
        }
    } else {
        provider.latency.doubt = Some(if seen.has_done {
            "the log doesn't say when a provider took a message: all of the time is the carrier's"
                .to_owned()
        } else {
            "the log has one time a row: no latency can be fitted".to_owned()
        });
    }
    if seen.first.is_some() && seen.timed {
        provider.latency.doubt = Some(PRESSED.to_owned());
    }
    if let Some(doubt) = provider.latency.doubt.clone() {
        let told = provider.latency.told();
        let longer = span((provider.latency.median * 2.0).max(1.0));
        provider.assumptions.push(Assumption {
            path: format!("{path}.latency"),
            why: doubt,
            value: if told.is_empty() { "0s".to_owned() } else { told },
            other: vec![format!("{path}.latency={longer}")],
            sensitivity: None,
        });
    }
    provider.assumptions.extend(provider.receipts.assumption.clone());
    provider.failing(&path, seen);
    provider
}

impl Provider {
    fn failing(&mut self, path: &str, seen: &Seen<'_>) {
        let cell = &seen.cell;
        self.attempts = Attempts::of(cell);
        let kinds = [
            ("throttled", cell.failure(Failure::Throttled)),
            ("queue_full", cell.failure(Failure::QueueFull)),
            ("transient", cell.failure(Failure::Transient) + cell.failure(Failure::Timeout)),
        ];
        let known: u64 = kinds.iter().map(|kind| kind.1).sum();
        let attempts = &self.attempts;
        let mut counts: Vec<(&'static str, u64)> = Vec::new();
        let tried = if attempts.total() > 0 { attempts.total() } else { cell.rows() };
        let spread = |all: u64| {
            let share = |count: u64| (all as f64 * count as f64 / known as f64).round() as u64;
            kinds.iter().map(|&(kind, count)| (kind, share(count))).collect::<Vec<_>>()
        };
        if attempts.most > 1 {
            let last = attempts.failed.get(attempts.most - 1).copied().unwrap_or(0);
            let at_limit = if attempts.limited { last } else { 0 };
            let mut tried_again = attempts.repeated() + at_limit;
            if let Some(own) = Unanswered::of(cell, seen.clocks) {
                let unanswered = (own.share * tried_again as f64).round() as u64;
                counts.push(("timeout", unanswered));
                tried_again -= unanswered;
                self.submit_timeout = Some(own.parameter(path));
                self.assumptions.push(Assumption {
                    path: format!("{path}.timeout_accepted"),
                    why: format!(
                        "{} made again so late that nothing can have been answered: whether \
                         the provider had taken the message can't be told; taken as failed",
                        attempts_were(unanswered)
                    ),
                    value: "0".to_owned(),
                    other: vec![format!("{path}.timeout_accepted=0.5")],
                    sensitivity: None,
                });
            }
            let refused = seen.found.refuses && (seen.found.always || seen.always_pressed);
            if refused {
                tried_again = 0;
                self.assumptions.push(Assumption {
                    path: format!("{path}.failures"),
                    why: "the throttle refuses for most of the log: what else made attempts fail can't be \
                          told from what it refused"
                        .to_owned(),
                    value: "none".to_owned(),
                    other: vec![format!("{path}.failures.transient=0.02")],
                    sensitivity: None,
                });
            } else if known > 0 {
                counts.extend(spread(tried_again));
            } else {
                counts.push(("transient", tried_again));
            }
            let early: u64 = attempts.failed.iter().sum::<u64>() - at_limit;
            counts.push(("permanent", early));
            if known == 0 && tried_again > 0 {
                self.assumptions.push(Assumption {
                    path: format!("{path}.failures"),
                    why: format!(
                        "{} made again after a failure, and the log doesn't say of which kind: \
                         transient stands for all kinds",
                        attempts_were(tried_again)
                    ),
                    value: "transient".to_owned(),
                    other: Vec::new(),
                    sensitivity: None,
                });
            }
        } else {
            counts.extend(kinds);
            counts.push(("permanent", cell.ends.of(Fate::Refused, seen.failed_before)));
            if cell.failure(Failure::Timeout) > 0 {
                self.assumptions.push(Assumption {
                    path: format!("{path}.failures"),
                    why: format!(
                        "{} timed out: whether the provider had taken the message can't be told; \
                         taken as failed",
                        rows(cell.failure(Failure::Timeout))
                    ),
                    value: "transient".to_owned(),
                    other: Vec::new(),
                    sensitivity: None,
                });
            }
        }
        let method = if attempts.most > 1 { "of attempts" } else { "counted" };
        for (kind, count) in counts {
            if count > 0 {
                let path = format!("{path}.failures.{kind}");
                self.failures.push((kind, Parameter::share(path, count, tried, method)));
            }
        }
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        let failures = self.failures.iter().map(|(_, parameter)| parameter);
        let degraded = self.degraded.iter().flat_map(|own| &own.parameters);
        let own = self.latency.parameters.iter().chain(&self.submit_timeout).chain(failures);
        let own = own.chain(&self.throttle).chain(&self.window).chain(degraded);
        own.chain(self.receipts.parameters())
    }

    pub(crate) fn uncertain(&self) -> Vec<Uncertain> {
        let failures = self.failures.iter().map(|(_, parameter)| parameter);
        let degraded = self.degraded.iter().flat_map(|own| &own.parameters);
        let own = failures.chain(&self.throttle).chain(degraded);
        let own = own.filter_map(Parameter::uncertain).chain(self.latency.uncertain.clone());
        own.chain(self.receipts.uncertain()).collect()
    }

    pub(crate) fn write(&self, text: &mut Text) {
        text.table("[[provider]]");
        text.key("name", &quoted(&self.name), "");
        if !self.latency.value.is_empty() {
            write(text, "latency", &self.latency);
        }
        if let Some(own) = &self.submit_timeout {
            text.key("submit_timeout", &own.toml(), &own.comment());
        }
        if let Some(own) = &self.window {
            text.key("window", &digits(own.value, 6), &own.comment());
        }
        if let Some(rate) = &self.throttle {
            let burst = digits(self.burst.round(), 6);
            let excess = if self.refuses { "refuse" } else { "pace" };
            let value =
                format!("{{ rate = {}, burst = {burst}, on_excess = \"{excess}\" }}", rate.toml());
            text.key("throttle", &value, &rate.comment());
        }
        if let Some(own) = &self.degraded {
            text.key("degraded", &own.value, &own.comment);
        }
        for (kind, parameter) in &self.failures {
            text.key(&format!("failures.{kind}"), &parameter.toml(), &parameter.comment());
        }
        self.receipts.write(text);
    }
}

/// So many attempts, as the subject of what was done about them.
fn attempts_were(count: u64) -> String {
    format!("{} {}", counted(count, "attempt"), if count == 1 { "was" } else { "were" })
}

/// Submits that nobody answered: messages that were tried twice took either as long as an answer and the wait
/// for the next attempt, or, after a valley, as long as somebody waited for an answer.
struct Unanswered {
    /// The share of what was tried twice.
    share: f64,
    /// Time that it was waited for, s, and how surely that is known.
    after: f64,
    error: f64,
    rows: u64,
}

impl Unanswered {
    fn of(cell: &Cell, clocks: Clocks) -> Option<Unanswered> {
        let [first, again, ..] = &cell.to_sent[..] else { return None };
        let tail = Tail::of(again, clocks)?;
        let middle = |own: &Durations| own.quantile(0.5);
        // In place of an answer.
        let after = middle(&tail.late)? - middle(&tail.body)? + middle(first)?;
        let (late, body) = (tail.late.count(), tail.body.count());
        // Spread as far as they are long, they are no timeout's but slow.
        let spread = tail.late.quantile(0.75)? - tail.late.quantile(0.25)?;
        (after > 0.0 && spread < 0.25 * after).then(|| Unanswered {
            share: late as f64 / (late + body) as f64,
            after,
            error: 1.96 * 0.93 * spread / (late as f64).sqrt(),
            rows: late,
        })
    }

    fn parameter(&self, path: &str) -> Parameter {
        let value = round(self.after, 0.05 * self.after);
        Parameter {
            path: format!("{path}.submit_timeout"),
            value,
            low: (self.after - self.error).min(value),
            high: (self.after + self.error).max(value),
            rows: self.rows,
            method: "attempts made again after a gap".to_owned(),
            unit: Unit::Seconds,
        }
    }
}

/// Spells that come again and again, as one thing that is sometimes so.
struct Degraded {
    value: String,
    comment: String,
    parameters: Vec<Parameter>,
}

fn degraded(found: &Found, path: &str) -> Option<Degraded> {
    let spells = found.recurring();
    let (first, last) = (spells.first()?, spells.last()?);
    let seconds = |ns: i64| ns as f64 / 1e9;
    let count = spells.len() as f64;
    let down = spells.iter().map(|spell| seconds(spell.to - spell.from)).sum::<f64>() / count;
    let up = (seconds(last.to - first.from) - down * count) / (count - 1.0).max(1.0);
    let method = format!("{} by change points", counted(spells.len() as u64, "spell"));
    let rows = spells.iter().map(|spell| spell.rows).sum();
    let parameter = |key: &str, own: Interval, unit| Parameter {
        path: format!("{path}.degraded.{key}"),
        value: own.value,
        low: own.low,
        high: own.high,
        rows,
        method: method.clone(),
        unit,
    };
    // A mean of so many exponential times, by the normal law of its logarithm.
    let time = |value: f64, spells: f64| {
        let error = 1.96 / spells.max(1.0).sqrt();
        Interval { value, low: value * libm::exp(-error), high: value * libm::exp(error) }
    };
    let mut parameters = vec![
        parameter("mean_up", time(up.max(1.0), count - 1.0), Unit::Seconds),
        parameter("mean_down", time(down, count), Unit::Seconds),
    ];
    // No quicker than usual, however little is known of it.
    let factor = mean(spells.iter().filter_map(|spell| spell.latency_factor))
        .map(|own| Interval { low: own.low.max(1.0).min(own.value), ..own });
    let share = mean(spells.iter().filter_map(|spell| spell.failures)).map(|own| Interval {
        value: own.value.clamp(0.0, 1.0),
        low: own.low.clamp(0.0, 1.0),
        high: own.high.clamp(0.0, 1.0),
    });
    parameters.extend(factor.map(|own| parameter("latency_factor", own, Unit::Number)));
    parameters.extend(share.map(|own| parameter("failures.transient", own, Unit::Share)));
    let keys = parameters.iter().map(|own| {
        let key = own.path.rsplit("degraded.").next().unwrap_or_default();
        let value = if own.unit == Unit::Seconds { own.toml() } else { digits(own.value, 3) };
        format!("{key} = {value}")
    });
    let keys: Vec<String> = keys.collect();
    Some(Degraded { value: format!("{{ {} }}", keys.join(", ")), comment: method, parameters })
}

/// The mean over spells, with its interval: by what isn't known of each or, if that is more, by how much they differ.
fn mean(values: impl Iterator<Item = Interval>) -> Option<Interval> {
    let values: Vec<Interval> = values.collect();
    if values.is_empty() {
        return None;
    }
    let n = values.len() as f64;
    let over = |squares: f64| (squares / n).sqrt() / n.sqrt();
    let value = values.iter().map(|own| own.value).sum::<f64>() / n;
    let each = values.iter().map(|own| (own.value - value) * (own.value - value)).sum::<f64>();
    let between = normal_quantile(0.975) * over(each * n / (n - 1.0).max(1.0));
    let within = |end: &dyn Fn(&Interval) -> f64| {
        over(values.iter().map(|own| (end(own) - own.value) * (end(own) - own.value)).sum())
    };
    let (below, above) = (within(&|own| own.low), within(&|own| own.high));
    Some(Interval {
        value,
        low: (value - below.max(between)).max(0.0),
        high: value + above.max(between),
    })
}
