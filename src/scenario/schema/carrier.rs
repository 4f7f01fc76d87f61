//! `[[carrier]]`

use super::limit::{BUCKET, WINDOW, allowance, at_most};
use super::{Kind, Word, of};
use crate::chain::spec::{
    Absent, CapExcess, Carrier, CarrierExcess, CarrierThrottle, DailyCap, Delay, Filter,
    FilterAction, FilterReceipt, Per, Quiet, Rule, Scope, words,
};
use crate::kernel::Nanos;
use crate::scenario::checked::Record;
use crate::scenario::lower::Lowering;

table! {
    carrier => Carrier then check {
        /// Its name.
        name: String = of::name().example("northwind").required(),
        /// Its throttle in segments, or a list of them: what passes takes its tokens of all together.
        throttle: Vec<CarrierThrottle> = of::kind(Kind::OneOrMore(&THROTTLE, 1))
            .example(r#"{ rate = "60/s", burst = 60, scope = "campaign" }"#)
            .none("none"),
        /// At most so many segments a day.
        daily_cap: Option<DailyCap> =
            of::table().example(r#"{ limit = 200000, scope = "brand" }"#).absent("none"),
        /// Hours of each day, by `scenario.start`, in which it holds what comes; when they end all of it
        /// goes on at once. Validity and deadline go on meanwhile.
        quiet: Option<Quiet> =
            of::table().example(r#"{ from = "21:00", to = "08:00" }"#).absent("none"),
        /// Share of numbers without a subscriber.
        unknown_subscriber: f64 = of::share().example("0.8%").default("0"),
        /// Filters, applied in the order written.
        filters: Vec<Filter> = of::tables().written("filter").none("none"),
        /// Handsets that are off or away.
        absent: Option<Absent> =
            of::table().example(r#"{ probability = "4%", returns = { exponential = { mean = "40m" } } }"#)
                .absent("none"),
        /// Waits between tries of a delivery; the last one repeats.
        retry_schedule: Vec<Nanos> =
            of::list(&Kind::Duration(1_000_000), 0).example(r#"["1m", "5m", "30m", "1h"]"#)
                .none("one try"),
        /// From the successful try to the handset.
        latency: Delay =
            of::choice().example(r#"{ lognormal = { median = "3s", p95 = "9s" } }"#).default("0s"),
        /// Probability that a segment is lost.
        loss: f64 = of::share().example("0.1%").default("0"),
    }
}

static THROTTLE: Kind = Kind::Table(&throttle::TABLE);

table! {
    throttle => CarrierThrottle by pace {
        /// A token bucket: segments per time.
        rate: Option<f64> =
            of::rate(true).example("60/s").excludes(WINDOW).absent("a fixed window, by `limit`"),
        /// Segments the bucket holds.
        burst: u64 =
            of::integer(1, 1_000_000_000).example("60").excludes(WINDOW).follows("1, with `rate`"),
        /// A fixed window: segments in each.
        limit: Option<u64> = of::integer(1, 1_000_000_000_000)
            .example("4500")
            .excludes(BUCKET)
            .absent("a token bucket, by `rate`"),
        /// Length of a fixed window, which begins with one of the clock.
        per: Option<Per> = of::words().example("1min").excludes(BUCKET).absent("no window"),
        /// Scope of its counts: one for each of these.
        scope: Scope = of::words().default("carrier"),
        /// Fate of a message over the rate.
        on_excess: OnExcess = of::words().default("queue"),
        /// With `queue`: messages that may wait, at all its throttles together.
        queue_capacity: Option<u64> =
            of::integer(0, 1_000_000_000_000).example("50000").absent("no limit"),
    }
}

table! {
    daily_cap => DailyCap {
        /// Segments.
        limit: u64 = of::integer(0, 1_000_000_000_000).example("200000").required(),
        /// Owner of the segments that are counted together.
        scope: Scope = of::scopes(SCOPES).default("sender"),
        /// Time of day at which the count starts anew.
        resets_at: Nanos = of::clock().example("06:00").default("00:00"),
        /// Fate of what is over it. What is held goes on when the count starts anew, in order and through
        /// the throttle again, as far as the new count goes; validity and deadline go on meanwhile.
        on_excess: CapExcess = of::words().example("hold").none("`fail`"),
    }
}

table! {
    quiet => Quiet by hours {
        /// Time of day at which they begin.
        from: Nanos = of::clock().example("21:00").required(),
        /// Time of day at which they end; before `from`, on the next day.
        to: Nanos = of::clock().example("08:00").required(),
    }
}

table! {
    absent => Absent {
        /// Share of handsets away at the first try.
        probability: f64 = of::share().example("4%").required(),
        /// From the first try until the handset is back.
        returns: Delay = of::choice().example(r#"{ exponential = { mean = "40m" } }"#).required(),
        /// Probability that the network then wakes the carrier.
        alert: f64 = of::share().example("60%").default("0"),
    }
}

table! {
    filter => Filter {
        /// Its name within the carrier.
        name: String = of::name().example("spam").required(),
        /// Pattern it looks for.
        rule: Rule = of::choice().required(),
        /// Probability that it acts on what it found.
        probability: f64 = of::share().example("90%").default("1"),
        /// The truth it makes.
        action: FilterAction = of::words().required(),
        /// Receipt it gives the provider.
        receipt: FilterReceipt =
            of::words().follows("none with `silent`, rejected with `block`"),
        /// Switched on.
        enabled: bool = of::flag().default("true"),
    }
}

/// Scopes of a daily cap.
const SCOPES: &[Word] = &[
    Word::new(Scope::Sender.word(), "one count for each sender"),
    Word::new(Scope::Brand.word(), "one for each brand"),
    Word::new(Scope::Campaign.word(), "one for each campaign"),
];

words! {
    /// Fate of a message over the rate.
    pub(crate) enum OnExcess {
        /// it waits its turn
        Queue = "queue",
        /// it is refused, and its receipt says so
        Reject = "reject",
        /// it is gone without a word
        Drop = "drop",
    }
}

fn check(cx: &mut Lowering<'_, '_>, record: &Record, made: &Carrier) {
    at_most(cx, record, carrier::throttle.name(), &made.throttle);
}

fn hours(cx: &mut Lowering<'_, '_>, record: &Record) -> Quiet {
    let hours = Quiet { from: cx.read(record, &quiet::from), to: cx.read(record, &quiet::to) };
    let read = |key: &str| record.get(key).is_some();
    if hours.from == hours.to && read("from") && read("to") {
        let place = record.place_of(&quiet::to);
        cx.conflict(place, "`from` and `to` are the same time", "expected another");
    }
    hours
}

fn pace(cx: &mut Lowering<'_, '_>, record: &Record) -> CarrierThrottle {
    let capacity = cx.read(record, &throttle::queue_capacity);
    let on_excess = match cx.read(record, &throttle::on_excess) {
        OnExcess::Queue => CarrierExcess::Queue { capacity },
        OnExcess::Reject => CarrierExcess::Reject,
        OnExcess::Drop => CarrierExcess::Drop,
    };
    if !matches!(on_excess, CarrierExcess::Queue { .. }) {
        let why = "nothing waits: take this out, or use \"queue\"";
        cx.idle(record, &throttle::queue_capacity, "without `on_excess = \"queue\"`", why);
    }
    CarrierThrottle {
        allowance: allowance(cx, record),
        scope: cx.read(record, &throttle::scope),
        on_excess,
    }
}
