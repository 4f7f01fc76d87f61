//! `[[queue]]`

use super::{Field, Kind, Table, Word, random, retry};

/// `[[queue]]`
pub(super) static QUEUE: Table = Table::new(&[
    Field::new("name", Kind::Name, "Its name.").example("main").required(),
    Field::new("capacity", Kind::Integer(0, 1_000_000_000_000), "Waiting messages it holds.")
        .example("100000")
        .absent("no limit"),
    Field::new(
        "overflow",
        Kind::Words(&[
            Word::new("reject", "the API answers 503"),
            Word::new("fail", "accepted, then failed where the sender sees it"),
            Word::new("discard", "accepted and gone"),
        ]),
        "What happens to a message that finds no room.",
    )
    .default("reject"),
    Field::new(
        "discipline",
        Kind::Words(&[
            Word::new("fifo", "first in, first out"),
            Word::new("priority", "highest priority first, then fifo"),
            Word::new("deadline", "earliest deadline first"),
        ]),
        "Who is next.",
    )
    .default("fifo"),
    Field::new(
        "dispatch",
        Kind::Words(&[
            Word::new("workers", "as soon as a worker is free, who waits for pace and window with it"),
            Word::new("provider", "once its provider has a token and a slot for it"),
        ]),
        "When a message leaves for its provider.",
    )
    .default("workers"),
    Field::new("workers", Kind::Integer(1, 1_000_000), "Workers that submit.")
        .example("64")
        .absent("no limit"),
    Field::new("overhead", Kind::Choice(&random::DURATION), "A worker's time before the submit.")
        .example("1ms")
        .default("0s"),
    Field::new("ttl", Kind::Duration(1), "Longest stay in the queue.")
        .example("4h")
        .absent("no limit"),
    Field::new(
        "expire_at_submit",
        Kind::Flag,
        "The sender looks once more right before a submit: a message whose ttl or validity has ended expires, and uses neither token nor slot.",
    )
    .default("true"),
    Field::new("crash", Kind::Table(&CRASH), "Each worker crashes on its own; needs `workers`.")
        .example("{ mean_time_between = \"12h\", restart = \"30s\" }")
        .absent("never"),
    Field::new("retry", Kind::Table(&retry::RETRY), "A retry policy of its own.")
        .example("{ policy = \"full-jitter\" }")
        .absent("that of the scenario"),
]);

static CRASH: Table = Table::new(&[
    Field::new(
        "mean_time_between",
        Kind::Duration(1_000_000),
        "Mean of the exponential time a worker is up.",
    )
    .example("12h")
    .required(),
    Field::new("restart", Kind::Duration(0), "Until it works again.").example("30s").default("0s"),
    Field::new(
        "guarantee",
        Kind::Words(&[
            Word::new("at_least_once", "its message comes back"),
            Word::new("at_most_once", "its message is lost"),
        ]),
        "What becomes of the message it held.",
    )
    .default("at_least_once"),
    Field::new(
        "visibility_timeout",
        Kind::Duration(0),
        "With at_least_once: the message is back this long after the crash.",
    )
    .example("2m")
    .absent("60s with at_least_once"),
]);
