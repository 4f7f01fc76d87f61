//! Randomly damaged scenarios: refused with exit code 2 and a place each, and never a panic. (What
//! must hold of every text, refused or not: `tests/scenario_language/damage.rs`.)

use super::session::{SMALL, Session};

const REFUSED: usize = 400;

/// The scenarios that are damaged.
const WHOLE_ONES: [&str; 4] = [
    SMALL,
    include_str!("../../scenarios/baseline.toml"),
    include_str!("../../scenarios/brownout-failover.toml"),
    include_str!("../../scenarios/marketing-blast.toml"),
];

/// What damage puts into a text.
const DEBRIS: [&str; 20] = [
    "",
    "-",
    "=",
    "[",
    "]",
    "{",
    "}",
    "\"",
    ".",
    "\n",
    "nan",
    "-1",
    "1e999",
    "0",
    "\u{1F4A9}",
    "'''",
    "x",
    "/fortnight",
    "true",
    "\r",
];

/// Numbers that look random and are the same every time (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn damaged(&mut self) -> String {
        let mut text = WHOLE_ONES[self.below(WHOLE_ONES.len())].as_bytes().to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(text.len());
            let to = (at + self.below(8)).min(text.len());
            text.splice(at..to, DEBRIS[self.below(DEBRIS.len())].bytes());
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

#[test]
fn damaged_scenarios_are_refused_with_a_place() {
    let session = Session::new("damaged");
    let (mut random, mut refused, mut made) = (Random(8), 0, 0);
    while refused < REFUSED {
        // So many at once that one program reads them all.
        let names: Vec<String> =
            (made..made + 200).map(|number| format!("{number}.toml")).collect();
        names.iter().for_each(|name| session.file(name, &random.damaged()));
        made += names.len();
        let ended = session.run(&format!("check --format json {}", names.join(" "))).with(2);
        let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
        for file in report["files"].as_array().unwrap() {
            let errors = file["errors"].as_array().unwrap();
            assert_eq!(file["ok"], errors.is_empty(), "{file}");
            refused += usize::from(!errors.is_empty());
            for error in errors {
                let at = ["file", "line", "column"].map(|part| error[part].to_string());
                assert!(error["line"].as_u64() > Some(0), "{file}");
                assert!(error["column"].as_u64() > Some(0), "{file}");
                let place = format!("{}:{}:{}", at[0].trim_matches('"'), at[1], at[2]);
                // Of very many in a file the first hundred are shown.
                let shown = errors.len() <= 100 || ended.err.contains(&place);
                assert!(shown || ended.err.contains(" more\n"), "no {place} on stderr");
                assert!(!error["message"].as_str().unwrap().is_empty(), "{file}");
            }
            // One alone, as a user meets it.
            if !errors.is_empty() && refused % 40 == 0 {
                session.run(&format!("run {} --no-files", file["name"].as_str().unwrap())).with(2);
            }
        }
        assert!(made < 10 * REFUSED, "nearly all damage is harmless");
    }
}
