//! The account and what the traffic cost.

use super::super::{Facts, Map};
use crate::chain::in_units;

/// Of the whole run, warm-up included; null without an account, whose balance has no limit.
pub(super) fn account(facts: &Facts<'_>) -> Map {
    let money = &facts.results().money;
    let limited = |amount| facts.spec.account.as_ref().map(|_| in_units(amount));
    Map::new()
        .with("opening", limited(money.opening))
        .with("topped_up", limited(money.topped_up))
        .with("balance", limited(money.balance))
}

pub(super) fn cost(facts: &Facts<'_>) -> Map {
    let (money, layers) = (&facts.results().money, &facts.total.layers);
    let each =
        |count: u64| (count > 0).then(|| in_units(money.charged - money.refunded) / count as f64);
    Map::new()
        .with("charged", in_units(money.charged))
        .with("refunded", in_units(money.refunded))
        .with("wasted", in_units(money.wasted))
        .with("per_delivered", each(layers.delivered))
        .with("per_on_time", each(layers.on_time))
        .with("billed", in_units(money.billed))
        .with("margin", in_units(money.charged - money.refunded - money.billed))
}
