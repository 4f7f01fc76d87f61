//! `retry`: of the scenario, a queue, a stream, and of the client; and `[policy.NAME]`.

use super::backoff::{backoff, endless};
use super::{Key, Kind, Of, Words, of};
use crate::chain::spec::{
    AttemptResults, Backoff, Breaker, Budget, CallErrors, GiveUp, Jitter, Policy, Retry, RetryRule,
    Tries, words,
};
use crate::kernel::Nanos;
use crate::scenario::Place;
use crate::scenario::checked::{Item, Record, Value};
use crate::scenario::lower::{Lowering, Setting};

/// The most attempts.
const MOST: u64 = 1_000_000;

const POLICY: Of<String> = of::policy().about(
    "A policy to start from: a built-in (`smschain policies`) or a `[policy.NAME]`; the keys \
     beside it go before its own. `--set` of it replaces the whole table.",
);
const MAX_ATTEMPTS: Of<Option<u32>> =
    of::count(1, MOST).example("5").about("Attempts in all, the first included.");
const BACKOFF: Of<Backoff> = of::choice().about("The wait before each retry.");
const JITTER: Of<Jitter> = of::words().about("Spread of the wait.");
const GIVE_UP: Of<GiveUp> =
    of::kind(Kind::WordsOrDuration(Limit::WORDS)).example("validity").about(
        "A retry due at or after this isn't made; a duration counts from acceptance \
         (of the client: from its first call).",
    );
const BUDGET: Of<Budget> = of::choice()
    .example(r#"{ ratio = { share = 0.2, floor = "10/s", ttl = "10s" } }"#)
    .about("How many retries there may be in all, at each provider (of the client: at the API).");
const BREAKER: Of<Breaker> =
    of::table().example(r#"{ window = "30s", failure_share = 0.5, open_for = "5s" }"#).about(
        "Stops calling where too much fails: one for each provider (of the client: one for the \
         API).",
    );
const RULES: &str =
    "What else holds after some failures; the first rule that names one holds for it.";
const RULE_ON: &str = "The failures; they are tried again whatever the policy's `on` says.";
const OWN: &str = "the policy's";

/// Names of failures, of which there must be at least so many.
const fn failures<T>(words: &'static Kind, least: usize) -> Of<T> {
    of::kind(Kind::OneOrMore(words, least))
}

static RULE: Kind = Kind::Table(&rule::TABLE);
static CLIENT_RULE: Kind = Kind::Table(&client_rule::TABLE);
const RESULTS: &Kind = &Kind::Words(AttemptResults::WORDS);
const ERRORS: &Kind = &Kind::Words(CallErrors::WORDS);

table! {
    retry => Retry by lower {
        policy: Option<String> = POLICY.absent("none"),
        max_attempts: Option<u32> = MAX_ATTEMPTS.later("`1`"),
        backoff: Backoff = BACKOFF.later("`immediate`"),
        jitter: Jitter = JITTER.later("`none`"),
        /// Attempt results that are tried again.
        on: AttemptResults = failures(RESULTS, 0)
            .later(r#"`["throttled", "queue_full", "transient", "timeout"]`"#),
        give_up: GiveUp = GIVE_UP.later("`never`"),
        budget: Option<Budget> = BUDGET.absent("no limit"),
        breaker: Option<Breaker> = BREAKER.absent("none"),
        /// Moves on to the next route.
        failover: () = of::kind(Kind::Table(&failover::TABLE)).none("never"),
        /// A second submit elsewhere when the first has had no answer for a while.
        hedge: () = of::kind(Kind::Table(&hedge::TABLE)).none("never"),
        rules: () = of::kind(Kind::List(&RULE, 0))
            .about(RULES)
            .example(
                r#"[{ on = "throttled", max_attempts = 20, backoff.fixed = { delay = "30s" } }]"#,
            )
            .none("none"),
    }
}

table! {
    failover {
        /// After so many attempts by one route.
        attempts: u32 = of::integer(1, MOST).example("2").required(),
    }
}

table! {
    hedge {
        /// Without an answer for so long.
        after: Nanos = of::duration(1).example("5s").required(),
    }
}

table! {
    rule {
        on: AttemptResults = failures(RESULTS, 1).about(RULE_ON).required(),
        max_attempts: Option<u32> = MAX_ATTEMPTS.follows(OWN),
        backoff: Backoff = BACKOFF.follows(OWN),
        jitter: Jitter = JITTER.none(OWN),
        give_up: GiveUp = GIVE_UP.follows(OWN),
        /// Nothing is submitted to that provider for so long.
        pauses_link: Option<Nanos> = of::duration(1).example("1s").absent("it goes on"),
    }
}

/// A client's retries.
pub(super) type ClientRetry = Policy<CallErrors>;

table! {
    client_retry => ClientRetry by of_client {
        policy: Option<String> = POLICY.absent("none"),
        max_attempts: Option<u32> = MAX_ATTEMPTS.later("`1`"),
        backoff: Backoff = BACKOFF.later("`immediate`"),
        jitter: Jitter = JITTER.later("`none`"),
        /// Errors it calls again on.
        on: CallErrors = failures(ERRORS, 0)
            .later(r#"`["timeout", "rate_limited", "internal", "queue_full"]`"#),
        give_up: GiveUp = GIVE_UP.later("`never`"),
        budget: Option<Budget> = BUDGET.absent("no limit"),
        breaker: Option<Breaker> = BREAKER.absent("none"),
        /// Moves on to the next route.
        failover: () =
            of::anything().senseless("the client calls one API: there is nowhere to fail over to"),
        /// A second call elsewhere.
        hedge: () =
            of::anything().senseless("the client calls one API: there is nowhere to hedge to"),
        rules: () = of::kind(Kind::List(&CLIENT_RULE, 0))
            .about(RULES)
            .example(
                r#"[{ on = "rate_limited", max_attempts = 20, backoff.fixed = { delay = "30s" } }]"#,
            )
            .none("none"),
    }
}

table! {
    client_rule {
        on: CallErrors = failures(ERRORS, 1).about(RULE_ON).required(),
        max_attempts: Option<u32> = MAX_ATTEMPTS.follows(OWN),
        backoff: Backoff = BACKOFF.follows(OWN),
        jitter: Jitter = JITTER.none(OWN),
        give_up: GiveUp = GIVE_UP.follows(OWN),
        /// Nothing is called for so long.
        pauses_link: () = of::anything().senseless("the client has no link of its own to pause"),
    }
}

words! {
    /// Instant from which no retry is made, by name.
    pub(crate) enum Limit {
        /// no limit in time
        Never = "never",
        /// at the message's deadline
        Deadline = "deadline",
        /// at the end of its validity
        Validity = "validity",
    }
}

impl Setting for GiveUp {
    fn of(_: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
        match item.value {
            Value::Duration(span) => Some(GiveUp::After(span)),
            Value::Word(word) => Limit::of_word(word).map(|limit| match limit {
                Limit::Never => GiveUp::Never,
                Limit::Deadline => GiveUp::Deadline,
                Limit::Validity => GiveUp::Validity,
            }),
            _ => None,
        }
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        GiveUp::Never
    }
}

fn lower(cx: &mut Lowering<'_, '_>, record: &Record) -> Retry {
    let (failing_over, hedging) = (record.inner(&retry::failover), record.inner(&retry::hedge));
    Retry {
        policy: policy(cx, record, &retry::on),
        failover: failing_over.and_then(|table| cx.find(table, &failover::attempts)),
        hedge: hedging.and_then(|table| cx.find(table, &hedge::after)),
    }
}

fn of_client(cx: &mut Lowering<'_, '_>, record: &Record) -> ClientRetry {
    policy(cx, record, &client_retry::on)
}

/// A sender's or a client's policy, whose keys differ only in `on`.
fn policy<On: Setting>(cx: &mut Lowering<'_, '_>, record: &Record, on: &Key<On>) -> Policy<On> {
    let tries = tries(cx, record);
    let rules = record.tables(retry::rules.name()).map(|rule| RetryRule {
        on: cx.read(rule, on),
        tries: self::tries(cx, rule),
        pauses_link: cx.read(rule, &rule::pauses_link),
    });
    let rules = rules.collect();
    Policy {
        on: cx.read(record, on),
        tries,
        rules,
        budget: cx.read(record, &retry::budget),
        breaker: cx.read(record, &retry::breaker),
    }
}

/// Number and times of tries: of a policy, of a rule or after a receipt, which have the same keys for it.
pub(super) fn tries(cx: &mut Lowering<'_, '_>, record: &Record) -> Tries {
    let made = Tries {
        max_attempts: cx.read(record, &retry::max_attempts),
        backoff: cx.read(record, &retry::backoff),
        jitter: cx.read(record, &retry::jitter),
        give_up: cx.read(record, &retry::give_up),
    };
    let settings = match record.item(&retry::backoff).map(|item| &item.value) {
        Some(Value::Chosen(_, settings)) if settings.doubtful.is_empty() => Some(settings),
        _ => None,
    };
    if let Backoff::Decorrelated { base, cap } = &made.backoff {
        let why = "its waits are spread already: take this out";
        if let Some(item) = record.item(&retry::jitter) {
            let message = "`decorrelated` takes no `jitter`";
            cx.conflict(item.place, message, why);
        }
        if let (true, Some(settings)) = (cap < base, settings) {
            let place = settings.place_of(&backoff::decorrelated::cap);
            cx.conflict(place, "`cap` below `base`", "expected at least `base`");
        }
    }
    let attempts = record.item(&retry::max_attempts);
    if let (Some(Item { value: Value::Unlimited, place }), Some(_)) = (attempts, settings)
        && endless(&made.backoff)
    {
        cx.conflict(
            *place,
            "attempts without limit and without a wait are an endless loop",
            "expected a limit, or a `backoff` of at least 1ms",
        );
    }
    made
}
