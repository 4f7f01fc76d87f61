//! Numbers in words that a person reads.

use super::super::table::number;
use crate::report::read::Known;

pub(super) use number::{fine_span, money, percent, span, used};

/// A count, or any other number: `0.031`, `2.5`, `1,250`, `340 k`, `1.2 M`.
pub(super) fn plain(value: f64) -> String {
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
        let sign = if value < 0.0 { "−" } else { "" };
        return format!("{sign}{}", number::count(whole.abs() as u64));
    }
    digits(value)
}

/// Three digits that count, without zeros at the end.
fn digits(value: f64) -> String {
    let size = value.abs();
    if size < 1e-9 {
        return "0".to_owned();
    }
    let mut decimals = if size >= 99.95 {
        0
    } else if size >= 9.995 {
        1
    } else {
        2_usize
    };
    let mut below = 1.0;
    while size < below && decimals < 12 {
        below /= 10.0;
        decimals += 1;
    }
    let text = format!("{value:.decimals$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.replace('-', "−")
}

/// Percentage points: a tenth of one is enough, unless there is less.
fn points(value: f64) -> String {
    let size = value.abs();
    let decimals = if size >= 0.095 { 1 } else { 2 };
    let text = format!("{size:.decimals$}");
    match text.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        true => "0 pt".to_owned(),
        false => format!("{}{text} pt", if value < 0.0 { "−" } else { "" }),
    }
}

/// A count: exactly, as long as that is short.
pub(super) fn count(value: f64) -> String {
    if (0.0..1e8).contains(&value) { number::count(value.round() as u64) } else { plain(value) }
}

/// What a figure is measured in, and so how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Share,
    /// A difference of shares, in percentage points.
    Points,
    Seconds,
    PerSecond,
    Money,
    Number,
}

impl Measure {
    /// That of a figure of the report.
    pub(super) fn of(path: &str) -> Measure {
        use super::super::Unit;
        match super::super::unit(path) {
            Unit::Share => Measure::Share,
            Unit::Seconds => Measure::Seconds,
            Unit::Money => Measure::Money,
            Unit::Number if path.ends_with("_per_s") => Measure::PerSecond,
            Unit::Number => Measure::Number,
        }
    }

    pub(super) fn write(self, value: f64) -> String {
        match self {
            Measure::Share if value < 0.0 => format!("−{}", percent(-value)),
            Measure::Share => percent(value),
            Measure::Points => points(value * 100.0),
            Measure::Seconds if value < 0.0 => format!("−{}", fine_span(-value)),
            Measure::Seconds => fine_span(value),
            Measure::PerSecond => format!("{}/s", plain(value)),
            Measure::Money => money(value).replace('-', "−"),
            Measure::Number => plain(value),
        }
    }

    /// What differences of such figures are measured in.
    pub(super) fn of_differences(self) -> Measure {
        if self == Measure::Share { Measure::Points } else { self }
    }

    /// A difference, with its sign.
    pub(super) fn write_difference(self, value: f64) -> String {
        let text = self.of_differences().write(value);
        if value > 0.0 { format!("+{text}") } else { text }
    }

    /// The ends of an interval: a share stays one, and what is not below 0 doesn't get there.
    pub(super) fn interval(self, known: Known) -> Option<(f64, f64)> {
        let (mean, half) = (known.mean?, known.half_width.filter(|&half| half > 0.0)?);
        let least = if mean >= 0.0 { 0.0 } else { f64::NEG_INFINITY };
        let most = if self == Measure::Share && mean <= 1.0 { 1.0 } else { f64::INFINITY };
        Some(((mean - half).max(least), (mean + half).min(most)))
    }

    /// `31.2 % ± 0.4`.
    pub(super) fn write_known(self, known: Known) -> String {
        let Some(mean) = known.mean else {
            return "not defined".to_owned();
        };
        match known.half_width.filter(|&half_width| half_width > 1e-12) {
            Some(half_width) if self == Measure::Share => {
                format!("{} {}", percent(mean), number::share_interval(mean, half_width))
            }
            Some(half_width) if (0.0..half_width).contains(&mean) => {
                format!("{} (0–{})", self.write(mean), self.write(mean + half_width))
            }
            Some(half_width) => format!("{} ± {}", self.write(mean), self.write(half_width)),
            None => self.write(mean),
        }
    }
}

/// The path whose words are true of a result in which nothing has a deadline: what is on time is what
/// is delivered.
pub(super) fn truly(path: &str, has_deadline: bool) -> &str {
    match path {
        "divergence.api_vs_on_time" if !has_deadline => "divergence.api_vs_outcome",
        "cost.per_on_time" if !has_deadline => "cost.per_delivered",
        "throughput.on_time_per_s" if !has_deadline => "throughput.delivered_per_s",
        _ => path,
    }
}

/// The same in a word or two.
pub(super) fn short(path: &str) -> String {
    let words = match path {
        "divergence.api_vs_on_time" => "gap",
        "divergence.api_vs_outcome" => "not delivered",
        "latency.delivery.p50_s" => "p50 to delivery",
        "latency.delivery.p95_s" => "p95 to delivery",
        "latency.delivery.p99_s" => "p99 to delivery",
        "attempts.mean" => "attempts",
        "cost.per_on_time" => "cost per on time",
        "cost.per_delivered" => "cost per delivered",
        "duplicates.copies" => "copies too many",
        _ => path,
    };
    words.to_owned()
}

/// A figure of the report in a person's words.
pub(super) fn figure(path: &str) -> String {
    let words = match path {
        "divergence.api_vs_on_time" => "accepted, but not delivered on time",
        "divergence.api_vs_outcome" => "accepted, but not delivered",
        "divergence.api_vs_execution" => "accepted, but not executed",
        "latency.delivery.p50_s" => "median time to delivery",
        "latency.delivery.p95_s" => "95 % delivered after",
        "latency.delivery.p99_s" => "99 % delivered after",
        "latency.delivery.mean_s" => "mean time to delivery",
        "attempts.mean" => "attempts a message",
        "duplicates.delivered_twice" => "delivered twice",
        "duplicates.copies" => "copies too many",
        "cost.per_on_time" => "cost per message on time",
        "cost.per_delivered" => "cost per message delivered",
        "throughput.on_time_per_s" => "delivered on time",
        _ => match path.strip_prefix("within.") {
            Some(time) => return format!("delivered within {time}, of those accepted"),
            None => path,
        },
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let texts: Vec<String> =
            [0.0, 0.031_25, 2.5, 12.0, 1250.0, 99_000.0, 340_000.0, 1.2e6, 3e12, -2.5, 1e30]
                .map(plain)
                .into();
        assert_eq!(
            texts,
            [
                "0", "0.0312", "2.5", "12", "1,250", "99,000", "340 k", "1.2 M", "3 T", "−2.5",
                "1.00e30"
            ]
        );
    }

    #[test]
    fn estimates_and_differences() {
        let known = Known { mean: Some(0.312), half_width: Some(0.004) };
        assert_eq!(Measure::Share.write_known(known), "31.2 % ± 0.4");
        assert_eq!(Measure::Share.write_difference(-0.031), "−3.1 pt");
        assert_eq!(Measure::Share.write_difference(0.024_51), "+2.5 pt");
        assert_eq!(Measure::Share.write_difference(0.000_3), "+0.03 pt");
        assert_eq!(Measure::Seconds.write_difference(2.0), "+2.00 s");
        assert_eq!(Measure::Share.write_known(Known::default()), "not defined");
        let known = Known { mean: Some(0.354), half_width: Some(0.5) };
        assert_eq!(Measure::Share.write_known(known), "35.4 % (0–85.4 %)");
        let known = Known { mean: Some(0.001), half_width: Some(0.198) };
        assert_eq!(Measure::Seconds.write_known(known), "1.00 ms (0–199 ms)");
        let known = Known { mean: Some(0.5), half_width: Some(0.75) };
        assert_eq!(Measure::Share.interval(known), Some((0.0, 1.0)));
        assert_eq!(Measure::Seconds.interval(known), Some((0.0, 1.25)));
    }
}
