//! Money: plain numbers, kept in 10⁻⁹ of a unit.

use super::Complaint;
use crate::chain::spec::Nanounits;

/// The largest amount a scenario may hold, in units.
const LARGEST: f64 = 1e9;

/// Reads an amount as written in TOML (decimal digits, or a float with an exponent).
pub(crate) fn parse(text: &str) -> Result<Nanounits, Complaint> {
    let clean: String = text.trim().chars().filter(|c| *c != '_').collect();
    let value: Option<f64> = clean.parse().ok();
    match value {
        Some(value) if value.is_finite() => {
            if !(0.0..=LARGEST).contains(&value) {
                return Err(Complaint::beyond(
                    text,
                    "out of range",
                    "expected an amount from 0 to 1000000000",
                ));
            }
            // Digit by digit, so that what is printed reads back as the same; only an exponent
            // goes by way of the float, which then is below 10^18 and fits.
            let exact = super::duration::times(clean.trim_start_matches('+'), 1_000_000_000)
                .and_then(|nano| Nanounits::try_from(nano).ok());
            Ok(exact.unwrap_or((value * 1e9).round() as Nanounits))
        }
        _ => Err(Complaint::wrong(text, "an amount", "expected an amount of money such as 0.0079")),
    }
}

/// Writes an amount so that it reads back as the same.
pub(crate) fn print(amount: Nanounits) -> String {
    let text = super::duration::decimal(amount.unsigned_abs(), 1_000_000_000);
    if text.contains('.') { text } else { format!("{text}.0") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        assert_eq!(parse("0.0079"), Ok(7_900_000));
        assert_eq!(parse("100_000.0"), Ok(100_000_000_000_000));
        assert_eq!(parse("1e3"), Ok(1_000_000_000_000));
        assert_eq!(parse("999999999.999999999"), Ok(999_999_999_999_999_999));
        assert_eq!(print(7_900_000), "0.0079");
        assert_eq!(print(5_000_000_000), "5.0");
        for text in ["-1", "1e10", "x", "nan", "inf"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
