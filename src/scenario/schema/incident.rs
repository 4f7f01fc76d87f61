//! `[[incident]]`

use super::{Field, Kind, Table, Word, provider};

/// The largest factor.
const MOST: f64 = 1e6;

/// `[[incident]]`
pub(super) static INCIDENT: Table = Table::new(&[
    Field::new("name", Kind::Name, "Its name.").example("alpha-browns-out").required(),
    Field::new("summary", Kind::Prose, "What an on-call engineer would call it.")
        .example("alpha is slow and refuses one in three")
        .default(""),
    Field::new("at", Kind::Moment, "When it begins, from t = 0 or by the clock.")
        .example("20m")
        .required(),
    Field::new("for", Kind::Duration(1), "How long it lasts, ramps included.")
        .example("6m")
        .required(),
    Field::new(
        "ramp",
        Kind::Duration(0),
        "Factors and shares grow to their full size over this long, and fade as long before the \
         end; at most half of `for`.",
    )
    .example("30s")
    .default("0s"),
    Field::new(
        "target",
        Kind::Text,
        "Where: `api`, `account`, `traffic.X`, `queue.X`, `provider.X`, `carrier.X` or \
         `carrier.X.filter.Y`.",
    )
    .example("provider.alpha")
    .required(),
    Field::new(
        "outage",
        Kind::WordsOrFlag(&[Word::new(
            "refused",
            "a provider's bind is down: submits are refused as `transient`",
        )]),
        "Api: answers 500. Provider: no answer, nothing accepted; needs `submit_timeout`. Carrier: everything waits.",
    )
    .absent("no outage"),
    Field::new(
        "latency_factor",
        Kind::Number(0.0, MOST),
        "Api, provider, carrier: latency is multiplied by this.",
    )
    .example("8")
    .absent("1"),
    Field::new(
        "failures",
        Kind::Table(&provider::FAILURES),
        "Provider: failure shares, combined with its own.",
    )
    .example("{ transient = 0.5 }")
    .absent("none"),
    Field::new(
        "throttle_factor",
        Kind::Number(0.0, MOST),
        "Api, provider, carrier: the rate of its rate limit or throttle is multiplied by this.",
    )
    .example("0.5")
    .absent("1"),
    Field::new(
        "traffic_factor",
        Kind::Number(0.0, MOST),
        "Traffic: its rate is multiplied by this; not of a campaign or trace.",
    )
    .example("3")
    .absent("1"),
    Field::new("workers_lost", Kind::Share, "Queue: this share of its workers takes no work.")
        .example("50%")
        .absent("none"),
    Field::new("hold_receipts", Kind::Flag, "Provider: receipts wait and then come together.")
        .absent("they come"),
    Field::new("freeze_balance", Kind::Flag, "Account: nothing can be paid, nothing topped up.")
        .absent("it pays"),
    Field::new("enable_filter", Kind::Flag, "Filter: it is switched on.").absent("as it is"),
]);
