//! Grids of cells, the deeper coloured the more.

use super::ink::Ink;
use super::sheet::{Anchor, BODY, Point, SMALL, Sheet, wide};
use super::text::shortened;

/// The palest and the deepest colour: text on either can be read, in light and dark.
const ALPHA: (f64, f64) = (0.06, 0.6);

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tile {
    pub(super) ink: Ink,
    /// The depth: 0 to 1; `None`: nothing there.
    pub(super) depth: Option<f64>,
    pub(super) text: String,
    pub(super) hover: String,
}

/// The place of a grid: its corner, and the size of its cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Grid {
    /// The upper left corner of a cell.
    pub(super) fn corner(&self, column: usize, row: usize) -> Point {
        let times = |size: i32, index: usize| size * i32::try_from(index).unwrap_or(0);
        (self.left + times(self.width, column), self.top + times(self.height, row))
    }

    /// Draws a cell.
    pub(super) fn tile(&self, sheet: &mut Sheet, column: usize, row: usize, tile: &Tile) {
        let (left, top) = self.corner(column, row);
        let (right, bottom) = self.corner(column + 1, row + 1);
        let (from, to) = ((left + 2, top + 2), (right - 2, bottom - 2));
        match tile.depth {
            Some(depth) => {
                let alpha = ALPHA.0 + (ALPHA.1 - ALPHA.0) * depth.clamp(0.0, 1.0);
                sheet.block(from, to, tile.ink, alpha);
            }
            None => sheet.block(from, to, Ink::GRID, 0.35),
        }
        // A text that does not fit is left to the pointer.
        let size =
            [BODY, SMALL - 4].into_iter().find(|&size| wide(&tile.text, size) <= self.width - 8);
        if let Some(size) = size.filter(|&size| size < self.height) {
            let at = ((left + right) / 2, (top + bottom) / 2);
            let ink = if tile.depth.is_some() { Ink::TEXT } else { Ink::FAINT };
            sheet.text(at, &tile.text, size, Anchor::Middle, ink);
        }
        sheet.mark_box(from, to, tile.hover.clone());
    }

    /// Draws the names of columns above (or below, at `y`) and of rows on the left.
    pub(super) fn names(&self, sheet: &mut Sheet, columns: &[String], rows: &[String], y: i32) {
        // Names that do not fit are shortened; where there is room for few letters only, some are
        // left out.
        let least = columns.iter().map(|name| wide(&shortened(name, 4.0), BODY)).max().unwrap_or(0);
        let every = ((least + 12) / self.width.max(1)).max(0) + 1;
        let every = usize::try_from(every).unwrap_or(1);
        let room = self.width * i32::try_from(every).unwrap_or(1) - 12;
        for (column, name) in columns.iter().enumerate().step_by(every) {
            let at = (self.corner(column, 0).0 + self.width / 2, y);
            sheet.fitted(at, name, room, BODY, Anchor::Middle, Ink::FAINT);
        }
        let least = if self.height >= BODY + 4 { 1 } else { (BODY + 4) / self.height.max(1) + 1 };
        for (row, name) in rows.iter().enumerate().step_by(usize::try_from(least).unwrap_or(1)) {
            let at = (self.left - 18, self.corner(0, row).1 + self.height / 2);
            let room = self.left - 18 - super::sheet::MARGIN;
            sheet.fitted(at, name, room, BODY, Anchor::End, Ink::FAINT);
        }
    }
}
