//! Small scenarios, together through every stage, whose report is kept: same scenario, same seed,
//! same bytes. `SMSCHAIN_BLESS=1 cargo test --test golden` writes the reports anew.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and its own arithmetic is no result"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[test]
fn request() {
    check("request", &[]);
}

#[test]
fn queue() {
    check("queue", &[]);
}

#[test]
fn provider() {
    check("provider", &[]);
}

#[test]
fn carrier() {
    check("carrier", &[]);
}

#[test]
fn carrier_replicated() {
    check("carrier.replicated", &["-n", "3", "--threads", "2"]);
}

#[test]
fn incident() {
    check("incident", &[]);
}

#[test]
fn incident_replicated() {
    check("incident.replicated", &["-n", "2", "--threads", "2"]);
}

/// Runs the scenario before the first dot of `name` and compares with `name`.json.
#[track_caller]
fn check(name: &str, arguments: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let scenario = folder.join(name.split('.').next().unwrap()).with_extension("toml");
    let output = Command::new(env!("CARGO_BIN_EXE_smschain"))
        .arg("run")
        .arg(scenario)
        .args(["--format", "json", "--no-files", "--quiet"])
        .args(arguments)
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {}\n{complaints}", output.status);
    let found = String::from_utf8(output.stdout).unwrap();
    let kept = folder.join(format!("{name}.json"));
    if std::env::var_os("SMSCHAIN_BLESS").is_some() {
        fs::write(kept, found).unwrap();
        return;
    }
    let expected = fs::read_to_string(kept).unwrap_or_default();
    if found == expected {
        return;
    }
    let what = match (serde_json::from_str(&expected), serde_json::from_str(&found)) {
        (Ok(expected), Ok(found)) => difference("", &expected, &found)
            .unwrap_or_else(|| "the same values in another form".to_owned()),
        (Err(_), _) => "there is no report to compare with".to_owned(),
        (_, Err(error)) => format!("what came out is no JSON: {error}"),
    };
    panic!(
        "the report of {name} has changed: {what}\nA change of results is a decision for the \
         CHANGELOG. If it is meant, say so there and run\n  SMSCHAIN_BLESS=1 cargo test --test golden"
    );
}

/// The first path at which the two differ, digest last: it differs whenever anything does.
fn difference(path: &str, expected: &Value, found: &Value) -> Option<String> {
    let at = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let mut keys: Vec<&String> = expected.keys().chain(found.keys()).collect();
            keys.sort_by_key(|key| (*key == "digest", *key));
            keys.dedup();
            keys.into_iter().find_map(|key| match (expected.get(key), found.get(key)) {
                (Some(expected), Some(found)) => difference(&at(key), expected, found),
                (Some(_), None) => Some(format!("{} is gone", at(key))),
                _ => Some(format!("{} is new", at(key))),
            })
        }
        _ if expected == found => None,
        _ => Some(format!("{path} was {expected}, is {found}")),
    }
}

#[test]
fn the_first_difference_is_named() {
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let old = value(r#"{"digest": "a", "truth": {"lost": 1, "on_time": [2]}}"#);
    let new = value(r#"{"digest": "b", "truth": {"lost": 1, "on_time": [3]}}"#);
    assert_eq!(difference("", &old, &old), None);
    assert_eq!(difference("", &old, &new), Some("truth.on_time was [2], is [3]".to_owned()));
    let less = value(r#"{"digest": "b", "truth": {"lost": 1}}"#);
    assert_eq!(difference("", &old, &less), Some("truth.on_time is gone".to_owned()));
}
