//! Durations: `"90s"`, `"2h30m"`, `"7.46s"`.

use super::{Complaint, short};
use crate::kernel::Nanos;
use crate::scenario::DiagnosticKind;
use crate::scenario::nearest::nearest;

/// The longest duration a scenario may hold: ten years of 365 days.
pub(crate) const LONGEST: Nanos = 10 * 365 * DAY;
/// One day.
pub(crate) const DAY: Nanos = 24 * HOUR;
const HOUR: Nanos = 60 * MINUTE;
const MINUTE: Nanos = 60 * SECOND;
/// One second.
pub(crate) const SECOND: Nanos = 1_000 * MILLISECOND;
/// One millisecond.
pub(crate) const MILLISECOND: Nanos = 1_000_000;

/// The units with their lengths.
const UNITS: [(&str, Nanos); 9] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", MILLISECOND),
    ("s", SECOND),
    ("m", MINUTE),
    ("min", MINUTE),
    ("h", HOUR),
    ("d", DAY),
];

/// The unit of that name, in nanoseconds.
pub(crate) fn unit(name: &str) -> Option<Nanos> {
    UNITS.iter().find(|(unit, _)| *unit == name).map(|(_, length)| *length)
}

/// Reads a duration; what is finer than a nanosecond is rounded.
pub(crate) fn parse(text: &str) -> Result<Nanos, Complaint> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(expected("an empty string is not a duration"));
    }
    if let Some(number) = rest.strip_prefix('-')
        && parse(number).is_ok()
    {
        return Err(Complaint::beyond(text, "below 0", "expected a duration of 0 or more"));
    }
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let tail = tail.trim_start();
        let letters = tail
            .find(|c: char| c.is_ascii_digit() || c == '.' || c.is_whitespace())
            .unwrap_or(tail.len());
        let (name, tail) = tail.split_at(letters);
        if number.is_empty() {
            return Err(expected(&format!("`{}` is not a duration", short(text))));
        }
        if name.is_empty() {
            return Err(without_unit(number));
        }
        let Some(length) = unit(name) else {
            return Err(unknown(number, name));
        };
        let Some(part) = times(number, length) else {
            return Err(expected(&format!("`{}` is not a duration", short(text))));
        };
        total = total.saturating_add(part);
        rest = tail.trim_start();
    }
    match Nanos::try_from(total) {
        Ok(nanos) if nanos <= LONGEST => Ok(nanos),
        _ => Err(Complaint::beyond(text, "too long", "expected at most 10 years (3650d)")),
    }
}

/// A decimal number × a length in nanoseconds, rounded; `None` if it isn't one.
pub(crate) fn times(number: &str, length: Nanos) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole: u128 = if whole.len() > 20 {
        whole.trim_start_matches('0').get(..20).map_or(0, |_| u128::from(u64::MAX))
    } else if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    // 18 digits are finer than a nanosecond in any unit.
    let fraction = fraction.get(..18).unwrap_or(fraction);
    let scale = (0..fraction.len()).fold(1_u128, |scale, _| scale * 10);
    let part: u128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let length = u128::from(length);
    Some(whole.saturating_mul(length).saturating_add((part * length + scale / 2) / scale))
}

/// The complaint about a number without a unit.
pub(crate) fn without_unit(number: &str) -> Complaint {
    Complaint::new(
        DiagnosticKind::MissingUnit,
        format!("`{}` has no unit", short(number)),
        "expected a duration with a unit: ns, us, ms, s, min, h or d",
    )
    .help(format!("did you mean \"{}s\"?", short(number)))
}

fn expected(message: &str) -> Complaint {
    Complaint::new(
        DiagnosticKind::WrongType,
        message,
        "expected a duration such as \"90s\", \"1.5ms\" or \"2h30m\"",
    )
}

fn unknown(number: &str, name: &str) -> Complaint {
    let guess = match name.to_lowercase().as_str() {
        "sec" | "secs" | "second" | "seconds" => Some("s"),
        "mins" | "minute" | "minutes" => Some("min"),
        "hr" | "hrs" | "hour" | "hours" => Some("h"),
        "day" | "days" => Some("d"),
        "msec" | "millis" | "milliseconds" => Some("ms"),
        "/s" => None,
        other => nearest(other, UNITS.iter().map(|(unit, _)| *unit)),
    };
    let complaint = Complaint::new(
        DiagnosticKind::WrongUnit,
        format!("`{}` is not a unit of time", short(name)),
        "expected ns, us, ms, s, min, h or d",
    );
    match guess {
        Some(guess) => complaint.help(format!("did you mean \"{}{guess}\"?", short(number))),
        None => complaint,
    }
}

/// Writes a duration so that it reads back as the same: `1h30m`, `1.5ms`.
pub(crate) fn print(nanos: Nanos) -> String {
    if nanos == 0 {
        return "0s".to_owned();
    }
    if nanos < 1_000 {
        return format!("{nanos}ns");
    }
    if nanos < MILLISECOND {
        return format!("{}us", decimal(nanos, 1_000));
    }
    if nanos < SECOND {
        return format!("{}ms", decimal(nanos, MILLISECOND));
    }
    let mut out = String::new();
    let mut rest = nanos;
    for (name, length) in [("d", DAY), ("h", HOUR), ("m", MINUTE)] {
        if rest >= length {
            out.push_str(&format!("{}{name}", rest / length));
            rest %= length;
        }
    }
    if rest > 0 {
        out.push_str(&format!("{}s", decimal(rest, SECOND)));
    }
    out
}

/// `value / unit` in decimals, exactly; `unit` is a power of ten.
pub(crate) fn decimal(value: u64, unit: u64) -> String {
    let whole = value / unit;
    let part = value % unit;
    if part == 0 {
        return whole.to_string();
    }
    let digits = unit.to_string().len() - 1;
    let part = format!("{part:0digits$}");
    format!("{whole}.{}", part.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_form_reads() {
        for (text, nanos) in [
            ("90s", 90 * SECOND),
            ("2h30m", 150 * MINUTE),
            ("1h 5min", 65 * MINUTE),
            ("7.46s", 7_460_000_000),
            ("0.5us", 500),
            (".5s", 500_000_000),
            ("1d", DAY),
            ("0s", 0),
        ] {
            assert_eq!(parse(text), Ok(nanos), "{text}");
        }
    }

    #[test]
    fn complaints_show_the_fix() {
        let complaint = parse("5").expect_err("no unit");
        assert_eq!(complaint.help.as_deref(), Some("did you mean \"5s\"?"));
        assert_eq!(parse("5 hours").expect_err("").help.as_deref(), Some("did you mean \"5h\"?"));
        for text in ["", "s", "-1s", "1..2s", "1e3s", "11y", "3651d", "99999999999999999999999d"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn printing_is_exact(nanos in 0..LONGEST) {
            prop_assert_eq!(parse(&print(nanos)), Ok(nanos));
            prop_assert_eq!(parse(&print(nanos % 5_000_000_000)), Ok(nanos % 5_000_000_000));
        }

        #[test]
        fn any_text_is_met_without_panic(text in ".*") {
            let _ = parse(&text);
        }
    }
}
