//! `[[incident]]`

use super::provider::needs_timeout;
use super::{Key, Kind, Owner, ROOT, Word, of};
use crate::chain::spec::{Arrivals, Effects, Every, Failures, Incident, Outage, Spec, Target};
use crate::kernel::Nanos;
use crate::scenario::checked::{Item, Record, Value};
use crate::scenario::lower::{Lowering, Moment, Setting};
use crate::scenario::nearest::nearest;
use crate::scenario::sample;
use crate::scenario::units::{duration, short};
use crate::scenario::{Diagnostic, DiagnosticKind, Place};

/// The largest factor.
const MOST: f64 = 1e6;

const REFUSED: Word =
    Word::new("refused", "a provider's bind is down: submits are refused as `transient`");

table! {
    incident {
        /// Its name.
        name: String = of::name().example("alpha-browns-out").required(),
        /// Description, as an on-call engineer would put it.
        summary: String = of::prose().example("alpha is slow and refuses one in three").default(""),
        /// Its beginning, from t = 0 or by the clock.
        at: Moment = of::moment().example("20m").required(),
        /// Its length, ramps included.
        span: Nanos = of::duration(1).written("for").example("6m").required(),
        /// Factors and shares grow to their full size over this long, and fade as long before the
        /// end; at most half of `for`.
        ramp: Nanos = of::duration(0).example("30s").default("0s"),
        /// It comes again this often; `for` is at most that long.
        repeat: Option<Every> = of::words().example("weekly").absent("it happens once"),
        /// Its target: `api`, `account`, `traffic.X`, `queue.X`, `provider.X`, `carrier.X`,
        /// `carrier.X.filter.Y` or `route.ID`.
        target: String = of::text().example("provider.alpha").required(),
        /// Api: answers 500. Provider: no answer, nothing accepted; needs `submit_timeout`.
        /// Carrier: everything waits.
        outage: Option<Outage> =
            of::kind(Kind::WordsOrFlag(&[REFUSED])).absent("no outage"),
        /// Api, provider, carrier: latency is multiplied by this.
        latency_factor: Option<f64> = of::number(0.0, MOST).example("8").absent("1"),
        /// Provider: failure shares, combined with its own.
        failures: Option<Failures> = of::table().example("{ transient = 0.5 }").absent("none"),
        /// Api, provider, carrier: the rate of its rate limit or throttle is multiplied by this.
        throttle_factor: Option<f64> = of::number(0.0, MOST).example("0.5").absent("1"),
        /// Traffic: its rate is multiplied by this; not of a campaign or trace.
        traffic_factor: Option<f64> = of::number(0.0, MOST).example("3").absent("1"),
        /// Queue: this share of its workers takes no work.
        workers_lost: f64 = of::share().example("50%").none("none"),
        /// Queue: its workers' overhead is multiplied by this.
        overhead_factor: Option<f64> = of::number(0.0, MOST).example("5").absent("1"),
        /// Provider: `relay`, the way to the carrier, is multiplied by this.
        relay_factor: Option<f64> = of::number(0.0, MOST).example("10").absent("1"),
        /// Provider: the delay of receipts that set out in it is multiplied by this.
        receipt_delay_factor: Option<f64> = of::number(0.0, MOST).example("20").absent("1"),
        /// Provider: this share of receipts that set out in it never comes, combined with its own.
        receipt_loss: f64 = of::share().example("30%").none("none"),
        /// Route: its price is multiplied by this, of messages that the API accepts in it.
        price_factor: Option<f64> = of::number(0.0, MOST).example("1.5").absent("1"),
        /// Route, provider: what the provider bills is multiplied by this, of copies that it accepts
        /// in it.
        cost_factor: Option<f64> = of::number(0.0, MOST).example("1.5").absent("1"),
        /// Provider: receipts wait and then come together.
        hold_receipts: bool = of::flag().none("they come"),
        /// Provider: receipts that would come in it are lost.
        lose_receipts: bool = of::flag().none("they come"),
        /// Account: nothing can be paid, nothing topped up.
        freeze_balance: bool = of::flag().none("it pays"),
        /// Filter: it is switched on.
        enable_filter: bool = of::flag().none("as it is"),
    }
}

/// The effects, and the sorts of target that each applies to.
const EFFECTS: [(&str, &[&str]); 16] = [
    (incident::latency_factor.name(), &["api", "provider", "carrier"]),
    (incident::outage.name(), &["api", "provider", "carrier"]),
    (incident::failures.name(), &["provider"]),
    (incident::throttle_factor.name(), &["api", "provider", "carrier"]),
    (incident::traffic_factor.name(), &["traffic"]),
    (incident::workers_lost.name(), &["queue"]),
    (incident::overhead_factor.name(), &["queue"]),
    (incident::relay_factor.name(), &["provider"]),
    (incident::receipt_delay_factor.name(), &["provider"]),
    (incident::receipt_loss.name(), &["provider"]),
    (incident::price_factor.name(), &["route"]),
    (incident::cost_factor.name(), &["route", "provider"]),
    (incident::hold_receipts.name(), &["provider"]),
    (incident::lose_receipts.name(), &["provider"]),
    (incident::freeze_balance.name(), &["account"]),
    (incident::enable_filter.name(), &["filter"]),
];

/// The sorts of target and how one of each is written.
const TARGETS: [(&str, &str); 8] = [
    ("api", "api"),
    ("account", "account"),
    ("traffic", "traffic.X"),
    ("queue", "queue.X"),
    ("provider", "provider.X"),
    ("carrier", "carrier.X"),
    ("filter", "carrier.X.filter.Y"),
    ("route", "route.ID"),
];

impl Target {
    /// Sort of target it is.
    fn sort(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Account => "account",
            Self::Traffic(_) => "traffic",
            Self::Queue(_) => "queue",
            Self::Provider(_) => "provider",
            Self::Carrier(_) => "carrier",
            Self::Filter { .. } => "filter",
            Self::Route(_) => "route",
        }
    }
}

/// Nothing where `outage` is false.
impl Setting for Outage {
    fn of(_: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
        match item.value {
            Value::Word(word) if word == REFUSED.word => Some(Outage::Refused),
            Value::Flag(true) => Some(Outage::Silent),
            _ => None,
        }
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        Outage::Silent
    }
}

/// `None` only if what is wrong has been reported.
pub(crate) fn lower(
    cx: &mut Lowering<'_, '_>,
    record: &Record,
    root: &Record,
    spec: &Spec,
) -> Option<Incident> {
    fits_in_time(cx, record);
    let target = target(cx, record, spec);
    let given =
        |(effect, _): &(&str, _)| record.get(effect).is_some() || record.doubtful.contains(effect);
    if !EFFECTS.iter().any(given) {
        no_effect(cx, record, target);
    }
    let target = target?;
    let mut fits = true;
    for (effect, sorts) in EFFECTS {
        if record.get(effect).is_some() && !sorts.contains(&target.sort()) {
            no_effect_there(cx, record, effect, sorts);
            fits = false;
        }
    }
    if !fits {
        return None;
    }
    needs(cx, record, target, root, spec);
    let mut factor = |key: &Key<Option<f64>>| cx.read(record, key).unwrap_or(1.0);
    let latency_factor = factor(&incident::latency_factor);
    let throttle_factor = factor(&incident::throttle_factor);
    let traffic_factor = factor(&incident::traffic_factor);
    let overhead_factor = factor(&incident::overhead_factor);
    let relay_factor = factor(&incident::relay_factor);
    let receipt_delay_factor = factor(&incident::receipt_delay_factor);
    let price_factor = factor(&incident::price_factor);
    let cost_factor = factor(&incident::cost_factor);
    Some(Incident {
        name: cx.read(record, &incident::name),
        summary: cx.read(record, &incident::summary),
        at: cx.read(record, &incident::at).at,
        span: cx.read(record, &incident::span),
        ramp: cx.read(record, &incident::ramp),
        repeat: cx.read(record, &incident::repeat),
        target,
        effects: Effects {
            outage: cx.read(record, &incident::outage),
            latency_factor,
            failures: cx.read(record, &incident::failures).unwrap_or_default(),
            throttle_factor,
            traffic_factor,
            workers_lost: cx.read(record, &incident::workers_lost),
            overhead_factor,
            relay_factor,
            receipt_delay_factor,
            receipt_loss: cx.read(record, &incident::receipt_loss),
            price_factor,
            cost_factor,
            hold_receipts: cx.read(record, &incident::hold_receipts),
            lose_receipts: cx.read(record, &incident::lose_receipts),
            freeze_balance: cx.read(record, &incident::freeze_balance),
            enable_filter: cx.read(record, &incident::enable_filter),
        },
    })
}

/// Checks its beginning and its ramps.
fn fits_in_time(cx: &mut Lowering<'_, '_>, record: &Record) {
    let (span, ramp) = (cx.find(record, &incident::span), cx.find(record, &incident::ramp));
    if let (Some(span), Some(ramp)) = (span, ramp)
        && ramp > span / 2
    {
        cx.error(
            DiagnosticKind::OutOfRange,
            record.place_of(&incident::ramp),
            "the ramps are longer than the incident",
            &format!("expected at most half of `for`: {}", duration::print(span / 2)),
        );
    }
    let repeat = cx.find(record, &incident::repeat).flatten();
    if let (Some(span), Some(repeat)) = (span, repeat)
        && span > repeat.period()
    {
        cx.error(
            DiagnosticKind::OutOfRange,
            record.place_of(&incident::span),
            "the incident lasts until it comes again, and longer",
            &format!(
                "expected at most {}: it is {}",
                duration::print(repeat.period()),
                repeat.word()
            ),
        );
    }
    if let (Some(Moment { at, by_clock }), Some(end)) =
        (cx.find(record, &incident::at), cx.duration)
        && at >= end
    {
        let label =
            format!("requests end at {}{}", duration::print(end), cx.by_clock(at, by_clock));
        cx.warn(
            record.place_of(&incident::at),
            "the incident begins after the last request",
            &label,
        );
    }
}

/// Names the effects the target can have, and shows the first.
fn no_effect(cx: &mut Lowering<'_, '_>, record: &Record, target: Option<Target>) {
    let fitting = EFFECTS
        .iter()
        .filter(|(_, sorts)| target.is_none_or(|target| sorts.contains(&target.sort())));
    let effects: Vec<&str> = fitting.map(|&(effect, _)| effect).collect();
    let keys: Vec<String> = effects.iter().map(|effect| format!("`{effect}`")).collect();
    let expected = match keys.as_slice() {
        [only] => format!("expected {only}"),
        keys => format!("expected at least one of {}", keys.join(", ")),
    };
    let mut error = Diagnostic::new(
        DiagnosticKind::Missing,
        record.place_of(&incident::name),
        "the incident has no effect",
    )
    .label(expected);
    if let (Some(_), Some(effect)) = (target, effects.first()) {
        let Some(Kind::Tables(table)) = ROOT.field("incident").map(|field| field.kind) else {
            return;
        };
        error.help.extend(sample::help(table, effect));
    }
    cx.errors.push(error);
}

fn no_effect_there(cx: &mut Lowering<'_, '_>, record: &Record, effect: &str, sorts: &[&str]) {
    let written = |sort: &&str| TARGETS.iter().find(|(name, _)| name == sort);
    let places: Vec<String> =
        sorts.iter().filter_map(written).map(|(_, path)| format!("`{path}`")).collect();
    let target = record.text(incident::target.name()).unwrap_or_default();
    cx.conflict(
        record.at(effect),
        &format!("`{effect}` does not apply to `{}`", short(target)),
        &format!("it applies to {}", places.join(", ")),
    );
}

/// The target by index.
fn target(cx: &mut Lowering<'_, '_>, record: &Record, spec: &Spec) -> Option<Target> {
    let text = record.text(incident::target.name())?;
    let place = record.place_of(&incident::target);
    let parts: Vec<&str> = text.split('.').collect();
    match parts.as_slice() {
        ["api"] => Some(Target::Api),
        ["account"] => Some(Target::Account),
        ["traffic", name] => cx.look_up(Owner::Traffic, name, place).map(Target::Traffic),
        ["queue", name] => cx.look_up(Owner::Queue, name, place).map(Target::Queue),
        ["provider", name] => cx.look_up(Owner::Provider, name, place).map(Target::Provider),
        ["carrier", name] => cx.look_up(Owner::Carrier, name, place).map(Target::Carrier),
        ["route", id] => route_of(cx, id, place),
        ["carrier", carrier, "filter", filter] => {
            let carrier = cx.look_up(Owner::Carrier, carrier, place)?;
            filter_of(cx, carrier, filter, place, spec)
        }
        _ => {
            no_target(cx, text, place);
            None
        }
    }
}

fn route_of(cx: &mut Lowering<'_, '_>, id: &str, place: Place) -> Option<Target> {
    let number: Option<u64> = id.parse().ok().filter(|number: &u64| number.to_string() == id);
    let known = number.and_then(|id| cx.route_ids.iter().position(|&known| known == id));
    if known.is_none() {
        let ids: Vec<String> = cx.route_ids.iter().take(10).map(u64::to_string).collect();
        let more = if cx.route_ids.len() > 10 { ", …" } else { "" };
        let message = format!("there is no route {}", short(id));
        let error = Diagnostic::new(DiagnosticKind::Dangling, place, message)
            .label("expected the id of a [[route]]")
            .help(format!("routes: {}{more}", ids.join(", ")));
        cx.errors.push(error);
    }
    known.map(Target::Route)
}

fn filter_of(
    cx: &mut Lowering<'_, '_>,
    carrier: usize,
    name: &str,
    place: Place,
    spec: &Spec,
) -> Option<Target> {
    let settings = spec.carriers.get(carrier)?;
    let named = settings.filters.iter().position(|filter| filter.name == name);
    if let Some(filter) = named {
        return Some(Target::Filter { carrier, filter });
    }
    let message = format!("carrier `{}` has no filter `{}`", settings.name, short(name));
    let names = settings.filters.iter().map(|filter| filter.name.as_str());
    let expected = "expected the name of one of its [[carrier.filter]]";
    let error = Diagnostic::new(DiagnosticKind::Dangling, place, message);
    cx.errors.push(error.meant(name, names, expected));
    None
}

fn no_target(cx: &mut Lowering<'_, '_>, text: &str, place: Place) {
    let error = Diagnostic::new(
        DiagnosticKind::Dangling,
        place,
        format!("`{}` is not a target", short(text)),
    );
    let (first, rest) = text.split_once('.').unwrap_or((text, ""));
    let sorts = ["api", "account", "traffic", "queue", "provider", "carrier", "route"];
    let near = nearest(first, sorts).filter(|near| *near != first);
    let forms: Vec<String> = TARGETS.iter().map(|(_, path)| format!("`{path}`")).collect();
    let expected = format!("expected one of {}", forms.join(", "));
    cx.errors.push(match near {
        Some(near) if rest.is_empty() => error.label(format!("did you mean `{near}`?")),
        Some(near) => error.label(format!("did you mean `{near}.{}`?", short(rest))),
        None => error.label(expected),
    });
}

/// Checks that its target has what an effect needs.
fn needs(cx: &mut Lowering<'_, '_>, record: &Record, target: Target, root: &Record, spec: &Spec) {
    let entry = |key: &str, index: usize| root.tables(key).nth(index);
    let lacks = match target {
        Target::Api => root.table("api").is_some_and(|api| {
            api.lacks(&super::api::api::rate_limit) && api.lacks(&super::api::api::limits)
        }),
        Target::Provider(index) => entry("provider", index)
            .is_some_and(|entry| entry.lacks(&super::provider::provider::throttle)),
        Target::Carrier(index) => entry("carrier", index)
            .is_some_and(|entry| entry.lacks(&super::carrier::carrier::throttle)),
        _ => false,
    };
    if lacks && record.item(&incident::throttle_factor).is_some() {
        let what = if target == Target::Api { "rate_limit" } else { "throttle" };
        needed_there(cx, record, &incident::throttle_factor, what, "there is no rate to change");
    }
    if cx.read(record, &incident::outage) == Some(Outage::Refused)
        && !matches!(target, Target::Provider(_))
    {
        cx.conflict(
            record.place_of(&incident::outage),
            "`outage = \"refused\"` is for providers",
            "a bind is down there; expected `true`",
        );
    }
    match target {
        Target::Account => {
            let unlimited = match root.table("account") {
                Some(account) => account.lacks(&super::account::account::balance),
                None => !root.doubtful.contains(&"account"),
            };
            if unlimited {
                let key = &incident::freeze_balance;
                needed_there(cx, record, key, "balance", "nothing is paid from one");
            }
        }
        Target::Queue(index) => {
            let queue = entry("queue", index);
            if queue.is_some_and(|queue| queue.lacks(&super::queue::queue::workers))
                && record.item(&incident::workers_lost).is_some()
            {
                let key = &incident::workers_lost;
                needed_there(cx, record, key, "workers", "there is no end of workers");
            }
        }
        Target::Provider(index) => {
            let patient = entry("provider", index)
                .is_some_and(|entry| entry.lacks(&super::provider::provider::submit_timeout));
            if let Some(failures) = record.inner(&incident::failures)
                && patient
            {
                needs_timeout(cx, failures);
            }
            if patient && cx.read(record, &incident::outage) == Some(Outage::Silent) {
                cx.errors.push(
                    Diagnostic::new(
                        DiagnosticKind::Conflict,
                        record.place_of(&incident::outage),
                        "an outage of a provider without `submit_timeout`",
                    )
                    .label("no submit is answered: the sender would wait for ever")
                    .help("give the provider a `submit_timeout`, such as \"10s\"")
                    .help("or, if its bind is down and submits fail, write outage = \"refused\""),
                );
            }
        }
        Target::Traffic(index) => {
            let kind = spec.traffic.get(index).and_then(|stream| match stream.arrivals {
                Arrivals::Campaign { .. } => Some("campaign"),
                Arrivals::Trace { .. } => Some("trace"),
                _ => None,
            });
            if let Some(kind) = kind {
                cx.conflict(
                    record.place_of(&incident::traffic_factor),
                    &format!("`traffic_factor` of a {kind}"),
                    "it multiplies a rate: expected `poisson`, `constant`, `profile` or \
                     `onoff` arrivals",
                );
            }
        }
        Target::Filter { carrier, filter } => {
            let on = spec
                .carriers
                .get(carrier)
                .and_then(|carrier| carrier.filters.get(filter))
                .is_some_and(|filter| filter.enabled);
            if on && cx.read(record, &incident::enable_filter) {
                cx.warn(
                    record.place_of(&incident::enable_filter),
                    "the filter is switched on all the time",
                    "give it `enabled = false`, and it is on during the incident alone",
                );
            }
        }
        Target::Api | Target::Carrier(_) | Target::Route(_) => {}
    }
}

fn needed_there<T>(
    cx: &mut Lowering<'_, '_>,
    record: &Record,
    effect: &Key<T>,
    what: &str,
    why: &str,
) {
    let target = record.text(incident::target.name()).unwrap_or_default();
    cx.conflict(
        record.place_of(effect),
        &format!("`{}`, but `{target}` has no `{what}`", effect.name()),
        &format!("{why}: give it one, or take this out"),
    );
}
