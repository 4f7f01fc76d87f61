//! `[[route]]`

use super::{Field, Kind, Owner, Table};

/// `[[route]]`
pub(super) static ROUTE: Table = Table::new(&[
    Field::new("id", Kind::Integer(0, (1 << 53) - 1), "Its id.").example("5").required(),
    Field::new(
        "carriers",
        Kind::List(&Kind::Reference(Owner::Carrier), 1),
        "The carriers it serves.",
    )
    .example("[\"northwind\", \"acme\"]")
    .absent("every carrier"),
    Field::new("provider", Kind::Reference(Owner::Provider), "Where its messages go.").required(),
    Field::new("queue", Kind::Reference(Owner::Queue), "Where its messages wait.")
        .absent("the only queue, or `main`"),
    Field::new("price", Kind::Money, "Price of a segment: what the account is charged.")
        .example("0.0079")
        .default("0.0"),
    Field::new(
        "cost",
        Kind::Money,
        "What the provider bills for a segment of every copy it truly accepts.",
    )
    .example("0.0061")
    .absent("the price"),
    Field::new("rank", Kind::Integer(1, 1_000_000), "1 is tried first.").example("2").default("1"),
    Field::new("weight", Kind::Positive(1e9), "Weight within its rank.")
        .example("0.5")
        .default("1.0"),
]);
