//! Characters that a text of the user's may hold and that do something where they are shown: control
//! characters, an escape sequence among them, and those that change the direction of what follows.

use std::borrow::Cow;

/// `true` if a character is not seen but obeyed, by terminals or by whatever lays text out.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    character.is_control() || reorders(character)
}

/// `true` if a character changes the direction of the text around it (Unicode's bidirectional controls).
fn reorders(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// True if a character makes one name look like another: it has no width, is a space that isn't the plain
/// one, or a full-width sign, which spreadsheets read as they read `=` and `+`.
pub(crate) fn is_misleading(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2028}'..='\u{2029}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ff01}'..='\u{ff5e}'
            | '\u{ffa0}'
            | '\u{ffe0}'..='\u{ffe6}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || character != ' ' && character.is_whitespace()
}

/// A text with its unseen characters spelt out as JSON spells them, `\u001b`; line feeds and tabs stay.
#[must_use]
pub fn spelt_out(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| is_unseen(c) && !matches!(c, '\n' | '\t');
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if hidden(character) {
            seen.push_str(&spelling(character));
        } else {
            seen.push(character);
        }
    }
    Cow::Owned(seen)
}

/// A name in one line, that of a file say: also without line feeds and tabs.
#[must_use]
pub fn spelt_out_in_line(name: &str) -> String {
    let spell = |c: char| if matches!(c, '\n' | '\t') { spelling(c) } else { c.to_string() };
    spelt_out(name).chars().map(spell).collect()
}

fn spelling(character: char) -> String {
    format!("\\u{:04x}", u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_something_else_is_misleading() {
        let strange = "\u{200b}\u{200d}\u{feff}\u{ad}\u{fe0f}\u{a0}\u{3000}\u{2028}＝＋ａ";
        assert!(strange.chars().all(is_misleading), "{strange:?}");
        let plain = "+44 (0)20 ACME-Shop_é.&!@'£ßøÆ株式会社ｱ";
        assert!(!plain.chars().any(is_misleading), "{plain}");
    }

    #[test]
    fn what_is_obeyed_is_spelt_out() {
        assert_eq!(spelt_out("a\tb\n"), "a\tb\n");
        assert_eq!(
            spelt_out("\u{1b}]0;x\u{7}\r\u{7f}\u{9b}1m"),
            "\\u001b]0;x\\u0007\\u000d\\u007f\\u009b1m"
        );
        assert_eq!(
            spelt_out("é \u{202e}cba\u{2069}\u{61c}\u{200f}"),
            "é \\u202ecba\\u2069\\u061c\\u200f"
        );
        assert_eq!(spelt_out_in_line("a\nb\u{1b}c"), "a\\u000ab\\u001bc");
    }
}
