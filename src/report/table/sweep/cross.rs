//! The headline over two axes: the first one's values down, the second one's across. A grid for
//! each value of a third.

use super::super::super::sweep::Swept;
use super::super::Page;
use super::super::grid::Grid;
use super::super::text::plain;
use super::points::gap;
use super::{NAMES, level};

/// Empty for one axis.
pub(super) fn cross(swept: &Swept<'_>, page: &Page) -> String {
    let [outer @ .., rows, columns] = swept.axes else {
        return String::new();
    };
    let size = rows.levels.len() * columns.levels.len();
    let blocks = swept.points.len().checked_div(size).unwrap_or(0);
    let mut grids = String::new();
    for block in 0..blocks {
        let title = match outer {
            [axis] => {
                let value = &axis.levels[block];
                format!("gap %, {} = {}", plain(&axis.path), level(&axis.path, value))
            }
            _ => "gap %".to_owned(),
        };
        let mut grid = Grid::new(&title).wide_names(NAMES);
        for value in &columns.levels {
            grid = grid.number(&level(&columns.path, value));
        }
        for (row, value) in rows.levels.iter().enumerate() {
            let first = block * size + row * columns.levels.len();
            let cells = (0..columns.levels.len()).map(|column| gap(swept, first + column));
            grid.row(&level(&rows.path, value), cells.collect());
        }
        if !grids.is_empty() {
            grids.push('\n');
        }
        grids.push_str(&grid.set(page));
    }
    grids
}
