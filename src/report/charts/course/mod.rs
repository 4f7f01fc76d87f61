//! The course of a run: success, the gap, queues and what is in flight, with incidents shaded.

mod panels;
mod samples;

use self::panels::{Panel, panels};
use self::samples::Samples;
use super::super::Findings;
use super::super::head::has_deadline;
use super::axis::Axis;
use super::frame::{Frame, Room, SECOND_LINE, left_of};
use super::incident::{self, Incident, Lanes, incidents};
use super::ink::Ink;
use super::provenance::provenance;
use super::series::{Series, label_room, lines};
use super::sheet::{Sheet, WIDTH};
use crate::report::number::{percent, span};
use crate::report::read::entries;

const TOP: i32 = 126;
/// Between two panels.
const BETWEEN: i32 = 20;

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let samples = Samples::of(findings.table("timeseries.csv")?, has_deadline(&findings.result))?;
    let panels = panels(&samples);
    let incidents = incidents(entries(&findings.result, "incidents"), samples.end);
    let left = left_of(panels.iter().map(|panel| &panel.y));
    let right = panels.iter().map(|panel| label_room(&panel.series)).max().unwrap_or(0);
    let each = samples.end / f64::from((WIDTH - left - right).max(1));
    let lanes = Lanes::of(&incidents, each);
    let top = TOP + lanes.height();
    // Ticks and caption of the last panel.
    let below = 92 + if samples.start.is_some() { SECOND_LINE } else { 0 };
    let heights: i32 = panels.iter().map(|panel| panel.height + BETWEEN).sum();
    let height = (top + heights + below + 16) / 2 * 2;
    let mut sheet = Sheet::new(height, "The course of the run", &provenance(&findings.result));
    let (mut at, mut frames) = (top, Vec::new());
    let last = panels.len().saturating_sub(1);
    for (index, panel) in panels.iter().enumerate() {
        let end = at + panel.height + if index == last { below } else { 0 };
        let room = Room { top: at, bottom: end, right, left: Some(left), labelled: index == last };
        let caption = match samples.start {
            _ if index != last => "",
            Some(_) => "time from the run's beginning, and the clock",
            None => "time from the run's beginning",
        };
        let x = Axis::course(samples.end).clocked(samples.start).captioned(caption);
        let frame = Frame::draw(&mut sheet, x, panel.y.clone(), room);
        incident::shade(&mut sheet, &frame, &incidents);
        fill(&mut sheet, &frame, panel);
        lines(&mut sheet, &frame, &panel.series);
        frames.push(frame);
        at += panel.height + BETWEEN;
    }
    if let (Some(first), Some(last)) = (frames.first(), frames.last()) {
        lanes.name(&mut sheet, first, TOP, &incidents);
        hover(&mut sheet, (first.top, last.bottom), first, &samples);
    }
    sheet.description = description(&samples, &incidents);
    Some(sheet)
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
            " The gap was widest at {}: {} of the messages accepted then {}.",
            span(at),
            percent(gap),
            if samples.has_deadline { "did not arrive on time" } else { "were not delivered" }
        ));
    }
    for incident in incidents.iter().filter(|one| !one.name.is_empty()).take(5) {
        text.push_str(&format!(
            " Incident {} from {} to {}.",
            incident.name,
            span(incident.from),
            span(incident.to)
        ));
    }
    text
}

/// True if any of these lines has a point.
fn any(series: &[Series]) -> bool {
    series.iter().any(Series::is_drawn)
}
