//! `retry`: of the scenario, a queue, a stream, and of the client.

use super::backoff::BACKOFF;
use super::{Field, Kind, Table, Word};

const MOST: u64 = 1_000_000;

const MAX_ATTEMPTS: Field =
    Field::new("max_attempts", Kind::Count(1, MOST), "Attempts in all, the first included.")
        .default("1");
const BACKOFF_FIELD: Field =
    Field::new("backoff", Kind::Choice(&BACKOFF), "The wait before each retry.")
        .default("immediate");
const JITTER: Field = Field::new(
    "jitter",
    Kind::Words(&[
        Word::new("none", "the wait w itself"),
        Word::new("full", "uniform from 0 to w"),
        Word::new("equal", "w/2 and uniform from 0 to w/2"),
    ]),
    "Spread of the wait.",
)
.absent("none");
const GIVE_UP: Field = Field::new(
    "give_up",
    Kind::WordsOrDuration(&[
        Word::new("never", "no limit in time"),
        Word::new("deadline", "at the message's deadline"),
        Word::new("validity", "at the end of its validity"),
    ]),
    "A retry due at or after this isn't made; a duration counts from acceptance \
     (of the client: from its first call).",
)
.default("never");
const POLICY: Field =
    Field::new("policy", Kind::Anything, "A policy to start from, by name.").not_yet();
const BUDGET: Field =
    Field::new("budget", Kind::Anything, "How many retries there may be in all.").not_yet();
const BREAKER: Field =
    Field::new("breaker", Kind::Anything, "Stops calling a failing provider.").not_yet();
const FAILOVER: Field =
    Field::new("failover", Kind::Anything, "Moves on to the next route.").not_yet();
const HEDGE: Field =
    Field::new("hedge", Kind::Anything, "A second submit elsewhere after a delay.").not_yet();
const RULES: Field =
    Field::new("rules", Kind::Anything, "Other settings for some results.").not_yet();

/// `[retry]`
pub(super) static RETRY: Table = Table::new(&[
    MAX_ATTEMPTS,
    BACKOFF_FIELD,
    JITTER,
    Field::new(
        "on",
        Kind::List(
            &Kind::Words(&[
                Word::new("throttled", "ESME_RTHROTTLED 0x58"),
                Word::new("queue_full", "ESME_RMSGQFUL 0x14"),
                Word::new("transient", "ESME_RSYSERR 0x08"),
                Word::new("permanent", "ESME_RINVDSTADR 0x0B"),
                Word::new("timeout", "no answer in time"),
            ]),
            0,
        ),
        "Attempt results that are tried again.",
    )
    .default("[\"throttled\", \"queue_full\", \"transient\", \"timeout\"]"),
    GIVE_UP,
    POLICY,
    BUDGET,
    BREAKER,
    FAILOVER,
    HEDGE,
    RULES,
]);

/// `retry` of `[client]`
pub(super) static CLIENT_RETRY: Table = Table::new(&[
    MAX_ATTEMPTS,
    BACKOFF_FIELD,
    JITTER,
    Field::new(
        "on",
        Kind::List(
            &Kind::Words(&[
                Word::new("timeout", "no response in time"),
                Word::new("rate_limited", "429"),
                Word::new("internal", "500"),
                Word::new("invalid", "400"),
                Word::new("no_route", "422"),
                Word::new("insufficient_balance", "402"),
                Word::new("queue_full", "503"),
            ]),
            0,
        ),
        "What it calls again on.",
    )
    .default("[\"timeout\", \"rate_limited\", \"internal\", \"queue_full\"]"),
    GIVE_UP,
    POLICY,
    BUDGET,
    BREAKER,
    FAILOVER,
    HEDGE,
    RULES,
]);
