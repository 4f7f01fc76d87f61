//! A row a point.

use super::super::super::sweep::Swept;
use super::super::Page;
use super::super::grid::Grid;
use super::super::paint::Ink;
use super::super::text::wrapped;
use super::rest::accepted;
use super::{NAMES, axes, label};
use crate::experiment::metrics::HEADLINE;
use crate::expression::Expression;
use crate::report::Unit;
use crate::report::number::with_interval;
use crate::report::number::{money, percent, span};
use crate::report::refusing::twin;

/// More points than this are counted, not named.
const NAMED: usize = 6;

pub(super) fn points(swept: &Swept<'_>, page: &Page) -> String {
    let has_deadline = swept.spec.has_deadline();
    let mut columns = vec!["API %", "delivered %"];
    columns.extend(has_deadline.then_some("on time %"));
    columns.extend(["gap %", "p95", "dup./1000", "cost each"]);
    let mut grid = Grid::new(&axes(swept)).wide_names(NAMES).numbers(&columns);
    for (index, _) in swept.objectives.iter().enumerate() {
        grid = grid.text(&objective(swept, index));
    }
    for (point, at) in swept.points.iter().enumerate() {
        let share = |share: Option<f64>| share.map_or_else(nothing, bare);
        let of = |path: &str| swept.mean(point, path);
        let duplicates = of("duplicates.copies").zip(of("layers.api_success"));
        let duplicates = duplicates.filter(|(copies, accepted)| *copies > 0.0 && *accepted > 0.0);
        let mut cells = vec![
            share(accepted(swept, point)),
            share(of("divergence.api_vs_outcome").map(|gap| 1.0 - gap)),
            share(of(HEADLINE).map(|gap| 1.0 - gap)),
            gap(swept, point),
            of("latency.delivery.p95_s").map_or_else(nothing, span),
            duplicates.map_or_else(nothing, |(copies, accepted)| per_thousand(copies / accepted)),
            of("cost.per_delivered").filter(|cost| *cost != 0.0).map_or_else(nothing, money),
        ];
        if !has_deadline {
            // It is what is delivered.
            cells.remove(2);
        }
        let mut inked: Vec<(String, Ink)> =
            cells.drain(..).map(|cell| (cell, Ink::Plain)).collect();
        inked.extend(swept.objectives.iter().map(|objective| verdict(swept, point, objective)));
        grid.inked(&label(at), inked);
    }
    grid.set(page)
}

fn nothing() -> String {
    "·".to_owned()
}

/// The headline with its interval, in percent.
pub(super) fn gap(swept: &Swept<'_>, point: usize) -> String {
    let known = swept.known(point, HEADLINE);
    let Some((mean, known)) = known.and_then(|known| Some((known.mean?, known))) else {
        return nothing();
    };
    match known.half_width {
        Some(half_width) => with_interval(Unit::Share, mean, Some(half_width), mean),
        None => bare(mean),
    }
}

/// A share in percent, under a heading that says so.
pub(super) fn bare(share: f64) -> String {
    percent(share).trim_end_matches(" %").to_owned()
}

fn per_thousand(share: f64) -> String {
    match 1e3 * share {
        number if number < 0.1 => "<0.1".to_owned(),
        number if number < 100.0 => format!("{number:.1}"),
        number => format!("{number:.0}"),
    }
}

fn objective(swept: &Swept<'_>, index: usize) -> String {
    if swept.objectives.len() == 1 { "slo".to_owned() } else { format!("slo {}", index + 1) }
}

fn verdict(swept: &Swept<'_>, point: usize, objective: &Expression) -> (String, Ink) {
    match swept.holds(point, objective) {
        Some(true) if swept.by_refusing(point, objective) => {
            ("met by refusing".to_owned(), Ink::Orange)
        }
        Some(true) => ("met".to_owned(), Ink::Green),
        Some(false) => ("missed".to_owned(), Ink::Vermilion),
        None => ("unknown".to_owned(), Ink::Orange),
    }
}

/// What was asked, and where it holds.
pub(super) fn objectives(swept: &Swept<'_>, page: &Page) -> String {
    let lines = swept.objectives.iter().enumerate().map(|(index, asked)| {
        let points = swept.points.iter().enumerate();
        let met = points.filter(|(point, _)| swept.holds(*point, asked) == Some(true));
        let met: Vec<String> = met.map(|(_, at)| label(at)).collect();
        let all = swept.points.len();
        let name = objective(swept, index);
        let line = match met.len() {
            0 => format!("{name}: {asked}: met at none of {all} points."),
            some if some == all => format!("{name}: {asked}: met at all {all} points."),
            some if some > NAMED => format!("{name}: {asked}: met at {some} of {all} points."),
            some => {
                let comma = if swept.axes.len() > 1 { "; " } else { ", " };
                format!("{name}: {asked}: met at {some} of {all} points: {}.", met.join(comma))
            }
        };
        let refusing = (0..all).filter(|&point| swept.by_refusing(point, asked)).count();
        let line = match (refusing, twin(asked)) {
            (0, _) => line,
            (some, Some(twin)) => {
                format!("{line} At {some}, by refusing alone: {twin} is not met.")
            }
            (some, None) => format!("{line} At {some}, with most of what was asked for refused."),
        };
        wrapped(&line, page.width, 2)
    });
    lines.collect()
}
