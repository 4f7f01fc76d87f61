//! Random durations and random numbers.

use super::{Choice, Field, Kind, Table, Variant, Word};

/// The largest number a distribution may hold.
const LARGEST: f64 = 1e12;

/// The units a column of a data file may be in.
const TIME_UNITS: &[Word] = &[
    Word::new("ns", "nanoseconds"),
    Word::new("us", "microseconds"),
    Word::new("ms", "milliseconds"),
    Word::new("s", "seconds"),
    Word::new("min", "minutes"),
    Word::new("h", "hours"),
    Word::new("d", "days"),
];

/// A duration as a distribution's own setting.
const SPAN: Kind = Kind::Duration(0);
/// A duration above 0.
const LENGTH: Kind = Kind::Duration(1);
/// Any number.
const ANY: Kind = Kind::Number(-LARGEST, LARGEST);
/// A number above 0.
const ABOVE: Kind = Kind::Positive(LARGEST);

/// A kind of distribution: its own settings and the three every kind takes.
macro_rules! distribution {
    ($bound:expr, $u:literal, $key:literal, [$($field:expr),* $(,)?], $about:literal) => {
        Variant::new(
            $key,
            &[
                $($field,)*
                Field::new("min", $bound, "Smaller values become this.")
                    .example(concat!("1", $u))
                    .absent("no bound"),
                Field::new("max", $bound, "Larger values become this.")
                    .example(concat!("60", $u))
                    .absent("no bound"),
                Field::new("shift", $bound, "Added to every value, before the bounds.")
                    .example(concat!("0.5", $u))
                    .absent("nothing"),
            ],
            $about,
        )
    };
}

/// The kinds that durations and numbers share. `$any` holds a bound, `$above` a scale; `$q` and
/// `$u` stand around and after the numbers of examples: a duration's quotes and unit.
macro_rules! shared {
    (
        $any:expr, $above:expr, $q:literal, $u:literal, $choice:expr, $empirical:tt, $($more:expr),*
    ) => {
        &[
            distribution!($any, $u, "exponential", [
                Field::new("mean", $above, "Mean.")
.example(concat!("2", $u)).required(),
            ], "Exponential."),
            distribution!($any, $u, "lognormal", [
                Field::new("median", $above, "Median.")
.example(concat!("3", $u)).excludes(&["mean", "cv"]),
                Field::new("p95", $above, "95th percentile; above the median.")
.example(concat!("9", $u))
                    .excludes(&["mean", "cv"]),
                Field::new("mean", $above, "Mean, with `cv` in place of `median` and `p95`.")
.example(concat!("4", $u))
                    .excludes(&["median", "p95"]),
                Field::new("cv", ABOVE, "Standard deviation / mean.")
.example("0.5")
                    .excludes(&["median", "p95"]),
            ], "Lognormal.").example(concat!(
                "{ median = ", $q, "3", $u, $q, ", p95 = ", $q, "9", $u, $q, " }"
            )),
            distribution!($any, $u, "gamma", [
                Field::new("mean", $above, "Mean.")
.example(concat!("2", $u)).required(),
                Field::new("shape", ABOVE, "Shape.")
.example("2.5").required(),
            ], "Gamma."),
            distribution!($any, $u, "weibull", [
                Field::new("scale", $above, "Scale.")
.example(concat!("2", $u)).required(),
                Field::new("shape", ABOVE, "Shape.")
.example("2.5").required(),
            ], "Weibull."),
            distribution!($any, $u, "pareto", [
                Field::new("scale", $above, "Smallest value.")
.example(concat!("1", $u)).required(),
                Field::new("shape", ABOVE, "Shape.")
.example("2.5").required(),
            ], "Pareto."),
            distribution!($any, $u, "uniform", [
                Field::new("low", $any, "Smallest value.")
.example(concat!("1", $u)).required(),
                Field::new("high", $any, "Largest value.")
.example(concat!("5", $u)).required(),
            ], "Uniform."),
            distribution!($any, $u, "triangular", [
                Field::new("low", $any, "Smallest value.")
.example(concat!("1", $u)).required(),
                Field::new("mode", $any, "Most frequent value.")
.example(concat!("2", $u)).required(),
                Field::new("high", $any, "Largest value.")
.example(concat!("5", $u)).required(),
            ], "Triangular."),
            distribution!($any, $u, "hyperexponential", [
                Field::new("weights", Kind::List(&ABOVE, 1), "Weights of the branches.")
.example("[0.9, 0.1]")
                    .required(),
                Field::new("means", Kind::List(&$above, 1), "Means of the branches.")
.example(concat!("[", $q, "1", $u, $q, ", ", $q, "20", $u, $q, "]")).required(),
            ], "One of several exponentials."),
            distribution!($any, $u, "mixture", [
                Field::new("parts", Kind::List($choice, 1), "The parts.").required(),
            ], "One of several distributions."),
            distribution!($any, $u, "empirical", $empirical, "Drawn from data.").example(concat!(
                "{ values = [", $q, "1", $u, $q, ", ", $q, "2", $u, $q, ", ", $q, "5", $u, $q, "] }"
            )),
            $($more,)*
        ]
    };
}

/// A random duration; a plain one is constant.
pub(in crate::scenario) static DURATION: Choice = Choice {
    noun: "a distribution",
    plain: Some(SPAN),
    example: "{ lognormal = { median = \"90ms\", p95 = \"450ms\" } }",
    variants: shared!(
        SPAN,
        LENGTH,
        "\"",
        "s",
        &Kind::Table(&DURATION_PART),
        [
            Field::new("file", Kind::File, "CSV file with a header.")
                .example("waits.csv")
                .excludes(&["values"]),
            Field::new("column", Kind::Text, "Its column.").example("wait").excludes(&["values"]),
            Field::new("unit", Kind::Words(TIME_UNITS), "The column's unit.")
                .example("ms")
                .absent("s")
                .excludes(&["values"]),
            Field::new("values", Kind::List(&SPAN, 1), "The data, in place of a file.")
                .example("[\"1s\", \"2s\", \"5s\"]")
                .excludes(&["file", "column", "unit"]),
        ],
    ),
};

static DURATION_PART: Table = Table::new(&[
    Field::new("weight", ABOVE, "Its weight.").example("0.7").required(),
    Field::new("of", Kind::Choice(&DURATION), "A random duration.").required(),
]);

/// A random number; a plain one is constant.
pub(in crate::scenario) static NUMBER: Choice = Choice {
    noun: "a distribution",
    plain: Some(ANY),
    example: "{ beta = { alpha = 2, beta = 12 } }",
    variants: shared!(
        ANY,
        ABOVE,
        "",
        "",
        &Kind::Table(&NUMBER_PART),
        [
            Field::new("file", Kind::File, "CSV file with a header.")
                .example("waits.csv")
                .excludes(&["values"]),
            Field::new("column", Kind::Text, "Its column.").example("wait").excludes(&["values"]),
            Field::new("values", Kind::List(&ANY, 1), "The data, in place of a file.")
                .example("[40, 70, 150]")
                .excludes(&["file", "column"]),
        ],
        distribution!(
            ANY,
            "",
            "normal",
            [
                Field::new("mean", ANY, "Mean.").example("100").required(),
                Field::new("sd", ABOVE, "Standard deviation.").example("20").required(),
            ],
            "Normal."
        ),
        distribution!(
            ANY,
            "",
            "beta",
            [
                Field::new("alpha", ABOVE, "First shape.").example("2").required(),
                Field::new("beta", ABOVE, "Second shape.").example("12").required(),
            ],
            "Beta, in [0, 1]."
        )
    ),
};

static NUMBER_PART: Table = Table::new(&[
    Field::new("weight", ABOVE, "Its weight.").example("0.7").required(),
    Field::new("of", Kind::Choice(&NUMBER), "A random number.").required(),
]);
