//! How to find it and how to get it again.

use super::super::Facts;
use super::Page;
use super::paint::Ink;
use super::text::{listed, plain};

/// What only the caller knows.
#[derive(Debug, Clone, Default)]
pub struct Footer {
    /// The files written, a folder first; empty if there are none.
    pub files: Vec<String>,
    /// What is to be held against the figures, a sentence each.
    pub doubts: Vec<String>,
    /// What was asked of the figures and came of it, a sentence each.
    pub objectives: Vec<String>,
    /// The command that repeats the run.
    pub again: String,
}

pub(super) fn footer(facts: &Facts<'_>, page: &Page, footer: &Footer) -> String {
    let made = [
        format!("smschain {}", env!("CARGO_PKG_VERSION")),
        format!("scenario {}", facts.fingerprint),
        format!("digest {:032x}", facts.results().digest),
    ];
    ending(&made, page, footer)
}

/// What it was made by and from, the files, and the command that repeats it.
pub(super) fn ending(made: &[String], page: &Page, footer: &Footer) -> String {
    let mut lines = String::new();
    let mut push = |line: &str| lines.push_str(&format!("  {line}\n"));
    for line in listed(made, page.width - 2) {
        push(&page.paint.ink(Ink::Faint, &line));
    }
    let files: Vec<String> = footer.files.iter().map(|file| plain(file)).collect();
    for line in listed(&files, page.width - 2) {
        push(&line);
    }
    // Not broken: it is there to be copied.
    if !footer.again.is_empty() {
        push(&format!("again: {}", plain(&footer.again)));
    }
    lines
}
