//! Effects that a change of the scenario may have, and results that it must leave alone.

use proptest::prelude::*;
use smschain::chain::Stage;
use smschain::report::{Value, leaves, to_json};

use crate::language::{LAST_RULES, Shape, draft, policy};
use crate::running::{config, outcome, reported, stories};

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn the_order_of_tables_is_nothing(
        draft in draft(Shape::ANY),
        keys in prop::collection::vec(any::<u32>(), 24),
    ) {
        let (scenario, run) = outcome(&draft.text());
        let (other, again) = outcome(&draft.reordered(&keys));
        prop_assert_eq!(run.results.digest, again.results.digest);
        prop_assert_eq!(to_json(&reported(&scenario, &run)), to_json(&reported(&other, &again)));
    }

    #[test]
    fn who_is_never_used_changes_nothing(draft in draft(Shape::ANY)) {
        let mut more = draft.with("[[provider]]\nname = 'a-spare'\nwindow = 3\ndegraded = { mean_up = <1s>, mean_down = <1s>, latency_factor = 9 }\n");
        // A first [[queue]] would take the place of the one there is without any.
        if draft.has_queues {
            more = more.with("[[queue]]\nname = 'a-spare'\nworkers = 2\noverhead = <1s>\ncrash = { mean_time_between = <3s>, restart = <1s> }\n");
        }
        let (scenario, run) = outcome(&draft.text());
        let (other, again) = outcome(&more.text());
        prop_assert_eq!(run.results.digest, again.results.digest);
        prop_assert_eq!(
            without_spares(&reported(&scenario, &run)),
            without_spares(&reported(&other, &again))
        );
    }

    /// Nothing before a carrier hears of its filters, without people who ask again and refunds.
    #[test]
    fn a_last_filter_only_takes(
        draft in draft(Shape { resend: false, refund: false, reacts: false, ..Shape::ANY }),
        rule in prop::sample::select(LAST_RULES),
    ) {
        let (_, open) = stories(&draft.text());
        let (_, filtered) = stories(&draft.filtering(rule).text());
        prop_assert_eq!(open.len(), filtered.len());
        for (id, story) in &filtered {
            let before = open[id];
            prop_assert_eq!((story.accepted, story.handed_off), (before.accepted, before.handed_off));
            if story.truth.delivered() {
                prop_assert!(before.delivered.is_some_and(|at| Some(at) <= story.delivered), "{story:?}, without the filter {before:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(config(32))]

    #[test]
    fn a_slower_world_is_the_same_world(
        draft in draft(Shape { clocks: false, ..Shape::ANY }),
        factor in prop::sample::select(&[2.0, 4.0]),
    ) {
        let (_, run) = outcome(&draft.text());
        let (_, slow) = outcome(&draft.slowed(factor));
        let (total, slowed) = (run.results.total(), slow.results.total());
        prop_assert_eq!(total.layers, slowed.layers);
        prop_assert_eq!(run.results.observed, slow.results.observed);
        for stage in Stage::ALL {
            let [normal, slow] = [&total, &slowed].map(|group| group.latency[stage as usize].mean_s());
            let (normal, slow) = (normal.unwrap_or(0.0) * factor, slow.unwrap_or(0.0));
            let near = (slow - normal).abs() <= 1e-3 * normal + 1e-8;
            prop_assert!(near, "{}: {slow} s, expected {normal} s", stage.name());
        }
    }

    /// Without contention, arrivals and the first attempt's fate are the same under any policy.
    #[test]
    fn a_policy_moves_only_what_comes_after_a_failure(
        draft in draft(Shape {
            calm: true, resend: false, refund: false, reacts: false, ..Shape::ANY
        }),
        policy in policy(),
    ) {
        let (once, alone) = stories(&draft.retrying("").text());
        let (often, retried) = stories(&draft.retrying(&policy).text());
        prop_assert_eq!(once.results.requests, often.results.requests);
        prop_assert!(alone.keys().eq(retried.keys()), "the same messages");
        for (id, story) in &retried {
            let first = alone[id];
            prop_assert_eq!(
                (story.requested, story.accepted), (first.requested, first.accepted)
            );
            if story.attempts <= 1 {
                prop_assert_eq!((story.attempts, story.handed_off), (first.attempts, first.handed_off));
            } else if let Some(handed_off) = first.handed_off {
                // Accepted behind a time-out: a retry can only be earlier.
                prop_assert!(story.handed_off.is_some_and(|at| at <= handed_off), "{story:?}, once {first:?}");
            }
        }
    }
}

/// Every path and value but those of the spare stations, and the fingerprint.
fn without_spares(report: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    leaves(report, &mut |path, value| {
        if !path.contains(".a-spare.") && path != "scenario.fingerprint" {
            found.push((path.to_owned(), value.clone()));
        }
    });
    found
}
