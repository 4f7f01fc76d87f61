//! Retry policies side by side: the answer, a row a policy, and the differences it rests on.

mod against;
mod policies;

use super::super::comparison::{Column, Compared, ERROR, Finding, undecided};
use super::footer::{Footer, ending};
use super::text::wrapped;
use super::title::heading;
use super::{Look, Page};
use crate::experiment::{Known, Place, Tally, places};
use crate::report::Better;
use crate::report::number::{count, length};

/// The table of `compare`.
#[must_use]
pub fn comparison_table(compared: &Compared<'_>, look: Look, footer: &Footer) -> String {
    let page = Page::new(look);
    let table = Sheet::new(compared);
    let sections = [
        heading(compared.spec, &how(compared), &page),
        wrapped(table.found.as_ref().map_or("", Finding::held_text), page.width, 2),
        policies::policies(&table, &page),
        against::against(&table, &page),
        notes(&table, &page),
        ending(&made(compared), &page, footer),
    ];
    let sections: Vec<&str> =
        sections.iter().map(String::as_str).filter(|section| !section.is_empty()).collect();
    sections.join("\n")
}

/// That, and why, the best was asked for and isn't known; `None` if it is, or wasn't asked for.
#[must_use]
pub fn undecided_sentence(compared: &Compared<'_>) -> Option<String> {
    undecided(compared)
}

/// A comparison, column by column.
struct Sheet<'run> {
    compared: Compared<'run>,
    columns: Vec<Shown<'run>>,
    /// Index of the column the answer is about.
    subject: usize,
    /// The answer.
    found: Option<Finding>,
}

/// A column and its values.
struct Shown<'run> {
    column: &'run Column,
    /// By policy, then replication.
    values: Vec<Vec<Option<f64>>>,
    /// By policy; the mean is `None` where it isn't defined in every replication.
    known: Vec<Known>,
    /// By policy; empty if neither way is better or all are the same.
    places: Vec<Place>,
}

impl<'run> Sheet<'run> {
    fn new(compared: &Compared<'run>) -> Sheet<'run> {
        let subject = compared.subject();
        let of = |column: &Column| column.path.as_deref() == Some(subject);
        let subject = compared.columns.iter().position(of).unwrap_or(0);
        let columns = compared.columns.iter().enumerate().map(|(index, column)| {
            let values = compared.comparison.column(index);
            let common = values.iter().map(Vec::len).min().unwrap_or(0);
            let same = values.iter().all(|own| own[..common] == values[0][..common]);
            let places = match column.better {
                Some(better) if !same => places(&values, better == Better::Higher, ERROR),
                _ => Vec::new(),
            };
            let known = values.iter().map(|own| known(own)).collect();
            Shown { column, values, known, places }
        });
        let mut columns: Vec<Shown<'_>> = columns.collect();
        let found = Finding::of(compared);
        if let (Some(shown), Some(found)) = (columns.get_mut(subject), &found) {
            shown.places.clone_from(&found.places);
        }
        Sheet { compared: *compared, columns, subject, found }
    }

    fn name(&self, policy: usize) -> &'run str {
        self.compared.policies.get(policy).map_or("", String::as_str)
    }

    fn baseline(&self) -> usize {
        self.compared.comparison.baseline
    }
}

fn known(values: &[Option<f64>]) -> Known {
    let mut tally = Tally::default();
    values.iter().for_each(|&value| tally.push(value));
    tally.known(ERROR)
}

fn how(compared: &Compared<'_>) -> Vec<String> {
    let (spec, comparison) = (compared.spec, compared.comparison);
    let mut lengths = comparison.columns.iter().map(Vec::len);
    let first = lengths.next();
    let each = if lengths.all(|length| Some(length) == first) { "" } else { "up to " };
    let mut parts = vec![
        format!("{} policies", compared.policies.len()),
        format!("{each}{} replications of each", count(comparison.replications())),
        "common random numbers".to_owned(),
        format!("seed {}", compared.seed),
    ];
    if spec.scale != 1.0 {
        parts.push(format!("load × {}", spec.scale));
    }
    let mut time = length(spec.duration);
    if spec.warmup > 0 {
        time.push_str(&format!(", the first {} not counted", length(spec.warmup)));
    }
    parts.push(time);
    parts
}

fn made(compared: &Compared<'_>) -> Vec<String> {
    vec![
        format!("smschain {}", env!("CARGO_PKG_VERSION")),
        format!("scenario {}", compared.fingerprint),
    ]
}

/// What the signs mean.
fn notes(sheet: &Sheet<'_>, page: &Page) -> String {
    let mut notes = vec![
        "★ best mean; ☆ may be the best as well, as far as these replications can tell (95 %). \
         ± is half a 95 % interval; of differences, of all policies’ together (Bonferroni). \
         “variance ÷”: without common random numbers it would take so many times the \
         replications. better, worse: with 95 % confidence; ·: undecided."
            .to_owned(),
    ];
    let cells = || sheet.columns.iter().flat_map(|shown| &shown.values);
    let known = |values: &Vec<Option<f64>>| (values.iter().flatten().count(), values.len());
    let gaps: Vec<(usize, usize)> = cells().map(known).filter(|(there, all)| there < all).collect();
    if gaps.iter().any(|(there, _)| *there == 0) {
        notes.push("never: there is such a figure in none of the replications.".to_owned());
    }
    if let Some((there, all)) = gaps.iter().find(|(there, _)| *there > 0) {
        notes.push(format!(
            "in {there}/{all}: there is such a figure in only {there} of {all} replications; \
             leaving the others out would flatter it."
        ));
    }
    notes.iter().map(|note| wrapped(note, page.width, 2)).collect()
}

#[cfg(test)]
mod tests;
