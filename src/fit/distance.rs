//! Distances of two logs, as process mining measures them.
//!
//! The distance of Wasserstein of order one, or earth mover's distance: how far mass must be moved
//! for one distribution to become the other. Cycle times, volume over time and time of day after
//! Chapela-Campa et al. (2023), *Can I trust my simulation model?*, there *cycle time
//! distribution*, *absolute event distribution* and *circadian event distribution*.

/// The Wasserstein distance between two weighted samples of (value, weight), in the values' unit;
/// none if either has no weight.
pub(crate) fn wasserstein(a: &[(f64, f64)], b: &[(f64, f64)]) -> Option<f64> {
    let weight = |sample: &[(f64, f64)]| sample.iter().map(|(_, w)| w).sum::<f64>();
    let (all_a, all_b) = (weight(a), weight(b));
    // Written so that NaN is no weight.
    if !(all_a > 0.0 && all_b > 0.0) {
        return None;
    }
    let steps_a = a.iter().map(|&(x, w)| (x, w / all_a));
    let mut steps: Vec<(f64, f64)> =
        steps_a.chain(b.iter().map(|&(x, w)| (x, -w / all_b))).collect();
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut difference, mut distance) = (0.0_f64, 0.0);
    for pair in steps.windows(2) {
        difference += pair[0].1;
        distance += difference.abs() * (pair[1].0 - pair[0].0);
    }
    Some(distance)
}

/// The same between two histograms of equal bins, in bins: hourly volumes, in hours. The shorter
/// one is as if filled up with empty bins.
pub(crate) fn between_histograms(a: &[f64], b: &[f64]) -> Option<f64> {
    let differences = differences(a, b)?;
    Some(differences.iter().map(|d| d.abs()).sum())
}

/// The same where the bins go round, as the hours of a day do: mass takes the shorter way (Rabin,
/// Delon and Gousseau 2011: the differences of the distribution functions less their median).
pub(crate) fn around(a: &[f64], b: &[f64]) -> Option<f64> {
    let differences = differences(a, b)?;
    let mut sorted = differences.clone();
    sorted.sort_by(f64::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied()?;
    Some(differences.iter().map(|d| (d - median).abs()).sum())
}

/// The differences of two distribution functions at the ends of bins.
fn differences(a: &[f64], b: &[f64]) -> Option<Vec<f64>> {
    let (all_a, all_b) = (a.iter().sum::<f64>(), b.iter().sum::<f64>());
    if !(all_a > 0.0 && all_b > 0.0) {
        return None;
    }
    let mut difference = 0.0;
    let bins = 0..a.len().max(b.len());
    let at = |bins: &[f64], i: usize, all: f64| bins.get(i).map_or(0.0, |mass| mass / all);
    Some(
        bins.map(|i| {
            difference += at(a, i, all_a) - at(b, i, all_b);
            difference
        })
        .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mass_is_moved_as_far_as_it_must() {
        // All of it by 2; then a quarter by 4.
        assert_eq!(wasserstein(&[(1.0, 3.0), (2.0, 1.0)], &[(3.0, 6.0), (4.0, 2.0)]), Some(2.0));
        assert_eq!(wasserstein(&[(1.0, 4.0)], &[(1.0, 3.0), (5.0, 1.0)]), Some(1.0));
        assert_eq!(wasserstein(&[], &[(1.0, 1.0)]), None);
    }

    #[test]
    fn hours_go_round() {
        let (mut late, mut early) = (vec![0.0; 24], vec![0.0; 24]);
        late[23] = 5.0;
        early[1] = 2.0;
        assert_eq!(between_histograms(&late, &early), Some(22.0));
        assert_eq!(around(&late, &early), Some(2.0));
        assert_eq!(around(&late, &late), Some(0.0));
        assert_eq!(around(&[], &[]), None);
        assert_eq!(between_histograms(&[1.0], &[0.0, 0.0, 1.0]), Some(2.0));
    }
}
