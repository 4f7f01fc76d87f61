//! The plan: which shortcuts a chain's settings allow.
//!
//! Every setting is named here: a new one doesn't compile until someone has said which shortcut it
//! forbids. A setting bound to `_` forbids none, because the shortcut asks the station itself, or
//! because it acts where no shortcut is taken.

use crate::chain::records::outcome::Observed;
use crate::chain::spec::{
    Account, Api, Carrier, Client, Filter, Overflow, Parts, Policy, Provider, Queue, Receipts,
    Refund, Retry, Route, Spec, Traffic,
};
use crate::chain::stations::carrier::says;
use crate::kernel::Nanos;

/// The shortcuts of a chain.
#[derive(Debug)]
pub(super) struct Plan {
    /// Requests are made ahead of their time, several at once: nothing that happens between a
    /// request and the end of the API's work on it has to do with another one.
    pub(super) requests_ahead: bool,
    /// Such a request is accepted when it is made: nothing that happens meanwhile can refuse it.
    pub(super) eager_admission: bool,
    /// The end of what is foreseen of a message's last copy: that of the run; 0 where what a sender sees sets
    /// something going, at its time, or an autoscaler looks on until the end.
    pub(super) foreseeable_until: Nanos,
    /// By carrier: what becomes of a copy past the throttle has nothing to do with other copies, so
    /// that it may wait for more like it.
    pub(super) independent_tails: Vec<bool>,
    /// Draws of copies past a throttle that are made at all.
    pub(super) tail_draws: TailDraws,
}

/// Draws for copies past a carrier's throttle, anywhere in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TailDraws {
    pub(super) filters: bool,
    pub(super) deliveries: bool,
    pub(super) receipts: bool,
}

/// More streams would take longer to choose from than an event each takes.
const STREAMS_AT_MOST: usize = 8;

impl Plan {
    pub(super) fn new(spec: &Spec) -> Plan {
        let Spec {
            name: _,
            summary: _,
            seed: _,
            start: _,
            start_day: _,
            duration,
            drain,
            warmup: _,
            within: _,
            sample_every: _,
            scale: _,
            traffic,
            api,
            client,
            account,
            // What is charged, and by which route, is asked for each message.
            charge_at_accept: _,
            refund,
            routes,
            queues,
            retry,
            // Asked of all streams together.
            on_receipt: _,
            providers,
            carriers,
            // What they do is asked of each station at its time, but for the draws they call for.
            incidents,
        } = spec;
        // What the sender sees sets something going at its time.
        let acts = spec.acts_on_receipts() || spec.watches_routes();
        // An autoscaler looks as long as anything is under way.
        let awaited = acts || queues.iter().any(|queue| queue.autoscale.is_some());
        let requests_ahead = traffic.len() <= STREAMS_AT_MOST
            && traffic.iter().all(stream_is_independent)
            && api_is_independent(api)
            && client_is_independent(client);
        let policies = [retry].into_iter();
        let policies = policies.chain(traffic.iter().filter_map(|stream| stream.retry.as_ref()));
        let mut policies = policies.chain(queues.iter().filter_map(|queue| queue.retry.as_ref()));
        let eager_admission = requests_ahead
            && account_never_refuses(account.as_ref())
            && queues.iter().all(queue_never_refuses)
            && routes.iter().all(route_never_refuses)
            && policies.all(policy_never_reroutes);
        Plan {
            requests_ahead,
            eager_admission,
            foreseeable_until: match awaited {
                false => duration.saturating_add(*drain).saturating_add(1),
                true => 0,
            },
            independent_tails: carriers
                .iter()
                .map(|carrier| !awaited && tail_is_independent(carrier, *refund))
                .collect(),
            tail_draws: TailDraws {
                filters: carriers
                    .iter()
                    .filter_map(|carrier| carrier.filters.first())
                    .any(filter_draws),
                deliveries: carriers
                    .iter()
                    .any(|carrier| carrier.loss > 0.0 || carrier.latency.is_random()),
                receipts: providers.iter().any(receipts_draw)
                    || incidents.iter().any(|incident| incident.effects.receipt_loss > 0.0),
            },
        }
    }
}

/// True if a stream's request has nothing to do with what became of another one.
fn stream_is_independent(stream: &Traffic) -> bool {
    let Traffic {
        name: _,
        arrivals: _,
        senders: _,
        brand: _,
        campaign: _,
        carriers: _,
        recipients: _,
        // With several recipients a request is made ahead, but not accepted then.
        per_request: _,
        chars: _,
        ucs2: _,
        spam_score: _,
        invalid: _,
        opted_out: _,
        priority: _,
        deadline: _,
        validity: _,
        // A matter of person and time alone.
        opts_out: _,
        // Holds requests back, or has the API refuse them.
        quiet,
        resend,
        retry: _,
        // What comes after the API.
        on_receipt: _,
    } = stream;
    resend.is_none() && quiet.is_empty()
}

fn api_is_independent(api: &Api) -> bool {
    let Api {
        latency: _,
        rate_limit,
        limits,
        concurrency,
        // Only with a limit.
        refusal_latency: _,
        retry_after: _,
        // Drawn with the request.
        errors: _,
        max_segments: _,
    } = api;
    rate_limit.is_none() && limits.is_empty() && concurrency.is_none()
}

/// True if the client waits for each answer, and calls by no more than what became of that request.
fn client_is_independent(client: &Client) -> bool {
    let Client {
        timeout,
        // Only where the client hangs up.
        idempotency: _,
        retry: Policy { on: _, tries: _, rules: _, budget, breaker },
    } = client;
    timeout.is_none() && budget.is_none() && breaker.is_none()
}

/// An account without limit pays always; only one with a limit can be frozen.
fn account_never_refuses(account: Option<&Account>) -> bool {
    account.is_none()
}

fn queue_never_refuses(queue: &Queue) -> bool {
    let Queue {
        name: _,
        capacity,
        overflow,
        // What comes after the message is enqueued.
        discipline: _,
        dispatch: _,
        workers: _,
        overhead: _,
        ttl: _,
        expire_at_submit: _,
        // Holds no message that has been accepted from being so.
        quiet: _,
        // A worker that has lost its lease keeps its message open: nothing of that is foreseen before it ends.
        lease: _,
        prefetch: _,
        requeue: _,
        // Asked of all queues together.
        autoscale: _,
        crash: _,
        retry: _,
    } = queue;
    match overflow {
        Overflow::Reject => capacity.is_none(),
        Overflow::Fail | Overflow::Discard => true,
    }
}

/// A route is open at any time, and its weight stays.
fn route_never_refuses(route: &Route) -> bool {
    let Route {
        id: _,
        carriers: _,
        provider: _,
        queue: _,
        price: _,
        cost: _,
        // Chosen by a draw of the message's own.
        rank: _,
        weight: _,
        // By what the message is.
        only: _,
        // What comes after the message is enqueued.
        choose: _,
        // A route whose weight changes isn't known ahead.
        slow: _,
    } = route;
    route.watched().is_none()
}

/// True if a message's first route is the same whatever became of others: an open breaker would send it
/// elsewhere.
fn policy_never_reroutes(retry: &Retry) -> bool {
    let Retry {
        policy: Policy { on: _, tries: _, rules: _, budget: _, breaker },
        // Of later attempts.
        failover: _,
        hedge: _,
    } = retry;
    breaker.is_none()
}

fn tail_is_independent(carrier: &Carrier, refund: Refund) -> bool {
    let Carrier {
        name: _,
        // The copy has passed them already.
        quiet: _,
        throttle: _,
        daily_cap,
        unknown_subscriber: _,
        filters,
        // The absence of a message's only copy is its own; of others it is asked at their time.
        absent: _,
        retry_schedule: _,
        latency: _,
        // Asked of the carrier at the time of the try.
        latency_by_day: _,
        loss: _,
    } = carrier;
    // What moves money back does so at its time.
    let says_of_filters = filters.iter().filter_map(|filter| says(filter.receipt));
    let mut said = [Observed::Delivered, Observed::Undelivered, Observed::Expired]
        .into_iter()
        .chain(says_of_filters);
    daily_cap.is_none()
        && filters.iter().all(filter_forgets)
        && !said.any(|state| refund.is_called_for(state))
}

/// True if a filter keeps nothing of the copies it has seen.
fn filter_forgets(filter: &Filter) -> bool {
    let Filter {
        name: _,
        rule,
        probability: _,
        action: _,
        receipt: _,
        // When it is on is a matter of time alone.
        enabled: _,
    } = filter;
    !rule.remembers()
}

fn filter_draws(filter: &Filter) -> bool {
    (0.0..1.0).contains(&filter.probability)
}

fn receipts_draw(provider: &Provider) -> bool {
    // A message in parts has an extra record, by which it never waits for more like it; its last copy is
    // foreseen as any other, when all else of it has come.
    let Provider { parts: Parts::Whole | Parts::Each, .. } = provider;
    let Receipts {
        delay,
        loss,
        false_delivered: _,
        meaning: _,
        unknown_after: _,
        // What is made of those that come draws nothing.
        forgotten_after: _,
        several: _,
        whole: _,
    } = &provider.receipts;
    *loss > 0.0 || delay.is_random()
}
