//! Doubts about the figures.

use crate::experiment::Unsettled;
use crate::kernel::{Nanos, SECOND};
use crate::report::number::length;

const MILLISECOND: Nanos = SECOND / 1000;
const MINUTE: Nanos = 60 * SECOND;
const HOUR: Nanos = 60 * MINUTE;
const DAY: Nanos = 24 * HOUR;

/// Advice about a run that isn't steady where it counts, in a sentence; `duration` is its
/// scenario's.
#[must_use]
pub fn unsettled_sentence(unsettled: &Unsettled, duration: Nanos) -> String {
    let series = &unsettled.series;
    let Some(settles) = unsettled.settles else {
        return format!(
            "warning: no steady state: {series} is still on its way in the second half of the run \
             (MSER-5). If the load is above the capacity no warm-up helps; else set a longer \
             scenario.duration"
        );
    };
    let (warm_up, text) = setting(settles);
    let longer = if warm_up > duration / 2 { " and a longer scenario.duration" } else { "" };
    format!(
        "warning: the warm-up is too short: {series} settles after about {} (MSER-5); set \
         scenario.warmup = \"{text}\"{longer}",
        length(settles)
    )
}

/// The next longer length that a person would set, and how it is written in a scenario.
fn setting(least: Nanos) -> (Nanos, String) {
    const UNITS: [(Nanos, &str, &[u64]); 4] = [
        (MILLISECOND, "ms", &[1, 2, 5, 10, 20, 50, 100, 200, 500]),
        (SECOND, "s", &[1, 2, 3, 5, 10, 15, 20, 30, 45]),
        (MINUTE, "m", &[1, 2, 3, 5, 10, 15, 20, 30, 45]),
        (HOUR, "h", &[1, 2, 3, 4, 6, 8, 12, 18]),
    ];
    let lengths = UNITS.iter().flat_map(|&(unit, name, numbers)| {
        numbers.iter().map(move |number| (number * unit, format!("{number}{name}")))
    });
    let days = least.div_ceil(DAY);
    lengths
        .into_iter()
        .find(|(length, _)| *length >= least)
        .unwrap_or_else(|| (days * DAY, format!("{days}d")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warm_up_is_rounded_up_to_what_a_person_sets() {
        for (least, set) in [
            (1, "1ms"),
            (550 * MILLISECOND, "1s"),
            (50 * SECOND, "1m"),
            (9 * MINUTE, "10m"),
            (50 * MINUTE, "1h"),
            (18 * HOUR, "18h"),
            (19 * HOUR, "1d"),
            (30 * HOUR, "2d"),
        ] {
            assert_eq!(setting(least).1, set);
        }
    }

    #[test]
    fn both_kinds_say_what_to_set() {
        let of = |settles| Unsettled { series: "queue.main.depth".into(), settles };
        assert_eq!(
            unsettled_sentence(&of(Some(9 * MINUTE)), HOUR),
            "warning: the warm-up is too short: queue.main.depth settles after about 9 min \
             (MSER-5); set scenario.warmup = \"10m\""
        );
        let long = unsettled_sentence(&of(Some(25 * MINUTE)), 50 * MINUTE);
        assert!(long.ends_with("\"30m\" and a longer scenario.duration"), "{long}");
        let never = unsettled_sentence(&of(None), HOUR);
        assert!(never.contains("no steady state: queue.main.depth"), "{never}");
    }
}
