//! The scenario language from outside: what is read, what is refused and how that looks.

#![allow(clippy::panic, reason = "a test fails by panicking")]

mod damage;
mod data;
mod errors;
mod limits;
mod on_receipt;
mod overrides;
mod policies;
mod quantities;
mod reference;
mod resolved;
mod routes;
mod schema;
mod sound;
mod warnings;
mod whole;

use smschain::scenario::{Errors, Overrides, Scenario, Source, load};

/// The example of the language with everything this version simulates.
const RUNNABLE: &str = include_str!("runnable.toml");
/// The example whole.
const WHOLE: &str = include_str!("whole.toml");
/// The smallest scenario.
const SMALLEST: &str = r#"
[scenario]
duration = "1h"
[[traffic]]
name = "otp"
arrivals.poisson = { rate = "1/s" }
[[route]]
id = 1
provider = "p"
[[provider]]
name = "p"
[[carrier]]
name = "c"
"#;

fn source(text: &str) -> Source {
    Source {
        name: "dir/shop.toml".to_owned(),
        text: text.to_owned(),
        base: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenario_language").into(),
    }
}

fn read(text: &str) -> Result<Scenario, Errors> {
    load(&source(text), &Overrides::default())
}

fn with(text: &str, set: &[&str], unset: &[&str]) -> Result<Scenario, Errors> {
    let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
    load(&source(text), &Overrides { set: owned(set), unset: owned(unset), ..Default::default() })
}

fn good(text: &str) -> Scenario {
    read(text).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The rendered errors of a scenario that must have some.
fn bad(text: &str) -> String {
    match read(text) {
        Ok(_) => panic!("no error in:\n{text}"),
        Err(errors) => errors.to_string(),
    }
}

/// The example with one text in it replaced.
fn swap(from: &str, to: &str) -> String {
    assert!(RUNNABLE.contains(from), "{from}");
    RUNNABLE.replacen(from, to, 1)
}
