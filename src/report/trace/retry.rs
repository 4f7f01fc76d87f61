//! The retry policy.

use super::words::{Words, clock, plain, provider, range, set, took};
use crate::chain::spec::Spec;
use crate::chain::trace::story::{BudgetState, RetryStep, Stop};
use crate::kernel::Nanos;

pub(super) fn words(spec: &Spec, step: RetryStep) -> Words {
    let policy = |what: String| Words::new("policy", what);
    match step {
        RetryStep::Again { attempt, most, wait, retry_after, due } => {
            let of = most.map(|most| format!(" of at most {most}")).unwrap_or_default();
            let what = match wait.wait.max(retry_after) {
                0 => "will try again at once".to_owned(),
                wait => format!("will try again in {}", took(wait)),
            };
            policy(what)
                .why(format!("attempt {attempt}{of}"))
                .maybe(range(wait))
                .when(retry_after > wait.wait, || {
                    format!("its own wait of {} is shorter than asked for", took(wait.wait))
                })
                .when(due > 0 && wait.high > 0, || format!("due {}", clock(spec, due)))
        }
        RetryStep::Stops { result, attempts, why } => policy("gives up".into()).why(match why {
            Stop::NotRetried => format!("{} is not tried again", result.name()),
            Stop::UsedUp if attempts == 1 => "the one attempt is used up".to_owned(),
            Stop::UsedUp => format!("all {attempts} attempts are used up"),
            Stop::TooLate { due, end } => too_late(spec, due, end),
            Stop::Budget => "the budget refuses".to_owned(),
        }),
        RetryStep::Budget { pays, budget } => {
            let what =
                if pays { "the budget pays for a retry" } else { "the budget refuses a retry" };
            policy(what.into()).why(asked(budget, pays))
        }
        RetryStep::GoesBy { route, provider: index } => {
            let id = spec.routes.get(route).map_or(0, |route| route.id);
            policy(format!("sends it by route {id}")).why(provider(spec, index))
        }
        RetryStep::Blocked { provider: index, hedge } => {
            let words = Words::new(provider(spec, index), "its breaker lets it not through");
            words.when(hedge, || "the hedge is dropped".to_owned())
        }
        RetryStep::Held { provider: index, waiting } => {
            let words = policy("holds it until the breaker is half-open".into());
            words.why(provider(spec, index)).why(format!("{waiting} waiting"))
        }
        RetryStep::Released { probe } => policy("lets it go on".into()).why(if probe {
            "to try a half-open breaker"
        } else {
            "a breaker lets messages through again"
        }),
        RetryStep::Opens { provider: index, span } => {
            let words = Words::new(provider(spec, index), "its breaker opens");
            words.why("this failure was one too many").why(format!("for {}", set(span)))
        }
        RetryStep::Closes { provider: index } => {
            Words::new(provider(spec, index), "its breaker closes").why("enough probes succeeded")
        }
        RetryStep::Pauses { provider: index, until } => {
            let words = policy("pauses the link".into());
            words.why(provider(spec, index)).why(format!("until {}", clock(spec, until)))
        }
        RetryStep::Hedges { route, provider: index, after } => {
            let id = spec.routes.get(route).map_or(0, |route| route.id);
            policy(format!("hedges by route {id}"))
                .why(provider(spec, index))
                .why(format!("no answer for {}", set(after)))
        }
        RetryStep::NoHedge { after } => policy("has nowhere to hedge".into())
            .why(format!("no answer for {}", set(after)))
            .why("no other route is open"),
    }
}

/// A retry that would be due too late.
pub(super) fn too_late(spec: &Spec, due: Nanos, end: Nanos) -> String {
    format!("due {}, no more from {} on", clock(spec, due), clock(spec, end))
}

/// `1 retry`, `34 retries`.
fn retried(count: u64) -> String {
    if count == 1 { "1 retry".to_owned() } else { format!("{count} retries") }
}

/// `pays`: this retry is among those counted.
fn asked(budget: BudgetState, pays: bool) -> String {
    match budget {
        BudgetState::Ratio { retries, firsts, most } => format!(
            "{} with this one, {} allowed for {firsts} first attempts",
            retried(retries + u64::from(!pays)),
            plain((most * 1e3).round() / 1e3)
        ),
        BudgetState::Bucket { level, capacity, reserve, cost } => {
            let tokens = |thousandths: u64| plain(thousandths as f64 / 1e3);
            let reserve = match reserve {
                0 => String::new(),
                reserve => format!(", reserve {}", tokens(reserve)),
            };
            format!(
                "{} of {} tokens, cost {}{reserve}",
                tokens(level),
                tokens(capacity),
                tokens(cost)
            )
        }
        BudgetState::Concurrency { retrying, trying, most } => {
            format!("{retrying} of {most} retries under way, {trying} tries")
        }
    }
}
