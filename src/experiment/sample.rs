//! A small chain, and results built by hand, for the tests of the rooms that report.

use super::{Certainty, Run, estimate};
use crate::chain::spec::Spec;
use crate::chain::*;
use crate::kernel::SECOND;
use crate::scenario::{Overrides, Source, load};
use crate::stats::{Latency, Parameters};

const SCENARIO: &str = r#"
    [scenario]
    name = "sample"
    summary = "an hour built by hand"
    seed = 7
    start = "00:00"
    duration = "1h"
    drain = "2h"
    warmup = "10m"
    within = ["5s", "1m"]
    sample_every = "10s"
    deadline = "60s"
    [[traffic]]
    name = "otp"
    sender = "12345"
    arrivals.poisson = { rate = "10/s" }
    [[queue]]
    name = "main"
    workers = 64
    [[route]]
    id = 5
    provider = "alpha"
    price = 0.0079
    [[route]]
    id = 6
    provider = "beta"
    price = 0.0079
    [[provider]]
    name = "alpha"
    window = 50
    throttle = { rate = "100/s" }
    [[provider]]
    name = "beta"
    [[carrier]]
    name = "northwind"
    [[carrier.filter]]
    name = "spam"
    rule.random = {}
    action = "silent"
    receipt = "delivered"
"#;

/// Two providers and a carrier with a filter; nothing else limited or random.
pub(crate) fn spec() -> Spec {
    let (name, text) = ("sample.toml".into(), SCENARIO.into());
    let source = Source { name, text, base: "".into() };
    load(&source, &Overrides::default()).unwrap().spec
}

/// Nothing happened.
pub(crate) fn nothing() -> Run {
    let spec = spec();
    let mut results = Results {
        replications: 1,
        ended_at: spec.duration,
        batches: vec![Group { within: vec![0; 2], ..Group::default() }; BATCHES],
        places: vec![String::new()],
        ends: vec![[0; Truth::COUNT]],
        traffic: vec![StreamResults { within: vec![0; 2], ..StreamResults::default() }],
        routes: vec![RouteResults::default(); 2],
        queues: vec![QueueResults::default()],
        providers: vec![ProviderResults::default(); 2],
        carriers: vec![CarrierResults { filtered: vec![0], ..CarrierResults::default() }],
        ..Results::default()
    };
    results.gauges.columns = vec!["in_flight".into(), "queue.main.depth".into()];
    let certainty = Certainty::default();
    let estimates = estimate(&spec, &results, &[], Parameters::Same, &certainty);
    Run { results, seeds: vec![7], estimates, certainty, parameters: Parameters::Same }
}

/// A run with a little of everything: 20 spans of 1000 accepted messages.
pub(crate) fn run() -> Run {
    let spec = spec();
    let Run { mut results, seeds, .. } = nothing();
    for (index, batch) in results.batches.iter_mut().enumerate() {
        *batch = group(index as u64);
    }
    let total = results.total();
    results.digest = 0xabc;
    results.ended_at = 5400 * SECOND + SECOND / 2;
    results.events = 400_000;
    results.simulated = 24_000;
    results.requests = Requests {
        total: 20_100,
        accepted: 20_000,
        client_timeouts: 3,
        client_retries: 40,
        resends: 12,
        rejected: [60, 20, 0, 0, 20, 0, 0],
    };
    let mut cell = |truth: Truth, seen: Observed, count: u64, cause: &str| {
        results.observed[truth as usize][seen as usize] += count;
        let place = results.places.iter().position(|name| name == cause).unwrap_or_else(|| {
            results.places.push(cause.to_owned());
            results.ends.push([0; Truth::COUNT]);
            results.places.len() - 1
        });
        results.ends[place][truth as usize] += count;
    };
    cell(Truth::DeliveredOnTime, Observed::Delivered, 17_710, "");
    cell(Truth::DeliveredOnTime, Observed::Sent, 100, "");
    cell(Truth::DeliveredLate, Observed::Delivered, 1_000, "");
    cell(Truth::FilteredSilent, Observed::Delivered, 600, "northwind/spam");
    cell(Truth::RetriesExhausted, Observed::Failed, 200, "alpha");
    cell(Truth::ExpiredAtCarrier, Observed::Expired, 300, "northwind");
    cell(Truth::LostByProvider, Observed::Sent, 90, "beta");
    results.traffic[0] = StreamResults {
        layers: total.layers,
        within: total.within.clone(),
        within_again: total.within_again.clone(),
        truth: results.truth(),
        delivery: total.latency[Stage::Delivery as usize].clone(),
        ..StreamResults::default()
    };
    results.segments_sent = 19_800;
    results.segments_delivered = 18_810;
    results.happened = Happened {
        offered: 20_100,
        accepted: 20_000,
        delivered: 18_700,
        on_time: 17_800,
        peak_segments: 31,
    };
    results.attempts = vec![10, 19_000, 900, 90];
    results.routes[0].copies = 17_540;
    results.routes[1].copies = 2_300;
    results.queues[0] = QueueResults {
        depth: Level { area: u128::from(3000 * SECOND), max: 17 },
        busy: Level { area: u128::from(6000 * SECOND), max: 64 },
        ..QueueResults::default()
    };
    results.providers[0] = ProviderResults {
        submits: 18_000,
        results: [17_500, 0, 0, 450, 0, 50],
        truly_accepted: 17_540,
        lost: 0,
        outstanding: Level { area: u128::from(15_000 * SECOND), max: 50 },
        serving: Level::default(),
        backlog: Level { area: u128::from(3000 * SECOND), max: 9 },
        throttle_taken: vec![150_000],
        throttled_by: Vec::new(),
    };
    results.providers[1].submits = 2_300;
    results.providers[1].results[0] = 2_300;
    results.providers[1].truly_accepted = 2_300;
    results.providers[1].lost = 90;
    results.carriers[0] = CarrierResults {
        arrived: 19_710,
        filtered: vec![600],
        delivered: 18_810,
        expired: 300,
        ..CarrierResults::default()
    };
    results.duplicate_copies = 12;
    results.delivered_twice = 7;
    results.on_receipt = Acted {
        acted: 40,
        seen: [0, 0, 0, 15, 5, 0, 0, 20],
        attempts: 32,
        called_off: 8,
        delivered: 25,
        duplicates: 7,
    };
    results.money.charged = 158_000_000_000;
    results.money.wasted = 9_401_000_000;
    results.series = vec![
        Sample { requests: 100, accepted: 99, gauges: vec![4, 2], ..Sample::default() },
        Sample { requests: 90, accepted: 90, gauges: vec![1, 0], ..Sample::default() },
    ];
    let certainty = Certainty::default();
    let estimates = estimate(&spec, &results, &[], Parameters::Same, &certainty);
    Run { results, seeds, estimates, certainty, parameters: Parameters::Same }
}

fn group(index: u64) -> Group {
    // Some spans are a little better than others, so that intervals have a width.
    let wobble = index % 3;
    let mut group =
        Group { within: vec![700, 190 + wobble], within_again: vec![0; 2], ..Group::default() };
    group.layers = Layers {
        requested: 1_005,
        accepted: 1_000,
        executed: 990,
        delivered: 940 + wobble,
        on_time: 890 + wobble,
        observed_delivered: 965,
        falsely_delivered: 30,
        unseen: 5,
        client_failed: 2,
        client_failed_delivered: 1,
        again: Again::default(),
    };
    let spans = |latency: &mut Latency, unit: u64| {
        for step in 1..=100 + wobble {
            latency.record(step * unit);
        }
    };
    spans(&mut group.latency[Stage::Api as usize], SECOND / 1000);
    spans(&mut group.latency[Stage::HandOff as usize], SECOND / 500);
    spans(&mut group.latency[Stage::Delivery as usize], SECOND);
    group
}
