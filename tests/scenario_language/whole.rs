//! The example of the language, and the smallest scenario.

use super::{SMALLEST, WHOLE, good};
use smschain::chain::spec::{Arrivals, Backoff, Delay, GiveUp, Jitter, Senders};

#[test]
fn the_example_lowers_to_what_it_says() {
    let spec = good(super::RUNNABLE).spec;
    assert_eq!((spec.name.as_str(), spec.seed), ("baseline", 7));
    assert_eq!(spec.start, 9 * 3_600_000_000_000);
    assert_eq!(spec.within[3], ("60s".to_owned(), 60_000_000_000));
    let otp = &spec.traffic[0];
    assert_eq!(otp.arrivals, Arrivals::Poisson { rate: 50.0 });
    assert_eq!(otp.carriers, [(0, 0.4), (1, 0.6)]);
    assert_eq!(otp.invalid.to_bits(), 0.002_f64.to_bits());
    assert_eq!(spec.retry.policy.tries.max_attempts, Some(5));
    assert_eq!(
        (spec.retry.policy.tries.jitter, spec.retry.policy.tries.give_up),
        (Jitter::Full, GiveUp::Validity)
    );
    assert_eq!(spec.routes[0].price, 7_900_000);
    assert_eq!(spec.carriers[1].name, "northwind");
    assert_eq!(spec.carriers[1].filters.len(), 2);
    assert_eq!(spec.carriers[1].retry_schedule.len(), 8);
}

#[test]
fn the_whole_example_is_read_and_reads_back() {
    let scenario = good(WHOLE);
    assert!(scenario.spec.retry.policy.breaker.is_some());
    assert_eq!(good(&scenario.resolved_toml()).spec, scenario.spec);
}

#[test]
fn the_smallest_scenario_is_transparent() {
    let scenario = good(SMALLEST);
    assert_eq!(scenario.render_warnings(false), "");
    let spec = scenario.spec;
    assert_eq!(spec.name, "shop");
    assert_eq!(spec.sample_every, 10_000_000_000);
    assert_eq!(spec.drain, 72 * 3_600_000_000_000);
    assert_eq!(spec.queues[0].name, "main");
    assert_eq!(spec.traffic[0].senders, Senders::One("otp".to_owned()));
    assert_eq!(
        (spec.retry.policy.tries.max_attempts, spec.retry.policy.tries.backoff),
        (Some(1), Backoff::Immediate)
    );
    assert_eq!(spec.providers[0].latency, Delay::Constant(0));
    assert_eq!(spec.account, None);
}
