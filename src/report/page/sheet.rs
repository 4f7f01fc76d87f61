//! Tables that can be sorted, in boxes of their own that scroll when they are wide.

use maud::{Markup, Render, html};

use super::html::heading;
use crate::report::Unit;
use crate::report::number;
use crate::report::number::money;
use crate::report::read::Figure;
use crate::report::table::per_run::mean;

/// Stands where there is no value.
const NOTHING: &str = "–";

/// A table of so many columns is set closer.
const MANY: usize = 9;

/// A table; the first cell of a row names it.
#[derive(Debug)]
pub(super) struct Sheet {
    id: String,
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Debug)]
struct Column {
    heading: String,
    is_number: bool,
}

/// What is in a field.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    text: String,
    /// Smaller, below it.
    note: Option<String>,
    /// What it is sorted by; its text if there is none.
    key: Option<f64>,
    class: Option<&'static str>,
    is_code: bool,
    /// In place of the text.
    drawing: Option<Markup>,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }

    /// Something to be typed: a path, a name.
    pub(super) fn code(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), is_code: true, ..Cell::default() }
    }

    pub(super) fn drawing(svg: Markup) -> Cell {
        Cell { drawing: Some(svg), ..Cell::default() }
    }

    /// A figure with its half-width below it.
    pub(super) fn figure(unit: Unit, figure: Figure) -> Cell {
        match number::with_half_width(unit, figure) {
            Some((text, note)) => Cell { text, note, key: figure.value, ..Cell::default() },
            None => Cell { text: NOTHING.to_owned(), ..Cell::default() },
        }
    }

    /// A value without an interval.
    pub(super) fn value(unit: Unit, value: Option<f64>) -> Cell {
        Cell::figure(unit, Figure { value, half_width: None })
    }

    pub(super) fn share(share: Option<f64>) -> Cell {
        Cell::value(Unit::Share, share)
    }

    pub(super) fn count(count: Option<f64>) -> Cell {
        Cell::value(Unit::Number, count)
    }

    /// A count, of which none is hardly seen.
    pub(super) fn quiet_count(count: Option<f64>) -> Cell {
        match count {
            Some(0.0) => {
                let class = Some("nothing");
                Cell { text: "0".to_owned(), key: Some(0.0), class, ..Cell::default() }
            }
            count => Cell::count(count),
        }
    }

    /// A sum over `runs` replications with what it comes to in one below it.
    pub(super) fn summed(self, unit: Unit, sum: Option<f64>, runs: Option<f64>) -> Cell {
        let (Some(sum), Some(runs)) = (sum.filter(|&sum| sum != 0.0), runs) else {
            return self;
        };
        if runs <= 1.0 {
            return self;
        }
        let each = match unit {
            Unit::Money => money(sum / runs),
            _ => mean(sum, runs as u64),
        };
        self.noted(format!("{each} a run"))
    }

    pub(super) fn noted(mut self, note: impl Into<String>) -> Cell {
        self.note = Some(note.into()).filter(|note: &String| !note.is_empty());
        self
    }

    pub(super) fn sorted_by(mut self, key: Option<f64>) -> Cell {
        self.key = key;
        self
    }

    pub(super) fn classed(mut self, class: &'static str) -> Cell {
        self.class = Some(class);
        self
    }

    fn in_column(&self, index: usize, class: &str) -> Markup {
        let inside = html! {
            @match &self.drawing {
                Some(drawing) => (drawing),
                None if self.is_code => code { (self.text) },
                None => (self.text),
            }
            @if let Some(note) = &self.note { span.note { (note) } }
        };
        let class = self.class.map_or(class.to_owned(), |own| format!("{class} {own}"));
        html! {
            @if index == 0 {
                th class=(class) data-v=[self.key] scope="row" { (inside) }
            } @else {
                td class=(class) data-v=[self.key] { (inside) }
            }
        }
    }
}

impl Sheet {
    /// `id` is unique on the page.
    pub(super) fn new(id: impl Into<String>, caption: impl Into<String>) -> Sheet {
        Sheet { id: id.into(), caption: caption.into(), columns: Vec::new(), rows: Vec::new() }
    }

    pub(super) fn texts(mut self, headings: &[&str]) -> Sheet {
        headings.iter().for_each(|heading| self.push(heading, false));
        self
    }

    pub(super) fn numbers(mut self, headings: &[&str]) -> Sheet {
        headings.iter().for_each(|heading| self.push(heading, true));
        self
    }

    pub(super) fn push(&mut self, heading: &str, is_number: bool) {
        self.columns.push(Column { heading: heading.to_owned(), is_number });
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }
}

/// A table without rows isn't there.
impl Render for Sheet {
    fn render(&self) -> Markup {
        let caption = format!("{}-caption", self.id);
        let many = self.columns.len() >= MANY;
        let class = |column: &Column| if column.is_number { "n" } else { "t" };
        // A box that scrolls must be reachable by keyboard; the script takes that back from boxes
        // that don't.
        html! {
            @if !self.rows.is_empty() {
                div.scroll role="region" aria-labelledby=(caption) tabindex="0" {
                    table class=[many.then_some("many")] id=(self.id) {
                        caption id=(caption) { (self.caption) }
                        thead {
                            tr {
                                @for column in &self.columns {
                                    th scope="col" class=(class(column)) {
                                        (heading(&column.heading))
                                    }
                                }
                            }
                        }
                        tbody {
                            @for row in &self.rows {
                                tr {
                                    @for (index, (cell, column)) in
                                        row.iter().zip(&self.columns).enumerate()
                                    {
                                        (cell.in_column(index, class(column)))
                                    }
                                }
                                "\n"
                            }
                        }
                    }
                }
            }
        }
    }
}
