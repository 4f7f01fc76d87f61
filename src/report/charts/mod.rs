//! Charts, one file each, drawn from what a result folder holds.
//!
//! Adding one: a file that draws it, and its line in `CHARTS`.

mod axis;
mod capacity;
mod course;
mod design;
mod fit;
mod frame;
mod funnel;
mod gap;
mod heat;
mod incident;
mod ink;
mod key;
mod observed;
mod pivot;
mod plane;
mod policies;
mod provenance;
mod rows;
mod seen;
mod series;
mod sheet;
mod spectrum;
mod spread;
mod svg;
mod text;
mod throughput;
mod tornado;
mod utilisation;

use self::sheet::Sheet;
use super::{Findings, Kind};

/// A chart, drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Its file's name without `.svg`.
    pub name: &'static str,
    /// The heading.
    pub title: String,
    /// A description of it, in a sentence or two, for those who can't see it.
    pub description: String,
    /// A whole SVG file: light and dark, with hover texts (`<title>`) at what it marks.
    pub svg: String,
}

/// A chart of findings; `None` if they have nothing to show in it.
type Draw = fn(&Findings) -> Option<Sheet>;

/// All of them, the most telling first: of what, the file's name without `.svg`, and how.
const CHARTS: [(Kind, &str, Draw); 18] = [
    (Kind::Run, "funnel", funnel::draw),
    (Kind::Run, "spectrum", spectrum::draw),
    (Kind::Run, "course", course::draw),
    (Kind::Run, "observed", observed::draw),
    (Kind::Run, "utilisation", utilisation::draw),
    (Kind::Sweep, "gap", gap::draw),
    (Kind::Sweep, "tornado", tornado::draw),
    (Kind::Sweep, "plane", plane::draw),
    (Kind::Sweep, "spectrum", spectrum::draw),
    (Kind::Sweep, "throughput", throughput::draw),
    (Kind::Compare, "policies", policies::draw),
    (Kind::Compare, "spectrum", spectrum::draw),
    (Kind::Capacity, "capacity", capacity::draw),
    (Kind::Replay, "pivot", pivot::draw),
    (Kind::Fit, "delivery", fit::delivery),
    (Kind::Fit, "over-time", fit::over_time),
    (Kind::Fit, "volume", fit::volume),
    (Kind::Fit, "quantiles", fit::quantiles),
];

/// All charts that these findings have something to show in, the most telling first.
#[must_use]
pub fn draw(findings: &Findings) -> Vec<Drawing> {
    let kind = findings.kind();
    let own = CHARTS.iter().filter(|chart| Some(chart.0) == kind);
    own.filter_map(|(_, name, draw)| Some(drawing(name, &draw(findings)?))).collect()
}

/// The names of the charts that findings of a kind may have.
pub fn names(kind: Kind) -> impl Iterator<Item = &'static str> {
    CHARTS.iter().filter(move |chart| chart.0 == kind).map(|(_, name, _)| *name)
}

/// The time to delivery of several runs, by name, in one chart; `None` if none of them has any in
/// its `latency.csv`.
#[must_use]
pub fn overlay(runs: &[(String, &Findings)]) -> Option<Drawing> {
    Some(drawing("spectrum", &spectrum::overlaid(runs)?))
}

fn drawing(name: &'static str, sheet: &Sheet) -> Drawing {
    Drawing {
        name,
        title: sheet.title.clone(),
        description: sheet.description.clone(),
        svg: svg::svg(name, sheet),
    }
}
