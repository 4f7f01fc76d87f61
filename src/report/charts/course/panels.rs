//! The panels of the course, one above the other.

use super::super::axis::Axis;
use super::super::ink::Ink;
use super::super::series::{Datum, Series, extent};
use super::any;
use super::samples::Samples;
use crate::report::Unit;

/// A panel.
pub(super) struct Panel {
    pub(super) series: Vec<Series>,
    pub(super) y: Axis,
    /// From its top, with its caption, to its axis.
    pub(super) height: i32,
    /// True if the area under its first line is filled.
    pub(super) filled: bool,
}

/// All that there is something in.
pub(super) fn panels(samples: &Samples) -> Vec<Panel> {
    let line = |name: &str, values: &[Option<f64>]| {
        let points = samples.starts.iter().zip(values);
        let points = points.map(|(&x, &y)| Datum { x, y, ends: None, hover: String::new() });
        Series::new(name, points.collect())
    };
    let mut success = vec![
        line("on time", &samples.on_time).inked(Ink::GREEN, Ink::GREEN_TEXT),
        line("delivered", &samples.delivered).inked(Ink::BLUE, Ink::BLUE_TEXT),
        line("accepted", &samples.accepted).inked(Ink::BLACK, Ink::BLACK_TEXT),
    ];
    if !samples.has_deadline {
        success.remove(0);
    }
    let said = samples.said();
    let gap: Vec<Option<f64>> = samples.gap().collect();
    let gap = vec![line(&said, &gap).inked(Ink::VERMILION, Ink::VERMILION_TEXT)];
    let routes: Vec<Series> =
        samples.routes.iter().map(|(name, weights)| line(name, weights)).collect();
    let queues: Vec<Series> =
        samples.queues.iter().map(|(name, depths)| line(name, depths)).collect();
    let workers: Vec<Series> =
        samples.workers.iter().map(|(name, workers)| line(name, workers)).collect();
    let in_flight = vec![line("in flight", &samples.in_flight).inked(Ink::BLUE, Ink::BLUE_TEXT)];
    let panel = |series: Vec<Series>, unit, caption: &str, height, filled| {
        let y = Axis::of(unit, extent(&series)).captioned(caption);
        Panel { series, y, height, filled }
    };
    let requests = if samples.has_deadline {
        "requests accepted; messages delivered, and on time, by the time of their request"
    } else {
        "requests accepted; messages delivered, by the time of their request"
    };
    let missing = format!("{said}, of the accepted");
    [
        panel(success, Unit::Share, requests, 360, false),
        panel(gap, Unit::Share, &missing, 250, true),
        panel(routes, Unit::Share, "weight of each route, of its and its rivals'", 250, false),
        panel(queues, Unit::Number, "messages in each queue", 280, false),
        panel(workers, Unit::Number, "workers of each queue whose number changes", 200, false),
        panel(in_flight, Unit::Number, "messages in flight", 250, true),
    ]
    .into_iter()
    .filter(|panel| any(&panel.series))
    .collect()
}
