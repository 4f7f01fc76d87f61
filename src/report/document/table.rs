//! Tables: typed columns, a row a thing, which its first cell names.

use super::{Cell, Content, On};
use crate::report::Better;

/// A table. One without rows isn't shown.
#[derive(Debug)]
pub(in crate::report) struct Table {
    /// Unique on the page.
    pub(super) id: String,
    /// Above the names on the terminal; the caption on the page, unless it has one of its own.
    pub(super) title: String,
    pub(super) caption: Option<String>,
    /// The first is of the names.
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// So many columns name a row: on the terminal they are one.
    pub(super) keys: usize,
    /// Names are cut beyond so many columns of a terminal.
    pub(super) names: usize,
    /// True if the terminal leaves out intervals.
    pub(super) without_intervals: bool,
    /// So many rows are shown on the terminal.
    pub(super) most: usize,
}

/// A column.
#[derive(Debug)]
pub(in crate::report) struct Column {
    pub(super) heading: String,
    /// Numbers stand to the right.
    pub(super) is_number: bool,
    pub(super) on: On,
}

/// Stands where a row has ended.
static EMPTY: Cell = Cell::EMPTY;

/// Marks the best of a column.
pub(super) const STAR: &str = "★";

/// Names are cut beyond, unless a table says otherwise.
const NAMES: usize = 36;

impl Table {
    /// A table with this title whose names are of `what`.
    pub(in crate::report) fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        what: impl Into<String>,
    ) -> Table {
        let what = Column { heading: what.into(), is_number: false, on: On::Both };
        Table {
            id: id.into(),
            title: title.into(),
            caption: None,
            columns: vec![what],
            rows: Vec::new(),
            keys: 1,
            names: NAMES,
            without_intervals: false,
            most: usize::MAX,
        }
    }

    /// On the page, a caption that says more than the title.
    pub(in crate::report) fn caption(mut self, caption: impl Into<String>) -> Table {
        self.caption = Some(caption.into());
        self
    }

    /// On the terminal, figures without their intervals.
    pub(in crate::report) fn without_intervals(mut self) -> Table {
        self.without_intervals = true;
        self
    }

    /// On the terminal, no more rows than this.
    pub(in crate::report) fn at_most(mut self, rows: usize) -> Table {
        self.most = rows;
        self
    }

    /// Adds a column that names a row, beside those that there are.
    pub(in crate::report) fn key(mut self, heading: &str, is_number: bool) -> Table {
        self.push(heading, is_number, On::Both);
        self.keys = self.columns.len();
        self
    }

    pub(in crate::report) fn wide_names(mut self, columns: usize) -> Table {
        self.names = columns;
        self
    }

    /// Adds a column.
    pub(in crate::report) fn push(&mut self, heading: impl Into<String>, is_number: bool, on: On) {
        self.columns.push(Column { heading: heading.into(), is_number, on });
    }

    pub(in crate::report) fn numbers(mut self, headings: &[&str]) -> Table {
        headings.iter().for_each(|heading| self.push(*heading, true, On::Both));
        self
    }

    pub(in crate::report) fn texts(mut self, headings: &[&str]) -> Table {
        headings.iter().for_each(|heading| self.push(*heading, false, On::Both));
        self
    }

    /// Columns of numbers, on one of the two.
    pub(in crate::report) fn numbers_on(mut self, on: On, headings: &[&str]) -> Table {
        headings.iter().for_each(|heading| self.push(*heading, true, on));
        self
    }

    /// Columns of text, on one of the two.
    pub(in crate::report) fn texts_on(mut self, on: On, headings: &[&str]) -> Table {
        headings.iter().for_each(|heading| self.push(*heading, false, on));
        self
    }

    /// Adds a row: a cell for each column, the name first.
    pub(in crate::report) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Marks the best value of a column, unless all are the same.
    pub(in crate::report) fn star(&mut self, column: usize, better: Option<Better>) {
        let Some(better) = better else { return };
        let sign = if better == Better::Higher { 1.0 } else { -1.0 };
        let keys: Vec<Option<f64>> = self.cells(column).map(Cell::key).collect();
        let known = || keys.iter().flatten().map(|key| sign * key);
        let (most, least) = (known().reduce(f64::max), known().reduce(f64::min));
        for (row, key) in self.rows.iter_mut().zip(&keys) {
            let is_best = most > least && key.map(|key| sign * key) == most;
            if let Some(cell) = row.get_mut(column).filter(|_| is_best) {
                *cell = std::mem::take(cell).noted(STAR);
            }
        }
    }

    /// Adds a row of a name and texts.
    pub(in crate::report) fn text_row(
        &mut self,
        name: &str,
        cells: impl IntoIterator<Item = String>,
    ) {
        let cells = cells.into_iter().map(|text| match text.as_str() {
            "·" => Cell::nothing(),
            _ => Cell::text(text),
        });
        self.rows.push([Cell::text(name)].into_iter().chain(cells).collect());
    }

    /// Indices of the columns beside the names that say something on the terminal.
    pub(super) fn columns_beside(&self) -> Vec<usize> {
        let shown = self.columns_on(On::Terminal).skip(self.keys);
        shown.filter(|&index| self.speaks(index)).collect()
    }

    /// Indices of the columns on one of the two.
    pub(super) fn columns_on(&self, on: On) -> impl Iterator<Item = usize> {
        let columns = self.columns.iter().enumerate();
        columns.filter(move |(_, own)| own.on == On::Both || own.on == on).map(|(index, _)| index)
    }

    /// The cells of a column; rows may end before it.
    pub(super) fn cells(&self, column: usize) -> impl Iterator<Item = &Cell> {
        self.rows.iter().map(move |row| row.get(column).unwrap_or(&EMPTY))
    }

    /// True if there is anything in a column.
    pub(super) fn speaks(&self, column: usize) -> bool {
        self.cells(column).any(|cell| !cell.is_silent())
    }

    /// True if a column's cells are drawn.
    pub(super) fn is_drawn(&self, column: usize) -> bool {
        let drawn = |cell: &Cell| {
            matches!(cell.content, Content::Bar(_) | Content::Sides(..) | Content::Outcome(_))
        };
        self.cells(column).any(drawn)
    }
}
