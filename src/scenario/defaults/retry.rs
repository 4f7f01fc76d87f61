//! Defaults of retry tables, once the policies they start from are in them.

use super::{table_mut, value_mut};
use crate::scenario::checked::{Item, Record, Value};
use crate::scenario::schema::Table;
use crate::scenario::schema::on_receipt::on_receipt;
use crate::scenario::schema::retry::{client_retry, retry};
use crate::scenario::{reader, unquoted};

/// A breaker's `min_calls`, unless its window is smaller.
const MIN_CALLS: u64 = 100;

/// Fills a sender's table.
pub(super) fn sender(retry: &mut Record) {
    policy(retry, &retry::TABLE);
}

/// Fills a client's.
pub(super) fn client(retry: &mut Record) {
    policy(retry, &client_retry::TABLE);
}

/// Fills a rule for acting on receipts.
pub(super) fn reaction(rule: &mut Record) {
    late(rule, &on_receipt::TABLE);
}

fn policy(retry: &mut Record, table: &'static Table) {
    late(retry, table);
    budget(retry);
    breaker(retry);
    rules(retry);
}

/// Fills in defaults that wait until the policy that the table starts from is in it.
pub(super) fn late(retry: &mut Record, table: &'static Table) {
    for (field, text) in table.fields.iter().filter_map(|field| Some((field, field.late()?))) {
        let senseless = field.key == retry::jitter.name() && spreads_itself(retry);
        let node = unquoted::value(&field.kind, text);
        if let (false, Ok(value)) = (senseless, reader::value(&node, &field.kind, field.key)) {
            retry.fill(field.key, value);
        }
    }
}

/// `decorrelated` spreads its waits itself and takes no jitter.
pub(crate) fn spreads_itself(retry: &Record) -> bool {
    matches!(retry.get("backoff"), Some(Item { value: Value::Chosen("decorrelated", _), .. }))
}

fn budget(retry: &mut Record) {
    if let Some(Value::Chosen("bucket", bucket)) = value_mut(retry, "budget")
        && let Some(cost) = bucket.thousandths("cost")
    {
        bucket.fill("timeout_cost", Value::Thousandths(cost));
        bucket.fill("throttled_cost", Value::Thousandths(cost));
    }
}

fn breaker(retry: &mut Record) {
    if let Some(breaker) = table_mut(retry, "breaker") {
        let least = breaker.integer("window").map_or(MIN_CALLS, |calls| calls.min(MIN_CALLS));
        breaker.fill("min_calls", Value::Integer(least));
    }
}

/// Gives a rule the policy's own settings where it has none.
fn rules(retry: &mut Record) {
    let inherited: Vec<(&'static str, Item)> = retry
        .fields
        .iter()
        .filter(|(key, _)| matches!(*key, "max_attempts" | "backoff" | "give_up"))
        .cloned()
        .collect();
    let jitter = match retry.get("jitter") {
        Some(Item { value: Value::Word(word), .. }) => word,
        _ => "none",
    };
    let doubtful = retry.doubtful.clone();
    let Some(Value::List(items)) = value_mut(retry, "rules") else {
        return;
    };
    for item in items {
        let Value::Table(rule) = &mut item.value else {
            continue;
        };
        rule.doubtful.extend(&doubtful);
        for (key, item) in &inherited {
            if rule.get(key).is_none() && !rule.doubtful.contains(key) {
                rule.fields.push((*key, item.clone()));
            }
        }
        if !spreads_itself(rule) {
            rule.fill("jitter", Value::Word(jitter));
        }
    }
}
