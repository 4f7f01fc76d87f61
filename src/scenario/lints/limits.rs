//! Limits that never bind, that nobody falls under, or that turn away most of what comes: of throttles in a
//! list, of the API, of daily caps that hold.

use super::{mean_rate, warning};
use crate::chain::spec::{
    Allowance, ApiLimit, ApiScope, CapExcess, DailyCap, Delay, Scope, Senders, Spec, Target,
    Throttle, Traffic, throttle_names,
};
use crate::kernel::{Nanos, in_seconds};
use crate::scenario::Diagnostic;
use crate::scenario::checked::Record;
use crate::scenario::units::duration;

const DAY: Nanos = 86_400 * 1_000_000_000;

/// Looks at the limits of every station.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    // Entries and the spec's lists are in the same order.
    for (index, (entry, provider)) in root.tables("provider").zip(&spec.providers).enumerate() {
        let whose = format!("provider `{}`", provider.name);
        throttles(entry, &whose, &provider.throttle, spec, warnings);
        windows(root, Target::Provider(index), &whose, &provider.throttle, spec, warnings);
    }
    for (index, (entry, carrier)) in root.tables("carrier").zip(&spec.carriers).enumerate() {
        let whose = format!("carrier `{}`", carrier.name);
        throttles(entry, &whose, &carrier.throttle, spec, warnings);
        windows(root, Target::Carrier(index), &whose, &carrier.throttle, spec, warnings);
        if let Some(cap) = carrier.daily_cap.as_ref().filter(|cap| cap.on_excess == CapExcess::Hold)
        {
            let at = |key| entry.table("daily_cap").map_or(entry.place, |table| table.at(key));
            holds(cap, index, &whose, spec, |message, label| {
                warnings.push(warning(at("on_excess"), message, label));
            });
        }
    }
    api(root, spec, warnings);
}

/// The number of counts of a scope among which the traffic is shared, if it is simply known.
fn counts(scope: Scope, spec: &Spec) -> Option<f64> {
    let of = |traffic: &Traffic| match (&traffic.senders, scope) {
        (_, Scope::Carrier | Scope::Provider) => 1.0,
        (_, Scope::Brand) if traffic.brand.is_some() => 1.0,
        (_, Scope::Campaign) if traffic.campaign.is_some() => 1.0,
        (Senders::One(_), _) => 1.0,
        (Senders::Pool { count, .. }, _) => f64::from(*count),
    };
    match scope {
        Scope::Carrier => Some(1.0),
        Scope::Provider => None,
        // Of several streams some may share theirs.
        _ => Some(spec.traffic.iter().map(of).sum()),
    }
}

/// A throttle of a list that another of it never leaves anything to do.
fn throttles<T: Throttle>(
    entry: &Record,
    whose: &str,
    list: &[T],
    spec: &Spec,
    warnings: &mut Vec<Diagnostic>,
) {
    if list.len() < 2 {
        return;
    }
    let names = throttle_names(list);
    let at_provider = whose.starts_with("provider");
    for (index, (loose, place)) in list.iter().zip(entry.tables("throttle")).enumerate() {
        let tight = list.iter().enumerate().find(|&(other, tight)| {
            let whole = matches!(loose.scope(), Scope::Carrier)
                || at_provider && loose.scope() == Scope::Provider;
            let times = match (tight.scope() == loose.scope(), whole) {
                (true, _) => Some(1.0),
                (false, true) => counts(tight.scope(), spec),
                (false, false) => None,
            };
            let alike = tight.allowance() == loose.allowance();
            other != index
                && times
                    .is_some_and(|times| never_binds(loose.allowance(), tight.allowance(), times))
                && !(alike && index < other)
        });
        if let Some((tight, _)) = tight {
            let message = format!("a throttle of {whose} is for nothing: `{}`", names[index]);
            let label = format!("`{}` lets through no more than this would", names[tight]);
            warnings.push(warning(place.place, message, &label));
        }
    }
}

/// True if what so many counts of one limit let through is always within another.
fn never_binds(loose: &Allowance, tight: &Allowance, times: f64) -> bool {
    match (loose, tight) {
        (Allowance::Bucket(loose), Allowance::Bucket(tight)) => {
            tight.rate * times <= loose.rate && tight.burst as f64 * times <= loose.burst as f64
        }
        (Allowance::Window(loose), Allowance::Window(tight)) => {
            let windows = (loose.per.span() / tight.per.span()).max(1);
            tight.limit as f64 * times * windows as f64 <= loose.limit as f64
        }
        _ => false,
    }
}

/// An incident that is over before a fixed window has begun in it.
fn windows<T: Throttle>(
    root: &Record,
    target: Target,
    whose: &str,
    list: &[T],
    spec: &Spec,
    warnings: &mut Vec<Diagnostic>,
) {
    let spans = list.iter().map(|throttle| match throttle.allowance() {
        Allowance::Bucket(_) => None,
        Allowance::Window(window) => Some(window.per.span()),
    });
    let Some(span) = spans.collect::<Option<Vec<Nanos>>>().and_then(|all| all.into_iter().min())
    else {
        return;
    };
    for (entry, incident) in root.tables("incident").zip(&spec.incidents) {
        let at = |time: Nanos| time.saturating_add(spec.start);
        let begins = at(incident.at).div_ceil(span) * span;
        if incident.target == target
            && incident.effects.throttle_factor != 1.0
            && incident.at > 0
            && begins >= at(incident.end())
        {
            let message = format!("`throttle_factor` is for nothing: {whose} counts by windows");
            let label = "none begins while it lasts, and a window has the limit of its beginning";
            warnings.push(warning(entry.at("throttle_factor"), message, label));
        }
    }
}

/// A cap whose held copies never go on, or expire before.
fn holds(
    cap: &DailyCap,
    carrier: usize,
    whose: &str,
    spec: &Spec,
    mut warn: impl FnMut(String, &str),
) {
    let first = DAY - (spec.start + DAY - cap.resets_at % DAY) % DAY;
    if first >= spec.duration.saturating_add(spec.drain) {
        let message = format!("what {whose} holds over its daily cap never goes on");
        let label = format!(
            "the run is over {} before the count starts anew",
            duration::print(first - spec.duration.saturating_add(spec.drain))
        );
        warn(message, &label);
        return;
    }
    let short = spec.traffic.iter().find(|stream| {
        let goes_there = stream.carriers.iter().any(|&(own, _)| own == carrier);
        goes_there && stream.validity.is_some_and(|span| span < DAY)
    });
    if let Some(stream) = short {
        let message = format!(
            "{whose} holds what is over its daily cap for up to a day, longer than the validity of \
             traffic `{}`, {}",
            stream.name,
            duration::print(stream.validity.unwrap_or(0))
        );
        warn(message, "those that come too long before the count starts anew expire");
    }
}

fn api(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    let Some(entry) = root.table("api") else {
        return;
    };
    let names = spec.api.limit_names();
    let before = names.len() - spec.api.limits.len();
    for (nth, (limit, record)) in spec.api.limits.iter().zip(entry.tables("limits")).enumerate() {
        let name = &names[before + nth];
        let mut warn = |key: &str, message: String, label: &str| {
            warnings.push(warning(record.at(key), message, label));
        };
        let again = spec.traffic.iter().any(|stream| stream.resend.is_some())
            || super::retries::most(&spec.client.retry) != Some(1);
        let numbered = |stream: &Traffic| stream.recipients.is_some();
        let named = spec.traffic.iter().any(has_named);
        let persons = spec.traffic.iter().any(numbered) || named;
        if limit.scope == ApiScope::Recipient && !persons && !again {
            let message = "no recipient is called for twice".to_owned();
            warn("scope", message, "each message has its own: give a traffic `recipients`");
        } else if limit.scope == ApiScope::Prefix && !spec.traffic.iter().any(numbered) {
            let message = "no traffic has numbers that share a prefix".to_owned();
            warn("scope", message, "only the `recipients` of a traffic are numbered");
        } else if let Some((what, offered)) = offered(limit, spec)
            && offered > passes(&limit.allowance, spec)
        {
            let share = 100.0 * (1.0 - passes(&limit.allowance, spec) / offered);
            let message = format!("the API's limit `{name}` is below what is offered");
            let label = format!("about {share:.0} % of the calls of {what} are rejected");
            warn("scope", message, &label);
        }
    }
    if let (Some(most), Some(latency)) = (spec.api.concurrency, mean_s(&spec.api.latency)) {
        let calls: f64 = spec
            .traffic
            .iter()
            .filter_map(|stream| mean_rate(&stream.arrivals))
            .map(|rate| rate * spec.scale)
            .sum();
        let (at_work, most) = (calls * latency, most as f64);
        if at_work > most {
            let message =
                format!("the API works on {at_work:.1} calls at once, {most} are allowed");
            let label = format!("about {:.0} % are rejected", 100.0 * (1.0 - most / at_work));
            warnings.push(warning(entry.at("concurrency"), message, &label));
        } else if latency <= 0.0 {
            let message = "`concurrency` is for nothing".to_owned();
            let label = "a call takes no time: give the API a `latency`";
            warnings.push(warning(entry.at("concurrency"), message, label));
        }
    }
}

/// True if a stream's log names its recipients.
fn has_named(stream: &Traffic) -> bool {
    matches!(&stream.arrivals, crate::chain::spec::Arrivals::Trace { rows }
        if rows.iter().any(|row| row.recipient.is_some()))
}

fn mean_s(delay: &Delay) -> Option<f64> {
    match delay {
        Delay::Constant(nanos) => Some(in_seconds(*nanos)),
        Delay::Random(variate) => variate.mean(),
    }
}

/// Tokens a second that a limit of the API passes; of a window longer than the run the whole limit.
fn passes(allowance: &Allowance, spec: &Spec) -> f64 {
    let duration = in_seconds(spec.duration.max(1));
    let burst = allowance.at_once() as f64 / duration;
    match allowance {
        Allowance::Bucket(bucket) => bucket.rate + burst,
        Allowance::Window(_) => allowance.rate().max(burst),
    }
}

/// Tokens a second that are asked of the busiest count of a limit, and of whose calls.
fn offered(limit: &ApiLimit, spec: &Spec) -> Option<(String, f64)> {
    let of = |stream: &Traffic| {
        let calls = mean_rate(&stream.arrivals)? * spec.scale;
        let each = match limit.scope {
            ApiScope::Stream => calls,
            ApiScope::Sender => match &stream.senders {
                Senders::One(_) => calls,
                Senders::Pool { count, .. } => calls / f64::from(*count),
            },
            ApiScope::Recipient | ApiScope::Prefix => {
                let people = stream.recipients? as f64 * spec.scale;
                let block = if limit.scope == ApiScope::Prefix { limit.block as f64 } else { 1.0 };
                calls * f64::from(stream.per_request) * block.min(people) / people.max(1.0)
            }
        };
        Some((format!("traffic `{}`", stream.name), each))
    };
    spec.traffic.iter().filter_map(of).max_by(|a, b| a.1.total_cmp(&b.1))
}
