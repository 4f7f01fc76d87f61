//! `quiet` of a stream, a queue or a carrier.

use super::{Kind, of};
use crate::chain::Calendar;
use crate::chain::spec::{Days, OnQuiet, Quiet};
use crate::kernel::Nanos;
use crate::scenario::checked::Record;
use crate::scenario::lower::Lowering;
use crate::scenario::schema::Key;
use crate::scenario::units::duration::DAY;

table! {
    quiet => Quiet by hours {
        /// Time of day at which they begin.
        from: Option<Nanos> = of::clock().example("21:00").absent("00:00"),
        /// Time of day at which they end; not after `from`, on the next day.
        to: Option<Nanos> = of::clock().example("08:00").absent("24:00"),
        /// Days on which they begin, by `scenario.start_day`.
        days: Option<Days> = of::kind(Kind::List(&Kind::Words(Days::WORDS), 1))
            .example(r#"["sat", "sun"]"#).absent("every day"),
        /// Fate of what comes in them.
        on_quiet: OnQuiet = of::words().example("refuse").none("`hold`"),
    }
}

/// One or several tables.
pub(super) const SEVERAL: Kind = Kind::OneOrMore(&Kind::Table(&quiet::TABLE), 1);

/// Some of an example, written as after `--set KEY=`.
pub(super) const EXAMPLE: &str = r#"{ from = "21:00", to = "08:00" }"#;

fn hours(cx: &mut Lowering<'_, '_>, record: &Record) -> Quiet {
    let (from, to) = (cx.read(record, &quiet::from), cx.read(record, &quiet::to));
    let hours = Quiet {
        from: from.unwrap_or(0),
        to: to.unwrap_or(DAY),
        days: cx.read(record, &quiet::days).unwrap_or(Days::EVERY),
        on_quiet: cx.read(record, &quiet::on_quiet),
    };
    if from.is_some() && from == to {
        let place = record.place_of(&quiet::to);
        let expected = "expected another; for whole days leave both out, and name the `days`";
        cx.conflict(place, "`from` and `to` are the same time", expected);
    }
    hours
}

/// Checks that quiet hours leave some time of the week.
pub(super) fn leave_time(
    cx: &mut Lowering<'_, '_>,
    record: &Record,
    key: &Key<Vec<Quiet>>,
    quiet: &[Quiet],
) {
    if cx.errors.is_empty() && Calendar::is_always(quiet) {
        let place = record.place_of(key);
        cx.conflict(place, "the quiet hours never end", "expected a time of the week without any");
    }
}
