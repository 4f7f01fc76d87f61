//! The built-in policies, in the scenario's own language. Another one is another row.

use crate::scenario::checked::{Item, Record, Value};
use crate::scenario::schema::Table;
use crate::scenario::{Place, parse, reader};

/// A policy that every scenario may start from by name.
#[derive(Debug)]
pub struct BuiltIn {
    /// Its name.
    pub name: &'static str,
    /// Description, one sentence.
    pub about: &'static str,
    /// The wait before the n-th retry (n from 1) and what limits the retries, as a formula.
    pub formula: &'static str,
    /// Source of formula and figures.
    pub source: &'static str,
    /// Assumption where the source is silent; empty if there is none.
    pub assumed: &'static str,
    /// Its settings: the body of a `[policy.NAME]`, a key a line.
    pub settings: &'static str,
}

/// The policy of that name.
pub(super) fn find(name: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|policy| policy.name == name)
}

impl BuiltIn {
    /// Its settings, all of them at one place: that of the key that names it.
    pub(super) fn record(&self, table: &'static Table, place: Place) -> Record {
        let mut errors = Vec::new();
        let node = parse::document(self.settings, place.source, &mut errors);
        let mut record = reader::unwritten(&node, table);
        put(&mut record, place);
        record
    }
}

fn put(record: &mut Record, place: Place) {
    record.place = place;
    record.fields.iter_mut().for_each(|(_, item)| put_item(item, place));
}

fn put_item(item: &mut Item, place: Place) {
    item.place = place;
    match &mut item.value {
        Value::Table(record) | Value::Chosen(_, record) => put(record, place),
        Value::List(items) => items.iter_mut().for_each(|item| put_item(item, place)),
        _ => {}
    }
}

/// Those without figures of their own in the source, so that they compare alike.
const ALIKE: &str = "5 attempts, base 1 s, factor 2, cap 20 s, so that the textbook policies \
                     compare alike";
const AWS_BLOG: &str = "Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015";

/// The built-in policies, as they are listed.
pub static BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        name: "none",
        about: "One attempt, no retry.",
        formula: "no retry",
        source: "what every other policy is compared with",
        assumed: "",
        settings: "max_attempts = 1\n",
    },
    BuiltIn {
        name: "immediate",
        about: "Tries again at once.",
        formula: "0",
        source: "the loop that is written first",
        assumed: "5 attempts, like the other textbook policies",
        settings: "max_attempts = 5\nbackoff.immediate = {}\n",
    },
    BuiltIn {
        name: "fixed",
        about: "Tries again after the same wait each time.",
        formula: "base",
        source: "textbook",
        assumed: ALIKE,
        settings: "max_attempts = 5\nbackoff.fixed = { delay = \"1s\" }\n",
    },
    BuiltIn {
        name: "exponential",
        about: "Doubles its wait, without jitter.",
        formula: "min(cap, base × 2ⁿ⁻¹)",
        source: AWS_BLOG,
        assumed: ALIKE,
        settings: "max_attempts = 5\n\
                   backoff.exponential = { base = \"1s\", factor = 2, cap = \"20s\" }\n",
    },
    BuiltIn {
        name: "full-jitter",
        about: "Doubles its wait and takes any part of it.",
        formula: "U(0, min(cap, base × 2ⁿ⁻¹))",
        source: AWS_BLOG,
        assumed: ALIKE,
        settings: "max_attempts = 5\n\
                   backoff.exponential = { base = \"1s\", factor = 2, cap = \"20s\" }\n\
                   jitter = \"full\"\n",
    },
    BuiltIn {
        name: "equal-jitter",
        about: "Doubles its wait, keeps half of it and spreads the other half.",
        formula: "w/2 + U(0, w/2), w = min(cap, base × 2ⁿ⁻¹)",
        source: AWS_BLOG,
        assumed: ALIKE,
        settings: "max_attempts = 5\n\
                   backoff.exponential = { base = \"1s\", factor = 2, cap = \"20s\" }\n\
                   jitter = \"equal\"\n",
    },
    BuiltIn {
        name: "decorrelated",
        about: "Each wait is drawn from the one before, not from the number of tries.",
        formula: "s = min(cap, U(base, 3 × s)), the first from s = base",
        source: AWS_BLOG,
        assumed: ALIKE,
        settings: "max_attempts = 5\n\
                   backoff.decorrelated = { base = \"1s\", cap = \"20s\" }\n",
    },
    BuiltIn {
        name: "aws-standard",
        about: "The standard retry mode of the AWS SDKs: jitter and a bucket of retry tokens.",
        formula: "min(20 s, U(0, 1) × 2ⁿ⁻¹ s); 500 tokens, a retry takes 5, after a timeout 10; +1 \
                  for a first-try success, a success after retries returns the last one's cost",
        source: "AWS SDKs and Tools Reference Guide, retry behavior, standard mode, until its \
                 revision of 2026",
        assumed: "",
        settings: "max_attempts = 3\n\
                   backoff.exponential = { base = \"1s\", factor = 2, cap = \"20s\" }\n\
                   jitter = \"full_before_cap\"\n\
                   budget.bucket = { capacity = 500, cost = 5, timeout_cost = 10, refund = 1, \
                   returns_cost = true }\n",
    },
    BuiltIn {
        name: "grpc",
        about: "gRPC's retry policy with its throttle: none while half the tokens are gone.",
        formula: "min(init × multⁿ⁻¹, max) × U(0.8, 1.2); 10 tokens, −1 a failure, +0.1 a success, \
                  no retry at or below half",
        source: "gRPC proposal A6: its example of a config, at most 5 attempts; jitter as since \
                 2025, before it was U(0, w)",
        assumed: "which failures are tried again (a config lists them; a call's deadline covers all \
                  its attempts)",
        settings: "max_attempts = 5\n\
                   backoff.exponential = { base = \"100ms\", factor = 2, cap = \"1s\" }\n\
                   jitter = \"plus_minus_20\"\n\
                   budget.bucket = { capacity = 10, cost = 1, refund = 0.1, charged = \"failure\", \
                   reserve = 5 }\n",
    },
    BuiltIn {
        name: "finagle-budget",
        about: "Tries again at once, within a fifth of the first attempts.",
        formula: "0; within 10 s, retries ≤ 20 % of first attempts + 10/s",
        source: "Finagle's RetryBudget and its requeues; the same figures in tower",
        assumed: "5 attempts",
        settings: "max_attempts = 5\nbackoff.immediate = {}\n\
                   budget.ratio = { share = 0.2, floor = \"10/s\", ttl = \"10s\" }\n",
    },
    BuiltIn {
        name: "envoy-budget",
        about: "One quick retry, if few others are under way.",
        formula: "U(0, (2ⁿ − 1) × 25 ms), at most 250 ms; active retries ≤ max(3, 20 % of active)",
        source: "Envoy: router filter (1 retry, base 25 ms, cap 10 × base), circuit breakers' \
                 retry budget",
        assumed: "",
        settings: "max_attempts = 2\n\
                   backoff.schedule = { waits = [\"25ms\", \"75ms\", \"175ms\", \"250ms\"] }\n\
                   jitter = \"full\"\n\
                   budget.concurrency = { share = 0.2, floor = 3 }\n",
    },
    BuiltIn {
        name: "polly",
        about: "Polly's defaults: three retries 2 s apart and a touchy circuit breaker.",
        formula: "2 s; open for 5 s at 10 % failures of at least 100 calls in 30 s",
        source: "Polly v8: RetryStrategyOptions, CircuitBreakerStrategyOptions",
        assumed: "",
        settings: "max_attempts = 4\nbackoff.fixed = { delay = \"2s\" }\n\
                   breaker = { window = \"30s\", failure_share = 0.1, min_calls = 100, \
                   open_for = \"5s\", probes = 1 }\n",
    },
    BuiltIn {
        name: "resilience4j",
        about: "resilience4j's defaults: two retries and a circuit breaker over 100 calls.",
        formula: "500 ms; open for 60 s at 50 % failures of the last 100 calls, then 10 probes",
        source: "resilience4j: RetryConfig, CircuitBreakerConfig",
        assumed: "",
        settings: "max_attempts = 3\nbackoff.fixed = { delay = \"500ms\" }\n\
                   breaker = { window = 100, failure_share = 0.5, min_calls = 100, \
                   open_for = \"60s\", probes = 10 }\n",
    },
    BuiltIn {
        name: "kannel",
        about: "Every minute until the message's validity ends; a throttled link sleeps.",
        formula: "60 s without limit; after 0x58 the link sleeps 1 s",
        source: "Kannel: gw/smsc/smsc_smpp.c, smsc-resend-freq, wait-ack-expire",
        assumed: "",
        settings: "max_attempts = \"unlimited\"\nbackoff.fixed = { delay = \"60s\" }\n\
                   give_up = \"validity\"\n\
                   rules = [{ on = \"throttled\", pauses_link = \"1s\" }]\n",
    },
    BuiltIn {
        name: "jasmin",
        about: "A table of attempts and waits by status; the link is never paused.",
        formula: "0x58: 20 attempts 30 s apart; 0x14: 2, 180 s; 0x08: 2, 30 s",
        source: "Jasmin: jasmin/managers/configs.py, listeners.py (it counts attempts in all)",
        assumed: "no retry after a timeout",
        settings: "max_attempts = 2\nbackoff.fixed = { delay = \"30s\" }\n\
                   on = [\"throttled\", \"queue_full\", \"transient\"]\n\
                   rules = [{ on = \"throttled\", max_attempts = 20 }, \
                   { on = \"queue_full\", backoff.fixed = { delay = \"180s\" } }]\n",
    },
    BuiltIn {
        name: "nowsms",
        about: "Each wait 30 s longer than the last: 20 tries, for a day if throttled or full.",
        formula: "(n − 1) × 30 s, 20 attempts; after 0x58 and 0x14 n × 30 s for 24 h",
        source: "NowSMS: SMPP Error Code Handling; RetryDelay, RetryMaxAttempts, RetryMaxAge",
        assumed: "after 0x58 and 0x14 the first wait is 30 s, too; a timeout is an error like any \
                  other",
        settings: "max_attempts = 20\n\
                   backoff.schedule = { waits = [\"0s\", \"30s\", \"60s\", \"90s\", \"120s\", \
                   \"150s\", \"180s\", \"210s\", \"240s\", \"270s\", \"300s\", \"330s\", \"360s\", \
                   \"390s\", \"420s\", \"450s\", \"480s\", \"510s\", \"540s\"] }\n\
                   rules = [{ on = [\"throttled\", \"queue_full\"], max_attempts = \"unlimited\", \
                   backoff.linear = { step = \"30s\" }, give_up = \"24h\" }]\n",
    },
    BuiltIn {
        name: "twilio",
        about: "Never after a timeout: the message may have been accepted, and two are worse.",
        formula: "U(0, min(cap, base × 2ⁿ⁻¹)), not after a timeout",
        source: "Twilio: error 30410, provider timeout, is not retried to avoid duplicates",
        assumed: "everything else, as full-jitter",
        settings: "max_attempts = 5\n\
                   backoff.exponential = { base = \"1s\", factor = 2, cap = \"20s\" }\n\
                   jitter = \"full\"\n\
                   on = [\"throttled\", \"queue_full\", \"transient\"]\n",
    },
];

/// The built-in rules for acting on receipts, whose settings are the body of an `[on_receipt]`.
pub static ON_RECEIPT: &[BuiltIn] = &[
    BuiltIn {
        name: "none",
        about: "The sender does nothing about receipts.",
        formula: "no further attempt",
        source: "what every other rule is compared with",
        assumed: "",
        settings: "retry = { max_attempts = 0 }\n",
    },
    BuiltIn {
        name: "va-notify",
        about: "Sends again after a receipt of failure, twice at most within three days.",
        formula: "60 s, then 600 s, each × U(0.9, 1.1); 2 further attempts within 3 days",
        source: "VA Notify (department-of-veterans-affairs/notification-api): \
                 get_sms_retry_delay and can_retry_sms_request in \
                 app/celery/process_delivery_status_result_tasks.py",
        assumed: "which receipts are of a failure that may pass: what was refused is not sent \
                  again; silence counts only with an `after` of one's own; by the same route",
        settings: "on = [\"undelivered\", \"expired\", \"unknown\"]\n\
                   retry = { max_attempts = 2, backoff.schedule = { waits = [\"60s\", \"600s\"] }, \
                   jitter = \"plus_minus_10\" }\n\
                   within = \"3d\"\n",
    },
];

/// The built-in rules for slow routes, whose settings are the body of a route's `slow`.
pub static SLOW: &[BuiltIn] = &[
    BuiltIn {
        name: "none",
        about: "No traffic is taken from a route for being slow.",
        formula: "no change",
        source: "what every other rule is compared with",
        assumed: "",
        settings: "step = 0\n",
    },
    BuiltIn {
        name: "gov-uk-notify",
        about: "Moves 10 points of traffic from a slow provider to the other one, and back at 10 an hour.",
        formula: "looks each minute; 10 points where over 15 % of the last 10 minutes' messages took \
                  over 4 minutes or are that old, at most once in 10 minutes, never where both are \
                  slow; 10 points back after an hour without a change",
        source: "GOV.UK Notify (alphagov/notifications-api): \
                 switch_current_sms_provider_on_slow_delivery and tend_providers_back_to_middle in \
                 app/celery/scheduled_tasks.py, app/dao/provider_details_dao.py; 4 and 10 minutes: \
                 GDS blog, 3 April 2020",
        assumed: "the share: 15 %, as in the later code, where it is of 15 minutes' messages and of those \
                  that took 5; in 2020 it was 30 %; “at least” there is “over” here",
        settings: "share = \"15%\"\n\
                   later_than = \"4m\"\n\
                   of_last = \"10m\"\n\
                   step = 10\n\
                   look_every = \"1m\"\n\
                   hold = \"10m\"\n\
                   young = \"counted\"\n\
                   restore = { step = 10, every = \"1h\", look_every = \"5m\" }\n",
    },
    BuiltIn {
        name: "gov-uk-notify-2020",
        about: "The same with the share of 2020: 30 %.",
        formula: "looks each minute; 10 points where over 30 % of the last 10 minutes' messages took \
                  over 4 minutes or are that old, at most once in 10 minutes, never where both are \
                  slow; 10 points back after an hour without a change",
        source: "GDS blog, How GOV.UK Notify reliably sends text messages to users, 3 April 2020; \
                 alphagov/notifications-api of that time, app/celery/scheduled_tasks.py",
        assumed: "“at least” there is “over” here",
        settings: "share = \"30%\"\n\
                   later_than = \"4m\"\n\
                   of_last = \"10m\"\n\
                   step = 10\n\
                   look_every = \"1m\"\n\
                   hold = \"10m\"\n\
                   young = \"counted\"\n\
                   restore = { step = 10, every = \"1h\", look_every = \"5m\" }\n",
    },
];
