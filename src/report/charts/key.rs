//! The meaning of colours, where there is no line to write it at.

use super::ink::Ink;
use super::sheet::{Anchor, BODY, Point, Sheet, wide};

/// Draws squares and words from left to right; `alpha` is that of the squares.
pub(super) fn key(sheet: &mut Sheet, at: Point, entries: &[(Ink, f64, &str)]) {
    let (mut x, y) = at;
    for &(ink, alpha, words) in entries {
        sheet.block((x, y - 11), (x + 22, y + 11), ink, alpha);
        sheet.text((x + 34, y), words, BODY, Anchor::Start, Ink::FAINT);
        x += 34 + wide(words, BODY) + 40;
    }
}
