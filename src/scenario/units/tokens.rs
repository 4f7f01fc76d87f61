//! Tokens of a budget: plain numbers with up to three decimals, kept in thousandths.

use super::{Complaint, duration};

/// One token.
const TOKEN: u64 = 1_000;

/// Reads an amount as written in TOML, at most `most` thousandths.
pub(crate) fn parse(text: &str, most: u64) -> Result<u64, Complaint> {
    let expected = || format!("expected a number from 0 to {}", print(most));
    let clean: String = text.trim().chars().filter(|c| *c != '_').collect();
    let clean = clean.strip_prefix('+').unwrap_or(&clean);
    let out = || Complaint::beyond(text, "out of range", expected());
    // An exponent is written out first.
    let plain = match clean.parse::<f64>() {
        Ok(value) if !value.is_finite() || value < 0.0 || value > most as f64 / TOKEN as f64 => {
            return Err(out());
        }
        Ok(value) if clean.contains(['e', 'E']) => value.to_string(),
        Ok(_) => clean.trim_start_matches('-').to_owned(),
        Err(_) => return Err(out()),
    };
    let decimals = plain.split_once('.').map_or("", |(_, decimals)| decimals);
    if decimals.trim_end_matches('0').len() > 3 {
        return Err(Complaint::beyond(text, "too fine", "expected at most three decimals"));
    }
    let amount = duration::times(&plain, TOKEN).and_then(|amount| u64::try_from(amount).ok());
    amount.filter(|amount| *amount <= most).ok_or_else(out)
}

/// Writes an amount so that it reads back as the same.
pub(crate) fn print(amount: u64) -> String {
    duration::decimal(amount, TOKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        let read = |text| parse(text, 1_000_000_000_000).ok();
        assert_eq!(read("500"), Some(500_000));
        assert_eq!(read("0.1"), Some(100));
        assert_eq!(read("1_000.125"), Some(1_000_125));
        assert_eq!((read("1e3"), read("1e-3")), (Some(1_000_000), Some(1)));
        assert_eq!((read("0.1250"), read("-0.0"), read("+2")), (Some(125), Some(0), Some(2_000)));
        for text in ["0.0001", "-1", "1e10", "nan", "inf", "x"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(
            (print(100), print(500_000), print(1)),
            ("0.1".into(), "500".into(), "0.001".into())
        );
    }
}
