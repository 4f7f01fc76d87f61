//! Incidents over time: shaded spans with their names above.

use super::super::Value;
use super::frame::Frame;
use super::ink::Ink;
use super::read::number_at;
use super::sheet::{Anchor, BODY, Sheet, wide};

/// Room for their names: so many lanes, one above the other.
const LANES: usize = 3;
const LANE: i32 = 34;
/// A name has at most so much room.
const NAME: i32 = 520;

/// An incident's name, beginning and end in seconds.
pub(super) struct Incident<'run> {
    pub(super) name: &'run str,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// Those that begin before `end`, in the order of their beginnings. `entries`: name →
/// `{from_s, to_s}`.
pub(super) fn incidents(entries: &[(String, Value)], end: f64) -> Vec<Incident<'_>> {
    let mut found: Vec<Incident<'_>> = entries
        .iter()
        .filter_map(|(name, incident)| {
            let (from, to) = (number_at(incident, &["from_s"])?, number_at(incident, &["to_s"])?);
            (from < end).then_some(Incident { name, from, to: to.min(end) })
        })
        .collect();
    found.sort_by(|one, other| one.from.total_cmp(&other.from));
    found
}

/// The height that their names take.
pub(super) fn height(incidents: &[Incident<'_>]) -> i32 {
    let used = lanes(incidents).into_iter().flatten().map(|lane| lane + 1).max().unwrap_or(0);
    LANE * i32::try_from(used).unwrap_or(0)
}

/// Shades their spans.
pub(super) fn shade(sheet: &mut Sheet, frame: &Frame, incidents: &[Incident<'_>]) {
    for incident in incidents {
        let (from, to) = (frame.across(incident.from), frame.across(incident.to));
        let (from, to) = ((from, frame.top), (to.max(from + 3), frame.bottom));
        sheet.block(from, to, Ink::VERMILION, 0.1);
    }
}

/// Writes their names, from `top` downwards.
pub(super) fn name(sheet: &mut Sheet, frame: &Frame, top: i32, incidents: &[Incident<'_>]) {
    // The right end of what is written in each lane.
    let mut free = [frame.left; LANES];
    for (incident, lane) in incidents.iter().zip(lanes(incidents)) {
        let Some(lane) = lane else {
            continue;
        };
        let width = wide(incident.name, BODY).min(NAME);
        let middle = (frame.across(incident.from) + frame.across(incident.to)) / 2;
        let start = (middle - width / 2).min(frame.right - width).max(free[lane]);
        let y = top + LANE * i32::try_from(lane).unwrap_or(0) + LANE / 2;
        if start + width > frame.right {
            continue;
        }
        free[lane] = start + width + 30;
        let at = (start, y);
        sheet.fitted(at, incident.name, NAME, BODY, Anchor::Start, Ink::VERMILION_TEXT);
    }
}

/// The lane that each one's name is in; none where all are taken.
fn lanes(incidents: &[Incident<'_>]) -> Vec<Option<usize>> {
    let mut ends = vec![f64::NEG_INFINITY; incidents.len().min(LANES)];
    incidents
        .iter()
        .map(|incident| {
            let lane = ends.iter().position(|&end| end <= incident.from)?;
            ends[lane] = incident.to;
            Some(lane)
        })
        .collect()
}
