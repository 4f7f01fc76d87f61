//! `[[carrier]]`

use super::api::bucket;
use super::{Lowering, Record, Trouble};
use crate::chain::spec::{Absent, Carrier, CarrierExcess, CarrierThrottle, DailyCap, Scope};
use crate::scenario::checked::Value;

impl Lowering<'_, '_> {
    pub(super) fn carrier(&mut self, record: &Record) -> Carrier {
        let retry_schedule =
            record.list("retry_schedule").iter().filter_map(|item| match item.value {
                Value::Duration(nanos) => Some(nanos),
                _ => None,
            });
        Carrier {
            name: record.text("name").unwrap_or_default().to_owned(),
            throttle: record.table("throttle").map(|throttle| self.carrier_pace(throttle)),
            daily_cap: record.table("daily_cap").map(|cap| DailyCap {
                limit: cap.integer("limit").unwrap_or_default(),
                scope: scope(cap.word("scope")),
                resets_at: cap.duration("resets_at").unwrap_or_default(),
            }),
            unknown_subscriber: record.number("unknown_subscriber"),
            filters: record.tables("filter").map(|filter| self.filter(filter)).collect(),
            absent: record.table("absent").map(|absent| Absent {
                probability: absent.number("probability"),
                returns: self.delay(absent, "returns"),
                alert: absent.number("alert"),
            }),
            retry_schedule: retry_schedule.collect(),
            latency: self.delay(record, "latency"),
            loss: record.number("loss"),
        }
    }

    fn carrier_pace(&mut self, record: &Record) -> CarrierThrottle {
        let capacity = record.integer("queue_capacity");
        let on_excess = match record.word("on_excess") {
            "reject" => CarrierExcess::Reject,
            "drop" => CarrierExcess::Drop,
            _ => CarrierExcess::Queue { capacity },
        };
        if let (CarrierExcess::Reject | CarrierExcess::Drop, Some(item)) =
            (on_excess, record.get("queue_capacity"))
        {
            self.error(
                Trouble::Conflict,
                item.place,
                "`queue_capacity` without `on_excess = \"queue\"`",
                "nothing waits: take this out, or use \"queue\"",
            );
        }
        CarrierThrottle { bucket: bucket(record), scope: scope(record.word("scope")), on_excess }
    }
}

fn scope(word: &str) -> Scope {
    match word {
        "sender" => Scope::Sender,
        "brand" => Scope::Brand,
        "campaign" => Scope::Campaign,
        "provider" => Scope::Provider,
        _ => Scope::Carrier,
    }
}
