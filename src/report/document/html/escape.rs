//! The part that templates leave to us: maud escapes whatever is text.

use crate::scenario::is_unseen;
use maud::{Markup, html};

/// A heading, which may be a path: that may break after its dots, not within a word.
pub(super) fn heading(text: &str) -> Markup {
    let parts: Vec<&str> = text.split_inclusive('.').collect();
    let breaks = |after: Option<&&str>| {
        after.is_some_and(|next| !next.starts_with(|c: char| matches!(c, ' ' | '.' | '0'..='9')))
    };
    html! {
        @for (index, part) in parts.iter().enumerate() {
            (part)
            @if breaks(parts.get(index + 1)) { wbr; }
        }
    }
}

/// A text whose words between backticks are code.
pub(super) fn words(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    // One that is without its other stays as it is.
    if parts.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (index, part) in parts.iter().enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// A whole page without what HTML doesn't allow, a terminal's colours, say, and what would turn what
/// follows around.
pub(super) fn allowed(page: Markup) -> String {
    let forbidden = |c: char| is_unseen(c) && c != '\n';
    page.into_string().replace(['\t', '\r'], " ").replace(forbidden, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_breaks_after_its_dots() {
        for (text, written) in [
            ("retry.policy < 5", "retry.<wbr>policy &lt; 5"),
            ("99.9 %", "99.9 %"),
            ("a. b.", "a. b."),
        ] {
            assert_eq!(heading(text).into_string(), written);
        }
    }

    #[test]
    fn words_between_backticks_are_code() {
        for (text, written) in [
            (
                "`check` warns: <`a & b`>",
                "<code>check</code> warns: &lt;<code>a &amp; b</code>&gt;",
            ),
            ("a ` b", "a ` b"),
            ("plain", "plain"),
        ] {
            assert_eq!(words(text).into_string(), written);
        }
    }

    #[test]
    fn text_never_becomes_markup() {
        let text = "<script>alert('1 & 2')</script>\u{1b}[1m\u{0}";
        assert_eq!(
            allowed(html! { p title="\" onload=\"x()" { (text) } }),
            "<p title=\"&quot; onload=&quot;x()\">&lt;script&gt;alert('1 &amp; 2')\
             &lt;/script&gt;\u{fffd}[1m\u{fffd}</p>"
        );
    }
}
