//! Rates: `"50/s"`, `"3000/min"`, `"10/h"`, `"200000/day"`.

use super::{Complaint, short};
use crate::scenario::DiagnosticKind;

/// The highest rate a scenario may hold, per second.
pub(crate) const HIGHEST: f64 = 1e9;

/// Reads a rate, per second.
pub(crate) fn parse(text: &str) -> Result<f64, Complaint> {
    let text = text.trim();
    let Some((number, unit)) = text.split_once('/') else {
        return Err(match number(text) {
            Some(_) => without_unit(text),
            None => expected(text),
        });
    };
    let Some(value) = self::number(number.trim()) else {
        return Err(expected(text));
    };
    let seconds = match unit.trim() {
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3_600.0,
        "day" => 86_400.0,
        other => return Err(unknown(number.trim(), other)),
    };
    if value < 0.0 {
        return Err(Complaint::beyond(text, "below 0", "expected a rate of 0 or more"));
    }
    let rate = value / seconds;
    if rate > HIGHEST {
        return Err(Complaint::beyond(text, "too high", "expected at most 1000000000/s"));
    }
    Ok(rate)
}

/// The complaint about a number without a unit.
pub(crate) fn without_unit(number: &str) -> Complaint {
    Complaint::new(
        DiagnosticKind::MissingUnit,
        format!("`{}` has no unit", short(number)),
        "expected a rate per s, min, h or day",
    )
    .help(format!("did you mean \"{}/s\"?", short(number)))
}

fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    if !plain {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

fn expected(text: &str) -> Complaint {
    Complaint::wrong(
        text,
        "a rate",
        "expected a rate such as \"50/s\", \"3000/min\", \"10/h\" or \"200000/day\"",
    )
}

fn unknown(number: &str, unit: &str) -> Complaint {
    let guess = match unit.to_lowercase().as_str() {
        "sec" | "second" => Some("s"),
        "m" | "minute" => Some("min"),
        "hr" | "hour" => Some("h"),
        "d" => Some("day"),
        _ => None,
    };
    let complaint = Complaint::new(
        DiagnosticKind::WrongUnit,
        format!("`{}` is not a unit of a rate", short(unit)),
        "rates are per s, min, h or day",
    );
    match guess {
        Some(guess) => complaint.help(format!("did you mean \"{}/{guess}\"?", short(number))),
        None => complaint,
    }
}

/// Writes a rate so that it reads back as the same.
pub(crate) fn print(rate: f64) -> String {
    format!("{rate}/s")
}

/// Writes a rate so that it reads back as the same: per second unless another unit takes far fewer
/// digits.
pub(crate) fn readable(rate: f64) -> String {
    const WORTH: usize = 2;
    let per_second = print(rate);
    let units = [("min", 60.0), ("h", 3_600.0), ("day", 86_400.0)];
    let others = units.into_iter().map(|(unit, seconds)| format!("{}/{unit}", rate * seconds));
    let exact = others.filter(|text| parse(text) == Ok(rate));
    let digits = |text: &String| text.find('/').unwrap_or(0);
    match exact.min_by_key(digits) {
        Some(other) if digits(&other) + WORTH < digits(&per_second) => other,
        _ => per_second,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_reads() {
        for (text, rate) in
            [("50/s", 50.0), ("3000/min", 50.0), ("10/h", 10.0 / 3_600.0), ("632.5 / s", 632.5)]
        {
            assert_eq!(parse(text), Ok(rate));
            assert_eq!(parse(&print(rate)), Ok(rate));
        }
    }

    #[test]
    fn a_readable_rate_has_few_digits() {
        for text in ["50/s", "0.5/s", "10/min", "10/h", "200000/day", "0/s", "632.5/s"] {
            assert_eq!(readable(parse(text).expect("")), text);
        }
    }

    #[test]
    fn complaints_name_the_units() {
        assert_eq!(parse("5").expect_err("").help.as_deref(), Some("did you mean \"5/s\"?"));
        assert_eq!(parse("5/fortnight").expect_err("").label, "rates are per s, min, h or day");
        assert_eq!(parse("5/m").expect_err("").help.as_deref(), Some("did you mean \"5/min\"?"));
        for text in ["", "/", "/s", "nan/s", "inf/s", "-1/s", "1e300/s", "2e9/s"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
