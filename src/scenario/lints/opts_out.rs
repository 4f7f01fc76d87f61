//! Opt-outs that nobody makes, or that have no effect.

use super::warning;
use crate::chain::spec::{Arrivals, Delay, Spec, Traffic};
use crate::scenario::Diagnostic;
use crate::scenario::checked::Record;
use crate::scenario::units::duration;

/// Looks at the opt-outs of every stream.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    // Entries and the spec's lists are in the same order.
    for (entry, stream) in root.tables("traffic").zip(&spec.traffic) {
        let Some(own) = &stream.opts_out else {
            continue;
        };
        let end = spec.duration.saturating_add(spec.drain);
        let why = match own.after {
            _ if own.share == 0.0 => "a share of 0 is nobody".to_owned(),
            _ if !has_people(stream) => {
                "each message has a person of its own: give the traffic `recipients`".to_owned()
            }
            Delay::Constant(after) if after > end => {
                format!("the run is over by then, after {}", duration::print(end))
            }
            _ => continue,
        };
        let message = format!("nobody of traffic `{}` opts out", stream.name);
        warnings.push(warning(entry.at("opts_out"), message, &why));
    }
}

/// `true` if two messages may be to the same person.
fn has_people(stream: &Traffic) -> bool {
    stream.recipients.is_some()
        || matches!(&stream.arrivals, Arrivals::Trace { rows }
            if rows.iter().any(|row| row.recipient.is_some()))
}
