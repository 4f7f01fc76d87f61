//! Routes: which provider, price and queue a message gets.

use super::purpose::ROUTE;
use super::spec;
use crate::random::{Chance, Key, Owner, open01};

/// For each carrier its routes of the best rank, with cumulated shares of their weights.
#[derive(Debug)]
pub(super) struct Routing {
    best: Vec<Vec<(u16, f64)>>,
}

impl Routing {
    pub(super) fn new(spec: &spec::Spec) -> Routing {
        let best = (0..spec.carriers.len()).map(|carrier| best_of(&spec.routes, carrier)).collect();
        Routing { best }
    }

    /// A route to `carrier` for the message with this key: best rank first, by weight within it.
    pub(super) fn pick(&self, chance: &Chance, message: Key, carrier: u16) -> Option<u16> {
        let routes = &self.best[usize::from(carrier)];
        match routes[..] {
            [] => None,
            [(only, _)] => Some(only),
            _ => {
                let u = open01(chance.block(message, Owner::NONE, ROUTE, 0).first());
                let last = routes.len() - 1;
                let index = routes[..last].iter().take_while(|&&(_, up_to)| u >= up_to).count();
                Some(routes[index].0)
            }
        }
    }
}

fn best_of(routes: &[spec::Route], carrier: usize) -> Vec<(u16, f64)> {
    let serves = |route: &spec::Route| route.carriers.contains(&carrier);
    let Some(rank) = routes.iter().filter(|route| serves(route)).map(|route| route.rank).min()
    else {
        return Vec::new();
    };
    let chosen =
        || routes.iter().enumerate().filter(|(_, route)| serves(route) && route.rank == rank);
    let total: f64 = chosen().map(|(_, route)| route.weight).sum();
    let mut cumulated = 0.0;
    chosen()
        .map(|(index, route)| {
            cumulated += route.weight / total;
            (index as u16, cumulated)
        })
        .collect()
}
