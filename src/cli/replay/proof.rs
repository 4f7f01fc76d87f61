//! Proof that it is the same run; or the place where the two part, and the likely reason.

use super::super::arguments::Replay as Options;
use super::super::caller::Heeding;
use super::super::ending::{Ending, Exit};
use super::line;
use crate::experiment::{Failure, Replications, Trail, Workers, events_between, replicate_with};
use crate::report::replay::{Parting, Proof};
use crate::scenario::{Bundle, Scenario};

/// Events shown of those among which two runs part.
const SHOWN: u64 = 16;

/// Runs it and compares.
pub(super) fn prove(
    scenario: &Scenario,
    bundle: &Bundle,
    options: &Options,
) -> Result<Proof, Ending> {
    let spec = &scenario.spec;
    let plan = Replications::of(spec, bundle.seed, 1);
    let fault = |failure: Failure| Ending::fault(&failure, &line(options));
    let (run, trails) =
        match replicate_with(&Workers::new(1), plan, |_| Trail::to_keep(), &Heeding::new()) {
            Err(failure) => return Err(fault(failure)),
            Ok(ran) => ran,
        };
    if let Some(was) = &bundle.fault {
        return Err(Ending::new(
            Exit::No,
            format!(
                "the run broke down when the bundle was made ({was}) and doesn't any more{}",
                notes(scenario, bundle)
                    .iter()
                    .map(|note| format!("\n  {note}"))
                    .collect::<String>()
            ),
        ));
    }
    let digest = format!("{:032x}", run.results.digest);
    let same = bundle.digest.as_deref() == Some(digest.as_str());
    let mut proof = Proof { digest, same, notes: notes(scenario, bundle), parting: None };
    if same {
        return Ok(proof);
    }
    let window = match (&bundle.trail, trails.first()) {
        (Some(kept), Some(trail)) => {
            let parts = trail.parts_from_kept(kept.events, kept.hash, kept.every, &kept.marks);
            if parts.is_none() {
                proof.notes.push(
                    "every event is the same: the digest in the bundle was changed".to_owned(),
                );
            }
            parts
        }
        _ => None,
    };
    if let Some((first, last)) = window {
        let shown = last.min(first.saturating_add(SHOWN - 1));
        let events = events_between(spec, bundle.seed, first, shown).map_err(fault)?;
        let mut events: Vec<String> = events.iter().map(|event| event.describe(spec)).collect();
        if events.is_empty() {
            events.push("the run had ended".to_owned());
        }
        proof.parting = Some(Parting { first, last, events });
        if proof.notes.is_empty() {
            proof.notes.push(
                "version, scenario and data are those of the bundle: its digest and marks were \
                 changed, or this is a bug in smschain (see `smschain run --check-determinism`)"
                    .to_owned(),
            );
        }
    }
    Ok(proof)
}

/// Differences from when the bundle was made.
fn notes(scenario: &Scenario, bundle: &Bundle) -> Vec<String> {
    let mut notes = Vec::new();
    let version = env!("CARGO_PKG_VERSION");
    if bundle.version != version {
        notes.push(format!(
            "another version: the bundle was made by smschain {}, this is {version}",
            bundle.version
        ));
    }
    let now = scenario.data_fingerprints();
    for (file, was) in &bundle.data {
        match now.iter().find(|(other, _)| other == file) {
            Some((_, is)) if is == was => {}
            Some((_, is)) => {
                notes.push(format!("data file {file} has changed: fingerprint {is}, was {was}"));
            }
            None => notes.push(format!("data file {file} is no longer read")),
        }
    }
    let data_changed = now.iter().any(|file| !bundle.data.contains(file));
    if bundle.fingerprint != scenario.fingerprint && !data_changed {
        notes.push(format!(
            "the scenario in the bundle was edited: fingerprint {}, was {}",
            scenario.fingerprint, bundle.fingerprint
        ));
    }
    notes
}
