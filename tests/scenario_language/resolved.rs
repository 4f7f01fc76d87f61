//! The resolved scenario reads back as the same.

use super::{RUNNABLE, SMALLEST, good, swap};

fn same(text: &str) {
    let first = good(text);
    let resolved = first.resolved_toml();
    let second = good(&resolved);
    assert_eq!(first.spec, second.spec, "{resolved}");
    assert_eq!(first.fingerprint, second.fingerprint);
    assert_eq!(resolved, second.resolved_toml());
}

#[test]
fn resolved_scenarios_read_back() {
    same(RUNNABLE);
    same(SMALLEST);
    for arrivals in [
        "profile = { points = [[\"00:00\", \"1/h\"], [\"26:30:05.5\", \"7/day\"]] }",
        "profile = { points = [[\"1ms\", \"1/h\"], [\"3h\", \"7/day\"]], interpolate = \"step\" }",
        "onoff = { high = \"9/min\", mean_high = \"7.46s\", mean_low = \"1.5ms\" }",
        "campaign = { count = 5, over = \"90s\" }",
        "trace = { file = \"log.csv\" }",
    ] {
        same(&swap("poisson = { rate = \"50/s\" }", arrivals));
    }
    for law in [
        "gamma = { mean = \"3s\", shape = 0.7, shift = \"1ms\" }",
        "mixture = { parts = [{ weight = 1, of = \"3s\" }, \
         { weight = 2, of.uniform = { low = \"1s\", high = \"2s\", max = \"1.9s\" } }] }",
        "hyperexponential = { weights = [1, 2], means = [\"1s\", \"3333us\"] }",
        "empirical = { file = \"waits.csv\", column = \"wait\", unit = \"ms\" }",
        "lognormal = { mean = \"3s\", cv = 0.1 }",
    ] {
        same(&swap("lognormal = { median = \"90ms\", p95 = \"450ms\" }", law));
    }
    same(&swap(
        "[[queue]]",
        "[[incident]]\nname = \"i\"\nat = \"2m\"\nfor = \"90s\"\nramp = \"1s\"\ntarget = \"provider.alpha\"\n\
         outage = false\nlatency_factor = 2\nfailures.transient = 0.5\n\n[[queue]]",
    ));
    for backoff in [
        "fixed.delay.exponential = { mean = \"1s\" }",
        "linear = { step = \"1s\" }",
        "schedule = { waits = [\"1s\", \"10s\"] }",
    ] {
        let exponential = "exponential = { base = \"1s\", factor = 2, cap = \"5m\" }";
        same(&swap(exponential, backoff));
    }
}

#[test]
fn seed_comments_and_order_leave_the_fingerprint_alone() {
    let first = good(RUNNABLE).fingerprint;
    assert_eq!(good(&swap("seed = 7", "seed = 8 # x")).fingerprint, first);
    assert_eq!(good(&swap("\"45s\"", "\"0.75m\"")).fingerprint, first);
    assert_ne!(good(&swap("window = 50 ", "window = 51 ")).fingerprint, first);
    let at = RUNNABLE.find("[[carrier]]\nname = \"acme\"").unwrap_or(0);
    let turned =
        format!("{}{}", &RUNNABLE[at..], RUNNABLE[..at].replacen("[scenario]", "\n[scenario]", 1));
    assert_eq!(good(&turned).spec, good(RUNNABLE).spec);
    assert_eq!(good(&turned).fingerprint, first);
}
