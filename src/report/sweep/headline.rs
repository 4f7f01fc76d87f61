//! The points in words.

use super::super::text::start;
use super::super::{indifference, is_load, lost_shares, setting, setting_name};
use super::{Level, Point, Swept};
use crate::experiment::metrics::HEADLINE;
use crate::report::number::percent;

/// So many of the ends that aren't deliveries are named.
const NAMED: usize = 2;
const SCALE: &str = "scale";

/// A point and its gap.
type Gap = (usize, f64);

/// The headline of a sweep: what the settings do to what arrives on time. Points under different
/// loads are not compared with one another where something else was varied, too.
pub(super) fn headline(swept: &Swept<'_>) -> String {
    let gaps: Vec<Gap> = (0..swept.points.len())
        .filter_map(|point| Some((point, swept.mean(point, HEADLINE)?)))
        .collect();
    let Some((best, worst)) = ends(&gaps) else {
        return "No message was accepted, so there is no share of them to tell.".to_owned();
    };
    let load = swept.axes.iter().position(|axis| is_load(&axis.path));
    match (load, swept.axes) {
        _ if gaps.len() == 1 => format!(
            "{}, {} of the accepted messages {}{}.",
            start(&at(&swept.points[best.0], &[])),
            share(best.1),
            arrive(swept),
            lost(swept, best.0)
        ),
        (_, [axis]) if axis.unit.is_some() => along(swept, &gaps, best, worst),
        (Some(load), [_, _, ..]) => by_load(swept, &gaps, load),
        _ => overall(swept, &gaps, best, worst),
    }
}

/// The best and the worst of all points, by the settings that make a difference.
fn overall(swept: &Swept<'_>, gaps: &[Gap], best: Gap, worst: Gap) -> String {
    let idle: Vec<usize> = (0..swept.axes.len()).filter(|&axis| idle(swept, gaps, axis)).collect();
    let all = idle.len() == swept.axes.len();
    let left_out = if all { &[][..] } else { &idle };
    let of = |(point, gap): Gap| (at(&swept.points[point], left_out), gap);
    let mut text =
        start(&told(arrive(swept), of(best), of(worst), small(best, worst), &lost(swept, worst.0)));
    if !small(best, worst) && !left_out.is_empty() {
        let names = left_out.iter().filter_map(|&axis| swept.axes.get(axis));
        let names: Vec<String> = names.map(|axis| setting_name(&axis.path)).collect();
        let make = if names.len() == 1 { "makes" } else { "make" };
        text.push_str(&format!(" The {} {make} next to no difference.", names.join(" and the ")));
    }
    text.push_str(&accepted(swept, best.0, worst.0));
    text
}

/// True if nobody would act on what an axis does, whatever the values on the others.
fn idle(swept: &Swept<'_>, gaps: &[Gap], axis: usize) -> bool {
    let others = |point: usize| {
        let values = swept.points[point].at.iter().enumerate();
        values.filter(move |(index, _)| *index != axis).map(|(_, value)| value)
    };
    gaps.iter().all(|own| {
        let alike = gaps.iter().filter(|other| others(own.0).eq(others(other.0)));
        let alike: Vec<Gap> = alike.copied().collect();
        ends(&alike).is_none_or(|(best, worst)| small(best, worst))
    })
}

/// From the first value of the only axis to the last.
fn along(swept: &Swept<'_>, gaps: &[Gap], best: Gap, worst: Gap) -> String {
    let (from, to) = match gaps {
        [first, .., last] => (*first, *last),
        _ => (best, worst),
    };
    if small(best, worst) {
        let what = swept.axes.first().map(|axis| setting_name(&axis.path)).unwrap_or_default();
        let text = format!(
            "whatever the {what}, {} of the accepted messages {}.",
            range(worst, best),
            arrive(swept)
        );
        let refuses = refused(swept, from.0, to.0).is_some_and(|(here, there)| here + there > 0.0);
        let text = if refuses { text + &accepted(swept, from.0, to.0) } else { text };
        return start(&text);
    }
    let mut text = start(&format!(
        "{}, {} of the accepted messages {}; {}, {}{}.",
        at(&swept.points[from.0], &[]),
        share(from.1),
        arrive(swept),
        short(swept, to.0),
        share(to.1),
        lost(swept, to.0)
    ));
    if worst.0 != from.0 && worst.0 != to.0 {
        text.push_str(&format!(" Fewest {}: {}.", short(swept, worst.0), share(worst.1)));
    }
    if best.0 != from.0 && best.0 != to.0 {
        text.push_str(&format!(" Most {}: {}.", short(swept, best.0), share(best.1)));
    }
    text.push_str(&accepted(swept, from.0, to.0));
    text
}

/// The other settings at the first load and at the last.
fn by_load(swept: &Swept<'_>, gaps: &[Gap], load: usize) -> String {
    let level = |point: usize| swept.points[point].at.get(load).map(|(_, level)| level);
    let levels = swept.axes.get(load).map_or(&[][..], |axis| &axis.levels);
    let parts = levels.first().into_iter().chain(levels.last().filter(|_| levels.len() > 1));
    let parts = parts.filter_map(|own: &Level| {
        let such: Vec<Gap> =
            gaps.iter().copied().filter(|(point, _)| level(*point) == Some(own)).collect();
        let (best, worst) = ends(&such)?;
        let path = &swept.axes.get(load)?.path;
        let place = format!("at {}", setting(path, &own.text));
        let bare = |(point, gap): Gap| (without_load(&swept.points[point], &[]), gap);
        Some(start(&format!(
            "{place} {}",
            told(arrive(swept), bare(best), bare(worst), small(best, worst), "")
        )))
    });
    let parts: Vec<String> = parts.collect();
    parts.join(" ")
}

/// The verb for messages that count: without a deadline all that are delivered.
fn arrive(swept: &Swept<'_>) -> &'static str {
    if swept.spec.has_deadline() { "arrive on time" } else { "are delivered" }
}

/// `most arrive on time with …, fewest with …`.
fn told(
    arrive: &str,
    best: (String, f64),
    worst: (String, f64),
    small: bool,
    lost: &str,
) -> String {
    if small {
        return format!(
            "it makes next to no difference: {} of the accepted messages {arrive}.",
            range((0, worst.1), (0, best.1))
        );
    }
    format!(
        "most {arrive} {}: {} of the accepted messages; fewest {}: {}{lost}.",
        best.0,
        share(best.1),
        worst.0,
        share(worst.1)
    )
}

/// The points with the smallest and the largest gap, of equal ones the first.
fn ends(gaps: &[Gap]) -> Option<(Gap, Gap)> {
    let best = gaps.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a })?;
    let worst = gaps.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    Some((best, worst))
}

/// True if nobody would act on what is between two gaps.
fn small(best: Gap, worst: Gap) -> bool {
    worst.1 <= best.1 || worst.1 - best.1 < indifference(HEADLINE, best.1)
}

fn share(gap: f64) -> String {
    percent(1.0 - gap)
}

/// `94.1 % to 94.3 %`, or the one they both look like.
fn range(worst: Gap, best: Gap) -> String {
    let (low, high) = (share(worst.1), share(best.1));
    if low == high { low } else { format!("{low} to {high}") }
}

/// `with a window of 1 at provider alpha`, `with policy none at 4× today’s load`.
fn at(point: &Point, left_out: &[usize]) -> String {
    let others = without_load(point, left_out);
    let load = point.at.iter().find(|(path, _)| is_load(path));
    let load = load.map(|(path, level)| format!("at {}", setting(path, &level.text)));
    let parts: Vec<String> =
        [Some(others).filter(|text| !text.is_empty()), load].into_iter().flatten().collect();
    parts.join(" ")
}

/// The settings of a point, but for those on these axes.
fn without_load(point: &Point, left_out: &[usize]) -> String {
    let others = point.at.iter().enumerate();
    let others = others.filter(|(axis, (path, _))| !is_load(path) && !left_out.contains(axis));
    let others: Vec<String> = others.map(|(_, (path, level))| setting(path, &level.text)).collect();
    if others.is_empty() { String::new() } else { format!("with {}", others.join(" and ")) }
}

/// The value alone, for a point of the one axis that was named before.
fn short(swept: &Swept<'_>, point: usize) -> String {
    match swept.points[point].at.as_slice() {
        [(path, level)] if path == SCALE => format!("at {}×", level.text),
        [(path, level)] if is_load(path) => format!("at {}", level.text),
        [(_, level)] => format!("with {}", level.text),
        _ => at(&swept.points[point], &[]),
    }
}

/// The ends of most of the others: ` (expired in queue 32.1 %, late 4.0 %)`.
fn lost(swept: &Swept<'_>, point: usize) -> String {
    let shares = lost_shares(|path| swept.mean(point, path));
    let named: Vec<String> = shares
        .iter()
        .take(NAMED)
        .map(|(name, share)| format!("{name} {}", percent(*share)))
        .collect();
    if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) }
}

/// The share of what is asked for that the API refuses, at two points.
fn refused(swept: &Swept<'_>, here: usize, there: usize) -> Option<(f64, f64)> {
    let of = |point: usize| {
        let requested = swept.mean(point, "layers.requested").filter(|count| *count > 0.0)?;
        Some(1.0 - swept.mean(point, "layers.api_success")? / requested)
    };
    of(here).zip(of(there))
}

/// The share of what is asked for that the API takes, at two points.
fn accepted(swept: &Swept<'_>, here: usize, there: usize) -> String {
    let Some((here, there)) = refused(swept, here, there) else {
        return String::new();
    };
    let (best, worst) = ((0, here.min(there)), (0, here.max(there)));
    if small(best, worst) {
        return format!(" The API accepts {} of what is asked for.", range(worst, best));
    }
    format!(" The API accepts {} and {} of what is asked for.", share(here), share(there))
}

#[cfg(test)]
mod tests {
    use super::super::Axis;
    use super::*;
    use crate::experiment::{Cell, sample};

    /// A path, its values, and whether they are numbers.
    type Varied<'a> = (&'a str, &'a [&'a str], bool);

    /// The headline of a sweep over these axes, with these gaps in the order of their points.
    fn of(axes: &[Varied<'_>], gaps: &[f64]) -> String {
        let level = |text: &&str| Level { text: (*text).to_owned(), number: None };
        let axes: Vec<Axis> = axes
            .iter()
            .map(|(path, levels, numbers)| Axis {
                path: (*path).to_owned(),
                levels: levels.iter().map(level).collect(),
                unit: numbers.then_some(""),
            })
            .collect();
        let mut points = vec![Point::default()];
        for axis in &axes {
            let longer = points.iter().flat_map(|point| {
                axis.levels.iter().map(|level| {
                    let mut at = point.at.clone();
                    at.push((axis.path.clone(), level.clone()));
                    Point { at }
                })
            });
            points = longer.collect();
        }
        assert_eq!(points.len(), gaps.len());
        let paths = ["layers.requested", "layers.api_success", HEADLINE, "truth.delivered_late"];
        let cells: Vec<Cell> = gaps
            .iter()
            .map(|gap| {
                let mut cell = Cell::default();
                cell.push(&[Some(1000.0), Some(1000.0), Some(*gap), Some(1000.0 * gap)]);
                cell
            })
            .collect();
        let swept = Swept {
            spec: &sample::spec(),
            fingerprint: "f00d",
            seed: 1,
            seeds: &[1],
            axes: &axes,
            points: &points,
            paths: &paths.map(str::to_owned),
            cells: &cells,
            objectives: &[],
            sensitivity: None,
        };
        swept.headline().replace('\u{a0}', " ")
    }

    #[test]
    fn an_axis_of_numbers_is_told_at_both_ends() {
        assert_eq!(
            of(&[("scale", &["1", "2", "4"], true)], &[0.04, 0.1, 0.3]),
            "At 1× today’s load, 96.0 % of the accepted messages arrive on time; at 4×, 70.0 % \
             (late 30.0 %). The API accepts 100 % of what is asked for."
        );
        let window: Varied<'_> = ("provider.alpha.window", &["1", "5", "50"], true);
        assert_eq!(
            of(&[window], &[0.985, 0.02, 0.3]),
            "With a window of 1 at provider alpha, 1.5 % of the accepted messages arrive on time; \
             with 50, 70.0 % (late 30.0 %). Most with 5: 98.0 %. The API accepts 100 % of what is \
             asked for."
        );
        assert_eq!(
            of(&[window], &[0.061, 0.06, 0.059]),
            "Whatever the window of provider alpha, 93.9 % to 94.1 % of the accepted messages \
             arrive on time."
        );
    }

    #[test]
    fn settings_are_compared_by_what_makes_a_difference() {
        let order: Varied<'_> = ("queue.main.discipline", &["fifo", "priority"], false);
        let rate: Varied<'_> = ("provider.alpha.throttle.rate", &["5/s", "30/s"], true);
        assert_eq!(
            of(&[order, rate], &[0.9, 0.1, 0.9, 0.1]),
            "Most arrive on time with a throttle of 30/s at provider alpha: 90.0 % of the \
             accepted messages; fewest with a throttle of 5/s at provider alpha: 10.0 % (late \
             90.0 %). The discipline of queue main makes next to no difference. The API accepts \
             100 % of what is asked for."
        );
        assert!(
            of(&[order, rate], &[0.9, 0.3, 0.8, 0.1]).starts_with(
                "Most arrive on time with priority order in queue main and a throttle"
            )
        );
    }

    #[test]
    fn different_loads_are_not_compared() {
        let policy: Varied<'_> = ("retry.policy", &["none", "fixed"], false);
        let scale: Varied<'_> = ("scale", &["1", "4"], true);
        assert_eq!(
            of(&[policy, scale], &[0.07, 0.53, 0.05, 0.58]),
            "At 1× today’s load most arrive on time with policy fixed: 95.0 % of the accepted \
             messages; fewest with policy none: 93.0 %. At 4× today’s load most arrive on time \
             with policy none: 47.0 % of the accepted messages; fewest with policy fixed: 42.0 %."
        );
    }
}
