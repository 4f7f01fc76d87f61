//! `[[incident]]`

use super::{Lowering, Record, Trouble};
use crate::chain::spec::{Arrivals, Effects, Incident, Outage, Spec, Target};
use crate::scenario::checked::{Item, Value};
use crate::scenario::nearest::nearest;
use crate::scenario::sample;
use crate::scenario::schema::{Kind, Owner, ROOT};
use crate::scenario::units::{duration, short};
use crate::scenario::{Diagnostic, Place};

/// The effects, and the sorts of target that each applies to.
const EFFECTS: [(&str, &[&str]); 9] = [
    ("latency_factor", &["api", "provider", "carrier"]),
    ("outage", &["api", "provider", "carrier"]),
    ("failures", &["provider"]),
    ("throttle_factor", &["api", "provider", "carrier"]),
    ("traffic_factor", &["traffic"]),
    ("workers_lost", &["queue"]),
    ("hold_receipts", &["provider"]),
    ("freeze_balance", &["account"]),
    ("enable_filter", &["filter"]),
];

/// The sorts of target and how one of each is written.
const TARGETS: [(&str, &str); 7] = [
    ("api", "api"),
    ("account", "account"),
    ("traffic", "traffic.X"),
    ("queue", "queue.X"),
    ("provider", "provider.X"),
    ("carrier", "carrier.X"),
    ("filter", "carrier.X.filter.Y"),
];

impl Target {
    /// What sort of target it is.
    fn sort(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Account => "account",
            Self::Traffic(_) => "traffic",
            Self::Queue(_) => "queue",
            Self::Provider(_) => "provider",
            Self::Carrier(_) => "carrier",
            Self::Filter { .. } => "filter",
        }
    }
}

/// Whether a target has an outage, and how it meets who asks.
fn outage(record: &Record) -> Option<Outage> {
    match record.get("outage") {
        Some(Item { value: Value::Word("refused"), .. }) => Some(Outage::Refused),
        Some(Item { value: Value::Flag(true), .. }) => Some(Outage::Silent),
        _ => None,
    }
}

impl Lowering<'_, '_> {
    /// `None` only if what is wrong has been reported.
    pub(super) fn incident(
        &mut self,
        record: &Record,
        root: &Record,
        spec: &Spec,
    ) -> Option<Incident> {
        self.course(record);
        let target = self.target(record, spec);
        let given = |(effect, _): &(&str, _)| {
            record.get(effect).is_some() || record.doubtful.contains(effect)
        };
        if !EFFECTS.iter().any(given) {
            self.no_effect(record, target);
        }
        let target = target?;
        let mut fits = true;
        for (effect, sorts) in EFFECTS {
            if record.get(effect).is_some() && !sorts.contains(&target.sort()) {
                self.no_effect_there(record, effect, sorts);
                fits = false;
            }
        }
        if !fits {
            return None;
        }
        self.needs(record, target, root, spec);
        let factor = |key: &str| record.maybe_number(key).unwrap_or(1.0);
        let empty = Record::new(record.place);
        let shares = record.table("failures").unwrap_or(&empty);
        Some(Incident {
            name: record.text("name").unwrap_or_default().to_owned(),
            summary: record.text("summary").unwrap_or_default().to_owned(),
            at: record.moment("at", self.start).unwrap_or_default().0,
            span: record.duration("for").unwrap_or(1),
            ramp: record.duration("ramp").unwrap_or_default(),
            target,
            effects: Effects {
                outage: outage(record),
                latency_factor: factor("latency_factor"),
                failures: self.failures(shares),
                throttle_factor: factor("throttle_factor"),
                traffic_factor: factor("traffic_factor"),
                workers_lost: record.number("workers_lost"),
                hold_receipts: record.flag("hold_receipts"),
                freeze_balance: record.flag("freeze_balance"),
                enable_filter: record.flag("enable_filter"),
            },
        })
    }

    /// When it begins, how long it lasts, how it grows and fades.
    fn course(&mut self, record: &Record) {
        if let (Some(span), Some(ramp)) = (record.duration("for"), record.duration("ramp"))
            && ramp > span / 2
        {
            self.error(
                Trouble::OutOfRange,
                record.at("ramp"),
                "the ramps are longer than the incident",
                &format!("expected at most half of `for`: {}", duration::print(span / 2)),
            );
        }
        if let (Some((at, by_clock)), Some(end)) = (record.moment("at", self.start), self.duration)
            && at >= end
        {
            let label =
                format!("requests end at {}{}", duration::print(end), self.by_clock(at, by_clock));
            self.warn(record.at("at"), "the incident begins after the last request", &label);
        }
    }

    /// Names the effects the target can have, and shows the first.
    fn no_effect(&mut self, record: &Record, target: Option<Target>) {
        let fitting = EFFECTS
            .iter()
            .filter(|(_, sorts)| target.is_none_or(|target| sorts.contains(&target.sort())));
        let effects: Vec<&str> = fitting.map(|&(effect, _)| effect).collect();
        let keys: Vec<String> = effects.iter().map(|effect| format!("`{effect}`")).collect();
        let expected = match keys.as_slice() {
            [only] => format!("expected {only}"),
            keys => format!("expected at least one of {}", keys.join(", ")),
        };
        let mut error =
            Diagnostic::new(Trouble::Missing, record.at("name"), "the incident has no effect")
                .label(expected);
        if let (Some(_), Some(effect)) = (target, effects.first()) {
            let Some(Kind::Tables(table)) = ROOT.field("incident").map(|field| field.kind) else {
                return;
            };
            error.help.extend(sample::help(table, effect));
        }
        self.errors.push(error);
    }

    fn no_effect_there(&mut self, record: &Record, effect: &str, sorts: &[&str]) {
        let written = |sort: &&str| TARGETS.iter().find(|(name, _)| name == sort);
        let places: Vec<String> =
            sorts.iter().filter_map(written).map(|(_, path)| format!("`{path}`")).collect();
        let target = record.text("target").unwrap_or_default();
        self.error(
            Trouble::Conflict,
            record.at(effect),
            &format!("`{effect}` does not apply to `{}`", short(target)),
            &format!("it applies to {}", places.join(", ")),
        );
    }

    /// The target by index.
    fn target(&mut self, record: &Record, spec: &Spec) -> Option<Target> {
        let text = record.text("target")?;
        let place = record.at("target");
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            ["api"] => Some(Target::Api),
            ["account"] => Some(Target::Account),
            ["traffic", name] => self.look_up(Owner::Traffic, name, place).map(Target::Traffic),
            ["queue", name] => self.look_up(Owner::Queue, name, place).map(Target::Queue),
            ["provider", name] => self.look_up(Owner::Provider, name, place).map(Target::Provider),
            ["carrier", name] => self.look_up(Owner::Carrier, name, place).map(Target::Carrier),
            ["carrier", carrier, "filter", filter] => {
                let carrier = self.look_up(Owner::Carrier, carrier, place)?;
                self.filter_of(carrier, filter, place, spec)
            }
            _ => {
                self.no_target(text, place);
                None
            }
        }
    }

    fn filter_of(
        &mut self,
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
        let error = Diagnostic::new(
            Trouble::Dangling,
            place,
            format!("carrier `{}` has no filter `{}`", settings.name, short(name)),
        );
        let names = settings.filters.iter().map(|filter| filter.name.as_str());
        self.errors.push(match nearest(name, names) {
            Some(near) => error.label(format!("did you mean `{near}`?")),
            None => error.label("expected the name of one of its [[carrier.filter]]"),
        });
        None
    }

    fn no_target(&mut self, text: &str, place: Place) {
        let error =
            Diagnostic::new(Trouble::Dangling, place, format!("`{}` is no target", short(text)));
        let (first, rest) = text.split_once('.').unwrap_or((text, ""));
        let sorts = ["api", "account", "traffic", "queue", "provider", "carrier"];
        let near = nearest(first, sorts).filter(|near| *near != first);
        let forms: Vec<String> = TARGETS.iter().map(|(_, path)| format!("`{path}`")).collect();
        let expected = format!("expected one of {}", forms.join(", "));
        self.errors.push(match near {
            Some(near) if rest.is_empty() => error.label(format!("did you mean `{near}`?")),
            Some(near) => error.label(format!("did you mean `{near}.{}`?", short(rest))),
            None => error.label(expected),
        });
    }

    /// What an effect needs its target to have.
    fn needs(&mut self, record: &Record, target: Target, root: &Record, spec: &Spec) {
        let entry = |key: &str, index: usize| root.tables(key).nth(index);
        let sure =
            |entry: Option<&Record>, key| entry.is_none_or(|entry| !entry.doubtful.contains(&key));
        let lacks = match target {
            Target::Api => spec.api.rate_limit.is_none() && sure(root.table("api"), "rate_limit"),
            Target::Provider(index) => {
                spec.providers.get(index).is_some_and(|provider| provider.throttle.is_none())
                    && sure(entry("provider", index), "throttle")
            }
            Target::Carrier(index) => {
                spec.carriers.get(index).is_some_and(|carrier| carrier.throttle.is_none())
                    && sure(entry("carrier", index), "throttle")
            }
            _ => false,
        };
        if lacks && record.get("throttle_factor").is_some() {
            let what = if target == Target::Api { "rate_limit" } else { "throttle" };
            self.lacking(record, "throttle_factor", what, "there is no rate to change");
        }
        if outage(record) == Some(Outage::Refused) && !matches!(target, Target::Provider(_)) {
            self.error(
                Trouble::Conflict,
                record.at("outage"),
                "`outage = \"refused\"` is for providers",
                "a bind is down there; expected `true`",
            );
        }
        match target {
            Target::Account => {
                let sure =
                    !root.doubtful.contains(&"account") && sure(root.table("account"), "balance");
                if spec.account.is_none() && sure {
                    self.lacking(record, "freeze_balance", "balance", "nothing is paid from one");
                }
            }
            Target::Queue(index) => {
                let unlimited = spec.queues.get(index).is_some_and(|queue| queue.workers.is_none());
                if unlimited && sure(entry("queue", index), "workers") {
                    self.lacking(record, "workers_lost", "workers", "there is no end of workers");
                }
            }
            Target::Provider(index) => {
                let patient = spec
                    .providers
                    .get(index)
                    .is_some_and(|provider| provider.submit_timeout.is_none());
                let patient = patient && sure(entry("provider", index), "submit_timeout");
                if let Some(failures) = record.table("failures")
                    && patient
                {
                    self.needs_timeout(failures);
                }
                if patient && outage(record) == Some(Outage::Silent) {
                    self.errors.push(
                        Diagnostic::new(
                            Trouble::Conflict,
                            record.at("outage"),
                            "an outage of a provider without `submit_timeout`",
                        )
                        .label("no submit is answered: the sender would wait for ever")
                        .help("give the provider a `submit_timeout`, such as \"10s\"")
                        .help(
                            "or, if its bind is down and submits fail, write outage = \"refused\"",
                        ),
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
                    self.error(
                        Trouble::Conflict,
                        record.at("traffic_factor"),
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
                if on && record.flag("enable_filter") {
                    self.warn(
                        record.at("enable_filter"),
                        "the filter is switched on all the time",
                        "give it `enabled = false`, and it is on during the incident alone",
                    );
                }
            }
            Target::Api | Target::Carrier(_) => {}
        }
    }

    fn lacking(&mut self, record: &Record, effect: &str, what: &str, why: &str) {
        let target = record.text("target").unwrap_or_default();
        self.error(
            Trouble::Conflict,
            record.at(effect),
            &format!("`{effect}`, but `{target}` has no `{what}`"),
            &format!("{why}: give it one, or take this out"),
        );
    }
}
