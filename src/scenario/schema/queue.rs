//! `[[queue]]`

use super::{of, quiet};
use crate::chain::spec::{
    Autoscale, Crash, Delay, Discipline, Dispatch, Guarantee, OnQuiet, Overflow, Queue, Quiet,
    Requeue, Retry, ScaleTarget, words,
};
use crate::kernel::Nanos;
use crate::scenario::checked::Record;
use crate::scenario::lower::Lowering;
use crate::scenario::{Diagnostic, DiagnosticKind};

table! {
    queue => Queue then check {
        /// Its name.
        name: String = of::name().example("main").required(),
        /// Waiting messages it holds.
        capacity: Option<u64> =
            of::integer(0, 1_000_000_000_000).example("100000").absent("no limit"),
        /// Fate of a message that finds no room.
        overflow: Overflow = of::words().default("reject"),
        /// Order in which messages leave.
        discipline: Discipline = of::words().default("fifo"),
        /// Condition on which a message leaves for its provider.
        dispatch: Dispatch = of::words().default("workers"),
        /// Workers that submit; with `autoscale` those at the beginning.
        workers: Option<u32> =
            of::integer(1, 1_000_000).example("64").absent("no limit; with `autoscale` its `min`"),
        /// A rule by which there are more or fewer workers.
        autoscale: Option<Autoscale> =
            of::table().example("{ target_depth = 100, min = 4, max = 64 }").absent("none"),
        /// A worker's time before the submit.
        overhead: Delay = of::choice().example("1ms").default("0s"),
        /// Longest stay in the queue.
        ttl: Option<Nanos> = of::duration(1).example("4h").absent("no limit"),
        /// The sender looks once more right before a submit: a message whose ttl or validity has
        /// ended expires, and uses neither token nor slot.
        expire_at_submit: bool = of::flag().default("true"),
        /// Hours in which no message leaves it; what has left it goes on. With `on_quiet = "refuse"`
        /// what comes then, or waits, fails.
        quiet: Vec<Quiet> = of::kind(quiet::SEVERAL).example(quiet::EXAMPLE).none("none"),
        /// A worker's lease of a message (visibility time-out), from when it takes it. If it runs out first, the
        /// message is back in the queue and another worker takes it, while that one works on.
        lease: Option<Nanos> = of::duration(1).example("5m").absent("a worker keeps it"),
        /// Messages that a worker takes at once, as many as wait; it works them one by one, and the others wait
        /// with it though other workers be free. Needs `workers`.
        prefetch: u32 = of::integer(1, 10_000).example("10").default("1"),
        /// Where a message joins that comes back: a retry, after a lease, after a crash.
        requeue: Requeue = of::words().default("tail"),
        /// Each worker crashes on its own; needs `workers`.
        crash: Option<Crash> =
            of::table().example(r#"{ mean_time_between = "12h", restart = "30s" }"#)
                .absent("never"),
        /// A retry policy of its own.
        retry: Option<Retry> =
            of::table().example(r#"{ policy = "full-jitter" }"#).absent("that of the scenario"),
    }
}

table! {
    autoscale => Autoscale by scales {
        /// Messages that shall wait, at most: with more at a look workers are added, with fewer taken away.
        target_depth: Option<u64> =
            of::integer(0, 1_000_000_000_000).example("100").excludes(&["target_age"]).absent("none"),
        /// The same by how long the one that has waited longest has done so.
        target_age: Option<Nanos> =
            of::duration(0).example("5s").excludes(&["target_depth"]).absent("none"),
        /// Workers, at least.
        min: u32 = of::integer(1, 1_000_000).example("4").default("1"),
        /// Workers, at most.
        max: u32 = of::integer(1, 1_000_000).example("64").required(),
        /// Workers that are added, or taken away, at a look. Those taken away finish what they have.
        step: u32 = of::integer(1, 1_000_000).example("4").default("1"),
        /// From a look that adds workers until they work.
        delay: Nanos = of::duration(0).example("60s").default("0s"),
        /// From one look to the next.
        every: Nanos = of::duration(1_000_000).example("30s").default("15s"),
    }
}

table! {
    crash => Crash by crashes {
        /// Mean of the exponential time a worker is up.
        mean_time_between: Nanos = of::duration(1_000_000).example("12h").required(),
        /// Until it works again.
        restart: Nanos = of::duration(0).example("30s").default("0s"),
        /// Fate of the message it held.
        guarantee: Promise = of::words().default("at_least_once"),
        /// With at_least_once: the message is back this long after the crash.
        visibility_timeout: Option<Nanos> =
            of::duration(0).example("2m").absent("60s with at_least_once, unless there is a `lease`: it is back when that ends"),
    }
}

words! {
    /// Fate of the message that a crashed worker held.
    pub(crate) enum Promise {
        /// its message comes back
        AtLeastOnce = "at_least_once",
        /// its message is lost
        AtMostOnce = "at_most_once",
    }
}

fn check(cx: &mut Lowering<'_, '_>, record: &Record, made: &Queue) {
    quiet::leave_time(cx, record, &queue::quiet, &made.quiet);
    if made.prefetch > 1 && made.dispatch == Dispatch::Provider {
        fetched_for_provider(cx, record);
    }
    if let Some(rule) = &made.autoscale {
        scaled(cx, record, made, rule);
    }
    if made.lease.is_some() {
        lease(cx, record, made);
    }
    if record.lacks(&queue::workers) {
        let why = "only so many workers can crash: expected `workers`, too";
        cx.idle(record, &queue::crash, "without `workers`", why);
        let waits = made.quiet.iter().any(|hours| hours.on_quiet == OnQuiet::Hold);
        if made.prefetch > 1 {
            let why = "nothing waits that could be fetched along: expected `workers`, too";
            cx.idle(record, &queue::prefetch, "without `workers`", why);
        }
        if waits || !record.is_sure_of(&queue::quiet) {
            return;
        }
        if made.dispatch == Dispatch::Workers && record.is_sure_of(&queue::dispatch) {
            nothing_waits(cx, record, made);
        }
    }
}

/// A queue whose workers fetch several messages, each of which leaves when its provider is ready for it.
fn fetched_for_provider(cx: &mut Lowering<'_, '_>, record: &Record) {
    let why = "a message leaves this queue alone, with a token and a slot: expected 1, or \
               `dispatch = \"workers\"`";
    cx.idle(record, &queue::prefetch, "with `dispatch = \"provider\"`", why);
}

/// A queue whose workers come and go.
fn scaled(cx: &mut Lowering<'_, '_>, record: &Record, made: &Queue, rule: &Autoscale) {
    let Some(inner) = record.inner(&queue::autoscale) else {
        return;
    };
    let sure = |key: &str| inner.get(key).is_some();
    let workers = made.workers.unwrap_or(rule.min);
    if rule.min > rule.max && sure(autoscale::max.name()) {
        let label = format!("expected at least `min`, {}", rule.min);
        cx.conflict(inner.place_of(&autoscale::max), "`max` is below `min`", &label);
    } else if (workers < rule.min || workers > rule.max) && sure(autoscale::max.name()) {
        let label = format!("expected {} to {}, as `autoscale` has them", rule.min, rule.max);
        cx.conflict(record.place_of(&queue::workers), "`workers` beside `autoscale`", &label);
    }
    let why = "which of its workers crash is not told where they come and go: take out either";
    cx.idle(record, &queue::crash, "beside `autoscale`", why);
}

/// Settings of crashes that a lease leaves nothing to say to.
fn lease(cx: &mut Lowering<'_, '_>, record: &Record, made: &Queue) {
    if let Some(inner) = record.inner(&queue::crash) {
        let why =
            "a crashed worker's message is back when its lease ends: take this out, or `lease`";
        cx.idle(inner, &crash::visibility_timeout, "beside `lease`", why);
    }
    let lost = made.crash.as_ref().is_some_and(|crash| crash.guarantee == Guarantee::AtMostOnce);
    if lost && let Some(inner) = record.inner(&queue::crash) {
        let label = "a message that is gone from the queue once it is taken has no lease: expected \
                     \"at_least_once\", or no `lease`";
        cx.conflict(inner.place_of(&crash::guarantee), "`at_most_once` beside `lease`", label);
    }
}

/// Settings of those who wait, where every message leaves its queue the moment it comes.
fn nothing_waits(cx: &mut Lowering<'_, '_>, record: &Record, made: &Queue) {
    let idle = [
        (queue::capacity.name(), made.capacity.is_some()),
        (queue::overflow.name(), made.overflow != Overflow::Reject),
        (queue::discipline.name(), made.discipline != Discipline::Fifo),
        (queue::ttl.name(), made.ttl.is_some()),
        (queue::requeue.name(), made.requeue != Requeue::Tail),
    ];
    let idle: Vec<&str> = idle.iter().filter(|(_, given)| *given).map(|(key, _)| *key).collect();
    let Some(first) = idle.first() else {
        return;
    };
    let keys: Vec<String> = idle.iter().map(|key| format!("`{key}`")).collect();
    cx.errors.push(
        Diagnostic::new(
            DiagnosticKind::Conflict,
            record.at(first),
            format!("{} of a queue in which nothing ever waits", keys.join(", ")),
        )
        .label("without `workers` every message leaves it at once")
        .help("give the queue `workers`, such as 64: one that is free takes the next message")
        .help(
            "or `dispatch = \"provider\"`: messages wait here for their provider's pace and window",
        ),
    );
}

fn scales(cx: &mut Lowering<'_, '_>, record: &Record) -> Autoscale {
    let depth = cx.read(record, &autoscale::target_depth);
    let age = cx.read(record, &autoscale::target_age);
    let target = match (depth, age) {
        (Some(depth), _) => ScaleTarget::Depth(depth),
        (None, Some(age)) => ScaleTarget::Age(age),
        (None, None) => {
            if record.is_sure_of(&autoscale::target_depth)
                && record.is_sure_of(&autoscale::target_age)
            {
                let label = "expected `target_depth`, such as 100, or `target_age`, such as \"5s\"";
                cx.conflict(record.place, "`autoscale` without a target", label);
            }
            ScaleTarget::Depth(0)
        }
    };
    Autoscale {
        target,
        min: cx.read(record, &autoscale::min),
        max: cx.read(record, &autoscale::max),
        step: cx.read(record, &autoscale::step),
        delay: cx.read(record, &autoscale::delay),
        every: cx.read(record, &autoscale::every),
    }
}

fn crashes(cx: &mut Lowering<'_, '_>, record: &Record) -> Crash {
    let visibility_timeout = cx.read(record, &crash::visibility_timeout).unwrap_or_default();
    let guarantee = match cx.read(record, &crash::guarantee) {
        Promise::AtLeastOnce => Guarantee::AtLeastOnce { visibility_timeout },
        Promise::AtMostOnce => {
            let why = "a lost message doesn't come back: take this out, or use \"at_least_once\"";
            cx.idle(record, &crash::visibility_timeout, "with `at_most_once`", why);
            Guarantee::AtMostOnce
        }
    };
    Crash {
        mean_time_between: cx.read(record, &crash::mean_time_between),
        restart: cx.read(record, &crash::restart),
        guarantee,
    }
}
