//! Linear algebra of a few unknowns.

/// A symmetric matrix, row by row.
pub(super) type Matrix = Vec<Vec<f64>>;

/// The inverse of a positive definite matrix, by Cholesky's decomposition; none if it isn't one.
pub(super) fn inverse(matrix: &[Vec<f64>]) -> Option<Matrix> {
    let factor = cholesky(matrix)?;
    let n = matrix.len();
    let columns: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            solve_factor(&factor, &(0..n).map(|j| f64::from(u8::from(i == j))).collect::<Vec<_>>())
        })
        .collect();
    Some(columns)
}

/// The x with `matrix` x = `right`; none if the matrix isn't positive definite.
pub(super) fn solve(matrix: &[Vec<f64>], right: &[f64]) -> Option<Vec<f64>> {
    Some(solve_factor(&cholesky(matrix)?, right))
}

/// aᵀ M a.
pub(super) fn quadratic(matrix: &[Vec<f64>], a: &[f64]) -> f64 {
    matrix.iter().zip(a).map(|(row, x)| x * dot(row, a)).sum()
}

/// aᵀ b.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The lower triangle L with L Lᵀ = `matrix`.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Matrix> {
    let n = matrix.len();
    let mut factor = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let rest = matrix[i][j] - dot(&factor[i][..j], &factor[j][..j]);
            if i == j {
                // A pivot that is rounding alone is none.
                if !(rest > 1e-12 * matrix[i][i].abs() && rest.is_finite()) {
                    return None;
                }
                factor[i][i] = libm::sqrt(rest);
            } else {
                factor[i][j] = rest / factor[j][j];
            }
        }
    }
    Some(factor)
}

fn solve_factor(factor: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let n = right.len();
    let mut x = right.to_vec();
    for i in 0..n {
        x[i] = (x[i] - dot(&factor[i][..i], &x[..i])) / factor[i][i];
    }
    for i in (0..n).rev() {
        let below: f64 = (i + 1..n).map(|k| factor[k][i] * x[k]).sum();
        x[i] = (x[i] - below) / factor[i][i];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverts_and_solves() {
        let matrix = vec![vec![4.0, 2.0, 1.0], vec![2.0, 5.0, 3.0], vec![1.0, 3.0, 6.0]];
        let inverse = inverse(&matrix).unwrap();
        for (i, row) in matrix.iter().enumerate() {
            for j in 0..row.len() {
                let column = inverse.iter().map(|row| row[j]);
                let product: f64 = row.iter().zip(column).map(|(a, b)| a * b).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
        let x = solve(&matrix, &[1.0, 2.0, 3.0]).unwrap();
        assert!((dot(&matrix[2], &x) - 3.0).abs() < 1e-14);
        assert_eq!(super::inverse(&[vec![1.0, 2.0], vec![2.0, 1.0]]), None);
    }
}
