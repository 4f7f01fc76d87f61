//! Settings of queues that are legal but do nothing, or more than was meant.

use super::overload::{mean, submit_s};
use super::retries::most;
use super::warning;
use crate::chain::spec::{
    Autoscale, Crash, Delay, Dispatch, Guarantee, Provider, ProviderExcess, Queue, Requeue,
    ScaleTarget, Spec, Target,
};
use crate::kernel::{Nanos, in_seconds};
use crate::scenario::Diagnostic;
use crate::scenario::checked::Record;
use crate::scenario::units::duration;

/// Looks at every queue that a route uses.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    // Entries and the spec's lists are in the same order.
    for (index, (entry, queue)) in root.tables("queue").zip(&spec.queues).enumerate() {
        let mut providers: Vec<usize> = spec
            .routes
            .iter()
            .filter(|route| route.queue == index)
            .map(|route| route.provider)
            .collect();
        providers.sort_unstable();
        providers.dedup();
        if providers.is_empty() {
            continue;
        }
        let mut warn = |key: &'static str, message: String, label: &str| {
            warnings.push(warning(entry.at(key), message, label));
        };
        if let Some(lease) = queue.lease {
            look_at_lease(lease, queue, spec, &providers, &mut warn);
        }
        let back = comes_back(queue, spec);
        if queue.prefetch > 1 && queue.capacity == Some(0) && !back {
            let label = "`capacity` is 0 and nothing comes back: no message ever waits";
            warn("prefetch", "`prefetch` finds nothing to fetch".to_owned(), label);
        }
        if queue.requeue == Requeue::Head && !back {
            let label =
                "no message comes back: nothing is tried twice, no worker crashes, no lease ends";
            warn("requeue", "`requeue` is for nothing".to_owned(), label);
        }
        if let Some(rule) = &queue.autoscale {
            look_at_scaler(rule, queue, spec, &mut warn);
        }
    }
}

/// A lease that never runs out, or that runs out of nearly every message.
fn look_at_lease(
    lease: Nanos,
    queue: &Queue,
    spec: &Spec,
    providers: &[usize],
    warn: &mut impl FnMut(&'static str, String, &str),
) {
    let most = providers.iter().map(|&provider| longest(queue, spec, provider));
    if let Some(most) = most.collect::<Option<Vec<Nanos>>>().and_then(|all| all.into_iter().max())
        && most <= lease
    {
        let label = format!("no worker holds a message for longer than {}", duration::print(most));
        warn("lease", "`lease` never runs out".to_owned(), &label);
    }
    let overhead = mean(&queue.overhead).unwrap_or(0.0);
    let slow = providers.iter().map(|&provider| overhead + submit_s(spec, provider));
    if let Some(mean) = slow.reduce(f64::max).filter(|&mean| mean >= in_seconds(lease)) {
        let ends =
            queue.ttl.is_some() || spec.traffic.iter().all(|stream| stream.validity.is_some());
        let label = format!(
            "overhead and submit take {mean:.3} s in the mean: most messages are taken again before \
             they are done, {}",
            if ends { "until ttl or validity ends it" } else { "and again, for ever" }
        );
        warn("lease", "`lease` is shorter than the work".to_owned(), &label);
    }
}

/// True if a message may come back to a queue that it has left.
fn comes_back(queue: &Queue, spec: &Spec) -> bool {
    let of_streams = spec.traffic.iter().filter_map(|stream| stream.retry.as_ref());
    let of_queues = spec.queues.iter().filter_map(|queue| queue.retry.as_ref());
    let mut policies = of_streams.chain(of_queues).chain([&spec.retry]);
    let lost = |crash: &Crash| crash.guarantee == Guarantee::AtMostOnce;
    queue.lease.is_some()
        || queue.crash.as_ref().is_some_and(|crash| !lost(crash))
        || spec.acts_on_receipts()
        || policies.any(|retry| most(&retry.policy) != Some(1) || retry.policy.breaker.is_some())
}

/// An autoscaler that never changes anything.
fn look_at_scaler(
    rule: &Autoscale,
    queue: &Queue,
    spec: &Spec,
    warn: &mut impl FnMut(&'static str, String, &str),
) {
    let mut warn = |label: String| {
        warn("autoscale", format!("the workers of queue `{}` never change", queue.name), &label);
    };
    if rule.min == rule.max {
        warn(format!("`min` and `max` are both {}", rule.max));
    } else if rule.every >= spec.duration {
        warn(format!(
            "it looks every {}, and no request comes as late",
            duration::print(rule.every)
        ));
    }
    let never = match (rule.target, queue.capacity, queue.ttl) {
        (ScaleTarget::Depth(target), Some(capacity), _) if target >= capacity => Some(format!(
            "`capacity` is {capacity}: never more than `target_depth` wait, retries aside"
        )),
        (ScaleTarget::Age(target), _, Some(ttl)) if target >= ttl => Some(format!(
            "`ttl` is {}: nothing waits longer than `target_age`",
            duration::print(ttl)
        )),
        _ => None,
    };
    if let Some(label) = never {
        warn(label);
    }
}

/// The longest that a worker holds a message for a provider; `None`: not known.
fn longest(queue: &Queue, spec: &Spec, index: usize) -> Option<Nanos> {
    let Delay::Constant(overhead) = queue.overhead else {
        return None;
    };
    let provider = &spec.providers[index];
    // Where messages wait in the queue for token and slot no worker does.
    if queue.dispatch == Dispatch::Workers && waits(provider) || retries_hold(spec) {
        return None;
    }
    let submit = match (&provider.latency, provider.submit_timeout) {
        (_, Some(timeout)) => timeout,
        (Delay::Constant(latency), None) if !changes(spec, index) => *latency,
        _ => return None,
    };
    overhead.checked_add(submit)
}

/// True if a worker may wait for a provider's pace, window or servers.
fn waits(provider: &Provider) -> bool {
    provider.window.is_some()
        || provider.servers.is_some()
        || provider.throttle.iter().any(|throttle| throttle.on_excess == ProviderExcess::Pace)
}

/// True if any policy holds a worker for longer than one submit, or pauses a link.
fn retries_hold(spec: &Spec) -> bool {
    let of_streams = spec.traffic.iter().filter_map(|stream| stream.retry.as_ref());
    let of_queues = spec.queues.iter().filter_map(|queue| queue.retry.as_ref());
    let mut policies = of_streams.chain(of_queues).chain([&spec.retry]);
    policies.any(|retry| {
        retry.hedge.is_some() || retry.policy.rules.iter().any(|rule| rule.pauses_link.is_some())
    })
}

/// True if a provider's latency is another one at times.
fn changes(spec: &Spec, index: usize) -> bool {
    let provider = &spec.providers[index];
    provider.degraded.is_some()
        || provider.refusal_latency.is_some()
        || provider.servers.is_some()
        || spec.incidents.iter().any(|incident| incident.target == Target::Provider(index))
}
