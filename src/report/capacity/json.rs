//! `capacity.json`.

use super::super::cells::metrics;
use super::super::head::head;
use super::super::setting_name;
use super::super::{Map, Value};
use super::{ByRefusing, Capacity, ERROR, Measured, Station};
use crate::experiment::capacity::{Asked, Gauge, Margin};

/// Name and version of the format.
const SCHEMA: &str = "smschain.capacity/1";

/// The search: its answer, and every point it rests on.
#[must_use]
pub fn capacity(capacity: &Capacity<'_>) -> Value {
    let value = |value: Option<f64>| Value::from(value.map(|value| capacity.value(value)));
    let outcome = capacity.outcome;
    let stations = capacity.stations();
    let contradictions = outcome.contradictions.iter().map(|tried| {
        let entry = Map::new().with("value", capacity.value(tried.value));
        entry.with("verdict", tried.verdict.name()).into()
    });
    let (first, most) = capacity.replications;
    let asked = capacity.objective.asked().iter().enumerate();
    let asked = asked.filter(|(_, asked)| !matches!(asked.gauge, Gauge::Known(_)));
    let indifference = asked.map(|(index, _)| capacity.objective.indifference(index).into());
    head(SCHEMA, capacity.spec, capacity.fingerprint, capacity.seed, capacity.seeds)
        .with("confidence", 1.0 - ERROR)
        .with("slo", capacity.slo)
        .with("path", capacity.path)
        .with("unit", capacity.quantity.unit())
        .with("today", value(capacity.today))
        .with(
            "range",
            Value::Array([capacity.axis.low, capacity.axis.high].map(Some).map(value).into()),
        )
        .with("tolerance", capacity.tolerance())
        .with("first_look", first)
        .with("max_replications", most)
        .with("verdict", outcome.answer.name())
        .with("answer", value(capacity.answer()))
        .with("bracket", Value::Array([outcome.feasible, outcome.infeasible].map(value).into()))
        .with("headroom", capacity.headroom())
        .with("binding", stations.first().map(station))
        .with("stations", Value::Array(stations.iter().map(|own| station(own).into()).collect()))
        .with("contradictions", Value::Array(contradictions.collect()))
        .with(
            "cells",
            Value::Array(capacity.points.iter().map(|point| cell(capacity, point)).collect()),
        )
        .with("by_refusing", capacity.by_refusing().map(|found| by_refusing(capacity, &found)))
        .with("indifference", Value::Array(indifference.collect()))
        .with("what", setting_name(capacity.path))
        .with("answer_text", capacity.answer().map(|value| capacity.said(value)))
        .with("text", capacity.text())
        .into()
}

fn by_refusing(capacity: &Capacity<'_>, found: &ByRefusing) -> Map {
    Map::new()
        .with("refused", found.there.refused)
        .with("of_requested", found.there.twin.as_ref().map(ToString::to_string))
        .with("kept", found.kept.map(|value| capacity.value(value)))
        .with("from", capacity.value(found.from))
}

fn station(station: &Station) -> Map {
    Map::new()
        .with("station", station.station.as_str())
        .with("limit", station.limit.as_str())
        .with("utilisation", station.utilisation)
        .with("utilisation_beyond", station.beyond)
        .with("refused_beyond", station.refused)
}

fn cell(capacity: &Capacity<'_>, measured: &Measured) -> Value {
    let asked = capacity.objective.asked().iter().zip(&measured.point.margins);
    let margins = asked.filter_map(|(asked, own)| margin(asked, own)).collect();
    Map::new()
        .with("at", Map::new().with(capacity.path, capacity.value(measured.value)))
        .with("number", measured.value)
        .with("tried", measured.tried)
        .with("replications", measured.point.replications)
        .with("verdict", measured.point.verdict.name())
        .with("margins", Value::Array(margins))
        .with("metrics", metrics(capacity.paths, &measured.point.cell, ERROR))
        .into()
}

/// Nothing of a comparison of two numbers.
fn margin(asked: &Asked, margin: &Margin) -> Option<Value> {
    if matches!(asked.gauge, Gauge::Known(_)) {
        return None;
    }
    let entry = Map::new()
        .with("expression", asked.text.as_str())
        .with("path", asked.path.as_str())
        .with("mean", margin.mean)
        .with("half_width", margin.half_width)
        .with("limit", asked.limit)
        .with("met", margin.holds);
    Some(entry.into())
}
