//! The last hop: tries, absent handsets, delivery.

use super::words::{Words, carrier, clock, copy, draw, factor, set, took};
use crate::chain::Truth;
use crate::chain::spec::Spec;
use crate::chain::trace::story::{HandsetStep, Told};
use crate::kernel::Nanos;

/// Failed tries that are told one by one.
const TRIES: usize = 12;

/// `index`: the carrier.
pub(super) fn words(spec: &Spec, index: usize, told: &Told, step: HandsetStep) -> Option<Words> {
    let at = |what: String| Words::new(carrier(spec, index), what);
    let words = match step {
        HandsetStep::Tries { absent: Some(absence), found, .. } => {
            at("try 1: the handset is off".into())
                .why(draw(absence.draw))
                .why(format!("back at {}", clock(spec, absence.back)))
                .maybe(absence.alert.map(|alert| {
                    let wakes = if alert.happened() { "will" } else { "won't" };
                    format!("the network {wakes} say so: {}", draw(alert))
                }))
                .when(found.is_none(), || "no try will find it in time".to_owned())
        }
        HandsetStep::Tries { found: None, .. } => {
            at("can make no try".into()).why("its validity is over before")
        }
        // What follows says it.
        HandsetStep::Tries { .. } => return None,
        HandsetStep::OnItsWay { copy: which, latency, factor: times, lost, .. } => {
            let words = at(format!("sends it to the handset{}", copy(which)));
            match lost.filter(|lost| lost.happened()) {
                Some(lost) => words.why(format!("a segment will be lost: {}", draw(lost))),
                None => words.why(format!("it takes {}", took(latency))).maybe(factor(times)),
            }
        }
        HandsetStep::Delivered { copy: which, first, in_parts } => {
            let what = if first { "has the message" } else { "has it once more" };
            let which = if in_parts { String::new() } else { copy(which) };
            let words = Words::new("handset", format!("{what}{which}"));
            words.when(first && spec.has_deadline(), || on_time(told.truth))
        }
        HandsetStep::PartArrives { again, have, of, .. } => {
            let what = if again { "has it once more" } else { "has it" };
            Words::new("handset", what).when(have < of, || {
                format!("{have} of {of} parts: it shows nothing before it has all")
            })
        }
        HandsetStep::Incomplete { have, of } => {
            Words::new("handset", format!("never shows the message: it has {have} of {of} parts"))
        }
        HandsetStep::Lost { copy: which } => {
            at(format!("has lost it{}", copy(which))).why("nobody is told")
        }
        HandsetStep::Expires { copy: which } => {
            at(format!("gives it up{}", copy(which))).why("its validity is over")
        }
    };
    Some(words)
}

fn on_time(truth: Truth) -> String {
    if truth == Truth::DeliveredOnTime { "within its deadline" } else { "after its deadline" }
        .to_owned()
}

/// The tries after the first that find the handset still off: when, and what is said.
pub(super) fn tries(spec: &Spec, index: usize, first: Nanos, until: Nanos) -> Vec<(Nanos, Words)> {
    let Some(settings) = spec.carriers.get(index) else {
        return Vec::new();
    };
    let (mut tries, mut time) = (Vec::new(), first);
    let schedule = &settings.retry_schedule;
    let waits = schedule.iter().chain(schedule.last().into_iter().cycle());
    for (number, &wait) in (2..).zip(waits) {
        time = time.saturating_add(wait);
        if time >= until {
            break;
        }
        let at = |what: String| Words::new(carrier(spec, index), what);
        if tries.len() == TRIES {
            tries.push((time, at(format!("try {number}: still off, as at those that follow"))));
            break;
        }
        let next = schedule.get(number - 1).or(schedule.last()).copied().unwrap_or(0);
        let words = at(format!("try {number}: still off"));
        tries.push((
            time,
            words.why(format!("{} after the last; the next in {}", set(wait), set(next))),
        ));
    }
    tries
}
