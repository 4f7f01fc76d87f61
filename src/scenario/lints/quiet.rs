//! Quiet hours that a run never reaches, or lies in, or that hold messages for longer than they count.

use super::warning;
use crate::chain::spec::{Quiet, Spec, Traffic};
use crate::chain::{Calendar, Hours};
use crate::kernel::Nanos;
use crate::scenario::Diagnostic;
use crate::scenario::checked::Record;
use crate::scenario::units::duration;

/// Looks at the quiet hours of every stream, queue and carrier.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    // Entries and the spec's lists are in the same order.
    for (entry, stream) in root.tables("traffic").zip(&spec.traffic) {
        let whose = format!("traffic `{}`", stream.name);
        // A request that is held is made afterwards, and its deadline counts from then.
        look_at((entry, &whose), &stream.quiet, spec, &[], warnings);
    }
    for (index, (entry, queue)) in root.tables("queue").zip(&spec.queues).enumerate() {
        let served = |carrier: usize| {
            let mut routes = spec.routes.iter().filter(|route| route.queue == index);
            routes.any(|route| route.carriers.contains(&carrier))
        };
        let streams = spec
            .traffic
            .iter()
            .filter(|stream| stream.carriers.iter().any(|&(carrier, _)| served(carrier)));
        let streams: Vec<&Traffic> = streams.collect();
        let whose = format!("queue `{}`", queue.name);
        look_at((entry, &whose), &queue.quiet, spec, &streams, warnings);
    }
    for (index, (entry, carrier)) in root.tables("carrier").zip(&spec.carriers).enumerate() {
        let streams = spec
            .traffic
            .iter()
            .filter(|stream| stream.carriers.iter().any(|&(carrier, _)| carrier == index));
        let streams: Vec<&Traffic> = streams.collect();
        let whose = format!("carrier `{}`", carrier.name);
        look_at((entry, &whose), &carrier.quiet, spec, &streams, warnings);
    }
}

fn look_at(
    (entry, whose): (&Record, &str),
    quiet: &[Quiet],
    spec: &Spec,
    streams: &[&Traffic],
    warnings: &mut Vec<Diagnostic>,
) {
    let place = entry.at("quiet");
    // Each by itself: of several each has to be reached.
    for hours in quiet {
        let Some(calendar) = Calendar::new(std::slice::from_ref(hours), spec.since_monday()) else {
            continue;
        };
        let begin = if calendar.at(0).is_some() { 0 } else { calendar.next_turn(0) };
        if begin >= spec.duration.saturating_add(spec.drain) {
            let message = format!("the run never reaches the quiet hours of {whose}");
            let label = "it begins at `scenario.start` and is over before";
            warnings.push(warning(place, message, label));
        }
    }
    let Some(calendar) = Calendar::new(quiet, spec.since_monday()) else {
        return;
    };
    let until = match calendar.at(0) {
        Some(Hours::Held { until } | Hours::Refused { until }) => until,
        None => 0,
    };
    if until >= spec.duration {
        let message = format!("the whole run lies in the quiet hours of {whose}");
        let label = "nothing goes on before they end: `scenario.start` says when the run begins";
        warnings.push(warning(place, message, label));
    }
    let short = streams.iter().find_map(|stream| {
        let ends = [("validity", stream.validity), ("deadline", stream.deadline)];
        let (key, span) = ends.into_iter().find_map(|(key, span)| Some((key, span?)))?;
        Some((key, span, held_longer(&calendar, span, spec.duration)?, &stream.name))
    });
    if let Some((key, span, held, stream)) = short {
        let message = format!(
            "{whose} holds messages for up to {}, longer than the {key} of traffic `{stream}`, {}",
            duration::print(held),
            duration::print(span)
        );
        let label = match key {
            "validity" => "those that come too long before their end expire",
            _ => "those that come too long before their end are late",
        };
        warnings.push(warning(place, message, label));
    }
}

/// The first time for which something is held, before `end`, that is longer than that.
fn held_longer(calendar: &Calendar, span: Nanos, end: Nanos) -> Option<Nanos> {
    const LOOKED_AT: usize = 100;
    let begins = std::iter::successors(Some(0), |&at| Some(calendar.next_turn(at)));
    let mut begins = begins.take_while(|&at| at < end).take(LOOKED_AT);
    begins.find_map(|from| match calendar.at(from) {
        Some(Hours::Held { until }) if until - from > span => Some(until - from),
        _ => None,
    })
}
