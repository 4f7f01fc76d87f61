//! A scenario as text: tables, keys, and beside each key what it rests on.

use crate::kernel::in_seconds;
use crate::scenario::duration;

/// A scenario that is being written.
#[derive(Debug, Default)]
pub(crate) struct Text(String);

impl Text {
    /// A remark of its own, wrapped.
    pub(crate) fn remark(&mut self, text: &str) {
        const WIDTH: usize = 98;
        let mut line = String::from("#");
        for word in text.split_whitespace() {
            if line.len() + 1 + word.len() > WIDTH {
                self.0.push_str(&line);
                self.0.push('\n');
                line = String::from("#");
            }
            line.push(' ');
            line.push_str(word);
        }
        self.0.push_str(&line);
        self.0.push('\n');
    }

    /// A table's heading, `[scenario]` or `[[provider]]`.
    pub(crate) fn table(&mut self, heading: &str) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
        self.0.push_str(heading);
        self.0.push('\n');
    }

    /// A key with its value in TOML, and a comment if there is anything to say.
    pub(crate) fn key(&mut self, key: &str, value: &str, comment: &str) {
        self.0.push_str(&format!("{key} = {value}"));
        if !comment.is_empty() {
            self.0.push_str("  # ");
            self.0.push_str(comment);
        }
        self.0.push('\n');
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// A text in TOML's quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A name that a scenario takes.
pub(crate) fn name(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_-".contains(c) { c } else { '-' };
    let name: String = text.trim().chars().map(plain).take(64).collect();
    match name.trim_matches('-') {
        "" => "x".to_owned(),
        name => name.to_owned(),
    }
}

/// A number with so many significant digits, without an exponent.
pub(crate) fn digits(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let magnitude = libm::floor(libm::log10(value.abs())) as i32;
    let decimals = (digits - 1 - magnitude).clamp(0, 15);
    let text = format!("{value:.*}", decimals as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A duration of so many seconds, as a scenario has it.
pub(crate) fn span(seconds: f64) -> String {
    span_of(seconds.min(in_seconds(duration::LONGEST)), 6)
}

/// The same as a person reads it.
pub(crate) fn told(seconds: f64) -> String {
    let text = span_of(seconds, 4);
    let unit = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    format!("{} {}", &text[..unit], &text[unit..])
}

fn span_of(seconds: f64, precision: i32) -> String {
    let (factor, unit) = match seconds {
        s if s >= 1.0 => (1.0, "s"),
        s if s >= 1e-3 => (1e3, "ms"),
        s if s >= 1e-6 => (1e6, "us"),
        s if s > 0.0 => (1e9, "ns"),
        _ => return "0s".to_owned(),
    };
    // No finer than the chain's clock.
    let finest = if unit == "ns" { 1 } else { precision };
    format!("{}{unit}", digits(seconds * factor, finest))
}

/// A count as a person reads it: 18,234.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share as a person reads it.
pub(crate) fn percent(share: f64) -> String {
    format!("{} %", digits(100.0 * share, 3))
}

/// So many of a thing: `1 row`, `18,234 rows`.
pub(crate) fn counted(count: u64, one: &str) -> String {
    format!("{} {one}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// So many rows.
pub(crate) fn rows(count: u64) -> String {
    counted(count, "row")
}

/// A span just beyond so many seconds, as someone would have set it.
pub(crate) fn rounded_up(seconds: f64) -> f64 {
    let round = round(seconds, 0.02 * seconds);
    if round >= seconds {
        round
    } else if round > 0.98 * seconds {
        round * 1.02
    } else {
        seconds * 1.001
    }
}

/// The wait as someone would have set it, if it is within a hundredth or within `error` s.
pub(crate) fn round(wait: f64, error: f64) -> f64 {
    const UNITS: [f64; 3] = [1.0, 60.0, 3_600.0];
    const COUNTS: [f64; 19] = [
        1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 45.0, 50.0,
        80.0, 90.0, 160.0,
    ];
    let round = UNITS.iter().flat_map(|unit| COUNTS.iter().map(move |count| unit * count));
    let nearest = round.min_by(|a, b| (a - wait).abs().total_cmp(&(b - wait).abs()));
    nearest.filter(|near| (near - wait).abs() <= error.max(0.01 * wait)).unwrap_or(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_a_scenario_takes_them() {
        assert_eq!(
            [0.09, 3.0, 2.98123456, 4e-7, 0.0].map(span),
            ["90ms", "3s", "2.98123s", "400ns", "0s"]
        );
        assert_eq!(told(2.98123456), "2.981 s");
        assert_eq!([0.000123456, 1234567.0].map(|x| digits(x, 3)), ["0.000123", "1234567"]);
        assert_eq!(grouped(1_018_234), "1,018,234");
        assert_eq!([0, 1, 1_500].map(rows), ["0 rows", "1 row", "1,500 rows"]);
        assert_eq!(percent(0.0213), "2.13 %");
        assert_eq!((name("a b/ç"), name("  ")), ("a-b".to_owned(), "x".to_owned()));
        assert_eq!(quoted("a\"b\n"), "\"a\\\"b\\u000A\"");
    }
}
