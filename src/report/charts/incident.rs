//! Incidents over time: shaded spans with their names above.

use super::super::Value;
use super::frame::Frame;
use super::ink::Ink;
use super::sheet::{Anchor, BODY, Sheet, wide};
use crate::report::read::number;

/// Room for their names: so many lanes, one above the other.
const LANES: usize = 3;
const LANE: i32 = 34;
/// A name has at most so much room.
const NAME: i32 = 520;

/// Of one that repeats so many times are shaded.
const SHADED: usize = 400;

/// An incident's name, beginning and end in seconds.
pub(super) struct Incident<'run> {
    /// Empty where one that repeats comes again.
    pub(super) name: &'run str,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// Those that begin before `end`, in the order of their beginnings. `entries`: name →
/// `{from_s, to_s, every_s}`.
pub(super) fn incidents<'run>(
    entries: impl Iterator<Item = (&'run String, &'run Value)>,
    end: f64,
) -> Vec<Incident<'run>> {
    let mut found: Vec<Incident<'_>> = entries
        .filter_map(|(name, incident)| {
            let (from, to) = (number(incident, "from_s")?, number(incident, "to_s")?);
            let every = number(incident, "every_s").filter(|every| *every > 0.0);
            let again = move |time: usize| {
                let later = if time > 0 { every? * time as f64 } else { 0.0 };
                let name = if time > 0 { "" } else { name };
                let (from, to) = (from + later, to + later);
                (from < end).then_some(Incident { name, from, to: to.min(end) })
            };
            Some((0..SHADED).map_while(again))
        })
        .flatten()
        .collect();
    found.sort_by(|one, other| one.from.total_cmp(&other.from));
    found
}

/// Shades their spans.
pub(super) fn shade(sheet: &mut Sheet, frame: &Frame, incidents: &[Incident<'_>]) {
    for incident in incidents {
        let (from, to) = (frame.across(incident.from), frame.across(incident.to));
        let to = to.max(from + 3);
        sheet.block((from, frame.top), (to, frame.bottom), Ink::VERMILION, 0.1);
        // One that begins where another ends is another.
        for edge in [from, to] {
            sheet.block((edge - 1, frame.top), (edge + 1, frame.bottom), Ink::VERMILION, 0.25);
        }
    }
}

/// The lane that each one's name is in; none where all are taken.
pub(super) struct Lanes(Vec<Option<usize>>);

impl Lanes {
    /// Those of `incidents`. `each`: the seconds that a unit of the sheet stands for.
    pub(super) fn of(incidents: &[Incident<'_>], each: f64) -> Lanes {
        let mut ends = vec![f64::NEG_INFINITY; incidents.len().min(LANES)];
        let lane = |incident: &Incident<'_>| {
            // A name is as wide as its incident, or wider and in its middle.
            let name = f64::from(wide(incident.name, BODY).min(NAME) + 30) * each;
            if incident.name.is_empty() {
                return None;
            }
            let over = ((name - (incident.to - incident.from)) / 2.0).max(0.0);
            let from = (incident.from - over).max(0.0);
            let lane = ends.iter().position(|&end| end <= from)?;
            ends[lane] = (from + name).max(incident.to);
            Some(lane)
        };
        Lanes(incidents.iter().map(lane).collect())
    }

    /// The height that the names take.
    pub(super) fn height(&self) -> i32 {
        let used = self.0.iter().flatten().map(|&lane| lane + 1).max().unwrap_or(0);
        LANE * i32::try_from(used).unwrap_or(0)
    }

    /// Writes the names, from `top` downwards.
    pub(super) fn name(
        &self,
        sheet: &mut Sheet,
        frame: &Frame,
        top: i32,
        incidents: &[Incident<'_>],
    ) {
        // The right end of what is written in each lane.
        let mut free = [frame.left; LANES];
        for (incident, lane) in incidents.iter().zip(&self.0) {
            let Some(lane) = *lane else {
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
}
