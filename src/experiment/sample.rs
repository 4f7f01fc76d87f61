//! A chain and its results built by hand, for the tests of the rooms that report.

use super::{Certainty, Run, estimate};
use crate::chain::spec::*;
use crate::chain::*;
use crate::kernel::SECOND;
use crate::random::Variate;
use crate::stats::Latency;

fn policy<On>(on: On, tries: Tries) -> Policy<On> {
    Policy { on, tries, rules: Vec::new(), budget: None, breaker: None }
}

/// Two providers and a carrier with a filter; nothing else limited or random.
pub(crate) fn spec() -> Spec {
    let constant = |value| Variate::constant(value).unwrap();
    let tries = Tries {
        max_attempts: Some(1),
        backoff: Backoff::Immediate,
        jitter: Jitter::None,
        give_up: GiveUp::Never,
    };
    let on = AttemptResults {
        throttled: true,
        queue_full: true,
        transient: true,
        permanent: false,
        timeout: true,
    };
    let retry = Retry { policy: policy(on, tries.clone()), failover: None, hedge: None };
    let provider = |name: &str| Provider {
        name: name.into(),
        window: None,
        throttle: None,
        servers: None,
        queue_capacity: None,
        latency: Delay::Constant(0),
        refusal_latency: None,
        submit_timeout: None,
        timeout_accepted: 0.0,
        failures: Failures::default(),
        degraded: None,
        relay: Delay::Constant(0),
        loss: 0.0,
        receipts: Receipts {
            delay: Delay::Constant(0),
            loss: 0.0,
            false_delivered: 0.0,
            meaning: Meaning::Handset,
            unknown_after: None,
        },
    };
    let mut alpha = provider("alpha");
    alpha.window = Some(50);
    alpha.throttle = Some(ProviderThrottle {
        bucket: Bucket { rate: 100.0, burst: 1 },
        scope: Scope::Provider,
        on_excess: ProviderExcess::Pace,
    });
    let route = |id, provider| Route {
        id,
        carriers: vec![0],
        provider,
        queue: 0,
        price: 7_900_000,
        cost: 7_900_000,
        rank: 1,
        weight: 1.0,
    };
    Spec {
        name: "sample".into(),
        summary: "an hour built by hand".into(),
        seed: 7,
        start: 0,
        duration: 3600 * SECOND,
        drain: 7200 * SECOND,
        warmup: 600 * SECOND,
        within: vec![("5s".into(), 5 * SECOND), ("1m".into(), 60 * SECOND)],
        sample_every: 10 * SECOND,
        scale: 1.0,
        traffic: vec![Traffic {
            name: "otp".into(),
            arrivals: Arrivals::Poisson { rate: 10.0 },
            senders: Senders::One("12345".into()),
            brand: None,
            campaign: None,
            carriers: vec![(0, 1.0)],
            recipients: None,
            per_request: 1,
            chars: constant(70.0),
            ucs2: 0.0,
            spam_score: constant(0.0),
            invalid: 0.0,
            opted_out: 0.0,
            priority: 0,
            deadline: Some(60 * SECOND),
            validity: None,
            resend: None,
            retry: None,
        }],
        api: Api {
            latency: Delay::Constant(0),
            rate_limit: None,
            refusal_latency: None,
            retry_after: None,
            errors: 0.0,
            max_segments: None,
        },
        client: Client {
            timeout: None,
            idempotency: false,
            retry: policy(
                CallErrors {
                    timeout: true,
                    rate_limited: true,
                    internal: true,
                    invalid: false,
                    no_route: false,
                    insufficient_balance: false,
                    queue_full: true,
                },
                tries,
            ),
        },
        account: None,
        charge_at_accept: 1.0,
        refund: Refund::Never,
        routes: vec![route(5, 0), route(6, 1)],
        queues: vec![Queue {
            name: "main".into(),
            capacity: None,
            overflow: Overflow::Reject,
            discipline: Discipline::Fifo,
            dispatch: Dispatch::Workers,
            workers: Some(64),
            overhead: Delay::Constant(0),
            ttl: None,
            expire_at_submit: true,
            crash: None,
            retry: None,
        }],
        retry,
        providers: vec![alpha, provider("beta")],
        carriers: vec![Carrier {
            name: "northwind".into(),
            throttle: None,
            daily_cap: None,
            quiet: None,
            unknown_subscriber: 0.0,
            filters: vec![Filter {
                name: "spam".into(),
                rule: Rule::Random,
                probability: 1.0,
                action: FilterAction::Silent,
                receipt: FilterReceipt::Delivered,
                enabled: true,
            }],
            absent: None,
            retry_schedule: Vec::new(),
            latency: Delay::Constant(0),
            loss: 0.0,
        }],
        incidents: Vec::new(),
    }
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
        queues: vec![QueueResults::default()],
        providers: vec![ProviderResults::default(); 2],
        carriers: vec![CarrierResults { filtered: vec![0], ..CarrierResults::default() }],
        ..Results::default()
    };
    results.gauges.columns = vec!["in_flight".into(), "queue.main.depth".into()];
    let certainty = Certainty::default();
    let estimates = estimate(&spec, &results, &[], &certainty);
    Run { results, seeds: vec![7], estimates, certainty }
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
        rejected: [60, 20, 0, 0, 20, 0],
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
    results.queues[0] = QueueResults {
        depth: Level { area: u128::from(3000 * SECOND), max: 17 },
        busy: Level { area: u128::from(6000 * SECOND), max: 64 },
        expired: 0,
        discarded: 0,
    };
    results.providers[0] = ProviderResults {
        submits: 18_000,
        results: [17_500, 0, 0, 450, 0, 50],
        truly_accepted: 17_540,
        lost: 0,
        outstanding: Level { area: u128::from(15_000 * SECOND), max: 50 },
        serving: Level::default(),
        backlog: Level { area: u128::from(3000 * SECOND), max: 9 },
        throttle_taken: 150_000,
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
    results.money.charged = 158_000_000_000;
    results.money.wasted = 9_401_000_000;
    results.series = vec![
        Sample { requests: 100, accepted: 99, gauges: vec![4, 2], ..Sample::default() },
        Sample { requests: 90, accepted: 90, gauges: vec![1, 0], ..Sample::default() },
    ];
    let certainty = Certainty::default();
    let estimates = estimate(&spec, &results, &[], &certainty);
    Run { results, seeds, estimates, certainty }
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
