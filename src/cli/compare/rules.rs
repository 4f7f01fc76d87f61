//! The table of the language that a policy to compare belongs to.

use crate::chain::spec::Spec;
use crate::cli::ending::Ending;
use crate::scenario::Scenario;
use crate::scenario::policies::{COLLECTIONS, Collection};

/// The table whose policy a name is, and that one's own name: `on_receipt.none` says it, of other names the first
/// collection that has it does, after the scenario's own policies.
pub(super) fn of<'name>(own: &Scenario, name: &'name str) -> (&'static str, &'name str) {
    let in_its_table = |collection: &'static Collection| {
        let rest = name.strip_prefix(collection.table)?.strip_prefix('.')?;
        Some((collection.table, rest))
    };
    let [retries, ..] = &COLLECTIONS;
    if let Some(found) = COLLECTIONS.iter().find_map(in_its_table) {
        return found;
    }
    let is_own = own.policies.iter().any(|policy| policy == name);
    let found = Collection::find(name).filter(|_| !is_own);
    (found.map_or(retries.table, |(collection, _)| collection.table), name)
}

/// The paths that such a policy is set at.
pub(super) fn paths(own: &Spec, table: &str, policies: &str) -> Result<Vec<String>, Ending> {
    if table != "slow" {
        return Ok(vec![format!("{table}.policy")]);
    }
    let shared = (0..own.routes.len()).filter(|&route| !own.rivals(route).is_empty());
    let paths: Vec<String> =
        shared.map(|route| format!("route.{}.slow.policy", own.routes[route].id)).collect();
    match paths.is_empty() {
        true => Err(Ending::usage(format!(
            "`--policies {policies}`: no two routes of this scenario share their traffic, so \
             none is taken from a slow one"
        ))),
        false => Ok(paths),
    }
}

/// `true` if two chains differ in no policy.
pub(super) fn same(one: &Spec, other: &Spec) -> bool {
    let reacts = |spec: &Spec| {
        let of_stream = |stream| spec.on_receipt_of(stream).cloned();
        (0..spec.traffic.len()).map(of_stream).collect::<Vec<_>>()
    };
    let watches = |spec: &Spec| {
        let of_route = |route: &crate::chain::spec::Route| route.watched().cloned();
        spec.routes.iter().map(of_route).collect::<Vec<_>>()
    };
    one.retry == other.retry && reacts(one) == reacts(other) && watches(one) == watches(other)
}
