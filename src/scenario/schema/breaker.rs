//! `breaker` of a retry table.

use super::{Field, Kind, Table};

/// `breaker`
pub(super) static BREAKER: Table = Table::new(&[
    Field::new(
        "window",
        Kind::DurationOrCount(1_000_000),
        "What it looks back on: the results of so long, or so many results.",
    )
    .example("1m")
    .default("30s"),
    Field::new(
        "failure_share",
        Kind::Share,
        "It opens when at least this share failed; above 0. A permanent refusal is no failure.",
    )
    .example("50%")
    .default("0.5"),
    Field::new("min_calls", Kind::Integer(1, 1_000_000), "It opens on no fewer results.")
        .example("20")
        .absent("`100`, or a smaller `window`"),
    Field::new("open_for", Kind::Duration(1), "How long nothing is tried.")
        .example("10s")
        .default("5s"),
    Field::new(
        "probes",
        Kind::Integer(1, 1_000_000),
        "Tries that may then pass; it closes if less than `failure_share` of them fail.",
    )
    .example("5")
    .default("10"),
]);
