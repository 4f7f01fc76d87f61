//! The parts of a chart, before it is an SVG file. Coordinates are twice those of the page, since
//! plotters writes whole pixels.

use super::ink::Ink;
use super::text::{ems, shortened};

pub(super) type Point = (i32, i32);

/// Width of every chart.
pub(super) const WIDTH: i32 = 1920;
/// Height of most.
pub(super) const HEIGHT: i32 = 1080;
/// The margin around it.
pub(super) const MARGIN: i32 = 48;

/// Sizes of text.
pub(super) const TITLE: i32 = 36;
pub(super) const BODY: i32 = 25;
pub(super) const SMALL: i32 = 23;
/// From one line of body text to the next.
pub(super) const LINE: i32 = 34;

/// The side of a text that its point is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Something drawn. `alpha`: 1 is solid.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Path { points: Vec<Point>, ink: Ink, width: u32 },
    Area { points: Vec<Point>, ink: Ink, alpha: f64 },
    Box { from: Point, to: Point, ink: Ink, alpha: f64 },
    Dot { at: Point, radius: u32, ink: Ink },
    Text { at: Point, text: String, size: i32, anchor: Anchor, ink: Ink },
}

/// A spot that shows a text under the pointer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Spot {
    Round { at: Point, radius: i32 },
    Box { from: Point, to: Point },
}

/// A chart on its sheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sheet {
    pub(super) height: i32,
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) description: String,
    pub(super) shapes: Vec<Shape>,
    pub(super) marks: Vec<(Spot, String)>,
}

impl Sheet {
    /// A sheet with its title and the grey line below it.
    pub(super) fn new(height: i32, title: impl Into<String>, subtitle: &str) -> Sheet {
        let mut sheet = Sheet {
            height,
            title: title.into(),
            subtitle: subtitle.to_owned(),
            description: String::new(),
            shapes: Vec::new(),
            marks: Vec::new(),
        };
        let room = WIDTH - 2 * MARGIN;
        let title = sheet.title.clone();
        sheet.fitted((MARGIN, 52), &title, room, TITLE, Anchor::Start, Ink::TEXT);
        sheet.fitted((MARGIN, 98), subtitle, room, SMALL, Anchor::Start, Ink::FAINT);
        sheet
    }

    pub(super) fn path(&mut self, points: Vec<Point>, ink: Ink, width: u32) {
        self.shapes.push(Shape::Path { points, ink, width });
    }

    /// A straight line of short dashes.
    pub(super) fn dashes(&mut self, from: Point, to: Point, ink: Ink, width: u32) {
        self.dashed_by(&[from, to], ink, width, (14.0, 9.8));
    }

    /// A line along these points, of dashes that go around its corners.
    pub(super) fn dashed(&mut self, points: &[Point], ink: Ink, width: u32) {
        self.dashed_by(points, ink, width, (20.0, 14.0));
    }

    fn dashed_by(&mut self, points: &[Point], ink: Ink, width: u32, (on, off): (f64, f64)) {
        let (mut dash, mut is_on, mut left) = (Vec::new(), true, on);
        dash.extend(points.first().copied());
        for pair in points.windows(2) {
            let &[from, to] = pair else { continue };
            let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
            let length = (dx * dx + dy * dy).sqrt();
            let mut along = 0.0;
            while along + left < length {
                along += left;
                let part = along / length;
                let at = (from.0 + (dx * part).round() as i32, from.1 + (dy * part).round() as i32);
                dash.push(at);
                if is_on {
                    self.path(std::mem::take(&mut dash), ink, width);
                }
                is_on = !is_on;
                left = if is_on { on } else { off };
                dash = vec![at];
            }
            left -= length - along;
            dash.push(to);
        }
        if is_on && dash.len() > 1 {
            self.path(dash, ink, width);
        }
    }

    pub(super) fn area(&mut self, points: Vec<Point>, ink: Ink, alpha: f64) {
        self.shapes.push(Shape::Area { points, ink, alpha });
    }

    pub(super) fn block(&mut self, from: Point, to: Point, ink: Ink, alpha: f64) {
        self.shapes.push(Shape::Box { from, to, ink, alpha });
    }

    pub(super) fn dot(&mut self, at: Point, radius: u32, ink: Ink) {
        self.shapes.push(Shape::Dot { at, radius, ink });
    }

    pub(super) fn text(&mut self, at: Point, text: &str, size: i32, anchor: Anchor, ink: Ink) {
        if !text.is_empty() {
            self.shapes.push(Shape::Text { at, text: text.to_owned(), size, anchor, ink });
        }
    }

    /// A text in at most `room`; if it had to be shortened the pointer shows all of it.
    pub(super) fn fitted(
        &mut self,
        at: Point,
        text: &str,
        room: i32,
        size: i32,
        anchor: Anchor,
        ink: Ink,
    ) {
        let short = shortened(text, f64::from(room) / f64::from(size));
        if short != text {
            let width = wide(&short, size);
            let left = match anchor {
                Anchor::Start => at.0,
                Anchor::Middle => at.0 - width / 2,
                Anchor::End => at.0 - width,
            };
            let (from, to) = ((left, at.1 - size / 2), (left + width, at.1 + size / 2));
            self.mark_box(from, to, text);
        }
        self.text(at, &short, size, anchor, ink);
    }

    pub(super) fn mark(&mut self, at: Point, text: impl Into<String>) {
        self.marks.push((Spot::Round { at, radius: 17 }, text.into()));
    }

    pub(super) fn mark_box(&mut self, from: Point, to: Point, text: impl Into<String>) {
        self.marks.push((Spot::Box { from, to }, text.into()));
    }
}

/// The estimated width of a text.
pub(super) fn wide(text: &str, size: i32) -> i32 {
    (ems(text) * f64::from(size)).ceil() as i32
}
