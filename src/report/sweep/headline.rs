//! What the points have to say, in words.

use super::super::table::number::percent;
use super::super::table::text::held;
use super::super::{indifference, is_load, lost_shares, setting, setting_name};
use super::{Level, Point, Swept};
use crate::experiment::metrics::HEADLINE;

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
            "{} {} of the accepted messages arrive on time{}.",
            start(&at(&swept.points[best.0])),
            share(best.1),
            lost(swept, best.0)
        ),
        (_, [axis]) if axis.unit.is_some() => along(swept, &gaps, best, worst),
        (Some(load), [_, _, ..]) => by_load(swept, &gaps, load),
        _ => {
            let mut text = start(&most_and_fewest(swept, best, worst));
            text.push_str(&accepted(swept, best.0, worst.0));
            text
        }
    }
}

/// From the first value of the only axis to the last.
fn along(swept: &Swept<'_>, gaps: &[Gap], best: Gap, worst: Gap) -> String {
    let (from, to) = match gaps {
        [first, .., last] => (*first, *last),
        _ => (best, worst),
    };
    if small(best, worst) {
        let what = swept.axes.first().map(|axis| setting_name(&axis.path)).unwrap_or_default();
        return start(&format!(
            "whatever the {what}, {} of the accepted messages arrive on time.",
            range(worst, best)
        ));
    }
    let mut text = start(&format!(
        "{} {} of the accepted messages arrive on time, {} {}{}.",
        at(&swept.points[from.0]),
        share(from.1),
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
        let bare = |(point, gap): Gap| (without_load(&swept.points[point]), gap);
        Some(start(&format!("{place} {}", told(bare(best), bare(worst), small(best, worst), ""))))
    });
    let parts: Vec<String> = parts.collect();
    parts.join(" ")
}

/// `most arrive on time with …, fewest with …`.
fn most_and_fewest(swept: &Swept<'_>, best: Gap, worst: Gap) -> String {
    let of = |(point, gap): Gap| (at(&swept.points[point]), gap);
    told(of(best), of(worst), small(best, worst), &lost(swept, worst.0))
}

fn told(best: (String, f64), worst: (String, f64), small: bool, lost: &str) -> String {
    if small {
        return format!(
            "it makes next to no difference: {} of the accepted messages arrive on time.",
            range((0, worst.1), (0, best.1))
        );
    }
    format!(
        "most arrive on time {}, {} of the accepted messages, fewest {}, {}{lost}.",
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

/// Whether nobody would act on what is between two gaps.
fn small(best: Gap, worst: Gap) -> bool {
    worst.1 <= best.1 || worst.1 - best.1 < indifference(HEADLINE, best.1)
}

fn share(gap: f64) -> String {
    held(&percent(1.0 - gap))
}

/// `94.1 % to 94.3 %`, or the one they both look like.
fn range(worst: Gap, best: Gap) -> String {
    let (low, high) = (share(worst.1), share(best.1));
    if low == high { low } else { format!("{low} to {high}") }
}

/// `with a window of 1 at provider alpha`, `with policy none at 4× today’s load`.
fn at(point: &Point) -> String {
    let others = without_load(point);
    let load = point.at.iter().find(|(path, _)| is_load(path));
    let load = load.map(|(path, level)| format!("at {}", setting(path, &level.text)));
    let parts: Vec<String> =
        [Some(others).filter(|text| !text.is_empty()), load].into_iter().flatten().collect();
    held_numbers(&parts.join(" "))
}

fn without_load(point: &Point) -> String {
    let others = point.at.iter().filter(|(path, _)| !is_load(path));
    let others: Vec<String> = others.map(|(path, level)| setting(path, &level.text)).collect();
    if others.is_empty() { String::new() } else { format!("with {}", others.join(" and ")) }
}

/// The value alone, for a point of the one axis that was named before.
fn short(swept: &Swept<'_>, point: usize) -> String {
    match swept.points[point].at.as_slice() {
        [(path, level)] if path == SCALE => format!("at {}×", level.text),
        [(path, level)] if is_load(path) => format!("at {}", level.text),
        [(_, level)] => format!("with {}", level.text),
        _ => at(&swept.points[point]),
    }
}

/// A load stays on one line.
fn held_numbers(text: &str) -> String {
    text.replace("× today’s load", "×\u{a0}today’s\u{a0}load")
}

fn start(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Where most of the others went: ` (expired in queue 32.1 %, late 4.0 %)`.
fn lost(swept: &Swept<'_>, point: usize) -> String {
    let shares = lost_shares(|path| swept.mean(point, path));
    let named: Vec<String> = shares
        .iter()
        .take(NAMED)
        .map(|(name, share)| format!("{name} {}", held(&percent(*share))))
        .collect();
    if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) }
}

/// What the API takes of what is asked for, at two points.
fn accepted(swept: &Swept<'_>, here: usize, there: usize) -> String {
    let of = |point: usize| {
        let requested = swept.mean(point, "layers.requested").filter(|count| *count > 0.0)?;
        Some(held(&percent(swept.mean(point, "layers.api_success")? / requested)))
    };
    match (of(here), of(there)) {
        (Some(here), Some(there)) if here == there => {
            format!(" Both times the API accepts {here} of what is asked for.")
        }
        (Some(here), Some(there)) => {
            format!(" The API accepts {here} and {there} of what is asked for.")
        }
        _ => String::new(),
    }
}
