//! Parameters drawn from what a fit doesn't know of them: the same for the same seed and replication,
//! whatever else is changed, so that policies that are compared share them.

use std::collections::BTreeMap;

use super::compose::{Kind, Uncertain};
use super::linear::Matrix;
use crate::random::{Chance, Key, Owner, Purpose, Site};
use crate::special::normal_quantile;

/// The purpose of draws of a scenario's parameters; those of the chain are in `chain/draws/site.rs`.
const INPUT: Purpose = Purpose(254);

/// Draws lie within this of their estimate, in logarithms and logits: where a log says so little that
/// one would lie beyond, its likelihood is no normal one, and a shape of 10⁻⁹ is nobody's.
const FARTHEST: f64 = 5.0;

/// The most that failures of several kinds come to: a share is written to some digits.
const MOST: f64 = 0.9999;

/// Days that have factors of their own, at most.
const MOST_DAYS: usize = 36;

/// The changes of a scenario (`PATH=VALUE`) that make it one that the log speaks for as well.
#[must_use]
pub fn drawn(uncertain: &[Uncertain], seed: u64, replication: u64) -> Vec<String> {
    let chance = Chance::new(Chance::replication_seed(seed, replication));
    let mut drawn: Vec<(&Uncertain, Vec<f64>)> = uncertain
        .iter()
        .map(|own| {
            let normal = |ordinal: usize| {
                let site = Site {
                    thing: Key::named(&own.path),
                    owner: Owner::NONE,
                    purpose: INPUT,
                    ordinal: ordinal as u32,
                };
                // The middle of one of 2⁵³ equal parts of (0, 1).
                let word = chance.block(site).first() >> 11;
                normal_quantile((word as f64 + 0.5) / (1_u64 << 53) as f64)
            };
            let zs: Vec<f64> = (0..own.at.len()).map(normal).collect();
            let at = own.at.iter().zip(root(&own.covariance)).map(|(at, row)| {
                let off: f64 = row.iter().zip(&zs).map(|(weight, z)| weight * z).sum();
                at + off.clamp(-FARTHEST, FARTHEST)
            });
            (own, at.collect())
        })
        .collect();
    share_out(&mut drawn);
    drawn.iter().flat_map(|(own, at)| own.set(at)).collect()
}

/// Shares of one whole that together come to more than all of it, each less by the same factor.
fn share_out(drawn: &mut [(&Uncertain, Vec<f64>)]) {
    const FAILURES: &str = ".failures.";
    let whole = |own: &Uncertain| match own.kind {
        Kind::Share => own.path.rsplit_once(FAILURES).map(|(whole, _)| whole.to_owned()),
        _ => None,
    };
    let share = |logit: f64| 1.0 / (1.0 + libm::exp(-logit));
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for (own, at) in drawn.iter() {
        if let Some(whole) = whole(own) {
            *sums.entry(whole).or_default() += at.iter().map(|&logit| share(logit)).sum::<f64>();
        }
    }
    for (own, at) in drawn {
        let Some(&sum) = whole(own).as_ref().and_then(|whole| sums.get(whole)) else { continue };
        if sum > MOST {
            for logit in at.iter_mut() {
                let less = share(*logit) * MOST / sum;
                *logit = libm::log(less / (1.0 - less));
            }
        }
    }
}

/// The lower triangle whose product with its transpose is the covariance (Cholesky), of whatever rank; where
/// rounding has taken its definiteness, the diagonal alone.
fn root(covariance: &[Vec<f64>]) -> Matrix {
    let n = covariance.len();
    let entry =
        |i: usize, j: usize| covariance.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0.0);
    let mut root: Matrix = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| root[i][k] * root[j][k]).sum();
            let rest = entry(i, j) - known;
            let least = 1e-9 * entry(i, i);
            if i == j {
                if rest < -least || !rest.is_finite() {
                    return diagonal(covariance);
                }
                root[i][i] = if rest > least { rest.sqrt() } else { 0.0 };
            } else if root[j][j] > 0.0 {
                root[i][j] = rest / root[j][j];
            }
        }
    }
    root
}

fn diagonal(covariance: &[Vec<f64>]) -> Matrix {
    let n = covariance.len();
    let of = |i: usize| covariance.get(i).and_then(|row| row.get(i)).copied().unwrap_or(0.0);
    let entry = |i: usize, j: usize| if i == j { of(i).max(0.0).sqrt() } else { 0.0 };
    (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
}

/// `true` if numbers can be a covariance of logarithms and logits: symmetric, no variance negative or
/// beyond any, none of them more than wholly correlated.
fn is_covariance(rows: &[Vec<f64>]) -> bool {
    const MOST: f64 = 400.0;
    let entries = rows
        .iter()
        .enumerate()
        .flat_map(|(i, row)| row.iter().enumerate().map(move |own| (i, own)));
    let variance = |i: usize| rows.get(i).and_then(|row| row.get(i)).copied().unwrap_or(0.0);
    entries.into_iter().all(|(i, (j, &entry))| {
        let other = rows.get(j).and_then(|row| row.get(i)).copied().unwrap_or(0.0);
        let most = (variance(i) * variance(j)).sqrt();
        (0.0..MOST).contains(&variance(i))
            && (entry - other).abs() <= 1e-6 * most
            && entry.abs() <= most * (1.0 + 1e-6)
    })
}

impl Uncertain {
    /// The same, if it can be drawn from.
    #[must_use]
    pub fn sound(self) -> Option<Uncertain> {
        let Uncertain { kind, at, covariance, also, .. } = &self;
        let own = at.len().checked_sub(also.len())?;
        let wanted = match kind {
            Kind::Duration(family) => family.free(),
            Kind::Share | Kind::Rate | Kind::Time => 1,
            // Hours or quarters.
            Kind::Profile => {
                if own == 96 {
                    96
                } else {
                    24
                }
            }
            // Hours, and up to so many days.
            Kind::Days => own.clamp(25, 24 + MOST_DAYS),
            Kind::Turned { days, .. } if usize::from(*days) > MOST_DAYS => return None,
            Kind::Turned { days, .. } => {
                if own == 24 {
                    24
                } else {
                    24 + usize::from(*days)
                }
            }
        };
        let all = at.len();
        let square = covariance.len() == all && covariance.iter().all(|row| row.len() == all);
        let finite = at.iter().chain(covariance.iter().flatten()).all(|value| value.is_finite());
        let single = |(_, kind): &(String, Kind)| matches!(kind, Kind::Share | Kind::Time);
        let sound = own == wanted
            && square
            && finite
            && at.iter().all(|value| value.abs() < 50.0)
            && also.iter().all(single)
            && is_covariance(covariance);
        sound.then_some(self)
    }

    /// The changes of a scenario that put it at `at`, with what is drawn with it.
    fn set(&self, at: &[f64]) -> impl Iterator<Item = String> {
        let (own, rest) = at.split_at(at.len().saturating_sub(self.also.len()));
        let also = self.also.iter().zip(rest).map(|((path, kind), at)| kind.set(path, &[*at]));
        std::iter::once(self.kind.set(&self.path, own)).chain(also)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::Family;

    fn of(path: &str, kind: Kind, at: Vec<f64>, covariance: Matrix) -> Option<Uncertain> {
        Uncertain { path: path.to_owned(), kind, at, covariance, also: Vec::new() }.sound()
    }

    #[test]
    fn draws_are_those_of_the_covariance_and_the_same_for_the_same_seed() {
        let covariance = vec![vec![0.04, 0.015], vec![0.015, 0.01]];
        let root = root(&covariance);
        let product = |i: usize, j: usize| (0..2).map(|k| root[i][k] * root[j][k]).sum::<f64>();
        for (i, row) in covariance.iter().enumerate() {
            for (j, wanted) in row.iter().enumerate() {
                assert!((product(i, j) - wanted).abs() < 1e-15);
            }
        }
        let share = |path: &str| {
            let covariance = vec![vec![0.01]];
            of(path, Kind::Share, vec![-3.0], covariance).unwrap()
        };
        let one = [share("carrier.a.loss"), share("carrier.b.loss")];
        let first = drawn(&one, 7, 3);
        assert_eq!(first, drawn(&one, 7, 3));
        assert_ne!(first, drawn(&one, 7, 4));
        assert_eq!(first[1], drawn(&one[1..], 7, 3)[0], "the others don't matter");
        let logits = (0..400).map(|replication| {
            let text = drawn(&one[..1], 1, replication).remove(0);
            let share: f64 = text.split_once('=').unwrap().1.parse().unwrap();
            libm::log(share / (1.0 - share))
        });
        let logits: Vec<f64> = logits.collect();
        let mean = logits.iter().sum::<f64>() / 400.0;
        let variance = logits.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 399.0;
        assert!(
            (mean + 3.0).abs() < 0.02 && (variance / 0.01 - 1.0).abs() < 0.2,
            "{mean} {variance}"
        );
        let odd = |at: f64| of("x", Kind::Rate, vec![at], vec![vec![1.0]]);
        let with = |covariance: [[f64; 2]; 2]| {
            let kind = Kind::Duration(Family::LogNormal);
            let covariance = covariance.map(Vec::from).to_vec();
            of("x", kind, vec![0.0, 1.0], covariance)
        };
        assert!(with([[0.04, 0.015], [0.015, 0.01]]).is_some());
        let no_covariances = [
            [[-1.0, 0.0], [0.0, 1.0]],
            [[1.0, 2.0], [2.0, 1.0]],
            [[1.0, 0.2], [0.7, 1.0]],
            [[1e9, 0.0], [0.0, 1.0]],
        ];
        no_covariances.into_iter().for_each(|own| assert!(with(own).is_none(), "{own:?}"));
        assert!(odd(1.0).is_some() && odd(f64::NAN).is_none() && odd(1e9).is_none());
    }

    #[test]
    fn failures_of_a_provider_are_no_more_than_all() {
        let own = |kind: &str, logit: f64| Uncertain {
            path: format!("provider.alpha.failures.{kind}"),
            kind: Kind::Share,
            at: vec![logit],
            covariance: vec![vec![0.04]],
            also: Vec::new(),
        };
        let all = [own("transient", 1.4), own("permanent", -1.4)];
        for run in 0..200 {
            let told = drawn(&all, 1, run);
            let share = |own: &String| own.rsplit_once('=').unwrap().1.parse::<f64>().unwrap();
            let shares: Vec<f64> = told.iter().map(share).collect();
            assert!(shares.iter().sum::<f64>() <= 1.0, "{told:?}");
            assert!((shares[0] - 0.8).abs() < 0.2 && (shares[1] - 0.2).abs() < 0.2, "{told:?}");
        }
    }
}
