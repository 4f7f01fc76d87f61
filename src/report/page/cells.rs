//! Design points side by side: what became of their messages, and every figure of theirs.

use maud::{Markup, html};

use super::bar::bar;
use super::figure::Source;
use super::outcome::{COUNT, ON_TIME, Outcome, SILENT, part};
use super::section::{Section, details, remark};
use super::sheet::{Cell, Sheet};
use crate::report::head::has_deadline;
use crate::report::metric::truly;
use crate::report::read::Figure;
use crate::report::{Unit, Value};
use crate::report::{label, unit};

/// So many points are shown figure by figure; `cells.csv` has them all.
const IN_FULL: usize = 64;

/// A design point: a policy, a load, a value of each axis.
#[derive(Debug)]
pub(super) struct Point<'tree> {
    /// What it is called where there is one name for it.
    pub(super) name: String,
    /// The fields that say which it is.
    pub(super) at: Vec<Cell>,
    /// What else is known of it, before the figures.
    pub(super) known: Vec<Cell>,
    pub(super) source: Source<'tree>,
}

/// A heading, and whether numbers stand under it.
pub(super) type Heading = (String, bool);

impl Point<'_> {
    pub(super) fn outcome(&self) -> Option<Outcome> {
        Outcome::of(self.source, true)
    }

    /// The share of what the API accepted that arrived in time.
    pub(super) fn on_time(&self) -> Option<f64> {
        self.source.figure("divergence.api_vs_on_time").complement().value
    }
}

/// The figures that matter most, a row a point. `at` and `known` are the headings of the points'
/// own fields.
pub(super) fn main(
    result: &Value,
    caption: &str,
    at: &[Heading],
    known: &[Heading],
    points: &[Point<'_>],
) -> Option<Section> {
    let has_deadline = has_deadline(result);
    let mut sheet = Sheet::new("cells", caption);
    at.iter().chain(known).for_each(|(heading, is_number)| sheet.push(heading, *is_number));
    let figures = ["latency.delivery.p50_s", "latency.delivery.p95_s"];
    let [p50, p95] = figures.map(label);
    let cost = label(truly("cost.per_on_time", has_deadline));
    let good = if has_deadline { &["on time", "delivered"][..] } else { &["delivered"] };
    let mut sheet = sheet
        .texts(&["what became of them"])
        .numbers(&["accepted"])
        .numbers(good)
        .numbers(&["vanished in silence", &p50, &p95, "duplicates/1000"])
        .numbers(&[&label("attempts.mean"), &cost]);
    for point in points {
        let figure = |path: &str| point.source.figure(path);
        let outcome = point.outcome().map(|outcome| Outcome { has_deadline, ..outcome });
        let share = |part| Cell::share(outcome.as_ref().and_then(|outcome| outcome.share(part)));
        let drawing = outcome.as_ref().and_then(bar).map(Cell::drawing).unwrap_or_default();
        let on_time = outcome.as_ref().and_then(|outcome| outcome.share(ON_TIME));
        let mut cells: Vec<Cell> = point.at.iter().chain(&point.known).cloned().collect();
        cells.extend([
            drawing.sorted_by(on_time),
            Cell::share(outcome.as_ref().and_then(|outcome| outcome.accepted_share)),
        ]);
        let gaps = ["divergence.api_vs_on_time", "divergence.api_vs_outcome"];
        let gaps = gaps.into_iter().skip(usize::from(!has_deadline));
        cells.extend(gaps.map(|gap| Cell::figure(Unit::Share, figure(gap).complement())));
        cells.push(share(SILENT));
        cells.extend(figures.map(|path| Cell::figure(Unit::Seconds, figure(path))));
        cells.extend([
            Cell::figure(Unit::Number, duplicates(point.source)),
            Cell::figure(Unit::Number, figure("attempts.mean")),
            Cell::figure(Unit::Money, figure("cost.per_on_time")),
        ]);
        sheet.row(cells);
    }
    Section::new("points", "Side by side", html! { (sheet) (legend(has_deadline)) })
}

/// Per thousand of what the API accepted.
fn duplicates(source: Source<'_>) -> Figure {
    let copies = source.figure("duplicates.copies");
    let accepted = source.value("layers.api_success").filter(|&accepted| accepted > 0.0);
    let each = |count: Option<f64>| Some(1000.0 * count? / accepted?);
    Figure { value: each(copies.value), half_width: each(copies.half_width) }
}

fn legend(has_deadline: bool) -> Markup {
    html! {
        (remark(
            "Accepted: of what was asked for; the other shares are of what was accepted. \
             Duplicates: copies too many for 1000 accepted. Submits: of each message. ± is half a \
             95 % interval over replications.",
        ))
        ul.legend {
            @for part in (0..COUNT).map(|index| part(index, has_deadline)) {
                li class=(part.class) { (part.name) }
            }
        }
    }
}

/// Every figure that isn't nothing everywhere, a row a figure and a column a point.
pub(super) fn all(points: &[Point<'_>]) -> Option<Section> {
    let mut sheet = Sheet::new("all", "Figures by their paths in the report").texts(&["path"]);
    points.iter().take(IN_FULL).for_each(|point| sheet.push(&point.name, true));
    let shown = &points[..points.len().min(IN_FULL)];
    for path in paths(shown) {
        let figures: Vec<Figure> = shown.iter().map(|point| point.source.figure(path)).collect();
        if figures.iter().all(|figure| figure.value.unwrap_or(0.0) == 0.0) {
            continue;
        }
        let unit = unit(path);
        let mut cells = vec![Cell::code(path)];
        cells.extend(figures.into_iter().map(|figure| Cell::figure(unit, figure)));
        sheet.row(cells);
    }
    let inside = html! {
        @if points.len() > IN_FULL {
            p.remark {
                "The first " (IN_FULL) " of " (points.len()) " points; cells.csv has them all."
            }
        }
        (remark("Figures that are 0 or undefined at all points are left out."))
        (sheet)
    };
    let inside = details("Every figure, with its interval", inside);
    Section::new("all-figures", "All figures", inside)
}

fn paths<'tree>(points: &[Point<'tree>]) -> Vec<&'tree str> {
    match points.first().map(|point| point.source) {
        Some(Source::Cell(Value::Object(metrics))) => {
            metrics.iter().map(|(path, _)| path.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// What a cell was measured as; nothing, if it wasn't.
pub(super) fn source(cell: &Value) -> Source<'_> {
    Source::Cell(cell.get("metrics").unwrap_or(&Value::Null))
}
