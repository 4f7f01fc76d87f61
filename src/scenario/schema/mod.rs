//! The scenario language as one table of fields: what keys there are, what they hold, what they
//! mean. The reader, `--set`, the resolved print-out and the reference page are all driven by it.

mod account;
mod api;
mod backoff;
mod breaker;
mod budget;
mod carrier;
mod field;
mod incident;
mod kind;
mod provider;
mod queue;
mod random;
mod retry;
mod root;
mod route;
mod rule;
mod scenario;
mod traffic;

pub use field::{Choice, Field, Need, Table, Variant, Word};
pub use kind::{Kind, Owner};
pub use root::ROOT;

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(table: &'static Table, seen: &mut Vec<&'static Table>) {
        if seen.iter().any(|known| std::ptr::eq(*known, table)) {
            return;
        }
        seen.push(table);
        for field in table.fields {
            kinds(&field.kind, seen);
        }
    }

    fn kinds(kind: &'static Kind, seen: &mut Vec<&'static Table>) {
        match kind {
            Kind::Table(inner) | Kind::Tables(inner) | Kind::Named(inner) => tables(inner, seen),
            Kind::List(item, _) | Kind::OneOrMore(item, _) => kinds(item, seen),
            Kind::Choice(choice) => {
                for variant in choice.variants {
                    tables(&variant.table, seen);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn every_key_is_unique_in_its_table_and_explained() {
        let mut seen = Vec::new();
        tables(&ROOT, &mut seen);
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
