//! The JSON Schema, beside the reader and the reference page. `SMSCHAIN_BLESS=1` writes it anew.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod checker;
mod fields;

use std::fs;
use std::path::{Path, PathBuf};

use checker::Checker;
use serde_json::Value;
use smschain::report::{json_schema, to_json};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

fn checker() -> Checker {
    Checker::new(serde_json::from_str(&to_json(&json_schema())).unwrap())
}

/// A scenario as JSON.
fn json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

/// Every shipped scenario and template.
fn shipped() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = ["scenarios", "templates"]
        .iter()
        .flat_map(|folder| fs::read_dir(Path::new(FOLDER).join(folder)).unwrap().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    assert!(files.len() > 24, "{files:?}");
    files
}

#[test]
fn the_file_is_up_to_date() {
    let path = Path::new(FOLDER).join("docs/scenario.schema.json");
    let text = to_json(&json_schema());
    if std::env::var_os("SMSCHAIN_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == text,
        "docs/scenario.schema.json is out of date: run this test with SMSCHAIN_BLESS=1"
    );
}

#[test]
fn every_shipped_scenario_is_valid_and_names_the_schema() {
    let checker = checker();
    for path in shipped() {
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(checker.complaints(&json(&text)), [""; 0], "{}", path.display());
        let first = text.lines().next().unwrap();
        let named = first.strip_prefix("#:schema ").unwrap_or_else(|| panic!("{first}"));
        assert!(path.with_file_name(named).is_file(), "{}: {named}", path.display());
    }
    for text in [super::WHOLE, super::RUNNABLE, super::SMALLEST] {
        assert_eq!(checker.complaints(&json(text)), [""; 0]);
    }
    for path in shipped() {
        let text = fs::read_to_string(&path).unwrap();
        let base = path.parent().unwrap().to_path_buf();
        let source = super::Source { name: path.display().to_string(), text, base };
        let scenario = super::load(&source, &Default::default()).unwrap();
        let resolved = scenario.resolved_toml();
        assert_eq!(checker.complaints(&json(&resolved)), [""; 0], "{}", path.display());
    }
}

#[test]
fn damaged_ones_are_not() {
    let checker = checker();
    for (from, to) in [
        ("duration = \"1h\"", ""),
        ("duration = \"1h\"", "duration = 1"),
        ("duration = \"1h\"", "duration = \"1 fortnight\""),
        ("duration = \"1h\"", "duration = \"1h\"\ndurations = \"1h\""),
        ("seed = 7", "seed = -1"),
        ("seed = 7", "seed = 0.5"),
        ("seed = 7", "seed = \"7\""),
        ("start = \"09:00\"", "start = \"25:00\""),
        ("rate = \"50/s\"", "rate = \"50/fortnight\""),
        ("rate = \"50/s\"", "rate = 50"),
        ("rate = \"50/s\"", "rates = \"50/s\""),
        ("arrivals.poisson =", "arrivals.poison ="),
        ("arrivals.poisson =", "arrivals.constant = { rate = \"1/s\" }\narrivals.poisson ="),
        ("sender = \"12345\"", "sender = \"12345\"\nsenders = { count = 2 }"),
        ("ucs2 = \"2%\"", "ucs2 = \"300%\""),
        ("ucs2 = \"2%\"", "ucs2 = 2"),
        ("priority = 2", "priority = 4"),
        ("northwind = 0.6", "northwind = 0"),
        ("median = \"40ms\"", "mean = \"40ms\""),
        ("overflow = \"reject\"", "overflow = \"rejects\""),
        ("idempotency = true", "idempotency = \"yes\""),
        ("jitter = \"full\" }", "jitter = \"full\", hedge = { after = \"1s\" } }"),
        ("name = \"alpha\"", "name = \"alpha beta\""),
        ("id = 5", ""),
        ("attempts = 2", "attempts = 0"),
        ("threshold = 0.55", "threshold = 55"),
        ("[\"5s\", \"10s\"", "[5, \"10s\""),
        ("at = \"20m\"", "at = \"-20m\""),
    ] {
        assert!(super::WHOLE.contains(from), "{from}");
        let text = super::WHOLE.replacen(from, to, 1);
        assert_ne!(checker.complaints(&json(&text)), [""; 0], "{from} -> {to}");
        super::bad(&text);
    }
}

#[test]
fn what_the_reader_takes_the_schema_takes() {
    let checker = checker();
    for (key, texts) in [
        (
            "drain",
            &["90s", "1.5ms", "2h30m", "1h 5min", ".5s", "1.s", "7 µs", " 3d ", "0s", "2 h"]
                as &[&str],
        ),
        ("start", &["09:00", "9:00", "23:59:59", "00:00:30.5", "009:00", "9:5"]),
    ] {
        for text in texts {
            let scenario = super::SMALLEST.replacen(
                "[scenario]",
                &format!("[scenario]\n{key} = \"{text}\""),
                1,
            );
            super::good(&scenario);
            assert_eq!(checker.complaints(&json(&scenario)), [""; 0], "{text}");
        }
    }
    for text in ["1/s", "632.5 / s", ".5/min", "1e3/h", "+2/day", "10./s"] {
        let scenario = super::SMALLEST.replacen("1/s", text, 1);
        super::good(&scenario);
        assert_eq!(checker.complaints(&json(&scenario)), [""; 0], "{text}");
    }
    for text in
        ["\"3%\"", "\"100 %\"", "\"0.5\"", "\".5%\"", "\"007%\"", "\"1.0\"", "0.25", "1", "0"]
    {
        let scenario = format!("{}loss = {text}\n", super::SMALLEST);
        super::good(&scenario);
        assert_eq!(checker.complaints(&json(&scenario)), [""; 0], "{text}");
    }
}
