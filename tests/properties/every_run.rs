//! Properties of every run of every scenario.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use smschain::chain::{AttemptResult, Observed, PartEnd, Rejection, Results, Truth};
use smschain::experiment::Run;
use smschain::report::{Value, leaves, to_json};

use crate::draft::Draft;
use crate::language::{Shape, draft};
use crate::running::{config, outcome, read, reported, run};
use crate::stepped;

proptest! {
    #![proptest_config(config(64))]

    /// It loads, ends with its books balanced, and says nothing that can't be.
    #[test]
    fn is_sound(draft in draft(Shape::ANY)) {
        sound(&draft)?;
    }

    /// Nothing but scenario and seed decides it.
    #[test]
    fn is_repeated(draft in draft(Shape::ANY)) {
        let (scenario, first) = outcome(&draft.text());
        prop_assert_eq!(&first, &run(&scenario, 1, 1));
        let resolved = scenario.resolved_toml();
        let (again, second) = outcome(&resolved);
        prop_assert_eq!(&again.spec, &scenario.spec, "{}", resolved);
        prop_assert_eq!(first.results.digest, second.results.digest);
        let (first, second) = (reported(&scenario, &first), reported(&again, &second));
        prop_assert_eq!(to_json(&first), to_json(&second));
    }
}

proptest! {
    #![proptest_config(config(256))]

    /// What is entered ahead of its time is what happens step by step, and messages are listed in
    /// the order in which they end.
    #[test]
    fn is_fast_forwarded_truly(draft in draft(Shape::ANY)) {
        let spec = read(&draft.text()).spec;
        stepped::as_step_by_step(&spec).map_err(TestCaseError::fail)?;
    }
}

proptest! {
    #![proptest_config(config(32))]

    #[test]
    fn does_not_depend_on_threads(draft in draft(Shape::ANY)) {
        let scenario = read(&draft.text());
        let (alone, shared) = (run(&scenario, 2, 1), run(&scenario, 2, 2));
        prop_assert_eq!(&alone, &shared);
        let json = to_json(&reported(&scenario, &alone));
        prop_assert_eq!(json, to_json(&reported(&scenario, &shared)));
        // A replication's own seed repeats it.
        let mut one = scenario.clone();
        one.spec.seed = alone.seeds[1];
        let first = run(&scenario, 1, 1).results.digest;
        let second = run(&one, 1, 1).results.digest;
        prop_assert_eq!(alone.results.digest, first.wrapping_add(second));
    }
}

/// The scenarios are worth running: together they come to every end there is.
#[test]
fn every_end_is_reached() {
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(1), ..Config::default() });
    let (mut seen, mut delivering) = (Results::default(), 0);
    let mut rejected = [0; Rejection::COUNT];
    let mut results = [0; AttemptResult::COUNT];
    let mut matrix = [[0; Observed::COUNT]; Truth::COUNT];
    for _ in 0..256 {
        let draft = draft(Shape::ANY).new_tree(&mut runner).unwrap().current();
        let run = outcome(&draft.text()).1.results;
        delivering += u32::from(run.total().layers.delivered > 0);
        seen.duplicate_copies += run.duplicate_copies;
        seen.delivered_twice += run.delivered_twice;
        seen.requests.client_timeouts += run.requests.client_timeouts;
        seen.requests.client_retries += run.requests.client_retries;
        seen.requests.resends += run.requests.resends;
        seen.money.refunded += run.money.refunded;
        seen.money.topped_up += run.money.topped_up;
        let (sums, acted) = (&mut seen.on_receipt, &run.on_receipt);
        add(&mut sums.seen, &acted.seen);
        sums.called_off += acted.called_off;
        sums.delivered += acted.delivered;
        sums.duplicates += acted.duplicates;
        add(&mut seen.parts.ends, &run.parts.ends);
        seen.parts.repeated += run.parts.repeated;
        seen.parts.out_of_order += run.parts.out_of_order;
        seen.parts.incomplete_seen_delivered += run.parts.incomplete_seen_delivered;
        add(&mut rejected, &run.requests.rejected);
        for provider in &run.providers {
            add(&mut results, &provider.results);
        }
        for (row, more) in matrix.iter_mut().zip(&run.observed) {
            add(row, more);
        }
    }
    assert!(delivering > 160, "{delivering} of 256 deliver anything");
    assert!(!rejected.contains(&0), "{rejected:?}");
    assert!(!results.contains(&0), "{results:?}");
    for (truth, row) in Truth::ALL.iter().zip(&matrix) {
        assert!(row.iter().sum::<u64>() > 0, "{}", truth.name());
    }
    for state in Observed::ALL {
        assert!(matrix.iter().any(|row| row[state as usize] > 0), "{}", state.name());
    }
    let requests = &seen.requests;
    assert!(requests.client_timeouts > 0 && requests.client_retries > 0 && requests.resends > 0);
    assert!(seen.duplicate_copies > 0 && seen.delivered_twice > 0);
    let acted = &seen.on_receipt;
    for state in [
        Observed::Undelivered,
        Observed::Expired,
        Observed::Rejected,
        Observed::Failed,
        Observed::Unknown,
    ] {
        assert!(acted.seen[state as usize] > 0, "{}", state.name());
    }
    assert!(acted.called_off > 0 && acted.delivered > 0 && acted.duplicates > 0, "{acted:?}");
    assert!(seen.money.refunded > 0 && seen.money.topped_up > 0);
    let parts = &seen.parts;
    for end in PartEnd::ALL {
        assert!(parts.ends[end as usize] > 0, "{}", end.name());
    }
    assert!(parts.repeated > 0 && parts.out_of_order > 0, "{parts:?}");
    assert!(parts.incomplete_seen_delivered > 0, "{parts:?}");
}

fn add(sums: &mut [u64], more: &[u64]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

fn sound(draft: &Draft) -> Result<(), TestCaseError> {
    let (scenario, run) = outcome(&draft.text());
    layers(&run)?;
    let report = reported(&scenario, &run);
    let json: serde_json::Value = serde_json::from_str(&to_json(&report)).unwrap();
    prop_assert!(json.is_object());
    let mut wrong = Vec::new();
    leaves(&report, &mut |path, value| {
        let fine = match (value, value.as_f64()) {
            (_, Some(number)) if is_share(path) => (0.0..=1.0 + 1e-12).contains(&number),
            // What the account is in the red by is below 0, and so is what a bill takes more than was charged.
            (_, Some(number)) => {
                number >= 0.0 || path.starts_with("account.") || path == "cost.margin"
            }
            (Value::Null, _) => may_be_null(path, &json),
            _ => true,
        };
        if !fine {
            wrong.push(format!("{path} = {value:?}"));
        }
    });
    prop_assert!(wrong.is_empty(), "{wrong:?}");
    quantiles(&json["latency"])
}

fn layers(run: &Run) -> Result<(), TestCaseError> {
    let results = &run.results;
    let layers = results.total().layers;
    prop_assert!(layers.on_time <= layers.delivered, "{layers:?}");
    prop_assert!(layers.delivered <= layers.executed, "{layers:?}");
    prop_assert!(layers.executed <= layers.accepted, "{layers:?}");
    prop_assert!(layers.accepted >= results.requests.accepted, "{layers:?}");
    // Everybody once, whatever repeated calls made of a request.
    let again = layers.again;
    let once = [
        layers.on_time - again.on_time,
        layers.delivered - again.delivered,
        layers.executed - again.executed,
        layers.accepted - again.accepted,
        layers.requested,
    ];
    prop_assert!(once.is_sorted(), "{layers:?}");
    let total = results.total();
    let fewer = total.within_again.iter().zip(&total.within).all(|(again, all)| again <= all);
    prop_assert!(fewer, "{:?} of {:?}", total.within_again, total.within);
    let truly: u64 = results.providers.iter().map(|provider| provider.truly_accepted).sum();
    prop_assert!(truly >= layers.executed, "{truly} copies, {layers:?}");
    let parts = &results.parts;
    let ended = |end: PartEnd| parts.ends[end as usize];
    prop_assert!(parts.accepted <= parts.submitted, "{parts:?}");
    prop_assert!(parts.complete + parts.incomplete <= parts.messages, "{parts:?}");
    prop_assert!(parts.out_of_order <= parts.complete, "{parts:?}");
    prop_assert!(parts.incomplete_seen_delivered <= parts.incomplete, "{parts:?}");
    prop_assert!(parts.total() >= 2 * parts.messages, "{parts:?}");
    prop_assert!(parts.complete <= layers.delivered, "{parts:?}, {layers:?}");
    let reached = ended(PartEnd::Delivered) + parts.repeated;
    let arrived: u64 = results.carriers.iter().map(|carrier| carrier.delivered).sum();
    prop_assert!(reached <= parts.accepted && reached <= arrived, "{parts:?}");
    let once = parts.total() - ended(PartEnd::NotAccepted) - ended(PartEnd::Unresolved);
    prop_assert!(once <= parts.accepted && parts.accepted <= truly, "{parts:?}");
    let happened = &results.happened;
    prop_assert!(happened.on_time <= happened.delivered, "{happened:?}");
    let matrix: u64 = results.observed.iter().flatten().sum();
    prop_assert_eq!(matrix, layers.accepted, "the confusion matrix is complete");
    let streams: u64 = results.traffic.iter().map(|stream| stream.layers.accepted).sum();
    prop_assert_eq!(streams, layers.accepted, "every message belongs to a stream");
    Ok(())
}

fn is_share(path: &str) -> bool {
    let estimate = path.strip_prefix("estimates.");
    if let Some(path) = estimate {
        return path.ends_with(".mean") && !path.starts_with("latency.");
    }
    let utilised = path.ends_with("utilisation") && !path.ends_with("throttle_utilisation");
    let on_time = path.ends_with(".on_time_during");
    utilised
        || on_time
        || path.contains("divergence.")
        || path.contains("within.")
        || path.contains("of_requested.")
        || path == "parts.out_of_order"
}

/// A share is null only if there is nothing it could be a share of.
fn may_be_null(path: &str, report: &serde_json::Value) -> bool {
    let none = |pointer: &str| report.pointer(pointer).unwrap().as_u64() == Some(0);
    match path {
        "divergence.api_vs_execution"
        | "divergence.api_vs_outcome"
        | "divergence.api_vs_on_time" => none("/messages/accepted"),
        "divergence.observed_vs_outcome" => none("/layers/observed_delivered"),
        "divergence.outcome_vs_observed" => none("/layers/outcome_success"),
        "cost.per_delivered" => none("/layers/outcome_success"),
        "cost.per_on_time" => none("/layers/outcome_on_time"),
        "attempts.mean" | "attempts.max" => {
            none("/messages/accepted")
                || report["attempts"]["histogram"]
                    .as_object()
                    .is_none_or(|counts| counts.values().all(|count| count.as_u64() == Some(0)))
        }
        _ if path.starts_with("within.") => none("/messages/accepted"),
        _ if path.starts_with("of_requested.") => none("/messages/requested"),
        _ if path.starts_with("latency.") => {
            let stage = path.split('.').nth(1).unwrap();
            report["latency"][stage]["count"].as_u64() < Some(2)
        }
        _ if path.starts_with("throughput.") => false,
        _ => true,
    }
}

fn quantiles(latency: &serde_json::Value) -> Result<(), TestCaseError> {
    for (stage, entry) in latency.as_object().unwrap() {
        if entry["count"].as_u64() == Some(0) {
            continue;
        }
        let of = |key: &str| entry[key].as_f64().unwrap();
        let keys = ["p50_s", "p90_s", "p95_s", "p99_s", "p999_s", "max_s"];
        let ascending = keys.map(of);
        prop_assert!(ascending.is_sorted(), "{stage}: {ascending:?}");
        prop_assert!(of("mean_s") <= of("max_s") * (1.0 + 1e-12), "{stage}: mean above maximum");
    }
    Ok(())
}
