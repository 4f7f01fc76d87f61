//! The request boundary.

use super::words::{
    Words, amount, balance, clock, draw, factor, incidents, queue, range, set, tokens, took,
};
use crate::chain::Rejection;
use crate::chain::spec::{Spec, Target};
use crate::chain::trace::story::{ApiStep, ClientStep, Refusal, Stop, Told};

/// Steps of the client or the person.
pub(super) fn client(spec: &Spec, told: &Told, id: &str, step: ClientStep) -> Words {
    let client = |what: String| Words::new("client", what);
    match step {
        ClientStep::Calls { call, resend, probe } => {
            let again = if call == 1 { String::new() } else { format!(" again, call {call}") };
            let whose = if resend { "of a person who asks again" } else { "of the run" };
            client(format!("calls the API{again}"))
                .why(format!("request {} {whose}", told.request))
                .when(probe, || "tries the half-open breaker".to_owned())
        }
        ClientStep::WasQuiet { since } => client("has held it back".into())
            .why(format!("quiet hours; it was due at {}", clock(spec, since))),
        ClientStep::Held => client("holds its call back".into()).why("its breaker is open"),
        ClientStep::HangsUp { call, after } => {
            client(format!("hangs up on call {call}: sees an error"))
                .why(format!("no answer in {}", set(after)))
                .why("the API goes on")
        }
        ClientStep::CallsAgain { call, most, wait, retry_after } => {
            let of = most.map(|most| format!(" of at most {most}")).unwrap_or_default();
            client(format!("will call again in {}", took(wait.wait.max(retry_after))))
                .why(format!("call {call}{of}"))
                .maybe(range(wait))
                .when(retry_after > wait.wait, || {
                    format!("its own wait of {} is shorter than asked for", took(wait.wait))
                })
        }
        ClientStep::Stops { calls, why } => client("calls no more".into()).why(match why {
            Stop::NotRetried => "such an error is not tried again".to_owned(),
            Stop::UsedUp => format!("all {calls} calls are used up"),
            Stop::TooLate { due, end } => super::retry::too_late(spec, due, end),
            Stop::Budget => "its budget refuses".to_owned(),
        }),
        ClientStep::AsksAgain { number, after, draw: drawn } => {
            Words::new("person", format!("has no copy and asks again: {id}"))
                .why(format!("{} after asking", set(after)))
                .why(format!("resend {number}"))
                .why(draw(drawn))
        }
        ClientStep::Leaves { after, draw: drawn } => {
            let words = Words::new("person", "has no copy and doesn't ask again");
            words
                .why(format!("{} after asking", set(after)))
                .why(drawn.map_or_else(|| "no resends are left".to_owned(), draw))
        }
    }
}

/// Steps of the API.
pub(super) fn api(spec: &Spec, told: &Told, id: &str, step: ApiStep) -> Words {
    let api = |what: String| Words::new("api", what);
    match step {
        ApiStep::RateLimited { limit, tokens: level, latency } => {
            let what = match latency {
                0 => "refuses the call: 429 rate_limited".to_owned(),
                latency => format!("will refuse the call in {}: 429 rate_limited", took(latency)),
            };
            over(spec, api(what), limit, level)
        }
        ApiStep::Recognises { call, left } => api(format!("recognises a repeat of call {call}"))
            .why(match left {
                None => "that one is accepted: the same answer".to_owned(),
                Some(left) => format!("still at work on it for {}", took(left)),
            }),
        ApiStep::Works { latency, factor: times, tokens: level, outage, error } => {
            let error = error.filter(|error| error.happened());
            let what = match latency {
                0 => "takes the call".to_owned(),
                latency => format!("works on the call for {}", took(latency)),
            };
            api(what)
                .when(outage || times != 1.0, || incidents(spec, Target::Api, told.time))
                .maybe(factor(times))
                .maybe(level.map(|level| format!("{} left", tokens(level))))
                .when(outage, || "an outage: it will end in 500".to_owned())
                .maybe(error.map(|error| format!("will end in 500: {}", draw(error))))
        }
        ApiStep::Refuses { rejection, why } => {
            let words = api(format!("refuses the message: {}", code(rejection)));
            refusal(spec, told, words, why)
        }
        ApiStep::Accepts { carrier, route, around, part, segments, charged, balance } => {
            let route = spec.routes.get(route);
            let (number, provider) =
                route.map_or((0, "?"), |route| (route.id, name(spec, route.provider)));
            let carrier = spec.carriers.get(carrier).map_or("?", |one| one.name.as_str());
            let rank = route.map_or(0, |route| route.rank);
            let segments =
                if segments == 1 { "1 segment".into() } else { format!("{segments} segments") };
            let left = balance.map(|left| format!(", {} left", self::balance(left)));
            api(format!("accepts {id}"))
                .why(format!("route {number} by {provider} to {carrier}, rank {rank}"))
                .when(around, || "the first choice's breaker is open".to_owned())
                .maybe(part.map(points))
                .why(segments)
                .when(charged != 0 || balance.is_some(), || {
                    format!("{} charged{}", amount(charged), left.unwrap_or_default())
                })
        }
        ApiStep::Answers { call, rejection, heard } => {
            let what = match rejection {
                None => format!("answers success: {id}, status QUEUED"),
                Some(rejection) => format!("answers {}", code(rejection)),
            };
            api(what)
                .when(call > 1, || format!("call {call}"))
                .when(!heard, || "the client doesn't wait for it any more".to_owned())
        }
    }
}

fn refusal(spec: &Spec, told: &Told, words: Words, why: Refusal) -> Words {
    match why {
        Refusal::Number(drawn) => words.why("the number is invalid").why(draw(drawn)),
        Refusal::OptedOut(drawn) => words.why("the recipient has opted out").why(draw(drawn)),
        Refusal::OptedOutSince { since } => {
            words.why(format!("the recipient opted out at {}", clock(spec, since)))
        }
        Refusal::TooLong { segments, most } => {
            words.why(format!("{segments} segments, at most {most}"))
        }
        Refusal::NoRoute { carrier, served } => {
            let carrier = spec.carriers.get(carrier).map_or("?", |one| one.name.as_str());
            words.why(match served {
                false => format!("no route serves {carrier}"),
                true => format!("of the routes to {carrier} none takes it: `only`"),
            })
        }
        Refusal::Poor { price, balance, frozen } => {
            let left = self::balance(balance);
            words.why(format!("it costs {}", amount(price))).why(if frozen {
                format!(
                    "the balance, {left}, is frozen: {}",
                    incidents(spec, Target::Account, told.time)
                )
            } else {
                format!("{left} left")
            })
        }
        Refusal::QuietHours { until } => {
            words.why(format!("the stream has quiet hours until {}", clock(spec, until)))
        }
        Refusal::QueueFull { queue: index, waiting } => {
            words.why(format!("{} is full: {waiting} waiting", queue(spec, index)))
        }
    }
}

/// `its weight is 40 points of 100`.
fn points(billionths: u64) -> String {
    format!("its weight is {} points of 100", (billionths as f64 / 1e6).round() / 10.0)
}

fn name(spec: &Spec, provider: usize) -> &str {
    spec.providers.get(provider).map_or("?", |one| one.name.as_str())
}

/// The limit that a call is over: the concurrency, the rate limit or one of the list.
fn over(spec: &Spec, words: Words, limit: usize, level: f64) -> Words {
    let names = spec.api.limit_names();
    let name = names.get(limit).map_or("", String::as_str);
    if let ("concurrency", Some(most)) = (name, spec.api.concurrency) {
        return words.why(format!("it works on {most} calls already"));
    }
    let words = words.why(format!("{}, 1 needed", tokens(level)));
    match (name, &spec.api.rate_limit) {
        ("rate_limit", Some(bucket)) => words.why(super::provider::bucket(bucket)),
        _ => {
            // The limits of the list come last.
            let nth = (spec.api.limits.len() + limit).checked_sub(names.len());
            let own = nth.and_then(|nth| spec.api.limits.get(nth));
            words.maybe(own.map(|own| {
                let rate = super::provider::allowance(&own.allowance);
                format!("{rate}, by {}", own.scope.word())
            }))
        }
    }
}

/// A rejection with its code.
pub(super) fn code(rejection: Rejection) -> String {
    let code = match rejection {
        Rejection::RateLimited => 429,
        Rejection::Invalid => 400,
        Rejection::NoRoute => 422,
        Rejection::InsufficientBalance => 402,
        Rejection::QueueFull => 503,
        Rejection::Internal => 500,
        Rejection::QuietHours => 403,
    };
    format!("{code} {}", rejection.name())
}
