//! Several throttles of a provider: those that pace are waited for together, those that refuse are asked
//! together once a submit goes out.

use crate::chain::records::attempt::{Attempt, Ticket};
use crate::chain::records::names::{Names, scope_size};
use crate::chain::spec::{ProviderExcess, ProviderThrottle, Scope, Spec, Target};
use crate::chain::stations::limits::{Among, Held, Limits, Looked, Spot};
use crate::kernel::Nanos;

/// Several throttles, or fixed windows.
#[derive(Debug)]
pub(crate) struct Throttles {
    limits: Limits<Ticket<Attempt>>,
    /// By throttle: the wait that its refusals ask for.
    retry_after: Vec<Nanos>,
    /// Lanes in which messages wait for them in a queue, and how their numbers come about.
    lanes: usize,
    lane_by: LaneBy,
}

/// The number of the lane in which a message waits in a queue for several throttles.
#[derive(Debug, Clone, Copy)]
enum LaneBy {
    /// They are everyone's.
    One,
    /// By the only scope they have beside that.
    Scope(Scope),
    /// By stream, of each so many senders.
    StreamAndSender(usize),
}

impl Throttles {
    pub(crate) fn new(index: usize, spec: &Spec, names: &Names) -> Throttles {
        let list = &spec.providers[index].throttle;
        let paces = |throttle: &ProviderThrottle| throttle.on_excess == ProviderExcess::Pace;
        let limits = list.iter().map(|own| (&own.allowance, own.scope, paces(own)));
        let mut scopes: Vec<Scope> = Vec::new();
        for throttle in list.iter().filter(|throttle| paces(throttle)) {
            if !matches!(throttle.scope, Scope::Provider | Scope::Carrier)
                && !scopes.contains(&throttle.scope)
            {
                scopes.push(throttle.scope);
            }
        }
        let (lanes, lane_by) = match scopes[..] {
            [] => (1, LaneBy::One),
            [scope] => (scope_size(scope, names, 1), LaneBy::Scope(scope)),
            _ => {
                let senders = names.len();
                (spec.traffic.len() * senders, LaneBy::StreamAndSender(senders))
            }
        };
        let wait = |throttle: &ProviderThrottle| match throttle.on_excess {
            ProviderExcess::Pace => 0,
            ProviderExcess::Refuse { retry_after } => retry_after.unwrap_or(0),
        };
        Throttles {
            limits: Limits::new(spec, Target::Provider(index), limits, names, 1),
            retry_after: list.iter().map(wait).collect(),
            lanes,
            lane_by,
        }
    }

    /// The number of lanes in which messages wait for them in a queue.
    pub(crate) fn lanes(&self) -> usize {
        self.lanes
    }

    /// The lane in which a message waits for them in a queue; `of`: what a scope makes of it.
    pub(crate) fn lane(&self, stream: u16, sender: u32, of: impl Fn(Scope) -> usize) -> usize {
        match self.lane_by {
            LaneBy::One => 0,
            LaneBy::Scope(scope) => of(scope),
            LaneBy::StreamAndSender(senders) => usize::from(stream) * senders + sender as usize,
        }
    }

    /// The counts that a message falls into, by what each scope makes of it.
    pub(crate) fn among(&self, of: impl Fn(Scope) -> usize) -> Among {
        self.limits.among(of)
    }

    /// Takes an attempt's tokens of all that pace it, or a place in line for them.
    pub(crate) fn asks(
        &mut self,
        ticket: Ticket<Attempt>,
        among: &Among,
        segments: u16,
        now: Nanos,
    ) -> Result<(), Held> {
        match self.limits.holds_up(among, segments, now) {
            None => {
                self.limits.takes(true, among, segments, now);
                Ok(())
            }
            Some(limit) => Err(self.limits.waits(ticket, limit, among, segments, now)),
        }
    }

    /// Takes the tokens of an attempt that goes out of all that refuse. `Err`: the first of the list that does,
    /// with the span it asks to wait.
    pub(crate) fn asks_rates(
        &mut self,
        among: &Among,
        segments: u16,
        now: Nanos,
    ) -> Result<(), (usize, Nanos)> {
        match self.limits.refuses(among, segments, now) {
            Some(limit) => Err((limit, self.retry_after[limit])),
            None => {
                self.limits.takes(false, among, segments, now);
                Ok(())
            }
        }
    }

    /// The first count that holds up one that comes to a queue: [`Limits::holds_up_beside`].
    pub(crate) fn holds_up_beside(
        &self,
        kept: &[Spot],
        among: &Among,
        segments: u16,
        now: Nanos,
    ) -> Option<Spot> {
        self.limits.holds_up_beside(kept, among, segments, now)
    }

    /// The earliest instant at which all that pace have tokens, if nobody takes any until then.
    pub(crate) fn ready_at(&self, among: &Among, segments: u16, now: Nanos) -> Nanos {
        self.limits.ready_at(among, segments, now)
    }

    /// Takes tokens that are there of all that pace.
    pub(crate) fn takes(&mut self, among: &Among, segments: u16, now: Nanos) {
        self.limits.takes(true, among, segments, now);
    }

    /// Gives back tokens that were taken of all that pace, and not used.
    pub(crate) fn gives_back(&mut self, among: &Among, segments: u16, now: Nanos) {
        self.limits.gives_back(among, segments, now);
    }

    /// The next look at those who wait: when, if an event has to be scheduled for that.
    pub(crate) fn event_at(&mut self) -> Option<Nanos> {
        self.limits.event_at()
    }

    /// A look at those who wait, in queues too, at that time: it, if an event has to be scheduled for that.
    pub(crate) fn looks_at(&mut self, at: Nanos) -> Option<Nanos> {
        self.limits.looks_at(at)
    }

    /// True if the event of a look is the one that counts.
    pub(crate) fn wakes(&mut self, now: Nanos) -> bool {
        self.limits.wakes(now)
    }

    /// The next of those that are looked at.
    pub(crate) fn looked(&self) -> Option<Looked<Ticket<Attempt>>> {
        self.limits.looked()
    }

    /// True if the one that is looked at has tokens of all that pace; else it waits on.
    pub(crate) fn has_all(&mut self, looked: &Looked<Ticket<Attempt>>, now: Nanos) -> bool {
        self.limits.has_all(looked, now)
    }

    /// The one that is looked at leaves, with or without tokens.
    pub(crate) fn leaves(&mut self, looked: &Looked<Ticket<Attempt>>) {
        self.limits.leaves(looked);
    }

    /// Attempts in line, of which some may have left.
    pub(crate) fn in_line(&self) -> Vec<Ticket<Attempt>> {
        self.limits.in_line().collect()
    }

    /// Tokens of a throttle's count that a message falls into.
    pub(crate) fn level(&self, limit: usize, among: &Among, now: Nanos) -> f64 {
        self.limits.level(limit, among, now)
    }

    /// Tokens in the emptiest of all counts.
    pub(crate) fn least_level(&self, now: Nanos) -> f64 {
        self.limits.least_level(now)
    }

    /// By throttle: tokens taken from the busiest of its counts within the observation window.
    pub(crate) fn most_taken(&self) -> Vec<u64> {
        self.limits.most_taken()
    }
}
