//! `retry`: of the scenario, a queue, a stream, and of the client; and `[policy.NAME]`.

use super::backoff::BACKOFF;
use super::breaker::BREAKER;
use super::budget::BUDGET;
use super::{Field, Kind, Table, Word};

const MOST: u64 = 1_000_000;

const POLICY: Field = Field::new(
    "policy",
    Kind::Policy,
    "A policy to start from: a built-in (`smschain policies`) or a `[policy.NAME]`; the keys beside \
     it go before its own. `--set` of it replaces the whole table.",
)
.absent("none");
const MAX_ATTEMPTS: Field =
    Field::new("max_attempts", Kind::Count(1, MOST), "Attempts in all, the first included.")
        .example("5");
const BACKOFF_FIELD: Field =
    Field::new("backoff", Kind::Choice(&BACKOFF), "The wait before each retry.");
const JITTER: Field = Field::new(
    "jitter",
    Kind::Words(&[
        Word::new("none", "the wait w itself"),
        Word::new("full", "uniform from 0 to w"),
        Word::new("equal", "w/2 and uniform from 0 to w/2"),
        Word::new("plus_minus_20", "w times uniform from 0.8 to 1.2"),
        Word::new("full_before_cap", "uniform from 0 to w without its cap, then capped"),
    ]),
    "Spread of the wait.",
);
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
.example("validity");
const BUDGET_FIELD: Field = Field::new(
    "budget",
    Kind::Choice(&BUDGET),
    "How many retries there may be in all, at each provider (of the client: at the API).",
)
.example("{ ratio = { share = 0.2, floor = \"10/s\", ttl = \"10s\" } }")
.absent("no limit");
const BREAKER_FIELD: Field = Field::new(
    "breaker",
    Kind::Table(&BREAKER),
    "Stops calling where too much fails: one for each provider (of the client: one for the API).",
)
.example("{ window = \"30s\", failure_share = 0.5, open_for = \"5s\" }")
.absent("none");
const RULES_ABOUT: &str =
    "What else holds after some failures; the first rule that names one holds for it.";

/// What a rule leaves out is the policy's own.
const fn own(field: Field) -> Field {
    field.absent("the policy's")
}

const RESULTS: &[Word] = &[
    Word::new("throttled", "ESME_RTHROTTLED 0x58"),
    Word::new("queue_full", "ESME_RMSGQFUL 0x14"),
    Word::new("transient", "ESME_RSYSERR 0x08"),
    Word::new("permanent", "ESME_RINVDSTADR 0x0B"),
    Word::new("timeout", "no answer in time"),
];

const ERRORS: &[Word] = &[
    Word::new("timeout", "no response in time"),
    Word::new("rate_limited", "429"),
    Word::new("internal", "500"),
    Word::new("invalid", "400"),
    Word::new("no_route", "422"),
    Word::new("insufficient_balance", "402"),
    Word::new("queue_full", "503"),
];

const RULE_ON: &str = "The failures; they are tried again whatever the policy's `on` says.";

/// `[retry]`
pub(super) static RETRY: Table = Table::new(&[
    POLICY,
    MAX_ATTEMPTS.absent("`1`"),
    BACKOFF_FIELD.absent("`immediate`"),
    JITTER.absent("`none`"),
    Field::new(
        "on",
        Kind::OneOrMore(&Kind::Words(RESULTS), 0),
        "Attempt results that are tried again.",
    )
    .absent("`[\"throttled\", \"queue_full\", \"transient\", \"timeout\"]`"),
    GIVE_UP.absent("`never`"),
    BUDGET_FIELD,
    BREAKER_FIELD,
    Field::new("failover", Kind::Table(&FAILOVER), "Moves on to the next route.").absent("never"),
    Field::new(
        "hedge",
        Kind::Table(&HEDGE),
        "A second submit elsewhere when the first has had no answer for a while.",
    )
    .absent("never"),
    Field::new("rules", Kind::List(&Kind::Table(&RULE), 0), RULES_ABOUT)
        .example("[{ on = \"throttled\", max_attempts = 20, backoff.fixed = { delay = \"30s\" } }]")
        .absent("none"),
]);

static FAILOVER: Table = Table::new(&[Field::new(
    "attempts",
    Kind::Integer(1, MOST),
    "After so many attempts by one route.",
)
.example("2")
.required()]);

static HEDGE: Table =
    Table::new(&[Field::new("after", Kind::Duration(1), "Without an answer for so long.")
        .example("5s")
        .required()]);

static RULE: Table = Table::new(&[
    Field::new("on", Kind::OneOrMore(&Kind::Words(RESULTS), 1), RULE_ON).required(),
    own(MAX_ATTEMPTS),
    own(BACKOFF_FIELD),
    own(JITTER),
    own(GIVE_UP),
    Field::new(
        "pauses_link",
        Kind::Duration(1),
        "Nothing is submitted to that provider for so long.",
    )
    .example("1s")
    .absent("it goes on"),
]);

/// `retry` of `[client]`
pub(super) static CLIENT_RETRY: Table = Table::new(&[
    POLICY,
    MAX_ATTEMPTS.absent("`1`"),
    BACKOFF_FIELD.absent("`immediate`"),
    JITTER.absent("`none`"),
    Field::new("on", Kind::OneOrMore(&Kind::Words(ERRORS), 0), "What it calls again on.")
        .absent("`[\"timeout\", \"rate_limited\", \"internal\", \"queue_full\"]`"),
    GIVE_UP.absent("`never`"),
    BUDGET_FIELD,
    BREAKER_FIELD,
    Field::new("failover", Kind::Anything, "Moves on to the next route.")
        .senseless("the client calls one API: there is nowhere to fail over to"),
    Field::new("hedge", Kind::Anything, "A second call elsewhere.")
        .senseless("the client calls one API: there is nowhere to hedge to"),
    Field::new("rules", Kind::List(&Kind::Table(&CLIENT_RULE), 0), RULES_ABOUT)
        .example(
            "[{ on = \"rate_limited\", max_attempts = 20, backoff.fixed = { delay = \"30s\" } }]",
        )
        .absent("none"),
]);

static CLIENT_RULE: Table = Table::new(&[
    Field::new("on", Kind::OneOrMore(&Kind::Words(ERRORS), 1), RULE_ON).required(),
    own(MAX_ATTEMPTS),
    own(BACKOFF_FIELD),
    own(JITTER),
    own(GIVE_UP),
    Field::new("pauses_link", Kind::Anything, "Nothing is called for so long.")
        .senseless("the client has no link of its own to pause"),
]);
