//! A replay, as a person reads it.

mod pivot;
mod state;
mod what_if;

use super::super::replay::{Proof, Replayed};
use super::footer::{Footer, ending};
use super::paint::Ink;
use super::text::{plain, wrapped};
use super::title::heading;
use super::{Look, Page};

/// The table of `replay`.
#[must_use]
pub fn replay_table(replayed: &Replayed<'_>, look: Look, footer: &Footer) -> String {
    let page = Page::new(look);
    let bundle = replayed.bundle;
    let mut asked = vec![format!("replay of seed {}", bundle.seed)];
    asked.extend(bundle.when.iter().map(|when| plain(when)));
    let made = [
        format!("smschain {}", env!("CARGO_PKG_VERSION")),
        format!("scenario {}", replayed.fingerprint),
        format!("digest {}", replayed.proof.digest),
    ];
    let sections = [
        heading(replayed.spec, &asked, &page),
        proof(replayed.proof, bundle.digest.as_deref().unwrap_or_default(), &page),
        replayed.state.map(|at| state::state(replayed.spec, at, &page)).unwrap_or_default(),
        replayed.what_if.map(|it| what_if::what_if(it, &page)).unwrap_or_default(),
        replayed.pivot.map(|it| pivot::pivot(it, &page)).unwrap_or_default(),
        ending(&made, &page, footer),
    ];
    let sections: Vec<&str> =
        sections.iter().map(String::as_str).filter(|section| !section.is_empty()).collect();
    sections.join("\n")
}

fn proof(proof: &Proof, digest: &str, page: &Page) -> String {
    let mut text = if proof.same {
        wrapped(&format!("The same run: digest {digest}."), page.width, 2)
    } else {
        let said = format!("Another run: digest {}, not {digest}.", proof.digest);
        let said = wrapped(&said, page.width, 2);
        said.lines().map(|line| format!("{}\n", page.paint.ink(Ink::Vermilion, line))).collect()
    };
    for note in &proof.notes {
        let mut note = plain(note);
        if let Some(first) = note.get(..1) {
            note.replace_range(..1, &first.to_uppercase());
        }
        text.push_str(&wrapped(&format!("{note}."), page.width, 2));
    }
    if let Some(parting) = &proof.parting {
        let said = match parting.last - parting.first {
            0 => format!(
                "The first event that differs from the bundle's run is event {}, here:",
                parting.first
            ),
            _ => format!(
                "The first event that differs from the bundle's run is one of the events {} to \
                 {}, here:",
                parting.first, parting.last
            ),
        };
        text.push_str(&wrapped(&said, page.width, 2));
        for event in &parting.events {
            text.push_str(&format!("    {}\n", plain(event)));
        }
    }
    text
}
