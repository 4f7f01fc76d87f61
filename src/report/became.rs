//! What became of what the API accepted, in words. Without a deadline nothing is "on time", and what
//! is still under way has not "never arrived".

use crate::experiment::share;

/// Counts of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Became {
    /// Delivered within the deadline; without one, delivered.
    pub(super) on_time: u64,
    /// Delivered after it.
    pub(super) late: u64,
    /// Still under way when the run ended.
    pub(super) open: u64,
    /// All of them, with those that never arrived.
    pub(super) accepted: u64,
    /// Whether any message has a deadline.
    pub(super) has_deadline: bool,
}

impl Became {
    /// What those did that arrived as they should.
    pub(super) fn verb(&self) -> &'static str {
        if self.has_deadline { "arrived on time" } else { "were delivered" }
    }

    /// Whether all of them became the same.
    pub(super) fn is_uniform(&self) -> bool {
        [self.on_time, self.late, self.open, self.never()].contains(&self.accepted)
    }

    fn never(&self) -> u64 {
        self.accepted.saturating_sub(self.on_time + self.late + self.open)
    }

    /// `89.1 % arrived on time, 5.0 % late and 5.9 % never arrived`.
    pub(super) fn parts(&self, percent: impl Fn(f64) -> String) -> String {
        let never = self.never();
        let is_all = |part: u64| part == self.accepted;
        if is_all(self.on_time) {
            return format!("all {}", self.verb());
        }
        if is_all(self.late) {
            return "all arrived late".to_owned();
        }
        if is_all(never) {
            return if self.has_deadline { "none arrived" } else { "none was delivered" }
                .to_owned();
        }
        const OPEN: &str = "still on their way when the run ended";
        if is_all(self.open) {
            return format!("all were {OPEN}");
        }
        let of = |part: u64| percent(share(part, self.accepted).unwrap_or(0.0));
        let mut parts = vec![match (self.on_time, self.has_deadline) {
            (0, true) => "none arrived on time".to_owned(),
            (0, false) => "none was delivered".to_owned(),
            (on_time, _) => format!("{} {}", of(on_time), self.verb()),
        }];
        if self.late > 0 {
            let verb = if self.on_time > 0 { "late" } else { "arrived late" };
            parts.push(format!("{} {verb}", of(self.late)));
        }
        if never > 0 {
            parts.push(format!("{} never arrived", of(never)));
        }
        if self.open > 0 {
            parts.push(format!("{} were {OPEN}", of(self.open)));
        }
        let last = parts.pop().unwrap_or_default();
        format!("{} and {last}", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_words_and_only_those_there_are() {
        let parts = |on_time, late, open, has_deadline| {
            let became = Became { on_time, late, open, accepted: 10, has_deadline };
            became.parts(|share| format!("{:.0} %", share * 100.0))
        };
        for (counts, said) in [
            ((10, 0, 0, true), "all arrived on time"),
            ((10, 0, 0, false), "all were delivered"),
            ((0, 10, 0, true), "all arrived late"),
            ((0, 0, 0, true), "none arrived"),
            ((0, 0, 0, false), "none was delivered"),
            ((0, 0, 10, false), "all were still on their way when the run ended"),
            ((6, 3, 0, true), "60 % arrived on time, 30 % late and 10 % never arrived"),
            ((6, 4, 0, true), "60 % arrived on time and 40 % late"),
            ((6, 0, 0, false), "60 % were delivered and 40 % never arrived"),
            (
                (8, 0, 2, false),
                "80 % were delivered and 20 % were still on their way when the run ended",
            ),
            ((0, 4, 0, true), "none arrived on time, 40 % arrived late and 60 % never arrived"),
            (
                (0, 0, 4, true),
                "none arrived on time, 60 % never arrived and 40 % were still on their way when \
                 the run ended",
            ),
        ] {
            let (on_time, late, open, has_deadline) = counts;
            assert_eq!(parts(on_time, late, open, has_deadline), said);
        }
    }
}
