//! Routes: which provider, price and queue a message gets.

use crate::chain::draws::site;
use crate::chain::records::names::Names;
use crate::chain::spec::{self, Choose};
use crate::random::{DrawSource, Key, open01};

/// The routes of every carrier.
#[derive(Debug)]
pub(crate) struct Routing {
    carriers: Vec<Routes>,
    /// By route, what it asks beside its carriers; empty if none asks anything.
    conditions: Vec<Option<Conditions>>,
    /// Some route asks for senders.
    asks_senders: bool,
    /// By route, the part of the traffic of its rank that is taken from it; empty if none ever is.
    taken: Vec<f64>,
    /// By route: is the route of its messages chosen once more when they are sent? Empty if of none.
    chosen_at_send: Vec<bool>,
}

/// A message that asks for a route.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent {
    pub(crate) key: Key,
    pub(crate) carrier: u16,
    pub(crate) stream: u16,
    pub(crate) sender: u32,
}

/// The routes that serve one carrier.
#[derive(Debug)]
struct Routes {
    /// By rank, within it by id.
    in_order: Vec<u16>,
    /// Those of each rank, best first, with cumulated shares of their weights.
    ranks: Vec<Vec<(u16, f64)>>,
}

/// The conditions of a route, by stream.
#[derive(Debug)]
struct Conditions {
    streams: Vec<Holds>,
}

/// The messages of a stream that a route takes.
#[derive(Debug)]
enum Holds {
    Never,
    Always,
    /// Those of these senders, in order.
    Of(Vec<u32>),
}

impl Conditions {
    fn new(only: &spec::Only, route: &spec::Route, spec: &spec::Spec, names: &Names) -> Conditions {
        let holds = |(index, stream): (usize, &spec::Traffic)| {
            if !route.takes_of(index, stream) {
                return Holds::Never;
            }
            let mut lists = only.of_senders(stream);
            let Some(first) = lists.next() else {
                return Holds::Always;
            };
            let mut senders: Vec<u32> = first
                .iter()
                .filter(|name| lists_hold(only, stream, name))
                .filter_map(|name| names.find(name))
                .collect();
            senders.sort_unstable();
            Holds::Of(senders)
        };
        Conditions { streams: spec.traffic.iter().enumerate().map(holds).collect() }
    }

    #[inline]
    fn hold(&self, stream: u16, sender: u32) -> bool {
        match &self.streams[usize::from(stream)] {
            Holds::Never => false,
            Holds::Always => true,
            Holds::Of(senders) => senders.binary_search(&sender).is_ok(),
        }
    }
}

/// True if every list that asks for a stream's senders has this one.
fn lists_hold(only: &spec::Only, stream: &spec::Traffic, sender: &String) -> bool {
    only.of_senders(stream).all(|names| names.contains(sender))
}

impl Routing {
    pub(crate) fn new(spec: &spec::Spec, names: &Names) -> Routing {
        let carriers = 0..spec.carriers.len();
        let asking = spec.routes.iter().any(|route| route.only.is_some());
        let conditions: Vec<Option<Conditions>> = match asking {
            false => Vec::new(),
            true => spec
                .routes
                .iter()
                .map(|route| {
                    route.only.as_ref().map(|only| Conditions::new(only, route, spec, names))
                })
                .collect(),
        };
        let mut holds = conditions.iter().flatten().flat_map(|one| &one.streams);
        let later = |route: &spec::Route| route.choose == Choose::Send;
        Routing {
            carriers: carriers.map(|carrier| Routes::new(&spec.routes, carrier)).collect(),
            asks_senders: holds.any(|holds| matches!(holds, Holds::Of(_))),
            conditions,
            taken: match spec.watches_routes() {
                false => Vec::new(),
                true => vec![0.0; spec.routes.len()],
            },
            chosen_at_send: match spec.routes.iter().any(later) {
                false => Vec::new(),
                true => spec.routes.iter().map(later).collect(),
            },
        }
    }

    /// A route for a message: best rank first, by weight within it.
    #[inline(always)]
    pub(crate) fn pick(&self, chance: &impl DrawSource, sent: Sent) -> Option<u16> {
        if self.conditions.is_empty() && self.taken.is_empty() {
            let routes = &self.carriers[usize::from(sent.carrier)];
            return drawn(chance, sent.key, routes.ranks.first()?);
        }
        self.pick_open(chance, sent, |_| true)
    }

    /// True if chance chooses any route.
    pub(crate) fn draws(&self) -> bool {
        let chooses = |rank: &Vec<(u16, f64)>| rank.len() > 1;
        self.carriers.iter().any(|routes| match self.conditions.is_empty() {
            true => routes.ranks.first().is_some_and(chooses),
            false => routes.ranks.iter().any(chooses),
        })
    }

    /// True if a route's conditions ask for senders.
    #[inline]
    pub(crate) fn asks_senders(&self) -> bool {
        self.asks_senders
    }

    /// The same among routes that are `open`; `None` if none is.
    #[inline(never)]
    pub(crate) fn pick_open(
        &self,
        chance: &impl DrawSource,
        sent: Sent,
        open: impl Fn(u16) -> bool,
    ) -> Option<u16> {
        let ranks = &self.carriers[usize::from(sent.carrier)].ranks;
        let fits = |route: u16| self.takes(route, sent.stream, sent.sender) && open(route);
        let rank = ranks.iter().find(|rank| rank.iter().any(|&(route, _)| fits(route)))?;
        let weights = Weights::of(rank, &self.taken, fits);
        if let Some(only) = weights.only {
            return Some(only);
        }
        let u = open01(chance.block(site::route(sent.key)).first());
        let mut cumulated = 0.0;
        let mut last = None;
        // As for carriers: what no other takes is the last one's.
        for (route, weight) in weights.each(rank, &self.taken, fits) {
            cumulated += weight;
            if last.is_some_and(|(_, up_to)| u < up_to / weights.total) {
                break;
            }
            last = Some((route, cumulated));
        }
        last.map(|(route, _)| route)
    }

    /// True if a route's conditions hold for messages of a stream by a sender.
    #[inline]
    pub(crate) fn takes(&self, route: u16, stream: u16, sender: u32) -> bool {
        match self.conditions.get(usize::from(route)) {
            Some(Some(conditions)) => conditions.hold(stream, sender),
            _ => true,
        }
    }

    /// True if the route of a message that goes by this one is chosen once more when it is sent.
    #[inline(always)]
    pub(crate) fn is_chosen_at_send(&self, route: u16) -> bool {
        !self.chosen_at_send.is_empty() && self.chosen_at_send[usize::from(route)]
    }

    /// The routes to `carrier`, by rank, within it by id.
    pub(crate) fn in_order(&self, carrier: u16) -> &[u16] {
        &self.carriers[usize::from(carrier)].in_order
    }

    /// Takes a part of a route's traffic from it, of that of its rank.
    pub(crate) fn takes_from(&mut self, route: u16, part: f64) {
        debug_assert!(usize::from(route) < self.taken.len(), "nothing is taken from its routes");
        if let Some(taken) = self.taken.get_mut(usize::from(route)) {
            *taken = part;
        }
    }

    /// The part of the traffic to a carrier that a route takes now, of what those of its rank that are `rivals` of
    /// it, or itself, take.
    pub(crate) fn part(&self, route: u16, carrier: u16, rivals: &[u16]) -> f64 {
        let fits = |other: u16| other == route || rivals.contains(&other);
        let mut ranks = self.carriers[usize::from(carrier)].ranks.iter();
        let Some(rank) = ranks.find(|rank| rank.iter().any(|&(other, _)| other == route)) else {
            debug_assert!(false, "the route goes to another carrier");
            return 0.0;
        };
        let weights = Weights::of(rank, &self.taken, fits);
        let mut each = weights.each(rank, &self.taken, fits);
        each.find(|&(other, _)| other == route).map_or(0.0, |(_, weight)| weight / weights.total)
    }
}

/// The weights of those routes of a rank that a message may take, with what is taken from them.
struct Weights {
    /// The one there is, if there are no others.
    only: Option<u16>,
    /// Of their shares as they are set.
    base: f64,
    /// Parts that all of them give up, each in the measure of what the others have.
    given_up: f64,
    /// Of their weights now.
    total: f64,
}

impl Weights {
    fn of(rank: &[(u16, f64)], taken: &[f64], fits: impl Fn(u16) -> bool) -> Weights {
        let mut weights = Weights { only: None, base: 0.0, given_up: 0.0, total: 0.0 };
        let mut count = 0;
        for (route, share) in shares(rank).filter(|&(route, _)| fits(route)) {
            weights.base += share;
            weights.only = (count == 0).then_some(route);
            count += 1;
        }
        if taken.is_empty() || count < 2 {
            weights.total = weights.base;
            return weights;
        }
        let fitting = || shares(rank).filter(|&(route, _)| fits(route));
        weights.given_up =
            fitting().map(|(route, share)| gives_up(taken, route, share / weights.base)).sum();
        weights.total = fitting().map(|(route, share)| weights.now(taken, route, share)).sum();
        weights
    }

    /// Each route with its weight now.
    fn each<'a>(
        &'a self,
        rank: &'a [(u16, f64)],
        taken: &'a [f64],
        fits: impl Fn(u16) -> bool + 'a,
    ) -> impl Iterator<Item = (u16, f64)> + 'a {
        let fitting = shares(rank).filter(move |&(route, _)| fits(route));
        fitting.map(|(route, share)| (route, self.now(taken, route, share)))
    }

    /// The weight of a route with this share: what is taken from one goes to the others by their shares.
    fn now(&self, taken: &[f64], route: u16, share: f64) -> f64 {
        if self.given_up <= 0.0 {
            return share;
        }
        let part = share / self.base;
        let gets = part * self.given_up - gives_up(taken, route, part);
        (part + gets).max(0.0) * self.base
    }
}

/// The shares of a rank's routes, as they are set.
fn shares(rank: &[(u16, f64)]) -> impl Iterator<Item = (u16, f64)> {
    let mut before = 0.0;
    rank.iter().map(move |&(route, up_to)| {
        let share = up_to - before;
        before = up_to;
        (route, share)
    })
}

/// Part that a route with that part of the traffic gives up to all, itself among them, for as much to be missing as is
/// taken from it.
fn gives_up(taken: &[f64], route: u16, part: f64) -> f64 {
    let others = 1.0 - part;
    match taken.get(usize::from(route)) {
        Some(&taken) if others > 0.0 => taken / others,
        _ => 0.0,
    }
}

/// One of a rank's routes, by weight.
#[inline]
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
