//! `--set`, `--unset`, `--seed`, `--scale`.

use smschain::chain::spec::{Arrivals, Delay, Senders};
use smschain::scenario::{Overrides, load};

use super::{RUNNABLE, SMALLEST, source, with};

fn set(list: &[&str]) -> smschain::chain::spec::Spec {
    with(RUNNABLE, list, &[]).unwrap_or_else(|errors| panic!("{errors}")).spec
}

#[test]
fn values_go_by_the_kind_of_their_key() {
    assert_eq!(set(&["provider.alpha.window=5"]).providers[0].window, Some(5));
    assert_eq!(set(&["route.5.rank=3"]).routes[0].rank, 3);
    assert_eq!(set(&["traffic.otp.sender=999"]).traffic[0].senders, Senders::One("999".into()));
    assert_eq!(set(&["traffic.otp.sender=\"9\""]).traffic[0].senders, Senders::One("9".into()));
    assert_eq!(set(&["api.errors=1%"]).api.errors.to_bits(), 0.01_f64.to_bits());
    assert_eq!(set(&["retry.max_attempts=unlimited"]).retry.policy.tries.max_attempts, None);
    assert_eq!(set(&["carrier.northwind.filter.spam.enabled=false"]).carriers[1].filters.len(), 2);
    assert_eq!(set(&["traffic.otp.carriers.acme=5"]).traffic[0].carriers[0], (0, 5.0));
    let latency = set(&["provider.alpha.latency=50ms"]).providers[0].latency.clone();
    assert_eq!(latency, Delay::Constant(50_000_000));
    let drawn = set(&["provider.alpha.latency={ exponential = { mean = \"3s\" } }"]);
    assert!(matches!(drawn.providers[0].latency, Delay::Random(_)));
}

#[test]
fn another_kind_replaces_the_old_one() {
    let spec = set(&["traffic.otp.arrivals.constant.rate=5/s"]);
    assert_eq!(spec.traffic[0].arrivals, Arrivals::Constant { rate: 5.0 });
    let spec = set(&["traffic.otp.senders.count=5"]);
    assert!(matches!(spec.traffic[0].senders, Senders::Pool { count: 5, .. }));
}

#[test]
fn tables_that_are_not_there_are_made() {
    let spec = with(SMALLEST, &["api.errors=1%", "queue.main.workers=4", "account.balance=5"], &[])
        .unwrap_or_else(|errors| panic!("{errors}"))
        .spec;
    assert_eq!(spec.queues[0].workers, Some(4));
    assert_eq!(spec.account.map(|account| account.balance), Some(5_000_000_000));
}

#[test]
fn unset_takes_out() {
    let spec = with(RUNNABLE, &[], &["provider.alpha.throttle", "account", "queue.main.crash"])
        .unwrap_or_else(|errors| panic!("{errors}"))
        .spec;
    assert!(spec.providers[0].throttle.is_empty() && spec.account.is_none());
}

#[test]
fn errors_point_at_the_flag() {
    for (flag, parts) in [
        ("provider.alpha.windw=5", ["command line:1:22", "did you mean `window`?"]),
        ("provider.alpah.window=5", ["command line:1:16", "did you mean `alpha`?"]),
        ("provider.alpha.window=x", ["command line:1:29", "a whole number"]),
        ("provider.alpha.window", ["command line:1:7", "expected PATH=VALUE"]),
        ("provider.alpha=5", ["command line:1:7", "expected one of its keys"]),
        ("provider.alpha.latency=50", ["command line:1:30", "did you mean \"50s\"?"]),
        ("retry.policy=nune", ["command line:1:20", "did you mean `none`?"]),
        ("=", ["command line:1:7", "unknown key"]),
        ("api.errors.x=1", ["command line:1:18", "has no keys"]),
        ("api.errors=[", ["command line:1:", "error"]),
    ] {
        let errors = with(RUNNABLE, &[flag], &[]).err().unwrap_or_else(|| panic!("{flag}"));
        for part in parts {
            assert!(errors.to_string().contains(part), "{part} not in\n{errors}");
        }
    }
}

#[test]
fn seed_and_scale_have_bounds() {
    let run =
        |seed, scale| load(&source(SMALLEST), &Overrides { seed, scale, ..Default::default() });
    let scenario = run(Some(5), Some(4.0)).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!((scenario.spec.seed, scenario.spec.scale.to_bits()), (5, 4.0_f64.to_bits()));
    assert!(run(Some(1 << 53), None).is_err());
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        assert!(run(None, Some(scale)).is_err(), "{scale}");
    }
}
