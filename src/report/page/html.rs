//! Writes HTML: whatever is text is escaped, and what is opened is closed.

use crate::scenario::is_unseen;

/// Names and values of attributes.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A piece of HTML in the making.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    pub(super) fn new() -> Html {
        Html::default()
    }

    /// An element, with what `inside` writes in it.
    pub(super) fn element(
        &mut self,
        tag: &str,
        attributes: Attributes<'_>,
        inside: impl FnOnce(&mut Html),
    ) {
        self.open(tag, attributes);
        inside(self);
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
        if stands_alone(tag) {
            self.0.push('\n');
        }
    }

    /// An element with a text in it.
    pub(super) fn leaf(&mut self, tag: &str, attributes: Attributes<'_>, text: &str) {
        self.element(tag, attributes, |html| html.text(text));
    }

    /// An element that has no end.
    pub(super) fn void(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.open(tag, attributes);
        self.0.push('\n');
    }

    /// Text, as it is.
    pub(super) fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // Not allowed in HTML, a terminal's colours, say; or it would turn what follows around.
                '\u{9}' | '\u{a}' | '\u{d}' => self.0.push(' '),
                unseen if is_unseen(unseen) => self.0.push('\u{fffd}'),
                other => self.0.push(other),
            }
        }
    }

    /// A heading, which may be a path: that may break after its dots, not within a word.
    pub(super) fn heading(&mut self, text: &str) {
        let mut rest = text;
        while let Some(dot) = rest.find('.').filter(|dot| dot + 1 < rest.len()) {
            let (head, tail) = rest.split_at(dot + 1);
            self.text(head);
            if !tail.starts_with([' ', '.']) && !tail.starts_with(|c: char| c.is_ascii_digit()) {
                self.0.push_str("<wbr>");
            }
            rest = tail;
        }
        self.text(rest);
    }

    /// HTML of our own making: never a user's text.
    pub(super) fn raw(&mut self, html: &str) {
        self.0.push_str(html);
    }

    pub(super) fn finish(self) -> String {
        self.0
    }

    fn open(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
    }
}

/// Numbers stay with their units, on one line.
pub(super) fn held(text: &str) -> String {
    text.replace(" %", "\u{a0}%").replace("± ", "±\u{a0}").replace(" ×", "\u{a0}×")
}

/// A line of its own, for those who read the source or a difference.
fn stands_alone(tag: &str) -> bool {
    !matches!(tag, "a" | "b" | "code" | "span" | "strong" | "td" | "th" | "rect" | "title")
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
            let mut html = Html::new();
            html.heading(text);
            assert_eq!(html.finish(), written);
        }
    }

    #[test]
    fn text_never_becomes_markup() {
        let mut html = Html::new();
        html.element("p", &[("title", "\" onload=\"x()")], |html| {
            html.text("<script>alert('1 & 2')</script>\u{1b}[1m\u{0}");
        });
        assert_eq!(
            html.finish(),
            "<p title=\"&quot; onload=&quot;x()\">&lt;script&gt;alert(&#39;1 &amp; 2&#39;)\
             &lt;/script&gt;\u{fffd}[1m\u{fffd}</p>\n"
        );
    }
}
