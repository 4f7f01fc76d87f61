use super::*;
use crate::experiment::capacity::objective::Formula;
use crate::experiment::capacity::{Axis, Grain, Harder, Search, SearchAnswer};
use crate::expression::Expression;
use crate::special::normal_quantile;

const EFFORT: Effort = Effort { first: 10, most: 80, error: 0.05, points: 1 };

/// An objective of comparisons of the metrics a (index 0), b (1), of this nature.
fn objective(text: &str, nature: Nature) -> Objective {
    use crate::expression::{Arithmetic, Operand::Path};
    let expression = Expression::parse(text).unwrap();
    let index = |path: &str| usize::from(path == "b");
    let comparisons = expression.comparisons().into_iter().map(|comparison| {
        let metric = |path: &str| Box::new(Formula::Metric(index(path)));
        let (gauge, limit) = match (comparison.left, comparison.right) {
            (Path(left), Path(right)) => {
                let less = Formula::Joined(metric(left), Arithmetic::Minus, metric(right));
                (Gauge::Computed(less, Nature::Other), 0.0)
            }
            (Path(path), limit) => (Gauge::Metric(index(path), nature), limit.constant().unwrap()),
            _ => (Gauge::Known(true), 0.0),
        };
        let (text, path) = (comparison.to_string(), String::new());
        Asked { text, path, gauge, operator: comparison.operator, limit }
    });
    let asked = comparisons.collect();
    Objective::new(vec![expression], asked)
}

/// Judged over what `metrics` gives by replication.
fn judge<'a>(
    objective: &'a Objective,
    effort: Effort,
    mut metrics: impl FnMut(u64) -> Vec<Option<f64>>,
) -> Judging<'a> {
    let mut judging = Judging::new(objective, effort, Parameters::Same);
    while let Some(range) = judging.wanted() {
        range.for_each(|replication| judging.push(&metrics(replication)));
        judging.look();
    }
    judging
}

/// Standard normal values, the same always.
fn normal(trial: u64, replication: u64, point: u64) -> f64 {
    let mut word = (trial << 40 | replication << 20 | point).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for _ in 0..2 {
        word = (word ^ (word >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    normal_quantile(((word >> 11) as f64 + 0.5) / (1_u64 << 53) as f64)
}

#[test]
fn looks_double_and_share_the_error() {
    let mut made = 0;
    let mut looks = Vec::new();
    while let Some(next) = EFFORT.next(made) {
        looks.push(next);
        made = next;
    }
    assert_eq!(looks, [10, 20, 40, 80]);
    assert_eq!(Effort { most: 50, ..EFFORT }.next(40), Some(50));
    assert!((Effort { points: 5, ..EFFORT }.each(2) - 0.05 / 40.0).abs() < 1e-15);
}

#[test]
fn only_as_many_replications_as_it_takes() {
    let below = objective("a < 3", Nature::Other);
    let clear = judge(&below, EFFORT, |n| vec![Some(1.0 + 0.1 * normal(0, n, 0))]);
    assert_eq!((clear.verdict(), clear.made()), (ObjectiveVerdict::Met, 10));
    let clear = judge(&below, EFFORT, |n| vec![Some(5.0 + 0.1 * normal(0, n, 0))]);
    assert_eq!((clear.verdict(), clear.made()), (ObjectiveVerdict::Missed, 10));
    let near = judge(&below, EFFORT, |n| vec![Some(2.5 + 1.0 * normal(0, n, 0))]);
    assert_eq!(near.verdict(), ObjectiveVerdict::Met);
    assert!(near.made() > 10, "{}", near.made());
    let open = judge(&below, EFFORT, |n| vec![Some(3.0 + normal(0, n, 0))]);
    assert_eq!((open.verdict(), open.made()), (ObjectiveVerdict::Undecided, 80));
    let (cell, margins) = open.into_parts();
    assert_eq!((cell.tallies()[0].known(0.05).n, margins.len()), (80, 1));
    assert!(margins[0].half_width.unwrap() > (margins[0].mean.unwrap() - 3.0).abs());
}

#[test]
fn what_decides_decides_whatever_the_rest() {
    let value = |n: u64| vec![Some(3.0 + normal(1, n, 0)), Some(1.0 + 0.1 * normal(1, n, 1))];
    for (text, verdict) in [
        ("a < 3 or b < 2", ObjectiveVerdict::Met),
        ("a < 3 and b > 2", ObjectiveVerdict::Missed),
        ("a < 3 and b < 2", ObjectiveVerdict::Undecided),
        ("not (a < 3 and b > 2)", ObjectiveVerdict::Met),
        ("a > b", ObjectiveVerdict::Met),
        ("b >= a or 1 < 2", ObjectiveVerdict::Met),
    ] {
        let objective = objective(text, Nature::Other);
        assert_eq!(judge(&objective, EFFORT, value).verdict(), verdict, "{text}");
    }
}

#[test]
fn the_undefined_is_not_waited_for() {
    let objective = objective("a < 3", Nature::Other);
    let judging = judge(&objective, EFFORT, |n| vec![(n != 4).then_some(1.0)]);
    assert_eq!((judging.verdict(), judging.made()), (ObjectiveVerdict::Undecided, 10));
    assert_eq!(judging.into_parts().1[0].mean, None);
}

#[test]
fn never_so_far_is_not_never() {
    // Metric b counts what a is a share of, and varies; 10 replications of about 100.
    let value = |share: f64| move |n: u64| vec![Some(share), Some(100.0 + (n % 3) as f64)];
    let counted = Nature::Share(Some(1));
    // 1 − error^(1/N) with error 0.05 ÷ 4 looks, N = 1009, then 8079: 0.43 %, 0.054 %.
    for (text, share, verdict, made) in [
        ("a < 1%", 0.0, ObjectiveVerdict::Met, 10),
        ("a < 0.1%", 0.0, ObjectiveVerdict::Met, 80),
        ("a < 0.05%", 0.0, ObjectiveVerdict::Undecided, 80),
        ("a <= 0%", 0.0, ObjectiveVerdict::Undecided, 80),
        ("a > 0%", 0.0, ObjectiveVerdict::Undecided, 80),
        ("a < 0%", 0.0, ObjectiveVerdict::Missed, 10),
        ("a >= 99%", 1.0, ObjectiveVerdict::Met, 10),
        ("a >= 100%", 1.0, ObjectiveVerdict::Undecided, 80),
        ("a > 100%", 1.0, ObjectiveVerdict::Missed, 10),
        ("a < 60%", 0.5, ObjectiveVerdict::Met, 10),
    ] {
        let objective = objective(text, counted);
        let judging = judge(&objective, EFFORT, value(share));
        assert_eq!((judging.verdict(), judging.made()), (verdict, made), "{text}");
    }
    // Counts: −ln(0.0125)/10 = 0.44 a replication.
    let count = objective("a < 1", Nature::Count);
    assert_eq!(judge(&count, EFFORT, value(0.0)).verdict(), ObjectiveVerdict::Met);
    let count = objective("a == 0", Nature::Count);
    assert_eq!(judge(&count, EFFORT, value(0.0)).verdict(), ObjectiveVerdict::Undecided);
    // Nothing varies at all: there is no chance in it.
    let constant = judge(&count, EFFORT, |_| vec![Some(0.0), Some(100.0)]);
    assert_eq!((constant.verdict(), constant.made()), (ObjectiveVerdict::Met, 10));
}

#[test]
fn one_point_is_wrong_as_seldom_as_promised() {
    // The hardest case: the mean is the limit, so that "missed" is wrong.
    let objective = objective("a <= 3", Nature::Other);
    let trials = 2000;
    let wrong = (0..trials).filter(|&trial| {
        let value = |n| vec![Some(3.0 + normal(trial, n, 0))];
        judge(&objective, EFFORT, value).verdict() == ObjectiveVerdict::Missed
    });
    let wrong = wrong.count();
    assert!(wrong * 20 <= trials as usize, "{wrong} of {trials}");
}

#[test]
fn brackets_hold_the_threshold_as_often_as_promised() {
    const THRESHOLD: f64 = 2.345;
    let axis = Axis {
        low: 0.125,
        high: 8.0,
        start: 1.0,
        grain: Grain::Real(0.01),
        harder: Harder::Upwards,
    };
    let objective = objective("a <= 2.345", Nature::Other);
    let effort = Effort { first: 10, most: 160, error: 0.05, points: axis.most_points() };
    let trials = 200;
    let (mut found, mut wrong) = (0, 0);
    for trial in 0..trials {
        // Much of the noise is common to all points, as with common random numbers.
        let deviation = if trial % 2 == 0 { 0.02 } else { 0.5 };
        let mut search = Search::new(axis);
        while let Some(value) = search.next() {
            let point = (value * 1e4) as u64;
            let noise = |n| normal(trial, n, 0) + 0.5 * normal(trial, n, point);
            let judging = judge(&objective, effort, |n| vec![Some(value + deviation * noise(n))]);
            search.take(value, judging.verdict());
        }
        let outcome = search.outcome();
        found += u64::from(outcome.answer == SearchAnswer::Found);
        let right = outcome.feasible.is_none_or(|feasible| feasible <= THRESHOLD)
            && outcome.infeasible.is_none_or(|infeasible| infeasible > THRESHOLD);
        wrong += u64::from(!right);
        assert!(outcome.feasible.is_some() && outcome.infeasible.is_some(), "{outcome:?}");
    }
    assert!(wrong * 20 <= trials, "{wrong} of {trials} wrong");
    assert!(found * 3 > trials && found < trials, "{found} of {trials} found, {wrong} wrong");
}

#[test]
fn what_is_near_enough_is_at_the_limit() {
    let value = |n: u64| vec![Some(3.0 + 1.0 * normal(3, n, 0))];
    let exactly = objective("a < 3", Nature::Other);
    let open = judge(&exactly, EFFORT, value);
    assert_eq!((open.verdict(), open.made()), (ObjectiveVerdict::Undecided, 80));
    let near = objective("a < 3", Nature::Other).within(vec![1.0]);
    let judged = judge(&near, EFFORT, value);
    assert_eq!(judged.verdict(), ObjectiveVerdict::AtLimit);
    assert!(judged.made() < 80, "{}", judged.made());
    let (_, margins) = judged.into_parts();
    assert!(margins[0].near && margins[0].holds.is_none(), "{margins:?}");
    // What is known is known, however near.
    let close = judge(&near, EFFORT, |n| vec![Some(2.5 + 0.01 * normal(3, n, 0))]);
    assert_eq!((close.verdict(), close.made()), (ObjectiveVerdict::Met, 10));
    // What the other comparison leaves open isn't at the limit.
    let both = objective("a < 3 and b < 3", Nature::Other).within(vec![1.0, 0.0]);
    let judged = judge(&both, EFFORT, |n| vec![value(n)[0], value(n)[0]]);
    assert_eq!(judged.verdict(), ObjectiveVerdict::Undecided);
}
