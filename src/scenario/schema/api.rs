//! `[api]` and `[client]`

use super::{Field, Kind, Table, random, retry};

/// `[api]`
pub(super) static API: Table = Table::new(&[
    Field::new("latency", Kind::Choice(&random::DURATION), "From call to response.")
        .example("{ lognormal = { median = \"40ms\", p95 = \"120ms\" } }")
        .default("0s"),
    Field::new("rate_limit", Kind::Table(&RATE_LIMIT), "Token bucket over requests; 429 beyond.")
        .example("{ rate = \"500/s\", burst = 1000 }")
        .absent("none"),
    Field::new(
        "refusal_latency",
        Kind::Choice(&random::DURATION),
        "From call to a 429; needs `rate_limit`.",
    )
    .example("5ms")
    .absent("a draw of `latency`"),
    Field::new(
        "retry_after",
        Kind::Duration(0),
        "Sent with a 429: the client waits at least this long; needs `rate_limit`.",
    )
    .example("1s")
    .absent("it asks for none"),
    Field::new("errors", Kind::Share, "Share of calls that end in 500.")
        .example("0.05%")
        .default("0"),
    Field::new("max_segments", Kind::Integer(1, 10_000), "A message of more segments is invalid.")
        .example("10")
        .absent("no limit"),
]);

/// A token bucket.
static RATE_LIMIT: Table = Table::new(&[
    Field::new("rate", Kind::Rate(true), "Requests per time.").example("500/s").required(),
    Field::new("burst", Kind::Integer(1, 1_000_000_000), "Tokens the bucket holds.")
        .example("1000")
        .default("1"),
]);

/// `[client]`
pub(super) static CLIENT: Table = Table::new(&[
    Field::new("timeout", Kind::Duration(1), "A slower call is an error in the client's eyes.")
        .example("2s")
        .absent("it waits for ever"),
    Field::new(
        "idempotency",
        Kind::Flag,
        "A repeat of a call accepted or being worked on is recognised.",
    )
    .default("false"),
    Field::new("retry", Kind::Table(&retry::CLIENT_RETRY), "When and how often it calls again.")
        .example("{ policy = \"full-jitter\" }")
        .filled(),
]);
