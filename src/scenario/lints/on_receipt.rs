//! Rules for acting on receipts that never act, or whose keys do nothing.

use super::retries::alone;
use super::warning;
use crate::chain::spec::{
    CapExcess, Carrier, CarrierExcess, CarrierThrottle, FilterReceipt, FurtherRoute, Meaning,
    OnQuiet, OnReceipt, Spec, Traffic,
};
use crate::scenario::Diagnostic;
use crate::scenario::checked::Record;
use crate::scenario::units::duration;

/// Looks at the rule of the scenario and at those of its streams.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    if let (Some(record), Some(rule)) = (root.table("on_receipt"), &spec.on_receipt) {
        let streams: Vec<&Traffic> =
            spec.traffic.iter().filter(|stream| stream.on_receipt.is_none()).collect();
        if streams.is_empty() {
            let message = "`[on_receipt]` holds for no traffic".to_owned();
            warnings.push(warning(record.place, message, "each traffic has one of its own"));
        } else {
            look_at(record, rule, spec, &streams, warnings);
        }
    }
    // Entries and the spec's lists are in the same order.
    for (entry, stream) in root.tables("traffic").zip(&spec.traffic) {
        if let (Some(record), Some(rule)) = (entry.table("on_receipt"), &stream.on_receipt) {
            look_at(record, rule, spec, &[stream], warnings);
        }
    }
}

/// Looks at a rule that holds for these streams.
fn look_at(
    record: &Record,
    rule: &OnReceipt,
    spec: &Spec,
    streams: &[&Traffic],
    warnings: &mut Vec<Diagnostic>,
) {
    if rule.retry.max_attempts == Some(0) {
        return;
    }
    let carriers: Vec<usize> = streams
        .iter()
        .flat_map(|stream| stream.carriers.iter().map(|&(carrier, _)| carrier))
        .filter(|&carrier| spec.routes.iter().any(|route| route.carriers.contains(&carrier)))
        .collect();
    let mut warn = |key: &'static str, message: String, label: &str| {
        warnings.push(warning(record.at(key), message, label));
    };
    if !rule.on.failed && !said(rule, spec, &carriers, streams) {
        let label = match rule.on.unknown && rule.after.is_none() {
            true => "no receipt can say any of these, and without `after` silence is no reason",
            false => "no receipt can say any of these",
        };
        warn("on", "nothing sets a further attempt going".to_owned(), label);
    }
    if let Some(after) = rule.after {
        if !rule.on.unknown {
            let label = "silence counts as `unknown`, which `on` doesn't have";
            warn("after", "`after` is for nothing".to_owned(), label);
        }
        let ends = streams.iter().map(|stream| stream.validity);
        let ends = ends.chain([rule.within]).map(|span| span.unwrap_or(u64::MAX));
        if let Some(end) = ends.min().filter(|&end| end <= after) {
            let message = "`after` comes too late".to_owned();
            let label =
                format!("no further attempt is made {} after acceptance", duration::print(end));
            warn("after", message, &label);
        }
    }
    if let Some(within) = rule.within
        && streams.iter().all(|stream| stream.validity.is_some_and(|end| end <= within))
    {
        let label = "the validity ends no later";
        warn("within", "`within` is for nothing".to_owned(), label);
    }
    match rule.route {
        FurtherRoute::Same => {}
        FurtherRoute::Next => {
            if let Some(&alone) = carriers.iter().find(|&&carrier| alone(spec, carrier)) {
                let label = format!("only one provider has routes to {}", name(spec, alone));
                warn("route", "`route` has nowhere to go".to_owned(), &label);
            }
        }
        FurtherRoute::By(route) => {
            let serves = |carrier| spec.routes[route].carriers.contains(carrier);
            if let Some(&other) = carriers.iter().find(|carrier| !serves(carrier)) {
                let message = format!("route {} does not serve everyone", spec.routes[route].id);
                let other = name(spec, other);
                let label = format!("messages to {other} stay on the route they go by");
                warn("route", message, &label);
            }
        }
    }
}

fn name(spec: &Spec, carrier: usize) -> &str {
    spec.carriers.get(carrier).map_or("", |carrier| carrier.name.as_str())
}

/// True if the sender may see any of the rule's states, but `failed`.
fn said(rule: &OnReceipt, spec: &Spec, carriers: &[usize], streams: &[&Traffic]) -> bool {
    let on = rule.on;
    if on.unknown && rule.after.is_some() {
        return true;
    }
    let receipts = || spec.providers.iter().map(|provider| &provider.receipts);
    if receipts().all(|receipts| receipts.loss >= 1.0) {
        return false;
    }
    let ends = streams.iter().any(|stream| stream.validity.is_some());
    let of_handset = receipts().any(|receipts| receipts.meaning == Meaning::Handset);
    if on.expired && ends && of_handset {
        return true;
    }
    let carriers = || carriers.iter().filter_map(|&carrier| spec.carriers.get(carrier));
    on.undelivered && carriers().any(may_be_undelivered)
        || on.rejected && carriers().any(may_reject)
}

fn filters_say(carrier: &Carrier, what: FilterReceipt) -> bool {
    carrier.filters.iter().any(|filter| filter.receipt == what)
}

fn may_be_undelivered(carrier: &Carrier) -> bool {
    carrier.unknown_subscriber > 0.0
        || carrier.daily_cap.as_ref().is_some_and(|cap| cap.on_excess == CapExcess::Fail)
        || filters_say(carrier, FilterReceipt::Undelivered)
}

fn may_reject(carrier: &Carrier) -> bool {
    let rejects = |own: &CarrierThrottle| {
        matches!(own.on_excess, CarrierExcess::Reject | CarrierExcess::Queue { capacity: Some(_) })
    };
    filters_say(carrier, FilterReceipt::Rejected)
        || carrier.quiet.iter().any(|hours| hours.on_quiet == OnQuiet::Refuse)
        || carrier.throttle.iter().any(rejects)
}
