//! A provider: how long it takes, how often it refuses, how fast it lets in.

use super::carrier::write_latency;
use super::incidents::Found;
use super::latency::{Latency, latency};
use super::parameter::{Assumption, Parameter, Uncertain};
use super::text::{Text, digits, name, quoted, rows, span};
use crate::fit::gather::{Cell, Clocks};
use crate::logs::Failure;

/// A provider, fitted.
#[derive(Default)]
pub(crate) struct Provider {
    pub(crate) name: String,
    pub(crate) latency: Latency,
    failures: Vec<(&'static str, Parameter)>,
    throttle: Option<Parameter>,
    burst: f64,
    degraded: Option<(String, String)>,
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
    pub(crate) name: &'log str,
    pub(crate) cell: Cell,
    /// Of quiet times alone.
    pub(crate) quiet: Cell,
    pub(crate) clocks: Clocks,
    /// `true` if the log says which messages it took.
    pub(crate) has_sent: bool,
    /// `true` if it says when.
    pub(crate) timed: bool,
    pub(crate) has_done: bool,
    pub(crate) found: Found,
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
        degraded: degraded(&seen.found),
        ..Provider::default()
    };
    let first = seen.quiet.first_sent().filter(|_| seen.timed);
    if let Some(first) = first {
        provider.latency = latency(first, &[], seen.clocks, &format!("{path}.latency"));
    } else {
        provider.latency.doubt = Some(if seen.has_done {
            "the log doesn't say when a provider took a message: all of the time is the carrier's"
                .to_owned()
        } else {
            "the log has one time a row: no latency can be fitted".to_owned()
        });
    }
    if let Some(doubt) = provider.latency.doubt.clone() {
        let known = if provider.latency.value.is_empty() { "0s" } else { &provider.latency.value };
        let longer = span((provider.latency.median * 2.0).max(1.0));
        provider.assumptions.push(Assumption {
            path: format!("{path}.latency"),
            why: doubt,
            value: known.trim_matches('"').to_owned(),
            other: vec![format!("{path}.latency={longer}")],
            sensitivity: None,
        });
    }
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
            let tried_again = attempts.repeated() + at_limit;
            if known > 0 {
                counts = spread(tried_again);
            } else {
                counts.push(("transient", tried_again));
            }
            let early: u64 = attempts.failed.iter().sum::<u64>() - at_limit;
            counts.push(("permanent", early));
            if known == 0 && tried_again > 0 {
                self.assumptions.push(Assumption {
                    path: format!("{path}.failures"),
                    why: format!(
                        "{} attempts failed and were made again, and the log doesn't say how they \
                         failed: transient stands for all kinds",
                        super::text::grouped(tried_again)
                    ),
                    value: "transient".to_owned(),
                    other: Vec::new(),
                    sensitivity: None,
                });
            }
        } else {
            counts.extend(kinds);
            counts.push(("permanent", if seen.has_sent { cell.unnamed } else { 0 }));
            if cell.failure(Failure::Timeout) > 0 {
                self.assumptions.push(Assumption {
                    path: format!("{path}.failures"),
                    why: format!(
                        "{} timed out: whether the provider had taken them can't be told, and they \
                         are taken as failed",
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
        self.latency.parameters.iter().chain(failures).chain(&self.throttle)
    }

    pub(crate) fn uncertain(&self) -> Vec<Uncertain> {
        let own = self.parameters().filter_map(Parameter::uncertain);
        own.chain(self.latency.uncertain.clone()).collect()
    }

    pub(crate) fn write(&self, text: &mut Text) {
        text.table("[[provider]]");
        text.key("name", &quoted(&self.name), "");
        if !self.latency.value.is_empty() {
            write_latency(text, "latency", &self.latency);
        }
        if let Some(rate) = &self.throttle {
            let burst = digits(self.burst.round(), 6);
            let value =
                format!("{{ rate = {}, burst = {burst}, on_excess = \"pace\" }}", rate.toml());
            text.key("throttle", &value, &rate.comment());
        }
        if let Some((value, comment)) = &self.degraded {
            text.key("degraded", value, comment);
        }
        for (kind, parameter) in &self.failures {
            text.key(&format!("failures.{kind}"), &parameter.toml(), &parameter.comment());
        }
    }
}

/// Spells that come again and again, as one thing that is sometimes so.
fn degraded(found: &Found) -> Option<(String, String)> {
    let spells = found.recurring();
    let (first, last) = (spells.first()?, spells.last()?);
    let seconds = |ns: i64| ns as f64 / 1e9;
    let count = spells.len() as f64;
    let down = spells.iter().map(|spell| seconds(spell.to - spell.from)).sum::<f64>() / count;
    let up = (seconds(last.to - first.from) - down * count) / (count - 1.0).max(1.0);
    let mean = |values: Vec<f64>| {
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let failures = mean(spells.iter().filter_map(|spell| spell.failures).collect());
    let factor = mean(spells.iter().filter_map(|spell| spell.latency_factor).collect());
    let mut value =
        format!("{{ mean_up = {}, mean_down = {}", quoted(&span(up.max(1.0))), quoted(&span(down)));
    if let Some(factor) = factor {
        value.push_str(&format!(", latency_factor = {}", digits(factor, 3)));
    }
    if let Some(share) = failures {
        value.push_str(&format!(
            ", failures = {{ transient = {} }}",
            digits(share.clamp(0.0, 1.0), 3)
        ));
    }
    value.push_str(" }");
    Some((value, format!("{} spells by change points", spells.len())))
}
