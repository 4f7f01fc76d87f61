//! Submits.

use super::words::{
    Words, clock, draw, factor, incidents, plain, provider, result, set, tokens, took,
};
use crate::chain::AttemptResult;
use crate::chain::spec::{Allowance, Bucket, Failure, Failures, Spec, Target, Throttle};
use crate::chain::trace::story::{SubmitStep, Told};

pub(super) fn words(spec: &Spec, told: &Told, step: SubmitStep) -> Words {
    let at = |index: usize, what: String| Words::new(provider(spec, index), what);
    let window =
        |index: usize, used: u64| match spec.providers.get(index).and_then(|one| one.window) {
            Some(window) => format!("window {used} of {window}"),
            None => format!("{used} outstanding, no window"),
        };
    match step {
        SubmitStep::WaitsForToken { provider: index, throttle, place, tokens: level } => {
            at(index, format!("waits for its pace: place {place}"))
                .why(tokens(level))
                .maybe(pace(spec, index, throttle))
        }
        SubmitStep::WaitsForSlot { provider: index, place, used, paused_until } => {
            at(index, format!("waits for a window slot: place {place}"))
                .why(window(index, used))
                .maybe(
                    paused_until.map(|until| format!("link paused until {}", clock(spec, until))),
                )
        }
        SubmitStep::GoesOut {
            provider: index,
            attempt,
            hedge,
            waited,
            used,
            tokens: left,
            probe,
            ..
        } => {
            let what = if hedge { "hedge, submit" } else { "submit" };
            at(index, format!("{what} {attempt} goes out"))
                .why(window(index, used))
                .when(waited > 0, || format!("waited {} for pace and window", took(waited)))
                .maybe(left.map(|left| format!("{} left", tokens(left))))
                .when(probe, || "tries the half-open breaker".to_owned())
        }
        SubmitStep::Outage { provider: index, refused } => at(
            index,
            match refused {
                Some(latency) => format!("is down: the bind refuses it{}", within(latency)),
                None => "is down: no answer and no acceptance".to_owned(),
            },
        )
        .why(incidents(spec, Target::Provider(index), told.time)),
        SubmitStep::OverRate { provider: index, throttle, tokens: level, latency } => {
            at(index, format!("throttles it: over the rate{}", within(latency)))
                .why(tokens(level))
                .maybe(pace(spec, index, throttle))
        }
        SubmitStep::Judged {
            provider: index,
            u,
            shares,
            result: came,
            spell,
            incident,
            latency,
            factor: times,
        } => at(index, verdict(spec, index, came, latency))
            .maybe(u.map(|u| share(u, &shares, came)))
            .when(spell, || "in a degraded spell".to_owned())
            .when(incident, || incidents(spec, Target::Provider(index), told.time))
            .maybe(factor(times))
            .when(times != 1.0 && by_day(spec, index), || "latency by time of day".to_owned()),
        SubmitStep::WaitsForServer { provider: index, place } => {
            let servers = spec.providers.get(index).and_then(|one| one.servers).unwrap_or(0);
            at(index, format!("waits for a server: place {place}"))
                .why(format!("all {servers} servers busy"))
        }
        SubmitStep::LineFull { provider: index, waiting, latency } => {
            let capacity = spec.providers.get(index).and_then(|one| one.queue_capacity);
            at(index, format!("has no room for it{}", within(latency)))
                .why(format!("{waiting} waiting, queue_capacity {}", capacity.unwrap_or(0)))
        }
        SubmitStep::Served { provider: index, latency, factor: times } => {
            at(index, format!("a server takes {}", took(latency)))
                .maybe(factor(times))
                .when(times != 1.0 && by_day(spec, index), || "latency by time of day".to_owned())
        }
        SubmitStep::Silence { provider: index, draw: drawn } => {
            let what = if drawn.happened() {
                "had accepted it all the same"
            } else {
                "had not accepted it"
            };
            at(index, what.into()).why(format!("timeout_accepted: {}", draw(drawn)))
        }
        SubmitStep::Ends {
            provider: index,
            result: came,
            took: span,
            retry_after,
            awaited,
            ..
        } => ends(spec, index, came, span, awaited)
            .when(retry_after > 0, || format!("asked to wait {}", set(retry_after))),
        SubmitStep::Forgotten { provider: index, out } => {
            let words = Words::new("sender", "needs the other submit no more");
            words.why(provider(spec, index)).when(out, || "it may still be accepted".to_owned())
        }
        SubmitStep::Accepted { provider: index, copy, relay, lost, whole: _ } => {
            let what = match copy {
                _ if told.part.is_some() => "truly accepts it".to_owned(),
                0 => "truly accepts the message".to_owned(),
                copy => format!("truly accepts it again: copy {}", copy + 1),
            };
            match lost.filter(|lost| lost.happened()) {
                Some(lost) => at(index, format!("{what}, and loses it"))
                    .why(format!("never relayed: {}", draw(lost))),
                None => {
                    at(index, what).when(relay > 0, || format!("relayed within {}", took(relay)))
                }
            }
        }
    }
}

/// The time a refusal takes, where it takes any time.
fn within(latency: u64) -> String {
    if latency == 0 { String::new() } else { format!(", and says so in {}", took(latency)) }
}

/// `120/s, burst 120`.
pub(super) fn bucket(bucket: &Bucket) -> String {
    format!("{}/s, burst {}", plain(bucket.rate), bucket.burst)
}

fn pace(spec: &Spec, provider: usize, throttle: usize) -> Option<String> {
    self::throttle(&spec.providers.get(provider)?.throttle, throttle)
}

/// A throttle in words; one of several with its scope.
pub(super) fn throttle<T: Throttle>(list: &[T], index: usize) -> Option<String> {
    let throttle = list.get(index)?;
    let rate = allowance(throttle.allowance());
    Some(match list {
        [_] => rate,
        _ => format!("{rate}, by {}", throttle.scope().word()),
    })
}

/// `120/s, burst 120`, or `4500 in 1min`.
pub(super) fn allowance(allowance: &Allowance) -> String {
    match allowance {
        Allowance::Bucket(own) => bucket(own),
        Allowance::Window(window) => format!("{} in {}", window.limit, window.per.word()),
    }
}

/// The result that the provider will make of a submit.
fn verdict(spec: &Spec, provider: usize, came: AttemptResult, latency: Option<u64>) -> String {
    let patience = spec.providers.get(provider).and_then(|one| one.submit_timeout);
    match (came, latency) {
        (AttemptResult::Timeout, _) => "will never answer".to_owned(),
        (came, None) => format!("will answer {}", came.name()),
        (came, Some(latency)) if patience.is_some_and(|patience| latency >= patience) => {
            format!("would answer {} after {}, too late", came.name(), took(latency))
        }
        (came, Some(latency)) => format!("will answer {} after {}", came.name(), took(latency)),
    }
}

/// `u 0.0131 on transient [0, 0.02)`: where the uniform fell among the shares.
fn share(u: f64, shares: &Failures, came: AttemptResult) -> String {
    let mut below = 0.0;
    for (share, result) in shares.shares().into_iter().zip(Failure::ALL.map(AttemptResult::from)) {
        let from = below;
        below += share;
        if result == came {
            return format!("u {u:.4} in [{}, {}): {}", plain(from), plain(below), result.name());
        }
    }
    super::words::against("u", u, below) + ", all failures"
}

/// The result that the sender hears.
fn ends(spec: &Spec, index: usize, came: AttemptResult, span: u64, awaited: bool) -> Words {
    let words = match came {
        AttemptResult::Timeout => Words::new("sender", "gives up waiting: timeout")
            .why(format!("no answer in {}", set(span))),
        came => Words::new("sender", format!("hears {}", result(came)))
            .why(provider(spec, index))
            .when(span > 0, || format!("after {}", took(span))),
    };
    words.when(!awaited, || "it waits for that one no more".to_owned())
}

/// `true` if a provider's latency follows the time of day.
fn by_day(spec: &Spec, provider: usize) -> bool {
    spec.providers.get(provider).is_some_and(|one| !one.latency_by_day.is_empty())
}
