//! `rule` of a filter.

use super::{Choice, Field, Kind, Variant, Word};

/// What a filter looks for.
pub(super) static RULE: Choice = Choice {
    noun: "a rule",
    plain: None,
    example: "{ content = { threshold = 0.55 } }",
    variants: &[
        Variant::new(
            "content",
            &[Field::new("threshold", Kind::Number(0.0, 1.0), "Spam scores from this on.")
                .example("0.55")
                .required()],
            "The text looks like spam.",
        ),
        Variant::new(
            "velocity",
            &[
                Field::new(
                    "key",
                    Kind::Words(&[
                        Word::new("sender", "by sender"),
                        Word::new("recipient", "by recipient"),
                        Word::new("sender+content", "by sender and content"),
                    ]),
                    "Whose messages are counted together.",
                )
                .required(),
                Field::new("limit", Kind::Integer(0, 1_000_000_000), "Messages let through.")
                    .example("6")
                    .required(),
                Field::new("window", Kind::Duration(1), "Within this time.")
                    .example("1h")
                    .required(),
            ],
            "Too many within a time.",
        ),
        Variant::new(
            "unregistered",
            &[Field::new("registered", Kind::List(&Kind::Text, 0), "The senders that may pass.")
                .example("[\"12345\", \"BANK\"]")
                .required()],
            "The sender isn't on the list.",
        ),
        Variant::new(
            "duplicate",
            &[Field::new("window", Kind::Duration(1), "Within this time.")
                .example("10m")
                .required()],
            "Same recipient and content.",
        ),
        Variant::new(
            "volume",
            &[
                Field::new("rate", Kind::Rate(true), "Messages of a sender per time.")
                    .example("20/s")
                    .required(),
                Field::new("window", Kind::Duration(1), "Measured over this time.")
                    .example("1m")
                    .required(),
                Field::new("hold", Kind::Duration(0), "The sender is filtered for so long.")
                    .example("1h")
                    .required(),
            ],
            "A sender above a rate.",
        ),
        Variant::new("random", &[], "Any message."),
    ],
};
