//! Labels that would overlap, spread.

/// Places at least `gap` apart and within `from..=to`, as near as can be to those wanted (in the
/// least squares sense); in the order of `wanted`. Equal ones keep their order. If there is no
/// room for the gap it is less.
pub(super) fn spread(wanted: &[i32], gap: i32, from: i32, to: i32) -> Vec<i32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&index| wanted[index]);
    let last = i32::try_from(wanted.len().saturating_sub(1)).unwrap_or(i32::MAX);
    let gap = if last > 0 { gap.min((to - from).max(0) / last) } else { gap };
    // Without the gaps it is a regression that may not fall: neighbours that would are pooled.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (rank, &index) in (0..).zip(&order) {
        let mut pool = (f64::from(wanted[index] - gap * rank), 1);
        while let Some(&(mean, count)) = pools.last().filter(|&&(mean, _)| mean > pool.0) {
            let all = count + pool.1;
            pool = ((mean * count as f64 + pool.0 * pool.1 as f64) / all as f64, all);
            pools.pop();
        }
        pools.push(pool);
    }
    let flat = pools.iter().flat_map(|&(mean, count)| std::iter::repeat_n(mean, count));
    let (least, most) = (f64::from(from), f64::from((to - gap * last).max(from)));
    let mut places = vec![0; wanted.len()];
    for ((rank, &index), mean) in (0..).zip(&order).zip(flat) {
        places[index] = mean.clamp(least, most).round() as i32 + gap * rank;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays() {
        assert_eq!(spread(&[10, 50, 90], 20, 0, 100), [10, 50, 90]);
        assert_eq!(spread(&[], 20, 0, 100), [0_i32; 0]);
        assert_eq!(spread(&[150], 20, 0, 100), [100]);
    }

    #[test]
    fn neighbours_give_way_alike() {
        assert_eq!(spread(&[50, 50], 20, 0, 100), [40, 60]);
        assert_eq!(spread(&[95, 90, 10], 20, 0, 100), [100, 80, 10]);
        assert_eq!(spread(&[0, 0, 0], 20, 0, 100), [0, 20, 40]);
    }

    #[test]
    fn too_many_share_the_room() {
        assert_eq!(spread(&[5, 5, 5], 80, 0, 100), [0, 50, 100]);
    }
}
