//! Retry settings that are legal but do nothing.

use super::{Diagnostic, warning};
use crate::chain::spec::{Policy, Retry, Spec};
use crate::scenario::checked::{Item, Record, Value};

/// Looks at every retry table in use.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    let all: Vec<usize> = (0..spec.carriers.len()).collect();
    if let Some(record) = root.table("retry") {
        sender(record, &spec.retry, spec, &all, warnings);
    }
    // Entries and the spec's lists are in the same order.
    for (entry, stream) in root.tables("traffic").zip(&spec.traffic) {
        if let (Some(record), Some(retry)) = (entry.table("retry"), &stream.retry) {
            let carriers: Vec<usize> =
                stream.carriers.iter().map(|(carrier, _)| *carrier).collect();
            sender(record, retry, spec, &carriers, warnings);
        }
    }
    for (index, (entry, queue)) in root.tables("queue").zip(&spec.queues).enumerate() {
        if let (Some(record), Some(retry)) = (entry.table("retry"), &queue.retry) {
            let routes = spec.routes.iter().filter(|route| route.queue == index);
            let mut carriers: Vec<usize> =
                routes.flat_map(|route| route.carriers.iter().copied()).collect();
            carriers.sort_unstable();
            carriers.dedup();
            sender(record, retry, spec, &carriers, warnings);
        }
    }
    if let Some(record) = root.table("client").and_then(|client| client.table("retry")) {
        policy(record, &spec.client.retry, warnings);
    }
}

fn sender(
    record: &Record,
    retry: &Retry,
    spec: &Spec,
    carriers: &[usize],
    warnings: &mut Vec<Diagnostic>,
) {
    policy(record, &retry.policy, warnings);
    let most = most(&retry.policy);
    if let (Some(attempts), Some(most)) = (retry.failover, most)
        && attempts >= most
    {
        let message = "`failover` comes too late".to_owned();
        let label = format!("there are at most {most} attempts in all");
        warnings.push(warning(record.at("failover"), message, &label));
    }
    if let Some(after) = retry.hedge
        && spec.providers.iter().all(|p| p.submit_timeout.is_some_and(|timeout| timeout <= after))
    {
        let message = "`hedge` comes too late".to_owned();
        let label = "every provider's `submit_timeout` is over by then";
        warnings.push(warning(record.at("hedge"), message, label));
    }
    let Some(alone) = carriers.iter().find(|carrier| alone(spec, **carrier)) else {
        return;
    };
    let name = spec.carriers.get(*alone).map_or("", |carrier| carrier.name.as_str());
    let label = format!("only one provider has routes to {name}");
    for (key, set) in [("failover", retry.failover.is_some()), ("hedge", retry.hedge.is_some())] {
        if set {
            let message = format!("`{key}` has nowhere to go");
            warnings.push(warning(record.at(key), message, &label));
        }
    }
}

/// `true` if a carrier has routes, all of them to one provider.
pub(super) fn alone(spec: &Spec, carrier: usize) -> bool {
    let mut providers = spec
        .routes
        .iter()
        .filter(|route| route.carriers.binary_search(&carrier).is_ok())
        .map(|route| route.provider);
    providers.next().is_some_and(|first| providers.all(|provider| provider == first))
}

/// Attempts there may be at most; `None`: no limit.
pub(super) fn most<On>(policy: &Policy<On>) -> Option<u32> {
    let rules = policy.rules.iter().map(|rule| rule.tries.max_attempts);
    rules.chain([policy.tries.max_attempts]).try_fold(0, |most, attempts| Some(attempts?.max(most)))
}

fn policy<On>(record: &Record, policy: &Policy<On>, warnings: &mut Vec<Diagnostic>) {
    if policy.budget.is_some() && most(policy) == Some(1) {
        let message = "`budget` without a retry".to_owned();
        let label = "there is one attempt in all: expected `max_attempts` above 1";
        warnings.push(warning(record.at("budget"), message, label));
    }
    let mut known: Vec<&str> = Vec::new();
    for rule in record.tables("rules") {
        let words = rule.list("on").iter().filter_map(|item| match item {
            Item { value: Value::Word(word), .. } => Some(*word),
            _ => None,
        });
        let before = known.len();
        for word in words {
            if !known.contains(&word) {
                known.push(word);
            }
        }
        if known.len() == before {
            let message = "the rule never holds".to_owned();
            warnings.push(warning(rule.at("on"), message, "rules before it name all of these"));
        }
    }
}
