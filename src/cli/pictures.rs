//! Pictures of a command's results: the charts and the page beside the result file.

use crate::report::charts::{draw, names};
use crate::report::{Findings, Kind, Table, Value, page};

/// The page of every command.
pub(super) const PAGE: &str = "report.html";

/// The findings of a command: its result file, and those of its tables that charts are drawn from.
pub(super) fn findings(result: Value, tables: &[(&str, &str)]) -> Findings {
    // They were written here: all rows have as many fields as their head.
    let table = |&(name, text): &(&str, &str)| Some((name.to_owned(), Table::parse(text).ok()?));
    Findings { result, tables: tables.iter().filter_map(table).collect() }
}

/// The files that charts of a kind of findings may go to.
pub(super) fn chart_files(kind: Kind) -> impl Iterator<Item = String> {
    names(kind).map(chart_file)
}

/// The file of a chart.
pub(super) fn chart_file(name: &str) -> String {
    format!("charts/{name}.svg")
}

/// The files that show `findings`: `charts/*.svg` and the page.
/// `again`: the command that repeats it.
pub(super) fn pictures(findings: &Findings, again: &str) -> Vec<(String, String)> {
    let drawings = draw(findings);
    let html = page(findings, &drawings, again);
    let charts = drawings.into_iter();
    let mut files: Vec<(String, String)> =
        charts.map(|chart| (chart_file(chart.name), chart.svg)).collect();
    files.push((PAGE.to_owned(), html));
    files
}
