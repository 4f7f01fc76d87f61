//! Routes: which provider a message goes by to which carrier, and for how much.

use std::collections::BTreeMap;

use super::Composer;
use super::parameter::{Assumption, Parameter, Unit};
use super::text::{Text, counted, digits, name, quoted};
use crate::fit::gather::Cell;

impl Composer<'_> {
    pub(super) fn routes(&mut self, text: &mut Text) {
        let cells: Vec<((u16, u16), Cell)> =
            self.all.cells.iter().map(|(&key, cell)| (key, cell.clone())).collect();
        let mut of_carrier: BTreeMap<u16, u64> = BTreeMap::new();
        for (&(_, carrier), cell) in &self.all.cells {
            *of_carrier.entry(carrier).or_default() += cell.rows();
        }
        for (id, ((provider, carrier), cell)) in (1..).zip(cells) {
            text.table("[[route]]");
            text.key("id", &format!("{id}"), "");
            let carrier_name = name(self.log.carriers.get(carrier));
            text.key("carriers", &format!("[{}]", quoted(&carrier_name)), "");
            text.key("provider", &quoted(&name(self.log.providers.get(provider))), "");
            let all = of_carrier.get(&carrier).copied().unwrap_or(0);
            if cell.rows() < all {
                let path = format!("route.{id}.weight");
                let weight = Parameter::share(path, cell.rows(), all, "counted");
                text.key("weight", &weight.toml(), &weight.comment());
                self.parameters.push(weight);
            }
            if cell.priced > 0 && cell.price > 0.0 {
                let value = cell.price / cell.priced as f64;
                let comment = format!("mean over {}", counted(cell.priced, "segment"));
                text.key("price", &digits(value, 5), &comment);
                self.parameters.push(Parameter {
                    path: format!("route.{id}.price"),
                    value,
                    low: value,
                    high: value,
                    rows: cell.rows(),
                    method: "mean a segment".to_owned(),
                    unit: Unit::Number,
                });
            }
        }
        if of_carrier.len() < self.all.cells.len() {
            self.assumptions.push(Assumption {
                path: "route".to_owned(),
                why: "a carrier is reached by several providers: whether by weight or because one \
                      failed can't be told from rows, and weights are taken"
                    .to_owned(),
                value: "weights".to_owned(),
                other: Vec::new(),
                sensitivity: None,
            });
        }
    }
}
