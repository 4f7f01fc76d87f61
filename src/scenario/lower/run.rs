//! `[scenario]`

use super::{Lowering, Record, Trouble};
use crate::chain::SAMPLES_MAX;
use crate::chain::spec::Spec;
use crate::scenario::checked::Value;
use crate::scenario::units::duration;

/// The most times of `within`: each is counted for each stream and span of time.
const MOST_WITHIN: usize = 1_000;

impl Lowering<'_, '_> {
    pub(super) fn run(&mut self, record: &Record, spec: &mut Spec) {
        self.duration = record.duration("duration");
        spec.name = record.text("name").unwrap_or_default().to_owned();
        spec.summary = record.text("summary").unwrap_or_default().to_owned();
        spec.seed = record.integer("seed").unwrap_or_default();
        spec.scale = record.number("scale");
        spec.start = record.duration("start").unwrap_or_default();
        self.start = spec.start;
        spec.duration = record.duration("duration").unwrap_or_default();
        spec.drain = record.duration("drain").unwrap_or_default();
        spec.warmup = record.duration("warmup").unwrap_or_default();
        spec.sample_every = record.duration("sample_every").unwrap_or_default();
        if self.duration.is_some_and(|duration| spec.warmup >= duration) {
            self.error(
                Trouble::Conflict,
                record.at("warmup"),
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
            self.error(
                Trouble::OutOfRange,
                record.at("sample_every"),
                "too many samples",
                &format!("expected at most {SAMPLES_MAX}: at least {}", duration::print(least)),
            );
        }
        let within = record.list("within");
        if within.len() > MOST_WITHIN {
            let message = format!("`within` has {} times", within.len());
            let expected = format!("expected at most {MOST_WITHIN}");
            self.error(Trouble::OutOfRange, record.at("within"), &message, &expected);
        }
        for item in within.iter().take(MOST_WITHIN) {
            if let Value::Label(label, nanos) = &item.value {
                if let Some((first, _)) = spec.within.iter().find(|(_, known)| known == nanos) {
                    let message = format!("`{label}` is the same time as `{first}`");
                    self.error(Trouble::Duplicate, item.place, &message, "expected each once");
                } else {
                    spec.within.push((label.clone(), *nanos));
                }
            }
        }
        spec.within.sort_by_key(|(_, nanos)| *nanos);
    }
}
