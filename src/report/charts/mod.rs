//! Charts, one file each, drawn from what a result folder holds.
//!
//! Adding one: a file with a `Chart`, its line in `CHARTS`, and its name in [`names`].

mod axis;
mod capacity;
mod course;
mod design;
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
    /// What it shows, as a heading.
    pub title: String,
    /// What is to be seen in it, in a sentence or two, for those who can't see it.
    pub description: String,
    /// A whole SVG file: light and dark, with hover texts (`<title>`) at what it marks.
    pub svg: String,
}

/// A kind of chart.
trait Chart: Sync {
    /// Its file's name without `.svg`.
    fn name(&self) -> &'static str;

    /// The chart; `None` if these findings have nothing to show in it.
    fn draw(&self, findings: &Findings) -> Option<Sheet>;
}

/// All of them, the most telling first.
const CHARTS: [&dyn Chart; 12] = [
    &funnel::Funnel,
    &capacity::Capacity,
    &pivot::Pivot,
    &gap::Gap,
    &policies::Policies,
    &tornado::Tornado,
    &plane::Plane,
    &spectrum::Spectrum,
    &throughput::Throughput,
    &course::Course,
    &observed::Observed,
    &utilisation::Utilisation,
];

/// All charts that these findings have something to show in, the most telling first.
#[must_use]
pub fn draw(findings: &Findings) -> Vec<Drawing> {
    let names = findings.kind().map_or([].as_slice(), names);
    let own = CHARTS.iter().filter(|chart| names.contains(&chart.name()));
    own.filter_map(|chart| Some(drawing(chart.name(), &chart.draw(findings)?))).collect()
}

/// The names of the charts that findings of a kind may have.
#[must_use]
pub const fn names(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Run => &["funnel", "spectrum", "course", "observed", "utilisation"],
        Kind::Sweep => &["gap", "tornado", "plane", "spectrum", "throughput"],
        Kind::Compare => &["policies", "spectrum"],
        Kind::Capacity => &["capacity"],
        Kind::Replay => &["pivot"],
    }
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
