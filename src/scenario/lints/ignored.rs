//! Settings that nothing in the scenario looks at: priorities where no queue goes by them, names that no limit
//! counts by, the time of refusals that nobody waits for.

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
    let by_brand = counted(spec, Scope::Brand) || asked(|only| only.brands.is_some());
    let by_campaign = counted(spec, Scope::Campaign) || asked(|only| only.campaigns.is_some());
    // Entries and the spec's lists are in the same order.
    for (entry, stream) in root.tables("traffic").zip(&spec.traffic) {
        for (key, looked_at, why) in [
            (
                "priority",
                by_priority || stream.priority == 0,
                "no queue goes by priority, and no route",
            ),
            ("brand", by_brand, "no limit is by brand, and no route"),
            ("campaign", by_campaign, "no limit is by campaign, and no route"),
        ] {
            if entry.get(key).is_some() && !looked_at {
                let message = format!("`{key}` of traffic `{}` changes nothing", stream.name);
                warnings.push(warning(entry.at(key), message, why));
            }
        }
    }
    let waits = root.table("client").is_some()
        || spec.api.concurrency.is_some()
        || spec.traffic.iter().any(|stream| stream.resend.is_some());
    if let (Some(api), false) = (root.table("api"), waits)
        && api.get("refusal_latency").is_some()
    {
        let message = "the API's `refusal_latency` changes nothing".to_owned();
        let why = "nobody waits for a refusal: there is neither `[client]` nor `concurrency` nor `resend`";
        warnings.push(warning(api.at("refusal_latency"), message, why));
    }
}

/// `true` if a throttle or a daily cap counts by these.
fn counted(spec: &Spec, scope: Scope) -> bool {
    let provider = |one: &Provider| one.throttle.iter().any(|own| own.scope() == scope);
    let carrier = |one: &Carrier| {
        one.throttle.iter().any(|own| own.scope() == scope)
            || one.daily_cap.as_ref().is_some_and(|cap| cap.scope == scope)
    };
    spec.providers.iter().any(provider) || spec.carriers.iter().any(carrier)
}
