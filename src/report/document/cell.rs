//! Fields of a table.

use super::Outcome;
use crate::report::Unit;
use crate::report::number::{mean, money};
use crate::report::read::Figure;

/// A field: what it says, and how it is meant.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Cell {
    pub(super) content: Content,
    pub(super) tone: Tone,
    /// Smaller, below or beside it.
    pub(super) note: Option<String>,
    /// The mean, of a sum over replications.
    pub(super) each: Option<String>,
    /// The number it is sorted by, if that isn't its figure or its text.
    key: Option<f64>,
    /// Something to be typed: a path, a name.
    pub(super) is_code: bool,
}

/// The content of a field.
#[derive(Debug, Clone, Default)]
pub(in crate::report) enum Content {
    #[default]
    Empty,
    /// There is no such thing.
    Nothing,
    Text(String),
    /// A value, as sure as it is.
    Figure(Unit, Figure),
    /// A difference of values.
    Change(Unit, Figure),
    /// A share, as a bar.
    Bar(f64),
    /// Two shares, as bars to the left and to the right.
    Sides(f64, f64),
    /// The ends of accepted messages, as a bar.
    Outcome(Outcome),
}

/// The meaning of a field: a colour on either, and on the page a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::report) enum Tone {
    #[default]
    Plain,
    Good,
    Bad,
    /// A contradiction between what the sender saw and what was true.
    Wrong,
    /// Not known.
    Open,
    Faint,
    /// A mark of a chart.
    Drawn,
}

impl Cell {
    pub(super) const EMPTY: Cell = Cell {
        content: Content::Empty,
        tone: Tone::Plain,
        note: None,
        each: None,
        key: None,
        is_code: false,
    };

    pub(in crate::report) fn text(text: impl Into<String>) -> Cell {
        Cell { content: Content::Text(text.into()), ..Cell::default() }
    }

    pub(in crate::report) fn code(text: impl Into<String>) -> Cell {
        Cell { is_code: true, ..Cell::text(text) }
    }

    pub(in crate::report) fn nothing() -> Cell {
        Cell { content: Content::Nothing, ..Cell::default() }
    }

    pub(in crate::report) fn drawn(content: Content, tone: Tone) -> Cell {
        Cell { content, tone, ..Cell::default() }
    }

    pub(in crate::report) fn figure(unit: Unit, figure: Figure) -> Cell {
        match figure.value {
            Some(_) => Cell { content: Content::Figure(unit, figure), ..Cell::default() },
            None => Cell::nothing(),
        }
    }

    pub(in crate::report) fn change(unit: Unit, figure: Figure) -> Cell {
        match figure.value {
            Some(_) => Cell { content: Content::Change(unit, figure), ..Cell::default() },
            None => Cell::nothing(),
        }
    }

    /// A value without an interval.
    pub(in crate::report) fn value(unit: Unit, value: Option<f64>) -> Cell {
        Cell::figure(unit, Figure { value, half_width: None })
    }

    pub(in crate::report) fn share(share: Option<f64>) -> Cell {
        Cell::value(Unit::Share, share)
    }

    pub(in crate::report) fn count(count: Option<f64>) -> Cell {
        Cell::value(Unit::Number, count)
    }

    /// A value of which none is hardly seen.
    pub(in crate::report) fn quiet(unit: Unit, value: Option<f64>) -> Cell {
        match value {
            Some(0.0) => Cell::count(Some(0.0)).toned(Tone::Faint),
            value => Cell::value(unit, value),
        }
    }

    /// A sum over `runs` replications, and what it comes to in one.
    pub(in crate::report) fn summed(mut self, runs: f64) -> Cell {
        self.each = match self.content {
            Content::Figure(unit, Figure { value: Some(sum), .. }) if runs > 1.0 && sum != 0.0 => {
                Some(match unit {
                    Unit::Money => money(sum / runs),
                    _ => mean(sum, runs as u64),
                })
            }
            _ => None,
        };
        self
    }

    pub(in crate::report) fn noted(mut self, note: impl Into<String>) -> Cell {
        self.note = Some(note.into()).filter(|note: &String| !note.is_empty());
        self
    }

    pub(in crate::report) fn sorted_by(mut self, key: Option<f64>) -> Cell {
        self.key = key;
        self
    }

    pub(in crate::report) fn toned(mut self, tone: Tone) -> Cell {
        self.tone = tone;
        self
    }

    /// The number it is sorted by.
    pub(super) fn key(&self) -> Option<f64> {
        match self.content {
            Content::Figure(_, figure) | Content::Change(_, figure) => self.key.or(figure.value),
            _ => self.key,
        }
    }

    /// True if it says nothing on the terminal.
    pub(super) fn is_silent(&self) -> bool {
        match &self.content {
            Content::Empty | Content::Nothing => true,
            Content::Text(text) => text.is_empty(),
            Content::Figure(_, figure) => self.tone == Tone::Faint && figure.value == Some(0.0),
            _ => false,
        }
    }
}

/// The verdict of a comparison or an objective, in its colour.
impl From<Option<bool>> for Tone {
    fn from(good: Option<bool>) -> Tone {
        match good {
            Some(true) => Tone::Good,
            Some(false) => Tone::Bad,
            None => Tone::Open,
        }
    }
}
