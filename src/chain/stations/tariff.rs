//! Prices and costs of segments, which incidents may change.

use crate::chain::spec::{Nanounits, Spec, Target};
use crate::chain::stations::faults;
use crate::chain::stations::faults::piecewise::PiecewiseLinear;
use crate::kernel::Nanos;

/// The courses of what segments cost.
#[derive(Debug)]
pub(crate) struct Tariff {
    /// By route; empty: no price ever changes.
    prices: Vec<Option<PiecewiseLinear>>,
    /// By route, its own and its provider's; empty: no cost ever changes.
    costs: Vec<[Option<PiecewiseLinear>; 2]>,
}

impl Tariff {
    pub(crate) fn new(spec: &Spec) -> Tariff {
        let routes = || 0..spec.routes.len();
        let mut prices: Vec<_> = routes().map(|route| faults::price(spec, route)).collect();
        if prices.iter().all(Option::is_none) {
            prices.clear();
        }
        let cost = |route: usize| {
            let provider = spec.routes[route].provider;
            [Target::Route(route), Target::Provider(provider)].map(|it| faults::cost(spec, it))
        };
        let mut costs: Vec<_> = routes().map(cost).collect();
        if costs.iter().flatten().all(Option::is_none) {
            costs.clear();
        }
        Tariff { prices, costs }
    }

    /// The price by a route of a message accepted at `accepted`, which is `price` without incidents.
    #[inline]
    pub(crate) fn price(&self, price: Nanounits, route: u16, accepted: Nanos) -> Nanounits {
        match self.prices.get(usize::from(route)) {
            None => price,
            Some(factor) => changed(price, factor.iter(), accepted),
        }
    }

    /// The cost by a route of a copy that its provider accepts at `accepted`, which is `cost` without incidents.
    #[inline]
    pub(crate) fn cost(&self, cost: Nanounits, route: u16, accepted: Nanos) -> Nanounits {
        match self.costs.get(usize::from(route)) {
            None => cost,
            Some(factors) => changed(cost, factors.iter().flatten(), accepted),
        }
    }
}

#[inline(never)]
fn changed<'run>(
    amount: Nanounits,
    factors: impl Iterator<Item = &'run PiecewiseLinear>,
    at: Nanos,
) -> Nanounits {
    let factor: f64 = factors.map(|factor| factor.at(at)).product();
    if factor == 1.0 { amount } else { (amount as f64 * factor).round() as Nanounits }
}
