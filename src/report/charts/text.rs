//! Widths of texts, and shortening.

use crate::scenario::is_unseen;

/// The estimated width of a text in em: that of DejaVu Sans, one of the wider fonts that it may
/// come out in, rounded up.
pub(super) fn ems(text: &str) -> f64 {
    text.chars().map(em).sum()
}

fn em(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 'I' | '\'' | '.' | ',' | ':' | ';' | '|' | '!' | ' ' | '·' => 0.34,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '/' | '-' | '"' => 0.42,
        'm' | 'M' | 'W' | '%' | '@' | '…' | '—' => 1.0,
        'w' | '±' | '+' | '<' | '>' | '=' | '×' | '−' | '≥' | '≤' | '→' => 0.84,
        'A'..='Z' => 0.74,
        _ if character.is_ascii() => 0.64,
        // Combining marks take none, ideographs a whole em.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' => 0.0,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffef}' | '\u{1f000}'.. => 1.05,
        _ => 0.72,
    }
}

/// The text in at most `most` em: what is too long loses its middle.
pub(super) fn shortened(text: &str, most: f64) -> String {
    if ems(text) <= most {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let (mut head, mut tail) = (0, 0);
    let mut room = most - em('…');
    // From both ends by turns, the head first.
    while head + tail < characters.len() {
        let from_head = head <= tail;
        let next =
            if from_head { characters[head] } else { characters[characters.len() - 1 - tail] };
        room -= em(next);
        if room < 0.0 {
            break;
        }
        if from_head { head += 1 } else { tail += 1 }
    }
    let end = characters.len() - tail;
    characters[..head].iter().chain(&['…']).chain(&characters[end..]).collect()
}

/// A text of the user's, fit for XML: what it may not hold becomes a space, and so does what would
/// change the direction of the text around it.
pub(super) fn plain(text: &str) -> String {
    let forbidden = |c: char| is_unseen(c) || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if forbidden(c) { ' ' } else { c }).collect()
}

/// A text between tags, or in an attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in plain(text).chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_lose_their_middle() {
        assert_eq!(shortened("short", 10.0), "short");
        let short = shortened("carrier-with-a-name-that-never-ends", 10.0);
        assert!(short.starts_with("carr") && short.ends_with("ends"), "{short}");
        assert!(ems(&short) <= 10.0 && short.contains('…'), "{short}");
        assert_eq!(shortened("abc", 0.0), "…");
        // Characters, not bytes.
        assert_eq!(shortened("ééé", 2.2), "ééé");
    }

    #[test]
    fn what_xml_forbids_goes() {
        assert_eq!(escaped("a<b>&\"\u{1}c"), "a&lt;b&gt;&amp;&quot; c");
    }
}
