//! `budget`

use super::{Lowering, Record, Trouble};
use crate::chain::spec::{Budget, Charged, TokenBudget};
use crate::scenario::checked::{Item, Value};

/// One token, in thousandths.
const TOKEN: u64 = 1_000;

impl Lowering<'_, '_> {
    pub(super) fn budget(&mut self, retry: &Record) -> Option<Budget> {
        let Item { value: Value::Chosen(kind, record), .. } = retry.get("budget")? else {
            return None;
        };
        Some(match *kind {
            "bucket" => Budget::Bucket(self.tokens(record)),
            "concurrency" => Budget::Concurrency {
                share: record.number("share"),
                floor: record.small("floor").unwrap_or_default(),
            },
            _ => Budget::Ratio {
                share: record.number("share"),
                floor: record.number("floor"),
                ttl: record.duration("ttl").unwrap_or(1),
            },
        })
    }

    fn tokens(&mut self, record: &Record) -> TokenBudget {
        let amount = |key: &str| record.thousandths(key).unwrap_or_default();
        let cost = record.thousandths("cost").unwrap_or(TOKEN);
        let budget = TokenBudget {
            capacity: amount("capacity"),
            cost,
            timeout_cost: record.thousandths("timeout_cost").unwrap_or(cost),
            throttled_cost: record.thousandths("throttled_cost").unwrap_or(cost),
            refund: amount("refund"),
            returns_cost: record.flag("returns_cost"),
            charged: match record.word("charged") {
                "failure" => Charged::Failure,
                _ => Charged::Retry,
            },
            reserve: amount("reserve"),
        };
        if record.thousandths("capacity").is_none() || !record.doubtful.is_empty() {
            return budget;
        }
        if budget.charged == Charged::Failure && budget.returns_cost {
            self.error(
                Trouble::Conflict,
                record.at("returns_cost"),
                "`returns_cost` with `charged = \"failure\"`",
                "no retry takes anything that a success could give back: take this out",
            );
        }
        if budget.reserve >= budget.capacity {
            let key = if budget.reserve > 0 { "reserve" } else { "capacity" };
            self.error(
                Trouble::Conflict,
                record.at(key),
                "the budget never allows a retry",
                "expected a `reserve` below `capacity`",
            );
        } else if budget.charged == Charged::Retry {
            let most = budget.capacity - budget.reserve;
            let costs = [
                ("cost", budget.cost),
                ("timeout_cost", budget.timeout_cost),
                ("throttled_cost", budget.throttled_cost),
            ];
            if let Some((key, _)) = costs.iter().find(|(_, cost)| *cost > most) {
                self.error(
                    Trouble::Conflict,
                    record.at(key),
                    &format!("`{key}` is more than the bucket ever has"),
                    "expected at most `capacity` less `reserve`",
                );
            }
        }
        budget
    }
}
