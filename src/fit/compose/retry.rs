//! The retry policy nearest to how attempts follow one another.

use super::incidents::Found;
use super::parameter::{Assumption, Parameter, Unit};
use super::provider::Attempts;
use super::text::{Text, counted, digits, quoted, rows, span, told};
use super::{Composer, QUIET, window};
use crate::fit::gather::{Cell, Durations, WAITS};

/// Attempts that a wait must be seen between, to be told.
const LEAST: u64 = 20;

impl Composer<'_> {
    pub(super) fn retry(&mut self, text: &mut Text) {
        let (mut all, mut usual) = (self.all.of(None, None), self.usual.of(None, None));
        let (attempts, resent) = (Attempts::of(&all), all.resent);
        let quiet = usual.to_sent.get(1).map_or(0, Durations::count);
        let is_told = !self.always_pressed && quiet >= QUIET;
        let queue = |own: &&Found| own.queues || own.line.is_some() && !is_told;
        let queue = self.of_providers.values().find(queue);
        if let Some(queue) = queue {
            usual.to_sent.truncate(1);
            if let Some(free) = self.without_wait(queue) {
                usual.to_sent = vec![free];
            }
            all.to_sent.truncate(window::FIRST);
            all.to_sent.iter_mut().for_each(window::without_most);
        }
        if let Some(mut retry) = retry(&all, &usual, &attempts) {
            retry.assumptions.extend(queue.and(retry.waits.first()).map(window::waits));
            // What a throttle refuses is tried again for that.
            if !self.of_providers.values().any(|own| own.refuses) {
                retry.assumptions.extend(for_a_receipt(&retry, &all));
            }
            retry.write(text);
            self.parameters.extend(retry.parameters().cloned());
            self.assumptions.extend(retry.assumptions);
        } else if self.log.with_attempts == 0 {
            self.assumptions.push(assumption(
                "retry",
                "the log doesn't say how often a message was tried: one attempt each".to_owned(),
                "max_attempts = 1",
            ));
        }
        self.assumptions.extend(no_failures(resent, self.log.submits_of_parts()));
    }
}

fn assumption(path: &str, why: String, value: &str) -> Assumption {
    let (path, value) = (path.to_owned(), value.to_owned());
    Assumption { path, why, value, other: Vec::new(), sensitivity: None }
}

/// The doubt whether attempts were made again for want of a receipt: who waits for one waits longer than most of
/// them take.
fn for_a_receipt(retry: &Retry, all: &Cell) -> Option<Assumption> {
    let wait = retry.waits.first()?.value;
    let comes = all.to_done.quantile(0.5).filter(|&comes| wait > comes)?;
    let why = format!(
        "{} before the next attempt is longer than most messages took to come, {}: it may be made for want \
         of a receipt, and not after a failure",
        told(wait),
        told(comes)
    );
    Some(assumption("retry.backoff", why, "taken as failures"))
}

/// Assumptions about attempts that were no failures.
fn no_failures(resent: u64, of_parts: u64) -> impl Iterator<Item = Assumption> {
    let resent = (resent > 0).then(|| {
        let why = format!(
            "{} were sent again, and had been accepted as soon as others: after a missing receipt, or one of \
             failure. These are no failures of a provider; the scenario sends nothing again, and what came \
             of it is among its latencies and handsets that are away",
            counted(resent, "message")
        );
        assumption("on_receipt", why, "none")
    });
    let of_parts = (of_parts > 0).then(|| {
        let why = format!(
            "the attempts of {} of several parts are no fewer than their parts: submits of parts are counted, \
             of which one for each part is no failure. The scenario submits a message as a whole",
            counted(of_parts, "message")
        );
        assumption("provider.parts", why, "whole")
    });
    resent.into_iter().chain(of_parts)
}

/// A retry policy, fitted.
pub(crate) struct Retry {
    max_attempts: Parameter,
    backoff: String,
    backoff_comment: String,
    jitter: &'static str,
    pub(crate) waits: Vec<Parameter>,
    pub(crate) assumptions: Vec<Assumption>,
}

/// The policy from times to acceptance by attempts made; `None` where nothing was tried twice.
pub(crate) fn retry(all: &Cell, quiet: &Cell, attempts: &Attempts) -> Option<Retry> {
    if attempts.most < 2 {
        return None;
    }
    let again: u64 = attempts.reached.get(1).copied().unwrap_or(0);
    let most = attempts.most as f64;
    let mut assumptions = Vec::new();
    if !attempts.limited {
        assumptions.push(Assumption {
            path: "retry.max_attempts".to_owned(),
            why: format!(
                "no message failed at its attempt number {}: the limit is that or higher",
                attempts.most
            ),
            value: digits(most, 4),
            other: vec![format!("retry.max_attempts={}", digits(2.0 * most, 4))],
            sensitivity: None,
        });
    }
    let max_attempts = Parameter {
        path: "retry.max_attempts".to_owned(),
        value: most,
        low: most,
        // That none failed at it says nothing of how many more there may be.
        high: if attempts.limited { most } else { f64::INFINITY },
        rows: again,
        method: if attempts.limited { "the most seen, some failed at it" } else { "the most seen" }
            .to_owned(),
        unit: Unit::Number,
    };
    // Medians and quartiles: spells and incidents move them less than means.
    let middle = |place: usize| {
        let quartiles = |own: &Durations| {
            let at = |share: f64| own.quantile(share);
            Some((at(0.5)?, at(0.75)? - at(0.25)?))
        };
        let of = |cell: &Cell| {
            cell.to_sent.get(place).filter(|own| own.count() >= LEAST).and_then(quartiles)
        };
        of(quiet).or_else(|| of(all))
    };
    let count = |place: usize| all.to_sent.get(place).map_or(0, Durations::count);
    let first = middle(0).unwrap_or((0.0, 0.0));
    let mut waits: Vec<(f64, f64, u64)> = Vec::new();
    let mut before = first;
    // The last place has all that were tried as often or more.
    for place in 1..all.to_sent.len().min(WAITS - 1) {
        let Some(own) = middle(place) else { break };
        // A refusal takes as long as an acceptance.
        let wait = (own.0 - before.0 - first.0).max(0.0);
        let squares = own.1 * own.1 - before.1 * before.1 - first.1 * first.1;
        waits.push((wait, squares.max(0.0).sqrt(), count(place)));
        before = own;
    }
    let mut retry = Retry {
        max_attempts,
        backoff: "backoff.immediate = {}".to_owned(),
        backoff_comment: String::new(),
        jitter: "none",
        waits: Vec::new(),
        assumptions,
    };
    let Some(&(wait, _, seen)) = waits.first() else {
        retry.assumptions.push(Assumption {
            path: "retry.backoff".to_owned(),
            why: "the log doesn't tell how long messages waited between attempts, nor whether for \
                  failures or for missing receipts: taken as failures"
                .to_owned(),
            value: "1s".to_owned(),
            other: vec!["retry.backoff.fixed.delay=30s".to_owned()],
            sensitivity: None,
        });
        retry.backoff = "backoff.fixed = { delay = \"1s\" }".to_owned();
        retry.backoff_comment = "an assumption".to_owned();
        return Some(retry);
    };
    for (number, &(wait, deviation, rows)) in waits.iter().enumerate() {
        // A median's error, by the quartiles of a normal distribution.
        let error = 1.96 * 0.93 * deviation.max(first.1) / (rows as f64).sqrt();
        retry.waits.push(Parameter {
            path: format!("retry.waits.{}", number + 1),
            value: wait,
            low: (wait - error).max(0.0),
            high: wait + error,
            rows,
            method: "median time to acceptance by attempts, differences".to_owned(),
            unit: Unit::Seconds,
        });
    }
    if wait < 0.02 * first.0.max(0.01) {
        retry.backoff_comment = format!("{} tried again at once", rows(seen));
        return Some(retry);
    }
    // How short the shortest tenth of waits is tells the jitter: all, 3/4 or 1/5 of their median. Spells
    // make waits longer, and these hardly.
    let short = |place: usize| {
        let of = |cell: &Cell| {
            let own = cell.to_sent.get(place).filter(|own| own.count() >= LEAST)?;
            own.quantile(0.1)
        };
        of(quiet).or_else(|| of(all)).unwrap_or(0.0)
    };
    let spread = (short(1) - 2.0 * short(0)) / wait;
    let (jitter, part) = match spread {
        spread if spread > 0.87 => ("none", 1.0),
        spread if spread > 0.45 => ("equal", 0.75),
        _ => ("full", 0.5),
    };
    retry.jitter = jitter;
    let base = wait / part;
    let ratios: Vec<f64> = waits.windows(2).map(|pair| pair[1].0 / pair[0].0).collect();
    let growth = ratios.first().copied().unwrap_or(1.0);
    let waited = format!(
        "waits of {}, the shortest tenth {} of that",
        waits.iter().map(|own| told(own.0)).collect::<Vec<_>>().join(", "),
        digits(spread, 2)
    );
    let grows = match &retry.waits[..] {
        [first, second, ..] => second.low > 1.15 * first.high && growth >= 1.3,
        _ => false,
    };
    if !grows {
        retry.backoff = format!("backoff.fixed = {{ delay = {} }}", quoted(&span(base)));
        retry.backoff_comment = format!("{}, {waited}; nearest: fixed", rows(seen));
        return Some(retry);
    }
    let factor = [1.5, 2.0, 3.0, 4.0, 10.0]
        .into_iter()
        .find(|factor| (growth / factor - 1.0).abs() < 0.2)
        .unwrap_or(growth);
    let cap = ratios.iter().position(|&ratio| ratio < 1.2).and_then(|place| waits.get(place));
    let cap = cap.map_or(String::new(), |own| format!(", cap = {}", quoted(&span(own.0 / part))));
    retry.backoff = format!(
        "backoff.exponential = {{ base = {}, factor = {}{cap} }}",
        quoted(&span(base)),
        digits(factor, 3)
    );
    let nearest = match jitter {
        "none" => "exponential",
        "equal" => "equal-jitter",
        _ => "full-jitter",
    };
    retry.backoff_comment = format!("{}, {waited}; nearest: {nearest}", rows(seen));
    Some(retry)
}

impl Retry {
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        std::iter::once(&self.max_attempts).chain(&self.waits)
    }

    pub(crate) fn write(&self, text: &mut Text) {
        text.table("[retry]");
        let limit = format!("{}, {}", rows(self.max_attempts.rows), self.max_attempts.method);
        text.key("max_attempts", &digits(self.max_attempts.value, 6), &limit);
        if let Some((key, value)) = self.backoff.split_once(" = ") {
            text.key(key, value, &self.backoff_comment);
        }
        if self.jitter != "none" {
            text.key("jitter", &quoted(self.jitter), "");
        }
    }
}
