//! Retry policies by name: the built-in ones and a scenario's own, and what `policy = "NAME"` makes
//! of a retry table: a table with all the policy's keys, over which those beside `policy` go.

mod built_in;
mod client;
mod docs;

use std::collections::BTreeMap;

pub use built_in::{BUILT_IN, BuiltIn, ON_RECEIPT, SLOW};
pub use docs::markdown;

use super::checked::{Item, Record, Value};
use super::defaults::{each_reaction, each_retry, each_slow, spreads_itself, table_mut, value_mut};
use super::schema::Table;
use super::schema::on_receipt::on_receipt;
use super::schema::retry::retry;
use super::schema::route::slow;
use super::units::short;
use super::{Diagnostic, DiagnosticKind, Place};

/// The built-in policies of a table of the language.
#[derive(Debug, Clone, Copy)]
pub struct Collection {
    /// The last part of the table's path.
    pub table: &'static str,
    /// The table's heading, and where else it may stand.
    pub heading: &'static str,
    /// What they are for.
    pub title: &'static str,
    /// Its policies, as they are listed.
    pub policies: &'static [BuiltIn],
}

/// All of them, those of retries first.
pub static COLLECTIONS: [Collection; 3] = [
    Collection { table: "retry", heading: "[retry]", title: "Retries", policies: BUILT_IN },
    Collection {
        table: "on_receipt",
        heading: "[on_receipt]",
        title: "Acting on receipts",
        policies: ON_RECEIPT,
    },
    Collection { table: "slow", heading: "[route.slow]", title: "Slow routes", policies: SLOW },
];

impl Collection {
    /// The collection of a policy, known by its address: several may have a policy of the same name.
    #[must_use]
    pub fn of(policy: &BuiltIn) -> Option<&'static Collection> {
        let has = |own: &&Collection| own.policies.iter().any(|one| std::ptr::eq(one, policy));
        COLLECTIONS.iter().find(has)
    }

    /// The first policy of that name, and where it belongs.
    #[must_use]
    pub fn find(name: &str) -> Option<(&'static Collection, &'static BuiltIn)> {
        let mut all =
            COLLECTIONS.iter().flat_map(|own| own.policies.iter().map(move |one| (own, one)));
        all.find(|(_, policy)| policy.name == name)
    }
}

/// Puts the policies that retry tables start from into them. The scenario's own policies stay under
/// `policy`, whole, so that they are checked like any others.
pub(crate) fn expand(root: &mut Record, errors: &mut Vec<Diagnostic>) {
    let mut own = Own::default();
    if let Some(Value::Named(policies)) = value_mut(root, "policy") {
        own.add(std::mem::take(policies), errors);
    }
    each_retry(root, |retry| own.start(retry, errors));
    each_reaction(root, |rule| start_rule(rule, ON_RECEIPT, &on_receipt::TABLE));
    each_slow(root, |rule| start_rule(rule, SLOW, &slow::TABLE));
    if let Some(retry) = table_mut(root, "client").and_then(|client| table_mut(client, "retry"))
        && let Some(base) = own.base(retry, errors)
    {
        merge(retry, client::translated(base));
    }
    if let Some(Value::Named(policies)) = value_mut(root, "policy") {
        *policies = own.tables;
    }
}

/// A scenario's own policies.
#[derive(Default)]
struct Own {
    tables: Vec<(String, Place, Record)>,
    indices: BTreeMap<String, usize>,
}

impl Own {
    /// Takes the policies and puts into each the one it starts from.
    fn add(&mut self, tables: Vec<(String, Place, Record)>, errors: &mut Vec<Diagnostic>) {
        for (index, (name, place, _)) in tables.iter().enumerate() {
            if built_in::find(name).is_some() {
                let message = format!("`{name}` is a built-in policy");
                let error = Diagnostic::new(DiagnosticKind::Duplicate, *place, message)
                    .label("expected a name of its own")
                    .help(format!("it may start from it: policy = \"{name}\""));
                errors.push(error);
            }
            self.indices.insert(name.clone(), index);
        }
        self.tables = tables;
        let mut whole = vec![false; self.tables.len()];
        for start in 0..self.tables.len() {
            let chain = self.chain(start, &whole, errors);
            // From the far end on, so that what each starts from is whole.
            for index in chain.into_iter().rev() {
                whole[index] = true;
                let mut record = self.tables[index].2.clone();
                self.start(&mut record, errors);
                self.tables[index].2 = record;
            }
        }
    }

    /// A policy, the one it starts from, and so on to one that is whole or starts from none.
    fn chain(&mut self, start: usize, whole: &[bool], errors: &mut Vec<Diagnostic>) -> Vec<usize> {
        let mut chain = Vec::new();
        let mut next = Some(start);
        while let Some(index) = next.filter(|index| !whole[*index]) {
            if let Some(at) = chain.iter().position(|known| *known == index) {
                self.cut(&chain[at..], errors);
                break;
            }
            chain.push(index);
            let base = self.tables[index].2.text("policy");
            next = base.and_then(|name| self.indices.get(name).copied());
        }
        chain
    }

    /// Reports policies that start from each other in a circle, and cuts it.
    fn cut(&mut self, circle: &[usize], errors: &mut Vec<Diagnostic>) {
        let (Some(first), Some(last)) = (circle.first(), circle.last()) else {
            return;
        };
        let names: Vec<String> = circle
            .iter()
            .chain([first])
            .map(|index| format!("`{}`", short(&self.tables[*index].0)))
            .collect();
        let record = &mut self.tables[*last].2;
        errors.push(
            Diagnostic::new(
                DiagnosticKind::Conflict,
                record.at("policy"),
                "policies that start from each other",
            )
            .label(format!("a circle: {}", names.join(" from "))),
        );
        unknown(record);
    }

    /// Puts the policy that a sender's table starts from into it.
    fn start(&self, retry: &mut Record, errors: &mut Vec<Diagnostic>) {
        if let Some(base) = self.base(retry, errors) {
            merge(retry, base);
        }
    }

    /// The policy that a table starts from, no longer named in it.
    fn base(&self, table: &mut Record, errors: &mut Vec<Diagnostic>) -> Option<Record> {
        let at = table.fields.iter().position(|(key, _)| *key == "policy")?;
        let (_, Item { place, value }) = table.fields.remove(at);
        let Value::Text(name) = value else {
            unknown(table);
            return None;
        };
        if let Some(index) = self.indices.get(&name) {
            return Some(self.tables[*index].2.clone());
        }
        if let Some(policy) = built_in::find(&name) {
            return Some(policy.record(&retry::TABLE, place));
        }
        let built_in = BUILT_IN.iter().map(|policy| policy.name);
        let known = self.indices.keys().map(String::as_str).chain(built_in);
        let message = format!("there is no policy `{}`", short(&name));
        let error = Diagnostic::new(DiagnosticKind::Dangling, place, message);
        let expected = "expected a built-in policy, or the name of a [policy.NAME]";
        let error = error.meant(&name, known, expected);
        errors.push(error.help("`smschain policies` lists the built-in ones"));
        unknown(table);
        None
    }
}

/// Puts the built-in rule, one of these, that a rule for acting on receipts or for slow routes starts from into
/// it.
fn start_rule(rule: &mut Record, built_in: &'static [BuiltIn], table: &'static Table) {
    let Some(at) = rule.fields.iter().position(|(key, _)| *key == "policy") else {
        return;
    };
    let (_, Item { place, value }) = rule.fields.remove(at);
    // Another word has been reported.
    if let Value::Word(name) = value
        && let Some(base) = built_in.iter().find(|policy| policy.name == name)
    {
        merge(rule, base.record(table, place));
    }
}

/// Marks the keys that an unknown policy would have set, so that none is reported as missing.
fn unknown(retry: &mut Record) {
    retry.fields.retain(|(key, _)| *key != "policy");
    retry.doubtful.extend(["max_attempts", "backoff", "jitter", "on", "give_up", "budget"]);
    retry.doubtful.extend(["breaker", "failover", "hedge", "rules"]);
}

/// Gives a table what it doesn't say itself.
fn merge(retry: &mut Record, base: Record) {
    // A wait that is spread already would make nonsense of an inherited jitter.
    let spread = spreads_itself(retry);
    for (key, item) in base.fields {
        let own = retry.get(key).is_some() || retry.doubtful.contains(&key);
        let senseless = spread && key == "jitter";
        if !own && !senseless {
            retry.fields.push((key, item));
        }
    }
    retry.doubtful.extend(base.doubtful);
}
