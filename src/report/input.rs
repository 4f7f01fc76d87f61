//! The parts of parameters that a fit doesn't know and that were drawn, and how much of each interval they are.

use super::Value;
use super::document::{Block, Cell, Section, Table};
use super::number::percent;
use super::read;
use crate::experiment::metrics::HEADLINE;

/// The section on `--input`; empty of a result whose parameters weren't drawn.
pub(super) fn section(result: &Value) -> Section {
    let section = Section::new("input", "What isn\u{2019}t known of the parameters");
    let Some(parameters) = read::number(result, "input.parameters") else { return section };
    let fit = read::text(result, "input.fit");
    // A result of an earlier version has none.
    let answer = match read::text(result, "input.answer") {
        "" => String::new(),
        answer => format!(" It says: {answer}"),
    };
    let parameters = match parameters {
        1.0 => "One parameter is".to_owned(),
        more => format!("{more} parameters are"),
    };
    let drawn = format!(
        "{parameters} drawn anew in every second replication from what {fit} doesn't know of \
         them: intervals contain it, and more replications don't make it less.{answer}"
    );
    let part =
        |path: &str, key: &str| read::number(result, &format!("input.intervals.{path}.{key}"));
    let of = |key: &str| part(HEADLINE, key);
    let known = of("half_width").zip(of("chance_half_width")).zip(of("share_of_input"));
    let headline = known.map(|((half_width, chance), share)| {
        Block::text(format!(
            "Of the interval of {HEADLINE}, \u{b1} {:.3} points, chance alone makes \u{b1} {:.3}; \
             {:.0} % of its variance is what the log leaves open.",
            100.0 * half_width,
            100.0 * chance,
            100.0 * share
        ))
    });
    let section = section.with(Block::text(drawn)).with_all(headline);
    let mut table = Table::new("input-intervals", "Intervals", "figure")
        .numbers(&["\u{b1}", "\u{b1} by chance", "input\u{2019}s share"])
        .caption("Half-widths as they are and by chance alone, and the share of the variance that is what the log leaves open");
    for (path, own) in read::entries(result, "input.intervals") {
        let cell = |key: &str| match read::number(own, key) {
            Some(value) => Cell::text(super::number::measured(value)).sorted_by(Some(value)),
            None => Cell::nothing(),
        };
        let share = read::number(own, "share_of_input");
        let share = share
            .map_or(Cell::nothing(), |share| Cell::text(percent(share)).sorted_by(Some(share)));
        table.row(vec![
            Cell::code(path.as_str()),
            cell("half_width"),
            cell("chance_half_width"),
            share,
        ]);
    }
    section.on_page(table)
}
