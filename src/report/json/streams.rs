//! The streams.

use super::super::{Facts, Map};
use super::{latency, layers, truth};

pub(super) fn streams(facts: &Facts<'_>) -> Map {
    let streams = facts.spec.traffic.iter().zip(&facts.results().traffic);
    Map::new().and(streams.map(|(stream, counted)| {
        let delivery = Map::new().with("delivery", latency::latency(&counted.delivery));
        let entry = Map::new()
            .with("layers", layers::layers(&counted.layers))
            .with("divergence", layers::divergence(&counted.layers))
            .with("within", layers::within(facts.spec, &counted.layers, &counted.within))
            .with("truth", truth(&counted.truth))
            .with("latency", delivery)
            .with(
                "of_requested",
                layers::of_requested(
                    facts.spec,
                    &counted.layers,
                    &counted.within,
                    &counted.within_again,
                ),
            );
        (stream.name.as_str(), entry)
    }))
}
