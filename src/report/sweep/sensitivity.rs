//! The settings that the headline hangs on: in words, on cards, and a row each, the largest effects first.

use super::super::document::{Block, Card, Cell, Content, On, Section, Table, Tone};
use super::super::number::{alone, difference, percent, signed_with_interval};
use super::super::read::{self, Figure};
use super::super::{Unit, Value, unit};
use super::{Sensitivity, Swept};
use crate::experiment::Difference;
use crate::experiment::metrics::HEADLINE;

/// So many parameters are worth a card.
const CARDS: usize = 3;
/// So many settings have a row on the terminal.
const ROWS: usize = 15;

/// The change as people write it: `10 %`.
fn change(found: &Sensitivity) -> String {
    format!("{} %", (found.change * 1e8).round() / 1e6)
}

/// Settings whose effect is more than chance, or may be.
fn known(difference: &Difference) -> bool {
    matches!((difference.mean, difference.half_width), (Some(mean), Some(half)) if mean.abs() > half)
}

pub(super) fn answer(swept: &Swept<'_>, found: &Sensitivity) -> String {
    let base = swept.known(0, HEADLINE);
    let Some(gap) = base.and_then(|base| base.mean) else {
        return "No message was accepted, so there is no gap to change.".to_owned();
    };
    let half = base.and_then(|base| base.half_width).unwrap_or(0.0);
    let gap = alone(Unit::Share, gap, half);
    let verb =
        if swept.spec.has_deadline() { "do not arrive on time" } else { "are not delivered" };
    let start = format!("{gap} of the accepted messages {verb}.");
    let largest = found
        .parameters
        .iter()
        .find(|parameter| known(&parameter.at_low) || known(&parameter.at_high));
    let Some(parameter) = largest else {
        let change = change(found);
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
        Some(format!("at {value} it is {} {way}", format_args!("{points} points ({width})")))
    };
    let parts =
        [says(&parameter.low, &parameter.at_low), says(&parameter.high, &parameter.at_high)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!(
        "{start} {} matters most, now {}: {}.",
        parameter.path,
        parameter.base,
        parts.join(", ")
    )
}

/// A difference that a parameter makes, on one side.
fn side(parameter: &Value, side: &str) -> Figure {
    read::estimate(parameter.get(side), "difference")
}

fn sides(parameter: &Value) -> [Figure; 2] {
    ["at_low", "at_high"].map(|own| side(parameter, own))
}

/// The larger difference, whichever way the parameter is changed; 0 if none is known.
fn effect(parameter: &Value) -> f64 {
    sides(parameter).iter().filter_map(|own| own.value).fold(0.0, |most, own| own.abs().max(most))
}

/// True if a difference is more than chance.
fn is_sure(own: &Figure) -> bool {
    own.value.zip(own.half_width).is_some_and(|(mean, half)| mean.abs() > half)
}

/// The headline as it is, and the parameters with the largest effects that are known.
pub(super) fn cards(result: &Value) -> Vec<Option<Card>> {
    let path = read::text(result, "sensitivity.path");
    let unit = unit(path);
    let base = read::estimate(read::at(result, "sensitivity.base"), "mean");
    let parameters = read::list(result, "sensitivity.parameters").iter();
    let mut sure: Vec<(&str, f64, Figure)> = parameters
        .filter_map(|parameter| {
            let known = sides(parameter).into_iter().filter(is_sure);
            let size = |own: &Figure| own.value.unwrap_or(0.0).abs();
            let most = known.max_by(|a, b| size(a).total_cmp(&size(b)))?;
            Some((read::text(parameter, "path"), size(&most), most))
        })
        .collect();
    // Stable: of equal effects the order of the file.
    sure.sort_by(|a, b| b.1.total_cmp(&a.1));
    let points = if unit == Unit::Share { " points" } else { "" };
    let card = |(path, _, figure): (&str, f64, Figure)| {
        let mean = figure.value.unwrap_or(0.0);
        let (mean, half) = signed_with_interval(unit, mean, figure.half_width);
        Some(Card::text(path, format!("{mean}{points}"), format!("{half}, up or down")))
    };
    let base = Card::figure("As it is", unit, base, path);
    [base].into_iter().chain(sure.into_iter().take(CARDS).map(card)).collect()
}

/// A row a parameter.
pub(super) fn parameters(result: &Value) -> Section {
    let path = read::text(result, "sensitivity.path");
    let unit = unit(path);
    let change = read::number(result, "sensitivity.change").unwrap_or(0.0);
    let change = percent(change).replace(".0 %", " %");
    let mut table = Table::new("parameters", "gap, points", "parameter")
        .caption(format!("What {path} becomes when a parameter is changed by {change}"))
        .at_most(ROWS)
        .texts(&["now"])
        .texts_on(On::Page, &["down to", "up to"])
        .numbers(&[&format!("−{change}"), &format!("+{change}")])
        .texts_on(On::Terminal, &["less · more"])
        .numbers_on(On::Page, &["larger"]);
    let parameters = read::list(result, "sensitivity.parameters");
    let most = parameters.iter().map(effect).fold(0.0, f64::max);
    for parameter in parameters {
        let text = |key: &str| read::at(parameter, key).map(read::written).unwrap_or_default();
        let cell = |own: Figure| {
            let tone = if is_sure(&own) { Tone::Plain } else { Tone::Faint };
            Cell::change(unit, own).toned(tone)
        };
        let both = sides(parameter);
        let means = both.map(|own| own.value.unwrap_or(0.0));
        let part = |way: f64| {
            let largest = means.iter().fold(0.0_f64, |most, mean| most.max(way * mean));
            if most > 0.0 { largest / most } else { 0.0 }
        };
        let size = effect(parameter);
        let (size_text, _) = signed_with_interval(unit, size, None);
        table.row(vec![
            Cell::code(read::text(parameter, "path")),
            Cell::text(text("base")),
            Cell::text(text("low")),
            Cell::text(text("high")),
            cell(both[0]),
            cell(both[1]),
            Cell::drawn(Content::Sides(part(-1.0), part(1.0)), Tone::Drawn),
            Cell::text(size_text.trim_start_matches('+')).sorted_by(Some(size)),
        ]);
    }
    let idle = parameters.iter().filter(|own| effect(own) == 0.0).count();
    let points = if unit == Unit::Share { " Differences are in percentage points." } else { "" };
    Section::new("sensitivity", "Parameters by their effect").with(table).with(Block::remark(format!(
        "{} settings were moved down and up by {change}, one at a time; {idle} have no effect at \
         all. Differences are paired on common random numbers; ± is half a 95 % interval.{points}",
        parameters.len()
    )))
}
