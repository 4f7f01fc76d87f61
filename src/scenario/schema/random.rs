//! Random durations and random numbers.

use super::{Choice, Field, Kind, Table, Variant};
use crate::chain::spec::words;

words! {
    /// Family of distributions.
    pub(crate) enum Family {
        /// Exponential.
        Exponential = "exponential",
        /// Lognormal.
        Lognormal = "lognormal",
        /// Gamma.
        Gamma = "gamma",
        /// Weibull.
        Weibull = "weibull",
        /// Pareto.
        Pareto = "pareto",
        /// Uniform.
        Uniform = "uniform",
        /// Triangular.
        Triangular = "triangular",
        /// One of several exponentials.
        Hyperexponential = "hyperexponential",
        /// One of several distributions.
        Mixture = "mixture",
        /// Drawn from data.
        Empirical = "empirical",
        /// Normal.
        Normal = "normal",
        /// Beta, in [0, 1].
        Beta = "beta",
    }
}

words! {
    /// Unit of a data file's column.
    pub(crate) enum Unit {
        /// nanoseconds
        Nanoseconds = "ns",
        /// microseconds
        Microseconds = "us",
        /// milliseconds
        Milliseconds = "ms",
        /// seconds
        Seconds = "s",
        /// minutes
        Minutes = "min",
        /// hours
        Hours = "h",
        /// days
        Days = "d",
    }
}

/// Keys of the families, as they are written.
#[expect(non_upper_case_globals, reason = "as they are written")]
pub(crate) mod key {
    macro_rules! keys {
        ($($key:ident)*) => {
            $( pub(crate) const $key: &str = stringify!($key); )*
        };
    }

    keys! {
        alpha beta column cv file high low max mean means median min mode of p95 parts scale sd
        shape shift unit values weight weights
    }
}

/// The largest number a distribution may hold.
const LARGEST: f64 = 1e12;
/// A duration as a distribution's own setting.
const SPAN: Kind = Kind::Duration(0);
/// A duration above 0.
const LENGTH: Kind = Kind::Duration(1);
/// Any number.
const ANY: Kind = Kind::Number(-LARGEST, LARGEST);
/// A number above 0.
const ABOVE: Kind = Kind::Positive(LARGEST);

const fn field(key: &'static str, kind: Kind, about: &'static str, example: &'static str) -> Field {
    Field::new(key, kind, about).example(example)
}

const fn needed(
    key: &'static str,
    kind: Kind,
    about: &'static str,
    example: &'static str,
) -> Field {
    field(key, kind, about, example).required()
}

/// A family: its own settings and the three every one takes.
macro_rules! family {
    ($bound:expr, $u:literal, $family:ident, [$($field:expr),* $(,)?]) => {
        Variant::new(
            Family::$family.word(),
            &[
                $($field,)*
                field(key::min, $bound, "Smaller values become this.", concat!("1", $u))
                    .absent("no bound"),
                field(key::max, $bound, "Larger values become this.", concat!("60", $u))
                    .absent("no bound"),
                field(
                    key::shift,
                    $bound,
                    "Added to every value, before the bounds.",
                    concat!("0.5", $u),
                )
                .absent("nothing"),
            ],
            FAMILIES[Family::$family as usize].about,
        )
    };
}

/// The families that durations and numbers share. `$any` holds a bound, `$above` a scale; `$q` and
/// `$u` stand around and after the numbers of examples: a duration's quotes and unit.
macro_rules! families {
    (
        $any:expr, $above:expr, $q:literal, $u:literal, $part:expr,
        [$($unit:expr)?], $units:expr, $values:literal; $($more:expr),*
    ) => {
        &[
            family!($any, $u, Exponential, [
                needed(key::mean, $above, "Mean.", concat!("2", $u)),
            ]),
            family!($any, $u, Lognormal, [
                field(key::median, $above, "Median.", concat!("3", $u))
                    .excludes(&[key::mean, key::cv]),
                field(key::p95, $above, "95th percentile; above the median.", concat!("9", $u))
                    .excludes(&[key::mean, key::cv]),
                field(
                    key::mean,
                    $above,
                    "Mean, with `cv` in place of `median` and `p95`.",
                    concat!("4", $u),
                )
                .excludes(&[key::median, key::p95]),
                field(key::cv, ABOVE, "Standard deviation / mean.", "0.5")
                    .excludes(&[key::median, key::p95]),
            ]).example(concat!("{ median = ", $q, "3", $u, $q, ", p95 = ", $q, "9", $u, $q, " }")),
            family!($any, $u, Gamma, [
                needed(key::mean, $above, "Mean.", concat!("2", $u)),
                needed(key::shape, ABOVE, "Shape.", "2.5"),
            ]),
            family!($any, $u, Weibull, [
                needed(key::scale, $above, "Scale.", concat!("2", $u)),
                needed(key::shape, ABOVE, "Shape.", "2.5"),
            ]),
            family!($any, $u, Pareto, [
                needed(key::scale, $above, "Smallest value.", concat!("1", $u)),
                needed(key::shape, ABOVE, "Shape.", "2.5"),
            ]),
            family!($any, $u, Uniform, [
                needed(key::low, $any, "Smallest value.", concat!("1", $u)),
                needed(key::high, $any, "Largest value.", concat!("5", $u)),
            ]),
            family!($any, $u, Triangular, [
                needed(key::low, $any, "Smallest value.", concat!("1", $u)),
                needed(key::mode, $any, "Most frequent value.", concat!("2", $u)),
                needed(key::high, $any, "Largest value.", concat!("5", $u)),
            ]),
            family!($any, $u, Hyperexponential, [
                needed(
                    key::weights,
                    Kind::List(&ABOVE, 1),
                    "Weights of the branches.",
                    "[0.9, 0.1]",
                ),
                needed(
                    key::means,
                    Kind::List(&$above, 1),
                    "Means of the branches.",
                    concat!("[", $q, "1", $u, $q, ", ", $q, "20", $u, $q, "]"),
                ),
            ]),
            family!($any, $u, Mixture, [
                needed(key::parts, Kind::List($part, 1), "The parts.", ""),
            ]),
            family!($any, $u, Empirical, [
                field(key::file, Kind::File, "CSV file with a header.", "waits.csv")
                    .excludes(&[key::values]),
                field(key::column, Kind::Text, "Its column.", "wait").excludes(&[key::values]),
                $($unit,)?
                field(key::values, Kind::List(&$any, 1), "The data, in place of a file.", $values)
                    .excludes($units),
            ]).example(concat!(
                "{ values = [", $q, "1", $u, $q, ", ", $q, "2", $u, $q, ", ", $q, "5", $u, $q, "] }"
            )),
            $($more,)*
        ]
    };
}

/// A random duration; a plain one is constant.
pub(crate) static DURATION: Choice = Choice {
    noun: "a distribution",
    plain: Some(SPAN),
    example: r#"{ lognormal = { median = "90ms", p95 = "450ms" } }"#,
    variants: families!(
        SPAN, LENGTH, "\"", "s", &Kind::Table(&DURATION_PART),
        [
            field(key::unit, Kind::Words(UNITS), "The column's unit.", "ms")
                .absent("s")
                .excludes(&[key::values])
        ],
        &[key::file, key::column, key::unit], r#"["1s", "2s", "5s"]"#;
    ),
};

const FAMILIES: &[super::Word] = <Family as super::Words>::WORDS;
const UNITS: &[super::Word] = <Unit as super::Words>::WORDS;

static DURATION_PART: Table = Table::new(&[
    needed(key::weight, ABOVE, "Its weight.", "0.7"),
    needed(key::of, Kind::Choice(&DURATION), "A random duration.", ""),
]);

/// A random number; a plain one is constant.
pub(crate) static NUMBER: Choice = Choice {
    noun: "a distribution",
    plain: Some(ANY),
    example: "{ beta = { alpha = 2, beta = 12 } }",
    variants: families!(
        ANY, ABOVE, "", "", &Kind::Table(&NUMBER_PART),
        [], &[key::file, key::column], "[40, 70, 150]";
        family!(ANY, "", Normal, [
            needed(key::mean, ANY, "Mean.", "100"),
            needed(key::sd, ABOVE, "Standard deviation.", "20"),
        ]),
        family!(ANY, "", Beta, [
            needed(key::alpha, ABOVE, "First shape.", "2"),
            needed(key::beta, ABOVE, "Second shape.", "12"),
        ])
    ),
};

static NUMBER_PART: Table = Table::new(&[
    needed(key::weight, ABOVE, "Its weight.", "0.7"),
    needed(key::of, Kind::Choice(&NUMBER), "A random number.", ""),
]);
