//! `[[provider]]`

use super::{Field, Kind, Table, Word, random};

/// `[[provider]]`
pub(super) static PROVIDER: Table = Table::new(&[
    Field::new("name", Kind::Name, "Its name.").required(),
    Field::new(
        "window",
        Kind::Integer(1, 1_000_000),
        "Submits outstanding at once, all its binds together.",
    )
    .absent("no limit"),
    Field::new("throttle", Kind::Table(&THROTTLE), "Its pace, a token bucket of segments.")
        .absent("none"),
    Field::new("servers", Kind::Integer(1, 1_000_000), "Submits it serves at once.")
        .absent("no limit"),
    Field::new(
        "queue_capacity",
        Kind::Integer(0, 1_000_000_000_000),
        "Submits that wait for its servers; `queue_full` beyond.",
    )
    .absent("no limit"),
    Field::new("latency", Kind::Choice(&random::DURATION), "Service time of a submit.")
        .default("0s"),
    Field::new("submit_timeout", Kind::Duration(1), "The sender waits this long for an answer.")
        .absent("for ever"),
    Field::new(
        "timeout_accepted",
        Kind::Share,
        "Probability that a submit timed out by share was accepted all the same.",
    )
    .default("0"),
    Field::new("failures", Kind::Table(&FAILURES), "Failure shares of an attempt.").filled(),
    Field::new("degraded", Kind::Table(&DEGRADED), "Spells of degradation.").absent("none"),
    Field::new("relay", Kind::Choice(&random::DURATION), "From acceptance to the carrier.")
        .default("0s"),
    Field::new("loss", Kind::Share, "Share of accepted messages that are never relayed.")
        .default("0"),
    Field::new("receipts", Kind::Table(&RECEIPTS), "Its receipts to the sender.").filled(),
]);

static THROTTLE: Table = Table::new(&[
    Field::new("rate", Kind::Rate(true), "Segments per time.").required(),
    Field::new("burst", Kind::Integer(1, 1_000_000_000), "Segments the bucket holds.").default("1"),
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
    .absent("it asks for none"),
]);

pub(super) static FAILURES: Table = Table::new(&[
    Field::new("throttled", Kind::Share, "ESME_RTHROTTLED 0x58.").default("0"),
    Field::new("queue_full", Kind::Share, "ESME_RMSGQFUL 0x14.").default("0"),
    Field::new("transient", Kind::Share, "ESME_RSYSERR 0x08.").default("0"),
    Field::new("permanent", Kind::Share, "ESME_RINVDSTADR 0x0B.").default("0"),
    Field::new("timeout", Kind::Share, "No answer; needs `submit_timeout`.").default("0"),
]);

static DEGRADED: Table = Table::new(&[
    Field::new("mean_up", Kind::Duration(1_000_000), "Mean time between spells.").required(),
    Field::new("mean_down", Kind::Duration(1_000_000), "Mean length of a spell.").required(),
    Field::new("latency_factor", Kind::Number(0.0, 1e6), "Latency is multiplied by this.")
        .default("1.0"),
    Field::new("failures", Kind::Table(&FAILURES), "Combined with the base shares.").filled(),
]);

static RECEIPTS: Table = Table::new(&[
    Field::new("delay", Kind::Choice(&random::DURATION), "From the carrier's to the sender.")
        .default("0s"),
    Field::new("loss", Kind::Share, "Share that never comes.").default("0"),
    Field::new(
        "false_delivered",
        Kind::Share,
        "Share of receipts for undelivered messages that say delivered.",
    )
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
    .absent("never"),
]);
