//! Queues and workers.

use super::words::{Words, clock, counted, queue, set, took};
use crate::chain::spec::{Dispatch, Overflow, Spec};
use crate::chain::trace::story::QueueStep;

pub(super) fn words(spec: &Spec, step: QueueStep) -> Words {
    match step {
        QueueStep::Overflows { queue: index, waiting, how } => {
            let words = Words::new(queue(spec, index), "has no room");
            let capacity = spec.queues.get(index).and_then(|queue| queue.capacity);
            words.why(format!("{waiting} waiting, capacity {}", capacity.unwrap_or(0))).why(
                match how {
                    Overflow::Reject => "overflow reject",
                    Overflow::Fail => "overflow fail: the sender sees it",
                    Overflow::Discard => "overflow discard: nobody is told",
                },
            )
        }
        QueueStep::Waits { queue: index, place, depth, busy, until } => {
            let place =
                place.map_or_else(String::new, |place| format!(": place {place} of {depth}"));
            Words::new(queue(spec, index), format!("waits{place}"))
                .why(workers(spec, index, busy))
                .maybe(until.map(|until| format!("at most until {}", clock(spec, until))))
        }
        QueueStep::Quiet { queue: index, until } => {
            Words::new(queue(spec, index), "lets nothing go")
                .why(format!("quiet hours until {}", clock(spec, until)))
        }
        QueueStep::QuietRefused { queue: index, until } => {
            Words::new(queue(spec, index), "fails it: the sender sees it")
                .why(format!("quiet hours until {}", clock(spec, until)))
        }
        QueueStep::OptedOut { queue: index, since } => {
            Words::new(queue(spec, index), "drops it right before its submit")
                .why(format!("the recipient opted out at {}", clock(spec, since)))
        }
        QueueStep::Taken { queue: index, waited, times, busy, overhead } => {
            let settings = spec.queues.get(index);
            let what = match settings.map(|queue| queue.dispatch) {
                Some(Dispatch::Provider) => "lets it go to its provider",
                _ => "a worker takes it",
            };
            let what = match waited {
                0 => format!("{what} at once"),
                waited => format!("{what} after {}", took(waited)),
            };
            Words::new(queue(spec, index), what)
                .when(times > 1, || format!("for the {} time", ordinal(times)))
                .why(workers(spec, index, busy))
                .when(overhead > 0, || format!("overhead {}", took(overhead)))
        }
        QueueStep::Fetched { queue: index, waited, times, before } => {
            let what = "a worker fetches it behind".to_owned();
            let what = format!("{what} {} after {}", counted(before, "other"), took(waited));
            Words::new(queue(spec, index), what)
                .when(times > 1, || format!("for the {} time", ordinal(times)))
                .why(format!(
                    "prefetch {}",
                    spec.queues.get(index).map_or(1, |queue| queue.prefetch)
                ))
        }
        QueueStep::Begun { queue: index, busy, overhead } => {
            Words::new(queue(spec, index), "the worker that fetched it comes to it")
                .why(workers(spec, index, busy))
                .when(overhead > 0, || format!("overhead {}", took(overhead)))
        }
        QueueStep::Expires { queue: index, waited, validity } => {
            let ttl = spec.queues.get(index).and_then(|queue| queue.ttl).unwrap_or(0);
            Words::new(queue(spec, index), format!("gives it up after {}", took(waited))).why(
                if validity {
                    "its validity is over".to_owned()
                } else {
                    format!("ttl {}", set(ttl))
                },
            )
        }
        QueueStep::Crashes { queue: index, worker, back, out } => {
            Words::new(queue(spec, index), format!("worker {worker} crashes with it"))
                .when(out, || "its submit goes on without it".to_owned())
                .why(match back {
                    Some(back) => format!("at least once: it is back at {}", clock(spec, back)),
                    None => "at most once: it is lost".to_owned(),
                })
        }
        QueueStep::LeaseEnds { queue: index, out } => {
            let lease = spec.queues.get(index).and_then(|queue| queue.lease).unwrap_or(0);
            Words::new(queue(spec, index), "the worker’s lease runs out: it is back in the queue")
                .why(format!("lease {}", set(lease)))
                .why(match out {
                    true => "its submit goes on",
                    false => "the worker goes on with it",
                })
        }
        QueueStep::DoneLate { queue: index, holds } => {
            Words::new(queue(spec, index), "a worker whose lease ran out has done with it").why(
                match holds {
                    true => "nobody has taken it since: it leaves the queue",
                    false => "it has been taken since: that changes nothing",
                },
            )
        }
    }
}

fn workers(spec: &Spec, queue: usize, busy: u64) -> String {
    let settings = spec.queues.get(queue);
    if let Some(rule) = settings.and_then(|queue| queue.autoscale) {
        return format!("{} busy, of {} to {}", counted(busy, "worker"), rule.min, rule.max);
    }
    match settings.and_then(|queue| queue.workers) {
        Some(workers) => format!("{busy} of {workers} workers busy"),
        None => format!("{} busy, no limit", counted(busy, "worker")),
    }
}

fn ordinal(number: u32) -> String {
    match (number % 10, number % 100) {
        (1, rest) if rest != 11 => format!("{number}st"),
        (2, rest) if rest != 12 => format!("{number}nd"),
        (3, rest) if rest != 13 => format!("{number}rd"),
        _ => format!("{number}th"),
    }
}
