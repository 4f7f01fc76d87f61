//! `[scenario]`

use super::{Field, Kind, Table};

/// `[scenario]`
pub(super) static SCENARIO: Table = Table::new(&[
    Field::new("name", Kind::Name, "The scenario's name.").absent("the file's name"),
    Field::new("summary", Kind::Prose, "What the scenario shows, one line.").default(""),
    Field::new(
        "seed",
        Kind::Integer(0, (1 << 53) - 1),
        "Seed of the run; the same seed gives the same run.",
    )
    .default("1"),
    Field::new(
        "scale",
        Kind::Number(1e-6, 1e6),
        "Load factor: multiplies every stream's rate, campaign size and number of recipients; \
         `--scale` takes its place.",
    )
    .default("1"),
    Field::new("start", Kind::Clock, "Time of day at t = 0, for profiles and daily caps.")
        .default("00:00"),
    Field::new("duration", Kind::Duration(1), "Requests arrive for this long.").required(),
    Field::new(
        "drain",
        Kind::Duration(0),
        "Then the run goes on until nothing is in flight, at most this long.",
    )
    .default("72h"),
    Field::new(
        "warmup",
        Kind::Duration(0),
        "Requests before this are simulated, not counted; below `duration`.",
    )
    .default("0s"),
    Field::new("deadline", Kind::Duration(1), "Deadline of messages whose stream names none.")
        .absent("always on time"),
    Field::new(
        "within",
        Kind::List(&Kind::Label, 0),
        "Reports the share of API successes delivered within each of these times.",
    )
    .default("[\"5s\", \"10s\", \"30s\", \"60s\", \"5m\", \"1h\"]"),
    Field::new(
        "sample_every",
        Kind::Duration(1),
        "Spacing of the time series; at most 100000 samples.",
    )
    .absent("duration / 360"),
]);
