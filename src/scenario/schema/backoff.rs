//! `backoff`

use super::{Choice, Field, Kind, Variant, random};

/// The wait before each retry.
pub(super) static BACKOFF: Choice = Choice {
    noun: "a backoff",
    plain: None,
    variants: &[
        Variant::new("immediate", &[], "No wait."),
        Variant::new(
            "fixed",
            &[Field::new("delay", Kind::Choice(&random::DURATION), "The wait.").required()],
            "The same each time.",
        ),
        Variant::new(
            "linear",
            &[
                Field::new("step", Kind::Duration(0), "The nth wait is n times this.").required(),
                Field::new("cap", Kind::Duration(0), "The longest wait.").absent("no limit"),
            ],
            "Grows by a step.",
        ),
        Variant::new(
            "exponential",
            &[
                Field::new("base", Kind::Duration(0), "The first wait.").required(),
                Field::new(
                    "factor",
                    Kind::Number(1.0, 1e6),
                    "Each wait is so many times the last.",
                )
                .default("2.0"),
                Field::new("cap", Kind::Duration(0), "The longest wait.").absent("no limit"),
            ],
            "Grows by a factor.",
        ),
        Variant::new(
            "decorrelated",
            &[
                Field::new("base", Kind::Duration(0), "The shortest wait.").required(),
                Field::new("cap", Kind::Duration(0), "The longest wait.").required(),
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
            .required()],
            "As listed.",
        ),
    ],
};
