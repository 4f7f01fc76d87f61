//! A document as lines for the terminal.

mod bar;
mod grid;
mod paint;

pub(in crate::report) use paint::{Ink, Paint};

use super::{Block, Document, On, Section, Tone};
use crate::report::text::{listed, plain, wrapped};

/// The width and colour of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns there are.
    pub width: usize,
    /// Colour it.
    pub colour: bool,
}

/// The facts that only the caller knows.
#[derive(Debug, Clone, Default)]
pub struct Footer {
    /// The files written, a folder first; empty if there are none.
    pub files: Vec<String>,
    /// Doubts about the figures, a sentence each.
    pub doubts: Vec<String>,
    /// Objectives and their verdicts, a sentence each.
    pub objectives: Vec<String>,
    /// The command that repeats the run.
    pub again: String,
}

/// Narrower and the columns fall apart; wider and the eye loses the line.
const WIDTHS: std::ops::RangeInclusive<usize> = 60..=110;

/// The entries of the document's origin that are shown, by its name, and the word before it.
const MADE: [(&str, &str); 3] =
    [("Version", ""), ("Fingerprint", "scenario "), ("Digest", "digest ")];

/// The screen that lines are set on.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Screen {
    pub(in crate::report) width: usize,
    pub(in crate::report) paint: Paint,
}

impl Screen {
    pub(in crate::report) fn new(look: Look) -> Screen {
        Screen {
            width: look.width.clamp(*WIDTHS.start(), *WIDTHS.end()),
            paint: Paint { colour: look.colour },
        }
    }

    /// A text of anybody's, in lines two columns in.
    fn said(self, ink: Ink, text: &str) -> String {
        let lines = wrapped(&plain(text), self.width, 2);
        lines.lines().map(|line| format!("{}\n", self.paint.ink(ink, line))).collect()
    }
}

impl Document {
    /// The lines; parts that have nothing to say are left out.
    pub(in crate::report) fn lines(&self, look: Look, footer: &Footer) -> String {
        let screen = Screen::new(look);
        let mut parts = vec![self.head(screen), screen.said(Ink::Plain, &self.answer)];
        block_lines(&self.lead, screen, &mut parts);
        for section in &self.sections {
            parts.push(String::new());
            block_lines(section, screen, &mut parts);
        }
        for sentences in [&footer.doubts, &footer.objectives] {
            parts.push(sentences.iter().map(|text| screen.said(Ink::Plain, text)).collect());
        }
        parts.push(self.end(screen, footer));
        parts.retain(|part| !part.is_empty());
        parts.join("\n")
    }

    /// The scenario's name and summary, and under it how it was run.
    fn head(&self, screen: Screen) -> String {
        let mut first = plain(&self.name);
        if !self.summary.is_empty() {
            first.push_str(&format!(" · {}", plain(&self.summary)));
        }
        let facts: Vec<String> = self.facts.iter().map(|fact| plain(fact)).collect();
        let mut lines = String::new();
        for line in wrapped(&first, screen.width, 0).lines() {
            lines.push_str(&format!("{}\n", screen.paint.ink(Ink::Bold, line)));
        }
        for line in listed(&facts, screen.width) {
            lines.push_str(&format!("{}\n", screen.paint.ink(Ink::Faint, &line)));
        }
        lines
    }

    /// Its origin, the files, and the command that repeats it.
    fn end(&self, screen: Screen, footer: &Footer) -> String {
        let mut lines = String::new();
        let mut push = |line: &str| lines.push_str(&format!("  {line}\n"));
        for line in listed(&self.made_in_short(), screen.width - 2) {
            push(&screen.paint.ink(Ink::Faint, &line));
        }
        let files: Vec<String> = footer.files.iter().map(|file| plain(file)).collect();
        for line in listed(&files, screen.width - 2) {
            push(&line);
        }
        // Not broken: it is there to be copied.
        if !footer.again.is_empty() {
            push(&format!("again: {}", plain(&footer.again)));
        }
        lines
    }

    /// Version, fingerprint and digest.
    pub(super) fn made_in_short(&self) -> Vec<String> {
        let value = |name: &str| self.made.iter().find(|own| own.0 == name).map(|own| &own.1);
        let known = MADE.iter().filter_map(|(name, word)| Some((word, value(name)?)));
        known
            .filter(|own| !own.1.is_empty())
            .map(|(word, value)| format!("{word}{value}"))
            .collect()
    }
}

/// Adds a section's lines to the last part; a table begins one of its own.
fn block_lines(section: &Section, screen: Screen, parts: &mut Vec<String>) {
    for block in section.blocks_on(On::Terminal) {
        let lines = match block {
            Block::Text(tone, text) => screen.said((*tone).into(), text),
            Block::Remark(text) => screen.said(Ink::Plain, text),
            Block::Lines(lines) => {
                lines.iter().map(|line| format!("    {}\n", plain(line))).collect()
            }
            Block::Table(table) => {
                parts.push(grid::lines(table, screen));
                continue;
            }
            Block::Cards(_) | Block::Outcome(_) | Block::Legend(_) | Block::Charts => continue,
        };
        if let Some(part) = parts.last_mut() {
            part.push_str(&lines);
        }
    }
}

impl From<Tone> for Ink {
    fn from(tone: Tone) -> Ink {
        match tone {
            Tone::Plain => Ink::Plain,
            Tone::Good => Ink::Green,
            Tone::Bad | Tone::Wrong => Ink::Vermilion,
            Tone::Open => Ink::Orange,
            Tone::Faint => Ink::Faint,
            Tone::Drawn => Ink::Blue,
        }
    }
}
