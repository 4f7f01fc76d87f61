//! Carriers' filters: a file a rule. Each keeps what it let through within its window, and nothing else.

mod content;
mod duplicate;
mod snowshoe;
mod unregistered;
mod velocity;
mod volume;
mod window;

use crate::chain::draws::happens;
use crate::chain::draws::site;
use crate::chain::records::message::Message;
use crate::chain::records::messages::Extra;
use crate::chain::records::names::Names;
use crate::chain::records::parts::WHOLE;
use crate::chain::spec::{self, Rule};
use crate::chain::stations::faults::windows::Windows;
use crate::chain::stations::population::Population;
use crate::chain::trace::story::{Draw, Finding, Sight};
use crate::kernel::Nanos;
use crate::random::{DrawSource, Key, Owner, open01};
use content::Content;
use duplicate::Duplicate;
use snowshoe::Snowshoe;
use unregistered::Unregistered;
use velocity::Velocity;
use volume::Volume;

/// One filter.
#[derive(Debug)]
pub(crate) struct Filter {
    owner: Owner,
    probability: f64,
    enabled: bool,
    /// Times at which incidents switch it on.
    switched_on: Windows,
    rule: Memory,
}

/// A rule and what it remembers.
#[derive(Debug)]
enum Memory {
    Content(Content),
    Velocity(Velocity),
    Unregistered(Unregistered),
    Duplicate(Duplicate),
    Volume(Volume),
    Snowshoe(Snowshoe),
    Random,
}

/// A copy in the eyes of a filter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival<'run> {
    pub(crate) now: Nanos,
    pub(crate) message: &'run Message,
    pub(crate) extra: &'run Extra,
    /// The number of the copy among its message's.
    pub(crate) copy: u32,
    /// The part of the message that it is of; or [`WHOLE`].
    pub(crate) part: u16,
    /// Those of its stream.
    pub(crate) people: &'run Population,
}

impl Arrival<'_> {
    /// The key of the person who gets it.
    fn recipient(&self, chance: &impl DrawSource) -> Key {
        self.people.recipient(chance, self.message.root, self.extra.row, self.extra.repeat)
    }

    /// The key of what it says: no two parts of a message say the same.
    fn content(&self) -> Key {
        match self.part {
            WHOLE => self.extra.content,
            part => self.extra.content.child(u64::from(part)),
        }
    }
}

/// A filter's decision on a copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looked {
    pub(crate) taken: bool,
    pub(crate) finding: Finding,
}

impl Filter {
    pub(crate) fn new(
        filter: &spec::Filter,
        carrier: &str,
        names: &Names,
        switched_on: Windows,
    ) -> Filter {
        let rule = match &filter.rule {
            &Rule::Content { threshold } => Memory::Content(Content::new(threshold)),
            &Rule::Velocity { key, limit, window } => {
                Memory::Velocity(Velocity::new(key, limit, window))
            }
            Rule::Unregistered { registered } => {
                Memory::Unregistered(Unregistered::new(registered, names))
            }
            &Rule::Duplicate { window } => Memory::Duplicate(Duplicate::new(window)),
            &Rule::Volume { rate, window, hold } => {
                Memory::Volume(Volume::new(rate, window, hold, names.len()))
            }
            &Rule::Snowshoe { senders, window } => Memory::Snowshoe(Snowshoe::new(senders, window)),
            Rule::Random => Memory::Random,
        };
        Filter {
            owner: Key::named(&format!("carrier.{carrier}.filter.{}", filter.name)).owner(),
            probability: filter.probability,
            enabled: filter.enabled,
            switched_on,
            rule,
        }
    }

    /// Owner of the draws that decide whether it takes a copy.
    pub(crate) fn owner(&self) -> Owner {
        self.owner
    }

    /// Looks at a copy, and remembers it if it lets it through; `None`: it is off. `drawn` is the word
    /// that decides about the copy, where that is drawn already.
    #[inline(always)]
    pub(crate) fn looks(
        &mut self,
        it: &Arrival<'_>,
        drawn: Option<u64>,
        chance: &impl DrawSource,
    ) -> Option<Looked> {
        if !self.enabled && !self.switched_on.contain(it.now) {
            return None;
        }
        let (sight, found) = match &mut self.rule {
            Memory::Random => (Sight::Any, true),
            Memory::Content(rule) => rule.looks(it, chance),
            Memory::Unregistered(rule) => rule.looks(it),
            Memory::Velocity(rule) => rule.looks(it, chance),
            Memory::Duplicate(rule) => rule.looks(it, chance),
            Memory::Volume(rule) => rule.looks(it),
            Memory::Snowshoe(rule) => rule.looks(it),
        };
        let (p, owner) = (self.probability, self.owner);
        let word = (found && p < 1.0).then(|| match (&self.rule, drawn) {
            // Its decision belongs to the content, any other's to the copy.
            (Memory::Content(_), _) => {
                chance.block(site::content_filter(it.message.root, owner)).first()
            }
            (_, Some(word)) => word,
            (_, None) => chance.block(site::filter(it.message.key, owner, it.copy)).first(),
        });
        let taken = found && word.is_none_or(|word| happens(p, word));
        if !taken {
            match &mut self.rule {
                Memory::Velocity(rule) => rule.lets_through(it.now),
                Memory::Duplicate(rule) => rule.lets_through(it.now),
                Memory::Snowshoe(rule) => rule.lets_through(it),
                Memory::Content(_)
                | Memory::Unregistered(_)
                | Memory::Volume(_)
                | Memory::Random => {}
            }
        }
        let draw = word.map(|word| Draw { u: open01(word), p });
        Some(Looked { taken, finding: Finding { sight, draw } })
    }
}
