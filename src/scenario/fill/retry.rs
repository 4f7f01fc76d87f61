//! Defaults of retry tables, once the policies they start from are in them.

use super::{table_mut, value_mut};
use crate::scenario::checked::{Item, Record, Value};

/// What a sender tries again, unless said otherwise.
const RESULTS: [&str; 4] = ["throttled", "queue_full", "transient", "timeout"];
/// What a client calls again on, unless said otherwise.
const ERRORS: [&str; 4] = ["timeout", "rate_limited", "internal", "queue_full"];
/// A breaker's `min_calls`, unless its window is smaller.
const MIN_CALLS: u64 = 100;

/// Fills a sender's table.
pub(super) fn sender(retry: &mut Record) {
    policy(retry, &RESULTS);
}

/// Fills a client's.
pub(super) fn client(retry: &mut Record) {
    policy(retry, &ERRORS);
}

fn policy(retry: &mut Record, on: &[&'static str]) {
    let place = retry.place;
    retry.fill("max_attempts", Value::Integer(1));
    retry.fill("backoff", Value::Chosen("immediate", Record::new(place)));
    let on = on.iter().map(|word| Item { place, value: Value::Word(word) });
    retry.fill("on", Value::List(on.collect()));
    retry.fill("give_up", Value::Word("never"));
    if !spreads_itself(retry) {
        retry.fill("jitter", Value::Word("none"));
    }
    budget(retry);
    breaker(retry);
    rules(retry);
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

/// What a rule leaves out is the policy's own.
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
