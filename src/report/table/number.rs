//! Numbers as people read them.

use crate::kernel::{Nanos, SECOND};

/// `1234567` → `1,234,567`.
pub(in crate::report) fn count(count: u64) -> String {
    grouped(&count.to_string())
}

/// A count in a table: nothing is a dot, so that what is there stands out.
pub(in crate::report) fn cell(number: u64) -> String {
    if number == 0 { "·".to_owned() } else { count(number) }
}

fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `0.0413` → `4.1 %`. Only nothing is 0 %, only everything is 100 %.
pub(in crate::report) fn percent(share: f64) -> String {
    if share <= 0.0 {
        return "0 %".to_owned();
    }
    if share >= 1.0 {
        return format!("{:.0} %", share * 100.0);
    }
    let edge = share.min(1.0 - share);
    if edge >= 0.001 {
        format!("{:.1} %", share * 100.0)
    } else if edge >= 0.0001 {
        format!("{:.2} %", share * 100.0)
    } else if share < 0.5 {
        "<0.01 %".to_owned()
    } else {
        ">99.99 %".to_owned()
    }
}

/// How much of a limit is used: `84.1 %`, and beyond twice of it `32 × its limit`.
pub(in crate::report) fn used(share: f64) -> String {
    match share {
        2.0..9.95 => format!("{share:.1} × its limit"),
        9.95.. => format!("{} × its limit", count(share.round() as u64)),
        _ => percent(share),
    }
}

/// A share in whole percents, rounded down: `0.996` → `99 %`.
pub(in crate::report) fn rough(share: f64) -> String {
    format!("{:.0} %", (share * 100.0 + 1e-9).floor())
}

/// What a share is held against: `± 0.3`, or the interval itself where that would leave 0 to 100 %:
/// `(99.3–100 %)`.
pub(in crate::report) fn share_interval(share: f64, half_width: f64) -> String {
    let (low, high) = (share - half_width, share + half_width);
    // Shares alone: a utilisation may be above 1.
    if (low >= 0.0 && high <= 1.0) || !(0.0..=1.0).contains(&share) {
        return plus_minus(half_width);
    }
    let decimals = if half_width >= 0.000_95 { 1 } else { 2 };
    let end = |share: f64| match share {
        1.0.. => "100".to_owned(),
        0.0 => "0".to_owned(),
        share => format!("{:.decimals$}", share * 100.0),
    };
    format!("({}–{} %)", end(low.max(0.0)), end(high.min(1.0)))
}

/// A half-width in points: `0.0031` → `± 0.3`.
pub(in crate::report) fn plus_minus(half_width: f64) -> String {
    let points = half_width * 100.0;
    match points {
        0.095.. => format!("± {points:.1}"),
        0.005.. => format!("± {points:.2}"),
        _ => "± <0.01".to_owned(),
    }
}

/// A measured span, in the unit that suits it: `41 ms`, `3.4 s`, `12 min`.
pub(in crate::report) fn span(seconds: f64) -> String {
    const UNITS: [(f64, f64, &str); 6] = [
        (1e-3, 1e-6, "µs"),
        (1.0, 1e-3, "ms"),
        (120.0, 1.0, "s"),
        (7200.0, 60.0, "min"),
        (172_800.0, 3600.0, "h"),
        (f64::INFINITY, 86_400.0, "d"),
    ];
    if seconds <= 0.0 {
        return "0".to_owned();
    }
    for (below, unit, name) in UNITS {
        // 0.9996 s is 1.0 s, not 1000 ms.
        if seconds < below * 0.9995 {
            let number = seconds / unit;
            return if number < 9.95 {
                format!("{number:.1} {name}")
            } else {
                format!("{number:.0} {name}")
            };
        }
    }
    format!("{seconds} s")
}

/// The same with three digits: `41.2 ms`, `3.44 s`, `11.5 s`, as a span with its interval has them.
pub(in crate::report) fn fine_span(seconds: f64) -> String {
    let text = span(seconds);
    let Some((_, name)) = text.split_once(' ') else {
        return text;
    };
    let unit = match name {
        "µs" => 1e-6,
        "ms" => 1e-3,
        "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => 1.0,
    };
    let number = seconds / unit;
    match number {
        ..9.995 => format!("{number:.2} {name}"),
        9.995..99.95 => format!("{number:.1} {name}"),
        _ => format!("{number:.0} {name}"),
    }
}

/// A length as it was set, in its two largest units: `2 h 14 min`.
pub(in crate::report) fn length(nanos: Nanos) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let seconds = nanos / SECOND;
    if seconds < 60 {
        return span(nanos as f64 / SECOND as f64);
    }
    let first = UNITS.iter().position(|&(unit, _)| seconds >= unit).unwrap_or(3);
    let (unit, name) = UNITS[first];
    let mut length = format!("{} {name}", seconds / unit);
    if let Some(&(smaller, name)) = UNITS.get(first + 1) {
        let rest = seconds % unit / smaller;
        if rest > 0 {
            length.push_str(&format!(" {rest} {name}"));
        }
    }
    length
}

/// A figure of any kind: counts whole, others with five significant digits.
pub(in crate::report) fn measured(figure: f64) -> String {
    if figure.fract() == 0.0 && figure.abs() < 1e15 {
        return format!("{figure:.0}");
    }
    let short: f64 = format!("{figure:.4e}").parse().unwrap_or(figure);
    short.to_string()
}

/// The same with whole numbers in groups: `94,169`.
pub(super) fn grouped_figure(figure: f64) -> String {
    let text = measured(figure);
    if !text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
        return text;
    }
    match text.strip_prefix('-') {
        Some(digits) => format!("-{}", grouped(digits)),
        None => grouped(&text),
    }
}

/// Money: `1,234.50`; small amounts with their first three digits.
pub(in crate::report) fn money(amount: f64) -> String {
    if amount != 0.0 && amount.abs() < 1.0 {
        let mut decimals = 2;
        let mut small = amount.abs();
        while small < 0.1 && decimals < 9 {
            small *= 10.0;
            decimals += 1;
        }
        return format!("{amount:.decimals$}");
    }
    let text = format!("{:.2}", amount.abs());
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let sign = if amount < 0.0 { "-" } else { "" };
    format!("{sign}{}.{cents}", grouped(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(cell(0), "·");
    }

    #[test]
    fn only_everything_is_a_hundred_percent() {
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.000_001), "<0.01 %");
        assert_eq!(percent(0.000_4), "0.04 %");
        assert_eq!(percent(0.041_3), "4.1 %");
        assert_eq!(percent(0.999_6), "99.96 %");
        assert_eq!(percent(0.999_999), ">99.99 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(1.25), "125 %");
        assert_eq!((rough(0.996), rough(0.29)), ("99 %".to_owned(), "29 %".to_owned()));
    }

    #[test]
    fn intervals_of_shares_stay_within_them() {
        for (share, half_width, said) in [
            (0.5, 0.003, "± 0.3"),
            (0.354, 0.187, "± 18.7"),
            (0.099, 0.172, "(0–27.1 %)"),
            (0.998, 0.005, "(99.3–100 %)"),
            (0.000_2, 0.000_5, "(0–0.07 %)"),
            (0.5, 0.7, "(0–100 %)"),
            (1.2, 0.3, "± 30.0"),
        ] {
            assert_eq!(share_interval(share, half_width), said);
        }
    }

    #[test]
    fn spans() {
        assert_eq!(span(0.0), "0");
        assert_eq!(span(0.000_25), "250 µs");
        assert_eq!(span(0.0412), "41 ms");
        assert_eq!(span(0.999_7), "1.0 s");
        assert_eq!(span(3.44), "3.4 s");
        assert_eq!(span(48.0), "48 s");
        assert_eq!(span(720.0), "12 min");
        assert_eq!(span(10_800.0), "3.0 h");
        assert_eq!(span(1e6), "12 d");
    }

    #[test]
    fn spans_as_fine_as_their_intervals() {
        for (seconds, said) in [
            (0.0, "0"),
            (0.000_25, "250 µs"),
            (0.041_23, "41.2 ms"),
            (0.999_7, "1.00 s"),
            (3.444, "3.44 s"),
            (11.46, "11.5 s"),
            (99.97, "100 s"),
            (107.307, "107 s"),
            (720.0, "12.0 min"),
        ] {
            assert_eq!(fine_span(seconds), said);
        }
    }

    #[test]
    fn what_is_beyond_its_limit_is_counted_in_limits() {
        let said = [0.84, 1.25, 2.0, 31.94, 1234.0].map(used);
        assert_eq!(
            said,
            ["84.0 %", "125 %", "2.0 × its limit", "32 × its limit", "1,234 × its limit"]
        );
    }

    #[test]
    fn lengths() {
        assert_eq!(length(3600 * SECOND), "1 h");
        assert_eq!(length(8040 * SECOND), "2 h 14 min");
        assert_eq!(length(61 * SECOND), "1 min 1 s");
        assert_eq!(length(SECOND / 2), "500 ms");
    }

    #[test]
    fn figures() {
        let cases = [(0.125_939_177, "0.12594"), (86.0, "86"), (1_234.567_89, "1234.6")];
        for (figure, said) in cases {
            assert_eq!(measured(figure), said);
        }
    }

    #[test]
    fn amounts() {
        assert_eq!(money(0.0), "0.00");
        assert_eq!(money(1234.5), "1,234.50");
        assert_eq!(money(-20.0), "-20.00");
        assert_eq!(money(0.008_4), "0.0084");
    }
}
