//! The figures of a report, a row each and in its order: path · kind · which way is better · label
//! => how it is made, and what it means. JSON, tables, page, charts, docs/results.md and `explain`
//! all come of these.

use super::Kind::{Count, Each, Mean, Money, Most, Part, PerSecond, Seconds, Used};
use super::{Metric, Row};
use std::borrow::Cow;

use crate::chain::spec::{
    Carrier, Incident, Provider, Queue, Route, Spec, Throttle, throttle_names,
};
use crate::chain::{
    AttemptResult, CarrierResults, IncidentResults, Layers, Observed, OptOuts, PartEnd,
    ProviderResults, QueueResults, Rejection, RouteResults, Truth, in_units,
};
use crate::experiment::metrics::{divergence, of_requested, of_requested_within, within};
use crate::experiment::share;
use crate::kernel::in_seconds;
use crate::report::Better::{Higher, Lower};
use crate::report::{Facts, Map, Value};
use crate::stats::Latency;

/// The messages of a run or of a stream.
pub(in crate::report) struct Messages<'run> {
    pub(in crate::report) spec: &'run Spec,
    pub(in crate::report) layers: &'run Layers,
    /// As `Group::within`.
    pub(in crate::report) within: &'run [u64],
    /// As `Group::within_again`.
    pub(in crate::report) again: &'run [u64],
    pub(in crate::report) truth: &'run [u64; Truth::COUNT],
    /// Requests that quiet hours of streams held.
    pub(in crate::report) quiet_held: u64,
    pub(in crate::report) opt_outs: OptOuts,
}

/// A thing with a name.
pub(in crate::report) trait Named {
    fn name(&self) -> Cow<'_, str>;
}

macro_rules! named {
    ($($type:ty),*) => {
        $(impl Named for $type {
            fn name(&self) -> Cow<'_, str> {
                Cow::Borrowed(&self.name)
            }
        })*
    };
}

named!(Queue, Provider, Carrier, Incident);

impl Named for Route {
    fn name(&self) -> Cow<'_, str> {
        Cow::Owned(self.id.to_string())
    }
}

/// A station or an incident: the run, its settings, what it counted.
pub(in crate::report) struct Of<'run, S, C>(
    pub(in crate::report) &'run Facts<'run>,
    pub(in crate::report) &'run S,
    pub(in crate::report) &'run C,
);

/// Kind and direction of each row as they are written; `-`: neither direction is better.
macro_rules! better {
    (-) => {
        None
    };
    ($better:ident) => {
        Some($better)
    };
}

macro_rules! rows {
    ($(#[$doc:meta])* $name:ident($of:ident: $type:ty)
     $($path:literal [$kind:expr] $better:tt $label:literal => $get:expr, $meaning:literal;)*) => {
        $(#[$doc])*
        pub(in crate::report) static $name: &[Row<fn(&$type) -> Value>] = &[$(Row {
            metric: Metric {
                path: $path, kind: $kind, better: better!($better), label: $label,
                meaning: $meaning,
            },
            get: |$of| Value::from($get),
        }),*];
    };
}

rows! {
    /// Of the whole run.
    RUN(run: Facts<'_>)
    "requests.total" [Count] - "all" => run.results().requests.total,
        "requests, those of people asking again too; repeated calls are of the same one";
    "requests.accepted" [Count] - "accepted" => run.results().requests.accepted,
        "requests with any accepted recipient";
    "requests.client_timeouts" [Count] Lower "client time-outs" => run.results().requests.client_timeouts,
        "calls the client gave up";
    "requests.client_retries" [Count] Lower "client retries" => run.results().requests.client_retries,
        "calls beyond the first of a request";
    "requests.resends" [Count] Lower "resends" => run.results().requests.resends,
        "requests by people asking again";
    "requests.rejected.<reason>" [Count] Lower "rejected: <reason>" => rejected(run),
        "requests that were not accepted, by the last call's answer";
    "requests.limited_by.<limit>" [Count] Lower "over <limit>" => limited_by(run),
        "calls answered 429, by the first limit of the API that they were over: `concurrency`, `rate_limit`, or one of `limits`, which go by their scopes";
    "messages.requested" [Count] - "asked for" => run.total.layers.requested,
        "recipients of requests, one message each";
    "messages.accepted" [Count] - "accepted" => run.total.layers.accepted,
        "messages that the API accepted";
    "segments.sent" [Count] - "segments sent" => run.results().segments_sent,
        "segments of copies that providers accepted";
    "segments.delivered" [Count] - "segments delivered" => run.results().segments_delivered,
        "segments of copies on handsets";
    "observed.<truth>.<state>" [Count] - "<truth>, seen as <state>" => observed(run),
        "the confusion matrix: accepted messages by how they truly ended and what the sender saw";
    "attempts.mean" [Mean] Lower "attempts" => attempts(run).0,
        "submits per message that had one";
    "attempts.max" [Most] Lower "most attempts" => attempts(run).1,
        "the most submits of one message";
    "attempts.histogram.<submits>" [Count] - "messages with <submits> attempts" => histogram(run),
        "messages by the number of their submits";
    "throughput.offered_per_s" [PerSecond] - "offered" => run.per_second(run.results().happened.offered),
        "messages asked for within [warm-up, duration), per second of that span, whichever message it is";
    "throughput.accepted_per_s" [PerSecond] - "accepted" => run.per_second(run.results().happened.accepted),
        "messages that the API accepted within [warm-up, duration), per second";
    "throughput.delivered_per_s" [PerSecond] Higher "delivered" => run.per_second(run.results().happened.delivered),
        "messages whose first copy reached the handset within [warm-up, duration), per second";
    "throughput.on_time_per_s" [PerSecond] Higher "delivered on time" => run.per_second(run.results().happened.on_time),
        "of those the ones on time, per second";
    "throughput.peak_segments_per_s" [PerSecond] - "peak segments" => run.results().happened.peak_segments,
        "the peak: the segments that providers accepted in the fullest whole second of the clock, of what happens within [warm-up, duration)";
    "duplicates.copies" [Count] Lower "duplicates" => run.results().duplicate_copies,
        "copies beyond the first for one request and recipient";
    "duplicates.delivered_twice" [Count] Lower "delivered twice" => run.results().delivered_twice,
        "recipients of a request who got it more than once";
    "on_receipt.acted" [Count] - "acted on" => run.results().on_receipt.acted,
        "messages that the sender tried, or meant to try, once more for what it saw of them (`on_receipt`)";
    "on_receipt.seen.<state>" [Count] - "acted on: <state>" => acted_on(run),
        "times that it did, by what it saw; `unknown`: no receipt came for `after`";
    "on_receipt.attempts" [Count] Lower "further attempts" => run.results().on_receipt.attempts,
        "further attempts that came of it: messages that rejoined a queue";
    "on_receipt.called_off" [Count] - "called off" => run.results().on_receipt.called_off,
        "further attempts that a receipt of delivery called off before their time";
    "on_receipt.delivered" [Count] Higher "delivered thanks to it" => run.results().on_receipt.delivered,
        "messages delivered by copies accepted after the sender had acted, and by none before";
    "on_receipt.duplicates" [Count] Lower "delivered twice by it" => run.results().on_receipt.duplicates,
        "messages that were delivered more than once, and would not have been without those copies";
    "parts.messages" [Count] - "messages in parts" => run.results().parts.messages,
        "messages of several segments that went to a provider segment by segment (`parts = \"each\"`)";
    "parts.total" [Count] - "their parts" => run.results().parts.total(),
        "the parts of those messages: the sum of what became of them, from `parts.delivered` to `parts.unresolved`";
    "parts.submitted" [Count] - "submits of parts" => run.results().parts.submitted,
        "submits that were of one part";
    "parts.accepted" [Count] - "accepted copies of parts" => run.results().parts.accepted,
        "copies of parts that providers truly accepted, repeated ones too";
    "parts.delivered" [Count] - "parts delivered" => part_ends(run, PartEnd::Delivered),
        "parts that reached the handset, whether the others did or not";
    "parts.not_accepted" [Count] Lower "parts not accepted" => part_ends(run, PartEnd::NotAccepted),
        "parts that no provider accepted as such: the sender gave up, or sent the message whole";
    "parts.lost" [Count] Lower "parts lost" => part_ends(run, PartEnd::Lost),
        "parts that the provider never relayed, or that were lost on the way to the handset";
    "parts.filtered" [Count] Lower "parts filtered" => part_ends(run, PartEnd::Filtered),
        "parts that a filter took";
    "parts.throttled_out" [Count] Lower "parts throttled out" => part_ends(run, PartEnd::ThrottledOut),
        "parts that the carrier's throttle or daily cap turned away";
    "parts.expired" [Count] Lower "parts expired" => part_ends(run, PartEnd::Expired),
        "parts whose validity ended at the carrier";
    "parts.unknown_subscriber" [Count] Lower "parts to nobody" => part_ends(run, PartEnd::UnknownSubscriber),
        "parts to numbers without a subscriber";
    "parts.unresolved" [Count] Lower "parts still on their way" => part_ends(run, PartEnd::Unresolved),
        "parts still on their way when the run ended";
    "parts.repeated" [Count] Lower "parts repeated" => run.results().parts.repeated,
        "copies of parts that reached a handset which had that part already";
    "parts.complete" [Count] Higher "complete messages" => run.results().parts.complete,
        "messages in parts of which the handset got every part";
    "parts.incomplete" [Count] Lower "incomplete messages" => run.results().parts.incomplete,
        "messages of which the handset has some parts, and which it never showed";
    "parts.incomplete_seen_delivered" [Count] Lower "incomplete, seen as delivered" => run.results().parts.incomplete_seen_delivered,
        "of those, messages that the sender saw as delivered";
    "parts.out_of_order" [Part("parts.complete")] Lower "out of order, of the complete" => share(run.results().parts.out_of_order, run.results().parts.complete),
        "share of complete messages of which some part reached the handset after a later one";
    "account.opening" [Money] - "opening balance" => limited(run, run.results().money.opening),
        "the balance at the start of the run, warm-up included; null without an account";
    "account.topped_up" [Money] - "topped up" => limited(run, run.results().money.topped_up),
        "what was paid in during the run";
    "account.balance" [Money] - "balance at the end" => limited(run, run.results().money.balance),
        "the balance at the end of the run";
    "cost.charged" [Money] - "charged" => in_units(run.results().money.charged),
        "what counted messages were charged";
    "cost.refunded" [Money] - "refunded" => in_units(run.results().money.refunded),
        "what was given back of it";
    "cost.wasted" [Money] Lower "wasted" => in_units(run.results().money.wasted),
        "what was charged, and not given back, for messages not delivered";
    "cost.per_delivered" [Each] Lower "cost per delivered" => each(run, run.total.layers.delivered),
        "charges net of refunds, for each message delivered";
    "cost.per_on_time" [Each] Lower "cost per on time" => each(run, run.total.layers.on_time),
        "charges net of refunds, for each message delivered on time";
    "cost.billed" [Money] Lower "billed by providers" => in_units(run.results().money.billed),
        "what providers bill: a route's `cost` for each segment of every copy they truly accepted, duplicates and hedges too";
    "cost.margin" [Money] Higher "margin" => margin(run),
        "charged − refunded − billed";
}

rows! {
    /// Of a run's messages and of each stream's.
    MESSAGES(of: Messages<'_>)
    "layers.requested" [Count] - "asked for" => of.layers.requested,
        "messages that requests asked for, one for each recipient";
    "layers.api_success" [Count] - "API success" => of.layers.accepted,
        "messages that the API accepted";
    "layers.execution_success" [Count] Higher "executed" => of.layers.executed,
        "messages of which a provider truly accepted a copy";
    "layers.outcome_success" [Count] Higher "delivered" => of.layers.delivered,
        "messages delivered to the handset";
    "layers.outcome_on_time" [Count] Higher "on time" => of.layers.on_time,
        "messages delivered before the deadline";
    "layers.observed_delivered" [Count] - "seen as delivered" => of.layers.observed_delivered,
        "messages that the sender believes delivered";
    "divergence.api_vs_execution" [Part("layers.api_success")] Lower "not executed" => divergence(of.layers)[0].1,
        "share of API successes that no provider accepted";
    "divergence.api_vs_outcome" [Part("layers.api_success")] Lower "not delivered" => divergence(of.layers)[1].1,
        "share of API successes that were not delivered";
    "divergence.api_vs_on_time" [Part("layers.api_success")] Lower "not on time" => divergence(of.layers)[2].1,
        "share of API successes that were not delivered on time";
    "divergence.observed_vs_outcome" [Part("layers.observed_delivered")] Lower "seen as delivered, wrongly" => divergence(of.layers)[3].1,
        "share of observed-delivered that were not";
    "divergence.outcome_vs_observed" [Part("layers.outcome_success")] Lower "delivered, not seen" => divergence(of.layers)[4].1,
        "share of delivered never seen as such";
    "divergence.client_error_vs_outcome" [Part("")] Lower "failed to the client, delivered" => divergence(of.layers)[5].1,
        "share of requests the client saw fail of which a message was delivered";
    "within.<time>" [Part("layers.api_success")] Higher "delivered within <time>" => by_time(of, &within(of.layers.accepted, of.within)),
        "share of API successes delivered within that time";
    "of_requested.accepted" [Part("layers.requested")] Higher "accepted, of all" => of_requested(of.layers)[0].1,
        "share of what was asked for (`layers.requested`) that the API accepted. A recipient of a request counts once, however many messages repeated calls made of one; a person's resend is a request of its own";
    "of_requested.delivered" [Part("layers.requested")] Higher "delivered, of all" => of_requested(of.layers)[1].1,
        "share of what was asked for that was delivered; what the API refused is part of the whole";
    "of_requested.on_time" [Part("layers.requested")] Higher "on time, of all" => of_requested(of.layers)[2].1,
        "share of what was asked for that was delivered on time; what the API refused is part of the whole";
    "of_requested.within.<time>" [Part("layers.requested")] Higher "delivered within <time>, of all"
        => by_time(of, &of_requested_within(of.layers.requested, of.within, of.again)),
        "share of what was asked for that was on the handset within that time; what the API refused is part of the whole";
    "quiet.held" [Count] - "held in quiet hours" => of.quiet_held,
        "requests that the quiet hours of their stream held, and that were made when these ended";
    "opt_outs.refused" [Count] - "refused: opted out since" => of.opt_outs.refused,
        "messages that the API refused because the person had opted out in the course of the run (`opts_out`), of each call; among `requests.rejected.invalid`";
    "opt_outs.dropped" [Count] - "dropped: opted out since" => of.opt_outs.dropped,
        "messages that were accepted before the person opted out, and dropped right before a submit (`opts_out.checked = \"submit\"`)";
    "opt_outs.delivered" [Count] Lower "delivered after an opt-out" => of.opt_outs.delivered,
        "messages whose first copy was on the handset after the person had opted out";
    "truth.delivered_on_time" [Count] Higher "on time" => of.truth[Truth::DeliveredOnTime as usize],
        "accepted messages that were on the handset before their deadline";
    "truth.delivered_late" [Count] - "late" => of.truth[Truth::DeliveredLate as usize],
        "accepted messages that were on the handset after it";
    "truth.<outcome>" [Count] Lower "<outcome>" => ends(of.truth),
        "accepted messages by how they truly ended; all fifteen, always";
}

rows! {
    /// Of a stage's time, in a run or a stream.
    LATENCY(stage: Latency)
    "latency.<stage>.count" [Count] - "messages" => stage.count(),
        "what passed the stage: `api` (first call → the accepted call's end), `queue_wait` (before the first attempt), `window_wait` (for pace and window, first attempt), `submit` (each attempt), `hand_off` (request → truly accepted), `carrier_wait` (each copy), `delivery` (request → handset, first copy), `receipt` (reported event → sender)";
    "latency.<stage>.mean_s" [Seconds] Lower "mean" => stage.mean_s(), "mean time in the stage";
    "latency.<stage>.sd_s" [Seconds] Lower "sd" => stage.deviation_s(), "standard deviation of the time";
    "latency.<stage>.p50_s" [Seconds] Lower "p50" => stage.quantile_s(0.5), "median: half took at most this";
    "latency.<stage>.p90_s" [Seconds] Lower "p90" => stage.quantile_s(0.9), "90 % took at most this";
    "latency.<stage>.p95_s" [Seconds] Lower "p95" => stage.quantile_s(0.95), "95 % took at most this";
    "latency.<stage>.p99_s" [Seconds] Lower "p99" => stage.quantile_s(0.99), "99 % took at most this";
    "latency.<stage>.p999_s" [Seconds] Lower "p99.9" => stage.quantile_s(0.999), "99.9 % took at most this";
    "latency.<stage>.max_s" [Seconds] Lower "max" => stage.max_s(), "the longest time";
}

rows! {
    /// Of each route, by its id: copies.
    ROUTES(of: Of<'_, Route, RouteResults>)
    "routes.<name>.copies" [Count] - "copies" => of.2.copies, "copies that the provider truly accepted by this route";
    "routes.<name>.share" [Part("")] - "of all"
        => share(of.2.copies, of.0.results().routes.iter().map(|route| route.copies).sum()),
        "share of all copies that providers truly accepted";
    "routes.<name>.late" [Count] Lower "late"
        => of.1.watched().map(|_| of.2.copies - of.2.in_time - of.2.failed),
        "of those, copies that no receipt said delivered within the `later_than` of its `slow`, or none by the run's end; not those whose receipt told of a failure; null without such a rule";
    "routes.<name>.slowed" [Count] - "slowed" => of.1.watched().map(|_| of.2.slowed),
        "times, from warm-up on, that traffic was taken from it because it was slow; null without such a rule";
    "routes.<name>.restored" [Count] - "restored" => of.1.watched().map(|_| of.2.restored),
        "times, from warm-up on, that it got some of that back; null without such a rule";
    "routes.<name>.mean_weight" [Part("")] - "mean weight" => mean_weight(of),
        "its weight, as a share of its and its rivals', where that is largest, on average over time; null where no weight changes";
    "routes.<name>.weight" [Part("")] - "weight at the end" => weight(of, of.0.results().replications, of.2.weight_at_end),
        "the same at the run's end";
}

rows! {
    /// Of each queue; levels are time-weighted from warm-up to duration.
    QUEUES(of: Of<'_, Queue, QueueResults>)
    "queues.<name>.mean_depth" [Mean] Lower "mean depth" => of.0.mean_level(of.2.depth.area),
        "messages waiting, on average over time";
    "queues.<name>.max_depth" [Most] Lower "max depth" => of.2.depth.max, "the most messages waiting";
    "queues.<name>.mean_busy_workers" [Mean] - "mean busy" => of.0.mean_level(of.2.busy.area),
        "workers that hold a message, on average over time";
    "queues.<name>.utilisation" [Used] - "busy" => busy(of),
        "share of the workers that hold a message, on average; null without a limit. With `autoscale`, of those that were there";
    "queues.<name>.expired" [Count] Lower "expired" => of.2.expired,
        "messages that left by ttl or validity";
    "queues.<name>.discarded" [Count] Lower "discarded" => of.2.discarded,
        "messages that overflowed by `fail` or `discard`";
    "queues.<name>.quiet_held" [Count] - "held in quiet hours" => of.2.quiet_held,
        "messages that came in its quiet hours and waited for their end, each time that they came";
    "queues.<name>.quiet_refused" [Count] Lower "refused in quiet hours" => of.2.quiet_refused,
        "messages that failed in its quiet hours (`on_quiet = \"refuse\"`)";
    "queues.<name>.mean_workers" [Mean] - "mean workers" => workers(of),
        "workers that were there, on average over time, those included that finish what they have; null without a limit";
    "queues.<name>.max_workers" [Most] - "max workers" => most_workers(of),
        "the most workers that were there; null without a limit";
    "queues.<name>.worker_hours" [Mean] Lower "worker-hours" => worker_hours(of),
        "hours that workers were there or starting, from warm-up to `duration`: what they cost; of a run on average; null without a limit";
    "queues.<name>.mean_fetched" [Mean] Lower "mean fetched"
        => of.0.mean_level(of.2.behind.area).filter(|_| of.1.prefetch > 1),
        "messages that a worker has fetched and not come to, on average over time; null without `prefetch`";
    "queues.<name>.leases_ended" [Count] Lower "leases ended" => of.2.leases_ended,
        "times that a worker's lease of a message ran out before it had done with it: another one may then send it, too";
}

rows! {
    /// Of each provider.
    PROVIDERS(of: Of<'_, Provider, ProviderResults>)
    "providers.<name>.submits" [Count] - "submits" => of.2.submits, "submits made";
    "providers.<name>.accepted" [Count] - "accepted" => of.2.results[AttemptResult::Accepted as usize],
        "submits that the sender saw accepted (ESME_ROK): of one that timed out it heard nothing, whatever the provider did";
    "providers.<name>.throttled" [Count] Lower "throttled" => of.2.results[AttemptResult::Throttled as usize],
        "submits refused for their rate (ESME_RTHROTTLED)";
    "providers.<name>.queue_full" [Count] Lower "queue full" => of.2.results[AttemptResult::QueueFull as usize],
        "submits refused for a full queue (ESME_RMSGQFUL)";
    "providers.<name>.transient" [Count] Lower "transient" => of.2.results[AttemptResult::Transient as usize],
        "submits that failed for a while (ESME_RSYSERR)";
    "providers.<name>.permanent" [Count] Lower "permanent" => of.2.results[AttemptResult::Permanent as usize],
        "submits that failed for good (ESME_RINVDSTADR)";
    "providers.<name>.timeout" [Count] Lower "timeout" => of.2.results[AttemptResult::Timeout as usize],
        "submits that the sender gave up";
    "providers.<name>.lost" [Count] Lower "lost" => of.2.lost, "copies accepted and never relayed";
    "providers.<name>.window_utilisation" [Used] - "window" => of.0.utilisation(of.2.outstanding.area, of.1.window),
        "share of the window in use, on average over time; null without one";
    "providers.<name>.server_utilisation" [Used] - "servers" => of.0.utilisation(of.2.serving.area, of.1.servers),
        "share of the servers at work, on average over time; null without a limit";
    "providers.<name>.throttle_utilisation" [Used] - "throttle"
        => of.0.throttle_utilisation(&of.2.throttle_taken, &of.1.throttle),
        "share of the throttle's rate that was taken, of its busiest bucket; of several throttles the highest; null without one";
    "providers.<name>.throttle_used.<throttle>" [Used] - "used of throttle <throttle>"
        => throttles_used(of.0, &of.2.throttle_taken, &of.1.throttle),
        "the same of each of several throttles, which go by their scopes";
    "providers.<name>.throttled_by.<throttle>" [Count] Lower "throttled by <throttle>"
        => throttled_by(&of.2.throttled_by, &of.1.throttle),
        "submits refused by each of several throttles: the first of the list that had no tokens";
    "providers.<name>.mean_backlog" [Mean] Lower "mean backlog" => of.0.mean_level(of.2.backlog.area),
        "submits waiting for a server, on average over time";
    "providers.<name>.max_backlog" [Most] Lower "max backlog" => of.2.backlog.max,
        "the most submits waiting for a server";
    "providers.<name>.truly_accepted" [Count] - "truly accepted" => of.2.truly_accepted,
        "copies that the provider truly accepted, whether the sender heard of it or not: what it relays and bills";
}

rows! {
    /// Of each carrier: copies.
    CARRIERS(of: Of<'_, Carrier, CarrierResults>)
    "carriers.<name>.arrived" [Count] - "arrived" => of.2.arrived, "copies relayed to it";
    "carriers.<name>.filtered.<filter>" [Count] Lower "filtered by <filter>" => filtered(of),
        "copies that the filter took";
    "carriers.<name>.throttled" [Count] Lower "throttled" => of.2.throttled,
        "copies that the throttle rejected, dropped or turned away";
    "carriers.<name>.capped" [Count] Lower "capped" => of.2.capped, "copies over the daily cap that failed";
    "carriers.<name>.held" [Count] Lower "held" => of.2.held,
        "times that the daily cap held a copy until it started anew";
    "carriers.<name>.quiet_held" [Count] - "held in quiet hours" => of.2.quiet_held,
        "copies that came in its quiet hours and waited for their end";
    "carriers.<name>.quiet_refused" [Count] Lower "refused in quiet hours" => of.2.quiet_refused,
        "copies that it refused in its quiet hours (`on_quiet = \"refuse\"`)";
    "carriers.<name>.delivered" [Count] - "delivered" => of.2.delivered, "copies that reached the handset";
    "carriers.<name>.expired" [Count] Lower "expired" => of.2.expired,
        "copies whose handset was absent, or that the daily cap held, until their validity ended";
    "carriers.<name>.unknown_subscriber" [Count] Lower "unknown" => of.2.unknown_subscriber,
        "copies without a subscriber";
    "carriers.<name>.lost" [Count] Lower "lost" => of.2.lost, "copies lost on the way to the handset";
    "carriers.<name>.throttle_utilisation" [Used] - "throttle"
        => of.0.throttle_utilisation(&of.2.throttle_taken, &of.1.throttle),
        "share of the throttle's rate that was taken, of its busiest bucket; of several throttles the highest; null without one";
    "carriers.<name>.throttle_used.<throttle>" [Used] - "used of throttle <throttle>"
        => throttles_used(of.0, &of.2.throttle_taken, &of.1.throttle),
        "the same of each of several throttles, which go by their scopes";
    "carriers.<name>.throttled_by.<throttle>" [Count] Lower "throttled by <throttle>"
        => throttled_by(&of.2.throttled_by, &of.1.throttle),
        "copies turned away by each of several throttles: the first of the list that had no tokens";
    "carriers.<name>.max_depth" [Most] Lower "max depth" => of.2.waiting.max,
        "the most copies waiting for the throttle, or held by the daily cap";
}

rows! {
    /// Of each incident.
    INCIDENTS(of: Of<'_, Incident, IncidentResults>)
    "incidents.<name>.from_s" [Seconds] - "from" => in_seconds(of.1.at), "when it begins, for the first time";
    "incidents.<name>.to_s" [Seconds] - "to" => in_seconds(of.1.end()), "when it ends, for the first time";
    "incidents.<name>.every_s" [Seconds] - "again every" => of.1.repeat.map(|every| in_seconds(every.period())),
        "how long after its beginning it begins again; null if it happens once";
    "incidents.<name>.on_time_during" [Part("")] Higher "on time during" => share(of.2.during.on_time, of.2.during.requested),
        "share of recipients of requests made in it, whichever time, whom a message reached on time";
    "incidents.<name>.recovery_s" [Seconds] Lower "recovered after" => of.2.recovery().map(in_seconds),
        "from its end, the first time, to the start of the first 30 s window of requests whose share is at most one point below that of the requests from warm-up to its beginning; null if it never recovered, or there was nothing before it";
}

/// A weight, summed over `runs` in billionths, where it changes.
fn weight(of: &Of<'_, Route, RouteResults>, runs: u64, sum: u64) -> Option<f64> {
    let routes = of.0.spec.routes.iter().zip(of.0.spec.weights_that_change());
    let mut changing = routes.filter(|&(_, changes)| changes).map(|(route, _)| route.id);
    let changes = changing.any(|id| id == of.1.id);
    (changes && runs > 0).then(|| sum as f64 / 1e9 / runs as f64)
}

fn mean_weight(of: &Of<'_, Route, RouteResults>) -> Option<f64> {
    weight(of, 1, 0)?;
    Some(of.0.mean_level(of.2.weight_area)? / 1e9)
}

/// The share of the workers that were there that held a message.
fn busy(of: &Of<'_, Queue, QueueResults>) -> Option<f64> {
    match of.1.autoscale {
        None => of.0.utilisation(of.2.busy.area, of.1.workers),
        Some(_) if of.2.workers.area == 0 => None,
        Some(_) => Some(of.2.busy.area as f64 / of.2.workers.area as f64),
    }
}

/// Workers that were there, on average.
fn workers(of: &Of<'_, Queue, QueueResults>) -> Option<f64> {
    match of.1.autoscale {
        None => of.1.workers.map(f64::from),
        Some(_) => of.0.mean_level(of.2.workers.area),
    }
}

fn most_workers(of: &Of<'_, Queue, QueueResults>) -> Option<u64> {
    match of.1.autoscale {
        None => of.1.workers.map(u64::from),
        Some(_) => Some(of.2.workers.max),
    }
}

fn worker_hours(of: &Of<'_, Queue, QueueResults>) -> Option<f64> {
    let paid = match of.1.autoscale {
        None => of.1.workers.map(f64::from),
        Some(_) => of.0.mean_level(of.2.paid.area),
    };
    Some(paid? * in_seconds(of.0.spec.duration - of.0.spec.warmup) / 3600.0)
}

fn rejected(run: &Facts<'_>) -> Map {
    let counts = &run.results().requests.rejected;
    Map::new().and(Rejection::ALL.map(|why| (why.name(), counts[why as usize])))
}

/// States that a sender may act on.
const ACTED_ON: [Observed; 5] = [
    Observed::Undelivered,
    Observed::Expired,
    Observed::Rejected,
    Observed::Failed,
    Observed::Unknown,
];

fn acted_on(run: &Facts<'_>) -> Map {
    let counts = &run.results().on_receipt.seen;
    Map::new().and(ACTED_ON.map(|state| (state.name(), counts[state as usize])))
}

fn part_ends(run: &Facts<'_>, end: PartEnd) -> u64 {
    run.results().parts.ends[end as usize]
}

fn observed(run: &Facts<'_>) -> Map {
    let seen = |truth: Truth| {
        let counts = &run.results().observed[truth as usize];
        Map::new().and(Observed::ALL.map(|state| (state.name(), counts[state as usize])))
    };
    Map::new().and(Truth::ALL.map(|truth| (truth.name(), seen(truth))))
}

fn ends(truth: &[u64; Truth::COUNT]) -> Map {
    let others = Truth::ALL.into_iter().filter(|truth| !truth.delivered());
    Map::new().and(others.map(|end| (end.name(), truth[end as usize])))
}

fn by_time(of: &Messages<'_>, shares: &[Option<f64>]) -> Map {
    let times = of.spec.within.iter().map(|(time, _)| time.as_str());
    Map::new().and(times.zip(shares.iter().copied()))
}

fn limited_by(run: &Facts<'_>) -> Map {
    let names = run.spec.api.limit_names();
    let counts = run.results().limited_by.iter().copied();
    names
        .iter()
        .zip(counts)
        .fold(Map::new(), |map, (name, count)| map.and([(name.as_str(), count)]))
}

/// By throttle, where there are several.
fn by_throttle<T: Throttle, V: Into<Value>>(
    throttles: &[T],
    values: impl Iterator<Item = V>,
) -> Map {
    let names = if throttles.len() > 1 { throttle_names(throttles) } else { Vec::new() };
    let values = names.iter().map(String::as_str).zip(values.map(Into::into));
    values.fold(Map::new(), |map, own| map.and([own]))
}

fn throttles_used<T: Throttle>(run: &Facts<'_>, taken: &[u64], throttles: &[T]) -> Map {
    by_throttle(throttles, run.throttles_used(taken, throttles))
}

fn throttled_by<T: Throttle>(counts: &[u64], throttles: &[T]) -> Map {
    by_throttle(throttles, counts.iter().copied())
}

fn filtered(of: &Of<'_, Carrier, CarrierResults>) -> Map {
    let names = of.1.filters.iter().map(|filter| filter.name.as_str());
    Map::new().and(names.zip(of.2.filtered.iter().copied()))
}

/// Messages by the number of their submits, of those that had one.
fn submits<'run>(run: &'run Facts<'_>) -> impl Iterator<Item = (u64, u64)> + use<'run> {
    let counts = run.results().attempts.iter().copied();
    (0..).zip(counts).skip(1).filter(|&(_, count)| count > 0)
}

/// The mean and the most of them.
fn attempts(run: &Facts<'_>) -> (Option<f64>, Option<u64>) {
    let (messages, all) = submits(run)
        .fold((0, 0), |(messages, all), (n, count)| (messages + count, all + n * count));
    let mean = (messages > 0).then(|| all as f64 / messages as f64);
    (mean, submits(run).last().map(|(n, _)| n))
}

fn histogram(run: &Facts<'_>) -> Map {
    Map::new().and(submits(run).map(|(n, count)| (n.to_string(), count)))
}

/// An amount of the account; without one the balance has no limit.
fn limited(run: &Facts<'_>, amount: i128) -> Option<f64> {
    run.spec.account.as_ref().map(|_| in_units(amount))
}

fn each(run: &Facts<'_>, count: u64) -> Option<f64> {
    let money = &run.results().money;
    (count > 0).then(|| in_units(money.charged - money.refunded) / count as f64)
}

fn margin(run: &Facts<'_>) -> f64 {
    let money = &run.results().money;
    in_units(money.charged - money.refunded - money.billed)
}
