//! Columns under headings.

use super::Page;
use super::paint::Ink;
use super::text::{cut, plain, width};

/// Names are cut beyond this, unless a grid says otherwise.
const NAME: usize = 24;
/// Columns between columns.
const GAP: usize = 2;
/// A text is not cut to less.
const TEXT: usize = 8;

/// A grid: a name and cells in each row.
pub(super) struct Grid {
    title: String,
    names: usize,
    /// Columns between columns at least.
    gap: usize,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

struct Column {
    heading: String,
    /// Text, to the left; numbers go to the right.
    text: bool,
}

struct Row {
    name: String,
    cells: Vec<(String, Ink)>,
}

impl Grid {
    pub(super) fn new(title: &str) -> Grid {
        Grid {
            title: title.to_owned(),
            names: NAME,
            gap: GAP - 1,
            columns: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Columns don't move together: for headings of several words.
    pub(super) fn apart(mut self) -> Grid {
        self.gap = GAP;
        self
    }

    /// Cuts names only beyond `columns`.
    pub(super) fn wide_names(mut self, columns: usize) -> Grid {
        self.names = columns;
        self
    }

    /// Adds columns of numbers.
    pub(super) fn numbers(mut self, headings: &[&str]) -> Grid {
        for heading in headings {
            self = self.number(heading);
        }
        self
    }

    /// Adds a column of numbers.
    pub(super) fn number(mut self, heading: &str) -> Grid {
        self.columns.push(Column { heading: heading.to_owned(), text: false });
        self
    }

    /// Adds a column of text.
    pub(super) fn text(mut self, heading: &str) -> Grid {
        self.columns.push(Column { heading: heading.to_owned(), text: true });
        self
    }

    /// Adds a row.
    pub(super) fn row(&mut self, name: &str, cells: Vec<String>) {
        self.inked(name, cells.into_iter().map(|cell| (cell, Ink::Plain)).collect());
    }

    /// Adds a row of coloured cells.
    pub(super) fn inked(&mut self, name: &str, cells: Vec<(String, Ink)>) {
        self.rows.push(Row { name: cut(&plain(name), self.names), cells });
    }

    /// The grid, without columns that say nothing (only dots). If it is too wide, columns move
    /// together; if that isn't enough, some go below, under the same names. Empty without rows.
    pub(super) fn set(mut self, page: &Page) -> String {
        self.drop_silent_columns();
        if self.rows.is_empty() || self.columns.is_empty() {
            return String::new();
        }
        // A row that is a name alone may run on over the columns.
        let named = self.rows.iter().filter(|row| !row.cells.is_empty());
        let names = named.map(|row| width(&row.name));
        let first = names.chain([width(&self.title)]).max().unwrap_or(0);
        let mut widths: Vec<usize> =
            (0..self.columns.len()).map(|index| self.width(index)).collect();
        for (gap, may_cut) in [(GAP, false), (self.gap, false), (GAP, true), (self.gap, true)] {
            if self.fits(page, 2 + first + gap * widths.len(), may_cut, &mut widths) {
                return self.block(page, first, gap, &widths, 0..widths.len());
            }
        }
        self.blocks(page, first, &widths)
    }

    /// Whether the columns fit side by side with what else is in the line, the last one cut if it
    /// is a text and may be.
    fn fits(&self, page: &Page, other: usize, may_cut: bool, widths: &mut [usize]) -> bool {
        let needed = other + widths.iter().sum::<usize>();
        let over = needed.saturating_sub(page.width);
        if over == 0 {
            return true;
        }
        match (widths.last_mut(), self.columns.last()) {
            (Some(last), Some(column)) if may_cut && column.text && *last >= over + TEXT => {
                *last -= over;
                true
            }
            _ => false,
        }
    }

    fn blocks(&self, page: &Page, first: usize, widths: &[usize]) -> String {
        let mut blocks = String::new();
        let mut from = 0;
        while from < widths.len() {
            let mut end = from;
            let mut used = 2 + first;
            while end < widths.len() && (end == from || used + GAP + widths[end] <= page.width) {
                used += GAP + widths[end];
                end += 1;
            }
            if from > 0 {
                blocks.push('\n');
            }
            blocks.push_str(&self.block(page, first, GAP, widths, from..end));
            from = end;
        }
        blocks
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
        widest.max(width(&self.columns[index].heading))
    }

    fn block(
        &self,
        page: &Page,
        first: usize,
        gap: usize,
        widths: &[usize],
        columns: std::ops::Range<usize>,
    ) -> String {
        let mut lines = String::new();
        let title = page.paint.ink(Ink::Bold, &self.title);
        let mut line = format!("  {title}{}", " ".repeat(first - width(&self.title)));
        for index in columns.clone() {
            let column = &self.columns[index];
            let heading = (column.heading.clone(), Ink::Faint);
            line.push_str(&" ".repeat(gap));
            push(&mut line, page, &heading, widths[index], column.text);
        }
        finish(&mut lines, &line);
        for row in &self.rows {
            let mut line =
                format!("  {}{}", row.name, " ".repeat(first.saturating_sub(width(&row.name))));
            for index in columns.clone() {
                let nothing = (String::new(), Ink::Plain);
                let cell = row.cells.get(index).unwrap_or(&nothing);
                line.push_str(&" ".repeat(gap));
                push(&mut line, page, cell, widths[index], self.columns[index].text);
            }
            finish(&mut lines, &line);
        }
        lines
    }
}

fn push(line: &mut String, page: &Page, cell: &(String, Ink), columns: usize, text: bool) {
    let cell_text = cut(&cell.0, columns);
    let pad = " ".repeat(columns.saturating_sub(width(&cell_text)));
    let inked = page.paint.ink(cell.1, &cell_text);
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
