//! `[[route]]`

use super::{Lowering, Record, Trouble};
use crate::chain::spec::Route;
use crate::scenario::checked::Value;
use crate::scenario::schema::Owner;

impl Lowering<'_, '_> {
    pub(super) fn route(&mut self, record: &Record) -> Route {
        let mut carriers: Vec<usize> = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for item in record.list("carriers") {
            let Value::Text(name) = &item.value else {
                continue;
            };
            if seen.contains(&name.as_str()) {
                let message = format!("`{name}` is listed twice");
                self.error(Trouble::Duplicate, item.place, &message, "expected each carrier once");
                continue;
            }
            seen.push(name);
            carriers.push(self.find(Owner::Carrier, name, item.place));
        }
        carriers.sort_unstable();
        Route {
            id: record.integer("id").unwrap_or_default(),
            carriers,
            provider: self.reference(record, "provider", Owner::Provider),
            queue: self.reference(record, "queue", Owner::Queue),
            price: record.money("price").unwrap_or_default(),
            cost: record.money("cost").or(record.money("price")).unwrap_or_default(),
            rank: record.small("rank").unwrap_or(1),
            weight: record.number("weight"),
        }
    }

    fn reference(&mut self, record: &Record, key: &str, owner: Owner) -> usize {
        match record.text(key) {
            Some(name) => self.find(owner, name, record.at(key)),
            None => 0,
        }
    }
}
