//! `backoff`

use super::{Lowering, Record};
use crate::chain::spec::{Backoff, Delay};
use crate::scenario::checked::{Item, Value};

/// A wait shorter than this, for ever repeated, is an endless loop for all purposes.
const SHORTEST: u64 = 1_000_000;

impl Lowering<'_, '_> {
    pub(super) fn backoff(&mut self, retry: &Record) -> Backoff {
        let Some(Item { value: Value::Chosen(kind, record), .. }) = retry.get("backoff") else {
            return Backoff::Immediate;
        };
        let span = |key: &str| record.duration(key).unwrap_or_default();
        match *kind {
            "fixed" => Backoff::Fixed { delay: self.delay(record, "delay") },
            "linear" => Backoff::Linear { step: span("step"), cap: record.duration("cap") },
            "exponential" => Backoff::Exponential {
                base: span("base"),
                factor: record.number("factor"),
                cap: record.duration("cap"),
            },
            "decorrelated" => Backoff::Decorrelated { base: span("base"), cap: span("cap") },
            "schedule" => {
                let waits = record.list("waits").iter().filter_map(|item| match item.value {
                    Value::Duration(nanos) => Some(nanos),
                    _ => None,
                });
                Backoff::Schedule { waits: waits.collect() }
            }
            _ => Backoff::Immediate,
        }
    }
}

/// Whether retries without end may follow each other (almost) without a wait.
pub(super) fn endless(backoff: &Backoff) -> bool {
    let capped = |wait: u64, cap: Option<u64>| cap.map_or(wait, |cap| wait.min(cap)) < SHORTEST;
    match backoff {
        Backoff::Immediate => true,
        Backoff::Fixed { delay: Delay::Constant(nanos) } => *nanos < SHORTEST,
        Backoff::Fixed { delay: Delay::Random(variate) } => {
            variate.mean().is_some_and(|mean| mean < SHORTEST as f64 / 1e9)
        }
        Backoff::Linear { step, cap } => capped(*step, *cap),
        Backoff::Exponential { base, cap, .. } => capped(*base, *cap),
        Backoff::Decorrelated { base, cap } => capped(*base, Some(*cap)),
        Backoff::Schedule { waits } => waits.last().is_none_or(|last| *last < SHORTEST),
    }
}
