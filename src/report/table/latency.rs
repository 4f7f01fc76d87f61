//! How long the stages took.

use super::super::Facts;
use super::Page;
use super::grid::Grid;
use crate::chain::Stage;
use crate::report::number::span;
use crate::stats::Latency;

pub(super) fn latency(facts: &Facts<'_>, page: &Page) -> String {
    let mut grid = Grid::new("Latency").numbers(&["mean", "p50", "p95", "p99", "p99.9", "max"]);
    for stage in Stage::ALL {
        let latency = &facts.total.latency[stage as usize];
        // What took no time at all isn't in this chain.
        if latency.max_s().is_none_or(|max| max <= 0.0) {
            continue;
        }
        grid.row(name(stage), cells(latency));
    }
    grid.set(page)
}

pub(super) fn cells(latency: &Latency) -> Vec<String> {
    let quantiles = [0.5, 0.95, 0.99, 0.999].map(|p| latency.quantile_s(p));
    let all = [latency.mean_s()].into_iter().chain(quantiles).chain([latency.max_s()]);
    all.map(|seconds| seconds.map(span).unwrap_or_default()).collect()
}

pub(in crate::report) const fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Api => "the API's answer",
        Stage::QueueWait => "in the queue",
        Stage::WindowWait => "for pace and window",
        Stage::Submit => "a submit",
        Stage::HandOff => "request → provider",
        Stage::CarrierWait => "carrier's throttle",
        Stage::Delivery => "request → handset",
        Stage::Receipt => "receipt on its way",
    }
}
