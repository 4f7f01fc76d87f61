//! Factors by time of day that change nothing.

use super::warning;
use crate::chain::spec::{Delay, Failures, Spec};
use crate::kernel::Nanos;
use crate::scenario::Diagnostic;
use crate::scenario::checked::Record;

/// Looks at the factors of every provider and carrier.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    // Entries and the spec's lists are in the same order.
    for (entry, provider) in root.tables("provider").zip(&spec.providers) {
        let name = format!("provider `{}`", provider.name);
        let none = provider.latency == Delay::Constant(0)
            && provider.refusal_latency.as_ref().is_none_or(|own| *own == Delay::Constant(0));
        let points = &provider.latency_by_day;
        judge((entry, "latency_by_day", &name), points, none, "it has no latency", warnings);
        let none = provider.failures == Failures::default();
        let points = &provider.failures_by_day;
        judge((entry, "failures_by_day", &name), points, none, "it has no `failures`", warnings);
    }
    for (entry, carrier) in root.tables("carrier").zip(&spec.carriers) {
        let name = format!("carrier `{}`", carrier.name);
        let none = carrier.latency == Delay::Constant(0);
        let points = &carrier.latency_by_day;
        judge((entry, "latency_by_day", &name), points, none, "it has no latency", warnings);
    }
}

fn judge(
    (entry, key, whose): (&Record, &'static str, &str),
    points: &[(Nanos, f64)],
    none: bool,
    why: &str,
    warnings: &mut Vec<Diagnostic>,
) {
    let why = match points {
        [] => return,
        _ if none => why,
        _ if points.iter().all(|&(_, factor)| factor == 1.0) => "a factor of 1 leaves all as it is",
        _ => return,
    };
    let message = format!("`{key}` of {whose} changes nothing");
    warnings.push(warning(entry.at(key), message, why));
}
