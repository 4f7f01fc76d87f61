//! Routes: which provider, price and queue a message gets.

use crate::chain::draws::site;
use crate::chain::spec;
use crate::random::{DrawSource, Key, open01};

/// The routes of every carrier.
#[derive(Debug)]
pub(crate) struct Routing {
    carriers: Vec<Routes>,
}

/// The routes that serve one carrier.
#[derive(Debug)]
struct Routes {
    /// By rank, within it by id.
    in_order: Vec<u16>,
    /// Those of each rank, best first, with cumulated shares of their weights.
    ranks: Vec<Vec<(u16, f64)>>,
}

impl Routing {
    pub(crate) fn new(spec: &spec::Spec) -> Routing {
        let carriers = 0..spec.carriers.len();
        Routing { carriers: carriers.map(|carrier| Routes::new(&spec.routes, carrier)).collect() }
    }

    /// A route to `carrier` for the message with this key: best rank first, by weight within it.
    pub(crate) fn pick(&self, chance: &impl DrawSource, message: Key, carrier: u16) -> Option<u16> {
        drawn(chance, message, self.carriers[usize::from(carrier)].ranks.first()?)
    }

    /// Whether chance chooses any route.
    pub(crate) fn draws(&self) -> bool {
        self.carriers.iter().any(|routes| routes.ranks.first().is_some_and(|best| best.len() > 1))
    }

    /// The same among routes that are `open`; `None` if none is.
    pub(crate) fn pick_open(
        &self,
        chance: &impl DrawSource,
        message: Key,
        carrier: u16,
        open: impl Fn(u16) -> bool,
    ) -> Option<u16> {
        let ranks = &self.carriers[usize::from(carrier)].ranks;
        let rank = ranks.iter().find(|rank| rank.iter().any(|&(route, _)| open(route)))?;
        let mut before = 0.0;
        let mut cumulated = 0.0;
        let mut left: Vec<(u16, f64)> = Vec::with_capacity(rank.len());
        for &(route, up_to) in rank {
            let share = up_to - before;
            before = up_to;
            if open(route) {
                cumulated += share;
                left.push((route, cumulated));
            }
        }
        for (_, up_to) in &mut left {
            *up_to /= cumulated;
        }
        drawn(chance, message, &left)
    }

    /// The routes to `carrier`, by rank, within it by id.
    pub(crate) fn in_order(&self, carrier: u16) -> &[u16] {
        &self.carriers[usize::from(carrier)].in_order
    }
}

/// One of a rank's routes, by weight.
fn drawn(chance: &impl DrawSource, message: Key, routes: &[(u16, f64)]) -> Option<u16> {
    match routes {
        [] => None,
        [(only, _)] => Some(*only),
        [most @ .., _] => {
            let u = open01(chance.block(site::route(message)).first());
            // As for carriers.
            let index = most.iter().filter(|&&(_, up_to)| u >= up_to).count();
            routes.get(index).map(|&(route, _)| route)
        }
    }
}

impl Routes {
    fn new(routes: &[spec::Route], carrier: usize) -> Routes {
        let mut serving: Vec<(u16, &spec::Route)> =
            (0..).zip(routes).filter(|(_, route)| route.carriers.contains(&carrier)).collect();
        serving.sort_by_key(|(_, route)| route.rank);
        let ranks = serving.chunk_by(|(_, a), (_, b)| a.rank == b.rank).map(|rank| {
            let total: f64 = rank.iter().map(|(_, route)| route.weight).sum();
            let mut cumulated = 0.0;
            let shares = rank.iter().map(|&(index, route)| {
                cumulated += route.weight / total;
                (index, cumulated)
            });
            shares.collect()
        });
        Routes {
            ranks: ranks.collect(),
            in_order: serving.iter().map(|&(index, _)| index).collect(),
        }
    }
}
