//! Limits that no share can reach, `within.30s >= 97` means 97 %, and percentages of what is no share.

use std::ops::Range;

use crate::expression::{Arithmetic, Expression, Operand};
use crate::report::{Unit, meaning, unit};

/// A limit beyond all that a side can be: the comparison is always true or never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// The limit's bytes in the expression's text.
    pub range: Range<usize>,
    /// The error, one sentence without a full stop.
    pub message: String,
    /// The thing that was expected there.
    pub expected: String,
    /// The way out, if one can be guessed.
    pub help: Option<String>,
}

/// The limits of an expression that no share, or sum, difference or multiple of shares, can reach, and those
/// that are percentages where the other side is no share.
#[must_use]
pub fn beyond(expression: &Expression) -> Vec<Beyond> {
    let comparisons = expression.comparisons().into_iter().zip(expression.sides());
    let found = comparisons.filter_map(|(comparison, [left, right])| {
        against(comparison.left, comparison.right, right)
            .or_else(|| against(comparison.right, comparison.left, left))
    });
    found.collect()
}

fn against(side: &Operand, limit: &Operand, range: &Range<usize>) -> Option<Beyond> {
    if let Some(found) = no_share(side, limit, range) {
        return Some(found);
    }
    let value = limit.constant()?;
    let (least, most) = side.constant().is_none().then(|| span(side)).flatten()?;
    if (least..=most).contains(&value) {
        return None;
    }
    let written = limit.to_string();
    let plain = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let fits = plain && (least..=most).contains(&(value / 100.0));
    let message = match side {
        Operand::Path(_) => format!("a share is 0 to 1, and this is {written}"),
        _ => format!("`{side}` is {least} to {most}, and this is {written}"),
    };
    Some(Beyond {
        range: range.clone(),
        message,
        expected: "expected a share: a number from 0 to 1, or a percentage".to_owned(),
        help: fits.then(|| format!("did you mean {written}%?")),
    })
}

/// A percentage that a count, a time, a rate or an amount is compared with.
fn no_share(side: &Operand, limit: &Operand, range: &Range<usize>) -> Option<Beyond> {
    let (Operand::Path(path), Operand::Value(_, written)) = (side, limit) else { return None };
    let (is, expected) = match unit(path) {
        Unit::Share | Unit::Points => return None,
        Unit::Seconds => ("a time", "a duration, such as 30s"),
        Unit::PerSecond => ("a number a second", "a number"),
        Unit::Money => ("an amount of money", "a number"),
        Unit::Number => ("a number", "a number"),
    };
    let is_known = meaning(path).is_some() && written.ends_with('%');
    is_known.then(|| Beyond {
        range: range.clone(),
        message: format!("`{path}` is {is}, and this is {written}"),
        expected: format!("expected {expected}"),
        help: Some(
            "shares are such as of_requested.delivered, within.30s or divergence.api_vs_on_time"
                .to_owned(),
        ),
    })
}

/// From where to where a side can be; `None` if it isn't made of shares alone.
fn span(side: &Operand) -> Option<(f64, f64)> {
    match side {
        // More than all of a throttle is taken where its burst is large for the time.
        Operand::Path(path) if path.ends_with(".throttle_utilisation") => Some((0.0, 10.0)),
        Operand::Path(path) => (unit(path) == Unit::Share).then_some((0.0, 1.0)),
        Operand::Value(number, _) => Some((*number, *number)),
        Operand::Computed(left, how, right) => {
            let ((a, b), (c, d)) = (span(left)?, span(right)?);
            match how {
                Arithmetic::Plus => Some((a + c, b + d)),
                Arithmetic::Minus => Some((a - d, b - c)),
                Arithmetic::Times => {
                    let products = [a * c, a * d, b * c, b * d];
                    let least = products.into_iter().fold(f64::INFINITY, f64::min);
                    Some((least, products.into_iter().fold(f64::NEG_INFINITY, f64::max)))
                }
                // Of what a small share divides there is no most.
                Arithmetic::Over => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(text: &str) -> Option<(String, Option<String>)> {
        let expression = Expression::parse(text).unwrap();
        let found = beyond(&expression).into_iter().next()?;
        assert!(found.message.contains(&text[found.range.clone()]), "{text}: {found:?}");
        Some((text[found.range].to_owned(), found.help))
    }

    #[test]
    fn a_share_is_0_to_1() {
        for (text, place, meant) in [
            ("within.30s >= 97", "97", Some("97%")),
            ("97.5 <= traffic.otp.within.30s", "97.5", Some("97.5%")),
            ("of_requested.delivered > 50 and requests.total > 97", "50", Some("50%")),
            ("not divergence.api_vs_on_time < 5", "5", Some("5%")),
            ("providers.a.window_utilisation < 80", "80", Some("80%")),
            ("carriers.a.throttle_utilisation < 80", "80", Some("80%")),
            ("incidents.cut.on_time_during >= 150%", "150%", None),
            ("queues.main.utilisation > -1", "-1", None),
            ("within.30s >= 30s", "30s", None),
            ("within.30s > 500", "500", None),
            ("within.30s - within.5s > 20", "20", Some("20%")),
            ("of_requested.delivered + 1% > 60 ", "60", Some("60%")),
        ] {
            let meant = meant.map(|meant| format!("did you mean {meant}?"));
            assert_eq!(help(text), Some((place.to_owned(), meant)), "{text}");
        }
    }

    #[test]
    fn what_is_no_share_has_no_percentage() {
        for text in
            ["layers.outcome_success >= 88%", "latency.delivery.p95_s < 5%", "requests.total > 97%"]
        {
            let (place, meant) = help(text).unwrap();
            assert!(text.ends_with(&place) && place.ends_with('%'), "{text}: {place}");
            assert!(meant.unwrap().contains("of_requested.delivered"), "{text}");
        }
    }

    #[test]
    fn other_figures_and_what_a_share_can_be_are_let_be() {
        for text in [
            "within.30s >= 97%",
            "within.30s > 1 or within.30s < 0",
            "latency.delivery.p95_s < 30",
            "requests.total > 97",
            "attempts.mean > 1.5",
            "within.30s - within.5s > -20%",
            "100 * within.30s >= 97",
            "within.30s / within.5s < 3",
            "within.30s < within.5s + 2",
            "carriers.a.throttle_utilisation < 120%",
            "providers.within.accepted > 97",
            "cost.per_on_time < 2",
            "1 < 2",
        ] {
            assert_eq!(help(text), None, "{text}");
        }
    }
}
