//! A replay, as a person reads it.

mod pivot;
mod state;
mod what_if;

use super::super::document::{Block, Document, Footer, Look, Section, Tone};
use super::super::replay::{Proof, Replayed};
use super::super::text::start;

/// The table of `replay`.
#[must_use]
pub fn replay_table(replayed: &Replayed<'_>, look: Look, footer: &Footer) -> String {
    let bundle = replayed.bundle;
    let mut facts = vec![format!("replay of seed {}", bundle.seed)];
    facts.extend(bundle.when.clone());
    let mut document = Document::made_here(replayed.spec, replayed.fingerprint, facts);
    document.made.push(("Digest", replayed.proof.digest.clone()));
    document.sections = vec![proof(replayed.proof, bundle.digest.as_deref().unwrap_or_default())];
    document.sections.extend(replayed.state.map(|at| state::state(replayed.spec, at)));
    document.sections.extend(replayed.what_if.map(what_if::what_if));
    document.sections.extend(replayed.pivot.map(pivot::pivot));
    document.lines(look, footer)
}

fn proof(proof: &Proof, digest: &str) -> Section {
    let said = if proof.same {
        Block::text(format!("The same run: digest {digest}."))
    } else {
        Block::Text(Tone::Bad, format!("Another run: digest {}, not {digest}.", proof.digest))
    };
    let notes = proof.notes.iter().map(|note| Block::text(format!("{}.", start(note))));
    let section = Section::default().with(said).with_all(notes);
    let Some(parting) = &proof.parting else {
        return section;
    };
    let which = match parting.last - parting.first {
        0 => format!("event {}", parting.first),
        _ => format!("one of the events {} to {}", parting.first, parting.last),
    };
    let said = format!("The first event that differs from the bundle's run is {which}, here:");
    section.with(Block::text(said)).with(Block::Lines(parting.events.clone()))
}
