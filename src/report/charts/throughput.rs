//! What comes out against what goes in, and where it stops following.

use super::super::head::has_deadline;
use super::super::{Findings, Kind};
use super::Chart;
use super::axis::Axis;
use super::design::Design;
use super::frame::{Frame, Room};
use super::ink::Ink;
use super::provenance::provenance;
use super::read::metric;
use super::series::{Datum, MOST, Series, extent, label_room, lines};
use super::sheet::{Anchor, BODY, HEIGHT, Sheet, wide};
use super::words::{Measure, plain};

pub(super) struct Throughput;

const OFFERED: &str = "throughput.offered_per_s";
const DELIVERED: &str = "throughput.delivered_per_s";
const ON_TIME: &str = "throughput.on_time_per_s";
/// Of the share on time that the least load has, this much is kept up to the knee.
const KEPT: f64 = 0.95;

impl Chart for Throughput {
    fn name(&self) -> &'static str {
        "throughput"
    }

    fn draw(&self, findings: &Findings) -> Option<Sheet> {
        if findings.kind() != Some(Kind::Sweep) {
            return None;
        }
        let has_deadline = has_deadline(&findings.result);
        // Without a deadline on time is what is delivered.
        let good = if has_deadline { "on time" } else { "delivered" };
        let design = Design::of(&findings.result)?;
        let across = design.across();
        if design.axes[across].path != "scale" || design.axes[across].labels.len() < 2 {
            return None;
        }
        let found = design.lines(across);
        let line = |name: &str, of: &str, cells: &[&super::super::Value], path: &str| {
            let mut points: Vec<Datum> = cells
                .iter()
                .zip(&design.axes[across].labels)
                .filter_map(|(cell, label)| {
                    let (x, known) = (metric(cell, OFFERED).mean?, metric(cell, path));
                    let hover = format!(
                        "{of}{label}: {} offered, {name} {}",
                        Measure::PerSecond.write(x),
                        Measure::PerSecond.write_known(known)
                    );
                    Some(Datum {
                        x,
                        y: known.mean,
                        ends: Measure::PerSecond.interval(known),
                        hover,
                    })
                })
                .collect();
            points.sort_by(|one, other| one.x.total_cmp(&other.x));
            points
        };
        let mut series = Vec::new();
        if let [(name, cells)] = found.as_slice() {
            let of = if name.is_empty() { String::new() } else { format!("{name}, ") };
            if has_deadline {
                let on_time = line("on time", &of, cells, ON_TIME);
                series.push(Series::new("on time", on_time).inked(Ink::GREEN, Ink::GREEN_TEXT));
            }
            let delivered = line("delivered", &of, cells, DELIVERED);
            series.push(Series::new("delivered", delivered).inked(Ink::BLUE, Ink::BLUE_TEXT));
        } else {
            for (name, cells) in found.iter().take(MOST) {
                let points = line(good, &format!("{name}, "), cells, ON_TIME);
                series.push(Series::new(name.clone(), points));
            }
        }
        series.retain(Series::is_drawn);
        let offered: Vec<f64> =
            series.iter().flat_map(|series| &series.points).map(|point| point.x).collect();
        let most = offered.iter().copied().fold(0.0_f64, f64::max);
        if series.is_empty() || most <= 0.0 {
            return None;
        }
        let title = if found.len() == 1 || !has_deadline {
            "What arrives against what is offered"
        } else {
            "What arrives on time against what is offered"
        };
        let mut sheet = Sheet::new(HEIGHT, title, &provenance(&findings.result));
        let x = Axis::of(Measure::PerSecond, offered.iter().copied())
            .until(most)
            .captioned("messages offered per second");
        let y = Axis::of(Measure::PerSecond, extent(&series).chain([most])).captioned(
            if has_deadline {
                "messages delivered per second, and on time"
            } else {
                "messages delivered per second"
            },
        );
        let room = label_room(&series);
        let frame = Frame::draw(&mut sheet, x, y, Room::whole(HEIGHT, room));
        all_offered(&mut sheet, &frame, most);
        lines(&mut sheet, &frame, &series);
        let knees: Vec<(usize, f64)> = series
            .iter()
            .enumerate()
            .filter(|(_, series)| found.len() > 1 || series.name == good)
            .filter_map(|(index, series)| Some((index, knee(&series.points)?)))
            .collect();
        for &(index, at) in &knees {
            mark_knee(&mut sheet, &frame, &series[index], index, at, knees.len() == 1);
        }
        sheet.description = description(&series, &knees, most);
        Some(sheet)
    }
}

/// The line on which everything arrives.
fn all_offered(sheet: &mut Sheet, frame: &Frame, most: f64) {
    let (from, to) = (frame.at(0.0, 0.0), frame.at(most, most));
    sheet.dashes(from, to, Ink::AXIS, 2);
    let text = "all that is offered";
    // Above the line nothing is drawn; not on one of the grid.
    let at = frame.at(0.87 * most, 0.87 * most);
    let at = (at.0 - 36, at.1);
    if at.0 - wide(text, BODY) > frame.left {
        sheet.text(at, text, BODY, Anchor::End, Ink::FAINT);
    }
}

/// The load up to which what is on time keeps [`KEPT`] of its share at the least load; `None` if
/// it does so to the end.
fn knee(points: &[Datum]) -> Option<f64> {
    let share = |point: &Datum| point.y.filter(|_| point.x > 0.0).map(|y| y / point.x);
    let first = points.iter().find_map(share).filter(|&share| share > 0.0)?;
    let lost =
        points.iter().position(|point| share(point).is_some_and(|own| own < KEPT * first))?;
    points.get(lost.checked_sub(1)?).map(|point| point.x)
}

fn mark_knee(
    sheet: &mut Sheet,
    frame: &Frame,
    series: &Series,
    index: usize,
    at: f64,
    words: bool,
) {
    let Some(y) = series.points.iter().find(|point| point.x >= at).and_then(|point| point.y) else {
        return;
    };
    let (ink, _) = series.inks.unwrap_or(Ink::series(index));
    let (x, y) = frame.at(at, y);
    sheet.dashes((x, y), (x, frame.bottom), ink, 2);
    sheet.dot((x, y), 15, ink);
    sheet.dot((x, y), 9, Ink::PAPER);
    if words {
        let text = format!("falls behind beyond {}/s", plain(at));
        let wide = wide(&text, BODY);
        // To the right of its line, near the axis, where curves seldom are.
        let fits = x + 24 + wide < frame.right;
        let (start, anchor) = if fits { (x + 20, Anchor::Start) } else { (x - 20, Anchor::End) };
        sheet.text((start, frame.bottom - 30), &text, BODY, anchor, Ink::TEXT);
    }
}

fn description(series: &[Series], knees: &[(usize, f64)], most: f64) -> String {
    let knees: Vec<String> = knees
        .iter()
        .map(|&(index, at)| format!("{} beyond {}/s", series[index].name, plain(at)))
        .collect();
    let behind = if knees.is_empty() {
        "Nothing falls behind.".to_owned()
    } else {
        format!("Falls behind: {}.", knees.join(", "))
    };
    format!("Messages delivered per second against up to {}/s offered. {behind}", plain(most))
}
