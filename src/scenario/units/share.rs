//! Shares: `0.03` or `"3%"`, in [0, 1].

use super::{Complaint, short};

/// Reads a share written as text.
pub(crate) fn parse(text: &str) -> Result<f64, Complaint> {
    let text = text.trim();
    let plain = |number: &str| {
        number.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-' || b == b'+')
    };
    let value: Option<f64> = match text.strip_suffix('%') {
        // The decimal point is moved in the text, so that "0.2%" is exactly 0.002.
        Some(number) if plain(number.trim()) => format!("{}e-2", number.trim()).parse().ok(),
        None if plain(text) => text.parse().ok(),
        _ => None,
    };
    match value {
        Some(value) => check(value, text),
        None => Err(Complaint::wrong(text, "a share", "expected a share such as 0.03 or \"3%\"")),
    }
}

/// Checks that a number is a share; `text` is how it was written.
pub(crate) fn check(value: f64, text: &str) -> Result<f64, Complaint> {
    if (0.0..=1.0).contains(&value) {
        // Without the sign of -0.0.
        return Ok(value + 0.0);
    }
    let complaint = Complaint::beyond(
        text,
        "not a share",
        "expected a share from 0 to 1, or from \"0%\" to \"100%\"",
    );
    Err(if value > 1.0 && value <= 100.0 && !text.ends_with('%') {
        complaint.help(format!("did you mean \"{}%\"?", short(text)))
    } else {
        complaint
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_exact() {
        assert_eq!(parse("0.2%"), Ok(0.002));
        assert_eq!(parse("3%"), Ok(0.03));
        assert_eq!(parse("100 %"), Ok(1.0));
        assert_eq!(parse("3").expect_err("").help.as_deref(), Some("did you mean \"3%\"?"));
        for text in ["", "%", "nan%", "101%", "-1%", "1e-2%", "x"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
