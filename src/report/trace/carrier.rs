//! The carrier: throttle, cap, subscriber, filters.

use super::words::{Words, against, carrier, clock, copy, draw, plain, set, tokens};
use crate::chain::spec::{
    CarrierExcess, Filter, FilterAction, FilterReceipt, Rule, Spec, VelocityKey,
};
use crate::chain::trace::story::{CarrierStep, Finding, Sight};
use crate::kernel::{Nanos, in_seconds};

/// `index`: the carrier.
pub(super) fn words(spec: &Spec, index: usize, step: CarrierStep) -> Words {
    let at = |what: String| Words::new(carrier(spec, index), what);
    let settings = spec.carriers.get(index);
    let rate =
        |which: usize| settings.and_then(|one| super::provider::throttle(&one.throttle, which));
    match step {
        CarrierStep::Arrives { copy: which } => at(format!("gets it{}", copy(which))),
        CarrierStep::PutOff { until, .. } => {
            at("is down: it waits".into()).why(format!("an outage until {}", clock(spec, until)))
        }
        CarrierStep::Quiet { until, .. } => {
            at(format!("has quiet hours: it holds it until {}", clock(spec, until)))
        }
        CarrierStep::WaitsForToken { throttle, place, tokens: level, .. } => {
            at(format!("throttles it: place {place} in line"))
                .why(tokens(level))
                .maybe(rate(throttle))
        }
        CarrierStep::Passes { tokens: level, .. } => at("it passes the throttle".into())
            .maybe(level.map(|level| format!("{} left", tokens(level)))),
        CarrierStep::Throttled { throttle, tokens: level, waiting, how, .. } => {
            let what = match how {
                CarrierExcess::Queue { .. } => "turns it away: the throttle's line is full",
                CarrierExcess::Reject => "turns it away: over the rate",
                CarrierExcess::Drop => "drops it: over the rate",
            };
            at(what.into())
                .why(tokens(level))
                .maybe(rate(throttle))
                .when(matches!(how, CarrierExcess::Queue { .. }), || format!("{waiting} waiting"))
        }
        CarrierStep::Capped { used, limit, passes, .. } => {
            let words =
                at(if passes { "it is under the daily cap" } else { "the daily cap is used up" }
                    .into());
            words.why(format!("{used} of {limit} segments"))
        }
        CarrierStep::Held { until, expires, .. } => {
            let what =
                format!("the daily cap is used up: it holds it until {}", clock(spec, until));
            at(what).when(expires, || "its validity ends before the cap starts anew".to_owned())
        }
        CarrierStep::Released { copy: which } => {
            at(format!("the daily cap starts anew and counts it{}", copy(which)))
        }
        CarrierStep::Unknown { draw: drawn, .. } => {
            at("knows no such subscriber".into()).why(draw(drawn))
        }
        CarrierStep::Filtered { filter, taken, finding, .. } => {
            let Some((one, settings)) =
                settings.and_then(|one| Some((one, one.filters.get(filter)?)))
            else {
                return at("filters it".into());
            };
            let who = format!("{}/{}", one.name, settings.name);
            filtered(Words::new(who, ""), settings, taken, finding)
        }
    }
}

fn filtered(words: Words, filter: &Filter, taken: bool, finding: Finding) -> Words {
    let what = match (taken, filter.action) {
        (false, _) => "lets it through",
        (true, FilterAction::Silent) => "takes it, silently",
        (true, FilterAction::Block) => "blocks it",
    };
    let words = Words { what: what.to_owned(), ..words }.why(sight(filter, finding.sight));
    let words = words.maybe(finding.draw.map(draw));
    words.when(taken, || {
        let receipt = match filter.receipt {
            FilterReceipt::None => "no receipt",
            FilterReceipt::Rejected => "receipt rejected",
            FilterReceipt::Undelivered => "receipt undelivered",
            FilterReceipt::Delivered => "receipt delivered, a false one",
        };
        receipt.to_owned()
    })
}

/// `1.3/s of at most 4/s`.
fn pace(count: u64, window: Nanos, rate: f64) -> String {
    let own = count as f64 / in_seconds(window);
    format!("{}/s of at most {}/s", plain((own * 1e3).round() / 1e3), plain(rate))
}

/// The content that the filter saw, against its rule.
fn sight(filter: &Filter, sight: Sight) -> String {
    match (&filter.rule, sight) {
        (Rule::Content { threshold }, Sight::Score(score)) => {
            against("spam score", score, *threshold)
        }
        (Rule::Velocity { key, limit, window }, Sight::Count(count)) => {
            let key = match key {
                VelocityKey::Sender => "of this sender",
                VelocityKey::Recipient => "to this recipient",
                VelocityKey::SenderContent => "of this sender and content",
            };
            format!("{count} {key} in {}, limit {limit}", set(*window))
        }
        (Rule::Duplicate { window }, Sight::Count(count)) => {
            format!("{count} like it in {}", set(*window))
        }
        (Rule::Snowshoe { senders, window }, Sight::Count(count)) => {
            format!("{count} other senders of it in {}, from {senders} on it acts", set(*window))
        }
        (Rule::Volume { rate, window, .. }, Sight::Count(count)) => {
            format!("{count} of this sender in {}, {}", set(*window), pace(count, *window, *rate))
        }
        (Rule::Volume { rate, window, hold }, Sight::Held { count, .. }) => format!(
            "sender held for {}: {count} in {}, {}",
            set(*hold),
            set(*window),
            pace(count, *window, *rate)
        ),
        (_, Sight::Sender { registered: true }) => "the sender is registered".to_owned(),
        (_, Sight::Sender { registered: false }) => "the sender is not registered".to_owned(),
        _ => "any message".to_owned(),
    }
}
