//! Names that others refer to.

use super::{Lowering, Record};
use crate::scenario::checked::Value;
use crate::scenario::defaults;
use crate::scenario::reader;
use crate::scenario::schema::Owner;
use crate::scenario::units::short;
use crate::scenario::{Diagnostic, DiagnosticKind, Place};

/// So many wrong names are compared with those there are, or any number with few.
const COMPARED: usize = 100;
const FEW: usize = 100;

/// The names of one owner, sorted; a name's place is its index in the spec.
pub(super) struct Names {
    owner: Owner,
    names: Vec<String>,
    /// Every entry's name is known; otherwise a name that isn't found may be one of the unknown ones.
    complete: bool,
}

impl Names {
    pub(super) fn of(root: &Record, owner: Owner) -> Self {
        let key = owner.key();
        let listed = matches!(root.get(key).map(|item| &item.value), Some(Value::List(_)));
        let names = defaults::names(root, owner);
        // A name given twice, or a bad one, may be the slip that others refer to.
        let plain = root.tables(key).all(|entry| entry.text("name").is_some_and(reader::is_name));
        let complete = listed && plain && names.len() == root.tables(key).count();
        Self { owner, names, complete }
    }
}

impl Lowering<'_, '_> {
    /// `true` if an owner has the name.
    pub(crate) fn knows(&self, owner: Owner, name: &str) -> bool {
        self.names(owner).names.iter().any(|known| known == name)
    }

    fn names(&self, owner: Owner) -> &Names {
        match owner {
            Owner::Provider => &self.providers,
            Owner::Carrier => &self.carriers,
            Owner::Queue => &self.queues,
            Owner::Traffic => &self.streams,
        }
    }

    /// The index of a name; `None` if nothing goes by it, which is an error.
    pub(crate) fn look_up(&mut self, owner: Owner, name: &str, place: Place) -> Option<usize> {
        let names = self.names(owner);
        if let Ok(index) = names.names.binary_search_by(|known| known.as_str().cmp(name)) {
            return Some(index);
        }
        if names.complete {
            let noun = names.owner.key();
            let message = format!("there is no {noun} `{}`", short(name));
            let expected = format!("expected the name of a [[{noun}]]");
            let error = Diagnostic::new(DiagnosticKind::Dangling, place, message);
            // Each is compared with all names: with many of both that would take minutes.
            let asked = self.errors.len() <= COMPARED || names.names.len() <= FEW;
            let all = names.names.iter().map(String::as_str).filter(|_| asked);
            let error = error.meant(name, all, expected);
            let list: Vec<&str> = names.names.iter().take(10).map(String::as_str).collect();
            let more = if names.names.len() > 10 { ", …" } else { "" };
            let error = error.help(format!("{noun}s: {}{more}", list.join(", ")));
            self.errors.push(error);
        }
        None
    }
}
