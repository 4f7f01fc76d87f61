//! A hunt, as a person reads it: how often it happens, where, and what is left of it when all that
//! may go has gone.

use super::super::Hunted;
use super::super::document::{Block, Document, Footer, Look, Section, Table};
use crate::experiment::hunt::Shrunk;
use crate::report::number::{count, grouped_figure, length};

/// The table of `hunt`.
#[must_use]
pub fn hunt_table(hunted: &Hunted<'_>, look: Look, footer: &Footer) -> String {
    let facts = vec![
        format!("hunt for {}", hunted.condition.text()),
        format!("seeds {} to {}", hunted.seeds.start, hunted.seeds.end.saturating_sub(1)),
        "one run each".to_owned(),
    ];
    let mut document = Document::made_here(hunted.spec, hunted.fingerprint, facts);
    document.answer = answer(hunted);
    document.sections = vec![found(hunted)];
    document.sections.extend(hunted.shrunk.map(|shrunk| smaller(hunted, shrunk)));
    document.lines(look, footer)
}

/// The seeds in which it happens, and its frequency.
fn answer(hunted: &Hunted<'_>) -> String {
    let search = hunted.search;
    let (share, [low, high]) = hunted.share();
    let searched = count(search.searched);
    let Some(worst) = search.found.first() else {
        return format!(
            "In none of {searched} seeds. By this it happens in less than {} (95 %).",
            one_in(high)
        );
    };
    let interval = format!("95 %: {} … {}", one_in(low), one_in(high));
    if hunted.by_the_first() {
        let place = match search.searched {
            1 => "the first that was tried".to_owned(),
            2 => "and not in the one before it".to_owned(),
            more => format!("and in none of the {} before it", count(more - 1)),
        };
        return format!(
            "It happens in seed {}, {place}. How often it happens can't be told well from that \
             ({interval}); --top 10 searches all seeds.",
            worst.seed
        );
    }
    format!(
        "It happens in {} of {searched} seeds: {} ({interval}). The worst is seed {}.",
        count(search.hits),
        one_in(share),
        worst.seed
    )
}

/// A probability as people say it.
fn one_in(probability: f64) -> String {
    if probability <= 0.0 {
        return "never".to_owned();
    }
    if probability > 0.995 {
        return "always".to_owned();
    }
    if probability > 0.5 {
        return format!("{:.0} in 100", probability * 100.0);
    }
    let odds = 1.0 / probability;
    if odds < 9.95 {
        format!("1 in {odds:.1}")
    } else {
        format!("1 in {}", count(odds.round() as u64))
    }
}

fn found(hunted: &Hunted<'_>) -> Section {
    let paths: Vec<&str> = hunted.condition.paths().iter().map(String::as_str).collect();
    let mut table =
        Table::new("found", "Seed", "seed").numbers(&["beyond the limit"]).numbers(&paths);
    for hit in &hunted.search.found {
        let figures = hit.judged.figures.iter().map(|figure| match figure {
            Some(figure) => grouped_figure(*figure),
            None => "unknown".to_owned(),
        });
        let excess = format!("{:.4}", hit.judged.excess);
        table.text_row(&hit.seed.to_string(), [excess].into_iter().chain(figures));
    }
    Section::default().with(table)
}

fn smaller(hunted: &Hunted<'_>, shrunk: &Shrunk) -> Section {
    let (before, after) = (&shrunk.before, &shrunk.after);
    let mut table = Table::new("smaller", "Made smaller", "what").numbers(&["found", "left"]);
    table.text_row("messages", [count(before.messages), count(after.messages)]);
    table.text_row("events", [count(before.events), count(after.events)]);
    table.text_row("requests come for", [length(before.duration), length(after.duration)]);
    table.text_row("load", [format!("× {}", before.scale), format!("× {}", after.scale)]);
    table.text_row("optional parts", [before, after].map(|size| count(size.parts.len() as u64)));
    let listed = |what: &str, list: &[String]| {
        let text = format!("{what}: {}.", list.join(" · "));
        (!list.is_empty()).then(|| Block::text(text))
    };
    let left = if shrunk.cut_short { "Left, not all of it tried" } else { "It takes" };
    let runs = count(shrunk.tries);
    let ended = if shrunk.cut_short {
        format!("Ended after {runs} tries; --tries allows more.")
    } else {
        format!("{runs} tries: nothing more can go and it still happens.")
    };
    let more = (after.messages < before.messages).then(|| Block::text(larger(hunted)));
    Section::default()
        .with(table)
        .with_all(listed("Taken away", &shrunk.removed))
        .with_all(listed(left, &after.parts))
        .with(Block::text(ended))
        .with_all(more)
}

/// The way to keep it larger: whatever the condition says holds of what is left.
fn larger(hunted: &Hunted<'_>) -> String {
    let condition = hunted.condition.text();
    let condition = match condition.contains(" or ") {
        true => format!("({condition})"),
        false => condition,
    };
    format!(
        "To keep N messages or more: --when '{condition} and messages.accepted >= N'; --tries 0 \
         keeps it whole."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds() {
        for (probability, said) in [
            (1.0 / 340.0, "1 in 340"),
            (0.3, "1 in 3.3"),
            (0.97, "97 in 100"),
            (0.000_81, "1 in 1,235"),
            (0.0, "never"),
            (1.0, "always"),
        ] {
            assert_eq!(one_in(probability), said);
        }
    }
}
