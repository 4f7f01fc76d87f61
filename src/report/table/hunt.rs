//! A hunt, as a person reads it: how often it happens, where, and what is left of it when all that
//! may go has gone.

use super::super::Hunted;
use super::footer::{Footer, ending};
use super::grid::Grid;
use super::text::{plain, wrapped};
use super::title::heading;
use super::{Look, Page};
use crate::experiment::hunt::Shrunk;
use crate::report::number::{count, grouped_figure, length};

/// The table of `hunt`.
#[must_use]
pub fn hunt_table(hunted: &Hunted<'_>, look: Look, footer: &Footer) -> String {
    let page = Page::new(look);
    let asked = [
        format!("hunt for {}", plain(&hunted.condition.text())),
        format!("seeds {} to {}", hunted.seeds.start, hunted.seeds.end.saturating_sub(1)),
        "one run each".to_owned(),
    ];
    let made = [
        format!("smschain {}", env!("CARGO_PKG_VERSION")),
        format!("scenario {}", hunted.fingerprint),
    ];
    let sections = [
        heading(hunted.spec, &asked, &page),
        wrapped(&answer(hunted), page.width, 2),
        found(hunted, &page),
        hunted.shrunk.map(|shrunk| smaller(hunted, shrunk, &page)).unwrap_or_default(),
        ending(&made, &page, footer),
    ];
    let sections: Vec<&str> =
        sections.iter().map(String::as_str).filter(|section| !section.is_empty()).collect();
    sections.join("\n")
}

/// Where it happens and how often.
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

fn found(hunted: &Hunted<'_>, page: &Page) -> String {
    let mut grid = Grid::new("Seed").apart().number("beyond the limit");
    for path in hunted.condition.paths() {
        grid = grid.number(path);
    }
    for hit in &hunted.search.found {
        let mut cells = vec![format!("{:.4}", hit.judged.excess)];
        cells.extend(hit.judged.figures.iter().map(|figure| match figure {
            Some(figure) => grouped_figure(*figure),
            None => "unknown".to_owned(),
        }));
        grid.row(&hit.seed.to_string(), cells);
    }
    grid.set(page)
}

fn smaller(hunted: &Hunted<'_>, shrunk: &Shrunk, page: &Page) -> String {
    let (before, after) = (&shrunk.before, &shrunk.after);
    let mut grid = Grid::new("Made smaller").numbers(&["found", "left"]);
    grid.row("messages", vec![count(before.messages), count(after.messages)]);
    grid.row("events", vec![count(before.events), count(after.events)]);
    grid.row("requests come for", vec![length(before.duration), length(after.duration)]);
    grid.row("load", vec![format!("× {}", before.scale), format!("× {}", after.scale)]);
    let parts = [before, after].map(|size| count(size.parts.len() as u64));
    grid.row("optional parts", parts.into());
    let mut text = grid.set(page);
    let mut say = |what: &str, list: &[String]| {
        if !list.is_empty() {
            text.push_str(&wrapped(
                &format!("{what}: {}.", plain(&list.join(" · "))),
                page.width,
                2,
            ));
        }
    };
    say("Taken away", &shrunk.removed);
    say(if shrunk.cut_short { "Left, not all of it tried" } else { "It takes" }, &after.parts);
    let runs = count(shrunk.tries);
    let ended = if shrunk.cut_short {
        format!("Ended after {runs} tries; --tries allows more.")
    } else {
        format!("{runs} tries: nothing more can go and it still happens.")
    };
    text.push_str(&wrapped(&ended, page.width, 2));
    if after.messages < before.messages {
        text.push_str(&wrapped(&larger(hunted), page.width, 2));
    }
    text
}

/// How to keep it larger: whatever the condition says holds of what is left.
fn larger(hunted: &Hunted<'_>) -> String {
    let condition = plain(&hunted.condition.text());
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
