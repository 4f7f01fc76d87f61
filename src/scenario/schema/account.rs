//! `[account]`

use super::{Field, Kind, Table, Word};

/// `[account]`
pub(super) static ACCOUNT: Table = Table::new(&[
    Field::new("balance", Kind::Money, "Balance at t = 0.")
        .example("100000.0")
        .absent("without limit"),
    Field::new("top_up", Kind::Table(&TOP_UP), "Fills the balance up.")
        .example("{ below = 1000, amount = 50000, every = \"1h\" }")
        .absent("never"),
    Field::new(
        "charge_at_accept",
        Kind::Share,
        "Share of the price charged at accept; the rest at the provider's acceptance.",
    )
    .example("50%")
    .default("1"),
    Field::new(
        "refund",
        Kind::Words(&[
            Word::new("never", "a charge is final"),
            Word::new("on_rejected", "when the message is observed failed or rejected"),
            Word::new("on_failed_receipt", "when observed undelivered or expired, too"),
        ]),
        "When a charge comes back.",
    )
    .default("never"),
]);

static TOP_UP: Table = Table::new(&[
    Field::new("below", Kind::Money, "A balance under this is filled up.")
        .example("1000")
        .required(),
    Field::new("amount", Kind::Money, "What is added.").example("50000").required(),
    Field::new("every", Kind::Duration(1_000_000), "The balance is looked at this often.")
        .example("1h")
        .required(),
]);
