//! Numbers as people read them: in tables, on pages and in charts.

mod interval;

use crate::kernel::{Nanos, SECOND};

pub(super) use interval::{
    alone, change, difference, ends, known, signed_with_interval, value, with_half_width,
    with_interval, write,
};

/// `1234567` → `1,234,567`.
pub(super) fn count(count: u64) -> String {
    grouped(&count.to_string())
}

/// A count in a table: nothing is a dot, so that what is there stands out.
pub(super) fn cell(number: u64) -> String {
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
pub(super) fn percent(share: f64) -> String {
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

/// The share of a limit that is used: `84.1 %`, and beyond twice of it `32 × its limit`.
pub(super) fn used(share: f64) -> String {
    match share {
        2.0..9.95 => format!("{share:.1} × its limit"),
        9.95.. => format!("{} × its limit", count(share.round() as u64)),
        _ => percent(share),
    }
}

/// A share in whole percents, rounded down: `0.996` → `99 %`.
pub(super) fn rough(share: f64) -> String {
    format!("{:.0} %", (share * 100.0 + 1e-9).floor())
}

/// The interval of a share: `± 0.3`, or the interval itself where that would leave 0 to 100 %:
/// `(99.3–100 %)`.
pub(super) fn share_interval(share: f64, half_width: f64) -> String {
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
pub(super) fn plus_minus(half_width: f64) -> String {
    let points = half_width * 100.0;
    match points {
        0.095.. => format!("± {points:.1}"),
        0.005.. => format!("± {points:.2}"),
        _ => "± <0.01".to_owned(),
    }
}

/// A measured span, in the unit that suits it: `41 ms`, `3.4 s`, `12 min`.
pub(super) fn span(seconds: f64) -> String {
    in_unit(seconds, |number| usize::from(number < 9.95))
}

/// The same with three digits: `41.2 ms`, `3.44 s`, `11.5 s`, as a span with its interval has them.
pub(super) fn fine_span(seconds: f64) -> String {
    in_unit(seconds, |number| match number {
        ..9.995 => 2,
        9.995..99.95 => 1,
        _ => 0,
    })
}

fn in_unit(seconds: f64, decimals: impl Fn(f64) -> usize) -> String {
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
    // 0.9996 s is 1.0 s, not 1000 ms.
    let (_, unit, name) =
        UNITS.into_iter().find(|unit| seconds < unit.0 * 0.9995).unwrap_or(UNITS[5]);
    let number = seconds / unit;
    format!("{number:.*} {name}", decimals(number))
}

/// A length as it was set, in its two largest units: `2 h 14 min`.
pub(super) fn length(nanos: Nanos) -> String {
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

/// A moment of a run: `0 s`, short ones to a tenth of a second, else as a length.
pub(super) fn moment(at: Nanos) -> String {
    match at {
        0 => "0 s".to_owned(),
        at if at < 120 * SECOND => {
            let text = format!("{:.1}", at as f64 / SECOND as f64);
            format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
        }
        at => length(at),
    }
}

/// A figure of any kind: counts whole, others with five significant digits.
pub(super) fn measured(figure: f64) -> String {
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

/// Money: `1,234.50`; small amounts with their first two digits.
pub(super) fn money(amount: f64) -> String {
    if amount != 0.0 && amount.abs() < 1.0 {
        return format!("{amount:.*}", decimals(amount.abs(), 2).min(9));
    }
    let text = format!("{:.2}", amount.abs());
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let sign = if amount < 0.0 { "-" } else { "" };
    format!("{sign}{}.{cents}", grouped(whole))
}

/// The mean of a sum over `runs`: `8,374`, `36.1`, `4.2`, `0.05`.
pub(super) fn mean(sum: f64, runs: u64) -> String {
    let mean = sum / runs.max(1) as f64;
    let decimals = match mean {
        99.95.. => return count(mean.round() as u64),
        9.995.. => 1,
        _ => 2,
    };
    if mean > 0.0 && mean < 0.005 {
        return "<0.01".to_owned();
    }
    let text = format!("{mean:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A plain number: whole ones grouped, others with three digits that mean something.
pub(super) fn plain(value: f64) -> String {
    let size = value.abs();
    let sign = if value < 0.0 { "−" } else { "" };
    let is_whole = size == libm::trunc(size);
    let decimals = if is_whole { 0 } else { decimals(size, 3).min(9) };
    let text = match decimals {
        // Beyond that a float is no count.
        0 if size >= 9e15 => format!("{size:e}"),
        0 => count(libm::round(size) as u64),
        _ => format!("{size:.decimals$}"),
    };
    let text = if !is_whole && is_nothing(&text) { format!("{size:e}") } else { text };
    format!("{sign}{text}")
}

/// The same in a word, as ticks have it: `0.031`, `2.5`, `1,250`, `340 k`, `1.2 M`.
pub(super) fn short(value: f64) -> String {
    const LARGE: [(f64, &str); 5] = [(1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")];
    let size = value.abs();
    if size >= 1e21 {
        return format!("{value:.2e}");
    }
    for (unit, name) in LARGE {
        if size >= unit * 0.9995 {
            return format!("{} {name}", digits(value / unit));
        }
    }
    if size >= 99_950.0 {
        return format!("{} k", digits(value / 1e3));
    }
    let whole = value.round();
    if size >= 1000.0 || (size >= 1.0 && (value - whole).abs() < 1e-9) {
        return minus(&format!("{}{}", sign(value), count(whole.abs() as u64)));
    }
    digits(value)
}

/// Three digits that count, without zeros at the end.
fn digits(value: f64) -> String {
    let size = value.abs();
    if size < 1e-9 {
        return "0".to_owned();
    }
    let text = format!("{value:.*}", decimals(size, 3).min(13));
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    minus(text)
}

/// A count that may be none: exactly, as long as that is short.
pub(super) fn short_count(value: f64) -> String {
    if (0.0..1e8).contains(&value) { count(value.round() as u64) } else { short(value) }
}

/// Decimals that show so many digits of a number.
fn decimals(number: f64, digits: i32) -> usize {
    if number <= 0.0 {
        return 0;
    }
    usize::try_from(digits - 1 - libm::floor(libm::log10(number)) as i32).unwrap_or(0)
}

/// True if a number without a sign was rounded to nothing.
fn is_nothing(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0' | b'.'))
}

fn sign(value: f64) -> &'static str {
    if value < 0.0 { "-" } else { "" }
}

/// With a minus as printers have it.
fn minus(text: &str) -> String {
    text.replace('-', "−")
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
    fn moments() {
        let said = [0, 12 * SECOND, 12_500 * SECOND / 1000, 600 * SECOND].map(moment);
        assert_eq!(said, ["0 s", "12 s", "12.5 s", "10 min"]);
    }

    #[test]
    fn a_mean_shows_what_counts() {
        let means = [(167_487.0, "8,374"), (722.0, "36.1"), (84.0, "4.2"), (20.0, "1")];
        for (sum, shown) in means {
            assert_eq!(mean(sum, 20), shown);
        }
        assert_eq!((mean(1.0, 1000).as_str(), mean(0.0, 20).as_str()), ("<0.01", "0"));
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

    #[test]
    fn plain_numbers_have_three_digits() {
        for (value, text) in [
            (0.0, "0"),
            (1_234_567.0, "1,234,567"),
            (-3.0, "−3"),
            (0.891_37, "0.891"),
            (0.000_123_4, "0.000123"),
            (5.0891, "5.09"),
            (50.31, "50.3"),
            (12_345.6, "12,346"),
            (1e-12, "1e-12"),
            (1e18, "1e18"),
        ] {
            assert_eq!(plain(value), text);
        }
    }

    #[test]
    fn ticks_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (0.031_25, "0.0312"),
            (2.5, "2.5"),
            (12.0, "12"),
            (1250.0, "1,250"),
            (99_000.0, "99,000"),
            (340_000.0, "340 k"),
            (1.2e6, "1.2 M"),
            (3e12, "3 T"),
            (-2.5, "−2.5"),
            (1e30, "1.00e30"),
        ] {
            assert_eq!(short(value), text);
        }
    }
}
