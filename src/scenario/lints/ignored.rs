//! Settings of traffic that nothing in the scenario looks at: priorities where no queue goes by them, brands and
//! campaigns that no limit counts.

use super::super::Diagnostic;
use super::super::checked::Record;
use super::warning;
use crate::chain::spec::{Carrier, Discipline, Only, Provider, Scope, Spec, Throttle};

pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    let asked = |asks: fn(&Only) -> bool| {
        spec.routes.iter().filter_map(|route| route.only.as_ref()).any(asks)
    };
    let by_priority = spec.queues.iter().any(|queue| queue.discipline == Discipline::Priority)
        || asked(|only| only.priority_at_least.is_some());
    let by_brand = counts(spec, Scope::Brand) || asked(|only| only.brands.is_some());
    let by_campaign = counts(spec, Scope::Campaign) || asked(|only| only.campaigns.is_some());
    // Entries and the spec's lists are in the same order.
    for (entry, stream) in root.tables("traffic").zip(&spec.traffic) {
        let mut unless = |looked_at: bool, key: &str, label: &str| {
            if !looked_at {
                let message = format!("`{key}` of traffic `{}` changes nothing", stream.name);
                warnings.push(warning(entry.at(key), message, label));
            }
        };
        let priority = by_priority || stream.priority == 0;
        unless(
            priority,
            "priority",
            "no queue has the discipline `priority`, no route asks for one",
        );
        let brand = by_brand || stream.brand.is_none();
        unless(brand, "brand", "no limit has the scope `brand`, no route asks for one");
        let campaign = by_campaign || stream.campaign.is_none();
        unless(campaign, "campaign", "no limit has the scope `campaign`, no route asks for one");
    }
}

/// `true` if a throttle or a daily cap counts by these.
fn counts(spec: &Spec, scope: Scope) -> bool {
    let provider = |one: &Provider| one.throttle.iter().any(|own| own.scope() == scope);
    let carrier = |one: &Carrier| {
        one.throttle.iter().any(|own| own.scope() == scope)
            || one.daily_cap.as_ref().is_some_and(|cap| cap.scope == scope)
    };
    spec.providers.iter().any(provider) || spec.carriers.iter().any(carrier)
}
