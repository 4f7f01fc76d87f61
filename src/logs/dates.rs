//! The order of day and month in a log's dates: what was said of it, or what its first rows show.

use super::clock::Clock;
use super::detect::Column;
use super::lines::{self, Found, Lines};
use super::loose;
use super::meaning::Meaning;
use super::options::{Dates, Options};
use super::rows::Rows;

const TIMES: [Meaning; 3] = [Meaning::Submitted, Meaning::Sent, Meaning::Done];

/// Finds it in the first rows of a table, of which `head` has the bytes, for columns of which it isn't known; a
/// note on those that needed it.
pub(super) fn find(
    head: &[u8],
    separator: u8,
    columns: &[Column],
    rows: &mut Rows<'_>,
) -> Vec<String> {
    let named = |meaning: Meaning| columns.iter().position(|own| own.meanings.contains(&meaning));
    // The day of a request may have a column of its own.
    let of = |meaning: Meaning| {
        named(Meaning::Day).filter(|_| meaning == Meaning::Submitted).or_else(|| named(meaning))
    };
    let open = TIMES.into_iter().filter(|own| rows.clock(*own).dates.is_none());
    let mut open: Vec<(Meaning, usize, [bool; 2])> =
        open.filter_map(|own| Some((own, of(own)?, [false; 2]))).collect();
    let Ok(mut lines) = Lines::new(head) else { return Vec::new() };
    let (mut plain, mut ranges) = (Vec::new(), Vec::new());
    while let Ok(Some((found, closed))) = lines.record(separator) {
        let Found::At(range, _) = found else { continue };
        if !closed {
            continue;
        }
        let base = lines::cells(lines.bytes(&range), separator, &mut plain, &mut ranges);
        for (_, at, shown) in &mut open {
            let cell = ranges.get(*at).and_then(|range| base.get(range.clone()));
            let text = cell.and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or_default();
            match loose::order(text) {
                Some(Dates::Dmy) => shown[0] = true,
                Some(Dates::Mdy) => shown[1] = true,
                None => {}
            }
        }
    }
    let mut shown_by: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    for (meaning, at, shown) in open {
        let (dates, own) = match shown {
            [true, false] => (Dates::Dmy, &mut shown_by[0]),
            [false, true] => (Dates::Mdy, &mut shown_by[1]),
            // Nothing shows it, or one row says this and another that.
            _ => continue,
        };
        rows.clock_mut(meaning).dates = Some(dates);
        let column = columns.get(at).map_or("", |own| own.name.as_str());
        own.push(format!("`{}`", super::shown(column)));
    }
    let told = [("day", Dates::Mdy), ("month", Dates::Dmy)].into_iter().zip(shown_by);
    told.filter(|(_, columns)| !columns.is_empty())
        .map(|((first, other), columns)| {
            format!(
                "the {first} stands first in the dates of {}, as days above 12 show; `--dates {}` would say \
                 otherwise",
                columns.join(", "),
                other.name()
            )
        })
        .collect()
}

/// Notes on options that no time of the log needed.
pub(super) fn unused(options: &Options, clocks: [&Clock<'_>; 3]) -> Vec<String> {
    let is_used = |column: Option<Meaning>| {
        TIMES.into_iter().zip(clocks).any(|(own, clock)| {
            let has_own = options.dates.iter().any(|(other, _)| *other == Some(own));
            clock.ordered > 0 && (column == Some(own) || column.is_none() && !has_own)
        })
    };
    let unused = options.dates.iter().filter(|(column, _)| !is_used(*column));
    let told = unused.map(|(column, dates)| {
        let name = column.map_or(String::new(), |own| format!("{}=", own.name()));
        format!("`--dates {name}{}` has no effect: no such time has its year last", dates.name())
    });
    told.collect()
}
