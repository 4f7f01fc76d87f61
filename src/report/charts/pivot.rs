//! The probability of an incident as it unfolded, and the time from which on it was unavoidable.

use super::super::{Findings, Value};
use super::axis::Axis;
use super::frame::{Frame, Room};
use super::incident::{self, Incident, Lanes, incidents};
use super::ink::Ink;
use super::provenance::provenance;
use super::series::{Datum, Series, lines};
use super::sheet::{Anchor, BODY, HEIGHT, LINE, Sheet, WIDTH, wide};
use crate::kernel::SECOND;
use crate::report::Unit;
use crate::report::number::moment;
use crate::report::number::{percent, short};
use crate::report::read::{entries, list, number, text_at};

/// Below the title: what is asked, then the incidents' names.
const TOP: i32 = 138;
/// Between the mark's line and its words.
const BESIDE: i32 = 16;

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let result = &findings.result;
    let pivot = result.get("pivot")?;
    let redraws = number(pivot, "redraws")?;
    let points: Vec<Datum> = list(pivot, "points").iter().filter_map(point).collect();
    // A result that someone has changed may hold them in any order.
    if !points.is_sorted_by(|earlier, later| earlier.x <= later.x) {
        return None;
    }
    let end = points.last()?.x;
    let unavoidable = number(pivot, "unavoidable_s");
    let shaded = incidents(entries(pivot, "incidents"), end);
    let title = match unavoidable {
        Some(at) if at > 0.0 => format!("The incident was unavoidable from {} on", time(at)),
        Some(_) => "The incident happens whatever chance does".to_owned(),
        None => "The incident could have been avoided until the end".to_owned(),
    };
    let mut sheet = Sheet::new(HEIGHT, title, &provenance(result));
    let x = Axis::course(end).clocked(number(pivot, "start_s")).captioned(format!(
        "chance up to here as it was, from here on drawn anew ({} times)",
        short(redraws)
    ));
    let when = text_at(result, "when").unwrap_or("the incident happens");
    let y = Axis::of(Unit::Share, [0.0, 1.0].into_iter())
        .captioned(format!("how often it happens nevertheless: {when}"));
    // A first or last label may stand out.
    let room = Room::whole(HEIGHT, 60);
    let lanes = Lanes::of(&shaded, end / f64::from((WIDTH - room.right).max(1)));
    let room = Room { top: TOP + lanes.height(), ..room };
    let frame = Frame::draw(&mut sheet, x, y, room);
    incident::shade(&mut sheet, &frame, &shaded);
    lanes.name(&mut sheet, &frame, TOP - 12, &shaded);
    if let Some(at) = unavoidable.filter(|&at| at > 0.0) {
        mark(&mut sheet, &frame, at, &points);
    }
    let description = description(&points, unavoidable, redraws, &shaded);
    let line = Series::new("", points).inked(Ink::BLUE, Ink::BLUE_TEXT);
    lines(&mut sheet, &frame, &[line]);
    sheet.description = description;
    Some(sheet)
}

fn point(point: &Value) -> Option<Datum> {
    let (x, y) = (number(point, "at_s")?, number(point, "share")?);
    let ends = match list(point, "interval") {
        [low, high] => low.as_f64().zip(high.as_f64()),
        _ => None,
    };
    let interval = ends.map(|(low, high)| format!(" (95 %: {} … {})", percent(low), percent(high)));
    let hover = format!("{}: {}{}", time(x), percent(y), interval.unwrap_or_default());
    Some(Datum { x, y: Some(y), ends, hover })
}

/// A time of the run.
fn time(seconds: f64) -> String {
    moment((seconds * SECOND as f64).round() as u64)
}

/// The moment from which on nothing but the incident was left; its words where the curve isn't.
fn mark(sheet: &mut Sheet, frame: &Frame, at: f64, points: &[Datum]) {
    let x = frame.across(at);
    sheet.path(vec![(x, frame.top), (x, frame.bottom)], Ink::VERMILION, 3);
    let when = format!("from {} on", time(at));
    let (one, two) = (vec![format!("unavoidable {when}")], vec!["unavoidable".to_owned(), when]);
    // In one line or, narrower, in two; before the mark or behind it; high up or further down.
    let places = [one, two].into_iter().flat_map(|lines| {
        let width = lines.iter().map(|line| wide(line, BODY)).max().unwrap_or(0);
        let height = lines.len() as i32 * LINE;
        let sides = [
            (x - BESIDE - width, x - BESIDE, Anchor::End),
            (x + BESIDE, x + BESIDE + width, Anchor::Start),
        ];
        let rows = (frame.top + LINE / 2..frame.bottom - height).step_by(LINE as usize / 2);
        rows.flat_map(move |top| sides.map(|(from, to, anchor)| (from, to, top, anchor)))
            .map(move |(from, to, top, anchor)| Words {
                across: (from, to),
                down: (top, top + height),
                anchor,
                lines: lines.clone(),
            })
            .filter(|words| words.across.0 >= frame.left + BESIDE)
            .filter(|words| words.across.1 <= WIDTH - BESIDE)
            .collect::<Vec<Words>>()
    });
    // Far enough away, or as far as may be; of equals the first.
    let places: Vec<Words> = places.collect();
    let best = places.iter().rev().max_by_key(|words| words.clearance(frame, points).min(LINE / 2));
    let Some(words) = best else { return };
    let (from, to) = words.across;
    let place = if matches!(words.anchor, Anchor::End) { to } else { from };
    for (line, y) in words.lines.iter().zip((words.down.0 + LINE / 2..).step_by(LINE as usize)) {
        sheet.text((place, y), line, BODY, words.anchor, Ink::VERMILION_TEXT);
    }
}

/// Words beside the mark, and the box they take.
struct Words {
    across: (i32, i32),
    down: (i32, i32),
    anchor: Anchor,
    lines: Vec<String>,
}

impl Words {
    /// The distance that the curve and its band keep; negative where they touch.
    fn clearance(&self, frame: &Frame, points: &[Datum]) -> i32 {
        let ((from, to), (above, below)) = (self.across, self.down);
        let spans = points.windows(2).filter_map(|pair| {
            let [left, right] = [frame.across(pair[0].x), frame.across(pair[1].x)];
            if right < from || left > to {
                return None;
            }
            let ends = |point: &Datum| {
                let y = point.y.unwrap_or(0.0);
                let (low, high) = point.ends.unwrap_or((y, y));
                (frame.up(high), frame.up(low))
            };
            // Over the part beside the words, as straight as it is drawn.
            let part =
                |x: i32| f64::from(x.clamp(left, right) - left) / f64::from((right - left).max(1));
            let along = |one: i32, two: i32, x: i32| one + (f64::from(two - one) * part(x)) as i32;
            let ((high, low), (next_high, next_low)) = (ends(&pair[0]), ends(&pair[1]));
            let top = along(high, next_high, from).min(along(high, next_high, to));
            let bottom = along(low, next_low, from).max(along(low, next_low, to));
            Some((above - bottom).max(top - below))
        });
        spans.min().unwrap_or(LINE)
    }
}

fn description(
    points: &[Datum],
    unavoidable: Option<f64>,
    redraws: f64,
    incidents: &[Incident<'_>],
) -> String {
    let first = points.first().and_then(|point| point.y).map(percent).unwrap_or_default();
    let turn = match unavoidable {
        Some(at) => format!("From {} on it happened in every one.", time(at)),
        None => "At no time did it happen in every one.".to_owned(),
    };
    let named = incidents.iter().filter(|one| !one.name.is_empty()).take(5).map(|incident| {
        format!(
            " Incident {} from {} to {}.",
            incident.name,
            time(incident.from),
            time(incident.to)
        )
    });
    format!(
        "The share of {} redraws in which the incident happens, by the time from which on chance is \
         drawn anew: {first} at the beginning. {turn}{}",
        short(redraws),
        named.collect::<String>()
    )
}
