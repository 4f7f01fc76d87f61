//! The texts a scenario was read from: its file, the flags that changed it, its data files.

use super::Place;

/// One text with the name that errors show.
#[derive(Debug, Clone)]
struct Text {
    name: String,
    text: String,
}

/// All texts of a scenario; a [`Place`] points into one of them.
#[derive(Debug, Clone, Default)]
pub struct Texts(Vec<Text>);

impl Texts {
    /// Adds a text and returns its index.
    pub(crate) fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        self.0.push(Text { name: name.into(), text: text.into() });
        self.0.len() - 1
    }

    /// The text's name, as errors show it.
    pub fn name(&self, source: usize) -> &str {
        self.0.get(source).map_or("", |text| text.name.as_str())
    }

    /// The text itself.
    pub fn text(&self, source: usize) -> &str {
        self.0.get(source).map_or("", |text| text.text.as_str())
    }

    /// The whole lines that hold `place`, with the first one's number (from 1) and the place's
    /// span within them. A span over many lines is cut at the end of its first one: what is wrong
    /// with a table is shown at its head.
    pub(crate) fn line(&self, place: Place) -> (usize, &str, std::ops::Range<usize>) {
        let text = self.text(place.source);
        let start = floor(text, place.start);
        let head = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let tail = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = floor(text, place.end.clamp(start, tail)).max(start);
        let number = text[..head].bytes().filter(|byte| *byte == b'\n').count() + 1;
        (number, &text[head..tail], start - head..end - head)
    }

    /// Line and column of a place, both from 1; columns count characters.
    pub fn line_column(&self, place: Place) -> (usize, usize) {
        let (number, line, span) = self.line(place);
        (number, line[..span.start].chars().count() + 1)
    }
}

/// The nearest character boundary at or below `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
