//! `[api]` and `[client]`

use super::limit::{api_limit, at_most};
use super::retry::ClientRetry;
use super::{Kind, of};
use crate::chain::spec::{Api, ApiLimit, Bucket, Client, Delay};
use crate::kernel::Nanos;
use crate::scenario::checked::Record;
use crate::scenario::lower::Lowering;

table! {
    api => Api then check {
        /// From call to response.
        latency: Delay =
            of::choice().example(r#"{ lognormal = { median = "40ms", p95 = "120ms" } }"#)
                .default("0s"),
        /// Token bucket over requests; 429 beyond.
        rate_limit: Option<Bucket> =
            of::table().example(r#"{ rate = "500/s", burst = 1000 }"#).absent("none"),
        /// Further limits, each for every person, range of numbers, sender or traffic; 429 beyond. A
        /// call takes its tokens of all limits together.
        limits: Vec<ApiLimit> = of::kind(Kind::List(&LIMIT, 0))
            .example(r#"[{ scope = "recipient", rate = "5/day", burst = 5 }]"#)
            .none("none"),
        /// Calls it works on at once, from call to response; 429 beyond.
        concurrency: Option<u64> = of::integer(1, 1_000_000_000).example("200").absent("no limit"),
        /// From call to a 429; needs a limit.
        refusal_latency: Option<Delay> = of::choice().example("5ms").absent("a draw of `latency`"),
        /// Sent with a 429: the client waits at least this long; needs a limit.
        retry_after: Option<Nanos> = of::duration(0).example("1s").absent("it asks for none"),
        /// Share of calls that end in 500.
        errors: f64 = of::share().example("0.05%").default("0"),
        /// A message of more segments is invalid.
        max_segments: Option<u32> = of::integer(1, 10_000).example("10").absent("no limit"),
    }
}

static LIMIT: Kind = Kind::Table(&api_limit::TABLE);

table! {
    rate_limit => Bucket {
        /// Requests per time.
        rate: f64 = of::rate(true).example("500/s").required(),
        /// Tokens the bucket holds.
        burst: u64 = of::integer(1, 1_000_000_000).example("1000").default("1"),
    }
}

table! {
    client => Client {
        /// A slower call is an error in the client's eyes.
        timeout: Option<Nanos> = of::duration(1).example("2s").absent("it waits for ever"),
        /// A repeat of a call accepted or being worked on is recognised.
        idempotency: bool = of::flag().default("false"),
        /// Its retries: when, and how often it calls again.
        retry: ClientRetry = of::table().example(r#"{ policy = "full-jitter" }"#).filled(),
    }
}

fn check(cx: &mut Lowering<'_, '_>, record: &Record, made: &Api) {
    at_most(cx, record, api::limits.name(), &made.limits);
    let limited = !record.lacks(&api::rate_limit)
        || !record.lacks(&api::concurrency)
        || !made.limits.is_empty()
        || !record.is_sure_of(&api::limits);
    if !limited {
        let beside = "without `rate_limit`, `limits` or `concurrency`";
        let why = "nothing is answered 429: take this out, or give the API a limit";
        cx.idle(record, &api::refusal_latency, beside, why);
        cx.idle(record, &api::retry_after, beside, why);
    }
}
