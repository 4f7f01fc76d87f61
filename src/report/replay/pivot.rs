//! The probability as it unfolded.

use super::super::{Map, Value};
use crate::chain::spec::Spec;
use crate::experiment::replay::{Pivot, PivotPoint};
use crate::kernel::in_seconds;

pub(super) fn pivot(spec: &Spec, pivot: &Pivot) -> Map {
    let incidents = spec.incidents.iter().map(|incident| {
        let span = Map::new().with("from_s", in_seconds(incident.at));
        let every =
            incident.repeat.map(|every| ("every_s", Value::from(in_seconds(every.period()))));
        (incident.name.as_str(), span.with("to_s", in_seconds(incident.end())).and(every))
    });
    let redraws = pivot.points.first().map_or(0, |point| point.redraws);
    Map::new()
        .with("redraws", redraws)
        .with("confidence", 0.95)
        .and((spec.start > 0).then(|| ("start_s", Value::from(in_seconds(spec.start)))))
        .with("unavoidable_s", pivot.unavoidable.map(in_seconds))
        .with("incidents", Map::new().and(incidents))
        .with("points", Value::Array(pivot.points.iter().map(point).collect()))
}

fn point(point: &PivotPoint) -> Value {
    Map::new()
        .with("at_s", in_seconds(point.at))
        .with("hits", point.hits)
        .with("share", point.share())
        .with("interval", Value::Array(point.interval().map(Value::from).into()))
        .into()
}
