//! `[[carrier]]`

use super::rule::RULE;
use super::{Field, Kind, Table, Word, random};

/// `[[carrier]]`
pub(super) static CARRIER: Table = Table::new(&[
    Field::new("name", Kind::Name, "Its name.").example("northwind").required(),
    Field::new("throttle", Kind::Table(&THROTTLE), "Its pace, a token bucket of segments.")
        .example("{ rate = \"60/s\", burst = 60, scope = \"campaign\" }")
        .absent("none"),
    Field::new("daily_cap", Kind::Table(&DAILY_CAP), "At most so many segments a day.")
        .example("{ limit = 200000, scope = \"brand\" }")
        .absent("none"),
    Field::new("unknown_subscriber", Kind::Share, "Share of numbers without a subscriber.")
        .example("0.8%")
        .default("0"),
    Field::new("filter", Kind::Tables(&FILTER), "Filters, applied in the order written.")
        .absent("none"),
    Field::new("absent", Kind::Table(&ABSENT), "Handsets that are off or away.")
        .example("{ probability = \"4%\", returns = { exponential = { mean = \"40m\" } } }")
        .absent("none"),
    Field::new(
        "retry_schedule",
        Kind::List(&Kind::Duration(1_000_000), 0),
        "Waits between tries of a delivery; the last one repeats.",
    )
    .example("[\"1m\", \"5m\", \"30m\", \"1h\"]")
    .absent("one try"),
    Field::new(
        "latency",
        Kind::Choice(&random::DURATION),
        "From the successful try to the handset.",
    )
    .example("{ lognormal = { median = \"3s\", p95 = \"9s\" } }")
    .default("0s"),
    Field::new("loss", Kind::Share, "Probability that a segment is lost.")
        .example("0.1%")
        .default("0"),
]);

static THROTTLE: Table = Table::new(&[
    Field::new("rate", Kind::Rate(true), "Segments per time.").example("60/s").required(),
    Field::new("burst", Kind::Integer(1, 1_000_000_000), "Segments the bucket holds.")
        .example("60")
        .default("1"),
    Field::new(
        "scope",
        Kind::Words(&[
            Word::new("carrier", "one bucket"),
            Word::new("sender", "one for each sender"),
            Word::new("brand", "one for each brand"),
            Word::new("campaign", "one for each campaign"),
            Word::new("provider", "one for each provider"),
        ]),
        "What it has a bucket for.",
    )
    .default("carrier"),
    Field::new(
        "on_excess",
        Kind::Words(&[
            Word::new("queue", "it waits its turn"),
            Word::new("reject", "it is refused, and its receipt says so"),
            Word::new("drop", "it is gone without a word"),
        ]),
        "What a message over the rate meets.",
    )
    .default("queue"),
    Field::new(
        "queue_capacity",
        Kind::Integer(0, 1_000_000_000_000),
        "With `queue`: messages that may wait.",
    )
    .example("50000")
    .absent("no limit"),
]);

static DAILY_CAP: Table = Table::new(&[
    Field::new("limit", Kind::Integer(0, 1_000_000_000_000), "Segments.")
        .example("200000")
        .required(),
    Field::new(
        "scope",
        Kind::Words(&[
            Word::new("sender", "one count for each sender"),
            Word::new("brand", "one for each brand"),
            Word::new("campaign", "one for each campaign"),
        ]),
        "Whose segments are counted together.",
    )
    .default("sender"),
    Field::new("resets_at", Kind::Clock, "Time of day at which the count starts anew.")
        .example("06:00")
        .default("00:00"),
]);

static ABSENT: Table = Table::new(&[
    Field::new("probability", Kind::Share, "Share of handsets away at the first try.")
        .example("4%")
        .required(),
    Field::new(
        "returns",
        Kind::Choice(&random::DURATION),
        "From the first try until the handset is back.",
    )
    .example("{ exponential = { mean = \"40m\" } }")
    .required(),
    Field::new("alert", Kind::Share, "Probability that the network then wakes the carrier.")
        .example("60%")
        .default("0"),
]);

static FILTER: Table = Table::new(&[
    Field::new("name", Kind::Name, "Its name within the carrier.").example("spam").required(),
    Field::new("rule", Kind::Choice(&RULE), "What it looks for.").required(),
    Field::new("probability", Kind::Share, "Probability that it acts on what it found.")
        .example("90%")
        .default("1"),
    Field::new(
        "action",
        Kind::Words(&[
            Word::new("silent", "the truth is `filtered_silent`"),
            Word::new("block", "the truth is `filtered_explicit`"),
        ]),
        "The truth it makes.",
    )
    .required(),
    Field::new(
        "receipt",
        Kind::Words(&[
            Word::new("none", "nothing"),
            Word::new("rejected", "`rejected`"),
            Word::new("undelivered", "`undelivered`"),
            Word::new("delivered", "`delivered`, a false one"),
        ]),
        "What it tells the provider.",
    )
    .absent("none with `silent`, rejected with `block`"),
    Field::new("enabled", Kind::Flag, "Switched on.").default("true"),
]);
