//! The texts a scenario was read from: its file, the flags that changed it, its data files.

use std::sync::OnceLock;

use super::Place;

/// One text with the name that errors show.
#[derive(Debug, Clone)]
struct Text {
    name: String,
    text: String,
    /// The beginnings of its lines; found when a line is first asked for, since most texts have no errors.
    lines: OnceLock<Vec<usize>>,
}

impl Text {
    /// The beginnings of its lines: a place's line is looked up, not counted to, or a file of many mistakes
    /// would be read once for each.
    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let bytes = self.text.bytes().enumerate();
            let after = bytes.filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(after).collect()
        })
    }
}

/// All texts of a scenario; a [`Place`] points into one of them.
#[derive(Debug, Clone, Default)]
pub struct Texts(Vec<Text>);

impl Texts {
    /// Adds a text and returns its index.
    pub(crate) fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        self.0.push(Text { name: name.into(), text: text.into(), lines: OnceLock::new() });
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
        let lines = self.0.get(place.source).map_or(&[0][..], Text::lines);
        let number = lines.partition_point(|head| *head <= start).max(1);
        let head = lines.get(number - 1).copied().unwrap_or_default();
        let tail = lines.get(number).map_or(text.len(), |next| next - 1);
        let end = floor(text, place.end.clamp(start, tail)).max(start);
        (number, &text[head..tail], start - head..end - head)
    }
}

/// Lines and columns of many places: those in ascending order cost no more than the text is long,
/// however many are in one line.
#[derive(Debug)]
pub(crate) struct Columns<'a> {
    texts: &'a Texts,
    /// The place before, and its column.
    last: (Place, usize),
}

impl<'a> Columns<'a> {
    pub(crate) fn new(texts: &'a Texts) -> Self {
        Columns { texts, last: (Place::new(usize::MAX, 0, 0), 1) }
    }

    /// Line and column of a place, both from 1; columns count characters.
    pub(crate) fn of(&mut self, place: Place) -> (usize, usize) {
        let (number, line, span) = self.texts.line(place);
        let head = floor(self.texts.text(place.source), place.start) - span.start;
        let (last, before) = self.last;
        let goes_on =
            last.source == place.source && (head..=head + span.start).contains(&last.start);
        let (from, column) = if goes_on { (last.start - head, before) } else { (0, 1) };
        let column = column + line.get(from..span.start).map_or(0, |part| part.chars().count());
        self.last = (Place::new(place.source, head + span.start, head + span.start), column);
        (number, column)
    }
}

/// The nearest character boundary at or below `at`.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_those_of_characters() {
        let mut texts = Texts::default();
        let text = "a = 1\nµb = \"é\"\r\n\nlast";
        let source = texts.add("x", text);
        let other = texts.add("y", "one");
        let mut columns = Columns::new(&texts);
        for at in 0..=text.len() + 3 {
            let place = Place::new(source, at, at);
            let before = &text[..floor(text, at)];
            let head = before.rfind('\n').map_or(0, |at| at + 1);
            let expected = (before.matches('\n').count() + 1, before[head..].chars().count() + 1);
            assert_eq!(columns.of(place), expected, "{at}");
            assert_eq!(Columns::new(&texts).of(place), expected, "{at}");
        }
        assert_eq!(texts.line(Place::new(source, 0, 99)).1, "a = 1");
        assert_eq!(columns.of(Place::new(other, 1, 2)), (1, 2));
        assert_eq!(Columns::new(&texts).of(Place::new(7, 3, 4)), (1, 1));
    }

    /// Places in one line, and lines, by the hundred thousand: counted to each time they would take
    /// minutes.
    #[test]
    fn many_places_are_found_in_one_reading() {
        let mut texts = Texts::default();
        let long = texts.add("long", "k = 1, ".repeat(100_000));
        let many = texts.add("many", "k = 1\n".repeat(100_000));
        let mut columns = Columns::new(&texts);
        for index in 0..100_000 {
            assert_eq!(columns.of(Place::new(long, 7 * index, 7 * index + 1)), (1, 7 * index + 1));
        }
        for index in 0..100_000 {
            assert_eq!(columns.of(Place::new(many, 6 * index, 6 * index + 1)), (index + 1, 1));
        }
    }
}
