//! Routes: ways to providers, what goes by them, and what takes traffic from one.

use super::{Nanounits, Senders, Spec, Traffic, words};
use crate::kernel::Nanos;

/// A way to a provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Its id.
    pub id: u64,
    /// Indices of the carriers it serves.
    pub carriers: Vec<usize>,
    /// Index of its provider.
    pub provider: usize,
    /// Index of its queue.
    pub queue: usize,
    /// Price of a segment: what the account is charged.
    pub price: Nanounits,
    /// Cost of a segment: what the provider bills for every copy it truly accepts.
    pub cost: Nanounits,
    /// 1 is tried first.
    pub rank: u32,
    /// Weight within its rank, above 0.
    pub weight: f64,
    /// Conditions beside its carriers; `None`: it takes whatever goes to them.
    pub only: Option<Only>,
    /// The time at which its messages' route is chosen.
    pub choose: Choose,
    /// The rule by which traffic is taken from it; `None`: none ever is.
    pub slow: Option<Slow>,
}

/// Conditions on a message: all that are given must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Only {
    /// Indices of streams, ascending.
    pub traffic: Option<Vec<usize>>,
    /// Sender ids.
    pub senders: Option<Vec<String>>,
    /// Brands.
    pub brands: Option<Vec<String>>,
    /// Campaigns.
    pub campaigns: Option<Vec<String>>,
    /// The least priority.
    pub priority_at_least: Option<u8>,
}

words! {
    /// Time at which the route of a message is chosen.
    pub enum Choose {
        /// when the API accepts it
        Accept = "accept",
        /// then, and once more when a worker is about to make its first attempt, among the routes of its queue
        Send = "send",
    }
}

/// A rule that takes traffic from a route whose messages are seen to arrive too late.
#[derive(Debug, Clone, PartialEq)]
pub struct Slow {
    /// Slow is what has a greater share of late messages.
    pub share: f64,
    /// Late is a copy that no receipt says delivered within this, from its acceptance by the provider.
    pub later_than: Nanos,
    /// Copies accepted within this are looked at.
    pub of_last: Nanos,
    /// Points of a hundred of the traffic that are taken at a time; 0: the rule is off.
    pub step: u32,
    /// Times at which it is looked at: multiples of this.
    pub look_every: Nanos,
    /// No step within this of the last change.
    pub hold: Nanos,
    /// The part that copies younger than `later_than` have in the share.
    pub young: Young,
    /// The rule by which it gets traffic back; `None`: never.
    pub restore: Option<Restore>,
}

words! {
    /// Part that copies too young to be late have in the share of late ones.
    pub enum Young {
        /// they are not among those looked at
        LeftOut = "left_out",
        /// they are, as not late
        Counted = "counted",
    }
}

/// A rule by which a route gets back what was taken from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Restore {
    /// Points that it gets back at a time.
    pub step: u32,
    /// After so long without a change.
    pub every: Nanos,
    /// Times at which that is looked at: multiples of this.
    pub look_every: Nanos,
}

impl Route {
    /// Its rule for slow messages, if that ever takes anything.
    #[must_use]
    pub fn watched(&self) -> Option<&Slow> {
        self.slow.as_ref().filter(|rule| rule.step > 0)
    }

    /// `true` if it may take messages of the stream with that index, of some sender.
    #[must_use]
    pub fn takes_of(&self, stream: usize, settings: &Traffic) -> bool {
        self.only.as_ref().is_none_or(|only| only.holds_for(stream, settings))
    }

    /// `true` if it takes a message of that stream by that sender.
    #[must_use]
    pub fn takes(&self, stream: usize, settings: &Traffic, sender: &str) -> bool {
        let holds = |only: &Only| {
            only.holds_for(stream, settings)
                && only.of_senders(settings).all(|names| names.iter().any(|name| name == sender))
        };
        self.only.as_ref().is_none_or(holds)
    }
}

impl Slow {
    /// The most spans that a route remembers.
    const SPANS: u64 = 4_096;

    /// The spans in which a route's copies are counted: the length of each, the longest that divides all the times
    /// of the rule, and how many are remembered: those looked back on, and the one that goes on.
    #[must_use]
    pub fn spans(&self) -> (Nanos, u64) {
        let common = divisor(divisor(self.later_than, self.of_last), self.look_every);
        let width = common.max(self.of_last.div_ceil(Self::SPANS)).max(1);
        (width, self.of_last.div_ceil(width) + 1)
    }
}

/// The greatest common divisor.
fn divisor(one: Nanos, other: Nanos) -> Nanos {
    let (mut one, mut other) = (one, other);
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

impl Only {
    /// `true` if what it says of streams, and of their brands and campaigns, holds for one.
    fn holds_for(&self, index: usize, stream: &Traffic) -> bool {
        let among = |own: &Option<String>, names: &Option<Vec<String>>| match (own, names) {
            (Some(own), Some(names)) => names.contains(own),
            _ => true,
        };
        self.traffic.as_ref().is_none_or(|streams| streams.contains(&index))
            && self.priority_at_least.is_none_or(|least| stream.priority >= least)
            && among(&stream.brand, &self.brands)
            && among(&stream.campaign, &self.campaigns)
    }

    /// Lists of names, each of which must have a sender of the stream: a stream without brand or campaign has its
    /// senders for these.
    pub(crate) fn of_senders(&self, stream: &Traffic) -> impl Iterator<Item = &Vec<String>> {
        let brands = self.brands.as_ref().filter(|_| stream.brand.is_none());
        let campaigns = self.campaigns.as_ref().filter(|_| stream.campaign.is_none());
        [self.senders.as_ref(), brands, campaigns].into_iter().flatten()
    }
}

impl Traffic {
    /// `true` if one of its senders has that name: of its own, or of a pool.
    #[must_use]
    pub fn sends_as(&self, name: &str) -> bool {
        match &self.senders {
            Senders::One(own) => own == name,
            Senders::Pool { count, .. } => name
                .strip_prefix(self.name.as_str())
                .and_then(|rest| rest.strip_prefix('-'))
                .filter(|index| !index.starts_with('0') && !index.starts_with('+'))
                .and_then(|index| index.parse::<u32>().ok())
                .is_some_and(|index| index <= *count),
        }
    }
}

impl Spec {
    /// Indices of the routes, ascending, that what is taken from a route goes to: those of its rank that share a
    /// carrier and a stream with it.
    #[must_use]
    pub fn rivals(&self, route: usize) -> Vec<usize> {
        let own = &self.routes[route];
        let rivals = self.routes.iter().enumerate().filter(|&(index, other)| {
            let meet = || own.carriers.iter().any(|carrier| other.carriers.contains(carrier));
            let mut streams = self.traffic.iter().enumerate();
            index != route
                && other.rank == own.rank
                && meet()
                && streams
                    .any(|(stream, of)| own.takes_of(stream, of) && other.takes_of(stream, of))
        });
        rivals.map(|(index, _)| index).collect()
    }

    /// `true` of each route whose weight may change: traffic may be taken from it, or from a rival of it.
    #[must_use]
    pub fn weights_that_change(&self) -> Vec<bool> {
        let mut changing = vec![false; self.routes.len()];
        for (index, _) in self.routes.iter().enumerate().filter(|(_, one)| one.watched().is_some())
        {
            for rival in self.rivals(index) {
                (changing[index], changing[rival]) = (true, true);
            }
        }
        changing
    }

    /// `true` if traffic may be taken from any route.
    #[must_use]
    pub fn watches_routes(&self) -> bool {
        self.routes.iter().any(|route| route.watched().is_some())
    }
}
