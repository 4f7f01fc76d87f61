//! The scenario language as one table of fields: what keys there are, what they hold, what they
//! mean. The reader, `--set`, the resolved print-out and the reference page are all driven by it.

// First, for its macros.
#[macro_use]
mod key;

pub(crate) mod account;
mod api;
mod arrivals;
mod backoff;
mod breaker;
mod budget;
mod by_day;
pub(crate) mod carrier;
mod field;
pub(crate) mod incident;
mod kind;
mod limit;
pub(crate) mod on_receipt;
mod provider;
pub(crate) mod queue;
mod quiet;
pub(crate) mod random;
pub(crate) mod retry;
pub(crate) mod root;
pub(crate) mod route;
mod rule;
pub(crate) mod scenario;
pub(crate) mod traffic;

use crate::chain::spec::Backoff;
pub use crate::chain::spec::{Word, Words};
pub use field::{Choice, Field, Need, Table, Variant};
pub(crate) use key::Key;
use key::{Of, of};
pub use kind::{Kind, Owner};
pub use root::ROOT;

/// All tables and all choices under a table, each once, in the order in which they are met.
pub fn everything(root: &'static Table) -> (Vec<&'static Table>, Vec<&'static Choice>) {
    let mut seen = (Vec::new(), Vec::new());
    in_table(root, &mut seen);
    seen
}

fn in_table(table: &'static Table, seen: &mut (Vec<&'static Table>, Vec<&'static Choice>)) {
    if seen.0.iter().any(|known| std::ptr::eq(*known, table)) {
        return;
    }
    seen.0.push(table);
    for field in table.fields {
        in_kind(&field.kind, seen);
    }
}

fn in_kind(kind: &'static Kind, seen: &mut (Vec<&'static Table>, Vec<&'static Choice>)) {
    match kind {
        Kind::Table(inner) | Kind::Tables(inner) | Kind::Named(inner) => in_table(inner, seen),
        Kind::List(item, _) | Kind::OneOrMore(item, _) => in_kind(item, seen),
        Kind::Choice(choice) => {
            if seen.1.iter().any(|known| std::ptr::eq(*known, *choice)) {
                return;
            }
            seen.1.push(choice);
            for variant in choice.variants {
                in_table(&variant.table, seen);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_unique_in_its_table_and_explained() {
        let (seen, _) = everything(&ROOT);
        assert!(seen.len() > 40, "{}", seen.len());
        for table in seen {
            for (index, field) in table.fields.iter().enumerate() {
                assert!(!field.about.is_empty(), "{}", field.key);
                assert!(
                    table.fields[..index].iter().all(|other| other.key != field.key),
                    "{}",
                    field.key
                );
                for other in field.excludes {
                    assert!(table.field(other).is_some(), "{other}");
                }
            }
        }
    }
}
