//! A sender's policy in the words of a client.

use crate::chain::spec::Failure;
use crate::scenario::checked::{Item, Record, Value};

/// The same policy for a client: the API's errors in place of the provider's, without what only
/// makes sense towards several providers.
pub(super) fn translated(mut policy: Record) -> Record {
    policy.fields.retain(|(key, _)| !matches!(*key, "failover" | "hedge"));
    for (key, item) in &mut policy.fields {
        match (*key, &mut item.value) {
            ("on", Value::List(words)) => translate(words),
            ("rules", Value::List(rules)) => rules.retain_mut(|rule| match &mut rule.value {
                Value::Table(rule) => holds(rule),
                _ => true,
            }),
            _ => {}
        }
    }
    policy
}

/// Translates a rule; one for failures that a client doesn't know is none.
fn holds(rule: &mut Record) -> bool {
    rule.fields.retain(|(key, _)| *key != "pauses_link");
    match rule.fields.iter_mut().find(|(key, _)| *key == "on") {
        Some((_, Item { value: Value::List(words), .. })) => {
            translate(words);
            !words.is_empty()
        }
        _ => true,
    }
}

fn translate(words: &mut Vec<Item>) {
    words.retain_mut(|item| {
        let Value::Word(word) = item.value else {
            return false;
        };
        let error = match Failure::of_name(word) {
            Some(Failure::Throttled) => "rate_limited",
            Some(Failure::QueueFull) => "queue_full",
            Some(Failure::Transient) => "internal",
            Some(Failure::Timeout) => "timeout",
            Some(Failure::Permanent) | None => return false,
        };
        item.value = Value::Word(error);
        true
    });
}
