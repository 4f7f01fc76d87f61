//! Several throttles, fixed windows, and the API's limits in a scenario.

use super::{SMALLEST, bad, good, with};
use smschain::chain::spec::{Allowance, FixedWindow, Per, Scope};

fn throttled(throttle: &str) -> String {
    SMALLEST.replacen("name = \"p\"", &format!("name = \"p\"\n{throttle}"), 1)
}

#[test]
fn one_throttle_or_a_list_of_buckets_and_windows() {
    let list =
        "throttle = [{ rate = \"5/s\" }, { limit = 75, per = \"1min\", scope = \"campaign\" }]";
    let scenario = good(&throttled(list));
    let throttles = &scenario.spec.providers[0].throttle;
    assert_eq!(throttles.len(), 2);
    assert_eq!(throttles[0].allowance.at_once(), 1);
    let window = FixedWindow { limit: 75, per: Per::Minute };
    assert_eq!(throttles[1].allowance, Allowance::Window(window));
    assert_eq!(throttles[1].scope, Scope::Campaign);
    // It is printed as it was meant, and one in brackets is one.
    let again = good(&scenario.resolved_toml());
    assert_eq!(again.spec, scenario.spec);
    let (alone, listed) = (
        good(&throttled("throttle = { rate = \"5/s\" }")),
        good(&throttled("throttle = [{ rate = \"5/s\" }]")),
    );
    assert_eq!(alone.resolved_toml(), listed.resolved_toml());
    assert_eq!(alone.fingerprint, listed.fingerprint);
}

#[test]
fn a_list_is_reached_by_number() {
    let list = "throttle = [{ rate = \"5/s\" }, { limit = 75, per = \"1min\" }]";
    let load_with = |set: &str| with(&throttled(list), &[set], &[]);
    let changed =
        load_with("provider.p.throttle.1.limit=240").unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(changed.spec.providers[0].throttle[1].allowance.at_once(), 240);
    // A bucket takes the place of the window.
    let bucket =
        load_with("provider.p.throttle.1.rate=2/s").unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(bucket.spec.providers[0].throttle[1].allowance.rate(), 2.0);
    for (set, said) in [
        ("provider.p.throttle.rate=2/s", "`throttle` is a list: which of its entries?"),
        ("provider.p.throttle.2.rate=2/s", "expected a number, 0 to 1"),
    ] {
        let shown = load_with(set).err().map(|errors| errors.to_string()).unwrap_or_default();
        assert!(shown.contains(said), "{shown}");
    }
}

#[test]
fn what_is_neither_bucket_nor_window_is_told() {
    for (throttle, said) in [
        ("throttle = { scope = \"sender\" }", "neither `rate` nor `limit`"),
        ("throttle = { limit = 5 }", "`limit` without `per`"),
        ("throttle = { per = \"1s\" }", "`per` without `limit`"),
        ("throttle = { rate = \"1/s\", limit = 5 }", "both `rate` and `limit`"),
        ("throttle = { limit = 5, per = \"1s\", burst = 3 }", "`burst`"),
        ("throttle = { limit = 5, per = \"5min\" }", "`5min`"),
        ("throttle = { limit = 0, per = \"1s\" }", "expected"),
        ("throttle = []", "`throttle` is empty"),
        ("throttle = [{ rate = \"1/s\", retry_after = \"1s\" }]", "`retry_after` without"),
    ] {
        let shown = bad(&throttled(throttle));
        assert!(shown.contains(said), "{throttle}:\n{shown}");
    }
    let nine = ["{ rate = \"1/s\" }"; 9].join(", ");
    assert!(bad(&throttled(&format!("throttle = [{nine}]"))).contains("expected at most 8"));
    for (api, said) in [
        ("limits = [{ rate = \"1/s\" }]", "scope"),
        ("limits = [{ scope = \"sender\", rate = \"1/s\", block = 5 }]", "`block` without"),
        ("limits = [{ scope = \"prefix\" }]", "neither `rate` nor `limit`"),
        ("concurrency = 0", "concurrency"),
    ] {
        let shown = bad(&format!("{SMALLEST}\n[api]\n{api}\n"));
        assert!(shown.contains(said), "{api}:\n{shown}");
    }
}
