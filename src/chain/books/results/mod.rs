//! Results of a run. Pure data: merging two runs' results is counting them together.
//!
//! Numbers are of *counted* messages and requests (the request came at or after the end of
//! warm-up) unless a field says otherwise. Lists are in the order of [`crate::chain::spec::Spec`].

mod count;
mod incident;
mod stations;

pub use incident::*;
pub use stations::*;

pub(crate) use count::Count;
use count::counts;

use crate::chain::records::outcome::{Observed, PartEnd, Rejection, Stage, Truth};
use crate::chain::spec::{Carrier, Provider, Spec};
use crate::kernel::Nanos;
use crate::stats::Latency;

/// Spans of request time for batch means.
pub const BATCHES: usize = 20;

/// The most samples of a time series.
pub const SAMPLES_MAX: u64 = 100_000;

counts! {
    /// Messages by how far they got, and what was seen of them.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Layers {
        /// Recipients of every request.
        pub requested: u64,
        /// Accepted by the API.
        pub accepted: u64,
        /// Some attempt was truly accepted by a provider.
        pub executed: u64,
        /// A copy reached the handset.
        pub delivered: u64,
        /// The first copy did within the deadline.
        pub on_time: u64,
        /// Observed as delivered at the end.
        pub observed_delivered: u64,
        /// Observed as delivered, but not.
        pub falsely_delivered: u64,
        /// Delivered, but not observed as such.
        pub unseen: u64,
        /// Requests the client saw fail.
        pub client_failed: u64,
        /// Requests the client saw fail of which a message was delivered.
        pub client_failed_delivered: u64,
        /// Of it, what has a recipient of a request counted already, who got a second message of a repeated
        /// call: so that shares of what was asked for count everybody once.
        pub again: Again,
    }
}

counts! {
    /// Messages beyond the first for a recipient of a request.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Again {
        /// Accepted by the API.
        pub accepted: u64,
        /// Truly accepted by a provider.
        pub executed: u64,
        /// Delivered.
        pub delivered: u64,
        /// Delivered on time.
        pub on_time: u64,
    }
}

counts! {
    /// The headline figures of a group of messages.
    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Group {
        /// The layers.
        pub layers: Layers,
        /// Messages delivered within each of `spec.within` and not within the one before.
        pub within: Vec<u64>,
        /// Of those, all but the soonest for a recipient of a request.
        pub within_again: Vec<u64>,
        /// By [`Stage`].
        pub latency: [Latency; Stage::COUNT],
    }
}

impl Group {
    pub(crate) fn new(within: usize) -> Group {
        Group { within: vec![0; within], within_again: vec![0; within], ..Group::default() }
    }
}

/// Events within [warm-up, duration), whichever message they belong to. Messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Happened {
    /// Recipients of requests made in it.
    pub offered: u64,
    /// Accepted by the API in it.
    pub accepted: u64,
    /// Messages whose first copy reached the handset in it.
    pub delivered: u64,
    /// Of those, within the deadline.
    pub on_time: u64,
    /// The fullest second's segments accepted by providers; of seconds from t = 0 on, as far as
    /// they are in it.
    pub peak_segments: u64,
}

impl Count for Happened {
    fn merge(&mut self, other: &Happened) {
        self.offered += other.offered;
        self.accepted += other.accepted;
        self.delivered += other.delivered;
        self.on_time += other.on_time;
        self.peak_segments = self.peak_segments.max(other.peak_segments);
    }
}

counts! {
    /// Fates of requests.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Requests {
        /// All of them, resends included, repeated calls not.
        pub total: u64,
        /// Those with any accepted recipient.
        pub accepted: u64,
        /// Calls the client gave up waiting for.
        pub client_timeouts: u64,
        /// Calls beyond the first of a request.
        pub client_retries: u64,
        /// Requests made by people asking again.
        pub resends: u64,
        /// Not accepted, by the last call's answer; index [`Rejection`].
        pub rejected: [u64; Rejection::COUNT],
    }
}

counts! {
    /// One stream.
    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct StreamResults {
        /// The layers.
        pub layers: Layers,
        /// As [`Group::within`].
        pub within: Vec<u64>,
        /// As [`Group::within_again`].
        pub within_again: Vec<u64>,
        /// By [`Truth`].
        pub truth: [u64; Truth::COUNT],
        /// Request → handset, first copy.
        pub delivery: Latency,
        /// Requests that its quiet hours held.
        pub quiet_held: u64,
        /// Messages to people who opted out in the course of the run.
        pub opt_outs: OptOuts,
    }
}

counts! {
    /// Messages to people who opted out in the course of the run.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct OptOuts {
        /// Refused by the API, of each call.
        pub refused: u64,
        /// Accepted before, and dropped right before a submit.
        pub dropped: u64,
        /// Delivered after the opt-out.
        pub delivered: u64,
    }
}

counts! {
    /// Acting on receipts. Messages, unless a field says otherwise.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Acted {
        /// Acted on.
        pub acted: u64,
        /// Times that they were, by what was seen; index [`Observed`].
        pub seen: [u64; Observed::COUNT],
        /// Further attempts made: they rejoined a queue.
        pub attempts: u64,
        /// Further attempts called off before their time.
        pub called_off: u64,
        /// Delivered by further copies alone.
        pub delivered: u64,
        /// Delivered more than once, and without further copies not.
        pub duplicates: u64,
    }
}

counts! {
    /// Messages that went in parts. Parts, unless a field says otherwise; warm-up excluded.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct PartsResults {
        /// Messages taken apart.
        pub messages: u64,
        /// Submits made of them.
        pub submitted: u64,
        /// Copies of them that providers truly accepted.
        pub accepted: u64,
        /// Ends of each; index [`PartEnd`]. Together, all parts of those messages.
        pub ends: [u64; PartEnd::COUNT],
        /// Copies that reached a handset which had that part already.
        pub repeated: u64,
        /// Messages of which the handset got every part.
        pub complete: u64,
        /// Of those, messages of which some part came after a later one.
        pub out_of_order: u64,
        /// Messages of which the handset has some parts, and never showed one.
        pub incomplete: u64,
        /// Of those, messages observed as delivered.
        pub incomplete_seen_delivered: u64,
    }
}

impl PartsResults {
    /// All parts of messages taken apart.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.ends.iter().sum()
    }
}

counts! {
    /// Money.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Money {
        /// Balance at t = 0, whole run; 0 if unlimited.
        pub opening: i128,
        /// Added by top-ups, whole run.
        pub topped_up: i128,
        /// Balance at the end, whole run; 0 if unlimited.
        pub balance: i128,
        /// Charged for counted messages.
        pub charged: i128,
        /// Of it, given back.
        pub refunded: i128,
        /// Charged and not given back for counted messages that were not delivered.
        pub wasted: i128,
        /// Billed by providers for copies of counted messages that they truly accepted.
        pub billed: i128,
    }
}

counts! {
    /// One span of the time series. Not limited to counted messages.
    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Sample {
        /// Requests made in it.
        pub requests: u64,
        /// Messages of those requests that were accepted.
        pub accepted: u64,
        /// Of those, delivered at any time.
        pub cohort_delivered: u64,
        /// Of those, delivered on time.
        pub cohort_on_time: u64,
        /// Of those, observed as delivered at the end.
        pub cohort_observed: u64,
        /// Requests rejected in it.
        pub rejected: u64,
        /// Attempts made in it.
        pub submits: u64,
        /// Copies accepted by providers in it.
        pub handed_off: u64,
        /// Copies that reached a handset in it.
        pub deliveries: u64,
        /// Levels at its end, as [`Gauges::columns`] lists them.
        pub gauges: Vec<u64>,
    }
}

/// The names of a sample's gauges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gauges {
    /// `in_flight`, `balance` (whole units, if limited), `queue.<name>.depth`,
    /// `queue.<name>.busy`, `queue.<name>.fetched` with `prefetch`, `queue.<name>.workers` with `autoscale`, `provider.<name>.outstanding`, `provider.<name>.backlog`,
    /// `carrier.<name>.waiting`.
    pub columns: Vec<String>,
}

/// Everything one run, or several together, counted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Results {
    /// Runs counted together.
    pub replications: u64,
    /// Hash of every message's ids, times, truth and observed state, whatever the order of
    /// completion; of several runs, the wrapping sum.
    pub digest: u128,
    /// Time of the last event, the latest of the runs.
    pub ended_at: Nanos,
    /// Events carried out.
    pub events: u64,
    /// All accepted messages, warm-up included.
    pub simulated: u64,
    /// Requests.
    pub requests: Requests,
    /// Headline figures by equal spans of request time in [warm-up, duration); requests after
    /// `duration` (resends) are in the last.
    pub batches: Vec<Group>,
    /// By stream.
    pub traffic: Vec<StreamResults>,
    /// Messages by [`Truth`] and [`Observed`].
    pub observed: [[u64; Observed::COUNT]; Truth::COUNT],
    /// Names of the places where a message can end; 0 is nowhere in particular.
    pub places: Vec<String>,
    /// Messages by place and [`Truth`].
    pub ends: Vec<[u64; Truth::COUNT]>,
    /// Segments of copies accepted by providers.
    pub segments_sent: u64,
    /// Segments of copies that reached the handset.
    pub segments_delivered: u64,
    /// Events within [warm-up, duration).
    pub happened: Happened,
    /// Messages by number of attempts.
    pub attempts: Vec<u64>,
    /// By route.
    pub routes: Vec<RouteResults>,
    /// By queue.
    pub queues: Vec<QueueResults>,
    /// Calls answered 429, by what they were over: [`Api::limit_names`](crate::chain::spec::Api::limit_names).
    pub limited_by: Vec<u64>,
    /// By provider.
    pub providers: Vec<ProviderResults>,
    /// By carrier.
    pub carriers: Vec<CarrierResults>,
    /// Copies beyond the first that a provider accepted for one request and recipient.
    pub duplicate_copies: u64,
    /// Recipients of a request who got it more than once.
    pub delivered_twice: u64,
    /// Acting on receipts.
    pub on_receipt: Acted,
    /// Messages that went in parts.
    pub parts: PartsResults,
    /// By incident.
    pub incidents: Vec<IncidentResults>,
    /// Money.
    pub money: Money,
    /// The gauges of `series`.
    pub gauges: Gauges,
    /// The time series, a sample every `spec.sample_every` from t = 0 to the run's end. Over
    /// several runs: sums.
    pub series: Vec<Sample>,
}

impl Results {
    /// Those of a chain in which nothing has happened: every list has its length, every count is
    /// 0.
    #[must_use]
    pub fn nothing(spec: &Spec) -> Results {
        let within = spec.within.len();
        let stream = |_| StreamResults {
            within: vec![0; within],
            within_again: vec![0; within],
            ..StreamResults::default()
        };
        // One alone has refused all that were.
        let several = |count: usize| vec![0; if count > 1 { count } else { 0 }];
        let carrier = |carrier: &Carrier| CarrierResults {
            filtered: vec![0; carrier.filters.len()],
            throttled_by: several(carrier.throttle.len()),
            throttle_taken: vec![0; carrier.throttle.len()],
            ..CarrierResults::default()
        };
        let provider = |provider: &Provider| ProviderResults {
            throttled_by: several(provider.throttle.len()),
            throttle_taken: vec![0; provider.throttle.len()],
            ..ProviderResults::default()
        };
        Results {
            batches: (0..BATCHES).map(|_| Group::new(within)).collect(),
            traffic: spec.traffic.iter().map(stream).collect(),
            routes: vec![RouteResults::default(); spec.routes.len()],
            queues: vec![QueueResults::default(); spec.queues.len()],
            limited_by: vec![0; spec.api.limit_names().len()],
            providers: spec.providers.iter().map(provider).collect(),
            carriers: spec.carriers.iter().map(carrier).collect(),
            incidents: vec![IncidentResults::default(); spec.incidents.len()],
            ..Results::default()
        }
    }

    /// Headline figures of all counted messages.
    #[must_use]
    pub fn total(&self) -> Group {
        let mut batches = self.batches.iter();
        let mut total = batches.next().cloned().unwrap_or_default();
        for batch in batches {
            total.merge(batch);
        }
        total
    }

    /// Messages by truth.
    #[must_use]
    pub fn truth(&self) -> [u64; Truth::COUNT] {
        std::array::from_fn(|truth| self.observed[truth].iter().sum())
    }

    /// Counts another run of the same scenario with this one.
    pub fn merge(&mut self, other: &Results) {
        // Every field by name: a new one doesn't compile until it is counted here.
        let Results {
            replications,
            digest,
            ended_at,
            events,
            simulated,
            requests,
            batches,
            traffic,
            observed,
            places: _,
            ends,
            segments_sent,
            segments_delivered,
            happened,
            attempts,
            routes,
            queues,
            limited_by,
            providers,
            carriers,
            duplicate_copies,
            delivered_twice,
            on_receipt,
            parts,
            incidents,
            money,
            gauges: _,
            series,
        } = other;
        self.digest = self.digest.wrapping_add(*digest);
        self.ended_at = self.ended_at.max(*ended_at);
        Count::merge(&mut self.replications, replications);
        Count::merge(&mut self.events, events);
        Count::merge(&mut self.simulated, simulated);
        Count::merge(&mut self.requests, requests);
        Count::merge(&mut self.batches, batches);
        Count::merge(&mut self.traffic, traffic);
        Count::merge(&mut self.observed, observed);
        Count::merge(&mut self.ends, ends);
        Count::merge(&mut self.segments_sent, segments_sent);
        Count::merge(&mut self.segments_delivered, segments_delivered);
        Count::merge(&mut self.happened, happened);
        Count::merge(&mut self.attempts, attempts);
        Count::merge(&mut self.routes, routes);
        Count::merge(&mut self.queues, queues);
        Count::merge(&mut self.limited_by, limited_by);
        Count::merge(&mut self.providers, providers);
        Count::merge(&mut self.carriers, carriers);
        Count::merge(&mut self.duplicate_copies, duplicate_copies);
        Count::merge(&mut self.delivered_twice, delivered_twice);
        Count::merge(&mut self.on_receipt, on_receipt);
        Count::merge(&mut self.parts, parts);
        Count::merge(&mut self.incidents, incidents);
        Count::merge(&mut self.money, money);
        Count::merge(&mut self.series, series);
    }
}

/// Money as a number of units, for reports.
#[must_use]
pub fn in_units(amount: i128) -> f64 {
    amount as f64 / 1e9
}
