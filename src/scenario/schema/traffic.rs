//! `[[traffic]]`

use super::{Choice, Field, Kind, Owner, Table, Variant, Word, random, retry};

const MILLISECOND: u64 = 1_000_000;

/// `[[traffic]]`
pub(super) static TRAFFIC: Table = Table::new(&[
    Field::new("name", Kind::Name, "Its name.").example("otp").required(),
    Field::new("arrivals", Kind::Choice(&ARRIVALS), "When its requests come.").required(),
    Field::new("sender", Kind::Text, "The one sender id it sends from.")
        .example("12345")
        .absent("the stream's name")
        .excludes(&["senders"]),
    Field::new("senders", Kind::Table(&SENDERS), "A pool of sender ids, in place of `sender`.")
        .example("{ count = 20, pick = \"sticky\" }")
        .excludes(&["sender"]),
    Field::new("brand", Kind::Text, "10DLC brand, a scope of throttles and caps.")
        .example("acme-bank")
        .absent("the sender"),
    Field::new("campaign", Kind::Text, "10DLC campaign, a scope of throttles and caps.")
        .example("login-codes")
        .absent("the sender"),
    Field::new("carriers", Kind::Weights(Owner::Carrier), "Weights of the carriers it goes to.")
        .absent("every carrier alike"),
    Field::new(
        "recipients",
        Kind::Integer(1, 1_000_000_000_000),
        "How many people; one is drawn per message.",
    )
    .example("200000")
    .absent("each message has its own"),
    Field::new("per_request", Kind::Integer(1, 10_000), "Recipients of one request.")
        .example("50")
        .default("1"),
    Field::new("body", Kind::Table(&BODY), "The text that is sent.")
        .example("{ chars = 70, ucs2 = \"2%\" }")
        .filled(),
    Field::new("spam_score", Kind::Choice(&random::NUMBER), "How much it looks like spam, 0 to 1.")
        .default("0"),
    Field::new("invalid", Kind::Share, "Share of invalid numbers.").example("0.2%").default("0"),
    Field::new("opted_out", Kind::Share, "Share of recipients who have opted out.")
        .example("0.1%")
        .default("0"),
    Field::new("priority", Kind::Integer(0, 3), "3 is most urgent.").example("2").default("0"),
    Field::new("deadline", Kind::Duration(1), "On time is within this, from the request.")
        .example("60s")
        .absent("that of [scenario]"),
    Field::new("validity", Kind::Duration(1), "Nobody tries any more after this, from acceptance.")
        .example("10m")
        .absent("for ever"),
    Field::new("resend", Kind::Table(&RESEND), "People without a copy ask again.")
        .example("{ after = \"45s\", probability = 0.5, max = 2 }")
        .absent("nobody does"),
    Field::new("retry", Kind::Table(&retry::RETRY), "A retry policy of its own.")
        .example("{ policy = \"full-jitter\" }")
        .absent("its queue's"),
]);

static SENDERS: Table = Table::new(&[
    Field::new("count", Kind::Integer(1, 10_000_000), "How many; named after the stream.")
        .example("20")
        .required(),
    Field::new(
        "pick",
        Kind::Words(&[
            Word::new("round_robin", "in turn"),
            Word::new("random", "at random"),
            Word::new("sticky", "the same one for the same recipient"),
        ]),
        "How one is picked.",
    )
    .default("round_robin"),
]);

static BODY: Table = Table::new(&[
    Field::new("chars", Kind::Choice(&random::NUMBER), "Characters of a text.")
        .example("{ uniform = { low = 40, high = 160 } }")
        .default("70"),
    Field::new("ucs2", Kind::Share, "Share of texts that need UCS-2.").example("2%").default("0"),
]);

static RESEND: Table = Table::new(&[
    Field::new("after", Kind::Duration(MILLISECOND), "This long after the request.")
        .example("45s")
        .required(),
    Field::new("probability", Kind::Share, "Probability that a person does.")
        .example("50%")
        .default("1"),
    Field::new("max", Kind::Integer(1, 1_000), "At most this often in a chain.")
        .example("2")
        .default("1"),
]);

static ARRIVALS: Choice = Choice {
    noun: "an arrival process",
    plain: None,
    example: "{ poisson = { rate = \"50/s\" } }",
    variants: &[
        Variant::new(
            "poisson",
            &[Field::new("rate", Kind::Rate(true), "Requests per time.").required()],
            "Independent requests at a mean rate.",
        ),
        Variant::new(
            "constant",
            &[Field::new("rate", Kind::Rate(true), "Requests per time.").required()],
            "Even spacing.",
        ),
        Variant::new(
            "profile",
            &[
                Field::new(
                    "points",
                    Kind::List(&Kind::Point, 1),
                    "Pairs of a time (of day, or a duration from the start) and a rate, ascending.",
                )
                .example("[[\"00:00\", \"10/s\"], [\"20:00\", \"80/s\"]]")
                .required(),
                Field::new(
                    "repeat",
                    Kind::Words(&[
                        Word::new("none", "the last rate holds on"),
                        Word::new("daily", "every 24 h; the times are of day"),
                    ]),
                    "Whether it starts again.",
                )
                .default("none"),
                Field::new(
                    "interpolate",
                    Kind::Words(&[
                        Word::new("linear", "a straight line between points"),
                        Word::new("step", "each rate holds until the next point"),
                    ]),
                    "Between the points.",
                )
                .default("linear"),
            ],
            "Poisson with a rate that changes in time.",
        ),
        Variant::new(
            "onoff",
            &[
                Field::new("high", Kind::Rate(true), "Requests per time when high.")
                    .example("200/s")
                    .required(),
                Field::new("low", Kind::Rate(false), "Requests per time when low.")
                    .example("20/s")
                    .default("0/s"),
                Field::new("mean_high", Kind::Duration(MILLISECOND), "Mean dwell when high.")
                    .example("30s")
                    .required(),
                Field::new("mean_low", Kind::Duration(MILLISECOND), "Mean dwell when low.")
                    .example("5m")
                    .required(),
            ],
            "Bursts: two rates with exponential dwell times.",
        ),
        Variant::new(
            "campaign",
            &[
                Field::new("count", Kind::Integer(1, 10_000_000_000), "How many requests.")
                    .example("120000")
                    .required(),
                Field::new(
                    "at",
                    Kind::Moment,
                    "Time of the first one, from t = 0 or by the clock.",
                )
                .example("10m")
                .default("0s"),
                Field::new("over", Kind::Duration(0), "Spread evenly over this span.")
                    .example("20m")
                    .default("0s"),
            ],
            "So many requests from a time on.",
        ),
        Variant::new(
            "trace",
            &[
                Field::new(
                    "file",
                    Kind::File,
                    "CSV with time_s and optional sender, carrier, chars, ucs2, spam_score, \
                     deadline_s, recipient; docs/data.md has what else is read as one.",
                )
                .example("requests.csv")
                .required(),
                Field::new(
                    "origin",
                    Kind::Text,
                    "The point in time that is t = 0, of a file whose times are points in time.",
                )
                .example("2026-01-31T09:00:00Z")
                .absent("the file's first"),
            ],
            "The requests of a log.",
        ),
    ],
};
