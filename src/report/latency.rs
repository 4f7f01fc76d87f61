//! `latency.csv`: every stage's latency, finely by percentile.

use super::Facts;
use crate::chain::Stage;

/// Values beyond a percentile, of 100; then, for the next nine, of 1,000, and so on.
const BEYOND: [u64; 16] = [100, 90, 80, 70, 60, 50, 45, 40, 35, 30, 25, 20, 18, 16, 14, 12];

/// Columns `stage,percentile,seconds`, for stages that something was counted of. Percentiles lie
/// about as dense in −log₁₀(1 − p) everywhere: 0, 10, …, 90, 91, …, 99, 99.1, … as long as there
/// is a value beyond, and 100, the longest.
#[must_use]
pub fn latency(facts: &Facts<'_>) -> String {
    let mut lines = String::from("stage,percentile,seconds\n");
    for stage in Stage::ALL {
        let latency = &facts.total.latency[stage as usize];
        let percentiles = percentiles(latency.count());
        let shares: Vec<f64> = percentiles.iter().map(|&(_, share)| share).collect();
        for ((percentile, _), seconds) in percentiles.iter().zip(latency.quantiles_s(&shares)) {
            if let Some(seconds) = seconds {
                lines.push_str(&format!("{},{percentile},{seconds}\n", stage.name()));
            }
        }
        if let Some(longest) = latency.max_s() {
            lines.push_str(&format!("{},100,{longest}\n", stage.name()));
        }
    }
    lines
}

/// Percentiles and the shares that they are, as long as at least one of `count` values is beyond.
fn percentiles(count: u64) -> Vec<(String, f64)> {
    let mut percentiles = Vec::new();
    // Beyond the percentile are `beyond` of `whole`.
    let mut whole = 100_u64;
    // 10¹² values are more than a run has.
    for decimals in 0..12_usize {
        for beyond in BEYOND {
            if u128::from(beyond) * u128::from(count) < u128::from(whole) {
                return percentiles;
            }
            let share = (whole - beyond) as f64 / whole as f64;
            percentiles.push((percent(whole - beyond, decimals), share));
        }
        whole *= 10;
    }
    percentiles
}

/// `parts` of 10^(`decimals` + 2) in percent, without zeros at the end.
fn percent(parts: u64, decimals: usize) -> String {
    let digits = format!("{parts:0>width$}", width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;

    #[test]
    fn percentiles_are_round_and_end_where_there_are_no_values() {
        let texts = |count| -> Vec<String> {
            percentiles(count).into_iter().map(|(text, _)| text).collect()
        };
        assert_eq!(texts(0), [""; 0]);
        assert_eq!(texts(1), ["0"]);
        assert_eq!(texts(2), ["0", "10", "20", "30", "40", "50"]);
        let many = texts(1000);
        assert_eq!(many[16..20], ["90", "91", "92", "93"]);
        assert_eq!(many[32..35], ["99", "99.1", "99.2"]);
        assert_eq!(many.last().unwrap(), "99.9");
        let share =
            |text: &str| percentiles(10_000).into_iter().find(|(own, _)| own == text).unwrap().1;
        assert_eq!((share("50"), share("95"), share("99.9")), (0.5, 0.95, 0.999));
        assert!(percentiles(u64::MAX).windows(2).all(|pair| pair[0].1 < pair[1].1));
    }

    #[test]
    fn a_row_a_percentile_of_each_stage_that_was_counted() {
        let (spec, run) = (sample::spec(), sample::run());
        let facts = Facts::new(&spec, "", 7, &run);
        let text = latency(&facts);
        assert!(text.starts_with("stage,percentile,seconds\n"), "{text}");
        assert!(!text.contains("carrier_wait"), "{text}");
        let total = &facts.total.latency[Stage::Delivery as usize];
        for (row, p) in [("95", 0.95), ("99.9", 0.999)] {
            let line = format!("\ndelivery,{row},{}\n", total.quantile_s(p).unwrap());
            assert!(text.contains(&line), "{line}");
        }
        assert!(text.contains(&format!("\ndelivery,100,{}\n", total.max_s().unwrap())));
    }
}
