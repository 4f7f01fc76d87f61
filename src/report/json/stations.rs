//! Queues, providers and carriers.

use super::super::{Facts, Map};
use crate::chain::AttemptResult;

pub(super) fn queues(facts: &Facts<'_>) -> Map {
    let queues = facts.spec.queues.iter().zip(&facts.results().queues);
    Map::new().and(queues.map(|(queue, counted)| {
        let entry = Map::new()
            .with("mean_depth", facts.mean_level(counted.depth.area))
            .with("max_depth", counted.depth.max)
            .with("mean_busy_workers", facts.mean_level(counted.busy.area))
            .with("utilisation", facts.utilisation(counted.busy.area, queue.workers))
            .with("expired", counted.expired)
            .with("discarded", counted.discarded);
        (queue.name.as_str(), entry)
    }))
}

pub(super) fn providers(facts: &Facts<'_>) -> Map {
    let providers = facts.spec.providers.iter().zip(&facts.results().providers);
    Map::new().and(providers.map(|(provider, counted)| {
        let results = AttemptResult::ALL.map(|kind| (kind.name(), counted.results[kind as usize]));
        let rate = provider.throttle.as_ref().map(|throttle| throttle.bucket.rate);
        let entry = Map::new()
            .with("submits", counted.submits)
            .and(results)
            .with("lost", counted.lost)
            .with(
                "window_utilisation",
                facts.utilisation(counted.outstanding.area, provider.window),
            )
            .with("server_utilisation", facts.utilisation(counted.serving.area, provider.servers))
            .with("throttle_utilisation", facts.throttle_utilisation(counted.throttle_taken, rate))
            .with("mean_backlog", facts.mean_level(counted.backlog.area))
            .with("max_backlog", counted.backlog.max)
            .with("truly_accepted", counted.truly_accepted);
        (provider.name.as_str(), entry)
    }))
}

pub(super) fn carriers(facts: &Facts<'_>) -> Map {
    let carriers = facts.spec.carriers.iter().zip(&facts.results().carriers);
    Map::new().and(carriers.map(|(carrier, counted)| {
        let filters = carrier.filters.iter().zip(&counted.filtered);
        let filtered =
            Map::new().and(filters.map(|(filter, &count)| (filter.name.as_str(), count)));
        let rate = carrier.throttle.as_ref().map(|throttle| throttle.bucket.rate);
        let entry = Map::new()
            .with("arrived", counted.arrived)
            .with("filtered", filtered)
            .with("throttled", counted.throttled)
            .with("capped", counted.capped)
            .with("delivered", counted.delivered)
            .with("expired", counted.expired)
            .with("unknown_subscriber", counted.unknown_subscriber)
            .with("lost", counted.lost)
            .with("throttle_utilisation", facts.throttle_utilisation(counted.throttle_taken, rate))
            .with("max_depth", counted.waiting.max);
        (carrier.name.as_str(), entry)
    }))
}
