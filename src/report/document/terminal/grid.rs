//! A table in lines: columns under headings.

use super::bar::{bar, sides};
use super::{Ink, Screen};
use crate::report::Unit;
use crate::report::document::{Cell, Content, STAR, Table, Tone};
use crate::report::number::{difference, value, with_interval};
use crate::report::text::{cut, ended, plain, width};

/// Columns between columns, and the least.
const GAPS: [usize; 2] = [2, 1];
/// A text is not cut to less.
const TEXT: usize = 8;
/// Columns of a bar, as far as there is room.
const BAR: std::ops::RangeInclusive<usize> = 8..=40;
/// Stands where nothing is.
const NOTHING: &str = "·";
/// Less is rounding, not spread.
const ROUNDING: f64 = 1e-9;

/// A table's columns as they are set.
struct Grid {
    title: String,
    names: Vec<String>,
    columns: Vec<Column>,
}

struct Column {
    heading: String,
    is_number: bool,
    /// Its width.
    width: usize,
    cells: Vec<(String, Ink)>,
}

/// The table's lines, without columns that say nothing. If it is too wide, columns move together; if
/// that isn't enough, some go below, under the same names.
pub(super) fn lines(table: &Table, screen: Screen) -> String {
    let mut grid = Grid::new(table);
    grid.names.truncate(table.most);
    grid.draw(table, screen);
    if grid.names.is_empty() || grid.columns.is_empty() {
        return String::new();
    }
    // A row that is a name alone may run on over the columns.
    let alone = |row: &usize| grid.columns.iter().all(|column| column.cells[*row].0.is_empty());
    let named = (0..grid.names.len()).filter(|row| !alone(row)).map(|row| width(&grid.names[row]));
    let first = named.chain([width(&grid.title)]).max().unwrap_or(0);
    // Headings of several words would run into one another.
    let is_wordy = grid.columns.iter().any(|column| column.heading.contains(' '));
    let gaps = if is_wordy { &GAPS[..1] } else { &GAPS };
    for may_cut in [false, true] {
        for &gap in gaps {
            if grid.fits(screen, 2 + first + gap * grid.columns.len(), may_cut) {
                return grid.block(screen, first, gap, 0..grid.columns.len());
            }
        }
    }
    grid.blocks(screen, first)
}

impl Grid {
    fn new(table: &Table) -> Grid {
        let name = |row: &Vec<Cell>| {
            let keys = row.iter().take(table.keys).map(|cell| written(cell, None).0);
            let name = keys.collect::<Vec<_>>().join(" · ");
            // A path says most at its end.
            let is_path = table.keys == 1 && row.first().is_some_and(|own| own.is_code);
            if is_path { ended(&name, table.names) } else { cut(&name, table.names) }
        };
        let mut names: Vec<String> = table.rows.iter().map(name).collect();
        let mut columns = Vec::new();
        let shown = table.columns_beside();
        for &index in &shown {
            let style = Style::of(table, index);
            let own = &table.columns[index];
            let mut column = Column {
                heading: format!("{}{}", plain(&own.heading), style.heading(&own.heading)),
                is_number: own.is_number,
                width: 0,
                cells: table.cells(index).map(|cell| written(cell, Some(&style))).collect(),
            };
            column.cells.resize_with(names.len(), Default::default);
            columns.push(column);
        }
        for (column, &index) in columns.iter_mut().zip(&shown) {
            // Numbers stand above one another, whether marked or not.
            let is_star = |cell: &Cell| cell.note.as_deref() == Some(STAR);
            if table.cells(index).any(is_star) {
                let cells = column.cells.iter_mut().zip(table.cells(index));
                cells.filter(|own| !is_star(own.1)).for_each(|own| own.0.0.push_str("  "));
                column.heading.push_str("  ");
            }
        }
        let sums = |index: &usize| table.cells(*index).any(|cell| cell.each.is_some());
        let summed: Vec<usize> = (0..shown.len()).filter(|place| sums(&shown[*place])).collect();
        let each =
            |cell: &Cell| (cell.each.clone().unwrap_or_else(|| NOTHING.to_owned()), Ink::Faint);
        match summed.as_slice() {
            [] => {}
            [alone] => {
                let cells = table.cells(shown[*alone]).map(each).collect();
                let column =
                    Column { heading: "a run".to_owned(), is_number: true, width: 0, cells };
                columns.insert(alone + 1, column);
            }
            _ => {
                let rows: Vec<usize> = (0..names.len())
                    .rev()
                    .filter(|&row| table.rows[row].iter().any(|cell| cell.each.is_some()))
                    .collect();
                for row in rows {
                    names.insert(row + 1, "  a run".to_owned());
                    for (column, index) in columns.iter_mut().zip(&shown) {
                        let cell = table.rows[row].get(*index).map(each).unwrap_or_default();
                        column.cells.insert(row + 1, cell);
                    }
                }
            }
        }
        for column in &mut columns {
            let widest = column.cells.iter().map(|cell| width(&cell.0)).max().unwrap_or(0);
            column.width = widest.max(width(&column.heading));
        }
        Grid { title: plain(&table.title), names, columns }
    }

    /// Gives bars the room that is left, and draws them.
    fn draw(&mut self, table: &Table, screen: Screen) {
        let names = self.names.iter().map(|name| width(name)).chain([width(&self.title)]);
        let other: usize = self.columns.iter().map(|column| column.width + GAPS[0]).sum();
        let room = screen.width.saturating_sub(2 + names.max().unwrap_or(0) + other);
        for index in table.columns_beside().into_iter().filter(|&index| table.is_drawn(index)) {
            let heading = &table.columns[index].heading;
            let Some(column) = self.columns.iter_mut().find(|own| own.heading == *heading) else {
                continue;
            };
            column.width = (room + column.width).clamp(*BAR.start(), *BAR.end());
            for (drawn, cell) in column.cells.iter_mut().zip(table.cells(index)) {
                drawn.0 = match cell.content {
                    Content::Bar(share) => bar(share, column.width),
                    Content::Sides(less, more) => sides(less, more, column.width),
                    _ => String::new(),
                };
            }
        }
    }

    /// True if the columns fit side by side with what else is in the line, the last one cut if it
    /// is a text and may be.
    fn fits(&mut self, screen: Screen, other: usize, may_cut: bool) -> bool {
        let needed = other + self.columns.iter().map(|column| column.width).sum::<usize>();
        let over = needed.saturating_sub(screen.width);
        if over == 0 {
            return true;
        }
        match self.columns.last_mut() {
            Some(last) if may_cut && !last.is_number && last.width >= over + TEXT => {
                last.width -= over;
                true
            }
            _ => false,
        }
    }

    fn blocks(&self, screen: Screen, first: usize) -> String {
        let mut blocks = Vec::new();
        let mut from = 0;
        while from < self.columns.len() {
            let mut end = from;
            let mut used = 2 + first;
            while let Some(column) = self.columns.get(end)
                && (end == from || used + GAPS[0] + column.width <= screen.width)
            {
                used += GAPS[0] + column.width;
                end += 1;
            }
            blocks.push(self.block(screen, first, GAPS[0], from..end));
            from = end;
        }
        blocks.join("\n")
    }

    fn block(
        &self,
        screen: Screen,
        first: usize,
        gap: usize,
        columns: std::ops::Range<usize>,
    ) -> String {
        let pad = |text: &str| " ".repeat(first.saturating_sub(width(text)));
        let mut line = format!("{}{}", screen.paint.ink(Ink::Bold, &self.title), pad(&self.title));
        let mut lines = String::new();
        let columns = &self.columns[columns];
        for column in columns {
            let heading = (column.heading.clone(), Ink::Faint);
            line.push_str(&format!("{}{}", " ".repeat(gap), column.set(&heading, screen)));
        }
        lines.push_str(&format!("  {}\n", line.trim_end()));
        for (row, name) in self.names.iter().enumerate() {
            let mut line = format!("  {name}{}", pad(name));
            for column in columns {
                line.push_str(&" ".repeat(gap));
                line.push_str(&column.set(&column.cells[row], screen));
            }
            lines.push_str(&format!("{}\n", line.trim_end()));
        }
        lines
    }
}

impl Column {
    fn set(&self, (text, ink): &(String, Ink), screen: Screen) -> String {
        let text = cut(text, self.width);
        let pad = " ".repeat(self.width.saturating_sub(width(&text)));
        let inked = screen.paint.ink(*ink, &text);
        if self.is_number { format!("{pad}{inked}") } else { format!("{inked}{pad}") }
    }
}

/// The way the figures of a column are written.
struct Style {
    /// In which unit, if with their intervals: one for all, so that they can be compared.
    unit: Option<Unit>,
    /// The value whose unit suits all of them.
    like: Option<f64>,
    without_intervals: bool,
}

impl Style {
    fn of(table: &Table, column: usize) -> Style {
        let figures = || {
            table.cells(column).filter_map(|cell| match cell.content {
                Content::Figure(unit, figure) => Some((unit, figure)),
                Content::Change(unit, figure) => Some((unit.of_differences(), figure)),
                _ => None,
            })
        };
        let known = |figure: crate::report::read::Figure| {
            figure.half_width.is_some_and(|half| half > ROUNDING)
        };
        let sure = figures().any(|(_, figure)| known(figure));
        let unit =
            figures().next().map(|(unit, _)| unit).filter(|_| sure && !table.without_intervals);
        let unit = unit.filter(|unit| figures().all(|own| own.0 == *unit));
        let means = || figures().filter_map(|own| own.1.value).filter(|&mean| mean > 0.0);
        let like = means().reduce(f64::min).zip(means().reduce(f64::max)).and_then(|ends| {
            // The smallest; the largest, where that would be tens of thousands of milliseconds.
            let is_long = unit == Some(Unit::Seconds) && ends.0 < 0.9995 && ends.1 >= 10.0;
            (ends.1 < 600.0 * ends.0).then_some(if is_long { ends.1 } else { ends.0 })
        });
        Style { unit, like, without_intervals: table.without_intervals }
    }

    /// The unit that is added to the heading.
    fn heading(&self, heading: &str) -> &'static str {
        match self.unit {
            Some(Unit::Share) if !heading.ends_with('%') => " %",
            Some(Unit::Points) => ", points",
            _ => "",
        }
    }
}

/// A cell's text; drawings come later.
fn written(cell: &Cell, style: Option<&Style>) -> (String, Ink) {
    let without_intervals = style.is_none_or(|style| style.without_intervals);
    let text = match &cell.content {
        Content::Empty | Content::Bar(_) | Content::Sides(..) | Content::Outcome(_) => {
            String::new()
        }
        _ if cell.is_silent() && cell.note.is_none() => NOTHING.to_owned(),
        Content::Nothing => NOTHING.to_owned(),
        Content::Text(text) => plain(text),
        Content::Figure(unit, figure) => {
            let mean = figure.value.unwrap_or_default();
            match style.and_then(|style| Some((style.unit?, style.like))) {
                Some((unit, like)) => {
                    let half = figure.half_width.filter(|&half| half > ROUNDING);
                    with_interval(unit, mean, half, like.unwrap_or(mean))
                }
                None => value(*unit, mean),
            }
        }
        Content::Change(unit, figure) => {
            let mean = figure.value.unwrap_or_default();
            match figure.half_width.filter(|&half| half > ROUNDING && !without_intervals) {
                Some(half) => {
                    let (mean, interval) = difference(*unit, mean, half);
                    format!("{mean} {interval}")
                }
                None if mean == 0.0 => "0".to_owned(),
                None => difference(*unit, mean, 0.0).0,
            }
        }
    };
    let text = match &cell.note {
        Some(note) if !text.is_empty() => format!("{text} {note}"),
        _ => text,
    };
    let ink =
        if cell.is_silent() && cell.tone == Tone::Faint { Ink::Faint } else { cell.tone.into() };
    (text, ink)
}
