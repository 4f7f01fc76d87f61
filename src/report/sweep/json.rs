//! `sweep.json`.

use super::super::cells::metrics;
use super::super::head::head;
use super::super::{Map, Value};
use super::{Axis, ERROR, Parameter, Point, Sensitivity, Swept, whole};
use crate::experiment::metrics::HEADLINE;
use crate::experiment::{Difference, Known};

/// Name and version of the format.
const SCHEMA: &str = "smschain.sweep/1";

/// The sweep: its axes, and every point's metrics.
#[must_use]
pub fn sweep(swept: &Swept<'_>) -> Value {
    let mut map = head(SCHEMA, swept.spec, swept.fingerprint, swept.seed, swept.seeds)
        .with("confidence", 1.0 - ERROR);
    if !swept.objectives.is_empty() {
        let texts = swept.objectives.iter().map(|text| text.to_string().into());
        map = map.with("slo", Value::Array(texts.collect()));
    }
    let cells = (0..swept.points.len()).map(|point| cell(swept, point));
    map = map
        .with("axes", Value::Array(swept.axes.iter().map(axis).collect()))
        .with("cells", Value::Array(cells.collect()));
    if let Some(found) = swept.sensitivity {
        map = map.with("sensitivity", sensitivity(swept, found));
    }
    map.with("headline", swept.headline()).into()
}

fn axis(axis: &Axis) -> Value {
    let values = axis.levels.iter().map(super::Level::value).collect();
    let numbers: Option<Vec<Value>> =
        axis.levels.iter().map(|level| level.number.map(whole)).collect();
    Map::new()
        .with("path", axis.path.as_str())
        .with("values", Value::Array(values))
        .with("numbers", axis.unit.and(numbers).map(Value::Array))
        .with("unit", axis.unit)
        .into()
}

fn cell(swept: &Swept<'_>, point: usize) -> Value {
    let Point { at } = &swept.points[point];
    let at = at.iter().map(|(path, level)| (path.as_str(), level.value()));
    let mut map = Map::new().with("at", Map::new().and(at));
    if !swept.objectives.is_empty() {
        let judged = swept.objectives.iter().map(|objective| {
            Map::new()
                .with("expression", objective.to_string())
                .with("met", swept.holds(point, objective))
                .with("by_refusing", swept.by_refusing(point, objective))
                .into()
        });
        map = map.with("slo", Value::Array(judged.collect()));
    }
    map.with("metrics", metrics(swept.paths, &swept.cells[point], ERROR)).into()
}

fn sensitivity(swept: &Swept<'_>, found: &Sensitivity) -> Map {
    let nothing = Known { mean: None, half_width: None, n: 0 };
    let base = swept.known(0, HEADLINE).unwrap_or(nothing);
    let base =
        Map::new().with("mean", base.mean).with("half_width", base.half_width).with("n", base.n);
    Map::new()
        .with("change", found.change)
        .with("path", HEADLINE)
        .with("base", base)
        .with("parameters", Value::Array(found.parameters.iter().map(parameter).collect()))
}

fn parameter(parameter: &Parameter) -> Value {
    let difference = |difference: &Difference| {
        Map::new()
            .with("difference", difference.mean)
            .with("half_width", difference.half_width)
            .with("n", difference.n)
    };
    Map::new()
        .with("path", parameter.path.as_str())
        .with("base", parameter.base.as_str())
        .with("low", parameter.low.as_str())
        .with("high", parameter.high.as_str())
        .with("at_low", difference(&parameter.at_low))
        .with("at_high", difference(&parameter.at_high))
        .into()
}
