//! A fit: what it predicts of the part that was kept out beside what was seen, and each latency's
//! quantiles as fitted and as they were.

use super::super::{Findings, Kind, Value};
use super::axis::Axis;
use super::frame::{Frame, Room, left_of};
use super::ink::Ink;
use super::key::key;
use super::provenance::provenance;
use super::sheet::{HEIGHT, MARGIN, Sheet};
use crate::report::Unit;
use crate::report::number::{fine_span, percent};
use crate::report::read::{list, number, text, text_at};

/// Latencies that have a panel.
const PANELS: usize = 4;
const TOP: i32 = 190;

/// The meaning of colours where a prediction is drawn over what was seen.
const KEY: [(Ink, f64, &str); 3] = [
    (Ink::BLUE, 0.25, "predicted, 95 % of such logs"),
    (Ink::BLUE, 1.0, "predicted"),
    (Ink::VERMILION, 1.0, "seen"),
];

/// The share delivered by a time.
pub(super) fn delivery(findings: &Findings) -> Option<Sheet> {
    let result = of(findings)?;
    let points: Vec<[f64; 5]> = list(result, "course").iter().filter_map(point).collect();
    let (first, last) = (points.first()?, points.last()?);
    let title = "Delivered within a time, of the requests that were kept out";
    let mut sheet = Sheet::new(HEIGHT, title, &provenance(result));
    key(&mut sheet, (MARGIN, 152), &KEY);
    let x = Axis::log_spans([first[0], last[0]].into_iter()).captioned("from request to handset");
    let shares = points.iter().flat_map(|own| [own[2], own[3], own[4]]);
    let y = Axis::few(Unit::Share, shares, false).captioned("share of requests");
    let room = Room { top: TOP, ..Room::whole(HEIGHT, 60) };
    let frame = Frame::draw(&mut sheet, x, y, room);
    let low = points.iter().map(|own| frame.at(own[0], own[2]));
    let high = points.iter().rev().map(|own| frame.at(own[0], own[3]));
    sheet.area(high.chain(low).collect(), Ink::BLUE, 0.25);
    sheet.path(points.iter().map(|own| frame.at(own[0], own[1])).collect(), Ink::BLUE, 5);
    sheet.path(points.iter().map(|own| frame.at(own[0], own[4])).collect(), Ink::VERMILION, 5);
    for own in points.iter().step_by(6) {
        let [at, predicted, low, high, seen] = *own;
        let hover = format!(
            "within {}: {} seen, {} predicted ({} to {})",
            fine_span(at),
            percent(seen),
            percent(predicted),
            percent(low),
            percent(high)
        );
        sheet.mark(frame.at(at, seen), hover);
    }
    let apart = points.iter().map(|own| (own[1] - own[4]).abs()).fold(0.0, f64::max);
    sheet.description = format!(
        "The share of requests delivered by a time, as the fitted scenario predicts it and as it was \
         seen: at most {} apart.",
        percent(apart)
    );
    Some(sheet)
}

fn point(value: &Value) -> Option<[f64; 5]> {
    let at = |key: &str| number(value, key);
    Some([at("at_s")?, at("predicted")?, at("low")?, at("high")?, at("seen")?])
}

/// Volume over time.
pub(super) fn volume(findings: &Findings) -> Option<Sheet> {
    let result = of(findings)?;
    let hours: Vec<(&str, [f64; 4])> = list(result, "held_out")
        .iter()
        .filter_map(|own| {
            let at = |key: &str| number(own, key);
            let name = text(own, "path").strip_prefix("volume.")?;
            Some((name, [at("predicted")?, at("low")?, at("high")?, at("seen")?]))
        })
        .collect();
    if hours.len() < 2 {
        return None;
    }
    let title = "Volume over time of the part that was kept out";
    let mut sheet = Sheet::new(HEIGHT, title, &provenance(result));
    key(&mut sheet, (MARGIN, 152), &KEY);
    let x = from(&hours.iter().map(|(name, _)| *name).collect::<Vec<&str>>());
    let ends = hours.iter().flat_map(|(_, [_, _, high, seen])| [*high, *seen, 0.0]);
    let y = Axis::few(Unit::Number, ends, true).captioned("requests");
    let frame = Frame::draw(&mut sheet, x, y, Room { top: TOP, ..Room::whole(HEIGHT, 60) });
    let at = |place: usize, value: f64| frame.at(place as f64, value.max(0.0));
    let each = || hours.iter().enumerate();
    let low = each().map(|(place, (_, [_, low, ..]))| at(place, *low));
    let high = each().map(|(place, (_, [_, _, high, _]))| at(place, *high)).rev();
    sheet.area(low.chain(high).collect(), Ink::BLUE, 0.25);
    sheet.path(each().map(|(place, (_, [mean, ..]))| at(place, *mean)).collect(), Ink::BLUE, 5);
    let mut outside = 0;
    for (place, (name, [mean, low, high, seen])) in each() {
        let point = at(place, *seen);
        sheet.dot(point, 9, Ink::VERMILION);
        outside += usize::from(seen < low || seen > high);
        sheet.mark(
            point,
            format!("{name}: {seen:.0} seen, {mean:.0} predicted ({low:.0} to {high:.0})"),
        );
    }
    sheet.description = format!(
        "Requests over time, as predicted and as seen: {outside} of {} lie outside the interval.",
        hours.len()
    );
    Some(sheet)
}

/// The axis of pieces of time, by the clocks at their beginnings.
fn from(clocks: &[&str]) -> Axis {
    // The day is told once, if it is one.
    let day = |clock: &str| clock.split_once('T').map(|(day, _)| day.to_owned());
    let first = clocks.first().and_then(|clock| day(clock));
    let day = first.filter(|first| clocks.iter().all(|clock| day(clock).as_ref() == Some(first)));
    let label = |clock: &&str| match (&day, clock.split_once('T')) {
        (Some(_), Some((_, clock))) => clock.to_owned(),
        _ => (*clock).to_owned(),
    };
    let labels: Vec<String> = clocks.iter().map(label).collect();
    let places: Vec<f64> = (0..clocks.len()).map(|place| place as f64).collect();
    let caption = day.as_ref().map_or("from".to_owned(), |day| format!("from, {day}"));
    Axis::points(&places, &labels).captioned(caption)
}

/// The meaning of colours where each piece of time has an interval of its own.
const KEY_OF_PIECES: [(Ink, f64, &str); 3] = [
    (Ink::BLUE, 0.25, "95 % of such logs, piece by piece"),
    (Ink::BLUE, 1.0, "predicted"),
    (Ink::VERMILION, 1.0, "seen"),
];

/// The share delivered and the median over time.
pub(super) fn over_time(findings: &Findings) -> Option<Sheet> {
    let result = of(findings)?;
    let pieces = list(result, "over_time");
    let clocks: Vec<&str> = pieces.iter().map(|own| text(own, "at")).collect();
    let of_figure = |figure: &str| -> Vec<(usize, [f64; 4])> {
        let value = |own: &Value, key: &str| number(own, &format!("{figure}.{key}"));
        let all = pieces.iter().enumerate().filter_map(|(place, own)| {
            let [predicted, low] = [value(own, "predicted")?, value(own, "low")?];
            Some((place, [predicted, low, value(own, "high")?, value(own, "seen")?]))
        });
        all.collect()
    };
    let panels = [
        (Unit::Share, "share delivered", of_figure("delivered")),
        (Unit::Seconds, "median time to delivery", of_figure("p50_s")),
    ];
    let panels: Vec<_> = panels.into_iter().filter(|(_, _, points)| points.len() > 1).collect();
    if panels.is_empty() {
        return None;
    }
    let panel = if panels.len() == 1 { 760 } else { 460 };
    let count = i32::try_from(panels.len()).unwrap_or(1);
    let height = TOP + count * (panel + 130) + MARGIN;
    let title = "Share delivered and median over time, of what was kept out";
    let mut sheet = Sheet::new(height, title, &provenance(result));
    key(&mut sheet, (MARGIN, 152), &KEY_OF_PIECES);
    let axes: Vec<Axis> = panels
        .iter()
        .map(|(unit, name, points)| {
            let ends = points.iter().flat_map(|(_, own)| [own[1], own[2], own[3]]);
            Axis::few(*unit, ends, false).captioned(*name)
        })
        .collect();
    let left = left_of(axes.iter());
    let (mut top, mut told) = (TOP, Vec::new());
    for ((unit, name, points), y) in panels.iter().zip(axes) {
        let room = Room { top, bottom: top + panel, right: 60, left: Some(left), labelled: true };
        let frame = Frame::draw(&mut sheet, from(&clocks), y, room);
        let at = |place: usize, value: f64| frame.at(place as f64, value);
        let low = points.iter().map(|(place, own)| at(*place, own[1]));
        let high = points.iter().rev().map(|(place, own)| at(*place, own[2]));
        sheet.area(low.chain(high).collect(), Ink::BLUE, 0.25);
        let line = points.iter().map(|(place, own)| at(*place, own[0]));
        sheet.path(line.collect(), Ink::BLUE, 5);
        let written = |value: f64| match unit {
            Unit::Share => percent(value),
            _ => fine_span(value),
        };
        let mut outside = 0;
        for (place, [predicted, low, high, seen]) in points {
            let point = at(*place, *seen);
            sheet.dot(point, 9, Ink::VERMILION);
            outside += usize::from(seen < low || seen > high);
            let clock = clocks.get(*place).copied().unwrap_or_default();
            let [seen, predicted, low, high] = [*seen, *predicted, *low, *high].map(written);
            sheet.mark(
                point,
                format!("{clock}: {seen} seen, {predicted} predicted ({low} to {high})"),
            );
        }
        told.push(format!("{outside} of {} pieces of the {name}", points.len()));
        top += panel + 130;
    }
    sheet.description = format!(
        "The share delivered and the median time to delivery over the part that was kept out, as predicted and \
         as seen: {} lie outside the interval of their own.",
        told.join(" and ")
    );
    Some(sheet)
}

/// Quantiles seen over quantiles fitted.
pub(super) fn quantiles(findings: &Findings) -> Option<Sheet> {
    let result = of(findings)?;
    let latencies: Vec<(&str, Vec<[f64; 5]>)> = list(result, "latencies")
        .iter()
        .map(|own| {
            let pairs = list(own, "quantiles").iter().filter_map(pair).collect();
            (text_at(own, "path").unwrap_or_default(), pairs)
        })
        .filter(|(_, pairs): &(&str, Vec<[f64; 5]>)| pairs.len() > 2)
        .take(PANELS)
        .collect();
    if latencies.is_empty() {
        return None;
    }
    let panel = if latencies.len() == 1 { 760 } else { 460 };
    let count = i32::try_from(latencies.len()).unwrap_or(1);
    let height = TOP + count * (panel + 30) + MARGIN;
    let title = "Quantiles as they were seen over quantiles as fitted";
    let mut sheet = Sheet::new(height, title, &provenance(result));
    let entries =
        [(Ink::BLUE, 0.25, "95 % of logs of this size"), (Ink::VERMILION, 1.0, "quantile")];
    key(&mut sheet, (MARGIN, 152), &entries);
    let axes: Vec<Axis> = latencies
        .iter()
        .map(|(path, pairs)| {
            let ends = pairs.iter().flat_map(|own| [own[2], own[3], own[4]]);
            Axis::log_spans(ends).captioned(format!("{path}, seen"))
        })
        .collect();
    let left = left_of(axes.iter());
    let mut top = TOP;
    let mut worst = 1.0_f64;
    for ((path, pairs), y) in latencies.iter().zip(axes) {
        let x = Axis::log_spans(pairs.iter().map(|own| own[1])).captioned("fitted");
        let room = Room { top, bottom: top + panel, right: 60, left: Some(left), labelled: true };
        let frame = Frame::draw(&mut sheet, x, y, room);
        let low = pairs.iter().map(|own| frame.at(own[1], own[3]));
        let high = pairs.iter().rev().map(|own| frame.at(own[1], own[4]));
        sheet.area(low.chain(high).collect(), Ink::BLUE, 0.25);
        let line = pairs.iter().map(|own| frame.at(own[1], own[1]));
        sheet.path(line.collect(), Ink::AXIS, 3);
        for &[share, fitted, seen, ..] in pairs {
            let point = frame.at(fitted, seen);
            sheet.dot(point, 8, Ink::VERMILION);
            let told = format!(
                "{path}, {}: {} seen, {} fitted",
                percent(share),
                fine_span(seen),
                fine_span(fitted)
            );
            sheet.mark(point, told);
            worst = worst.max(seen / fitted).max(fitted / seen);
        }
        top += panel + 30;
    }
    sheet.description = format!(
        "Quantiles of {}, seen over fitted: on the line both are the same; the farthest is off by {}.",
        if latencies.len() == 1 {
            "one latency".to_owned()
        } else {
            format!("{} latencies", latencies.len())
        },
        percent(worst - 1.0)
    );
    Some(sheet)
}

/// Share, fitted, seen and the band; all above zero.
fn pair(value: &Value) -> Option<[f64; 5]> {
    let at = |key: &str| number(value, key).filter(|&number| number > 0.0);
    let seen = at("seen_s")?;
    let (low, high) = (at("low_s").unwrap_or(seen), at("high_s").unwrap_or(seen));
    Some([at("share")?, at("fitted_s")?, seen, low, high])
}

fn of(findings: &Findings) -> Option<&Value> {
    (findings.kind() == Some(Kind::Fit)).then_some(&findings.result)
}
