//! Keys whose values are varied: lists and ranges, what sort of number they are, what is wrong.

use smschain::scenario::quantity::{Level, Quantity, Varied, scales, varied};
use smschain::scenario::{Errors, Overrides, load};

use crate::{SMALLEST, source};

fn read(flag: &str) -> Result<Varied, Errors> {
    varied(&source(SMALLEST), &Overrides::default(), "--vary", flag)
}

fn texts(varied: &Varied) -> Vec<String> {
    varied.all(5).into_iter().map(|level| level.text).collect()
}

/// What is wrong with a flag: message and column.
fn wrong(flag: &str) -> (String, usize) {
    let error = read(flag).expect_err(flag).located().remove(0);
    assert_eq!(error.file, "command line");
    (error.message, error.column)
}

#[test]
fn a_list_is_read_as_set_reads_its_values() {
    let window = read("provider.p.window=10, 20,40").expect("a list");
    assert_eq!(
        (window.path.as_str(), window.quantity),
        ("provider.p.window", Some(Quantity::Integer))
    );
    assert_eq!(texts(&window), ["10", "20", "40"]);
    let numbers: Vec<Option<f64>> = window.all(0).iter().map(|level| level.number).collect();
    assert_eq!(numbers, [Some(10.0), Some(20.0), Some(40.0)]);
    let policy = read("retry.policy=none,fixed").expect("words");
    assert_eq!((policy.quantity, policy.is_policy()), (None, true));
    assert_eq!(texts(&policy), ["none", "fixed"]);
    let latency = read("provider.p.latency=1s,{ exponential = { mean = \"2s\" } }");
    let latency = latency.expect("a duration and a distribution");
    assert_eq!((latency.quantity, latency.all(0).len()), (None, 2));
}

#[test]
fn a_range_has_both_its_ends_and_its_unit() {
    let spans = read("client.timeout=1s..9s:3").expect("durations");
    assert_eq!(
        (texts(&spans), spans.quantity),
        (vec!["1s".into(), "5s".into(), "9s".into()], Some(Quantity::Duration))
    );
    let rates = read("traffic.otp.arrivals.poisson.rate=1/s..100/s:3:log").expect("rates");
    assert_eq!(texts(&rates), ["1/s", "10/s", "100/s"]);
    let whole = read("provider.p.window=1..3:9").expect("whole numbers");
    assert_eq!(texts(&whole), ["1", "2", "3"]);
    assert_eq!(texts(&read("provider.p.window=1..9").expect("five")), ["1", "3", "5", "7", "9"]);
    assert_eq!(texts(&scales("0.5..2:3:log").expect("scales")), ["0.5", "1", "2"]);
}

#[test]
fn every_value_sets_its_key() {
    for flag in
        ["provider.p.window=3,7", "provider.p.latency=10ms..1s:4:log", "scenario.duration=1s..1h"]
    {
        let varied = read(flag).expect(flag);
        for level in varied.all(5) {
            let vary = vec![varied.varying(&level)];
            let by_vary = load(&source(SMALLEST), &Overrides { vary, ..Overrides::default() });
            let set = vec![format!("{}={}", varied.path, level.text)];
            let by_set = load(&source(SMALLEST), &Overrides { set, ..Overrides::default() });
            let (by_vary, by_set) = (by_vary.expect(flag), by_set.expect(flag));
            assert_eq!(by_vary.fingerprint, by_set.fingerprint, "{flag}");
            let Level { text, number, .. } = level;
            let there = by_set.numbers().into_iter().find(|there| there.path == varied.path);
            assert_eq!(there.map(|there| there.value), number, "{flag}: {text}");
        }
    }
}

#[test]
fn an_error_of_a_value_points_at_its_flag() {
    let varied = read("retry.policy=none,nonesuch").expect("names are looked up later");
    let vary = vec![varied.varying(&varied.all(0)[1])];
    let overrides = Overrides { vary, ..Overrides::default() };
    let error =
        load(&source(SMALLEST), &overrides).expect_err("no such policy").located().remove(0);
    assert_eq!((error.file.as_str(), error.column), ("command line", 26));
    assert_eq!(error.message, "there is no policy `nonesuch`");
}

#[test]
fn mistakes_are_shown_where_they_are() {
    for (flag, message, column) in [
        ("provider.p.window", "`provider.p.window` names no value", 8),
        ("provider.p.windw=1,2", "unknown key `windw`", 19),
        ("provider.q.window=1,2", "there is no provider `q`", 17),
        ("provider.p.window=1,,2", "there is no value", 27),
        ("provider.p.window=1,x", "`x` is a string", 28),
        ("provider.p.window=1,2,1", "`1` is named twice", 30),
        ("provider.p.window=0,2", "`0` is out of range", 26),
        ("provider.p.window=4..2", "the range has no length", 26),
        ("provider.p.window=4..", "half a range", 26),
        ("provider.p.window=1..9:1", "`1` is not a number of values", 31),
        ("provider.p.window=1..9:", "`` is not a number of values", 31),
        ("provider.p.window=1..9:3:lin", "`lin` is not a way to step", 31),
        ("provider.p.latency=0s..9s:3:log", "equal factors never lead away from 0", 27),
        ("provider.p.latency=1..9s", "`1` has no unit", 27),
        ("retry.policy=a..b", "`retry.policy` is not a number", 21),
        ("retry.give_up=never..9s", "`never` is not a number", 22),
        ("retry=none", "`retry` is a string", 14),
        ("provider.p=1,2", "the path ends at a whole entry", 8),
    ] {
        let (said, at) = wrong(flag);
        assert_eq!((said.as_str(), at), (message, column), "{flag}");
    }
    assert!(scales("0,1").is_err() && scales("x").is_err() && scales("").is_err());
}
