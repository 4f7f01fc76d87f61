//! `backoff`

use super::{Choice, Field, Kind, Variant, random};

/// The wait before each retry.
pub(super) static BACKOFF: Choice = Choice {
    noun: "a backoff",
    plain: None,
    example: "{ exponential = { base = \"1s\", factor = 2, cap = \"5m\" } }",
    variants: &[
        Variant::new("immediate", &[], "No wait."),
        Variant::new(
            "fixed",
            &[Field::new("delay", Kind::Choice(&random::DURATION), "The wait.")
                .example("5s")
                .required()],
            "The same each time.",
        ),
        Variant::new(
            "linear",
            &[
                Field::new("step", Kind::Duration(0), "The nth wait is n times this.")
                    .example("2s")
                    .required(),
                Field::new("cap", Kind::Duration(0), "The longest wait.")
                    .example("5m")
                    .absent("no limit"),
            ],
            "Grows by a step.",
        ),
        Variant::new(
            "exponential",
            &[
                Field::new("base", Kind::Duration(0), "The first wait.").example("1s").required(),
                Field::new(
                    "factor",
                    Kind::Number(1.0, 1e6),
                    "Each wait is so many times the last.",
                )
                .example("3")
                .default("2.0"),
                Field::new("cap", Kind::Duration(0), "The longest wait.")
                    .example("5m")
                    .absent("no limit"),
            ],
            "Grows by a factor.",
        ),
        Variant::new(
            "decorrelated",
            &[
                Field::new("base", Kind::Duration(0), "The shortest wait.")
                    .example("1s")
                    .required(),
                Field::new("cap", Kind::Duration(0), "The longest wait.").example("5m").required(),
            ],
            "Uniform from `base` to three times the last wait; takes no `jitter`.",
        ),
        Variant::new(
            "schedule",
            &[Field::new(
                "waits",
                Kind::List(&Kind::Duration(0), 1),
                "The waits in turn; the last one repeats.",
            )
            .example("[\"1s\", \"10s\", \"1m\"]")
            .required()],
            "As listed.",
        ),
    ],
};
