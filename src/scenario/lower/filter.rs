//! `[[carrier.filter]]`

use super::{Lowering, Record};
use crate::chain::spec::{Filter, FilterAction, FilterReceipt, Rule, VelocityKey};
use crate::scenario::checked::{Item, Value};

impl Lowering<'_, '_> {
    pub(super) fn filter(&mut self, record: &Record) -> Filter {
        Filter {
            name: record.text("name").unwrap_or_default().to_owned(),
            rule: rule(record),
            probability: record.number("probability"),
            action: match record.word("action") {
                "block" => FilterAction::Block,
                _ => FilterAction::Silent,
            },
            receipt: match record.word("receipt") {
                "rejected" => FilterReceipt::Rejected,
                "undelivered" => FilterReceipt::Undelivered,
                "delivered" => FilterReceipt::Delivered,
                _ => FilterReceipt::None,
            },
            enabled: record.flag("enabled"),
        }
    }
}

fn rule(filter: &Record) -> Rule {
    let Some(Item { value: Value::Chosen(kind, record), .. }) = filter.get("rule") else {
        return Rule::Random;
    };
    let span = |key: &str| record.duration(key).unwrap_or_default();
    match *kind {
        "content" => Rule::Content { threshold: record.number("threshold") },
        "velocity" => Rule::Velocity {
            key: match record.word("key") {
                "recipient" => VelocityKey::Recipient,
                "sender+content" => VelocityKey::SenderContent,
                _ => VelocityKey::Sender,
            },
            limit: record.integer("limit").unwrap_or_default(),
            window: span("window"),
        },
        "unregistered" => {
            let registered =
                record.list("registered").iter().filter_map(|item| match &item.value {
                    Value::Text(sender) => Some(sender.clone()),
                    _ => None,
                });
            Rule::Unregistered { registered: registered.collect() }
        }
        "duplicate" => Rule::Duplicate { window: span("window") },
        "volume" => {
            Rule::Volume { rate: record.number("rate"), window: span("window"), hold: span("hold") }
        }
        _ => Rule::Random,
    }
}
