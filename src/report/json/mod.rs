//! `report.json`: what a run says, by path.

use super::certainty::no_interval;
use super::metric::{
    CARRIERS, Get, INCIDENTS, LATENCY, MESSAGES, Messages, Named, Of, PROVIDERS, QUEUES, ROUTES,
    RUN, Row, section,
};
use super::{Facts, Map, Value, head};
use crate::chain::{Count as _, OptOuts, Stage};
use crate::stats::Latency;

/// Name and version of the format.
const SCHEMA: &str = "smschain.report/1";

/// The report of a run. Numbers are of messages whose request came at or after warm-up; a share of
/// nothing is null.
#[must_use]
pub fn report(facts: &Facts<'_>) -> Value {
    let (spec, results, total) = (facts.spec, facts.results(), &facts.total);
    let run = |name: &str| section(RUN, name, |get| get(facts));
    let messages = Messages {
        spec,
        layers: &total.layers,
        within: &total.within,
        again: &total.within_again,
        truth: &facts.truth,
        quiet_held: results.traffic.iter().map(|stream| stream.quiet_held).sum(),
        opt_outs: results.traffic.iter().fold(OptOuts::default(), |mut all, stream| {
            all.merge(&stream.opt_outs);
            all
        }),
    };
    let of = |name: &str| section(MESSAGES, name, |get| get(&messages));
    let stages = Stage::ALL.map(|stage| (stage.name(), latency(&total.latency[stage as usize])));
    Map::new()
        .with("schema", SCHEMA)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with("scenario", head::scenario(spec, facts.fingerprint))
        .with("seed", facts.seed)
        .with("replications", results.replications)
        .with("seeds", facts.run.seeds.as_slice())
        .with("digest", format!("{:032x}", results.digest))
        .and(["requests", "messages", "segments"].map(|name| (name, run(name))))
        .and(["layers", "divergence", "within", "of_requested"].map(|name| (name, of(name))))
        .with("estimates", estimates(facts))
        .with("truth", of("truth"))
        .with("observed", run("observed"))
        .with("latency", Map::new().and(stages))
        .and(["attempts", "throughput"].map(|name| (name, run(name))))
        .and(["quiet", "opt_outs"].map(|name| (name, of(name))))
        .with("traffic", streams(facts))
        .with("routes", each(facts, ROUTES, "routes", &spec.routes, &results.routes))
        .with("queues", each(facts, QUEUES, "queues", &spec.queues, &results.queues))
        .with("providers", each(facts, PROVIDERS, "providers", &spec.providers, &results.providers))
        .with("carriers", each(facts, CARRIERS, "carriers", &spec.carriers, &results.carriers))
        .and(["duplicates", "on_receipt", "parts", "account", "cost"].map(|name| (name, run(name))))
        .with("incidents", each(facts, INCIDENTS, "incidents", &spec.incidents, &results.incidents))
        .with("no_interval", no_interval(&facts.run.certainty))
        .into()
}

fn latency(latency: &Latency) -> Map {
    section(LATENCY, "latency.<stage>", |get| get(latency))
}

/// Stations or incidents, by their names.
fn each<S: Named, C>(
    facts: &Facts<'_>,
    rows: &[Row<Get<S, C>>],
    name: &str,
    settings: &[S],
    counted: &[C],
) -> Map {
    let one = |(own, counted): (&S, &C)| {
        let of = Of(facts, own, counted);
        (own.name().into_owned(), section(rows, &format!("{name}.<name>"), |get| get(&of)))
    };
    Map::new().and(settings.iter().zip(counted).map(one))
}

fn streams(facts: &Facts<'_>) -> Map {
    let streams = facts.spec.traffic.iter().zip(&facts.results().traffic);
    Map::new().and(streams.map(|(stream, counted)| {
        let messages = Messages {
            spec: facts.spec,
            layers: &counted.layers,
            within: &counted.within,
            again: &counted.within_again,
            truth: &counted.truth,
            quiet_held: counted.quiet_held,
            opt_outs: counted.opt_outs,
        };
        let of = |name: &str| (name.to_owned(), section(MESSAGES, name, |get| get(&messages)));
        let entry = Map::new()
            .and(["layers", "divergence", "within", "truth"].map(of))
            .with("latency", Map::new().with("delivery", latency(&counted.delivery)))
            .and(["of_requested", "quiet", "opt_outs"].map(of));
        (stream.name.as_str(), entry)
    }))
}

fn estimates(facts: &Facts<'_>) -> Map {
    Map::new().and(facts.run.estimates.iter().map(|estimate| {
        let entry = Map::new()
            .with("mean", estimate.mean)
            .with("half_width", estimate.half_width)
            .with("n", estimate.n as u64)
            .with("method", estimate.method.name());
        (estimate.path.as_str(), entry)
    }))
}

#[cfg(test)]
mod tests;
