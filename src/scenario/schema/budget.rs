//! `budget` of a retry table.

use super::{Choice, Field, Kind, Variant, Word};

/// The most tokens, in thousandths.
const MOST: u64 = 1_000_000_000_000;

/// How many retries there may be in all.
pub(super) static BUDGET: Choice = Choice {
    noun: "a budget",
    plain: None,
    example: "{ ratio = { share = 0.2, floor = \"10/s\", ttl = \"10s\" } }",
    variants: &[
        Variant::new(
            "ratio",
            &[
                Field::new("share", Kind::Share, "Retries for each first attempt.")
                    .example("10%")
                    .default("0.2"),
                Field::new("floor", Kind::Rate(false), "Retries that are always allowed.")
                    .example("5/s")
                    .default("10/s"),
                Field::new("ttl", Kind::Duration(1), "The time looked back on.")
                    .example("30s")
                    .default("10s"),
            ],
            "Within `ttl`, retries ≤ share × first attempts + floor × ttl (Finagle, tower: their \
             defaults).",
        ),
        Variant::new(
            "bucket",
            &[
                Field::new("capacity", Kind::Thousandths(MOST), "Tokens it holds, full at t = 0.")
                    .example("500")
                    .required(),
                Field::new("cost", Kind::Thousandths(MOST), "What a retry takes.")
                    .example("5")
                    .default("1"),
                Field::new(
                    "timeout_cost",
                    Kind::Thousandths(MOST),
                    "What one takes after a timeout.",
                )
                .example("10")
                .absent("`cost`"),
                Field::new(
                    "throttled_cost",
                    Kind::Thousandths(MOST),
                    "What one takes after being throttled (a client: rate limited).",
                )
                .example("10")
                .absent("`cost`"),
                Field::new("refund", Kind::Thousandths(MOST), "What a success gives back.")
                    .example("1")
                    .required(),
                Field::new(
                    "returns_cost",
                    Kind::Flag,
                    "A success that took retries gives back what the last of them took, in place \
                     of `refund`.",
                )
                .default("false"),
                Field::new(
                    "charged",
                    Kind::Words(&[
                        Word::new("retry", "each retry, which isn't made if too little is left"),
                        Word::new(
                            "failure",
                            "each failure, as far as there is any; a retry is made while more than \
                             the reserve is left",
                        ),
                    ]),
                    "What takes the tokens.",
                )
                .default("retry"),
                Field::new(
                    "reserve",
                    Kind::Thousandths(MOST),
                    "Tokens that retries may not touch.",
                )
                .example("10")
                .default("0"),
            ],
            "Tokens that retries take and successes give back (AWS SDKs, gRPC).",
        ),
        Variant::new(
            "concurrency",
            &[
                Field::new("share", Kind::Share, "Of the tries under way.")
                    .example("10%")
                    .default("0.2"),
                Field::new(
                    "floor",
                    Kind::Integer(0, 1_000_000_000),
                    "Retries under way that are always allowed.",
                )
                .example("10")
                .default("3"),
            ],
            "Retries under way ≤ max(floor, share × tries under way) (Envoy: its defaults).",
        ),
    ],
};
