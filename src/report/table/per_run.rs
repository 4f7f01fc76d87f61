//! What a sum over several replications comes to in one of them.

use crate::report::number::{count, money};

/// The mean of a count over `runs`: `8,374`, `36.1`, `4.2`, `0.05`.
pub(in crate::report) fn mean(sum: f64, runs: u64) -> String {
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

/// ` (8,374 a run)`; nothing of a single run, or of nothing.
pub(super) fn beside(sum: u64, runs: u64) -> String {
    if runs <= 1 || sum == 0 {
        return String::new();
    }
    format!(" ({} a run)", mean(sum as f64, runs))
}

/// The same of money.
pub(super) fn money_beside(sum: f64, runs: u64) -> String {
    if runs <= 1 || sum == 0.0 {
        return String::new();
    }
    format!(" ({} a run)", money(sum / runs as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_shows_what_counts() {
        let means = [(167_487.0, "8,374"), (722.0, "36.1"), (84.0, "4.2"), (20.0, "1")];
        for (sum, shown) in means {
            assert_eq!(mean(sum, 20), shown);
        }
        assert_eq!((mean(1.0, 1000).as_str(), mean(0.0, 20).as_str()), ("<0.01", "0"));
        assert_eq!(beside(84, 20), " (4.2 a run)");
        assert_eq!(beside(84, 1) + &beside(0, 20) + &money_beside(5.0, 1), "");
        assert_eq!(money_beside(5.0, 20), " (0.25 a run)");
    }
}
