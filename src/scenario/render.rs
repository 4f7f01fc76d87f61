//! Diagnostics as text for people: the line, underlined, what was expected, the way out.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Texts};

/// So many are shown; of the others only the number.
const SHOWN: usize = 100;

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
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let level = if diagnostic.is_warning() { Level::WARNING } else { Level::ERROR };
    let mut group =
        annotate_snippets::Group::with_title(level.primary_title(diagnostic.message.as_str()));
    if let Some(place) = diagnostic.place {
        let (number, line, span) = texts.line(place);
        let mut note = AnnotationKind::Primary.span(span);
        if !diagnostic.label.is_empty() {
            note = note.label(diagnostic.label.as_str());
        }
        group = group.element(
            Snippet::source(line)
                .line_start(number)
                .path(texts.name(place.source))
                .annotation(note),
        );
    }
    for (place, label) in &diagnostic.also {
        let (number, line, span) = texts.line(*place);
        group = group.element(
            Snippet::source(line)
                .line_start(number)
                .path(texts.name(place.source))
                .annotation(AnnotationKind::Context.span(span).label(label.as_str())),
        );
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}
