//! How much load an objective bears, or how little of a resource keeps it: the answer, the points
//! it rests on, and what fills first.

mod points;
mod stations;

use super::super::capacity::Capacity;
use super::doubts::doubts;
use super::footer::{Footer, ending};
use super::text::{unheld, wrapped};
use super::title::heading;
use super::{Look, Page};
use crate::experiment::capacity::Answer;
use crate::report::number::{count, length};

/// The table of `capacity`.
#[must_use]
pub fn capacity_table(capacity: &Capacity<'_>, look: Look, footer: &Footer) -> String {
    let page = Page::new(look);
    let made = [
        format!("smschain {}", env!("CARGO_PKG_VERSION")),
        format!("scenario {}", capacity.fingerprint),
    ];
    let sections = [
        heading(capacity.spec, &how(capacity), &page),
        wrapped(&capacity.text(), page.width, 2),
        points::points(capacity, &page),
        stations::stations(capacity, &page),
        wrapped(NOTES, page.width, 2),
        doubts(&footer.doubts, &page),
        ending(&made, &page, footer),
    ];
    let sections: Vec<&str> =
        sections.iter().map(String::as_str).filter(|section| !section.is_empty()).collect();
    sections.join("\n")
}

/// The answer in words, unbroken; `None` unless it is undecided or no.
#[must_use]
pub fn capacity_sentence(capacity: &Capacity<'_>) -> Option<String> {
    let no = matches!(capacity.outcome.answer, Answer::Undecided | Answer::None);
    no.then(|| unheld(&capacity.text()))
}

/// What the signs mean.
const NOTES: &str = "± is the half-width that a verdict rests on: with a probability of 95 % no \
                     verdict of the whole search is wrong. All points share their random numbers.";

fn how(capacity: &Capacity<'_>) -> Vec<String> {
    let spec = capacity.spec;
    let (first, most) = capacity.replications;
    let mut parts = vec![
        format!("objective {}", capacity.slo),
        match capacity.points.len() as u64 {
            1 => "1 point".to_owned(),
            points => format!("{} points", count(points)),
        },
        if first == most {
            format!("{} replications of each", count(most))
        } else {
            format!("{} to {} replications of each", count(first), count(most))
        },
        format!("seed {}", capacity.seed),
    ];
    if spec.scale != 1.0 {
        parts.push(format!("today’s load × {}", spec.scale));
    }
    let mut time = length(spec.duration);
    if spec.warmup > 0 {
        time.push_str(&format!(", the first {} not counted", length(spec.warmup)));
    }
    parts.push(time);
    parts
}

/// A value as it stands in a sentence: `2.31×`, `12`, `250ms`.
fn shown(capacity: &Capacity<'_>, value: f64) -> String {
    let text = capacity.write(value);
    if capacity.is_load() { format!("{text}×") } else { text }
}

#[cfg(test)]
mod tests;
