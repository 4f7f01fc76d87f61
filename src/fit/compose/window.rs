//! A provider's window, as the submits outstanding at once before a throttle that refuses; and what its log
//! tells of one otherwise.
//!
//! By Little's law (1961) those outstanding are attempts a second times the mean time to an answer. While such a
//! throttle is at its rate attempts are as many times that as a message that was accepted took of them.

use super::incidents::Found;
use super::parameter::{Assumption, Parameter, Unit};
use super::text::{span, told};
use crate::fit::gather::{Cell, Durations, Ticks, seconds};
use crate::special::normal_quantile;

/// Messages of as many attempts that are taken for the quickest.
const QUICKEST: f64 = 24.0;
/// Attempts of messages that may have hardly waited for a window.
pub(crate) const FIRST: usize = 2;

/// The window that fills while the throttle presses: `pressed` are the messages of that time, `quiet` the
/// provider's times to an answer when nothing waits, `segments` those of a message on average.
pub(crate) fn window(
    path: &str,
    found: &Found,
    pressed: &Cell,
    quiet: &Durations,
    segments: f64,
) -> Option<Parameter> {
    let throttle = found.throttle.filter(|_| found.refuses && found.queues)?;
    let made = (0_u64..).zip(&pressed.attempts).map(|(number, count)| number * count).sum::<u64>();
    let accepted = pressed.rows().saturating_sub(pressed.exhausted.iter().sum());
    let (mean, error) = mean(quiet)?;
    if made <= accepted || accepted == 0 || mean <= 0.0 {
        return None;
    }
    let attempts = made as f64 / accepted as f64;
    let value = throttle.rate / segments.max(1.0) * attempts * mean;
    let far = |a: f64| a / throttle.rate - 1.0;
    let relative =
        [error / mean, 1.0 / (accepted as f64).sqrt()].map(|own| normal_quantile(0.975) * own);
    let off = relative.iter().fold(0.0, |sum: f64, own| sum.hypot(*own));
    let whole = value.round().max(1.0);
    Some(Parameter {
        path: format!("{path}.window"),
        value: whole,
        low: (value * (1.0 + far(throttle.low) - off)).min(whole),
        high: (value * (1.0 + far(throttle.high) + off)).max(whole),
        rows: pressed.rows(),
        method: "by Little's law: attempts a second × mean time to an answer".to_owned(),
        unit: Unit::Number,
    })
}

/// Leaves the shortest of durations: those of messages that hardly waited in a line, as the last before it was
/// empty did.
pub(crate) fn without_most(durations: &mut Durations) {
    let share = (QUICKEST / durations.count().max(1) as f64).min(1.0);
    if let Some(longest) = durations.quantile(share) {
        // With the bin in which the last of them lies.
        *durations = durations.split(longest * 1.01).0;
    }
}

/// The assumption on a wait between attempts after which there is a line to wait in.
pub(crate) fn waits(wait: &Parameter) -> Assumption {
    Assumption {
        path: "retry.backoff".to_owned(),
        why: "each attempt waits in the line before the provider, too: how long it waits before that is told by the \
              quickest of the messages that took two, and may be less; whether later waits are longer can't \
              be told"
            .to_owned(),
        value: told(wait.value),
        other: vec![format!("retry.backoff.fixed.delay={}", span(wait.value / 2.0))],
        sensitivity: None,
    }
}

/// The mean of durations, s, with its standard error.
fn mean(durations: &Durations) -> Option<(f64, f64)> {
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (low, high, count) in durations.spans() {
        let (middle, count) = ((seconds(low) + seconds(high)) / 2.0, count as f64);
        n += count;
        sum += count * middle;
        squares += count * middle * middle;
    }
    let mean = sum / n;
    (n > 1.0).then(|| (mean, ((squares / n - mean * mean).max(0.0) / n).sqrt()))
}

/// The assumption on a window that isn't told: how many messages were between request and acceptance.
pub(crate) fn untold(
    path: &str,
    under_way: &Ticks<i32>,
    (from, to): (i64, i64),
) -> Option<Assumption> {
    let (mut now, mut most) = (0_i64, 0_i64);
    for (_, change) in under_way.over(from, to) {
        now += i64::from(change);
        most = most.max(now);
    }
    (most > 1).then(|| Assumption {
        path: format!("{path}.window"),
        why: format!(
            "the time from request to acceptance has the sender's queue in it, so that neither a \
             window nor a number of workers can be told from it; at most {most} messages were \
             between both at once"
        ),
        value: "none".to_owned(),
        other: vec![format!("{path}.window={most}")],
        sensitivity: None,
    })
}
