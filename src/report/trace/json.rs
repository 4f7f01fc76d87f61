//! `trace.json`, and the same steps as CSV.

use super::super::csv_line::{csv_file, push_seconds};
use super::super::{Map, Value};
use super::lines::requested;
use super::{Line, Reached, Traced, clock, kin, lines};
use crate::experiment::tracing::End;
use crate::kernel::{Nanos, in_seconds};

/// Name and version of the format.
const SCHEMA: &str = "smschain.trace/1";

/// The story: whose, every step, and how it ended. Times are in seconds since t = 0.
#[must_use]
pub fn trace(traced: &Traced<'_>) -> Value {
    let Traced { spec, fingerprint, seed, story } = *traced;
    let scenario = Map::new().with("name", spec.name.as_str()).with("fingerprint", fingerprint);
    let begun = requested(story);
    let steps = lines(traced).iter().map(|line| step(traced, line, begun)).collect();
    let kin = kin(story).into_iter().map(|kin| {
        Map::new()
            .with("relation", kin.relation.name())
            .with("message", message(traced, kin.end))
            .with("truth", kin.end.truth.name())
            .with("observed", kin.end.observed.name())
            .into()
    });
    let end = story.end();
    Map::new()
        .with("schema", SCHEMA)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with("scenario", scenario)
        .with("seed", seed)
        .with("digest", format!("{:032x}", story.digest))
        .with("request", story.request)
        .with("message", end.map_or(Value::Null, |end| message(traced, end)))
        .with("kin", Value::Array(kin.collect()))
        .with("steps", Value::Array(steps))
        .with("truth", end.map(|end| end.truth.name()))
        .with("observed", end.map(|end| end.observed.name()))
        .into()
}

fn message(traced: &Traced<'_>, end: &End) -> Value {
    let spec = traced.spec;
    let stream = spec.traffic.get(end.traffic);
    let route = spec.routes.get(end.route);
    let provider = route.and_then(|route| spec.providers.get(route.provider));
    let carrier = spec.carriers.get(end.carrier);
    let within = |span: Option<Nanos>| span.map(in_seconds);
    Map::new()
        .with("id", end.bx_message_id())
        .with("order_id", end.order_id)
        .with("request", end.request)
        .with("traffic", stream.map(|stream| stream.name.as_str()))
        .with("sender", end.sender.as_str())
        .with("carrier", carrier.map(|carrier| carrier.name.as_str()))
        .with("route_id", route.map(|route| route.id))
        .with("provider", provider.map(|provider| provider.name.as_str()))
        .with("segments", u64::from(end.segments))
        .with("requested_s", in_seconds(end.requested))
        .with("accepted_s", in_seconds(end.accepted))
        .with("handed_off_s", within(end.handed_off))
        .with("delivered_s", within(end.delivered))
        .with("attempts", u64::from(end.attempts))
        .with("copies", u64::from(end.copies))
        .with("cause", end.cause.as_str())
        .with("counted", end.counted)
        .into()
}

fn step(traced: &Traced<'_>, line: &Line, begun: Nanos) -> Value {
    Map::new()
        .with("time_s", in_seconds(line.time))
        .with("clock", clock(traced.spec, line.time))
        .with("since_request_s", since(line.time, begun))
        .with("message", line.kin.as_deref())
        .with("kind", line.kind.as_str())
        .with("who", line.who.as_str())
        .with("what", line.what.as_str())
        .with("why", line.why.as_str())
        .with("seen", line.seen.map(crate::chain::Observed::name))
        .with("truth", truth(line))
        .into()
}

/// The message's true end by then.
fn truth(line: &Line) -> Option<&'static str> {
    match line.reached {
        Some(Reached::End(truth)) => Some(truth.name()),
        _ => None,
    }
}

/// Seconds since the request; below 0 before it.
fn since(time: Nanos, begun: Nanos) -> f64 {
    if time >= begun { in_seconds(time - begun) } else { -in_seconds(begun - time) }
}

const COLUMNS: [&str; 9] =
    ["time_s", "since_request_s", "message", "kind", "who", "what", "why", "seen", "truth"];

/// The steps, a row each. Columns: `time_s, since_request_s, message` (empty: the message itself),
/// `kind, who, what, why, seen, truth`.
#[must_use]
pub fn trace_csv(traced: &Traced<'_>) -> String {
    let begun = requested(traced.story);
    let seconds = |time: Nanos| {
        let mut text = String::new();
        push_seconds(&mut text, time);
        text
    };
    let rows = lines(traced).into_iter().map(|line| {
        let sign = if line.time < begun { "-" } else { "" };
        let since = format!("{sign}{}", seconds(line.time.abs_diff(begun)));
        let seen = line.seen.map_or("", crate::chain::Observed::name).to_owned();
        let truth = truth(&line).unwrap_or_default().to_owned();
        let kin = line.kin.unwrap_or_default();
        [seconds(line.time), since, kin, line.kind, line.who, line.what, line.why, seen, truth]
    });
    csv_file([COLUMNS.map(str::to_owned)].into_iter().chain(rows))
}
