//! Quiet hours that a run never reaches, or lies in, or that hold messages for longer than they count.

use super::warning;
use crate::chain::spec::{Quiet, Spec};
use crate::kernel::Nanos;
use crate::scenario::Diagnostic;
use crate::scenario::checked::Record;
use crate::scenario::units::duration;

/// Looks at the quiet hours of every carrier.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    // Entries and the spec's lists are in the same order.
    for (index, (entry, carrier)) in root.tables("carrier").zip(&spec.carriers).enumerate() {
        let Some(quiet) = carrier.quiet else {
            continue;
        };
        let place = entry.at("quiet");
        let name = &carrier.name;
        let begin = begins(quiet, spec.start);
        if begin >= spec.duration.saturating_add(spec.drain) {
            let message = format!("the run never reaches the quiet hours of carrier `{name}`");
            let label = "it begins at `scenario.start` and is over before";
            warnings.push(warning(place, message, label));
            continue;
        }
        if begin == 0 && quiet.ends(spec.start, 0).is_some_and(|end| end >= spec.duration) {
            let message = format!("the whole run lies in the quiet hours of carrier `{name}`");
            let label =
                "nothing reaches it before they end: `scenario.start` says when the run begins";
            warnings.push(warning(place, message, label));
        }
        let short = spec.traffic.iter().find_map(|stream| {
            let goes_there = stream.carriers.iter().any(|&(carrier, _)| carrier == index);
            let ends = [("validity", stream.validity), ("deadline", stream.deadline)];
            let (key, span) = ends.into_iter().find_map(|(key, span)| Some((key, span?)))?;
            (goes_there && span < quiet.length()).then_some((key, span, &stream.name))
        });
        if let Some((key, span, stream)) = short
            && begin < spec.duration
        {
            let message = format!(
                "carrier `{name}` holds messages for up to {}, longer than the {key} of traffic \
                 `{stream}`, {}",
                duration::print(quiet.length()),
                duration::print(span)
            );
            let label = match key {
                "validity" => "those that come too long before their end expire",
                _ => "those that come too long before their end are late",
            };
            warnings.push(warning(place, message, label));
        }
    }
}

/// The beginning of quiet hours, from t = 0; 0 if they have begun before.
fn begins(quiet: Quiet, start: Nanos) -> Nanos {
    const DAY: Nanos = 86_400 * 1_000_000_000;
    if quiet.ends(start, 0).is_some() { 0 } else { (quiet.from + DAY - start % DAY) % DAY }
}
