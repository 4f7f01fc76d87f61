//! The part that chance has in a chain, if any.

use super::{
    Api, Arrivals, Backoff, Carrier, Client, Delay, Failures, Filter, Incident, Jitter, OnReceipt,
    Pick, Provider, Queue, Receipts, Retry, Route, Senders, Spec, Traffic, Tries,
};
use crate::random::Variate;

impl Spec {
    /// `true` if anything in it is drawn, so that another seed may give other figures. Where nothing is,
    /// one run is exact.
    #[must_use]
    pub fn is_left_to_chance(&self) -> bool {
        self.traffic.iter().any(|stream| stream_draws(stream, self.scale))
            || api_draws(&self.api)
            || client_draws(&self.client)
            || routes_draw(&self.routes)
            || retry_draws(&self.retry)
            || (0..self.traffic.len()).filter_map(|it| self.on_receipt_of(it)).any(reaction_draws)
            || self.used(&self.queues, Spec::uses_queue).any(queue_draws)
            || self.used(&self.providers, Spec::uses_provider).any(provider_draws)
            || self.carriers.iter().any(carrier_draws)
            || self.incidents.iter().any(incident_draws)
    }

    /// `true` if any route leads to a provider: what nobody uses changes no figure.
    #[must_use]
    pub fn uses_provider(&self, index: usize) -> bool {
        self.routes.iter().any(|route| route.provider == index)
    }

    /// `true` if any route goes by a queue.
    #[must_use]
    pub fn uses_queue(&self, index: usize) -> bool {
        self.routes.iter().any(|route| route.queue == index)
    }

    fn used<'spec, T>(
        &'spec self,
        list: &'spec [T],
        uses: impl Fn(&Spec, usize) -> bool,
    ) -> impl Iterator<Item = &'spec T> {
        (0..).zip(list).filter(move |(index, _)| uses(self, *index)).map(|(_, item)| item)
    }
}

/// `true` if it is neither certain nor impossible.
fn open(probability: f64) -> bool {
    probability > 0.0 && probability < 1.0
}

fn varies(variate: &Variate) -> bool {
    variate.as_constant().is_none()
}

fn random(delay: &Delay) -> bool {
    matches!(delay, Delay::Random(variate) if varies(variate))
}

fn stream_draws(stream: &Traffic, scale: f64) -> bool {
    let arrivals = match &stream.arrivals {
        Arrivals::Poisson { .. } | Arrivals::Profile { .. } | Arrivals::OnOff { .. } => true,
        Arrivals::Constant { .. } | Arrivals::Campaign { .. } => false,
        // Rows are repeated or left out by chance unless the scale is whole.
        Arrivals::Trace { .. } => scale.fract() != 0.0,
    };
    let pool = matches!(&stream.senders, Senders::Pool { count, pick }
        if *count > 1 && *pick != Pick::RoundRobin);
    arrivals
        || pool
        || stream.carriers.len() > 1
        || stream.recipients.is_some()
        || varies(&stream.chars)
        || varies(&stream.spam_score)
        || [stream.ucs2, stream.invalid, stream.opted_out].into_iter().any(open)
        || stream.opts_out.as_ref().is_some_and(|own| open(own.share) || random(&own.after))
        || stream.resend.as_ref().is_some_and(|resend| open(resend.probability))
        || stream.retry.as_ref().is_some_and(retry_draws)
}

fn api_draws(api: &Api) -> bool {
    random(&api.latency) || api.refusal_latency.as_ref().is_some_and(random) || open(api.errors)
}

fn client_draws(client: &Client) -> bool {
    let policy = &client.retry;
    tries_draw(&policy.tries) || policy.rules.iter().any(|rule| tries_draw(&rule.tries))
}

/// `true` if a carrier's messages have a choice within a rank.
fn routes_draw(routes: &[Route]) -> bool {
    let shares = |one: &Route, other: &Route| {
        one.rank == other.rank
            && one.carriers.iter().any(|carrier| other.carriers.contains(carrier))
    };
    routes
        .iter()
        .enumerate()
        .any(|(index, one)| routes[index + 1..].iter().any(|other| shares(one, other)))
}

fn retry_draws(retry: &Retry) -> bool {
    let policy = &retry.policy;
    tries_draw(&policy.tries) || policy.rules.iter().any(|rule| tries_draw(&rule.tries))
}

fn reaction_draws(rule: &OnReceipt) -> bool {
    tries_draw(&rule.retry)
}

fn tries_draw(tries: &Tries) -> bool {
    let backoff = match &tries.backoff {
        Backoff::Fixed { delay } => random(delay),
        Backoff::Decorrelated { .. } => true,
        _ => false,
    };
    // A wait of nothing has no spread.
    let waits = !matches!(tries.backoff, Backoff::Immediate);
    backoff || (waits && tries.jitter != Jitter::None)
}

fn queue_draws(queue: &Queue) -> bool {
    random(&queue.overhead)
        || queue.crash.is_some()
        || queue.retry.as_ref().is_some_and(retry_draws)
}

fn provider_draws(provider: &Provider) -> bool {
    let Receipts { delay, loss, false_delivered, .. } = &provider.receipts;
    random(&provider.latency)
        || provider.refusal_latency.as_ref().is_some_and(random)
        || failures_draw(&provider.failures)
        || (!provider.failures_by_day.is_empty() && provider.failures != Failures::default())
        || open(provider.timeout_accepted)
        || provider.degraded.is_some()
        || random(&provider.relay)
        || random(delay)
        || [provider.loss, *loss, *false_delivered].into_iter().any(open)
}

fn failures_draw(failures: &Failures) -> bool {
    failures.shares().into_iter().any(open)
}

fn carrier_draws(carrier: &Carrier) -> bool {
    let absent = carrier.absent.as_ref().is_some_and(|absent| {
        open(absent.probability)
            || (absent.probability > 0.0 && (random(&absent.returns) || open(absent.alert)))
    });
    absent
        || random(&carrier.latency)
        || open(carrier.unknown_subscriber)
        || open(carrier.loss)
        // One that is off may be switched on by an incident.
        || carrier.filters.iter().any(|filter: &Filter| open(filter.probability))
}

fn incident_draws(incident: &Incident) -> bool {
    let effects = &incident.effects;
    failures_draw(&effects.failures)
        || open(effects.receipt_loss)
        // While it ramps, shares are in between.
        || (incident.ramp > 0
            && (effects.failures != Failures::default() || effects.receipt_loss > 0.0))
}
