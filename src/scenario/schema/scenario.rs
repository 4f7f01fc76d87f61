//! `[scenario]`

use super::{Kind, of};
use crate::chain::SAMPLES_MAX;
use crate::chain::spec::{Spec, Weekday};
use crate::kernel::Nanos;
use crate::scenario::DiagnosticKind;
use crate::scenario::checked::{Record, Value};
use crate::scenario::lower::Lowering;
use crate::scenario::units::duration;

table! {
    scenario {
        /// The scenario's name.
        name: String = of::name().example("evening").follows("the file's name"),
        /// Its story in one line.
        summary: String = of::prose().example("One sender, one provider").default(""),
        /// Seed of the run; the same seed gives the same run.
        seed: u64 = of::integer(0, (1 << 53) - 1).example("7").default("1"),
        /// Load factor: multiplies every stream's rate, campaign size and number of recipients;
        /// `--scale` takes its place.
        scale: f64 = of::number(1e-6, 1e6).example("2").default("1"),
        /// Time of day at t = 0: profiles, daily caps and times of day count by it.
        start: Nanos = of::clock().example("18:00").default("00:00"),
        /// Day of the week at t = 0: quiet hours count by it.
        start_day: Weekday = of::words().example("sat").none("`mon`"),
        /// Requests arrive for this long.
        duration: Nanos = of::duration(1).example("1h").required(),
        /// Then the run goes on until nothing is in flight, at most this long.
        drain: Nanos = of::duration(0).example("24h").default("72h"),
        /// Requests before this are simulated, not counted; below `duration`.
        warmup: Nanos = of::duration(0).example("5m").default("0s"),
        /// Deadline of messages whose stream names none.
        deadline: Option<Nanos> = of::duration(1).example("60s").absent("always on time"),
        /// Reports the share of API successes delivered within each of these times; at most 1000.
        within: Vec<(String, Nanos)> =
            of::list(&Kind::Label, 0).example(r#"["5s", "30s", "5m"]"#)
                .default(r#"["5s", "10s", "30s", "60s", "5m", "1h"]"#),
        /// Spacing of the time series; at most 100000 samples.
        sample_every: Nanos = of::duration(1).example("10s").follows("duration / 360"),
    }
}

/// The most times of `within`: each is counted for each stream and span of time.
const MOST_WITHIN: usize = 1_000;

/// Puts the run's settings into the spec.
pub(crate) fn lower(cx: &mut Lowering<'_, '_>, record: &Record, spec: &mut Spec) {
    cx.duration = cx.find(record, &scenario::duration);
    spec.name = cx.read(record, &scenario::name);
    spec.summary = cx.read(record, &scenario::summary);
    spec.seed = cx.read(record, &scenario::seed);
    spec.scale = cx.read(record, &scenario::scale);
    spec.start = cx.read(record, &scenario::start);
    cx.start = spec.start;
    spec.start_day = cx.read(record, &scenario::start_day);
    spec.duration = cx.read(record, &scenario::duration);
    spec.drain = cx.read(record, &scenario::drain);
    spec.warmup = cx.read(record, &scenario::warmup);
    spec.sample_every = cx.read(record, &scenario::sample_every);
    if cx.duration.is_some_and(|duration| spec.warmup >= duration) {
        cx.conflict(
            record.place_of(&scenario::warmup),
            &format!(
                "`warmup` {} is {} `duration` {}: nothing is left to count",
                duration::print(spec.warmup),
                if spec.warmup > spec.duration { "longer than" } else { "as long as" },
                duration::print(spec.duration)
            ),
            &format!("expected less than {}", duration::print(spec.duration)),
        );
    }
    if spec.sample_every > 0 && spec.duration / spec.sample_every > SAMPLES_MAX {
        let least = spec.duration.div_ceil(SAMPLES_MAX);
        cx.error(
            DiagnosticKind::OutOfRange,
            record.place_of(&scenario::sample_every),
            "too many samples",
            &format!("expected at most {SAMPLES_MAX}: at least {}", duration::print(least)),
        );
    }
    let within = record.list(scenario::within.name());
    if within.len() > MOST_WITHIN {
        cx.error(
            DiagnosticKind::OutOfRange,
            record.place_of(&scenario::within),
            &format!("`within` has {} times", within.len()),
            &format!("expected at most {MOST_WITHIN}"),
        );
    }
    for item in within.iter().take(MOST_WITHIN) {
        if let Value::Label(label, nanos) = &item.value {
            if let Some((first, _)) = spec.within.iter().find(|(_, known)| known == nanos) {
                let message = format!("`{label}` is the same time as `{first}`");
                cx.error(DiagnosticKind::Duplicate, item.place, &message, "expected each once");
            } else {
                spec.within.push((label.clone(), *nanos));
            }
        }
    }
    spec.within.sort_by_key(|(_, nanos)| *nanos);
}
