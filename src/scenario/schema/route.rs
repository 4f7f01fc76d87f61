//! `[[route]]`

use std::collections::BTreeSet;

use super::{Kind, Owner, Word, of};
use crate::chain::spec::{Choose, Nanounits, Only, Restore, Route, Slow, Young};
use crate::kernel::Nanos;
use crate::scenario::DiagnosticKind;
use crate::scenario::checked::{Record, Value};
use crate::scenario::lower::Lowering;
use crate::scenario::schema::Key;

/// The rules to start from, by name: the names of `policies::SLOW`.
static POLICIES: [Word; 3] = [
    Word::new("none", "no traffic is taken from it"),
    Word::new(
        "gov-uk-notify",
        "10 points where over 15 % of the last 10 minutes' messages took over 4 minutes, back at 10 an hour",
    ),
    Word::new("gov-uk-notify-2020", "the same, where over 30 % did"),
];

/// `true` of the key that names a rule to start from: set alone, it takes the place of the whole table.
pub(crate) fn is_policy(kind: &Kind) -> bool {
    matches!(kind, Kind::Words(words) if std::ptr::eq(*words, &POLICIES[..]))
}

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
        /// Conditions beside its carriers; a message for which no route's hold is refused: `no_route`. A country is
        /// said by its carriers.
        only: Option<Only> = of::table().example(r#"{ traffic = ["otp"], priority_at_least = 2 }"#)
            .absent("it takes whatever goes to its carriers"),
        /// The time at which the route of its messages is chosen: what waits until then goes by weights and breakers
        /// as they are by then. Charged is by the route of the acceptance.
        choose: Choose = of::words().example("send").none("`accept`"),
        /// A rule that takes traffic from it while its messages arrive late, for the other routes of its rank.
        slow: Option<Slow> = of::table().example(r#"{ policy = "gov-uk-notify" }"#)
            .absent("its weight stays as it is"),
    }
}

table! {
    only => Only by conditions {
        /// Streams whose messages it takes.
        traffic: Option<Vec<usize>> = of::kind(Kind::List(&Kind::Reference(Owner::Traffic), 1))
            .example(r#"["otp"]"#).absent("any"),
        /// Sender ids whose messages it takes.
        senders: Option<Vec<String>> = of::kind(Kind::List(&Kind::Text, 1))
            .example(r#"["12345"]"#).absent("any"),
        /// Brands whose messages it takes; a stream without one has its senders for brands.
        brands: Option<Vec<String>> = of::kind(Kind::List(&Kind::Text, 1))
            .example(r#"["acme-bank"]"#).absent("any"),
        /// Campaigns whose messages it takes; a stream without one has its senders for campaigns.
        campaigns: Option<Vec<String>> = of::kind(Kind::List(&Kind::Text, 1))
            .example(r#"["login-codes"]"#).absent("any"),
        /// The least priority of a stream whose messages it takes.
        priority_at_least: Option<u8> = of::integer(0, 3).example("2").absent("any"),
    }
}

table! {
    slow => Slow by rule {
        /// A rule to start from (`smschain policies`); the keys beside it go before its own. `--set` of it
        /// replaces the whole table.
        policy: () = of::kind(Kind::Words(&POLICIES)).none("none of them"),
        /// The route is slow while its share of late messages is above this.
        share: f64 = of::share().example("15%").later("`20%`"),
        /// A message is late unless a receipt has said delivered within this, counted from the provider's
        /// acceptance. One whose receipt tells of a failure is neither late nor in time.
        later_than: Nanos = of::duration(1).example("2m").later("`4m`"),
        /// The span looked back on: messages that the provider accepted in it.
        of_last: Nanos = of::duration(1).example("15m").later("`10m`"),
        /// Points of a hundred that are taken from the traffic of its rank at a time, 100 at once all; 0 switches the
        /// rule off.
        step: u32 = of::integer(0, 100).example("20").later("`10`"),
        /// Interval of looks, from t = 0.
        look_every: Nanos = of::duration(MILLISECOND).example("30s").later("`1m`"),
        /// Time without a further step, after a change of it or of a route that shares its traffic.
        hold: Nanos = of::duration(0).example("5m").follows("`of_last`"),
        /// The part that messages younger than `later_than` have in the share.
        young: Young = of::words().later("`left_out`"),
        /// Getting back what was taken.
        restore: Option<Restore> = of::table().example(r#"{ step = 5, every = "10m" }"#)
            .absent("what was taken is not given back"),
    }
}

table! {
    restore => Restore {
        /// Points that it gets back at a time.
        step: u32 = of::integer(1, 100).example("5").default("10"),
        /// After so long without a change of it or of a route that shares its traffic.
        every: Nanos = of::duration(1).example("10m").required(),
        /// Interval of looks, from t = 0.
        look_every: Nanos = of::duration(MILLISECOND).example("5m").follows("that of `slow`"),
    }
}

/// No shorter: a look takes an event.
const MILLISECOND: Nanos = 1_000_000;

/// Reports what a list names twice.
fn once<T>(cx: &mut Lowering<'_, '_>, record: &Record, key: &Key<T>, expected: &str) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for item in record.list(key.name()) {
        if let Value::Text(name) = &item.value
            && !seen.insert(name)
        {
            let message = format!("`{name}` is listed twice");
            cx.error(DiagnosticKind::Duplicate, item.place, &message, expected);
        }
    }
}

fn lower(cx: &mut Lowering<'_, '_>, record: &Record) -> Route {
    once(cx, record, &route::carriers, "expected each carrier once");
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
        only: cx.read(record, &route::only),
        choose: cx.read(record, &route::choose),
        slow: cx.read(record, &route::slow),
    }
}

fn conditions(cx: &mut Lowering<'_, '_>, record: &Record) -> Only {
    once(cx, record, &only::traffic, "expected each stream once");
    for names in [&only::senders, &only::brands, &only::campaigns] {
        once(cx, record, names, "expected each once");
    }
    let mut traffic = cx.read(record, &only::traffic);
    traffic.iter_mut().for_each(|streams| streams.sort_unstable());
    Only {
        traffic,
        senders: cx.read(record, &only::senders),
        brands: cx.read(record, &only::brands),
        campaigns: cx.read(record, &only::campaigns),
        priority_at_least: cx.read(record, &only::priority_at_least),
    }
}

fn rule(cx: &mut Lowering<'_, '_>, record: &Record) -> Slow {
    Slow {
        share: cx.read(record, &slow::share),
        later_than: cx.read(record, &slow::later_than),
        of_last: cx.read(record, &slow::of_last),
        step: cx.read(record, &slow::step),
        look_every: cx.read(record, &slow::look_every),
        hold: cx.read(record, &slow::hold),
        young: cx.read(record, &slow::young),
        restore: cx.read(record, &slow::restore),
    }
}
