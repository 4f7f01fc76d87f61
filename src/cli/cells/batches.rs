//! Cells in tasks: small ones many together.

/// Seconds that a task takes at least, as far as the cells go that far: to start one takes some, too.
const TASK_S: f64 = 60.0;
/// Seconds of a cell beside its messages: to set up its chain and to read it again.
const CELL_S: f64 = 1e-3;
/// Tasks of those who don't choose: schedulers take an array of so many.
const TASKS: u64 = 1_000;

/// The expected time of the cells of an experiment.
pub(super) struct Costs {
    /// Seconds of the points before each, and of all.
    before: Vec<f64>,
    /// Cells.
    cells: u64,
}

impl Costs {
    /// Of cells whose messages take so many seconds at each point.
    pub(super) fn new(points: impl Iterator<Item = f64>, cells: u64) -> Costs {
        let mut before = vec![0.0];
        let mut sum = 0.0;
        for seconds in points {
            sum += seconds + CELL_S;
            before.push(sum);
        }
        Costs { before, cells }
    }

    /// Seconds of the cells before one, on one core, at most, roughly.
    pub(super) fn of(&self, cells: u64) -> f64 {
        let width = self.before.len().saturating_sub(1).max(1) as u64;
        let row = self.before.last().copied().unwrap_or_default();
        let part = self.before.get((cells % width) as usize).copied().unwrap_or_default();
        (cells / width) as f64 * row + part
    }

    /// The ends of tasks that take about the same time each: as many as asked for, if there are so
    /// many cells, or else as many as are worth it.
    pub(super) fn ends(&self, asked: Option<u64>) -> Vec<u64> {
        let total = self.of(self.cells);
        // At most a thousand, so the cast is exact.
        let worth = libm::ceil(total / TASK_S).clamp(1.0, TASKS as f64) as u64;
        let tasks = asked.unwrap_or(worth).min(self.cells).max(1);
        let mut ends: Vec<u64> = Vec::new();
        for task in 1..=tasks {
            let least = ends.last().map_or(1, |end| end + 1);
            let most = self.cells - (tasks - task);
            let share = total * task as f64 / tasks as f64;
            ends.push(if task == tasks { most } else { self.first(least, most, share) });
        }
        ends
    }

    /// The number of cells, from `least` to `most`, that first takes so many seconds.
    fn first(&self, least: u64, most: u64, seconds: f64) -> u64 {
        let (mut low, mut high) = (least, most);
        while low < high {
            let middle = low + (high - low) / 2;
            // The last bits of a sum don't matter.
            if self.of(middle) >= seconds * (1.0 - 1e-12) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cells_come_many_in_a_task() {
        let small = Costs::new(std::iter::repeat_n(1e-4, 1_000), 100_000);
        let ends = small.ends(None);
        assert!(ends.len() <= 4, "{}", ends.len());
        assert_eq!(ends.last(), Some(&100_000));
        let large = Costs::new([1_000.0, 3_000.0].into_iter(), 12);
        assert_eq!(large.ends(None), (1..=12).collect::<Vec<_>>(), "never more than cells");
        let many = Costs::new(std::iter::once(600.0), 1_000_000);
        let ends = many.ends(None);
        assert_eq!((ends.len() as u64, ends[0]), (TASKS, 1_000));
    }

    #[test]
    fn as_many_tasks_as_asked_for_share_the_time() {
        let costs = Costs::new([0.1, 0.1, 0.8].into_iter(), 30);
        assert_eq!(costs.ends(Some(1)), [30]);
        let ends = costs.ends(Some(7));
        assert!(ends.len() == 7 && ends.is_sorted_by(|a, b| a < b) && ends[6] == 30, "{ends:?}");
        let mut last = 0.0;
        for end in &ends {
            assert!(costs.of(*end) - last < 0.9 + costs.of(30) / 7.0, "{ends:?}");
            last = costs.of(*end);
        }
        assert_eq!(costs.ends(Some(1_000)).len(), 30);
        assert_eq!(costs.ends(Some(30)), (1..=30).collect::<Vec<_>>());
    }
}
