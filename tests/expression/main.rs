//! Expressions, from outside: any text is met without a panic.

mod sound;

use proptest::prelude::*;
use sound::sound;

#[test]
fn the_seeds_of_the_fuzzer_are_sound() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds/expression");
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        sound(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
        seeds += 1;
    }
    assert!(seeds > 3, "{seeds}");
}

/// What looks like an expression, and often is one.
fn likely() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "(",
        ")",
        "and",
        "or",
        "not",
        "<",
        "<=",
        ">",
        ">=",
        "==",
        "!=",
        "a",
        "within.30s",
        "queues.main-2.mean_depth",
        "97%",
        "97 %",
        "30s",
        "2h30m",
        "1e3",
        "-5",
        "=",
        "&&",
        "µs",
        "a < 1",
        "b >= 97%",
        "(a < 1 or b > 2)",
    ]);
    let pieces = prop::collection::vec(piece, 0..14);
    (pieces, prop::sample::select(vec!["", " ", "\n"])).prop_map(|(pieces, gap)| pieces.join(gap))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_sound(text in ".{0,60}") {
        sound(&text);
    }

    #[test]
    fn what_looks_like_one_is_sound(text in likely()) {
        sound(&text);
    }
}
