//! Findings of `fit`: `fit.json`.

mod document;
mod figures;

pub(super) use document::document;
pub use figures::{JudgedFigure, judged_figure, judged_section};

use super::{Map, Value};
use crate::fit::{
    Answer, Assumption, Compared, Composed, Distances, Judgement, Pair, Parameter, Piece,
    Uncertain, Unit,
};
use crate::logs::{self, Account, Written, Zone};

/// Name and version of `fit.json`.
const SCHEMA: &str = "smschain.fit/1";

/// A log, fitted.
#[derive(Clone, Copy)]
pub struct Fitted<'run> {
    /// The scenario's name, and its fingerprint.
    pub name: &'run str,
    /// Of the scenario.
    pub fingerprint: &'run str,
    /// Seed of the runs it is judged by.
    pub seed: u64,
    /// The log.
    pub account: &'run Account,
    /// Names of its files.
    pub files: &'run [String],
    /// The scenario.
    pub composed: &'run Composed,
    /// Warnings that it has of `check`.
    pub warnings: &'run [String],
    /// Its judgement by what was kept out.
    pub judgement: Option<&'run Judgement>,
    /// The answer by it, and by what the log leaves open.
    pub answer: &'run Answer,
    /// The share that was kept out.
    pub hold_out: f64,
}

/// `fit.json`.
#[must_use]
pub fn fit(fitted: &Fitted<'_>) -> Value {
    let composed = fitted.composed;
    let judgement = fitted.judgement;
    let figures = judgement.map(|own| own.figures.as_slice()).unwrap_or_default();
    Map::new()
        .with("schema", SCHEMA)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with(
            "scenario",
            Map::new().with("name", fitted.name).with("fingerprint", fitted.fingerprint),
        )
        .with("seed", fitted.seed)
        .with("log", log(fitted))
        .with("parameters", list(&composed.parameters, |own| parameter(own, composed)))
        .with("assumptions", list(&composed.assumptions, assumption))
        .with("warnings", list(fitted.warnings, |text| text.as_str().into()))
        .with("hold_out", fitted.hold_out)
        .with("held_from", instant(Some(composed.held_from)))
        .with("replications", judgement.map(|own| own.replications))
        .with("verdict", fitted.answer.text.as_str())
        .with("answer", fitted.answer.short.as_str())
        .with("because", list(&fitted.answer.because, |text| text.as_str().into()))
        .with("passes", fitted.answer.passes)
        .with("not_known", list(&fitted.answer.doubts, |text| text.as_str().into()))
        .with("held_out", list(figures, compared))
        .with("reproduced", list(judgement.map_or(&[], |own| &own.reproduced), compared))
        .with("distances", judgement.map_or(Value::Null, |own| distances(own.distances)))
        .with("distances_among_runs", judgement.map_or(Value::Null, |own| distances(own.among)))
        .with("uncertain", list(&composed.uncertain, uncertain))
        .with(
            "latencies",
            list(&composed.quantiles, |(path, quantiles)| {
                Map::new()
                    .with("path", path.as_str())
                    .with("quantiles", list(quantiles, quantile))
                    .into()
            }),
        )
        .with("course", judgement.map_or(Value::Null, |own| list(&own.course, point)))
        .with("over_time", judgement.map_or(Value::Null, |own| list(&own.over_time, piece)))
        .into()
}

fn log(fitted: &Fitted<'_>) -> Value {
    let account = fitted.account;
    let resolution = |ns: Option<i64>| ns.map(logs::resolution);
    let rejected = account.rejected.iter().map(|own| {
        let file = fitted.files.get(own.file).map(String::as_str);
        Value::from(
            Map::new()
                .with("reason", own.reason.text())
                .with("count", own.count)
                .with("file", file)
                .with("line", own.line)
                .with("cells", list(&own.cells, cell))
                .with("expected", own.reason.expected())
                .with("way_out", own.reason.way_out())
                .with("told", own.told()),
        )
    });
    let zone = match &account.zone {
        Zone::InData => "in the data".to_owned(),
        Zone::Format => "UTC by the format".to_owned(),
        Zone::Given(name) => name.clone(),
        Zone::AssumedUtc => "none given: taken as UTC".to_owned(),
        Zone::Relative => "from t = 0 of a run".to_owned(),
    };
    let texts =
        |list: &[String]| Value::Array(list.iter().map(|text| text.as_str().into()).collect());
    Map::new()
        .with("format", account.format.name())
        .with("files", texts(fitted.files))
        .with("rows", account.rows)
        .with("used", account.used)
        .with("joined", account.joined)
        .with("rejected", Value::Array(rejected.collect()))
        .with("left_out", account.left_out())
        .with("states", account.states)
        .with("from", instant(account.from.map(|time| time.0)))
        .with("to", instant(account.to.map(|time| time.0)))
        .with(
            "resolution",
            Map::new()
                .with("submitted", resolution(account.submitted))
                .with("sent", resolution(account.sent))
                .with("done", resolution(account.done))
                .and(account.received.map(|ns| ("received", logs::resolution(ns)))),
        )
        .with("zone", zone)
        .with(
            "columns",
            Map::new()
                .and(account.understood.iter().map(|(name, meaning)| (name.clone(), *meaning))),
        )
        .with("ignored", texts(&account.ignored))
        .with("notes", texts(&account.notes))
        .into()
}

fn cell(own: &Written) -> Value {
    Map::new().with("column", own.column.as_str()).with("value", own.value.as_deref()).into()
}

/// A point in time, in UTC.
fn instant(ns: Option<i64>) -> Option<String> {
    ns.and_then(|ns| jiff::Timestamp::from_nanosecond(i128::from(ns)).ok()).map(|at| at.to_string())
}

fn list<T>(items: &[T], of: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(of).collect())
}

fn parameter(own: &Parameter, composed: &Composed) -> Value {
    let unit = match own.unit {
        Unit::Seconds => "s",
        Unit::Share => "share",
        Unit::PerSecond => "1/s",
        Unit::Number => "",
    };
    let not_known = own.known().why().map(str::to_owned).or_else(|| untold(own, composed));
    let ends = not_known.is_none().then_some((own.low, own.high));
    Map::new()
        .with("path", own.path.as_str())
        .with("value", own.value)
        .with("low", ends.map(|ends| ends.0))
        .with("high", ends.map(|ends| ends.1))
        .with("not_known", not_known)
        .with("unit", unit)
        .with("rows", (own.rows > 0).then_some(own.rows))
        .with("method", own.method.as_str())
        .into()
}

/// The assumption that nothing of a latency's parameter can be told, if that is one: an interval beside it would
/// say that it is known.
fn untold(own: &Parameter, composed: &Composed) -> Option<String> {
    let of = |why: &&str| {
        why.starts_with("no median can be told")
            || why.starts_with("no p95 can be told") && own.path.ends_with(".p95")
    };
    let mut all = composed.assumptions.iter().filter(|assumed| {
        let rest = own.path.strip_prefix(assumed.path.as_str());
        assumed.path.ends_with(".latency") && rest.is_some_and(|rest| rest.starts_with('.'))
    });
    all.find_map(|assumed| assumed.why.split("; ").find(of)).map(str::to_owned)
}

fn assumption(own: &Assumption) -> Value {
    let sensitivity = own.sensitivity.map(|own| {
        Map::new()
            .with("headline", own.headline)
            .with("change", own.change)
            .with("half_width", own.half_width)
    });
    let other = own.other.iter().map(|text| text.as_str().into()).collect();
    Map::new()
        .with("path", own.path.as_str())
        .with("why", own.why.as_str())
        .with("value", own.value.as_str())
        .with("tried", Value::Array(other))
        .with("sensitivity", sensitivity.map_or(Value::Null, Value::from))
        .into()
}

fn compared(own: &Compared) -> Value {
    Map::new()
        .with("path", own.path.as_str())
        .with("predicted", own.predicted)
        .with("half_width", (own.high - own.predicted).max(own.predicted - own.low))
        .with("seen", own.seen)
        .with("seen_half_width", own.seen_half_width)
        .with("dispersion", own.dispersion)
        .with("headline", own.headline)
        .with("agrees", own.agrees)
        .with("low", own.low)
        .with("high", own.high)
        .into()
}

fn distances(own: Distances) -> Value {
    Map::new()
        .with("cycle_time_s", own.cycle_time_s)
        .with("hourly_volume_h", own.hourly_volume_h)
        .with("time_of_day_h", own.time_of_day_h)
        .into()
}

fn uncertain(own: &Uncertain) -> Value {
    Map::new()
        .with("path", own.path.as_str())
        .with("kind", own.kind.name())
        .with("at", own.at.clone())
        .with("covariance", list(&own.covariance, |row| row.clone().into()))
        .with(
            "also",
            list(&own.also, |(path, kind)| {
                Map::new().with("path", path.as_str()).with("kind", kind.name()).into()
            }),
        )
        .into()
}

fn quantile(own: &Pair) -> Value {
    Map::new()
        .with("share", own.share)
        .with("seen_s", own.seen)
        .with("fitted_s", own.fitted)
        .with("low_s", own.low)
        .with("high_s", own.high)
        .into()
}

fn piece(own: &Piece) -> Value {
    let figure = |own: Option<[f64; 4]>| {
        own.map_or(Value::Null, |[predicted, low, high, seen]| {
            let ends = Map::new().with("predicted", predicted).with("low", low).with("high", high);
            ends.with("seen", seen).into()
        })
    };
    Map::new()
        .with("at", own.at.as_str())
        .with("delivered", figure(own.delivered))
        .with("p50_s", figure(own.median_s))
        .into()
}

fn point(&[at, mean, low, high, seen]: &[f64; 5]) -> Value {
    Map::new()
        .with("at_s", at)
        .with("predicted", mean)
        .with("low", low)
        .with("high", high)
        .with("seen", seen)
        .into()
}
