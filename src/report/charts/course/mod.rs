//! The course of a run: success, the gap, queues and what is in flight, with incidents shaded.

mod panels;
mod samples;

use self::panels::{Panel, panels};
use self::samples::Samples;
use super::super::{Findings, Kind, Value};
use super::Chart;
use super::axis::Axis;
use super::frame::{Frame, Room, left_of};
use super::ink::Ink;
use super::provenance::provenance;
use super::read::{entries, number_at};
use super::series::{Series, label_room, lines};
use super::sheet::{Anchor, BODY, Sheet, WIDTH, wide};
use super::words::{percent, span};

pub(super) struct Course;

/// Room for the names of incidents: so many, one above the other.
const LANES: usize = 3;
const LANE: i32 = 34;
/// An incident's name has at most so much room.
const NAME: i32 = 520;
const TOP: i32 = 126;
/// Between two panels.
const BETWEEN: i32 = 20;

impl Chart for Course {
    fn name(&self) -> &'static str {
        "course"
    }

    fn draw(&self, findings: &Findings) -> Option<Sheet> {
        if findings.kind() != Some(Kind::Run) {
            return None;
        }
        let samples = Samples::of(findings.table("timeseries.csv")?)?;
        let panels = panels(&samples);
        let incidents = incidents(&findings.result, samples.end);
        let left = left_of(panels.iter().map(|panel| &panel.y));
        let right = panels.iter().map(|panel| label_room(&panel.series)).max().unwrap_or(0);
        let lanes = lanes(&incidents, samples.end / f64::from((WIDTH - left - right).max(1)));
        let used = lanes.iter().flatten().map(|&lane| lane + 1).max().unwrap_or(0);
        let top = TOP + LANE * i32::try_from(used).unwrap_or(0);
        let heights: i32 = panels.iter().map(|panel| panel.height + BETWEEN).sum();
        let height = (top + heights + 92 + 16) / 2 * 2;
        let mut sheet = Sheet::new(height, "The course of the run", &provenance(&findings.result));
        let (mut at, mut frames) = (top, Vec::new());
        let last = panels.len().saturating_sub(1);
        for (index, panel) in panels.iter().enumerate() {
            let end = at + panel.height + if index == last { 92 } else { 0 };
            let room =
                Room { top: at, bottom: end, right, left: Some(left), labelled: index == last };
            let caption = if index == last { "time from the run's beginning" } else { "" };
            let x = Axis::course(samples.end).captioned(caption);
            let frame = Frame::draw(&mut sheet, x, panel.y.clone(), room);
            shade(&mut sheet, &frame, &incidents);
            fill(&mut sheet, &frame, panel);
            lines(&mut sheet, &frame, &panel.series);
            frames.push(frame);
            at += panel.height + BETWEEN;
        }
        if let (Some(first), Some(last)) = (frames.first(), frames.last()) {
            name_incidents(&mut sheet, first, &incidents, &lanes);
            hover(&mut sheet, (first.top, last.bottom), first, &samples);
        }
        sheet.description = description(&samples, &incidents);
        Some(sheet)
    }
}

/// An incident's name, beginning and end in seconds.
struct Incident<'run> {
    name: &'run str,
    from: f64,
    to: f64,
}

/// Those within the run, in the order of their beginnings.
fn incidents(report: &Value, end: f64) -> Vec<Incident<'_>> {
    let mut found: Vec<Incident<'_>> = entries(report, &["incidents"])
        .iter()
        .filter_map(|(name, incident)| {
            let (from, to) = (number_at(incident, &["from_s"])?, number_at(incident, &["to_s"])?);
            (from < end).then_some(Incident { name, from, to: to.min(end) })
        })
        .collect();
    found.sort_by(|one, other| one.from.total_cmp(&other.from));
    found
}

/// The lane that each incident's name is in; none where all are taken. `each`: the seconds that a
/// unit of the sheet stands for.
fn lanes(incidents: &[Incident<'_>], each: f64) -> Vec<Option<usize>> {
    let mut ends = vec![f64::NEG_INFINITY; incidents.len().min(LANES)];
    incidents
        .iter()
        .map(|incident| {
            // A name is as wide as its incident, or wider and in its middle.
            let name = f64::from(wide(incident.name, BODY).min(NAME) + 30) * each;
            let over = ((name - (incident.to - incident.from)) / 2.0).max(0.0);
            let from = (incident.from - over).max(0.0);
            let lane = ends.iter().position(|&end| end <= from)?;
            ends[lane] = (from + name).max(incident.to);
            Some(lane)
        })
        .collect()
}

fn shade(sheet: &mut Sheet, frame: &Frame, incidents: &[Incident<'_>]) {
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

fn name_incidents(
    sheet: &mut Sheet,
    frame: &Frame,
    incidents: &[Incident<'_>],
    lanes: &[Option<usize>],
) {
    // The right end of what is written in each lane.
    let mut free = [frame.left; LANES];
    for (incident, lane) in incidents.iter().zip(lanes) {
        let Some(lane) = *lane else {
            continue;
        };
        let width = wide(incident.name, BODY).min(NAME);
        let middle = (frame.across(incident.from) + frame.across(incident.to)) / 2;
        let start = (middle - width / 2).min(frame.right - width).max(free[lane]);
        let y = TOP + LANE * i32::try_from(lane).unwrap_or(0) + LANE / 2;
        if start + width > frame.right {
            continue;
        }
        free[lane] = start + width + 30;
        let at = (start, y);
        sheet.fitted(at, incident.name, NAME, BODY, Anchor::Start, Ink::VERMILION_TEXT);
    }
}

/// The area under a panel's first line, if it is to be filled.
fn fill(sheet: &mut Sheet, frame: &Frame, panel: &Panel) {
    let Some(first) = panel.series.first().filter(|_| panel.filled) else {
        return;
    };
    let ink = first.inks.map_or(Ink::BLUE, |(line, _)| line);
    for part in first.points.split(|point| point.y.is_none()).filter(|part| part.len() > 1) {
        let above = part.iter().map(|point| frame.at(point.x, point.y.unwrap_or(0.0)));
        let below = [part.last(), part.first()].into_iter().flatten();
        let below = below.map(|point| (frame.across(point.x), frame.bottom));
        sheet.area(above.chain(below).collect(), ink, 0.15);
    }
}

/// One strip a sample over all panels, with all its values.
fn hover(sheet: &mut Sheet, (top, bottom): (i32, i32), frame: &Frame, samples: &Samples) {
    for (index, hover) in samples.hovers().into_iter().enumerate() {
        let from = frame.across(samples.starts[index]);
        let to = samples.starts.get(index + 1).map_or(frame.right, |&next| frame.across(next));
        sheet.mark_box((from, top), (to, bottom), hover);
    }
}

fn description(samples: &Samples, incidents: &[Incident<'_>]) -> String {
    let mut text = format!("The run over {}.", span(samples.end));
    if let Some((at, gap)) = samples.worst() {
        text.push_str(&format!(
            " The gap was widest at {}: {} of the messages accepted then did not arrive on time.",
            span(at),
            percent(gap)
        ));
    }
    for incident in incidents.iter().take(5) {
        text.push_str(&format!(
            " Incident {} from {} to {}.",
            incident.name,
            span(incident.from),
            span(incident.to)
        ));
    }
    text
}

/// Whether any of these lines has a point.
fn any(series: &[Series]) -> bool {
    series.iter().any(Series::is_drawn)
}
