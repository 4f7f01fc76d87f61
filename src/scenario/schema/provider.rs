//! `[[provider]]`

use super::limit::{BUCKET, WINDOW, allowance, at_most};
use super::{Kind, Word, by_day, of};
use crate::chain::spec::{
    Degraded, Delay, Failures, Meaning, Parts, Per, Provider, ProviderExcess, ProviderThrottle,
    Receipts, Scope, Several, Whole, words,
};
use crate::kernel::Nanos;
use crate::scenario::checked::Record;
use crate::scenario::lower::Lowering;
use crate::scenario::{Diagnostic, DiagnosticKind};

table! {
    provider => Provider then check {
        /// Its name.
        name: String = of::name().example("alpha").required(),
        /// Submits outstanding at once, all its binds together.
        window: Option<u32> = of::integer(1, 1_000_000).example("50").absent("no limit"),
        /// Its throttle in segments, or a list of them: what goes out takes its tokens of all that
        /// `pace` together, then of all that `refuse`.
        throttle: Vec<ProviderThrottle> = of::kind(Kind::OneOrMore(&THROTTLE, 1))
            .example(r#"{ rate = "120/s", burst = 120, on_excess = "refuse" }"#)
            .none("none"),
        /// Submits it serves at once.
        servers: Option<u32> = of::integer(1, 1_000_000).example("64").absent("no limit"),
        /// Submits that wait for its servers; `queue_full` beyond.
        queue_capacity: Option<u64> =
            of::integer(0, 1_000_000_000_000).example("2000").absent("no limit"),
        /// Service time of a submit.
        latency: Delay = of::choice().default("0s"),
        /// Factors of the latency by time of day, a refusal's too; linear between, repeating daily.
        latency_by_day: Vec<(Nanos, f64)> =
            of::list(&by_day::POINT, 1).example(by_day::EXAMPLE).none("the same all day"),
        /// Time that a refusal takes: `throttled`, by share or by rate, and `queue_full`. It holds
        /// its slot and worker meanwhile.
        refusal_latency: Option<Delay> = of::choice().example("5ms").absent("a draw of `latency`"),
        /// The sender waits this long for an answer.
        submit_timeout: Option<Nanos> = of::duration(1).example("10s").absent("for ever"),
        /// Probability that a submit timed out by share was accepted all the same.
        timeout_accepted: f64 = of::share().example("60%").default("0"),
        /// Failure shares of an attempt.
        failures: Failures =
            of::table().example(r#"{ transient = "2%", timeout = "0.3%" }"#).filled(),
        /// Factors of these shares by time of day; linear between, repeating daily.
        failures_by_day: Vec<(Nanos, f64)> =
            of::list(&by_day::POINT, 1).example(by_day::EXAMPLE).none("the same all day"),
        /// Spells of degradation.
        degraded: Option<Degraded> =
            of::table().example(r#"{ mean_up = "6h", mean_down = "4m", latency_factor = 6, failures = { transient = 0.4 } }"#)
                .absent("none"),
        /// From acceptance to the carrier.
        relay: Delay = of::choice().example(r#"{ exponential = { mean = "300ms" } }"#).default("0s"),
        /// Share of accepted messages that are never relayed.
        loss: f64 = of::share().example("0.05%").default("0"),
        /// The way of a message of several segments: whole, or each segment as a submit of its own, with
        /// its own result, way to the handset and receipt.
        parts: Parts = of::words().example("each").none("`whole`"),
        /// Its receipts to the sender.
        receipts: Receipts =
            of::table().example(r#"{ delay = { exponential = { mean = "2s" } }, loss = "1%" }"#)
                .filled(),
    }
}

static THROTTLE: Kind = Kind::Table(&throttle::TABLE);

table! {
    throttle => ProviderThrottle by pace {
        /// A token bucket: segments per time.
        rate: Option<f64> =
            of::rate(true).example("120/s").excludes(WINDOW).absent("a fixed window, by `limit`"),
        /// Segments the bucket holds.
        burst: u64 =
            of::integer(1, 1_000_000_000).example("120").excludes(WINDOW).follows("1, with `rate`"),
        /// A fixed window: segments in each.
        limit: Option<u64> = of::integer(1, 1_000_000_000_000)
            .example("4500")
            .excludes(BUCKET)
            .absent("a token bucket, by `rate`"),
        /// Length of a fixed window, which begins with one of the clock.
        per: Option<Per> = of::words().example("1min").excludes(BUCKET).absent("no window"),
        /// Scope of its counts: one for each of these.
        scope: Scope = of::scopes(SCOPES).default("provider"),
        /// Fate of an attempt over the rate.
        on_excess: OnExcess = of::words().default("pace"),
        /// With `refuse`: asks for at least this wait before a retry.
        retry_after: Option<Nanos> = of::duration(0).example("1s").absent("it asks for none"),
    }
}

table! {
    failures => Failures then adds_up {
        /// ESME_RTHROTTLED 0x58.
        throttled: f64 = of::share().example("1%").default("0"),
        /// ESME_RMSGQFUL 0x14.
        queue_full: f64 = of::share().example("0.5%").default("0"),
        /// ESME_RSYSERR 0x08.
        transient: f64 = of::share().example("2%").default("0"),
        /// ESME_RINVDSTADR 0x0B.
        permanent: f64 = of::share().example("0.4%").default("0"),
        /// No answer; needs `submit_timeout`.
        timeout: f64 = of::share().example("0.3%").default("0"),
    }
}

table! {
    degraded => Degraded {
        /// Mean time between spells.
        mean_up: Nanos = of::duration(1_000_000).example("6h").required(),
        /// Mean length of a spell.
        mean_down: Nanos = of::duration(1_000_000).example("4m").required(),
        /// Latency is multiplied by this.
        latency_factor: f64 = of::number(0.0, 1e6).example("6").default("1.0"),
        /// Combined with the base shares.
        failures: Failures = of::table().example(r#"{ transient = "40%" }"#).filled(),
    }
}

table! {
    receipts => Receipts {
        /// From the carrier's to the sender.
        delay: Delay = of::choice().example(r#"{ exponential = { mean = "2s" } }"#).default("0s"),
        /// Share that never comes.
        loss: f64 = of::share().example("1%").default("0"),
        /// Share of receipts for undelivered messages that say delivered.
        false_delivered: f64 = of::share().example("5%").default("0"),
        /// Meaning of `delivered`.
        meaning: Meaning = of::words().default("handset"),
        /// Silence for this long after the hand-off is observed as `unknown`.
        unknown_after: Option<Nanos> = of::duration(1).example("72h").absent("never"),
        /// A receipt that comes so long after the hand-off is matched with no message: the sender has
        /// forgotten it.
        forgotten_after: Option<Nanos> = of::duration(1).example("24h").absent("never"),
        /// The one that counts of several receipts for a message.
        several: Several = of::words().example("last_wins").none("`delivered_wins`"),
        /// The receipts, with `parts = "each"`, that say what has become of the whole message.
        whole: Whole = of::words().example("last").none("`all`"),
    }
}

/// Scopes of a provider's throttle: all but the carrier.
const SCOPES: &[Word] = &[
    Word::new(Scope::Provider.word(), "one bucket"),
    Word::new(Scope::Sender.word(), "one for each sender"),
    Word::new(Scope::Brand.word(), "one for each brand"),
    Word::new(Scope::Campaign.word(), "one for each campaign"),
];

words! {
    /// Fate of an attempt over the rate.
    pub(crate) enum OnExcess {
        /// the sender waits for a token, then for a slot
        Pace = "pace",
        /// the answer is a throttle status
        Refuse = "refuse",
    }
}

fn pace(cx: &mut Lowering<'_, '_>, record: &Record) -> ProviderThrottle {
    let retry_after = cx.read(record, &throttle::retry_after);
    let on_excess = match cx.read(record, &throttle::on_excess) {
        OnExcess::Refuse => ProviderExcess::Refuse { retry_after },
        OnExcess::Pace => {
            if record.is_sure_of(&throttle::on_excess) {
                let why = "nothing is refused: take this out, or use \"refuse\"";
                cx.idle(record, &throttle::retry_after, "without `on_excess = \"refuse\"`", why);
            }
            ProviderExcess::Pace
        }
    };
    ProviderThrottle {
        allowance: allowance(cx, record),
        scope: cx.read(record, &throttle::scope),
        on_excess,
    }
}

fn check(cx: &mut Lowering<'_, '_>, record: &Record, made: &Provider) {
    at_most(cx, record, provider::throttle.name(), &made.throttle);
    let spell =
        record.inner(&provider::degraded).and_then(|spell| spell.inner(&degraded::failures));
    if record.lacks(&provider::submit_timeout) {
        for shares in [record.inner(&provider::failures), spell].into_iter().flatten() {
            needs_timeout(cx, shares);
        }
    }
    by_day::in_order(cx, record, &provider::latency_by_day);
    by_day::in_order(cx, record, &provider::failures_by_day);
    let worst = worst(cx, record, made);
    if let (Some(spell), Some(degraded)) = (spell, &made.degraded) {
        combined(cx, spell, &worst, &degraded.failures);
    }
}

/// Sums of decimals such as 0.1 may miss 1 by a last bit.
const SLACK: f64 = 1e-12;

fn adds_up(cx: &mut Lowering<'_, '_>, record: &Record, made: &Failures) {
    let sum = made.sum();
    if sum > 1.0 + SLACK {
        let message = format!("the failure shares add up to {sum}");
        cx.conflict(record.place, &message, "expected at most 1");
    }
}

/// The shares at their worst time of day, which must leave room for each other.
fn worst(cx: &mut Lowering<'_, '_>, record: &Record, made: &Provider) -> Failures {
    if made.failures_by_day.is_empty() {
        return made.failures;
    }
    let most = made.failures_by_day.iter().fold(0.0, |most: f64, &(_, factor)| most.max(factor));
    let worst = Failures::from(made.failures.shares().map(|share| share * most));
    if worst.sum() > 1.0 + SLACK && made.failures.sum() <= 1.0 + SLACK {
        let message =
            format!("with the factor {most} the failure shares add up to {}", worst.sum());
        let place = record.place_of(&provider::failures_by_day);
        cx.conflict(place, &message, "expected at most 1 at any time of day");
        return made.failures;
    }
    worst
}

/// Reports a share of timeouts, for a provider that is waited for without end.
pub(super) fn needs_timeout(cx: &mut Lowering<'_, '_>, shares: &Record) {
    if cx.read(shares, &failures::timeout) > 0.0 {
        cx.errors.push(
            Diagnostic::new(
                DiagnosticKind::Conflict,
                shares.place_of(&failures::timeout),
                "a `timeout` share without `submit_timeout`",
            )
            .label("the sender would wait for ever")
            .help("give the provider a `submit_timeout`, such as \"10s\""),
        );
    }
}

/// In a spell the shares combine, and must still leave room for each other.
fn combined(cx: &mut Lowering<'_, '_>, record: &Record, base: &Failures, more: &Failures) {
    let total = base.combined(more).sum();
    if total > 1.0 + SLACK && base.sum() <= 1.0 + SLACK && more.sum() <= 1.0 + SLACK {
        let message = format!("with the base shares the failure shares add up to {total}");
        cx.conflict(record.place, &message, "expected at most 1 in a spell");
    }
}
