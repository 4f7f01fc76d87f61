//! The text of an SMPP delivery receipt, in the variants that SMSCs write.

/// Contents of a receipt's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Receipt<'a> {
    pub(super) id: Option<&'a str>,
    /// `YYMMDDhhmm[ss]`, of the SMSC's own clock.
    pub(super) submitted: Option<&'a str>,
    pub(super) done: Option<&'a str>,
    pub(super) state: &'a str,
    pub(super) error: Option<&'a str>,
}

/// The words before the colons, in lower case; what follows `text` is somebody's body.
const KEYS: [&str; 9] =
    ["id", "sub", "dlvrd", "submit date", "done date", "stat", "status", "err", "text"];

/// Marks between the pairs.
const BETWEEN: [char; 5] = [' ', ',', ';', '\t', '\0'];

impl<'a> Receipt<'a> {
    /// Reads `id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…`, of which some may be
    /// missing, in any case, with commas between or a NUL at the end; `None` without a state.
    pub(super) fn read(text: &'a str) -> Option<Receipt<'a>> {
        let mut receipt = Receipt::default();
        let mut rest = text.trim_end_matches(['\0', ' ', '\r', '\n']);
        while let Some((key, after)) = next_key(rest) {
            if key == "text" {
                break;
            }
            // A value ends where the next key begins.
            let end = key_at(after).unwrap_or(after.len());
            let value = after[..end].trim_start_matches(BETWEEN);
            // A value is one word: what comes behind it, without a key, may be somebody's text.
            let value = &value[..value.find(BETWEEN).unwrap_or(value.len())];
            let some = Some(value).filter(|value| !value.is_empty());
            match key {
                "id" => receipt.id = receipt.id.or(some),
                "submit date" => receipt.submitted = some,
                "done date" => receipt.done = some,
                "stat" | "status" => receipt.state = value,
                "err" => receipt.error = some,
                _ => {}
            }
            rest = &after[end..];
        }
        if receipt.state.is_empty() { None } else { Some(receipt) }
    }
}

/// The key that a text begins with, and what follows its colon.
fn next_key(text: &str) -> Option<(&'static str, &str)> {
    let at = key_at(text)?;
    let text = &text[at..];
    KEYS.into_iter().find_map(|key| Some((key, after(text, key)?)))
}

/// Place where the next key begins: at the text's beginning, or behind a separator.
fn key_at(text: &str) -> Option<usize> {
    let begins = |at: &usize| {
        let before = *at == 0 || matches!(text.as_bytes()[at - 1], b' ' | b',' | b';' | b'\t');
        before && text.is_char_boundary(*at)
    };
    (0..text.len())
        .filter(begins)
        .find(|at| KEYS.iter().any(|key| after(&text[*at..], key).is_some()))
}

/// Text after a key and its colon.
fn after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let own = text.get(..key.len())?;
    let rest = text.get(key.len()..)?.strip_prefix(':')?;
    let same = |(a, b): (u8, u8)| a.eq_ignore_ascii_case(&b) || (b == b' ' && a == b'_');
    own.bytes().zip(key.bytes()).all(same).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_say_the_same() {
        for text in [
            "id:0123456789 sub:001 dlvrd:001 submit date:2601310900 done date:2601310901 stat:DELIVRD err:000 text:id:9 stat:UNDELIV",
            "id:0123456789 sub:001 Dlvrd:001 submit date:2601310900 done date:2601310901 stat:DELIVRD err:000 Text:hi\0",
            "id:0123456789 submit date:2601310900 done date:2601310901 stat:DELIVRD err:000",
            "id:0123456789,sub:001,dlvrd:001,submit date:2601310900,done date:2601310901,stat:DELIVRD,err:000,text:",
            "ID:0123456789 SUB:1 DLVRD:1 SUBMIT_DATE:2601310900 DONE_DATE:2601310901 STAT:DELIVRD ERR:000",
        ] {
            let receipt = Receipt::read(text).unwrap();
            assert_eq!(receipt.id, Some("0123456789"), "{text}");
            assert_eq!((receipt.submitted, receipt.done), (Some("2601310900"), Some("2601310901")));
            assert_eq!((receipt.state, receipt.error), ("DELIVRD", Some("000")), "{text}");
        }
        let short = Receipt::read("stat:UNDELIV err:1").unwrap();
        assert_eq!((short.id, short.state, short.error), (None, "UNDELIV", Some("1")));
        for text in ["", "hello", "id:5", "stat:", "statt:x", "é:stat"] {
            assert_eq!(Receipt::read(text), None, "{text}");
        }
    }
}
