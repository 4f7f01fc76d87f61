//! The answer, in words.

use super::super::measured::{alone, difference};
use super::super::text::held;
use super::Sheet;
use super::against::of;
use crate::experiment::metrics::HEADLINE;
use crate::experiment::{Decision, Place, Standing};
use crate::report::Better;
use crate::report::comparison::{Measure, Verdict};

/// More contenders than this are counted, not named.
const NAMED: usize = 4;

pub(super) fn answer(sheet: &Sheet<'_>) -> String {
    match &sheet.compared.comparison.decision {
        Some(decision) => format!("{} {}", decided(sheet, decision), best(sheet, false)),
        None => best(sheet, true),
    }
}

/// Which one is the best, by how much, and who else may be.
fn best(sheet: &Sheet<'_>, told_apart: bool) -> String {
    let Some(subject) = sheet.columns.get(sheet.subject) else {
        return String::new();
    };
    let (column, replications) = (subject.column, sheet.compared.comparison.replications());
    let with = |wanted: Place| {
        let places = subject.places.iter().enumerate();
        places.filter(move |(_, place)| **place == wanted).map(|(policy, _)| policy)
    };
    let Some(best) = with(Place::Best).next() else {
        let what = what(sheet);
        if subject.places.is_empty() {
            return format!("{what} is the same under all policies.");
        }
        return format!("{what} is not defined in every replication of any policy.");
    };
    let known = subject.known[best];
    let (mean, half) = (known.mean.unwrap_or(0.0), known.half_width.unwrap_or(0.0));
    let value = held(&alone(column.measure, mean, half));
    let name = sheet.name(best);
    let mut sentence = if column.path.as_deref() == Some(HEADLINE) {
        let on_time = if sheet.compared.spec.has_deadline() { " on time" } else { "" };
        format!("{name} delivers most{on_time}: {value} of what the API accepted")
    } else {
        let side = if column.better == Some(Better::Higher) { "highest" } else { "lowest" };
        format!("{name} has the {side} {}: {value}", what(sheet))
    };
    if best != sheet.baseline() {
        sentence.push_str(&compared_with_baseline(sheet, best));
    }
    sentence.push('.');
    if !told_apart {
        return sentence;
    }
    let contenders: Vec<&str> = with(Place::Contender).map(|policy| sheet.name(policy)).collect();
    sentence.push_str(&match contenders.len() {
        0 => " It is the best for certain (95 %).".to_owned(),
        1 => format!(
            " {} may be as good: {replications} replications can’t tell.",
            list(&contenders)
        ),
        2..=NAMED => format!(
            " {} may be as good: {replications} replications can’t tell them apart.",
            list(&contenders)
        ),
        others => format!(
            " {others} others (☆) may be as good: {replications} replications can’t tell them apart."
        ),
    });
    sentence
}

fn compared_with_baseline(sheet: &Sheet<'_>, best: usize) -> String {
    let subject = &sheet.columns[sheet.subject];
    let found = of(sheet, subject, best);
    let (Some(mean), Some(half)) = (found.mean, found.half_width) else {
        return String::new();
    };
    let (number, width) = difference(subject.column.measure, mean.abs(), half);
    let number = number.trim_start_matches('+');
    let points = if subject.column.measure == Measure::Percent { " points" } else { "" };
    let more = if mean > 0.0 { "more" } else { "less" };
    let baseline = sheet.name(sheet.baseline());
    let amount = held(&format!("{number}{points} ({width})"));
    match Verdict::of(subject.column.better, &found) {
        Verdict::Undecided => format!(", {amount} {more} than {baseline}, which may be chance"),
        Verdict::Better | Verdict::Worse => format!(", {amount} {more} than {baseline}"),
    }
}

/// What the selection came to.
pub(super) fn decided(sheet: &Sheet<'_>, decision: &Decision) -> String {
    let subject = &sheet.columns[sheet.subject];
    let zone = decision.asked.indifference.zone;
    let zone = match subject.column.measure {
        Measure::Percent => format!("{} points", zone * 100.0),
        measure => alone(measure, zone, zone / 10.0),
    };
    let (what, made) = (what(sheet), decision.replications);
    match decision.standing {
        Standing::Best(best) => {
            let gone: Vec<String> = decision
                .eliminated
                .iter()
                .enumerate()
                .filter_map(|(policy, after)| {
                    Some(held(&format!("{} after {}", sheet.name(policy), (*after)?)))
                })
                .collect();
            let gone = match gone.len() {
                0 => String::new(),
                _ => format!(" (out: {})", gone.join(", ")),
            };
            format!(
                "Decided after {made} replications: nothing is better than {} by {} or more in \
                 {what}, with 95 % confidence{gone}.",
                sheet.name(best),
                held(&zone)
            )
        }
        Standing::Open => {
            let left = |(policy, after): (usize, &Option<u64>)| {
                after.is_none().then(|| sheet.name(policy))
            };
            let left: Vec<&str> = decision.eliminated.iter().enumerate().filter_map(left).collect();
            format!(
                "Undecided after {made} replications, the most allowed: {} may still be the best \
                 in {what} within {}. Allow more with --max-replications, or a larger \
                 --indifference.",
                list(&left),
                held(&zone)
            )
        }
        Standing::Undefined(policy) => format!(
            "Undecided: {what} is not defined under {} in replication {made}, so that it can’t be \
             ranked.",
            sheet.name(policy)
        ),
    }
}

fn what(sheet: &Sheet<'_>) -> String {
    sheet.compared.subject().to_owned()
}

/// `a, b and c`.
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}
