//! How full the stations are, at the answer and just beyond.

use super::super::super::capacity::{Capacity, Station};
use super::super::Page;
use super::super::grid::Grid;
use super::shown;
use crate::report::number::{percent, rough};

/// More stations than this aren't shown.
const SHOWN: usize = 8;
/// Names of stations are cut beyond this.
const NAMES: usize = 40;

pub(super) fn stations(capacity: &Capacity<'_>, page: &Page) -> String {
    let (at, beyond) = capacity.ends();
    let heading = |end: Option<&super::super::super::capacity::Measured>| {
        end.map_or_else(String::new, |end| format!("used at {}", shown(capacity, end.value)))
    };
    let mut grid = Grid::new("limits, fullest first")
        .wide_names(NAMES)
        .number(&heading(at))
        .number(&heading(beyond))
        .number("turned away")
        .apart();
    let cell = |share: Option<f64>| share.map_or_else(|| "·".to_owned(), rough);
    for station in capacity.stations().iter().take(SHOWN) {
        let Station { utilisation, beyond, refused, .. } = station;
        let refused = refused.filter(|&share| share > 0.0);
        let refused = refused.map_or_else(|| "·".to_owned(), percent);
        grid.row(&station.name(), vec![cell(*utilisation), cell(*beyond), refused]);
    }
    grid.set(page)
}
