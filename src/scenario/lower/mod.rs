//! Checked tree → settings of a chain: names become indices, settings are checked against each
//! other. Every error in one pass.

mod delay;
mod names;
mod setting;

use super::checked::{Item, Record, Value};
use super::data::Files;
use super::schema::root::root;
use super::schema::{Owner, account, incident, scenario, traffic};
use super::units::{clock, duration};
use super::{Diagnostic, DiagnosticKind, Place};
use crate::chain::spec::{Refund, Retry, Spec, Weekday};
use names::Names;
pub(crate) use setting::{Alternatives, Moment, Section, Setting, section};

/// Lowers a filled scenario. Without errors the spec is complete.
pub(crate) fn lower(
    root: &Record,
    files: &mut Files<'_>,
    errors: &mut Vec<Diagnostic>,
    warnings: &mut Vec<Diagnostic>,
) -> Spec {
    let mut lowering = Lowering {
        providers: Names::of(root, Owner::Provider),
        carriers: Names::of(root, Owner::Carrier),
        queues: Names::of(root, Owner::Queue),
        streams: Names::of(root, Owner::Traffic),
        route_ids: root.tables("route").filter_map(|route| route.integer("id")).collect(),
        files,
        errors,
        warnings,
        duration: None,
        start: 0,
        gaps: Vec::new(),
    };
    let spec = lowering.spec(root);
    if let (true, Some((place, key))) = (lowering.errors.is_empty(), lowering.gaps.first()) {
        let (place, message) = (*place, format!("`{key}` has no value"));
        lowering.error(
            DiagnosticKind::Missing,
            place,
            &message,
            "expected one: a default is missing",
        );
    }
    spec
}

/// State of lowering: what it knows and collects.
pub(crate) struct Lowering<'a, 'b> {
    providers: Names,
    carriers: Names,
    queues: Names,
    streams: Names,
    /// Ids of the routes, in their order.
    pub(crate) route_ids: Vec<u64>,
    pub(crate) files: &'a mut Files<'b>,
    pub(crate) errors: &'a mut Vec<Diagnostic>,
    pub(crate) warnings: &'a mut Vec<Diagnostic>,
    /// The scenario's duration, if it is known.
    pub(crate) duration: Option<u64>,
    /// The time of day at t = 0.
    pub(crate) start: u64,
    /// Keys without a value that should have one.
    gaps: Vec<(Place, &'static str)>,
}

impl Lowering<'_, '_> {
    fn spec(&mut self, root: &Record) -> Spec {
        let empty = Record::new(root.place);
        let table = |key| root.inner(key).unwrap_or(&empty);
        let account = root.inner(&root::account);
        let mut spec = Spec {
            name: String::new(),
            summary: String::new(),
            seed: 0,
            start: 0,
            start_day: Weekday::Monday,
            duration: 0,
            drain: 0,
            warmup: 0,
            within: Vec::new(),
            sample_every: 0,
            scale: 1.0,
            traffic: Vec::new(),
            api: self.read(root, &root::api),
            client: self.read(root, &root::client),
            account: account.and_then(|table| account::lower(self, table)),
            charge_at_accept: account
                .map_or(1.0, |table| self.read(table, &account::account::charge_at_accept)),
            refund: account
                .map_or(Refund::Never, |table| self.read(table, &account::account::refund)),
            routes: Vec::new(),
            queues: Vec::new(),
            retry: self.read(root, &root::retry),
            on_receipt: self.read(root, &root::on_receipt),
            providers: Vec::new(),
            carriers: Vec::new(),
            incidents: Vec::new(),
        };
        scenario::lower(self, table(&root::scenario), &mut spec);
        let streams = root.tables(root::traffic.name());
        spec.traffic = streams.filter_map(|entry| traffic::lower(self, entry)).collect();
        spec.routes = self.read(root, &root::route);
        spec.queues = self.read(root, &root::queue);
        spec.providers = self.read(root, &root::provider);
        spec.carriers = self.read(root, &root::carrier);
        // A policy nobody starts from is checked, too.
        if let Some(Item { value: Value::Named(policies), .. }) = root.item(&root::policy) {
            for (_, _, policy) in policies {
                Retry::lower(self, policy);
            }
        }
        // Last: what an effect needs of its target is in the settings above.
        let incidents = root.tables(root::incident.name());
        spec.incidents =
            incidents.filter_map(|entry| incident::lower(self, entry, root, &spec)).collect();
        spec
    }

    pub(crate) fn error(&mut self, kind: DiagnosticKind, place: Place, message: &str, label: &str) {
        self.errors.push(Diagnostic::new(kind, place, message).label(label));
    }

    /// Reports settings that don't fit together.
    pub(crate) fn conflict(&mut self, place: Place, message: &str, label: &str) {
        self.error(DiagnosticKind::Conflict, place, message, label);
    }

    /// Distance of a time of day from the start, for a warning; nothing of a duration.
    pub(crate) fn by_clock(&self, at: u64, by_clock: bool) -> String {
        if !by_clock {
            return String::new();
        }
        let (at, start) = (duration::print(at), clock::print(self.start));
        format!("; the time of day comes {at} after the start at {start}")
    }

    pub(crate) fn warn(&mut self, place: Place, message: &str, label: &str) {
        self.warnings
            .push(Diagnostic::new(DiagnosticKind::Suspicious, place, message).label(label));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Texts;

    #[test]
    fn a_value_that_is_missing_without_a_word_is_an_error() {
        let mut texts = Texts::default();
        let mut files = Files {
            base: "".into(),
            shelf: None,
            texts: &mut texts,
            read: Vec::new(),
            known: Vec::new(),
            columns: std::collections::BTreeMap::new(),
            memory: crate::scenario::data::Memory::new(u64::MAX),
        };
        let (mut errors, mut warnings) = (Vec::new(), Vec::new());
        let root = Record::new(Place::new(0, 0, 0));
        lower(&root, &mut files, &mut errors, &mut warnings);
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].message, "`api` has no value");
    }
}
