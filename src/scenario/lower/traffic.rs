//! `[[traffic]]`

use super::{Lowering, Record};
use crate::chain::spec::{Pick, Resend, Senders, Traffic};
use crate::scenario::checked::{Item, Value};
use crate::scenario::schema::Owner;

impl Lowering<'_, '_> {
    /// `None` only if what is missing has been reported.
    pub(super) fn traffic(&mut self, record: &Record) -> Option<Traffic> {
        let empty = Record::new(record.place);
        let body = record.table("body").unwrap_or(&empty);
        let mut carriers = Vec::new();
        if let Some(Item { value: Value::Weights(weights), .. }) = record.get("carriers") {
            for (name, place, weight) in weights {
                carriers.push((self.find(Owner::Carrier, name, *place), *weight));
            }
        }
        carriers.sort_by_key(|(carrier, _)| *carrier);
        let chars = self.variate_within(body, "chars", (0.0, 1e6));
        let spam_score = self.variate_within(record, "spam_score", (0.0, 1.0));
        let stream = Traffic {
            name: record.text("name").unwrap_or_default().to_owned(),
            arrivals: self.arrivals(record),
            senders: senders(record),
            brand: record.text("brand").map(str::to_owned),
            campaign: record.text("campaign").map(str::to_owned),
            carriers,
            recipients: record.integer("recipients"),
            per_request: record.small("per_request").unwrap_or(1),
            ucs2: body.number("ucs2"),
            invalid: record.number("invalid"),
            opted_out: record.number("opted_out"),
            priority: record.small("priority").and_then(|p| u8::try_from(p).ok()).unwrap_or(0),
            deadline: record.duration("deadline"),
            validity: record.duration("validity"),
            resend: record.table("resend").map(|resend| Resend {
                after: resend.duration("after").unwrap_or(1),
                probability: resend.number("probability"),
                max: resend.small("max").unwrap_or(1),
            }),
            retry: record.table("retry").map(|retry| self.retry(retry)),
            // Last, so that everything else has been looked at.
            chars: chars?,
            spam_score: spam_score?,
        };
        Some(stream)
    }
}

fn senders(record: &Record) -> Senders {
    match record.table("senders") {
        Some(pool) => Senders::Pool {
            count: pool.small("count").unwrap_or(1),
            pick: match pool.word("pick") {
                "random" => Pick::Random,
                "sticky" => Pick::Sticky,
                _ => Pick::RoundRobin,
            },
        },
        None => Senders::One(record.text("sender").unwrap_or_default().to_owned()),
    }
}
