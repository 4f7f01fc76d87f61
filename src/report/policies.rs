//! The built-in retry policies as JSON and CSV.

use super::csv_line::csv_file;
use super::{Map, Value};
use crate::scenario::policies::BuiltIn;

/// Name and version of the format.
const SCHEMA: &str = "smschain.policies/1";

/// A policy's columns, by name.
const COLUMNS: [&str; 6] = ["name", "about", "formula", "settings", "source", "assumed"];

fn columns(policy: &BuiltIn) -> [&'static str; 6] {
    [policy.name, policy.about, policy.formula, policy.settings, policy.source, policy.assumed]
}

/// These policies; `settings` is TOML, the body of a `[retry]`; under `on_receipt` these rules for acting on
/// receipts, whose settings are the body of an `[on_receipt]`.
#[must_use]
pub fn policies(shown: &[BuiltIn], on_receipt: &[BuiltIn]) -> Value {
    let listed = |shown: &[BuiltIn]| {
        let policies = shown.iter().map(|policy| {
            let columns = COLUMNS.into_iter().zip(columns(policy));
            columns.fold(Map::new(), |map, (key, text)| map.with(key, text)).into()
        });
        Value::Array(policies.collect())
    };
    Map::new()
        .with("schema", SCHEMA)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with("policies", listed(shown))
        .with("on_receipt", listed(on_receipt))
        .into()
}

/// The same, a row a policy under a heading.
#[must_use]
pub fn policies_csv(shown: &[BuiltIn]) -> String {
    csv_file([COLUMNS].into_iter().chain(shown.iter().map(columns)))
}
