//! `[[provider]]`

use super::{Field, Kind, Table, Word, random};

/// `[[provider]]`
pub(super) static PROVIDER: Table = Table::new(&[
    Field::new("name", Kind::Name, "Its name.").example("alpha").required(),
    Field::new(
        "window",
        Kind::Integer(1, 1_000_000),
        "Submits outstanding at once, all its binds together.",
    ).example("50")
    .absent("no limit"),
    Field::new("throttle", Kind::Table(&THROTTLE), "Its pace, a token bucket of segments.").example("{ rate = \"120/s\", burst = 120, on_excess = \"refuse\" }")
        .absent("none"),
    Field::new("servers", Kind::Integer(1, 1_000_000), "Submits it serves at once.").example("64")
        .absent("no limit"),
    Field::new(
        "queue_capacity",
        Kind::Integer(0, 1_000_000_000_000),
        "Submits that wait for its servers; `queue_full` beyond.",
    ).example("2000")
    .absent("no limit"),
    Field::new("latency", Kind::Choice(&random::DURATION), "Service time of a submit.")
        .default("0s"),
    Field::new(
        "refusal_latency",
        Kind::Choice(&random::DURATION),
        "Time that a refusal takes: `throttled`, by share or by rate, and `queue_full`. It holds its slot and worker meanwhile.",
    ).example("5ms")
    .absent("a draw of `latency`"),
    Field::new("submit_timeout", Kind::Duration(1), "The sender waits this long for an answer.").example("10s")
        .absent("for ever"),
    Field::new(
        "timeout_accepted",
        Kind::Share,
        "Probability that a submit timed out by share was accepted all the same.",
    ).example("60%")
    .default("0"),
    Field::new("failures", Kind::Table(&FAILURES), "Failure shares of an attempt.").example("{ transient = \"2%\", timeout = \"0.3%\" }").filled(),
    Field::new("degraded", Kind::Table(&DEGRADED), "Spells of degradation.").example("{ mean_up = \"6h\", mean_down = \"4m\", latency_factor = 6, failures = { transient = 0.4 } }").absent("none"),
    Field::new("relay", Kind::Choice(&random::DURATION), "From acceptance to the carrier.").example("{ exponential = { mean = \"300ms\" } }")
        .default("0s"),
    Field::new("loss", Kind::Share, "Share of accepted messages that are never relayed.").example("0.05%")
        .default("0"),
    Field::new("receipts", Kind::Table(&RECEIPTS), "Its receipts to the sender.").example("{ delay = { exponential = { mean = \"2s\" } }, loss = \"1%\" }").filled(),
]);

static THROTTLE: Table = Table::new(&[
    Field::new("rate", Kind::Rate(true), "Segments per time.").example("120/s").required(),
    Field::new("burst", Kind::Integer(1, 1_000_000_000), "Segments the bucket holds.")
        .example("120")
        .default("1"),
    Field::new(
        "scope",
        Kind::Words(&[
            Word::new("provider", "one bucket"),
            Word::new("sender", "one for each sender"),
            Word::new("brand", "one for each brand"),
            Word::new("campaign", "one for each campaign"),
        ]),
        "What it has a bucket for.",
    )
    .default("provider"),
    Field::new(
        "on_excess",
        Kind::Words(&[
            Word::new("pace", "the sender waits for a token, then for a slot"),
            Word::new("refuse", "the answer is a throttle status"),
        ]),
        "What an attempt over the rate meets.",
    )
    .default("pace"),
    Field::new(
        "retry_after",
        Kind::Duration(0),
        "With `refuse`: asks for at least this wait before a retry.",
    )
    .example("1s")
    .absent("it asks for none"),
]);

pub(super) static FAILURES: Table = Table::new(&[
    Field::new("throttled", Kind::Share, "ESME_RTHROTTLED 0x58.").example("1%").default("0"),
    Field::new("queue_full", Kind::Share, "ESME_RMSGQFUL 0x14.").example("0.5%").default("0"),
    Field::new("transient", Kind::Share, "ESME_RSYSERR 0x08.").example("2%").default("0"),
    Field::new("permanent", Kind::Share, "ESME_RINVDSTADR 0x0B.").example("0.4%").default("0"),
    Field::new("timeout", Kind::Share, "No answer; needs `submit_timeout`.")
        .example("0.3%")
        .default("0"),
]);

static DEGRADED: Table = Table::new(&[
    Field::new("mean_up", Kind::Duration(1_000_000), "Mean time between spells.")
        .example("6h")
        .required(),
    Field::new("mean_down", Kind::Duration(1_000_000), "Mean length of a spell.")
        .example("4m")
        .required(),
    Field::new("latency_factor", Kind::Number(0.0, 1e6), "Latency is multiplied by this.")
        .example("6")
        .default("1.0"),
    Field::new("failures", Kind::Table(&FAILURES), "Combined with the base shares.")
        .example("{ transient = \"40%\" }")
        .filled(),
]);

static RECEIPTS: Table = Table::new(&[
    Field::new("delay", Kind::Choice(&random::DURATION), "From the carrier's to the sender.")
        .example("{ exponential = { mean = \"2s\" } }")
        .default("0s"),
    Field::new("loss", Kind::Share, "Share that never comes.").example("1%").default("0"),
    Field::new(
        "false_delivered",
        Kind::Share,
        "Share of receipts for undelivered messages that say delivered.",
    )
    .example("5%")
    .default("0"),
    Field::new(
        "meaning",
        Kind::Words(&[
            Word::new("handset", "the handset has it"),
            Word::new("carrier", "the carrier accepted it"),
        ]),
        "What `delivered` means.",
    )
    .default("handset"),
    Field::new(
        "unknown_after",
        Kind::Duration(1),
        "Silence for this long after the hand-off is observed as `unknown`.",
    )
    .example("72h")
    .absent("never"),
]);
