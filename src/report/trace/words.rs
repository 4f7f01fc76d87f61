//! Pieces of sentences: times, draws, names.

use super::super::clock::to_the_millisecond;
use crate::chain::AttemptResult;
use crate::chain::spec::{Incident, Nanounits, Spec, Target};
use crate::chain::trace::story::{Draw, Wait};
use crate::kernel::{Nanos, in_seconds};
use crate::report::number::{length, money, span};

/// The words of a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Words {
    /// The component.
    pub(super) who: String,
    /// Its action.
    pub(super) what: String,
    /// The reason, with its numbers.
    pub(super) why: Vec<String>,
}

impl Words {
    pub(super) fn new(who: impl Into<String>, what: impl Into<String>) -> Words {
        Words { who: who.into(), what: what.into(), why: Vec::new() }
    }

    /// Adds a reason.
    pub(super) fn why(mut self, why: impl Into<String>) -> Words {
        self.why.push(why.into());
        self
    }

    /// Adds a reason, if there is one.
    pub(super) fn maybe(mut self, why: Option<String>) -> Words {
        self.why.extend(why);
        self
    }

    /// Adds a reason where it is one.
    pub(super) fn when(self, holds: bool, why: impl FnOnce() -> String) -> Words {
        if holds { self.why(why()) } else { self }
    }
}

/// A measured span.
pub(super) fn took(nanos: Nanos) -> String {
    span(in_seconds(nanos))
}

/// A span as it was set.
pub(super) fn set(nanos: Nanos) -> String {
    length(nanos)
}

/// The clock at a time, to the millisecond: `10:20:01.042`, on later days `+1d 00:00:00.000`.
pub(in crate::report) fn clock(spec: &Spec, time: Nanos) -> String {
    to_the_millisecond(spec, time)
}

/// `u 0.3127 < 0.5`: what was drawn against its probability.
pub(super) fn draw(draw: Draw) -> String {
    against("u", draw.u, draw.p)
}

/// `score 0.62 ≥ 0.55`: with as many digits as it takes to see that.
pub(super) fn against(name: &str, value: f64, limit: f64) -> String {
    let sign = if value < limit { "<" } else { "≥" };
    format!("{name} {} {sign} {}", digits(value, limit), plain(limit))
}

/// `value` with enough digits to tell it from `limit`, four at least.
fn digits(value: f64, limit: f64) -> String {
    for decimals in 4..17 {
        let text = format!("{value:.decimals$}");
        if let Ok(shown) = text.parse::<f64>()
            && (shown < limit) == (value < limit)
            && (shown != 0.0 || value == 0.0)
        {
            return text;
        }
    }
    format!("{value}")
}

/// A share or limit: short, nine digits at most.
pub(super) fn plain(number: f64) -> String {
    let text = format!("{number:.9}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "0" && number > 0.0 { format!("{number:e}") } else { text.to_owned() }
}

/// `0.4 tokens`.
pub(super) fn tokens(level: f64) -> String {
    // Rounded down: a level just under what is needed should look it.
    let tenths = (level * 10.0).floor() / 10.0;
    if tenths == 1.0 {
        "1 token".to_owned()
    } else if tenths == tenths.trunc() {
        format!("{tenths:.0} tokens")
    } else {
        format!("{tenths:.1} tokens")
    }
}

/// `latency × 6`, if it is multiplied.
pub(super) fn factor(factor: f64) -> Option<String> {
    (factor != 1.0).then(|| format!("latency × {}", plain((factor * 1e3).round() / 1e3)))
}

/// An amount of money.
pub(super) fn amount(amount: Nanounits) -> String {
    money(amount as f64 / 1e9)
}

/// The account's balance.
pub(super) fn balance(balance: i128) -> String {
    money(balance as f64 / 1e9)
}

/// `waits 1.3 s, from 0 to 2 s`: the range it was chosen from, if there was a choice.
pub(super) fn range(wait: Wait) -> Option<String> {
    // A spread of nanoseconds is none.
    let low = if wait.low < 1_000 { 0 } else { wait.low };
    (wait.high > wait.low).then(|| format!("drawn from {} to {}", took(low), took(wait.high)))
}

/// An attempt's result with its name in SMPP.
pub(super) fn result(result: AttemptResult) -> String {
    match (result.name(), result.smpp()) {
        (name, Some(status)) => format!("{name}, {status}"),
        (name, None) => name.to_owned(),
    }
}

/// A provider.
pub(super) fn provider(spec: &Spec, index: usize) -> String {
    format!("provider {}", spec.providers.get(index).map_or("?", |one| one.name.as_str()))
}

/// A queue.
pub(super) fn queue(spec: &Spec, index: usize) -> String {
    format!("queue {}", spec.queues.get(index).map_or("?", |one| one.name.as_str()))
}

/// A carrier.
pub(super) fn carrier(spec: &Spec, index: usize) -> String {
    format!("carrier {}", spec.carriers.get(index).map_or("?", |one| one.name.as_str()))
}

/// The incidents that a target has at that time, by name.
pub(super) fn incidents(spec: &Spec, target: Target, time: Nanos) -> String {
    let now = |incident: &&Incident| incident.target == target && incident.is_on(time);
    let names: Vec<&str> =
        spec.incidents.iter().filter(now).map(|incident| incident.name.as_str()).collect();
    format!("incident {}", names.join(", "))
}

/// `1 worker`, `3 workers`.
pub(in crate::report) fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A copy, where there are several.
pub(super) fn copy(copy: u32) -> String {
    if copy == 0 { String::new() } else { format!(" (copy {})", copy + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::SECOND;

    #[test]
    fn what_is_drawn_is_seen_to_be_on_its_side() {
        assert_eq!(draw(Draw { u: 0.312_74, p: 0.5 }), "u 0.3127 < 0.5");
        assert_eq!(draw(Draw { u: 0.549_999_9, p: 0.55 }), "u 0.5499999 < 0.55");
        assert_eq!(draw(Draw { u: 0.000_001_2, p: 0.000_5 }), "u 0.000001 < 0.0005");
        assert_eq!(against("score", 0.55, 0.55), "score 0.5500 ≥ 0.55");
        assert_eq!(tokens(0.99), "0.9 tokens");
        assert_eq!(tokens(1.04), "1 token");
        assert_eq!((tokens(12.0), tokens(-8.0)), ("12 tokens".to_owned(), "-8 tokens".to_owned()));
    }

    #[test]
    fn waits_without_a_choice_have_no_range() {
        let wait = Wait { wait: SECOND, low: SECOND, high: SECOND };
        assert_eq!(range(wait), None);
        let wait = Wait { wait: SECOND, low: 1, high: 2 * SECOND };
        assert_eq!(range(wait).as_deref(), Some("drawn from 0 to 2.0 s"));
    }
}
