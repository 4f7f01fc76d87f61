//! Charts, one file each, drawn from what a result folder holds.

use super::Findings;

/// A chart, drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Its file's name without `.svg`.
    pub name: &'static str,
    /// What it shows, as a heading.
    pub title: String,
    /// What is to be seen in it, in a sentence or two, for those who can't see it.
    pub description: String,
    /// A whole SVG file: light and dark, with hover texts (`<title>`) at what it marks.
    pub svg: String,
}

/// All charts that these findings have something to show in, the most telling first.
#[must_use]
pub fn draw(_findings: &Findings) -> Vec<Drawing> {
    Vec::new()
}
