//! `[[traffic]]`

use super::{Kind, Owner, of, quiet};
use crate::chain::spec::{
    Arrivals, Checked, Delay, OnReceipt, OptsOut, Pick, Quiet, Resend, Retry, Senders, Traffic,
};
use crate::kernel::Nanos;
use crate::random::Variate;
use crate::scenario::DiagnosticKind;
use crate::scenario::checked::Record;
use crate::scenario::lower::Lowering;
use crate::scenario::schema::Key;

const MILLISECOND: Nanos = 1_000_000;

table! {
    traffic {
        /// Its name.
        name: String = of::name().example("otp").required(),
        /// Its arrival process.
        arrivals: Arrivals = of::choice().required(),
        /// The one sender id it sends from.
        sender: Option<String> =
            of::text().example("12345").excludes(&["senders"]).absent("the stream's name"),
        /// A pool of sender ids, in place of `sender`.
        senders: Option<Senders> =
            of::table().example(r#"{ count = 20, pick = "sticky" }"#).excludes(&["sender"])
                .absent(""),
        /// 10DLC brand, a scope of throttles and caps.
        brand: Option<String> = of::text().example("acme-bank").absent("the sender"),
        /// 10DLC campaign, a scope of throttles and caps.
        campaign: Option<String> = of::text().example("login-codes").absent("the sender"),
        /// Weights of the carriers it goes to.
        carriers: Vec<(usize, f64)> =
            of::weights(Owner::Carrier).follows("every carrier alike"),
        /// Number of people; one is drawn per message.
        recipients: Option<u64> =
            of::integer(1, 1_000_000_000_000).example("200000").absent("each message has its own"),
        /// Recipients of one request.
        per_request: u32 = of::integer(1, 10_000).example("50").default("1"),
        /// The text that is sent.
        body: () = of::kind(Kind::Table(&body::TABLE)).example(r#"{ chars = 70, ucs2 = "2%" }"#).filled(),
        /// Likeness to spam, 0 to 1.
        spam_score: Variate = of::choice().default("0"),
        /// Share of invalid numbers.
        invalid: f64 = of::share().example("0.2%").default("0"),
        /// Share of recipients who have opted out.
        opted_out: f64 = of::share().example("0.1%").default("0"),
        /// Urgency, 3 the highest, where a queue's `discipline` or a route's `only` goes by it.
        priority: u8 = of::integer(0, 3).example("2").default("0"),
        /// On time is within this, from the request.
        deadline: Option<Nanos> = of::duration(1).example("60s").absent("that of [scenario]"),
        /// Nobody tries any more after this, from acceptance.
        validity: Option<Nanos> = of::duration(1).example("10m").absent("for ever"),
        /// People who opt out in the course of the run: the API refuses later messages to them as
        /// invalid. Needs `recipients`, or a trace that names them.
        opts_out: Option<OptsOut> =
            of::table().example(r#"{ share = "0.5%", after = { exponential = { mean = "2h" } } }"#)
                .absent("nobody does"),
        /// Hours in which its sender doesn't ask the API: requests that are due then are made when they
        /// end. With `on_quiet = "refuse"` the API refuses requests in them: `quiet_hours`.
        quiet: Vec<Quiet> = of::kind(quiet::SEVERAL).example(quiet::EXAMPLE).none("none"),
        /// People without a copy ask again.
        resend: Option<Resend> =
            of::table().example(r#"{ after = "45s", probability = 0.5, max = 2 }"#)
                .absent("nobody does"),
        /// A retry policy of its own.
        retry: Option<Retry> =
            of::table().example(r#"{ policy = "full-jitter" }"#).absent("its queue's"),
        /// A rule of its own for acting on receipts.
        on_receipt: Option<OnReceipt> = of::table()
            .example(r#"{ after = "60s", route = "next" }"#).absent("that of the scenario"),
    }
}

table! {
    senders => Senders by pool {
        /// Number of senders; named after the stream.
        count: u32 = of::integer(1, 10_000_000).example("20").required(),
        /// The way in which one is picked.
        pick: Pick = of::words().default("round_robin"),
    }
}

table! {
    body {
        /// Characters of a text.
        chars: Variate =
            of::choice().example("{ uniform = { low = 40, high = 160 } }").default("70"),
        /// Share of texts that need UCS-2.
        ucs2: f64 = of::share().example("2%").default("0"),
    }
}

table! {
    opts_out => OptsOut {
        /// Share of people.
        share: f64 = of::share().example("0.5%").required(),
        /// From t = 0 until a person opts out.
        after: Delay = of::choice().example(r#"{ exponential = { mean = "2h" } }"#).default("0s"),
        /// The last look at a person's consent.
        checked: Checked = of::words().default("accept"),
    }
}

table! {
    resend => Resend {
        /// This long after the request.
        after: Nanos = of::duration(MILLISECOND).example("45s").required(),
        /// Probability that a person does.
        probability: f64 = of::share().example("50%").default("1"),
        /// At most this often in a chain.
        max: u32 = of::integer(1, 1_000).example("2").default("1"),
    }
}

fn pool(cx: &mut Lowering<'_, '_>, record: &Record) -> Senders {
    Senders::Pool { count: cx.read(record, &senders::count), pick: cx.read(record, &senders::pick) }
}

/// The stream; `None` only if what is missing has been reported.
pub(crate) fn lower(cx: &mut Lowering<'_, '_>, record: &Record) -> Option<Traffic> {
    let empty = Record::new(record.place);
    let inner = record.inner(&traffic::body).unwrap_or(&empty);
    let mut carriers = cx.read(record, &traffic::carriers);
    carriers.sort_by_key(|(carrier, _)| *carrier);
    let chars = within(cx, inner, &body::chars, (0.0, 1e6));
    let spam_score = within(cx, record, &traffic::spam_score, (0.0, 1.0));
    let senders = match cx.read(record, &traffic::senders) {
        Some(pool) => pool,
        None => Senders::One(cx.read(record, &traffic::sender).unwrap_or_default()),
    };
    let stream = Traffic {
        name: cx.read(record, &traffic::name),
        arrivals: cx.read(record, &traffic::arrivals),
        senders,
        brand: cx.read(record, &traffic::brand),
        campaign: cx.read(record, &traffic::campaign),
        carriers,
        recipients: cx.read(record, &traffic::recipients),
        per_request: cx.read(record, &traffic::per_request),
        ucs2: cx.read(inner, &body::ucs2),
        invalid: cx.read(record, &traffic::invalid),
        opted_out: cx.read(record, &traffic::opted_out),
        priority: cx.read(record, &traffic::priority),
        deadline: cx.read(record, &traffic::deadline),
        validity: cx.read(record, &traffic::validity),
        opts_out: cx.read(record, &traffic::opts_out),
        quiet: cx.read(record, &traffic::quiet),
        resend: cx.read(record, &traffic::resend),
        retry: cx.read(record, &traffic::retry),
        on_receipt: cx.read(record, &traffic::on_receipt),
        // Last, so that everything else has been looked at.
        chars: chars?,
        spam_score: spam_score?,
    };
    quiet::leave_time(cx, record, &traffic::quiet, &stream.quiet);
    Some(stream)
}

/// A random number, which lies within `low` and `high` if it is a constant.
fn within(
    cx: &mut Lowering<'_, '_>,
    record: &Record,
    key: &Key<Variate>,
    (low, high): (f64, f64),
) -> Option<Variate> {
    let variate = cx.distribution(record.item(key)?)?;
    if variate.as_constant().is_some_and(|value| !(low..=high).contains(&value)) {
        cx.error(
            DiagnosticKind::OutOfRange,
            record.place_of(key),
            &format!("`{}` is out of range", key.name()),
            &format!("expected a number from {low} to {high}"),
        );
    }
    Some(variate)
}
