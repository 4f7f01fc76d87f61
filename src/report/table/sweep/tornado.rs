//! Which settings the headline hangs on: a row each, the largest effects first.

use super::super::super::sweep::{Parameter, Sensitivity, Swept};
use super::super::Page;
use super::super::bar::bar;
use super::super::grid::Grid;
use super::super::paint::Ink;
use super::super::text::{held, plain};
use crate::experiment::Difference;
use crate::experiment::metrics::HEADLINE;
use crate::report::Unit;
use crate::report::number::{alone, difference};

/// So many settings have a row.
const ROWS: usize = 15;
/// The sides of a bar under a heading as wide as both, and columns of names, which are cut beyond.
const ROOMY: (usize, &str, usize) = (8, "less   gap   more", 38);
/// As above, on a page narrower than [`NARROW`].
const TIGHT: (usize, &str, usize) = (4, "less more", 30);
const NARROW: usize = 100;

/// The change as people write it: `10 %`.
fn change(found: &Sensitivity) -> String {
    format!("{} %", (found.change * 1e8).round() / 1e6)
}

/// Settings whose effect is more than chance, or may be.
fn known(difference: &Difference) -> bool {
    matches!((difference.mean, difference.half_width), (Some(mean), Some(half)) if mean.abs() > half)
}

pub(in crate::report) fn answer(swept: &Swept<'_>, found: &Sensitivity) -> String {
    let base = swept.known(0, HEADLINE);
    let Some(gap) = base.and_then(|base| base.mean) else {
        return "No message was accepted, so there is no gap to change.".to_owned();
    };
    let half = base.and_then(|base| base.half_width).unwrap_or(0.0);
    let gap = held(&alone(Unit::Share, gap, half));
    let verb =
        if swept.spec.has_deadline() { "do not arrive on time" } else { "are not delivered" };
    let start = format!("{gap} of the accepted messages {verb}.");
    let largest = found
        .parameters
        .iter()
        .find(|parameter| known(&parameter.at_low) || known(&parameter.at_high));
    let Some(parameter) = largest else {
        let change = held(&change(found));
        return format!(
            "{start} No setting that is moved by {change} is known to change that (95 %)."
        );
    };
    let says = |value: &str, effect: &Difference| {
        let mean = effect.mean?;
        if mean == 0.0 {
            return Some(format!("at {value} nothing changes"));
        }
        let half = effect.half_width.unwrap_or(0.0);
        let (points, width) = difference(Unit::Share, mean.abs(), half);
        let points = points.trim_start_matches('+');
        let way = if mean > 0.0 { "more" } else { "fewer" };
        Some(format!("at {value} it is {} {way}", held(&format!("{points} points ({width})"))))
    };
    let parts =
        [says(&parameter.low, &parameter.at_low), says(&parameter.high, &parameter.at_high)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!(
        "{start} {} matters most, now {}: {}.",
        plain(&parameter.path),
        parameter.base,
        parts.join(", ")
    )
}

pub(super) fn tornado(found: &Sensitivity, page: &Page) -> String {
    let with: Vec<&Parameter> =
        found.parameters.iter().filter(|parameter| parameter.effect() > 0.0).take(ROWS).collect();
    let most = with.first().map_or(0.0, |parameter| parameter.effect());
    let change = change(found);
    let (side, heading, names) = if page.width < NARROW { TIGHT } else { ROOMY };
    // Half a bar would say something else: it goes below rather than be cut.
    let mut grid = Grid::new("gap, points").wide_names(names).numbers(&[
        "now",
        &format!("−{change}"),
        &format!("+{change}"),
        heading,
    ]);
    for parameter in &with {
        let cell = |effect: &Difference| match effect.mean {
            None => ("·".to_owned(), Ink::Plain),
            Some(mean) => {
                let half = effect.half_width.unwrap_or(0.0);
                let (points, width) = difference(Unit::Share, mean, half);
                let text = match effect.half_width {
                    Some(_) if mean != 0.0 => format!("{points} {width}"),
                    _ => points,
                };
                (text, if known(effect) { Ink::Plain } else { Ink::Faint })
            }
        };
        let both = [&parameter.at_low, &parameter.at_high].map(|effect| effect.mean.unwrap_or(0.0));
        let less = both.iter().fold(0.0_f64, |least, mean| least.max(-mean));
        let more = both.iter().fold(0.0_f64, |most, mean| most.max(*mean));
        // A bar to the left is one to the right, read backwards: whole blocks only.
        let left = (less / most * side as f64).round() as usize;
        let bars = format!("{:>side$}│{}", "█".repeat(left.min(side)), bar(more / most, side));
        grid.inked(
            &ended(&parameter.path, names),
            vec![
                (parameter.base.clone(), Ink::Faint),
                cell(&parameter.at_low),
                cell(&parameter.at_high),
                (bars, Ink::Blue),
            ],
        );
    }
    grid.set(page)
}

/// The end of a path, where the key is: whole parts of it, if one fits.
fn ended(path: &str, columns: usize) -> String {
    let path = plain(path);
    let over = path.chars().count().saturating_sub(columns);
    if over == 0 {
        return path;
    }
    let end: String = path.chars().skip(over).collect();
    let parts = end
        .split_once('.')
        .map_or_else(|| end.chars().skip(1).collect(), |(_, parts)| parts.to_owned());
    format!("…{parts}")
}

pub(super) fn notes(found: &Sensitivity) -> String {
    let moved = found.parameters.iter().filter(|parameter| parameter.effect() > 0.0).count();
    let all = found.parameters.len();
    let mut notes = String::new();
    if moved > ROWS {
        notes.push_str(&format!("{} more have a smaller effect. ", moved - ROWS));
    }
    notes.push_str(&format!(
        "{all} settings were moved down and up by {}, one at a time; {} have no effect at all. A \
         difference is paired, replication by replication; ± is half its 95 % interval.",
        held(&change(found)),
        all - moved
    ));
    notes
}

#[cfg(test)]
mod tests {
    use super::ended;

    #[test]
    fn a_long_path_keeps_its_end() {
        assert_eq!(ended("api.errors", 10), "api.errors");
        assert_eq!(ended("carrier.northwind.loss", 16), "…northwind.loss");
        assert_eq!(ended("carrier.northwind.loss", 15), "…northwind.loss");
        assert_eq!(ended("carrier.northwind.loss", 14), "…loss");
        assert_eq!(ended("unknown_subscriber", 8), "…scriber");
    }
}
