//! The next value to try, and what the verdicts come to.

use super::axis::{Axis, Harder, LOOKED};

/// The verdict on a point: does it keep the objective?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectiveVerdict {
    /// It does.
    Met,
    /// It does not.
    Missed,
    /// It is at the limit: the intervals don't say, and lie within what makes no difference.
    AtLimit,
    /// The intervals don't say.
    Undecided,
}

impl ObjectiveVerdict {
    /// Its name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ObjectiveVerdict::Met => "met",
            ObjectiveVerdict::Missed => "missed",
            ObjectiveVerdict::AtLimit => "at_limit",
            ObjectiveVerdict::Undecided => "undecided",
        }
    }

    /// The words for a value with this verdict.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            ObjectiveVerdict::Met => "kept",
            ObjectiveVerdict::Missed => "missed",
            ObjectiveVerdict::AtLimit => "at the limit",
            ObjectiveVerdict::Undecided => "undecided",
        }
    }

    /// `true` if the intervals don't say.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, ObjectiveVerdict::AtLimit | ObjectiveVerdict::Undecided)
    }
}

/// A value, and whether it keeps the objective.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tried {
    /// On the axis.
    pub value: f64,
    /// The verdict on it.
    pub verdict: ObjectiveVerdict,
}

/// The answer of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchAnswer {
    /// The hardest value that keeps the objective, to the grain of the axis.
    Found,
    /// A value that keeps the objective; what is harder up to a value that doesn't, or to the end
    /// of the range, can't be told.
    Enough,
    /// No value is known to keep it, and not all are known not to.
    Undecided,
    /// No value of the range keeps it.
    None,
    /// All values of the range do.
    All,
}

impl SearchAnswer {
    /// Its name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            SearchAnswer::Found => "found",
            SearchAnswer::Enough => "enough",
            SearchAnswer::Undecided => "undecided",
            SearchAnswer::None => "none",
            SearchAnswer::All => "all",
        }
    }
}

/// The end of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its answer.
    pub answer: SearchAnswer,
    /// The hardest value that is known to keep the objective, easier than `infeasible`.
    pub feasible: Option<f64>,
    /// The easiest value that is known not to keep it, harder than one that is known to.
    pub infeasible: Option<f64>,
    /// Values that keep it although an easier one does not, and those that don't although a harder
    /// one does: the search took for granted that there are none. In order of value.
    pub contradictions: Vec<Tried>,
}

/// A search for the hardest value that keeps an objective.
///
/// It doubles or halves away from the start until one value keeps the objective and a harder one
/// doesn't, then bisects; where a middle is undecided, it closes in on the undecided from both
/// sides. That whatever is harder than a missed value is missed too is taken for granted, and
/// looked at: at the end the search tries a value well beyond either end of its bracket, unless it
/// has come by one.
///
/// ```
/// # use smschain::scenario::{Overrides, Source, load};
/// # let text = std::fs::read_to_string("templates/starter.toml")?;
/// # let source = Source { name: "starter.toml".into(), text, base: "".into() };
/// # let set = vec!["scenario.duration=1m".into(), "scenario.warmup=0s".into()];
/// # let spec = load(&source, &Overrides { set, ..Overrides::default() })?.spec;
/// use smschain::chain::Results;
/// use smschain::experiment::capacity::{Axis, Effort, Grain, Harder, Search, judge};
/// use smschain::experiment::{Points, Silent, Workers};
/// use smschain::expression::Expression;
/// use smschain::report::{capacity::objective, metric_paths, metrics};
///
/// let slo = [Expression::parse("within.30s >= 50%")?];
/// let asked = objective(&slo, &metric_paths(&spec));
/// let (grain, harder) = (Grain::Real(0.5), Harder::Upwards);
/// let axis = Axis { low: 1.0, high: 64.0, start: 1.0, grain, harder };
/// let effort = Effort { first: 5, most: 10, error: 0.05, points: axis.most_points() };
/// let mut search = Search::new(axis);
/// while let Some(scale) = search.next() {
///     let at = smschain::chain::spec::Spec { scale, ..spec.clone() };
///     let points = Points { specs: std::slice::from_ref(&at), inputs: &[], seed: 7 };
///     let figures = |_, results: Results| metrics(&at, results);
///     let point = judge(&Workers::new(2), points, &asked, effort, |_| Silent, &figures)?;
///     search.take(scale, point.verdict);
/// }
/// assert!(search.outcome().feasible >= Some(1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Search {
    axis: Axis,
    tried: Vec<Tried>,
}

impl Search {
    /// Nothing tried yet.
    #[must_use]
    pub fn new(axis: Axis) -> Search {
        Search { axis, tried: Vec::new() }
    }

    /// The value to try next; `None` at the end.
    #[must_use]
    pub fn next(&self) -> Option<f64> {
        if self.tried.is_empty() {
            return Some(self.axis.start);
        }
        if self.tried.len() as u64 >= self.axis.most_points() {
            return None;
        }
        let (feasible, infeasible) = self.bracket();
        if infeasible.is_none()
            && let Some(next) = self.axis.outward(self.extreme(true), true)
        {
            return Some(next);
        }
        if feasible.is_none()
            && let Some(next) = self.axis.outward(self.extreme(false), false)
        {
            return Some(next);
        }
        let (feasible, infeasible) = (feasible?, infeasible?);
        self.inside(feasible, infeasible).or_else(|| self.beyond(feasible, infeasible))
    }

    /// Takes the verdict on a value.
    pub fn take(&mut self, value: f64, verdict: ObjectiveVerdict) {
        self.tried.push(Tried { value, verdict });
    }

    /// The outcome so far.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let (feasible, infeasible) = self.bracket();
        let at = |value: f64, verdict| {
            self.tried.iter().any(|tried| tried.value == value && tried.verdict == verdict)
        };
        let ended = |harder: bool| {
            let end = self.extreme(harder);
            let verdict = if harder { ObjectiveVerdict::Met } else { ObjectiveVerdict::Missed };
            at(end, verdict) && self.axis.outward(end, harder).is_none()
        };
        let answer = match (feasible, infeasible) {
            (Some(feasible), Some(infeasible)) => match self.axis.between(feasible, infeasible) {
                None => SearchAnswer::Found,
                Some(_) => SearchAnswer::Enough,
            },
            (Some(_), None) if ended(true) => SearchAnswer::All,
            (Some(_), None) => SearchAnswer::Enough,
            (None, Some(_)) if ended(false) => SearchAnswer::None,
            _ => SearchAnswer::Undecided,
        };
        let out_of_place = |tried: &&Tried| {
            let hardness = self.hardness(tried.value);
            match tried.verdict {
                ObjectiveVerdict::Met => {
                    infeasible.is_some_and(|end| hardness > self.hardness(end))
                }
                ObjectiveVerdict::Missed => {
                    feasible.is_some_and(|end| hardness < self.hardness(end))
                }
                ObjectiveVerdict::AtLimit | ObjectiveVerdict::Undecided => false,
            }
        };
        let mut contradictions: Vec<Tried> =
            self.tried.iter().filter(out_of_place).copied().collect();
        contradictions.sort_by(|a, b| a.value.total_cmp(&b.value));
        Outcome { answer, feasible, infeasible, contradictions }
    }

    /// The easiest value known not to keep the objective among those harder than one known to (if
    /// there is none known to, among all), and the hardest known to keep it below that one.
    fn bracket(&self) -> (Option<f64>, Option<f64>) {
        let harder = |a: &f64, b: &f64| self.hardness(*a).total_cmp(&self.hardness(*b));
        let easiest = self.of(ObjectiveVerdict::Met).min_by(harder);
        let beyond =
            |value: &f64| easiest.is_none_or(|met| self.hardness(*value) > self.hardness(met));
        let infeasible = self.of(ObjectiveVerdict::Missed).filter(beyond).min_by(harder);
        let easier = |value: &f64| {
            infeasible.is_none_or(|infeasible| self.hardness(*value) < self.hardness(infeasible))
        };
        (self.of(ObjectiveVerdict::Met).filter(easier).max_by(harder), infeasible)
    }

    fn of(&self, verdict: ObjectiveVerdict) -> impl Iterator<Item = f64> {
        self.tried.iter().filter(move |tried| tried.verdict == verdict).map(|tried| tried.value)
    }

    /// The hardest or easiest value tried.
    fn extreme(&self, hardest: bool) -> f64 {
        let values = self.tried.iter().map(|tried| tried.value);
        let further = |a: f64, b: f64| {
            if (self.hardness(b) > self.hardness(a)) == hardest { b } else { a }
        };
        values.reduce(further).unwrap_or(self.axis.start)
    }

    fn hardness(&self, value: f64) -> f64 {
        match self.axis.harder {
            Harder::Upwards => value,
            Harder::Downwards => -value,
        }
    }

    /// Between the ends of the bracket: the middle, or that of a side of what is undecided.
    fn inside(&self, feasible: f64, infeasible: f64) -> Option<f64> {
        let middle = self.axis.between(feasible, infeasible)?;
        let between = |value: &f64| {
            self.hardness(*value) > self.hardness(feasible)
                && self.hardness(*value) < self.hardness(infeasible)
        };
        let harder = |a: &f64, b: &f64| self.hardness(*a).total_cmp(&self.hardness(*b));
        let open = || {
            let open = self.tried.iter().filter(|tried| tried.verdict.is_open());
            open.map(|tried| tried.value).filter(between)
        };
        let (easiest, hardest) = (open().min_by(harder), open().max_by(harder));
        let (Some(easiest), Some(hardest)) = (easiest, hardest) else {
            return Some(middle);
        };
        let sides = [(feasible, easiest), (hardest, infeasible)];
        // Values at the limit are an answer of their own: their ends needn't be closer than others.
        let undecided = self.of(ObjectiveVerdict::Undecided).any(|value| between(&value));
        let closer = |(from, to)| match undecided {
            true => self.axis.closely_between(from, to),
            false => self.axis.between(from, to),
        };
        sides.into_iter().find_map(closer)
    }

    /// A step out of the bracket, where nothing was tried but at its end.
    fn beyond(&self, feasible: f64, infeasible: f64) -> Option<f64> {
        let sides = [(infeasible, true), (feasible, false)];
        sides.into_iter().find_map(|(end, harder)| {
            let next = self.axis.outward(end, harder)?;
            let looked = (self.extreme(harder) - end) / (next - end);
            (looked < LOOKED).then_some(next)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Grain;
    use super::*;

    const LOAD: Axis = Axis {
        low: 1.0 / 64.0,
        high: 64.0,
        start: 1.0,
        grain: Grain::Real(0.01),
        harder: Harder::Upwards,
    };
    const WORKERS: Axis = Axis {
        low: 1.0,
        high: 1000.0,
        start: 64.0,
        grain: Grain::Whole,
        harder: Harder::Downwards,
    };

    /// The search's end and the values it tried.
    fn search(axis: Axis, verdict: impl Fn(f64) -> ObjectiveVerdict) -> (Outcome, Vec<f64>) {
        let mut search = Search::new(axis);
        while let Some(value) = search.next() {
            assert!(value >= axis.low && value <= axis.high, "{value}");
            assert!(search.tried.iter().all(|tried| tried.value != value), "{value} again");
            search.take(value, verdict(value));
        }
        (search.outcome(), search.tried.iter().map(|tried| tried.value).collect())
    }

    /// Kept up to (or, of resources, from) `threshold`; undecided within `blur` of it.
    fn known(axis: Axis, threshold: f64, blur: f64) -> impl Fn(f64) -> ObjectiveVerdict {
        move |value| {
            let distance = value / threshold - 1.0;
            let kept = (distance <= 0.0) == (axis.harder == Harder::Upwards) || distance == 0.0;
            match kept {
                _ if distance.abs() < blur => ObjectiveVerdict::Undecided,
                true => ObjectiveVerdict::Met,
                false => ObjectiveVerdict::Missed,
            }
        }
    }

    #[test]
    fn every_load_is_found_to_its_tolerance() {
        for threshold in [0.0171, 0.5, 0.9, 1.0, 1.5, 2.345, 7.9999, 8.0, 33.3, 63.5] {
            let (outcome, tried) = search(LOAD, known(LOAD, threshold, 0.0));
            let (feasible, infeasible) = (outcome.feasible.unwrap(), outcome.infeasible.unwrap());
            assert_eq!(outcome.answer, SearchAnswer::Found, "{threshold}");
            assert!(feasible <= threshold && threshold <= infeasible, "{threshold} {outcome:?}");
            assert!(infeasible / feasible < 1.0101, "{threshold} {outcome:?}");
            assert!(tried.len() <= 18, "{threshold}: {tried:?}");
            assert_eq!(outcome.contradictions, []);
        }
    }

    #[test]
    fn every_count_is_found_exactly() {
        for threshold in [2.0, 3.0, 47.0, 63.0, 64.0, 65.0, 500.0, 999.0, 1000.0] {
            let (outcome, tried) = search(WORKERS, known(WORKERS, threshold, 0.0));
            let bracket = (outcome.feasible.unwrap(), outcome.infeasible.unwrap());
            assert_eq!(
                (outcome.answer, bracket),
                (SearchAnswer::Found, (threshold, threshold - 1.0))
            );
            assert!(tried.len() <= 16, "{threshold}: {tried:?}");
        }
    }

    #[test]
    fn levels_are_all_that_a_search_tries() {
        let range = |low, high, grain| Axis { low, high, grain, ..LOAD };
        for axis in [
            range(0.5, 8.0, Grain::Real(0.1)),
            range(1.0, 4.0, Grain::Real(0.03)),
            range(0.25, 0.25, Grain::Real(0.1)),
            Axis { high: 40.0, start: 7.0, ..WORKERS },
        ] {
            let axis = Axis { start: axis.start.clamp(axis.low, axis.high), ..axis };
            let levels = axis.levels(10_000).unwrap();
            for step in 0..200 {
                let share = f64::from(step) / 199.0;
                let threshold = 0.9 * axis.low * libm::pow(1.3 * axis.high / axis.low, share);
                for blur in [0.0, 0.01, 0.05, 0.2, 0.6] {
                    for open in [ObjectiveVerdict::Undecided, ObjectiveVerdict::AtLimit] {
                        let known = known(axis, threshold, blur);
                        let verdict = |value| match known(value) {
                            ObjectiveVerdict::Undecided => open,
                            other => other,
                        };
                        let (_, tried) = search(axis, verdict);
                        let other = tried.iter().find(|value| !levels.contains(value));
                        assert_eq!(other, None, "{threshold} {blur} {axis:?}: {tried:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_ends_of_the_range_have_answers_of_their_own() {
        let (outcome, tried) = search(LOAD, |_| ObjectiveVerdict::Met);
        assert_eq!((outcome.answer, outcome.feasible), (SearchAnswer::All, Some(64.0)));
        assert_eq!((outcome.infeasible, tried.len()), (None, 7));
        let (outcome, _) = search(LOAD, |_| ObjectiveVerdict::Missed);
        assert_eq!((outcome.answer, outcome.infeasible), (SearchAnswer::None, Some(1.0 / 64.0)));
        let (outcome, _) = search(WORKERS, |_| ObjectiveVerdict::Met);
        assert_eq!((outcome.answer, outcome.feasible), (SearchAnswer::All, Some(1.0)));
        let (outcome, _) = search(LOAD, |_| ObjectiveVerdict::Undecided);
        assert_eq!(outcome.answer, SearchAnswer::Undecided);
        assert_eq!((outcome.feasible, outcome.infeasible), (None, None));
        let (outcome, _) = search(LOAD, |value| {
            if value < 64.0 { ObjectiveVerdict::Met } else { ObjectiveVerdict::Undecided }
        });
        assert_eq!((outcome.answer, outcome.feasible), (SearchAnswer::Enough, Some(32.0)));
    }

    #[test]
    fn what_is_undecided_is_closed_in_from_both_sides() {
        let (outcome, tried) = search(LOAD, known(LOAD, 2.345, 0.05));
        let (feasible, infeasible) = (outcome.feasible.unwrap(), outcome.infeasible.unwrap());
        assert_eq!(outcome.answer, SearchAnswer::Enough);
        assert!(feasible > 2.345 * 0.93 && feasible < 2.345 * 0.95001, "{outcome:?}");
        assert!(infeasible > 2.345 * 1.04999 && infeasible < 2.345 * 1.07, "{outcome:?}");
        assert!(tried.len() <= 20, "{tried:?}");
        // A blur narrower than the tolerance is no matter.
        let (outcome, _) = search(LOAD, known(LOAD, 2.345, 0.0002));
        assert_eq!(outcome.answer, SearchAnswer::Found, "{outcome:?}");
        let (outcome, _) = search(WORKERS, known(WORKERS, 47.0, 0.01));
        let bracket = (outcome.feasible.unwrap(), outcome.infeasible.unwrap());
        assert_eq!((outcome.answer, bracket), (SearchAnswer::Enough, (48.0, 46.0)));
    }

    #[test]
    fn what_is_at_the_limit_is_no_matter_to_dwell_on() {
        let at_limit = |axis, threshold, blur| {
            let verdict = known(axis, threshold, blur);
            move |value| match verdict(value) {
                ObjectiveVerdict::Undecided => ObjectiveVerdict::AtLimit,
                other => other,
            }
        };
        let (outcome, tried) = search(LOAD, at_limit(LOAD, 2.345, 0.05));
        let (feasible, infeasible) = (outcome.feasible.unwrap(), outcome.infeasible.unwrap());
        assert_eq!(outcome.answer, SearchAnswer::Enough);
        assert!(feasible > 2.345 * 0.92 && feasible < 2.345 * 0.95001, "{outcome:?}");
        assert!(infeasible > 2.345 * 1.04999 && infeasible < 2.345 * 1.08, "{outcome:?}");
        let (_, closer) = search(LOAD, known(LOAD, 2.345, 0.05));
        assert!(tried.len() < closer.len(), "{tried:?} {closer:?}");
        let (outcome, _) = search(WORKERS, at_limit(WORKERS, 47.0, 0.01));
        let bracket = (outcome.feasible.unwrap(), outcome.infeasible.unwrap());
        assert_eq!((outcome.answer, bracket), (SearchAnswer::Enough, (48.0, 46.0)));
    }

    #[test]
    fn what_is_not_monotone_is_noticed() {
        // Kept again at high loads: the look above finds that.
        let hump = |value: f64| {
            if value <= 0.993 || value > 1.6 {
                ObjectiveVerdict::Met
            } else {
                ObjectiveVerdict::Missed
            }
        };
        let (outcome, tried) = search(LOAD, hump);
        assert_eq!((outcome.answer, outcome.infeasible), (SearchAnswer::Found, Some(0.995)));
        let met = |value| Tried { value, verdict: ObjectiveVerdict::Met };
        assert_eq!(outcome.contradictions, [met(1.99)], "{tried:?}");
        // Missed at low loads too: the look below finds that.
        let band = |value: f64| {
            if (0.8..=1.004).contains(&value) {
                ObjectiveVerdict::Met
            } else {
                ObjectiveVerdict::Missed
            }
        };
        let (outcome, _) = search(LOAD, band);
        assert_eq!((outcome.answer, outcome.feasible), (SearchAnswer::Found, Some(1.0)));
        let missed = Tried { value: 0.5, verdict: ObjectiveVerdict::Missed };
        assert_eq!(outcome.contradictions, [missed]);
    }
}
