//! A fit, as a person reads it: the log, the verdict, what was fitted, what had to be assumed.

use super::footer::{Footer, ending};
use super::grid::Grid;
use super::paint::Ink;
use super::text::{listed, plain, wrapped};
use super::{Look, Page};
use crate::fit::{Assumption, Parameter};
use crate::logs;
use crate::report::number::count;
use crate::report::Fitted;

/// Rows of held-out figures that agree are shown only so far.
const SHOWN: usize = 12;

/// The table of `fit`.
#[must_use]
pub fn fit_table(fitted: &Fitted<'_>, look: Look, footer: &Footer) -> String {
    let page = Page::new(look);
    let made = [
        format!("smschain {}", env!("CARGO_PKG_VERSION")),
        format!("scenario {}", fitted.fingerprint),
        format!("seed {}", fitted.seed),
    ];
    let sections = [
        title(fitted, &page),
        wrapped(&plain(verdict(fitted)), page.width, 2),
        rejected(fitted, &page),
        parameters(fitted, &page),
        held_out(fitted, &page),
        assumptions(fitted, &page),
        ending(&made, &page, footer),
    ];
    let sections: Vec<&str> =
        sections.iter().map(String::as_str).filter(|section| !section.is_empty()).collect();
    sections.join("\n")
}

fn verdict<'run>(fitted: &Fitted<'run>) -> &'run str {
    fitted.judgement.map_or(fitted.unjudged.unwrap_or_default(), |own| own.verdict.as_str())
}

fn title(fitted: &Fitted<'_>, page: &Page) -> String {
    let account = fitted.account;
    let first = format!("{} · from {}", plain(fitted.name), plain(&fitted.files.join(", ")));
    let mut title = String::new();
    for line in wrapped(&first, page.width, 0).lines() {
        title.push_str(&format!("{}\n", page.paint.ink(Ink::Bold, line)));
    }
    let mut parts = vec![
        account.format.title().to_owned(),
        format!("{} rows, {} used", count(account.rows), count(account.used)),
    ];
    let clocks = [("submitted", account.submitted), ("sent", account.sent), ("done", account.done)];
    let clocks = clocks.iter().filter_map(|(name, ns)| Some((name, (*ns)?)));
    let clocks: Vec<String> =
        clocks.map(|(name, ns)| format!("{name} to {}", logs::resolution(ns))).collect();
    if clocks.is_empty() {
        parts.push("no times".to_owned());
    } else {
        parts.push(clocks.join(", "));
    }
    for line in listed(&parts, page.width) {
        title.push_str(&format!("{}\n", page.paint.ink(Ink::Faint, &line)));
    }
    title
}

fn rejected(fitted: &Fitted<'_>, page: &Page) -> String {
    let mut grid = Grid::new("Rows left out").number("rows").text("first").wide_names(60);
    for own in &fitted.account.rejected {
        let file = fitted.files.get(own.file).map(String::as_str).unwrap_or_default();
        let place = format!("{}:{}", plain(file), own.line);
        grid.row(own.reason.text(), vec![count(own.count), place]);
    }
    grid.set(page)
}

fn parameters(fitted: &Fitted<'_>, page: &Page) -> String {
    let mut grid = Grid::new("Fitted")
        .number("value")
        .number("from")
        .number("to")
        .number("rows")
        .text("how")
        .wide_names(56);
    for own in &fitted.composed.parameters {
        let end = |value: f64| if own.low < own.high { own.written(value) } else { String::new() };
        let cells = vec![
            Parameter::written(own, own.value),
            end(own.low),
            end(own.high),
            count(own.rows),
            own.method.clone(),
        ];
        grid.row(&own.path, cells);
    }
    grid.set(page)
}

fn held_out(fitted: &Fitted<'_>, page: &Page) -> String {
    let Some(judgement) = fitted.judgement else { return String::new() };
    let mut grid = Grid::new("Kept out")
        .number("predicted")
        .number("±")
        .number("seen")
        .text("")
        .wide_names(36);
    let (off, agree): (Vec<_>, Vec<_>) = judgement.figures.iter().partition(|own| !own.agrees);
    let more = agree.len().saturating_sub(SHOWN);
    for own in off.into_iter().chain(agree.into_iter().take(SHOWN)) {
        let figure = |value: f64| figure(&own.path, value);
        let word = if own.agrees { "" } else { "off" };
        let cells = vec![
            figure(own.predicted),
            figure(own.half_width),
            figure(own.seen),
            word.to_owned(),
        ];
        grid.row(&own.path, cells);
    }
    if more > 0 {
        grid.row(&format!("and {more} more that agree"), Vec::new());
    }
    grid.set(page)
}

/// A figure of what was kept out, by what its path says it is.
pub(in crate::report) fn figure(path: &str, value: f64) -> String {
    let share = ["delivered", "within.", "states.", "failures."];
    if share.iter().any(|start| path.starts_with(start)) {
        format!("{:.2} %", 100.0 * value)
    } else if path.starts_with("latency.") {
        format!("{value:.3} s")
    } else {
        format!("{value:.0}")
    }
}

fn assumptions(fitted: &Fitted<'_>, page: &Page) -> String {
    let mut text = String::new();
    for own in &fitted.composed.assumptions {
        if text.is_empty() {
            text.push_str(&format!("  {}\n", page.paint.ink(Ink::Bold, "Assumed")));
        }
        text.push_str(&wrapped(&sentence(own), page.width, 4));
    }
    text
}

/// An assumption with what it does to the headline.
pub(in crate::report) fn sentence(own: &Assumption) -> String {
    let mut text = format!("{} ({}): {}.", own.path, own.value, own.why);
    if let (Some(sensitivity), [other, ..]) = (own.sensitivity, &own.other[..]) {
        let half_width = sensitivity.half_width.unwrap_or(0.0);
        text.push_str(&format!(
            " With {other} the gap of API success and delivery on time goes from {:.2} % by {:+.2} ± \
             {:.2} points.",
            100.0 * sensitivity.headline,
            100.0 * sensitivity.change,
            100.0 * half_width
        ));
    }
    text
}
