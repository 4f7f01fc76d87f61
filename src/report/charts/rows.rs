//! Charts of horizontal rows, each with its name on the left.

use super::ink::Ink;
use super::sheet::{Anchor, BODY, MARGIN, Sheet, wide};

/// A name has at most so much room, unless a chart says otherwise.
const NAME: i32 = 520;

/// A bar with its name and what it comes to.
pub(super) struct Bar<'row> {
    pub(super) name: &'row str,
    /// The share of the room that it takes.
    pub(super) part: f64,
    pub(super) room: i32,
    pub(super) ink: Ink,
    pub(super) text: &'row str,
    /// The text under the pointer.
    pub(super) hover: String,
}

/// The place of rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    /// The left edge of what is beside the names.
    pub(super) left: i32,
    pub(super) top: i32,
    /// From one row to the next.
    pub(super) pitch: i32,
}

impl Rows {
    /// The left edge beside these names.
    pub(super) fn beside<'name>(names: impl Iterator<Item = &'name str>) -> i32 {
        Rows::within(names, NAME)
    }

    /// The left edge beside these names, each with at most so much room.
    pub(super) fn within<'name>(names: impl Iterator<Item = &'name str>, most: i32) -> i32 {
        let widest = names.map(|name| wide(name, BODY)).max().unwrap_or(0);
        MARGIN + widest.min(most) + 24
    }

    /// The height of so many rows.
    pub(super) fn height(pitch: i32, count: usize) -> i32 {
        pitch.saturating_mul(i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// The middle of a row.
    pub(super) fn middle(&self, index: usize) -> i32 {
        self.top + Rows::height(self.pitch, index) + self.pitch / 2
    }

    /// Draws a row: its name, its bar, and what it comes to.
    pub(super) fn bar(&self, sheet: &mut Sheet, index: usize, bar: &Bar<'_>) {
        self.name(sheet, index, bar.name);
        let (y, end) = (self.middle(index), self.left + bar.room);
        let half = self.pitch / 3;
        sheet.block((self.left, y - half), (end, y + half), Ink::GRID, 0.6);
        let length = length(bar.part, bar.room);
        sheet.block((self.left, y - half), (self.left + length, y + half), bar.ink, 0.9);
        sheet.text((end + 20, y), bar.text, BODY, Anchor::Start, Ink::TEXT);
        sheet.mark_box((self.left, y - half), (end, y + half), bar.hover.clone());
    }

    /// Draws a row's name.
    pub(super) fn name(&self, sheet: &mut Sheet, index: usize, name: &str) {
        let at = (self.left - 20, self.middle(index));
        sheet.fitted(at, name, self.left - 20 - MARGIN, BODY, Anchor::End, Ink::TEXT);
    }
}

/// The length of a bar: what isn't nothing shows, what isn't whole doesn't look whole.
pub(super) fn length(part: f64, whole: i32) -> i32 {
    if !part.is_finite() || part <= 0.0 {
        return 0;
    }
    let length = (part.min(1.0) * f64::from(whole)).round() as i32;
    let most = if part < 1.0 { whole - 2 } else { whole };
    length.clamp(3, most.max(3))
}
