//! Rows without a provider, a carrier or a sender in a log that has them in others.

use std::collections::BTreeMap;

use super::names::Names;
use super::{COARSE, Gathered, Ticks, failed_before_a_carrier};
use crate::fit::compose::counted;
use crate::logs::Row;

/// Rows that lack a name, and whose carrier those before them had.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Unnamed {
    /// The carrier of the last row that tells of one, by provider and sender; and of the last of all.
    last: BTreeMap<(u16, u16), u16>,
    latest: Option<((u16, u16), u16)>,
    /// Rows without a carrier that failed before one had them, and others.
    failed: u64,
    came: u64,
    /// Rows without a provider, and without a sender.
    no_provider: u64,
    no_sender: u64,
}

impl Unnamed {
    /// The carrier of the row before one of a provider and a sender: of both, or else of that sender, of that
    /// provider or of any.
    fn before(&self, provider: u16, sender: u16) -> Option<u16> {
        let of = |is: &dyn Fn(&(u16, u16)) -> bool| {
            self.last.iter().find(|(key, _)| is(key)).map(|(_, &carrier)| carrier)
        };
        self.last
            .get(&(provider, sender))
            .copied()
            .or_else(|| of(&|key| key.1 == sender))
            .or_else(|| of(&|key| key.0 == provider))
            .or(self.latest.map(|(_, carrier)| carrier))
    }
}

/// `true` if a cell names nothing.
fn is_none(name: Option<&str>) -> bool {
    name.is_none_or(str::is_empty)
}

impl Gathered {
    /// The numbers of a row's provider, sender and carrier. What failed before a carrier had it, and names
    /// none, tells nothing of one: it goes with the carrier of the row before, so that carriers keep their
    /// shares.
    pub(crate) fn numbers(&mut self, row: &Row<'_>) -> (u16, u16, u16) {
        let provider = self.providers.number(row.provider);
        let sender = self.senders.number(row.sender);
        let before = (is_none(row.carrier) && failed_before_a_carrier(row))
            .then(|| self.unnamed.before(provider, sender));
        let carrier = before.flatten().unwrap_or_else(|| self.carriers.number(row.carrier));
        (provider, sender, carrier)
    }

    /// Notes what a row names.
    pub(super) fn note_names(
        &mut self,
        row: &Row<'_>,
        (provider, sender, carrier): (u16, u16, u16),
    ) {
        let unnamed = &mut self.unnamed;
        unnamed.no_provider += u64::from(is_none(row.provider));
        unnamed.no_sender += u64::from(is_none(row.sender));
        if is_none(row.carrier) {
            if failed_before_a_carrier(row) {
                unnamed.failed += 1;
                return;
            }
            unnamed.came += 1;
        }
        let latest = Some(((provider, sender), carrier));
        if unnamed.latest != latest {
            unnamed.latest = latest;
            unnamed.last.insert((provider, sender), carrier);
        }
    }

    /// Names what has no name where the log names others, when all rows are in; a sentence on each.
    pub fn name_unnamed(&mut self) -> Vec<String> {
        let mut told: Vec<String> = self.without_carrier().into_iter().collect();
        let own = |names: &mut Names, what: &str, rows: u64| {
            let name = names.name_unnamed()?;
            let (rows, have) = counted_and_have(rows);
            Some(format!(
                "{rows} {have} no {what}, where others have one: taken as of a {what} of their own, `{name}`"
            ))
        };
        told.extend(own(&mut self.providers, "provider", self.unnamed.no_provider));
        told.extend(own(&mut self.senders, "sender", self.unnamed.no_sender));
        told
    }

    fn without_carrier(&mut self) -> Option<String> {
        let Unnamed { failed, came, .. } = self.unnamed;
        if !self.carriers.are_any() || failed + came == 0 {
            return None;
        }
        let (rows, have) = counted_and_have(failed + came);
        let before = "with the carrier of the row before it";
        if came == 0 {
            self.first_to_named();
            return Some(format!(
                "{rows} {have} no carrier, and failed before one had them: each is counted {before}"
            ));
        }
        let name = self.carriers.name_unnamed()?;
        let own = format!("taken as of a carrier of their own, `{name}`");
        Some(match failed {
            0 => format!("{rows} {have} no carrier, where others have one: {own}"),
            failed => format!(
                "{rows} {have} no carrier, where others have one: {came} {own}, and {failed} that failed before a \
                 carrier had them each counted {before}"
            ),
        })
    }

    /// Counts rows that failed before any other named a carrier with the first that is named.
    fn first_to_named(&mut self) {
        let Some((unnamed, named)) = self.carriers.unnamed() else { return };
        for (_, slice) in &mut self.slices {
            for (provider, _) in slice.cells.keys().copied().collect::<Vec<_>>() {
                if let Some(cell) = slice.cells.remove(&(provider, unnamed)) {
                    slice.cells.entry((provider, named)).or_default().merge(&cell);
                }
            }
            for stream in slice.streams.values_mut() {
                if let Some(count) = stream.carriers.remove(&unnamed) {
                    *stream.carriers.entry(named).or_default() += count;
                }
            }
        }
        if let Some(signals) = self.of_carriers.get_mut(usize::from(unnamed)) {
            *signals = Ticks::new(COARSE);
        }
        self.carriers.rename(unnamed, named);
    }
}

/// Rows, and the verb after them.
fn counted_and_have(rows: u64) -> (String, &'static str) {
    (counted(rows, "row"), if rows == 1 { "has" } else { "have" })
}
