//! A scenario that is a textbook model, and what it is asked.

use super::figure::Figure;
use crate::chain::spec::Spec;
use crate::scenario::{Errors, Overrides, Source, load};

/// The smallest relative error of a formula that a case is sharp enough to find: with one of this
/// size it fails. A test holds them to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Detects {
    /// Any: nothing is random, so the figure agrees but for the last bits of a division.
    Any,
    /// 5 %: means and shares at utilisations up to 0.7.
    Fine,
    /// 15 %: 99 % quantiles, many servers, heavy tails.
    Coarse,
}

impl Detects {
    /// As a share of the exact value.
    #[must_use]
    pub const fn share(self) -> f64 {
        match self {
            Detects::Any => 1e-9,
            Detects::Fine => 0.05,
            Detects::Coarse => 0.15,
        }
    }
}

/// One figure, and what theory says that it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// In words.
    pub what: String,
    /// In the report.
    pub figure: Figure,
    /// In theory.
    pub exact: f64,
    /// The sharpness.
    pub detects: Detects,
}

/// A scenario and its questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// The model, in words.
    pub name: String,
    /// The scenario, in TOML.
    pub text: String,
    /// Independent runs of it.
    pub replications: u64,
    /// The questions asked of each.
    pub asked: Vec<Asked>,
}

/// Replications of a setup in which there is chance.
const REPLICATIONS: u64 = 32;

/// The parts of a scenario's text that setups differ in; keys of TOML tables.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts<'a> {
    /// Of `[scenario]`: duration, warmup.
    pub(super) time: &'a str,
    /// Of `[[traffic]]`: arrivals, deadline …
    pub(super) traffic: &'a str,
    /// Of the queue `main`.
    pub(super) queue: &'a str,
    /// Of the provider `p`.
    pub(super) provider: &'a str,
    /// Of the carrier `c`.
    pub(super) carrier: &'a str,
    /// Further tables.
    pub(super) more: &'a str,
}

impl Parts<'_> {
    fn text(self) -> String {
        let Parts { time, traffic, queue, provider, carrier, more } = self;
        format!(
            "[scenario]\nname = \"theory\"\ndrain = \"100d\"\n{time}\n\n\
             [[traffic]]\nname = \"t\"\nsender = \"12345\"\ncarriers = {{ c = 1 }}\n{traffic}\n\n\
             [[queue]]\nname = \"main\"\n{queue}\n\n\
             [[route]]\nid = 1\ncarriers = [\"c\"]\nprovider = \"p\"\nqueue = \"main\"\n\n\
             [[provider]]\nname = \"p\"\n{provider}\n\n\
             [[carrier]]\nname = \"c\"\n{carrier}\n\n{more}\n"
        )
    }
}

impl Setup {
    /// One with chance in it.
    pub(super) fn new(name: impl Into<String>, parts: Parts<'_>) -> Setup {
        let text = parts.text();
        Setup { name: name.into(), text, replications: REPLICATIONS, asked: Vec::new() }
    }

    /// One without: a single run says it all.
    pub(super) fn certain(name: impl Into<String>, parts: Parts<'_>) -> Setup {
        Setup { replications: 1, ..Setup::new(name, parts) }
    }

    /// Asks for a figure.
    pub(super) fn ask(
        mut self,
        what: &str,
        figure: impl Into<Figure>,
        exact: f64,
        detects: Detects,
    ) -> Setup {
        self.asked.push(Asked { what: what.to_owned(), figure: figure.into(), exact, detects });
        self
    }

    /// The chain of the scenario.
    ///
    /// # Errors
    /// The fault of the text.
    pub fn spec(&self) -> Result<Spec, Errors> {
        let source = Source { name: self.name.clone(), text: self.text.clone(), base: ".".into() };
        load(&source, &Overrides::default()).map(|scenario| scenario.spec)
    }
}
