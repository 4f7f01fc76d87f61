//! Diagnostics as text for people: the line, underlined, what was expected, the way out.

use annotate_snippets::renderer::{Ansi256Color, Effects, Style};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::texts::floor;
use super::{Diagnostic, Place, Texts};

/// So many are shown; of the others only the number.
const SHOWN: usize = 100;

/// A label that would end beyond this goes below, where its lines can be broken.
const COLUMNS: usize = 80;
/// Columns of such a line.
const BELOW: usize = 66;

/// Bytes of a line that is shown as a whole, and of what is shown before and behind a place in a longer
/// one: more than fits on a screen.
const LONG: usize = 4_096;
const AROUND: usize = 512;

/// Colours that are read on white as on black, those of the tables; a terminal's own yellow isn't.
const STYLED: Renderer = Renderer::styled()
    .error(bold(166))
    .warning(bold(136))
    .note(bold(29))
    .help(bold(29))
    .line_num(bold(32))
    .context(bold(32));

const fn bold(colour: u8) -> Style {
    Ansi256Color(colour).on_default().effects(Effects::BOLD)
}

/// Renders the diagnostics, one after another with an empty line between; no trailing newline.
pub(crate) fn render(texts: &Texts, diagnostics: &[Diagnostic], colour: bool) -> String {
    let mut parts: Vec<String> =
        diagnostics.iter().take(SHOWN).map(|diagnostic| one(texts, diagnostic, colour)).collect();
    if diagnostics.len() > SHOWN {
        parts.push(format!("… and {} more", diagnostics.len() - SHOWN));
    }
    parts.join("\n\n")
}

fn one(texts: &Texts, diagnostic: &Diagnostic, colour: bool) -> String {
    let renderer = if colour { STYLED } else { Renderer::plain() };
    let level = if diagnostic.is_warning() { Level::WARNING } else { Level::ERROR };
    let mut group =
        annotate_snippets::Group::with_title(level.primary_title(diagnostic.message.as_str()));
    let mut below = None;
    if let Some(place) = diagnostic.place {
        let (number, line, span) = texts.line(place);
        let before = number.to_string().len() + 3 + line[..span.end].chars().count() + 1;
        let fits = before + diagnostic.label.chars().count() <= COLUMNS;
        group = pointed(group, texts, place, |span| {
            let note = AnnotationKind::Primary.span(span);
            if fits && !diagnostic.label.is_empty() {
                note.label(diagnostic.label.as_str())
            } else {
                note
            }
        });
        below = (!fits).then(|| broken(&diagnostic.label));
    }
    for (place, label) in &diagnostic.also {
        group = pointed(group, texts, *place, |span| {
            AnnotationKind::Context.span(span).label(label.as_str())
        });
    }
    if let Some(label) = &below {
        group = group.element(Level::NOTE.message(label.as_str()));
    }
    let help: Vec<String> = diagnostic.help.iter().map(|help| broken(help)).collect();
    for help in &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// Adds the line of a place, of a long one the part around it: all of it would be copied for each place.
fn pointed<'a>(
    group: Group<'a>,
    texts: &'a Texts,
    place: Place,
    note: impl FnOnce(std::ops::Range<usize>) -> Annotation<'a>,
) -> Group<'a> {
    let (number, line, span) = texts.line(place);
    let path = texts.name(place.source);
    if line.len() <= LONG {
        let snippet = Snippet::source(line).line_start(number).path(path);
        return group.element(snippet.annotation(note(span)));
    }
    let column = line[..span.start].chars().count() + 1;
    let end = floor(line, span.end.min(span.start + AROUND));
    let from = floor(line, span.start.saturating_sub(AROUND));
    let part = &line[from..floor(line, end + AROUND)];
    let snippet = Snippet::source(part).line_start(number);
    group
        .element(Origin::path(path).line(number).char_column(column))
        .element(snippet.annotation(note(span.start - from..end - from)))
}

/// A text in lines; one that has lines, or may be pasted, stays as it is.
fn broken(text: &str) -> String {
    if text.contains('\n') || text.starts_with("for example `") {
        return text.to_owned();
    }
    let (mut lines, mut column) = (String::new(), 0);
    for word in text.split(' ') {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > BELOW {
            lines.push('\n');
            column = 0;
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += width;
    }
    lines
}
