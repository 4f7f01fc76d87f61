//! The frame of a chart with two axes: grid, ticks, and what the axes are.

use super::axis::Axis;
use super::ink::Ink;
use super::sheet::{Anchor, BODY, MARGIN, Point, SMALL, Sheet, WIDTH, wide};

/// A tick of the vertical axis has at most so much room.
const TICK_ROOM: i32 = 300;

/// From a tick's label to the second line of it.
pub(super) const SECOND_LINE: i32 = 32;

/// The size of the labels below the horizontal axis.
const TICK: i32 = SMALL + 1;

/// The room that half of the widest tick's label needs beside either end of a horizontal axis.
pub(super) fn overhang(x: &Axis) -> i32 {
    x.ticks.iter().map(|tick| widest(&tick.label, TICK)).max().unwrap_or(0) / 2
}

/// The width of a label's longest line.
fn widest(label: &str, size: i32) -> i32 {
    label.lines().map(|line| wide(line, size)).max().unwrap_or(0)
}

/// The places of values on a sheet.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) top: i32,
    pub(super) bottom: i32,
    pub(super) x: Axis,
    pub(super) y: Axis,
}

/// The room for a frame: from above its caption to below its ticks, and what is to be left free on
/// its right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) top: i32,
    pub(super) bottom: i32,
    pub(super) right: i32,
    /// The left edge of the plot, if it is to stand above others; else by the ticks' widths.
    pub(super) left: Option<i32>,
    /// True if the ticks of the horizontal axis have labels.
    pub(super) labelled: bool,
}

impl Room {
    /// All below the title.
    pub(super) fn whole(height: i32, right: i32) -> Room {
        Room { top: 138, bottom: height - MARGIN, right, left: None, labelled: true }
    }
}

/// The left edge of a plot with these vertical axes.
pub(super) fn left_of<'axis>(axes: impl Iterator<Item = &'axis Axis>) -> i32 {
    let labels = axes.flat_map(|axis| &axis.ticks).map(|tick| wide(&tick.label, BODY));
    MARGIN + labels.max().unwrap_or(0).min(TICK_ROOM) + 20
}

impl Frame {
    /// Draws the frame.
    pub(super) fn draw(sheet: &mut Sheet, x: Axis, y: Axis, room: Room) -> Frame {
        let y = y.scale_named();
        let x = if room.labelled { x.scale_named() } else { x };
        let left = room.left.unwrap_or_else(|| left_of([&y].into_iter()));
        // Half of the last tick's label stands out on the right.
        let half = x.ticks.last().map_or(0, |tick| widest(&tick.label, BODY) / 2);
        let right = (WIDTH - MARGIN - room.right.max(half.min(120))).max(left + 200);
        let top = room.top + if y.caption.is_empty() { 16 } else { 50 };
        let second = if x.has_two_lines() { SECOND_LINE } else { 0 };
        let below =
            if room.labelled { 46 + second } else { 0 } + if x.caption.is_empty() { 0 } else { 46 };
        let frame = Frame { left, right, top, bottom: room.bottom - below, x, y };
        frame.grid(sheet);
        if room.labelled {
            frame.ticks(sheet);
        }
        let (caption, y_caption) = (frame.x.caption.clone(), frame.y.caption.clone());
        let middle = (left + right) / 2;
        let at = (middle, room.bottom - 14);
        sheet.fitted(at, &caption, right - left, BODY, Anchor::Middle, Ink::FAINT);
        let at = (MARGIN, room.top + 16);
        sheet.fitted(at, &y_caption, WIDTH - 2 * MARGIN, BODY, Anchor::Start, Ink::FAINT);
        frame
    }

    /// The place of a value.
    pub(super) fn at(&self, x: f64, y: f64) -> Point {
        (self.across(x), self.up(y))
    }

    pub(super) fn across(&self, x: f64) -> i32 {
        self.left + (self.x.part(x) * f64::from(self.right - self.left)).round() as i32
    }

    pub(super) fn up(&self, y: f64) -> i32 {
        self.bottom - (self.y.part(y) * f64::from(self.bottom - self.top)).round() as i32
    }

    /// Horizontal lines with their labels, and the two axes.
    fn grid(&self, sheet: &mut Sheet) {
        for tick in &self.y.ticks {
            let y = self.up(tick.at);
            sheet.path(vec![(self.left, y), (self.right, y)], Ink::GRID, 2);
            sheet.path(vec![(self.left - 10, y), (self.left, y)], Ink::AXIS, 2);
            let at = (self.left - 18, y);
            sheet.fitted(at, &tick.label, TICK_ROOM, BODY, Anchor::End, Ink::FAINT);
        }
        let corner = (self.left, self.bottom);
        sheet.path(vec![(self.left, self.top), corner, (self.right, self.bottom)], Ink::AXIS, 2);
    }

    /// Ticks of the horizontal axis; labels that would touch are left out, but for the last.
    fn ticks(&self, sheet: &mut Sheet) {
        let slot = (self.right - self.left) / i32::try_from(self.x.ticks.len().max(1)).unwrap_or(1);
        let room = slot.max(170) - 20;
        let widths: Vec<i32> =
            self.x.ticks.iter().map(|tick| widest(&tick.label, TICK).min(room)).collect();
        let span = |index: usize| {
            let middle = self.across(self.x.ticks[index].at);
            (middle - widths[index] / 2 - 10, middle + widths[index] / 2 + 10)
        };
        let last = self.x.ticks.len().saturating_sub(1);
        let mut free = i32::MIN;
        for (index, tick) in self.x.ticks.iter().enumerate() {
            let x = self.across(tick.at);
            sheet.path(vec![(x, self.bottom), (x, self.bottom + 10)], Ink::AXIS, 2);
            let (from, to) = span(index);
            if from < free || (index < last && to > span(last).0) {
                continue;
            }
            free = to;
            for (line, y) in tick.label.lines().zip((32..).step_by(SECOND_LINE as usize)) {
                let at = (x, self.bottom + y);
                sheet.fitted(at, line, room, TICK, Anchor::Middle, Ink::FAINT);
            }
        }
    }
}
