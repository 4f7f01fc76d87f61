//! Tables that can be sorted, in boxes of their own that scroll when they are wide.

use maud::{Markup, html};

use super::bar::bar;
use super::heading;
use crate::report::document::{Cell, Content, On, Table, Tone};
use crate::report::number::{signed_with_interval, with_half_width};

/// Stands where there is no value.
const NOTHING: &str = "–";

/// A table of so many columns is set closer.
const MANY: usize = 9;

/// The table in its box.
pub(super) fn table(table: &Table) -> Markup {
    let caption = format!("{}-caption", table.id);
    let columns: Vec<usize> = table.columns_on(On::Page).collect();
    let many = columns.len() >= MANY;
    let class = |column: usize| if table.columns[column].is_number { "n" } else { "t" };
    // A box that scrolls must be reachable by keyboard; the script takes that back from boxes
    // that don't.
    html! {
        div.scroll role="region" aria-labelledby=(caption) tabindex="0" {
            table class=[many.then_some("many")] id=(table.id) {
                caption id=(caption) { (table.caption.as_ref().unwrap_or(&table.title)) }
                thead {
                    tr {
                        @for &column in &columns {
                            th scope="col" class=(class(column)) {
                                (heading(&table.columns[column].heading))
                            }
                        }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for &column in &columns {
                                @if let Some(own) = row.get(column) {
                                    (cell(own, column, class(column)))
                                }
                            }
                        }
                        "\n"
                    }
                }
            }
        }
    }
}

fn cell(cell: &Cell, column: usize, class: &str) -> Markup {
    let (inside, interval) = written(cell);
    let each = cell.each.as_ref().map(|each| format!("{each} a run"));
    let notes = [interval, cell.note.clone(), each].into_iter().flatten();
    let note = notes.filter(|note| !note.is_empty()).collect::<Vec<_>>().join(" ");
    let inside = html! {
        @if cell.is_code { code { (inside) } } @else { (inside) }
        @if !note.is_empty() { span.note { (note) } }
    };
    let own = match cell.tone {
        Tone::Good => " better",
        Tone::Bad => " worse",
        Tone::Wrong => " wrong",
        Tone::Faint => " nothing",
        Tone::Plain | Tone::Open | Tone::Drawn => "",
    };
    let class = format!("{class}{own}");
    html! {
        @if column == 0 {
            th class=(class) data-v=[cell.key()] scope="row" { (inside) }
        } @else {
            td class=(class) data-v=[cell.key()] { (inside) }
        }
    }
}

/// The content of a field, and its interval.
fn written(cell: &Cell) -> (Markup, Option<String>) {
    let text = |text: &str| html! { (text) };
    match &cell.content {
        Content::Empty | Content::Bar(_) | Content::Sides(..) => (Markup::default(), None),
        Content::Nothing => (text(NOTHING), None),
        Content::Text(own) => (text(own), None),
        Content::Outcome(outcome) => (bar(outcome), None),
        Content::Figure(unit, figure) => match with_half_width(*unit, *figure) {
            Some((own, interval)) => (text(&own), interval),
            None => (text(NOTHING), None),
        },
        Content::Change(unit, figure) => {
            let mean = figure.value.unwrap_or_default();
            let half = figure.half_width.filter(|&half| half > 0.0);
            let (own, interval) = signed_with_interval(*unit, mean, half);
            (text(&own), Some(interval))
        }
    }
}
