//! Parts of messages that have none, and rules for the receipts of parts where there is one for the whole.

use super::warning;
use crate::chain::segments;
use crate::chain::spec::{Arrivals, Parts, Spec, Traffic};
use crate::scenario::Diagnostic;
use crate::scenario::checked::Record;

/// A length that no more than one in so many bodies exceeds is taken for the longest.
const RARE: f64 = 1e-9;

pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    // Entries and the spec's lists are in the same order.
    for (index, (entry, provider)) in root.tables("provider").zip(&spec.providers).enumerate() {
        let receipts = entry.table("receipts");
        let ruled = receipts.filter(|receipts| receipts.get("whole").is_some());
        match provider.parts {
            Parts::Whole => {
                if let Some(receipts) = ruled {
                    let message = "`whole` is for nothing".to_owned();
                    let label = "without `parts = \"each\"` a message has one receipt a copy";
                    warnings.push(warning(receipts.at("whole"), message, label));
                }
            }
            Parts::Each if !any_is_long(spec, index) => {
                let message = format!("no message to provider `{}` has parts", provider.name);
                let label = match spec.api.max_segments {
                    Some(1) => "`api.max_segments` is 1: each is one segment",
                    _ => "each is one segment: `chars` of the traffic says how long they are",
                };
                warnings.push(warning(entry.at("parts"), message, label));
            }
            Parts::Each => {
                if let Some(receipts) = ruled.filter(|_| provider.receipts.loss >= 1.0) {
                    let message = "`whole` is for nothing".to_owned();
                    let label = "no receipt ever comes: `loss` is 100 %";
                    warnings.push(warning(receipts.at("whole"), message, label));
                }
            }
        }
    }
}

/// True if a message of several segments may go to that provider.
fn any_is_long(spec: &Spec, provider: usize) -> bool {
    let routes = || spec.routes.iter().filter(|route| route.provider == provider);
    let served = |stream: &Traffic| {
        stream
            .carriers
            .iter()
            .any(|(carrier, _)| routes().any(|route| route.carriers.contains(carrier)))
    };
    spec.api.max_segments != Some(1)
        && spec.traffic.iter().any(|stream| served(stream) && may_be_long(stream))
}

/// True if a stream may have messages of several segments.
fn may_be_long(stream: &Traffic) -> bool {
    let long = |chars: f64, ucs2: bool| segments(chars.round().clamp(0.0, 1e6) as u32, ucs2) > 1;
    let rows = match &stream.arrivals {
        Arrivals::Trace { rows } => rows.as_slice(),
        _ => &[],
    };
    let of_row = |chars: Option<u32>, ucs2: Option<bool>| {
        chars.is_some_and(|chars| long(f64::from(chars), ucs2.unwrap_or(stream.ucs2 > 0.0)))
    };
    let chars = stream.chars.as_constant().unwrap_or_else(|| stream.chars.quantile(1.0 - RARE));
    long(chars, stream.ucs2 > 0.0 || rows.iter().any(|row| row.ucs2 == Some(true)))
        || rows.iter().any(|row| of_row(row.chars, row.ucs2))
}
