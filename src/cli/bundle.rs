//! Incident bundles: made of a run, and written.

use std::path::Path;

use super::again::quote;
use super::ending::Ending;
use super::{folder, run};
use crate::experiment::Trail;
use crate::scenario::{Bundle, Marks, Scenario};

/// How the names of bundles end.
const ENDING: &str = ".incident.toml";

/// The name of the bundle of a seed.
pub(super) fn name(scenario: &str, seed: u64) -> String {
    format!("{scenario}-{seed}{ENDING}")
}

/// A bundle of this version, with nothing said of the run yet.
pub(super) fn of(scenario: &Scenario, seed: u64) -> Bundle {
    Bundle {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed,
        fingerprint: scenario.fingerprint.clone(),
        data: scenario.data_fingerprints(),
        ..Bundle::default()
    }
}

/// What is kept of a trail.
pub(super) fn marks(trail: &Trail) -> Marks {
    Marks {
        events: trail.events(),
        hash: trail.hash(),
        every: trail.every(),
        marks: trail.marks().iter().map(|&mark| mark as u16).collect(),
    }
}

/// The files of a bundle: itself, under `name`, and the data it reads.
pub(super) fn files<'run>(
    scenario: &'run Scenario,
    bundle: &Bundle,
    name: &'run str,
    found: &[String],
) -> Vec<(&'run str, String)> {
    let file = quote(name);
    let mut lead = found.to_vec();
    lead.extend(
        [
            "Run it again, and prove that it is the same run:",
            &format!("  smschain replay {file}"),
            "Whatever takes a scenario takes this file, and runs its seed:",
            &format!("  smschain run {file}"),
        ]
        .map(str::to_owned),
    );
    let mut files = vec![(name, scenario.bundle_toml(bundle, &lead))];
    files.extend(run::data_beside(scenario));
    files
}

/// The bundles of a scenario that are in a folder already: a command's own stale files.
pub(super) fn stale(out: &Path, scenario: &str) -> Vec<String> {
    let own = |name: &String| {
        let seed = name.strip_prefix(scenario).and_then(|rest| rest.strip_prefix('-'));
        seed.and_then(|rest| rest.strip_suffix(ENDING))
            .is_some_and(|seed| !seed.is_empty() && seed.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let entries = std::fs::read_dir(out).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).filter(own).collect();
    names.sort();
    names
}

/// Writes the bundle of a run that broke down into `out`, and gives the line that repeats it; on
/// failure, or without a folder, `otherwise`.
pub(super) fn of_a_fault(
    scenario: &Scenario,
    seed: u64,
    what: &str,
    out: Option<&Path>,
    otherwise: String,
) -> String {
    let Some(out) = out else {
        return otherwise;
    };
    let name = name(&scenario.spec.name, seed);
    let bundle = Bundle { fault: Some(what.to_owned()), ..of(scenario, seed) };
    let found = [format!("A run of {} that broke down: {what}.", scenario.spec.name)];
    let files = files(scenario, &bundle, &name, &found);
    match folder::write(out, &files, &[]) {
        Ok(()) => format!("smschain replay {}", quote(&out.join(name).display().to_string())),
        Err(Ending { .. }) => otherwise,
    }
}
