//! Columns under headings.

use super::Page;
use super::paint::Ink;
use super::text::{cut, plain, width};

/// Names are cut beyond this.
const NAME: usize = 24;
/// Columns between columns.
const GAP: usize = 2;

/// A grid: a name and cells in each row.
pub(super) struct Grid {
    title: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

struct Column {
    heading: &'static str,
    /// Text, to the left; numbers go to the right.
    text: bool,
}

struct Row {
    name: String,
    cells: Vec<(String, Ink)>,
}

impl Grid {
    pub(super) fn new(title: &str) -> Grid {
        Grid { title: title.to_owned(), columns: Vec::new(), rows: Vec::new() }
    }

    /// Adds columns of numbers.
    pub(super) fn numbers(mut self, headings: &[&'static str]) -> Grid {
        self.columns.extend(headings.iter().map(|heading| Column { heading, text: false }));
        self
    }

    /// Adds a column of text.
    pub(super) fn text(mut self, heading: &'static str) -> Grid {
        self.columns.push(Column { heading, text: true });
        self
    }

    /// Adds a row.
    pub(super) fn row(&mut self, name: &str, cells: Vec<String>) {
        self.inked(name, cells.into_iter().map(|cell| (cell, Ink::Plain)).collect());
    }

    /// Adds a row of coloured cells.
    pub(super) fn inked(&mut self, name: &str, cells: Vec<(String, Ink)>) {
        self.rows.push(Row { name: cut(&plain(name), NAME), cells });
    }

    /// The grid, without columns that say nothing (only dots). Columns that don't fit go into
    /// further blocks below, under the same names. Empty without rows.
    pub(super) fn set(mut self, page: &Page) -> String {
        self.drop_silent_columns();
        if self.rows.is_empty() || self.columns.is_empty() {
            return String::new();
        }
        let names = self.rows.iter().map(|row| width(&row.name));
        let first = names.chain([width(&self.title)]).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.columns.len()).map(|index| self.width(index)).collect();
        let mut block = String::new();
        let mut from = 0;
        loop {
            let mut end = from;
            let mut used = 2 + first;
            while end < widths.len() {
                let more = used + GAP + widths[end];
                if more > page.width && end > from {
                    break;
                }
                used = more;
                end += 1;
            }
            block.push_str(&self.block(page, first, &widths, from..end));
            if end >= widths.len() {
                return block;
            }
            from = end;
        }
    }

    fn drop_silent_columns(&mut self) {
        let speaks: Vec<bool> = (0..self.columns.len())
            .map(|index| {
                self.rows.iter().any(|row| {
                    row.cells.get(index).is_some_and(|(cell, _)| cell != "·" && !cell.is_empty())
                })
            })
            .collect();
        let mut keep = speaks.iter();
        self.columns.retain(|_| keep.next().copied().unwrap_or(true));
        for row in &mut self.rows {
            let mut keep = speaks.iter();
            row.cells.retain(|_| keep.next().copied().unwrap_or(true));
        }
    }

    fn width(&self, index: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.cells.get(index));
        let widest = cells.map(|(cell, _)| width(cell)).max().unwrap_or(0);
        widest.max(width(self.columns[index].heading))
    }

    fn block(
        &self,
        page: &Page,
        first: usize,
        widths: &[usize],
        columns: std::ops::Range<usize>,
    ) -> String {
        let mut lines = String::new();
        let title = page.paint.ink(Ink::Bold, &self.title);
        let mut line = format!("  {title}{}", " ".repeat(first - width(&self.title)));
        for index in columns.clone() {
            let column = &self.columns[index];
            let heading = (column.heading.to_owned(), Ink::Faint);
            push(&mut line, page, &heading, widths[index], column.text);
        }
        finish(&mut lines, &line);
        for row in &self.rows {
            let mut line = format!("  {}{}", row.name, " ".repeat(first - width(&row.name)));
            for index in columns.clone() {
                let nothing = (String::new(), Ink::Plain);
                let cell = row.cells.get(index).unwrap_or(&nothing);
                push(&mut line, page, cell, widths[index], self.columns[index].text);
            }
            finish(&mut lines, &line);
        }
        lines
    }
}

fn push(line: &mut String, page: &Page, cell: &(String, Ink), columns: usize, text: bool) {
    // A text is the last column: it is cut, not broken.
    let room = page.width.saturating_sub(4);
    let cell_text = if text { cut(&cell.0, room) } else { cell.0.clone() };
    let pad = " ".repeat(columns.saturating_sub(width(&cell_text)));
    let inked = page.paint.ink(cell.1, &cell_text);
    line.push_str(&" ".repeat(GAP));
    if text {
        line.push_str(&format!("{inked}{pad}"));
    } else {
        line.push_str(&format!("{pad}{inked}"));
    }
}

fn finish(lines: &mut String, line: &str) {
    lines.push_str(line.trim_end());
    lines.push('\n');
}
