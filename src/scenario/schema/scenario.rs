//! `[scenario]`

use super::{Field, Kind, Table};

/// `[scenario]`
pub(super) static SCENARIO: Table = Table::new(&[
    Field::new("name", Kind::Name, "The scenario's name.")
        .example("evening")
        .absent("the file's name"),
    Field::new("summary", Kind::Prose, "What the scenario shows, one line.")
        .example("One sender, one provider")
        .default(""),
    Field::new(
        "seed",
        Kind::Integer(0, (1 << 53) - 1),
        "Seed of the run; the same seed gives the same run.",
    )
    .example("7")
    .default("1"),
    Field::new(
        "scale",
        Kind::Number(1e-6, 1e6),
        "Load factor: multiplies every stream's rate, campaign size and number of recipients; \
         `--scale` takes its place.",
    )
    .example("2")
    .default("1"),
    Field::new(
        "start",
        Kind::Clock,
        "Time of day at t = 0: profiles, daily caps and times of day count by it.",
    )
    .example("18:00")
    .default("00:00"),
    Field::new("duration", Kind::Duration(1), "Requests arrive for this long.")
        .example("1h")
        .required(),
    Field::new(
        "drain",
        Kind::Duration(0),
        "Then the run goes on until nothing is in flight, at most this long.",
    )
    .example("24h")
    .default("72h"),
    Field::new(
        "warmup",
        Kind::Duration(0),
        "Requests before this are simulated, not counted; below `duration`.",
    )
    .example("5m")
    .default("0s"),
    Field::new("deadline", Kind::Duration(1), "Deadline of messages whose stream names none.")
        .example("60s")
        .absent("always on time"),
    Field::new(
        "within",
        Kind::List(&Kind::Label, 0),
        "Reports the share of API successes delivered within each of these times; at most 1000.",
    )
    .example("[\"5s\", \"30s\", \"5m\"]")
    .default("[\"5s\", \"10s\", \"30s\", \"60s\", \"5m\", \"1h\"]"),
    Field::new(
        "sample_every",
        Kind::Duration(1),
        "Spacing of the time series; at most 100000 samples.",
    )
    .example("10s")
    .absent("duration / 360"),
]);
