//! Where the rest went, point by point.

use super::super::super::sweep::Swept;
use super::super::Page;
use super::super::grid::Grid;
use super::super::lost;
use super::points::bare;
use super::{NAMES, axes, label};
use crate::chain::Truth;

/// So many ends have a column of their own.
const NAMED: usize = 4;

/// How messages may end other than on time.
pub(super) struct End {
    pub(super) name: &'static str,
    path: String,
}

impl End {
    /// The share of accepted messages that ended so.
    pub(super) fn share(&self, swept: &Swept<'_>, point: usize) -> Option<f64> {
        let accepted = swept.mean(point, "layers.api_success").filter(|count| *count > 0.0)?;
        Some(swept.mean(point, &self.path)? / accepted)
    }
}

/// Every end but the good one.
pub(super) fn ends() -> impl Iterator<Item = End> {
    let others = Truth::ALL.into_iter().filter(|&truth| truth != Truth::DeliveredOnTime);
    others.map(|truth| End { name: lost::name(truth), path: format!("truth.{}", truth.name()) })
}

/// The share of the messages requested that the API accepted.
pub(super) fn accepted(swept: &Swept<'_>, point: usize) -> Option<f64> {
    swept.mean(point, "of_requested.accepted")
}

pub(super) fn rest(swept: &Swept<'_>, page: &Page) -> String {
    // The largest anywhere; of equal ones the order of reports.
    let largest = |end: &End| {
        let shares = (0..swept.points.len()).filter_map(|point| end.share(swept, point));
        shares.fold(0.0, f64::max)
    };
    let mut found: Vec<(f64, End)> = ends().map(|end| (largest(&end), end)).collect();
    found.retain(|(largest, _)| *largest > 0.0);
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let ends: Vec<End> = found.into_iter().map(|(_, end)| end).collect();
    let named = if ends.len() == NAMED + 1 { ends.len() } else { NAMED.min(ends.len()) };
    let (named, others) = ends.split_at(named);
    let mut grid = Grid::new(&axes(swept)).wide_names(NAMES);
    for end in named {
        grid = grid.number(&format!("{} %", end.name));
    }
    grid = grid.number("others %");
    let cell = |share: Option<f64>| match share {
        Some(share) if share > 0.0 => bare(share),
        _ => "·".to_owned(),
    };
    for (point, at) in swept.points.iter().enumerate() {
        let mut cells: Vec<String> =
            named.iter().map(|end| cell(end.share(swept, point))).collect();
        cells.push(cell(Some(others.iter().filter_map(|end| end.share(swept, point)).sum())));
        grid.row(&label(at), cells);
    }
    grid.set(page)
}
