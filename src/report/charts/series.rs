//! Lines with bands, each with its label at its end.

use super::frame::Frame;
use super::ink::Ink;
use super::sheet::{Anchor, BODY, LINE, Point, Sheet, wide};
use super::spread::spread;

/// A line's label has at most so much room.
const LABEL: i32 = 400;
/// From the plot to the labels.
const GAP: i32 = 40;
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
    /// The ends of its interval.
    pub(super) ends: Option<(f64, f64)>,
    /// The text under the pointer; nothing if empty.
    pub(super) hover: String,
}

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) points: Vec<Datum>,
    /// Line and text; else by its place.
    pub(super) inks: Option<(Ink, Ink)>,
    /// Dashed, with hollow dots; lines whose colour another one has are, too.
    pub(super) is_dashed: bool,
}

impl Series {
    pub(super) fn new(name: impl Into<String>, points: Vec<Datum>) -> Series {
        Series { name: name.into(), points, inks: None, is_dashed: false }
    }

    pub(super) fn inked(mut self, line: Ink, text: Ink) -> Series {
        self.inks = Some((line, text));
        self
    }

    pub(super) fn dashed(mut self) -> Series {
        self.is_dashed = true;
        self
    }

    /// The same points, not joined: what is between categories is nothing.
    pub(super) fn apart(mut self) -> Series {
        let gap = |x| Datum { x, y: None, ends: None, hover: String::new() };
        let points = self.points.into_iter().flat_map(|point| {
            let gap = gap(point.x);
            [point, gap]
        });
        self.points = points.collect();
        self
    }

    fn inks(&self, index: usize) -> (Ink, Ink) {
        self.inks.unwrap_or(Ink::series(index))
    }

    /// True if any of it can be drawn.
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
        let ends = point.y.map(|y| point.ends.unwrap_or((y, y)));
        ends.into_iter().flat_map(|(low, high)| [low, high])
    })
}

/// Draws lines; the first ones on top.
pub(super) fn lines(sheet: &mut Sheet, frame: &Frame, series: &[Series]) {
    for (index, one) in series.iter().enumerate().rev() {
        bands(sheet, frame, one, one.inks(index).0);
    }
    for (index, one) in series.iter().enumerate().rev() {
        line(sheet, frame, one, one.inks(index).0, one.is_dashed || index >= Ink::SERIES);
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
            let y = point.y.unwrap_or(0.0);
            let (low, high) = point.ends.unwrap_or((y, y));
            let across = frame.across(point.x);
            ((across, frame.up(high)), (across, frame.up(low)))
        };
        if part.iter().all(|point| point.ends.is_none()) {
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

fn line(sheet: &mut Sheet, frame: &Frame, series: &Series, ink: Ink, dashed: bool) {
    let dots = series.points.len() <= DOTS;
    for part in stretches(series) {
        let points: Vec<Point> =
            part.iter().map(|point| frame.at(point.x, point.y.unwrap_or(0.0))).collect();
        let alone = points.len() == 1;
        if dashed && !alone {
            sheet.dashed(&points, ink, 5);
        } else if !alone {
            sheet.path(points.clone(), ink, 5);
        }
        for (point, &at) in part.iter().zip(&points) {
            if dots || alone {
                sheet.dot(at, 8, ink);
                if dashed {
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
            let turn = (frame.right.max(end.0 + 12), end.1);
            if end.0 < frame.right - 60 {
                sheet.dashes((end.0 + 12, end.1), turn, line, 1);
            }
            let end = if series.len() > Ink::SERIES { left - 24 } else { left - 6 };
            sheet.path(vec![turn, (end, place)], line, 1);
        }
        if series.len() > Ink::SERIES {
            // Which of two lines of one colour it is.
            sheet.dot((left - 16, place), 7, line);
            if series[index].is_dashed || index >= Ink::SERIES {
                sheet.dot((left - 16, place), 4, Ink::PAPER);
            }
        }
        let at = (left, place);
        sheet.fitted(at, &series[index].name, LABEL, BODY, Anchor::Start, text);
    }
}
