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
    ($bound:expr, $key:literal, [$($field:expr),* $(,)?], $about:literal) => {
        Variant::new(
            $key,
            &[
                $($field,)*
                Field::new("min", $bound, "Smaller values become this.").absent("no bound"),
                Field::new("max", $bound, "Larger values become this.").absent("no bound"),
                Field::new("shift", $bound, "Added to every value, before the bounds.")
                    .absent("nothing"),
            ],
            $about,
        )
    };
}

/// The kinds that durations and numbers share. `$any` holds a bound, `$above` a scale.
macro_rules! shared {
    ($any:expr, $above:expr, $choice:expr, $empirical:tt, $($more:expr),*) => {
        &[
            distribution!($any, "exponential", [
                Field::new("mean", $above, "Mean.").required(),
            ], "Exponential."),
            distribution!($any, "lognormal", [
                Field::new("median", $above, "Median.").excludes(&["mean", "cv"]),
                Field::new("p95", $above, "95th percentile; above the median.")
                    .excludes(&["mean", "cv"]),
                Field::new("mean", $above, "Mean, with `cv` in place of `median` and `p95`.")
                    .excludes(&["median", "p95"]),
                Field::new("cv", ABOVE, "Standard deviation / mean.")
                    .excludes(&["median", "p95"]),
            ], "Lognormal."),
            distribution!($any, "gamma", [
                Field::new("mean", $above, "Mean.").required(),
                Field::new("shape", ABOVE, "Shape.").required(),
            ], "Gamma."),
            distribution!($any, "weibull", [
                Field::new("scale", $above, "Scale.").required(),
                Field::new("shape", ABOVE, "Shape.").required(),
            ], "Weibull."),
            distribution!($any, "pareto", [
                Field::new("scale", $above, "Smallest value.").required(),
                Field::new("shape", ABOVE, "Shape.").required(),
            ], "Pareto."),
            distribution!($any, "uniform", [
                Field::new("low", $any, "Smallest value.").required(),
                Field::new("high", $any, "Largest value.").required(),
            ], "Uniform."),
            distribution!($any, "triangular", [
                Field::new("low", $any, "Smallest value.").required(),
                Field::new("mode", $any, "Most frequent value.").required(),
                Field::new("high", $any, "Largest value.").required(),
            ], "Triangular."),
            distribution!($any, "hyperexponential", [
                Field::new("weights", Kind::List(&ABOVE, 1), "Weights of the branches.")
                    .required(),
                Field::new("means", Kind::List(&$above, 1), "Means of the branches.").required(),
            ], "One of several exponentials."),
            distribution!($any, "mixture", [
                Field::new("parts", Kind::List($choice, 1), "The parts.").required(),
            ], "One of several distributions."),
            distribution!($any, "empirical", $empirical, "Drawn from data."),
            $($more,)*
        ]
    };
}

/// A random duration; a plain one is constant.
pub(super) static DURATION: Choice = Choice {
    noun: "a distribution",
    plain: Some(SPAN),
    variants: shared!(
        SPAN,
        LENGTH,
        &Kind::Table(&DURATION_PART),
        [
            Field::new("file", Kind::File, "CSV file with a header.").excludes(&["values"]),
            Field::new("column", Kind::Text, "Its column.").excludes(&["values"]),
            Field::new("unit", Kind::Words(TIME_UNITS), "The column's unit.")
                .absent("s")
                .excludes(&["values"]),
            Field::new("values", Kind::List(&SPAN, 1), "The data, in place of a file.")
                .excludes(&["file", "column", "unit"]),
        ],
    ),
};

static DURATION_PART: Table = Table::new(&[
    Field::new("weight", ABOVE, "Its weight.").required(),
    Field::new("of", Kind::Choice(&DURATION), "A random duration.").required(),
]);

/// A random number; a plain one is constant.
pub(super) static NUMBER: Choice = Choice {
    noun: "a distribution",
    plain: Some(ANY),
    variants: shared!(
        ANY,
        ABOVE,
        &Kind::Table(&NUMBER_PART),
        [
            Field::new("file", Kind::File, "CSV file with a header.").excludes(&["values"]),
            Field::new("column", Kind::Text, "Its column.").excludes(&["values"]),
            Field::new("values", Kind::List(&ANY, 1), "The data, in place of a file.")
                .excludes(&["file", "column"]),
        ],
        distribution!(
            ANY,
            "normal",
            [
                Field::new("mean", ANY, "Mean.").required(),
                Field::new("sd", ABOVE, "Standard deviation.").required(),
            ],
            "Normal."
        ),
        distribution!(
            ANY,
            "beta",
            [
                Field::new("alpha", ABOVE, "First shape.").required(),
                Field::new("beta", ABOVE, "Second shape.").required(),
            ],
            "Beta, in [0, 1]."
        )
    ),
};

static NUMBER_PART: Table = Table::new(&[
    Field::new("weight", ABOVE, "Its weight.").required(),
    Field::new("of", Kind::Choice(&NUMBER), "A random number.").required(),
]);
