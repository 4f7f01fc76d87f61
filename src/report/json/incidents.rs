//! What incidents did, and how long it took to get over them.

use super::super::{Facts, Map};
use crate::experiment::share;
use crate::kernel::in_seconds;

pub(super) fn incidents(facts: &Facts<'_>) -> Map {
    let incidents = facts.spec.incidents.iter().zip(&facts.results().incidents);
    Map::new().and(incidents.map(|(incident, counted)| {
        let during = &counted.during;
        let entry = Map::new()
            .with("from_s", in_seconds(incident.at))
            .with("to_s", in_seconds(incident.end()))
            .with("on_time_during", share(during.on_time, during.requested))
            .with("recovery_s", counted.recovery().map(in_seconds));
        (incident.name.as_str(), entry)
    }))
}
