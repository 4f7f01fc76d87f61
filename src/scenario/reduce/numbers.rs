//! Numbers with fewer digits.

use super::super::Scenario;
use super::super::quantity::Quantity;
use super::super::units::rate;
use super::Reduction;
use crate::kernel::Nanos;

/// Nanoseconds of a second.
const NANO: f64 = 1e9;
/// Units that durations are rounded in, largest first.
const UNITS: [Nanos; 6] = [3_600_000_000_000, 60_000_000_000, 1_000_000_000, 1_000_000, 1_000, 1];

/// The number with two significant digits.
pub(super) fn neat(number: f64) -> f64 {
    format!("{number:.1e}").parse().unwrap_or(number)
}

/// A duration of two significant digits of its unit.
pub(super) fn neat_duration(nanos: f64) -> Nanos {
    let unit = UNITS.into_iter().find(|&unit| nanos >= unit as f64).unwrap_or(1) as f64;
    (neat(nanos / unit) * unit).round() as Nanos
}

/// Every number of more than two significant digits, rounded to two; how it is run is not what it is.
pub(super) fn numbers(scenario: &Scenario) -> Vec<Reduction> {
    let settings = scenario.numbers().into_iter();
    let own =
        settings.filter(|own| !own.path.starts_with("scenario.") && !own.path.ends_with(".id"));
    own.filter_map(|own| {
        let set = format!("{}={}", own.path, rounded(own.quantity, own.value)?);
        Some(Reduction { what: set.replacen('=', " = ", 1), unset: vec![], set: vec![set] })
    })
    .collect()
}

/// A rounder one; `None` if it is round, or in a unit that is left as it is.
fn rounded(quantity: Quantity, value: f64) -> Option<String> {
    let rounder = match quantity {
        Quantity::Duration => neat_duration((value * NANO).round()) as f64 / NANO,
        Quantity::Integer => neat(value).trunc(),
        Quantity::Rate | Quantity::Number | Quantity::Share => neat(value),
        Quantity::Thousandths | Quantity::Money => return None,
    };
    let text = || match quantity {
        Quantity::Rate => rate::print(rounder),
        _ => quantity.write(rounder),
    };
    (rounder != value).then(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_of_its_unit() {
        assert_eq!([0.123_4, 987.0, 0.0].map(neat), [0.12, 990.0, 0.0]);
        let minutes = |count: f64| (count * 60e9) as Nanos;
        assert_eq!(neat_duration(7.54 * 60e9), minutes(7.5));
        assert_eq!(neat_duration(61.0 * 60e9), minutes(60.0));
        let text = |quantity, value| rounded(quantity, value).unwrap_or_default();
        assert_eq!(text(Quantity::Duration, 0.45), "");
        assert_eq!(text(Quantity::Duration, 0.453), "450ms");
        assert_eq!(text(Quantity::Rate, 632.5), "630/s");
        assert_eq!(text(Quantity::Integer, 200_000.0), "");
        assert_eq!(text(Quantity::Money, 1.234), "");
    }
}
