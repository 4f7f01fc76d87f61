//! The built-in policies as JSON and CSV.

use super::csv_line::csv_file;
use super::{Map, Value};
use crate::scenario::policies::{BuiltIn, Collection};

/// Name and version of the format.
const SCHEMA: &str = "smschain.policies/1";

/// A policy's columns, by name.
const COLUMNS: [&str; 6] = ["name", "about", "formula", "settings", "source", "assumed"];

fn columns(policy: &BuiltIn) -> [&'static str; 6] {
    [policy.name, policy.about, policy.formula, policy.settings, policy.source, policy.assumed]
}

/// These policies, those of retries under `policies`, others under the name of their table; `settings` is TOML, the
/// body of that table.
#[must_use]
pub fn policies(shown: &[&'static BuiltIn]) -> Value {
    let listed = |table: &str| {
        let of_table = |policy: &&&'static BuiltIn| {
            Collection::of(policy).is_some_and(|own| own.table == table)
        };
        let policies = shown.iter().filter(of_table).map(|policy| {
            let columns = COLUMNS.into_iter().zip(columns(policy));
            columns.fold(Map::new(), |map, (key, text)| map.with(key, text)).into()
        });
        Value::Array(policies.collect())
    };
    Map::new()
        .with("schema", SCHEMA)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with("policies", listed("retry"))
        .and(["on_receipt", "slow"].map(|table| (table, listed(table))))
        .into()
}

/// The same, a row a policy under a heading, with its table last.
#[must_use]
pub fn policies_csv(shown: &[&'static BuiltIn]) -> String {
    let row = |policy: &&'static BuiltIn| {
        let table = Collection::of(policy).map_or("", |own| own.table);
        [columns(policy).as_slice(), &[table]].concat()
    };
    csv_file([[COLUMNS.as_slice(), &["table"]].concat()].into_iter().chain(shown.iter().map(row)))
}
