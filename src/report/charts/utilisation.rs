//! Utilisation of the stations: what saturates first.

use super::super::{Findings, Value, label, leaves};
use super::ink::Ink;
use super::provenance::provenance;
use super::rows::{Bar, Rows};
use super::sheet::{Anchor, BODY, MARGIN, Sheet, WIDTH, wide};
use crate::report::metric::{Kind, at};
use crate::report::number::used;

const TOP: i32 = 190;
const ROW: i32 = 56;
/// As many stations, the busiest.
const MOST: usize = 20;
/// From here on a queue before it grows without much more load.
const BUSY: f64 = 0.9;

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let mut stations = stations(&findings.result);
    if stations.is_empty() {
        return None;
    }
    stations.sort_by(|one, other| other.1.total_cmp(&one.1));
    let left_out = stations.len().saturating_sub(MOST);
    stations.truncate(MOST);
    let left = Rows::beside(stations.iter().map(|(name, _)| name.as_str()));
    let note = if left_out > 0 { 50 } else { 0 };
    let height = TOP + Rows::height(ROW, stations.len()) + note + MARGIN;
    let mut sheet = Sheet::new(height, "How busy the stations were", &provenance(&findings.result));
    let most = stations.first().map_or(1.0, |station| station.1).max(1.0);
    let texts = stations.iter().map(|(_, share)| wide(&used(*share), BODY));
    let room = WIDTH - MARGIN - 60 - texts.max().unwrap_or(0) - left;
    let rows = Rows { left, top: TOP, pitch: ROW };
    let full = left + (f64::from(room) / most).round() as i32;
    let bottom = TOP + Rows::height(ROW, stations.len());
    sheet.text((full, TOP - 26), "its limit", BODY, Anchor::Middle, Ink::FAINT);
    for (index, (name, share)) in stations.iter().enumerate() {
        let ink = if *share >= BUSY { Ink::VERMILION } else { Ink::BLUE };
        let text = used(*share);
        let hover = format!("{name}: {text}{}", if *share < 2.0 { " used" } else { "" });
        let part = share / most;
        rows.bar(&mut sheet, index, &Bar { name, part, room, ink, text: &text, hover });
    }
    sheet.path(vec![(full, TOP - 6), (full, bottom)], Ink::AXIS, 2);
    if left_out > 0 {
        let text = format!("and {left_out} that were less busy");
        sheet.text((left, bottom + 30), &text, BODY, Anchor::Start, Ink::FAINT);
    }
    let (name, share) = &stations[0];
    sheet.description = format!(
        "Share of each station's limit that was in use, averaged over the time counted. The \
         busiest was {name} with {}.",
        used(*share)
    );
    Some(sheet)
}

/// Every limit by its label, with the share of it that was in use.
fn stations(report: &Value) -> Vec<(String, f64)> {
    let mut stations = Vec::new();
    leaves(report, &mut |path, value| {
        let is_limit = at(path).is_some_and(|metric| metric.kind == Kind::Used);
        stations.extend(value.as_f64().filter(|_| is_limit).map(|share| (label(path), share)));
    });
    stations
}
