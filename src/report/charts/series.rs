//! Lines with bands, each with its label at its end.

use super::frame::Frame;
use super::ink::Ink;
use super::sheet::{Anchor, BODY, LINE, Point, Sheet, wide};
use super::spread::spread;

/// A line's label has at most so much room.
const LABEL: i32 = 400;
/// From the plot to the labels.
const GAP: i32 = 36;
/// As many lines can be told apart, and labelled.
pub(super) const MOST: usize = 16;
/// Lines of more points have no dots.
const DOTS: usize = 40;

/// A point of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Datum {
    pub(super) x: f64,
    /// `None`: the line is broken here.
    pub(super) y: Option<f64>,
    pub(super) half_width: Option<f64>,
    /// What the pointer shows; nothing if empty.
    pub(super) hover: String,
}

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) points: Vec<Datum>,
    /// Line and text; else by its place.
    pub(super) inks: Option<(Ink, Ink)>,
}

impl Series {
    pub(super) fn new(name: impl Into<String>, points: Vec<Datum>) -> Series {
        Series { name: name.into(), points, inks: None }
    }

    pub(super) fn inked(mut self, line: Ink, text: Ink) -> Series {
        self.inks = Some((line, text));
        self
    }

    fn inks(&self, index: usize) -> (Ink, Ink) {
        self.inks.unwrap_or(Ink::series(index))
    }

    /// Whether any of it can be drawn.
    pub(super) fn is_drawn(&self) -> bool {
        self.points.iter().any(|point| point.y.is_some())
    }
}

/// The room that the labels of lines need on the right.
pub(super) fn label_room(series: &[Series]) -> i32 {
    let widest = series.iter().map(|series| wide(&series.name, BODY)).max().unwrap_or(0);
    widest.min(LABEL) + GAP
}

/// The values that have to fit on the vertical axis: bands too.
pub(super) fn extent(series: &[Series]) -> impl Iterator<Item = f64> {
    series.iter().flat_map(|series| &series.points).flat_map(|point| {
        let half = point.half_width.unwrap_or(0.0);
        // A band does not draw a share below 0.
        let ends = point.y.map(|y| [(y - half).max(y.min(0.0)), y + half]);
        ends.into_iter().flatten()
    })
}

/// Draws lines; the first ones on top.
pub(super) fn lines(sheet: &mut Sheet, frame: &Frame, series: &[Series]) {
    for (index, one) in series.iter().enumerate().rev() {
        bands(sheet, frame, one, one.inks(index).0);
    }
    for (index, one) in series.iter().enumerate().rev() {
        line(sheet, frame, one, one.inks(index).0, index >= 8);
    }
    labels(sheet, frame, series);
}

/// The stretches of a line between its breaks.
fn stretches(series: &Series) -> impl Iterator<Item = &[Datum]> {
    let parts = series.points.split(|point| point.y.is_none());
    parts.filter(|part| !part.is_empty())
}

fn bands(sheet: &mut Sheet, frame: &Frame, series: &Series, ink: Ink) {
    for part in stretches(series) {
        let ends = |point: &Datum| {
            let (y, half) = (point.y.unwrap_or(0.0), point.half_width.unwrap_or(0.0));
            let across = frame.across(point.x);
            ((across, frame.up(y + half)), (across, frame.up(y - half)))
        };
        if part.iter().all(|point| point.half_width.is_none_or(|half| half <= 0.0)) {
            continue;
        }
        if let [point] = part {
            let (above, below) = ends(point);
            let around = |(x, y): Point, by: i32| (x + by, y);
            sheet.block(around(above, -9), around(below, 9), ink, 0.2);
            continue;
        }
        let above = part.iter().map(|point| ends(point).0);
        let below = part.iter().rev().map(|point| ends(point).1);
        sheet.area(above.chain(below).collect(), ink, 0.17);
    }
}

fn line(sheet: &mut Sheet, frame: &Frame, series: &Series, ink: Ink, hollow: bool) {
    let dots = series.points.len() <= DOTS;
    for part in stretches(series) {
        let points: Vec<Point> =
            part.iter().map(|point| frame.at(point.x, point.y.unwrap_or(0.0))).collect();
        let alone = points.len() == 1;
        if !alone {
            sheet.path(points.clone(), ink, 5);
        }
        for (point, &at) in part.iter().zip(&points) {
            if dots || alone {
                sheet.dot(at, 8, ink);
                if hollow {
                    sheet.dot(at, 4, Ink::PAPER);
                }
            }
            if !point.hover.is_empty() {
                sheet.mark(at, point.hover.clone());
            }
        }
    }
}

/// The lines' names beside their ends, spread where they would touch.
fn labels(sheet: &mut Sheet, frame: &Frame, series: &[Series]) {
    let ends: Vec<(usize, Point)> = series
        .iter()
        .enumerate()
        .filter(|(_, series)| !series.name.is_empty())
        .filter_map(|(index, series)| {
            let last = series.points.iter().rev().find(|point| point.y.is_some())?;
            Some((index, frame.at(last.x, last.y?)))
        })
        .collect();
    let wanted: Vec<i32> = ends.iter().map(|&(_, (_, y))| y).collect();
    let places = spread(&wanted, LINE, frame.top, frame.bottom);
    let left = frame.right + GAP;
    for (&(index, end), &place) in ends.iter().zip(&places) {
        let (line, text) = series[index].inks(index);
        let far = (place - end.1).abs() > 6 || end.0 < frame.right - 60;
        if far {
            let start = (end.0.max(frame.right - 60).max(end.0 + 12), end.1);
            sheet.path(vec![start, (left - 6, place)], line, 1);
        }
        let at = (left, place);
        sheet.fitted(at, &series[index].name, LABEL, BODY, Anchor::Start, text);
    }
}
