//! `[[route]]`

use std::collections::BTreeSet;

use super::{Kind, Owner, of};
use crate::chain::spec::{Nanounits, Route};
use crate::scenario::Trouble;
use crate::scenario::checked::{Record, Value};
use crate::scenario::lower::Lowering;

table! {
    route => Route by lower {
        /// Its id.
        id: u64 = of::integer(0, (1 << 53) - 1).example("5").required(),
        /// The carriers it serves.
        carriers: Vec<usize> =
            of::list(&Kind::Reference(Owner::Carrier), 1).example(r#"["northwind", "acme"]"#)
                .follows("every carrier"),
        /// Provider its messages go to.
        provider: usize = of::reference(Owner::Provider).required(),
        /// Queue its messages wait in.
        queue: usize = of::reference(Owner::Queue).follows("the only queue, or `main`"),
        /// Price of a segment: what the account is charged.
        price: Nanounits = of::money().example("0.0079").default("0.0"),
        /// The provider's bill for a segment of every copy it truly accepts.
        cost: Option<Nanounits> = of::money().example("0.0061").absent("the price"),
        /// 1 is tried first.
        rank: u32 = of::integer(1, 1_000_000).example("2").default("1"),
        /// Weight within its rank.
        weight: f64 = of::positive(1e9).example("0.5").default("1.0"),
    }
}

fn lower(cx: &mut Lowering<'_, '_>, record: &Record) -> Route {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for item in record.list(route::carriers.name()) {
        if let Value::Text(name) = &item.value
            && !seen.insert(name)
        {
            let message = format!("`{name}` is listed twice");
            cx.error(Trouble::Duplicate, item.place, &message, "expected each carrier once");
        }
    }
    let mut carriers = cx.read(record, &route::carriers);
    carriers.sort_unstable();
    let price = cx.read(record, &route::price);
    Route {
        id: cx.read(record, &route::id),
        carriers,
        provider: cx.read(record, &route::provider),
        queue: cx.read(record, &route::queue),
        price,
        cost: cx.read(record, &route::cost).unwrap_or(price),
        rank: cx.read(record, &route::rank),
        weight: cx.read(record, &route::weight),
    }
}
