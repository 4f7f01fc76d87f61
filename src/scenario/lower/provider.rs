//! `[[provider]]`

use super::api::bucket;
use super::{Lowering, Record, Trouble};
use crate::chain::spec::{
    Degraded, Failures, Meaning, Provider, ProviderExcess, ProviderThrottle, Receipts, Scope,
};
use crate::scenario::Diagnostic;

impl Lowering<'_, '_> {
    pub(super) fn provider(&mut self, record: &Record) -> Provider {
        let empty = Record::new(record.place);
        let shares = record.table("failures").unwrap_or(&empty);
        let failures = self.failures(shares);
        let patient =
            record.get("submit_timeout").is_none() && !record.doubtful.contains(&"submit_timeout");
        if patient {
            self.needs_timeout(shares);
        }
        let degraded = record.table("degraded").map(|spell| {
            let inner = spell.table("failures").unwrap_or(&empty);
            if patient {
                self.needs_timeout(inner);
            }
            let more = self.failures(inner);
            self.combined(inner, &failures, &more);
            Degraded {
                mean_up: spell.duration("mean_up").unwrap_or(1),
                mean_down: spell.duration("mean_down").unwrap_or(1),
                latency_factor: spell.number("latency_factor"),
                failures: more,
            }
        });
        Provider {
            name: record.text("name").unwrap_or_default().to_owned(),
            window: record.small("window"),
            throttle: record.table("throttle").map(|throttle| self.pace(throttle)),
            servers: record.small("servers"),
            queue_capacity: record.integer("queue_capacity"),
            latency: self.delay(record, "latency"),
            refusal_latency: record
                .get("refusal_latency")
                .is_some()
                .then(|| self.delay(record, "refusal_latency")),
            submit_timeout: record.duration("submit_timeout"),
            timeout_accepted: record.number("timeout_accepted"),
            failures,
            degraded,
            relay: self.delay(record, "relay"),
            loss: record.number("loss"),
            receipts: self.receipts(record.table("receipts").unwrap_or(&empty)),
        }
    }

    pub(super) fn failures(&mut self, record: &Record) -> Failures {
        let failures = Failures {
            throttled: record.number("throttled"),
            queue_full: record.number("queue_full"),
            transient: record.number("transient"),
            permanent: record.number("permanent"),
            timeout: record.number("timeout"),
        };
        let sum = sum(&failures);
        if sum > 1.0 + SLACK {
            self.error(
                Trouble::Conflict,
                record.place,
                &format!("the failure shares add up to {sum}"),
                "expected at most 1",
            );
        }
        failures
    }

    pub(super) fn needs_timeout(&mut self, failures: &Record) {
        if failures.number("timeout") > 0.0 {
            self.errors.push(
                Diagnostic::new(
                    Trouble::Conflict,
                    failures.at("timeout"),
                    "a `timeout` share without `submit_timeout`",
                )
                .label("the sender would wait for ever")
                .help("give the provider a `submit_timeout`, such as \"10s\""),
            );
        }
    }

    /// In a spell the shares combine, and must still leave room for each other.
    fn combined(&mut self, record: &Record, base: &Failures, more: &Failures) {
        let both = |a: f64, b: f64| 1.0 - (1.0 - a) * (1.0 - b);
        let combined = Failures {
            throttled: both(base.throttled, more.throttled),
            queue_full: both(base.queue_full, more.queue_full),
            transient: both(base.transient, more.transient),
            permanent: both(base.permanent, more.permanent),
            timeout: both(base.timeout, more.timeout),
        };
        let total = sum(&combined);
        if total > 1.0 + SLACK && sum(base) <= 1.0 + SLACK && sum(more) <= 1.0 + SLACK {
            self.error(
                Trouble::Conflict,
                record.place,
                &format!("with the base shares the failure shares add up to {total}"),
                "expected at most 1 in a spell",
            );
        }
    }

    fn pace(&mut self, record: &Record) -> ProviderThrottle {
        let retry_after = record.duration("retry_after");
        let on_excess = match record.word("on_excess") {
            "refuse" => ProviderExcess::Refuse { retry_after },
            _ => ProviderExcess::Pace,
        };
        if on_excess == ProviderExcess::Pace
            && let Some(item) = record.get("retry_after")
            && !record.doubtful.contains(&"on_excess")
        {
            self.error(
                Trouble::Conflict,
                item.place,
                "`retry_after` without `on_excess = \"refuse\"`",
                "nothing is refused: take this out, or use \"refuse\"",
            );
        }
        let scope = match record.word("scope") {
            "sender" => Scope::Sender,
            "brand" => Scope::Brand,
            "campaign" => Scope::Campaign,
            _ => Scope::Provider,
        };
        ProviderThrottle { bucket: bucket(record), scope, on_excess }
    }

    fn receipts(&mut self, record: &Record) -> Receipts {
        Receipts {
            delay: self.delay(record, "delay"),
            loss: record.number("loss"),
            false_delivered: record.number("false_delivered"),
            meaning: match record.word("meaning") {
                "carrier" => Meaning::Carrier,
                _ => Meaning::Handset,
            },
            unknown_after: record.duration("unknown_after"),
        }
    }
}

/// Sums of decimals such as 0.1 may miss 1 by a last bit.
const SLACK: f64 = 1e-12;

fn sum(failures: &Failures) -> f64 {
    failures.throttled
        + failures.queue_full
        + failures.transient
        + failures.permanent
        + failures.timeout
}
