//! The content of a command's report, built once as a plain value. Two renderers set it: as lines for the
//! terminal, and as a page.

mod cell;
mod html;
mod table;
mod terminal;

pub(super) use cell::{Cell, Content, Tone};
#[cfg(feature = "python")]
pub(super) use html::told_element;
use table::STAR;
pub(super) use table::Table;
pub use terminal::{Footer, Look};
pub(super) use terminal::{Ink, Paint, Screen};

use super::number::{count, length, plain};
use super::outcome::Outcome;
use super::read::{self, Figure, ReadFrom};
use super::text::start;
use super::{Unit, Value, label, number, unit};
use crate::chain::spec::Spec;
use crate::kernel::Nanos;

/// More seeds than this are not listed.
const SEEDS: usize = 50;

/// The content of a command's report.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The scenario's name.
    pub(super) name: String,
    /// The scenario's summary; empty where only the result file is known.
    pub(super) summary: String,
    /// The thing that was done with the scenario: `retry policies compared`.
    pub(super) subject: String,
    /// Facts about the way it was done, in few words each.
    pub(super) facts: Vec<String>,
    /// True if the load is among what was varied.
    pub(super) is_load_varied: bool,
    /// The answer, in a sentence or two.
    pub(super) answer: String,
    /// The section that belongs to the answer.
    pub(super) lead: Section,
    pub(super) sections: Vec<Section>,
    /// Its origin, by name.
    pub(super) made: Vec<(&'static str, String)>,
}

/// A part under a heading of its own, which has an anchor on the page.
#[derive(Debug, Default)]
pub(super) struct Section {
    id: &'static str,
    heading: &'static str,
    /// The summary of a section that only few want to see: to be unfolded on the page, under these words.
    folded: Option<&'static str>,
    blocks: Vec<(On, Block)>,
}

/// The renderer that shows a block or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum On {
    #[default]
    Both,
    Page,
    Terminal,
}

/// A piece of a section.
#[derive(Debug)]
pub(super) enum Block {
    /// Sentences.
    Text(Tone, String),
    /// The meaning of the signs above.
    Remark(String),
    /// Lines that stay as they are.
    Lines(Vec<String>),
    Table(Table),
    /// Key figures: few, large.
    Cards(Vec<Card>),
    /// The ends of the accepted messages, as a bar with its legend.
    Outcome(Outcome),
    /// The legend alone, for bars in a table; whether any message has a deadline.
    Legend(bool),
    /// The charts that were drawn.
    Charts,
}

/// A figure that is worth a card.
#[derive(Debug)]
pub(super) struct Card {
    name: String,
    value: String,
    note: Option<String>,
    remark: String,
}

impl Document {
    /// A document about a result file; `facts` are the command's own.
    pub(super) fn new(result: &Value, subject: impl Into<String>, facts: Vec<String>) -> Document {
        let text = |path: &str| read::text(result, path).to_owned();
        // As it is written in a command: not grouped.
        let number = |path: &str| read::at(result, path).map(read::written).unwrap_or_default();
        let mut facts = facts;
        if let Some(runs) = read::number(result, "replications").filter(|&runs| runs > 1.0) {
            facts.push(format!("{} replications", plain(runs)));
        }
        if !number("seed").is_empty() {
            facts.push(format!("seed {}", number("seed")));
        }
        let made = vec![
            ("Scenario", text("scenario.name")),
            ("Fingerprint", text("scenario.fingerprint")),
            ("Seed", number("seed")),
            ("Replications", number("replications")),
            ("Seeds of the replications", seeds(result)),
            ("Digest", text("digest")),
            ("Version", format!("smschain {}", text("engine.version"))),
            ("Format", text("schema")),
        ];
        let name = text("scenario.name");
        Document { name, subject: subject.into(), facts, made, ..Document::default() }
    }

    /// A document of a result without a file of its own form; `facts` are the command's own.
    pub(super) fn made_here(spec: &Spec, fingerprint: &str, facts: Vec<String>) -> Document {
        let (name, summary) = (spec.name.clone(), spec.summary.trim().to_owned());
        let made = vec![made_by(), ("Fingerprint", fingerprint.to_owned())];
        Document { name, summary, facts, made, ..Document::default() }
    }

    /// With what only the scenario tells: its summary, load and time, up to `ended_at`.
    pub(super) fn told_by(mut self, spec: &Spec, ended_at: Nanos) -> Document {
        spec.summary.trim().clone_into(&mut self.summary);
        if spec.scale != 1.0 && !self.is_load_varied {
            self.facts.push(format!("load × {}", spec.scale));
        }
        let mut time = length(spec.duration);
        if ended_at > spec.duration {
            time.push_str(&format!(" + {} drain", length(ended_at - spec.duration)));
        }
        if spec.warmup > 0 {
            time.push_str(&format!(", the first {} not counted", length(spec.warmup)));
        }
        self.facts.push(time);
        self
    }
}

impl Section {
    /// `id` is unique on the page.
    pub(super) fn new(id: &'static str, heading: &'static str) -> Section {
        Section { id, heading, ..Section::default() }
    }

    pub(super) fn with(mut self, block: impl Into<Block>) -> Section {
        self.blocks.push((On::Both, block.into()));
        self
    }

    pub(super) fn with_all(self, blocks: impl IntoIterator<Item = impl Into<Block>>) -> Section {
        blocks.into_iter().fold(self, Section::with)
    }

    pub(super) fn on_page(mut self, block: impl Into<Block>) -> Section {
        self.blocks.push((On::Page, block.into()));
        self
    }

    pub(super) fn on_terminal(mut self, block: impl Into<Block>) -> Section {
        self.blocks.push((On::Terminal, block.into()));
        self
    }

    /// The same on the page alone.
    pub(super) fn page_only(mut self) -> Section {
        self.blocks.iter_mut().for_each(|(on, _)| *on = On::Page);
        self
    }

    pub(super) fn folded(mut self, summary: &'static str) -> Section {
        self.folded = Some(summary);
        self
    }

    /// The blocks shown on one of the two; nothing where there would only be remarks.
    fn blocks_on(&self, on: On) -> Vec<&Block> {
        let blocks = self.blocks.iter().filter(|(own, _)| *own == On::Both || *own == on);
        let blocks: Vec<&Block> =
            blocks.map(|(_, block)| block).filter(|block| !block.is_empty()).collect();
        let remark = |block: &&Block| matches!(block, Block::Remark(_) | Block::Legend(_));
        if blocks.iter().all(remark) { Vec::new() } else { blocks }
    }
}

impl Block {
    /// Sentences, without a colour.
    pub(super) fn text(text: impl Into<String>) -> Block {
        Block::Text(Tone::Plain, text.into())
    }

    pub(super) fn remark(text: impl Into<String>) -> Block {
        Block::Remark(text.into())
    }

    fn is_empty(&self) -> bool {
        match self {
            Block::Text(_, text) | Block::Remark(text) => text.is_empty(),
            Block::Lines(lines) => lines.is_empty(),
            Block::Table(table) => table.rows.is_empty(),
            Block::Cards(cards) => cards.is_empty(),
            Block::Outcome(_) | Block::Legend(_) | Block::Charts => false,
        }
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Block {
        Block::Table(table)
    }
}

impl Card {
    /// The figure at a path, as it is called; `None` if it isn't known.
    pub(super) fn metric(source: ReadFrom<'_>, path: &str, remark: &str) -> Option<Card> {
        let name = label(path);
        // `p95` is written so.
        let is_word = !name.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        let name = if is_word { start(&name) } else { name };
        Card::figure(&name, unit(path), source.figure(path), remark)
    }

    /// `None` if the figure isn't known.
    pub(super) fn figure(name: &str, unit: Unit, figure: Figure, remark: &str) -> Option<Card> {
        let (value, note) = number::with_half_width(unit, figure)?;
        Some(Card { name: name.to_owned(), value, note, remark: remark.to_owned() })
    }

    pub(super) fn text(name: &str, value: impl Into<String>, remark: impl Into<String>) -> Card {
        Card { name: name.to_owned(), value: value.into(), note: None, remark: remark.into() }
    }

    /// The section of the cards that there are.
    pub(super) fn section(cards: impl IntoIterator<Item = Option<Card>>) -> Section {
        let cards = cards.into_iter().flatten().collect();
        Section::new("figures", "Key figures").on_page(Block::Cards(cards))
    }
}

/// The section of the charts.
pub(super) fn charts() -> Section {
    Section::new("charts", "Charts").on_page(Block::Charts)
}

/// This program.
pub(super) fn made_by() -> (&'static str, String) {
    ("Version", format!("smschain {}", env!("CARGO_PKG_VERSION")))
}

/// `1 point`, `12 points`.
pub(super) fn several(number: u64, one: &str) -> String {
    format!("{} {one}{}", count(number), if number == 1 { "" } else { "s" })
}

fn seeds(result: &Value) -> String {
    let seeds = read::list(result, "seeds");
    // One alone is the seed.
    if seeds.len() < 2 {
        return String::new();
    }
    let mut text: Vec<String> = seeds.iter().take(SEEDS).map(read::written).collect();
    if seeds.len() > SEEDS {
        text.push(format!("and {} more in the result file", seeds.len() - SEEDS));
    }
    text.join(", ")
}
