//! `[account]`

use super::of;
use crate::chain::spec::{Account, Nanounits, Refund, TopUp};
use crate::kernel::Nanos;
use crate::scenario::DiagnosticKind;
use crate::scenario::checked::{Item, Record};
use crate::scenario::lower::Lowering;

table! {
    account {
        /// Balance at t = 0.
        balance: Option<Nanounits> = of::money().example("100000.0").absent("without limit"),
        /// Fills the balance up.
        top_up: Option<TopUp> =
            of::table().example(r#"{ below = 1000, amount = 50000, every = "1h" }"#).absent("never"),
        /// Share of the price charged at accept; the rest at the provider's acceptance.
        charge_at_accept: f64 = of::share().example("50%").default("1"),
        /// Condition on which a charge comes back.
        refund: Refund = of::words().default("never"),
    }
}

table! {
    top_up => TopUp then adds {
        /// A balance under this is filled up.
        below: Nanounits = of::money().example("1000").required(),
        /// Amount that is added.
        amount: Nanounits = of::money().example("50000").required(),
        /// The balance is looked at this often.
        every: Nanos = of::duration(1_000_000).example("1h").required(),
    }
}

/// The account; `None` is a balance without limit.
pub(crate) fn lower(cx: &mut Lowering<'_, '_>, record: &Record) -> Option<Account> {
    if record.lacks(&account::balance) {
        let why = "a balance without limit needs no top-up";
        cx.idle(record, &account::top_up, "without `balance`", why);
    }
    let balance = cx.read(record, &account::balance)?;
    Some(Account { balance, top_up: cx.read(record, &account::top_up) })
}

fn adds(cx: &mut Lowering<'_, '_>, record: &Record, made: &TopUp) {
    if made.amount == 0 && record.item(&top_up::amount).is_some_and(Item::is_right) {
        let place = record.place_of(&top_up::amount);
        cx.error(DiagnosticKind::OutOfRange, place, "a top-up of nothing", "expected above 0");
    }
}
