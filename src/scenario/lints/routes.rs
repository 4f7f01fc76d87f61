//! Routes that take nothing, messages that none takes, and choices and rules that change nothing.

use std::collections::BTreeSet;

use super::warning;
use crate::chain::spec::{
    Arrivals, Choose, Dispatch, Only, Queue, Restore, Retry, Route, Senders, Slow, Spec, Traffic,
};
use crate::scenario::Diagnostic;
use crate::scenario::checked::Record;
use crate::scenario::units::duration;

/// Looks at conditions, choices and rules for slow routes.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    if spec.routes.iter().any(|route| route.only.is_some()) {
        refused(root, spec, warnings);
    }
    // Entries and the spec's lists are in the same order.
    for (index, (entry, route)) in root.tables("route").zip(&spec.routes).enumerate() {
        if let (Some(record), Some(only)) = (entry.table("only"), &route.only) {
            conditions(record, only, route, spec, warnings);
        }
        if route.choose == Choose::Send
            && let Some(why) = chosen_for_good(index, route, spec)
        {
            let message = "`choose = \"send\"` is for nothing".to_owned();
            warnings.push(warning(entry.at("choose"), message, why));
        }
        if let (Some(record), Some(rule)) = (entry.table("slow"), route.watched()) {
            slow(record, rule, index, spec, warnings);
        }
    }
}

/// A sender of a stream, or one for all those that no condition names.
enum Sender<'a> {
    Named(&'a str),
    AnyOther,
}

/// The senders of a stream that conditions tell apart.
fn told_apart<'a>(spec: &'a Spec, stream: &'a Traffic) -> Vec<Sender<'a>> {
    let asked: BTreeSet<&str> = spec
        .routes
        .iter()
        .filter_map(|route| route.only.as_ref())
        .flat_map(|only| only.of_senders(stream).flatten())
        .map(String::as_str)
        .collect();
    let rows: BTreeSet<&str> = match &stream.arrivals {
        Arrivals::Trace { rows } => rows.iter().filter_map(|row| row.sender.as_deref()).collect(),
        _ => BTreeSet::new(),
    };
    let named: Vec<&str> =
        asked.iter().copied().filter(|name| stream.sends_as(name) || rows.contains(name)).collect();
    let own = match &stream.senders {
        Senders::One(_) => 1,
        Senders::Pool { count, .. } => *count as usize,
    };
    let of_pool = named.iter().filter(|name| stream.sends_as(name)).count();
    let others = of_pool < own || rows.iter().any(|name| !asked.contains(name));
    let mut senders: Vec<Sender<'_>> = named.into_iter().map(Sender::Named).collect();
    if others {
        senders.push(Sender::AnyOther);
    }
    senders
}

/// True if a route takes messages of a stream by such a sender.
fn takes(route: &Route, index: usize, stream: &Traffic, sender: &Sender<'_>) -> bool {
    match sender {
        Sender::Named(name) => route.takes(index, stream, name),
        Sender::AnyOther => {
            let asks = |only: &Only| only.of_senders(stream).next().is_some();
            route.takes_of(index, stream) && !route.only.as_ref().is_some_and(asks)
        }
    }
}

/// Messages that no route to their carrier takes.
fn refused(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    for (index, (entry, stream)) in root.tables("traffic").zip(&spec.traffic).enumerate() {
        let senders = told_apart(spec, stream);
        for &(carrier, _) in &stream.carriers {
            let serving = || spec.routes.iter().filter(|route| route.carriers.contains(&carrier));
            if serving().next().is_none() {
                continue;
            }
            let taken =
                |sender: &&Sender<'_>| serving().any(|route| takes(route, index, stream, sender));
            let Some(left) = senders.iter().find(|sender| !taken(sender)) else {
                continue;
            };
            let name = spec.carriers.get(carrier).map_or("", |carrier| carrier.name.as_str());
            let whose = match (left, senders.iter().any(|sender| taken(&sender))) {
                (_, false) => String::new(),
                (Sender::Named(sender), true) => format!(" by sender `{sender}`"),
                (Sender::AnyOther, true) => " by some senders".to_owned(),
            };
            let message =
                format!("no route takes messages of traffic `{}`{whose} to {name}", stream.name);
            let at = entry.at(if entry.get("carriers").is_some() { "carriers" } else { "name" });
            let label =
                "the `only` of each route to it leaves them out: they are rejected, no_route";
            warnings.push(warning(at, message, label));
        }
    }
}

/// Conditions that leave nothing, or nothing out, and names that nobody has.
fn conditions(
    record: &Record,
    only: &Only,
    route: &Route,
    spec: &Spec,
    warnings: &mut Vec<Diagnostic>,
) {
    let goes_there = |stream: &Traffic| {
        stream.carriers.iter().any(|(carrier, _)| route.carriers.contains(carrier))
    };
    let streams = || spec.traffic.iter().enumerate().filter(|(_, stream)| goes_there(stream));
    let each = || {
        streams().flat_map(|(index, stream)| {
            let senders = told_apart(spec, stream).into_iter();
            senders.map(move |sender| takes(route, index, stream, &sender))
        })
    };
    if !each().any(|takes| takes) {
        let message = format!("route {} takes nothing", route.id);
        warnings.push(warning(record.place, message, "no message to its carriers is like this"));
    } else if each().all(|takes| takes) {
        let label = "it holds for every message to its carriers";
        warnings.push(warning(record.place, "`only` leaves nothing out".to_owned(), label));
    }
    let sends = |name: &String, stream: &Traffic| {
        let of_row = match &stream.arrivals {
            Arrivals::Trace { rows } => {
                rows.iter().any(|row| row.sender.as_deref() == Some(name.as_str()))
            }
            _ => false,
        };
        of_row || stream.sends_as(name)
    };
    type Own = fn(&Traffic) -> Option<&String>;
    let lists: [(&str, &str, &Option<Vec<String>>, Own); 3] = [
        ("senders", "sender", &only.senders, |_| None),
        ("brands", "brand", &only.brands, |stream| stream.brand.as_ref()),
        ("campaigns", "campaign", &only.campaigns, |stream| stream.campaign.as_ref()),
    ];
    for (key, noun, names, own) in lists {
        let has = |name: &String| {
            let by = |stream: &Traffic| match own(stream) {
                Some(own) => own == name,
                None => sends(name, stream),
            };
            spec.traffic.iter().any(by)
        };
        for name in names.iter().flatten().filter(|name| !has(name)) {
            let message = format!("no traffic has the {noun} `{name}`");
            warnings.push(warning(record.at(key), message, "it is never met"));
        }
    }
}

/// The reason why the route of a message that goes by this one, chosen once more when it is sent, is the same.
fn chosen_for_good(index: usize, route: &Route, spec: &Spec) -> Option<&'static str> {
    let queue = spec.queues.get(route.queue)?;
    if queue.dispatch == Dispatch::Provider {
        return Some(
            "its queue has `dispatch = \"provider\"`: a message waits there for the \
                     provider of the route it was accepted for",
        );
    }
    let beside = |other: &Route| {
        other.queue == route.queue
            && other.carriers.iter().any(|carrier| route.carriers.contains(carrier))
    };
    let mut others = spec.routes.iter().enumerate().filter(|&(other, _)| other != index);
    if !others.any(|(_, other)| beside(other)) {
        return Some("no other route from its queue serves any of its carriers");
    }
    let breaks = |retry: &Retry| retry.policy.breaker.is_some();
    let breakers = breaks(&spec.retry)
        || spec.traffic.iter().filter_map(|stream| stream.retry.as_ref()).any(breaks)
        || spec.queues.iter().filter_map(|queue| queue.retry.as_ref()).any(breaks);
    if !breakers && !spec.weights_that_change().contains(&true) {
        return Some(
            "nothing changes between the two choices: there is neither a breaker nor a \
                     `slow` that takes traffic from a route",
        );
    }
    never_waits(queue)
        .then_some("nothing waits in its queue: it has neither `workers` nor `overhead`")
}

fn never_waits(queue: &Queue) -> bool {
    queue.workers.is_none() && queue.overhead == crate::chain::spec::Delay::Constant(0)
}

/// Rules that never take anything, and keys of them without effect.
fn slow(record: &Record, rule: &Slow, index: usize, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    let mut warn = |at, message: &str, label: &str| {
        warnings.push(warning(at, message.to_owned(), label));
    };
    let end = spec.duration.saturating_add(spec.drain);
    let never = "no traffic is ever taken from this route";
    if spec.rivals(index).is_empty() {
        let label = "no other route of its rank takes messages to its carriers";
        warn(record.place, never, label);
        return;
    }
    if rule.share >= 1.0 {
        warn(record.at("share"), never, "no share is above 100 %");
    }
    if rule.later_than >= rule.of_last {
        let label = "all messages of the span looked back on are younger: none can be late";
        warn(record.at("later_than"), never, label);
    }
    let first = rule.look_every.max(rule.later_than);
    if first > end {
        let at = record.at(if rule.look_every > end { "look_every" } else { "later_than" });
        warn(at, never, &format!("the run is over {} after its start", duration::print(end)));
    }
    if let (Some(table), Some(Restore { every, look_every, .. })) =
        (record.table("restore"), &rule.restore)
        && (*every).max(*look_every) > end
    {
        let at = table.at(if *every > end { "every" } else { "look_every" });
        warn(at, "`restore` comes too late", "the run is over by then");
    }
}
