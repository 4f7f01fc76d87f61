//! The sender's view, against what was true.

use super::super::Findings;
use super::heat::{Grid, Tile};
use super::ink::Ink;
use super::key::key;
use super::provenance::provenance;
use super::rows::Rows;
use super::seen::Seen;
use super::sheet::{Anchor, BODY, MARGIN, Sheet, WIDTH};
use crate::chain::{Observed as State, Truth};
use crate::report::head::has_deadline;
use crate::report::names;
use crate::report::number::{percent, short_count};
use crate::report::read::number;

/// The meaning of rows and columns.
const CORNER: &str = "truth ↓   seen →";
const TOP: i32 = 246;
const ROW: i32 = 58;

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let observed = findings.result.get("observed")?;
    let has_deadline = has_deadline(&findings.result);
    let count = |truth: Truth, state: State| {
        number(observed, &format!("{}.{}", truth.name(), state.name())).unwrap_or(0.0)
    };
    let all = |truth: Truth| State::ALL.iter().map(|&state| count(truth, state)).sum::<f64>();
    let truths: Vec<Truth> = Truth::ALL.into_iter().filter(|&truth| all(truth) > 0.0).collect();
    if truths.is_empty() || observed.as_f64().is_some() {
        return None;
    }
    let rows: Vec<String> = truths
        .iter()
        .map(|&truth| {
            format!("{} · {}", names::end_by(truth, has_deadline), short_count(all(truth)))
        })
        .collect();
    let columns: Vec<String> = State::ALL.iter().map(|state| state.name().to_owned()).collect();
    let left = Rows::beside(rows.iter().map(String::as_str).chain([CORNER]));
    let count_of = i32::try_from(columns.len()).unwrap_or(1);
    let grid = Grid { left, top: TOP, width: (WIDTH - MARGIN - left) / count_of, height: ROW };
    let height = TOP + Rows::height(ROW, rows.len()) + MARGIN;
    let mut sheet = Sheet::new(height, "What the sender saw of it", &provenance(&findings.result));
    let entries = Seen::ALL.map(|seen| (seen.ink(), 0.6, seen.words()));
    key(&mut sheet, (MARGIN, 154), &entries);
    let at = (left - 18, TOP - 28);
    sheet.text(at, CORNER, BODY, Anchor::End, Ink::FAINT);
    grid.names(&mut sheet, &columns, &rows, TOP - 28);
    let mut sums = [0.0; 3];
    for (row, &truth) in truths.iter().enumerate() {
        for (column, &state) in State::ALL.iter().enumerate() {
            let messages = count(truth, state);
            let seen = Seen::of(truth.delivered(), state.name());
            sums[seen as usize] += messages;
            let share = messages / all(truth);
            let hover = format!(
                "{}, seen as {}: {} ({} of them)",
                names::end_by(truth, has_deadline),
                state.name(),
                short_count(messages),
                percent(share)
            );
            let tile = Tile {
                ink: seen.ink(),
                depth: (messages > 0.0).then_some(share),
                text: if messages > 0.0 { short_count(messages) } else { "·".to_owned() },
                hover,
            };
            grid.tile(&mut sheet, column, row, &tile);
        }
    }
    let whole = sums.iter().sum::<f64>().max(1.0);
    let parts = Seen::ALL
        .map(|seen| format!("{} of {}", seen.words(), percent(sums[seen as usize] / whole)));
    sheet.description = format!(
        "How accepted messages ended, against the last state that the sender saw: {}.",
        parts.join(", ")
    );
    Some(sheet)
}
