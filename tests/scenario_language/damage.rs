//! Whatever is given as a scenario, nothing panics, every error has a place, and what is understood
//! resolves to itself: the twin of the fuzz target `scenario`.

use std::path::Path;

use proptest::prelude::*;

use super::sound::sound;

/// The scenarios that are damaged.
const WHOLE_ONES: [&str; 6] = [
    super::WHOLE,
    super::RUNNABLE,
    include_str!("../../scenarios/baseline.toml"),
    include_str!("../../scenarios/silent-filter.toml"),
    include_str!("../../fuzz/seeds/scenario/flags.toml"),
    include_str!("../../fuzz/seeds/scenario/bundle.toml"),
];

/// What damage puts into a text.
const DEBRIS: [&str; 32] = [
    "",
    "-",
    "=",
    "[",
    "]",
    "{",
    "}",
    "\"",
    ".",
    "#",
    "\n",
    "nan",
    "-1",
    "1e999",
    "99999999999999999999",
    "\u{1F4A9}",
    "'''",
    "\u{7}",
    "true",
    "%",
    "/",
    ",",
    "0",
    "10000000000",
    "1e-300",
    "\"unlimited\"",
    "\"10y\"",
    "[[traffic]]\n",
    "name = \"x\"\n",
    "\n--set ",
    "\\u0000",
    "\r",
];

fn survives(text: &str) {
    sound(text, Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenario_language")));
}

#[test]
fn deep_and_strange_texts_survive() {
    survives(&"[".repeat(100_000));
    survives(&format!("x = {}", "{a=".repeat(100_000)));
    survives(&format!("{} = 1", vec!["a"; 100_000].join(".")));
    survives(&format!("[{}]", vec!["a"; 100_000].join(".")));
    survives("\u{feff}[scenario]\r\nname=\"\u{1F4A9}\u{301}\"\r\nx\t=\u{0}");
    survives("traffic = 1\nroute = {}\nprovider = [1, [2]]\ncarrier = [[]]\nscenario = []");
    survives("scenario.duration = 1979-05-27T07:32:00Z");
}

#[test]
fn the_seeds_of_the_fuzzer_are_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/scenario");
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        survives(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
        seeds += 1;
    }
    assert!(seeds > 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 320, failure_persistence: None, ..Default::default() })]

    #[test]
    fn damaged_scenarios_survive(
        whole in prop::sample::select(WHOLE_ONES.to_vec()),
        cuts in prop::collection::vec(
            (any::<prop::sample::Index>(), 0..12_usize, prop::sample::select(DEBRIS.to_vec())), 1..6),
        end in any::<prop::sample::Index>(),
        keeps_end in prop::bool::weighted(0.8),
    ) {
        let mut text = whole.as_bytes().to_vec();
        for (at, length, with) in cuts {
            let at = at.index(text.len() + 1);
            let to = (at + length).min(text.len());
            text.splice(at..to, with.bytes());
        }
        if !keeps_end {
            text.truncate(end.index(text.len() + 1));
        }
        survives(&String::from_utf8_lossy(&text));
    }

    #[test]
    fn other_numbers_survive(
        whole in prop::sample::select(WHOLE_ONES.to_vec()),
        which in any::<prop::sample::Index>(),
        number in prop_oneof![
            any::<u64>().prop_map(|n| n.to_string()),
            any::<f64>().prop_map(|x| x.to_string()),
            any::<f64>().prop_map(|x| format!("{x:e}")),
            (0.0..2.0_f64).prop_map(|x| x.to_string()),
        ],
    ) {
        let numbers: Vec<(usize, &str)> = numbers(whole);
        let (at, old) = numbers[which.index(numbers.len())];
        survives(&format!("{}{number}{}", &whole[..at], &whole[at + old.len()..]));
    }

    #[test]
    fn arbitrary_texts_survive(text in "\\PC{0,200}", lines in prop::collection::vec("[a-z_.\\[\\]]{1,12}( = )?[0-9a-z\"{}.%/]{0,9}", 0..8)) {
        survives(&text);
        survives(&lines.join("\n"));
    }
}

/// Where digits stand in a text, and which.
fn numbers(text: &str) -> Vec<(usize, &str)> {
    let starts = |at: usize| {
        let before = text[..at].chars().next_back();
        text[at..].starts_with(|c: char| c.is_ascii_digit())
            && !before.is_some_and(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    };
    let places = (0..text.len()).filter(|&at| text.is_char_boundary(at) && starts(at));
    let digits = |at: usize| {
        let length = text[at..].find(|c: char| !c.is_ascii_digit() && c != '.');
        &text[at..length.map_or(text.len(), |length| at + length)]
    };
    places.map(|at| (at, digits(at))).collect()
}
