//! Checked tree → settings of a chain: names become indices, settings are checked against each
//! other. Every error in one pass.

mod api;
mod arrivals;
mod backoff;
mod breaker;
mod budget;
mod carrier;
mod delay;
mod filter;
mod incident;
mod names;
mod provider;
mod queue;
mod retry;
mod route;
mod run;
mod traffic;

use super::checked::{Item, Record, Value};
use super::data::Files;
use super::schema::Owner;
use super::units::{clock, duration};
use super::{Diagnostic, Place, Trouble};
use crate::chain::spec::Spec;
use names::Names;

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
        files,
        errors,
        warnings,
        duration: None,
        start: 0,
    };
    lowering.spec(root)
}

/// What lowering knows and collects.
struct Lowering<'a, 'b> {
    providers: Names,
    carriers: Names,
    queues: Names,
    streams: Names,
    files: &'a mut Files<'b>,
    errors: &'a mut Vec<Diagnostic>,
    warnings: &'a mut Vec<Diagnostic>,
    /// The scenario's duration, if it is known.
    duration: Option<u64>,
    /// The time of day at t = 0.
    start: u64,
}

impl Lowering<'_, '_> {
    fn spec(&mut self, root: &Record) -> Spec {
        let empty = Record::new(root.place);
        let account = root.table("account");
        let (charge_at_accept, refund) = self.charging(account);
        let mut spec = Spec {
            name: String::new(),
            summary: String::new(),
            seed: 0,
            start: 0,
            duration: 0,
            drain: 0,
            warmup: 0,
            within: Vec::new(),
            sample_every: 0,
            scale: 1.0,
            traffic: Vec::new(),
            api: self.api(root.table("api").unwrap_or(&empty)),
            client: self.client(root.table("client").unwrap_or(&empty)),
            account: account.and_then(|account| self.account(account)),
            charge_at_accept,
            refund,
            routes: Vec::new(),
            queues: Vec::new(),
            retry: self.retry(root.table("retry").unwrap_or(&empty)),
            providers: Vec::new(),
            carriers: Vec::new(),
            incidents: Vec::new(),
        };
        self.run(root.table("scenario").unwrap_or(&empty), &mut spec);
        spec.traffic = root.tables("traffic").filter_map(|entry| self.traffic(entry)).collect();
        spec.routes = root.tables("route").map(|entry| self.route(entry)).collect();
        spec.queues = root.tables("queue").map(|entry| self.queue(entry)).collect();
        spec.providers = root.tables("provider").map(|entry| self.provider(entry)).collect();
        spec.carriers = root.tables("carrier").map(|entry| self.carrier(entry)).collect();
        // A policy nobody starts from is checked, too.
        if let Some(Item { value: Value::Named(policies), .. }) = root.get("policy") {
            for (_, _, policy) in policies {
                self.retry(policy);
            }
        }
        // Last: what an effect needs of its target is in the settings above.
        let incidents = root.tables("incident");
        spec.incidents = incidents.filter_map(|entry| self.incident(entry, root, &spec)).collect();
        spec
    }

    fn error(&mut self, trouble: Trouble, place: Place, message: &str, label: &str) {
        self.errors.push(Diagnostic::new(trouble, place, message).label(label));
    }

    /// What a time of day comes to, for a warning; nothing of a duration.
    fn by_clock(&self, at: u64, by_clock: bool) -> String {
        if !by_clock {
            return String::new();
        }
        let (at, start) = (duration::print(at), clock::print(self.start));
        format!("; the time of day comes {at} after the start at {start}")
    }

    fn warn(&mut self, place: Place, message: &str, label: &str) {
        self.warnings.push(Diagnostic::new(Trouble::Suspicious, place, message).label(label));
    }
}
