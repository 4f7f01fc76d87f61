//! Requests, the messages in them, and what they add up to.

use super::super::{Facts, Map};
use crate::chain::Rejection;

pub(super) fn requests(facts: &Facts<'_>) -> Map {
    let requests = &facts.results().requests;
    let rejected = Rejection::ALL.map(|why| (why.name(), requests.rejected[why as usize]));
    Map::new()
        .with("total", requests.total)
        .with("accepted", requests.accepted)
        .with("client_timeouts", requests.client_timeouts)
        .with("client_retries", requests.client_retries)
        .with("resends", requests.resends)
        .with("rejected", Map::new().and(rejected))
}

pub(super) fn messages(facts: &Facts<'_>) -> Map {
    let layers = &facts.total.layers;
    Map::new().with("requested", layers.requested).with("accepted", layers.accepted)
}

pub(super) fn segments(facts: &Facts<'_>) -> Map {
    let results = facts.results();
    Map::new().with("sent", results.segments_sent).with("delivered", results.segments_delivered)
}

/// Submits per message that had one.
pub(super) fn attempts(facts: &Facts<'_>) -> Map {
    let had = || (0_u64..).zip(&facts.results().attempts).skip(1).filter(|&(_, &count)| count > 0);
    let (messages, submits) = had()
        .fold((0, 0), |(messages, submits), (n, count)| (messages + count, submits + n * count));
    let mean = (messages > 0).then(|| submits as f64 / messages as f64);
    Map::new()
        .with("mean", mean)
        .with("max", had().last().map(|(n, _)| n))
        .with("histogram", Map::new().and(had().map(|(n, &count)| (n.to_string(), count))))
}

/// What happens within [warm-up, duration), per second of it.
pub(super) fn throughput(facts: &Facts<'_>) -> Map {
    let happened = &facts.results().happened;
    Map::new()
        .with("offered_per_s", facts.per_second(happened.offered))
        .with("accepted_per_s", facts.per_second(happened.accepted))
        .with("delivered_per_s", facts.per_second(happened.delivered))
        .with("on_time_per_s", facts.per_second(happened.on_time))
        .with("peak_segments_per_s", happened.peak_segments)
}

pub(super) fn duplicates(facts: &Facts<'_>) -> Map {
    let results = facts.results();
    Map::new()
        .with("copies", results.duplicate_copies)
        .with("delivered_twice", results.delivered_twice)
}
