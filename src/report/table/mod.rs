//! The terminal's table: what a person reads first. A file a section.

mod bar;
mod capacity;
mod comparison;
mod doubts;
mod explained;
pub(super) mod fit;
mod footer;
mod funnel;
mod grid;
mod hunt;
pub(super) mod incidents;
pub(super) mod latency;
pub(super) mod lost;
mod observed;
mod paint;
pub(in crate::report) mod per_run;
mod policies;
pub(super) mod remarks;
mod replay;
mod sentences;
mod stations;
mod streams;
mod sweep;
pub(super) mod text;
mod title;
mod trace;
mod validation;

use super::{Facts, certainty_sentence};
pub use capacity::{capacity_sentence, capacity_table};
pub use comparison::{comparison_table, undecided_sentence};
pub use doubts::unsettled_sentence;
pub use explained::{explained_table, figure_table, named_table, term_table};
pub use fit::fit_table;
pub use footer::Footer;
pub use hunt::hunt_table;
use paint::Paint;
pub use policies::{policies_table, policy_table};
pub use replay::replay_table;
pub(super) use sweep::sensitivity_answer;
pub use sweep::sweep_table;
pub use trace::{StoryLook, story_table};
pub use validation::validation_table;

/// How the table is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns there are.
    pub width: usize,
    /// Colour it.
    pub colour: bool,
}

/// Narrower and the columns fall apart; wider and the eye loses the line.
const WIDTHS: std::ops::RangeInclusive<usize> = 60..=110;

/// A run, as a person reads it. Sections that have nothing to say are left out.
#[must_use]
pub fn table(facts: &Facts<'_>, look: Look, footer: &Footer) -> String {
    let page = Page::new(look);
    let sections = [
        title::title(facts, &page),
        funnel::funnel(facts, &page),
        sentences::sentences(facts, &page),
        certainty(facts, &page),
        lost::lost(facts, &page),
        observed::observed(facts, &page),
        latency::latency(facts, &page),
        incidents::incidents(facts, &page),
        streams::streams(facts, &page),
        stations::queues(facts, &page),
        stations::providers(facts, &page),
        stations::carriers(facts, &page),
        remarks::remarks(facts, &page),
        doubts::doubts(&footer.doubts, &page),
        doubts::doubts(&footer.objectives, &page),
        footer::footer(facts, &page, footer),
    ];
    let mut table = String::new();
    for section in sections.iter().filter(|section| !section.is_empty()) {
        if !table.is_empty() {
            table.push('\n');
        }
        table.push_str(section);
    }
    table
}

/// Why there is no ±.
fn certainty(facts: &Facts<'_>, page: &Page) -> String {
    let sentence = certainty_sentence(&facts.run.certainty);
    sentence.map(|sentence| text::wrapped(&sentence, page.width, 2)).unwrap_or_default()
}

/// What the sections are set on.
struct Page {
    width: usize,
    paint: Paint,
}

impl Page {
    fn new(look: Look) -> Page {
        Page {
            width: look.width.clamp(*WIDTHS.start(), *WIDTHS.end()),
            paint: Paint { colour: look.colour },
        }
    }
}

#[cfg(test)]
mod tests;
