//! Output against input, and the place where it stops following.

use super::super::head::has_deadline;
use super::super::{Findings, Value};
use super::axis::Axis;
use super::design::Design;
use super::frame::{Frame, Room};
use super::ink::Ink;
use super::provenance::provenance;
use super::series::{Datum, MOST, Series, extent, label_room, lines};
use super::sheet::{Anchor, BODY, HEIGHT, Sheet, wide};
use crate::report::metric::truly;
use crate::report::number::{self, short};
use crate::report::read::metric;
use crate::report::{Unit, label};

const OFFERED: &str = "throughput.offered_per_s";
const DELIVERED: &str = "throughput.delivered_per_s";
const ON_TIME: &str = "throughput.on_time_per_s";
/// Of the share on time that the least load has, this much is kept up to the knee.
const KEPT: f64 = 0.95;

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let has_deadline = has_deadline(&findings.result);
    let [delivered_label, good] = [DELIVERED, truly(ON_TIME, has_deadline)].map(label);
    let design = Design::of(&findings.result)?;
    let across = design.across();
    if design.axes[across].path != "scale" || design.axes[across].labels.len() < 2 {
        return None;
    }
    let found = design.lines(across);
    let line = |name: &str, of: &str, cells: &[&Value], path: &str| {
        let mut points: Vec<Datum> = cells
            .iter()
            .zip(&design.axes[across].labels)
            .filter_map(|(cell, label)| {
                let (x, known) = (metric(cell, OFFERED).value?, metric(cell, path));
                let hover = format!(
                    "{of}{label}: {} offered, {name} {}",
                    number::write(Unit::PerSecond, x),
                    number::known(Unit::PerSecond, known)
                );
                Some(Datum { x, y: known.value, ends: number::ends(Unit::PerSecond, known), hover })
            })
            .collect();
        points.sort_by(|one, other| one.x.total_cmp(&other.x));
        points
    };
    let mut series = Vec::new();
    if let [(name, cells)] = found.as_slice() {
        let of = if name.is_empty() { String::new() } else { format!("{name}, ") };
        if has_deadline {
            let on_time = line(&good, &of, cells, ON_TIME);
            series.push(Series::new(good.clone(), on_time).inked(Ink::GREEN, Ink::GREEN_TEXT));
        }
        let delivered = line(&delivered_label, &of, cells, DELIVERED);
        series
            .push(Series::new(delivered_label.clone(), delivered).inked(Ink::BLUE, Ink::BLUE_TEXT));
    } else {
        for (name, cells) in found.iter().take(MOST) {
            let points = line(&good, &format!("{name}, "), cells, ON_TIME);
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
    let x = Axis::of(Unit::PerSecond, offered.iter().copied())
        .until(most)
        .captioned("messages offered per second");
    let y = Axis::of(Unit::PerSecond, extent(&series).chain([most])).captioned(if has_deadline {
        "messages delivered per second, and on time"
    } else {
        "messages delivered per second"
    });
    let room = label_room(&series);
    let frame = Frame::draw(&mut sheet, x, y, Room::whole(HEIGHT, room));
    all_offered(&mut sheet, &frame, most);
    lines(&mut sheet, &frame, &series);
    let knees: Vec<(usize, Knee)> = series
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

/// Two points next to each other between which a curve falls behind.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Knee {
    /// The last offered load of which it keeps its share.
    from: f64,
    /// The first of which it doesn't.
    to: f64,
}

/// The place where what comes out no longer keeps [`KEPT`] of its share at the least load, as far as the
/// intervals show it: that of the share afterwards lies below that of the share before. `None` if
/// it keeps up, or the intervals don't show it; without intervals nothing is shown.
fn knee(points: &[Datum]) -> Option<Knee> {
    let share = |point: &Datum| point.y.filter(|_| point.x > 0.0).map(|y| y / point.x);
    let first = points.iter().find_map(share).filter(|&share| share > 0.0)?;
    let lost =
        points.iter().position(|point| share(point).is_some_and(|own| own < KEPT * first))?;
    let (before, after) = (points.get(lost.checked_sub(1)?)?, points.get(lost)?);
    let (least, _) = before.ends?;
    let (_, most) = after.ends?;
    let shown = most / after.x < KEPT * least / before.x;
    shown.then_some(Knee { from: before.x, to: after.x })
}

fn mark_knee(
    sheet: &mut Sheet,
    frame: &Frame,
    series: &Series,
    index: usize,
    knee: Knee,
    words: bool,
) {
    let (ink, _) = series.inks.unwrap_or(Ink::series(index));
    let mut x = frame.left;
    for at in [knee.from, knee.to] {
        let Some(y) = series.points.iter().find(|point| point.x >= at).and_then(|point| point.y)
        else {
            return;
        };
        let place = frame.at(at, y);
        x = place.0;
        sheet.dashes(place, (x, frame.bottom), ink, 2);
        sheet.dot(place, 15, ink);
        sheet.dot(place, 9, Ink::PAPER);
    }
    if words {
        let text = format!("falls behind {}", said(knee));
        let wide = wide(&text, BODY);
        // To the right of its line, near the axis, where curves seldom are.
        let fits = x + 24 + wide < frame.right;
        let (start, anchor) = if fits { (x + 20, Anchor::Start) } else { (x - 20, Anchor::End) };
        sheet.text((start, frame.bottom - 30), &text, BODY, anchor, Ink::TEXT);
    }
}

/// `between 5.02 and 10/s`.
fn said(knee: Knee) -> String {
    format!("between {} and {}/s", short(knee.from), short(knee.to))
}

fn description(series: &[Series], knees: &[(usize, Knee)], most: f64) -> String {
    let knees: Vec<String> = knees
        .iter()
        .map(|&(index, knee)| format!("{} {}", series[index].name, said(knee)))
        .collect();
    let known = series.iter().flat_map(|series| &series.points).any(|point| point.ends.is_some());
    let behind = if knees.is_empty() && !known {
        "One replication each doesn’t show where it falls behind.".to_owned()
    } else if knees.is_empty() {
        "Nothing is seen to fall behind.".to_owned()
    } else {
        format!("Falls behind: {}.", knees.join(", "))
    };
    format!("Messages delivered per second against up to {}/s offered. {behind}", short(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Offered, on time and its half-width.
    fn knee_of(points: &[(f64, f64, Option<f64>)]) -> Option<Knee> {
        let datum = |&(x, y, half): &(f64, f64, Option<f64>)| Datum {
            x,
            y: Some(y),
            ends: half.map(|half: f64| (y - half, y + half)),
            hover: String::new(),
        };
        knee(&points.iter().map(datum).collect::<Vec<_>>())
    }

    #[test]
    fn a_knee_lies_between_two_points_whose_intervals_tell_them_apart() {
        let sure = [(2.5, 2.4, Some(0.05)), (5.02, 4.8, Some(0.1)), (10.0, 6.0, Some(0.2))];
        let found = knee_of(&sure);
        assert_eq!(found, Some(Knee { from: 5.02, to: 10.0 }));
        assert_eq!(said(found.unwrap()), "between 5.02 and 10/s");
        // Wide intervals don't tell, and one replication has none.
        let blurred = [(5.0, 4.8, Some(0.9)), (10.0, 8.0, Some(2.0))];
        assert_eq!(knee_of(&blurred), None);
        assert_eq!(knee_of(&[(5.0, 4.8, None), (10.0, 3.0, None)]), None);
        // A share that is lost at every load is no knee.
        assert_eq!(knee_of(&[(5.0, 2.5, Some(0.01)), (10.0, 5.0, Some(0.01))]), None);
        assert_eq!(knee_of(&[(5.0, 1.0, Some(0.01))]), None);
    }
}
