//! Incident bundles: made of a run, and written.

use std::path::Path;

use super::again::quote;
use super::folder::ResultFolder;
use crate::experiment::Trail;
use crate::scenario::{Bundle, Marks, Scenario};

/// The ending of bundles' names.
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
        data: scenario.fingerprints_beside(),
        ..Bundle::default()
    }
}

/// The marks of a trail that are kept.
pub(super) fn marks(trail: &Trail) -> Marks {
    Marks {
        events: trail.events(),
        hash: trail.hash(),
        every: trail.every(),
        marks: trail.kept_marks().collect(),
    }
}

/// The files of a bundle: itself, under `name`, and the data it reads.
pub(super) fn files(
    scenario: &Scenario,
    bundle: &Bundle,
    name: &str,
    found: &[String],
) -> Vec<(String, String)> {
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
    let mut files = vec![(name.to_owned(), scenario.bundle_toml(bundle, &lead))];
    let data = scenario.data_beside().into_iter();
    files.extend(data.map(|(name, text)| (name, text.to_owned())));
    files
}

/// `true` if a file by this name is a bundle of the scenario: of other seeds, a command's own stale
/// files.
pub(super) fn is_of(scenario: &str, name: &str) -> bool {
    let seed = name.strip_prefix(scenario).and_then(|rest| rest.strip_prefix('-'));
    seed.and_then(|rest| rest.strip_suffix(ENDING))
        .is_some_and(|seed| !seed.is_empty() && seed.bytes().all(|byte| byte.is_ascii_digit()))
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
    let path = out.and_then(|out| written(scenario, seed, what, out));
    path.map_or(otherwise, |path| format!("smschain replay {path}"))
}

/// Writes the bundle of a run that broke down; its path, as a shell takes it. `None`: it can't be
/// written, which is not the error to be told of.
pub(super) fn written(scenario: &Scenario, seed: u64, what: &str, out: &Path) -> Option<String> {
    let name = name(&scenario.spec.name, seed);
    let bundle = Bundle { fault: Some(what.to_owned()), ..of(scenario, seed) };
    let found = [format!("A run of {} that broke down: {what}.", scenario.spec.name)];
    let files = files(scenario, &bundle, &name, &found);
    let files: Vec<(&str, String)> =
        files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    ResultFolder::claim(out, &[], [], false).ok()?.write(&files, &[]).ok()?;
    Some(quote(&out.join(&name).display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, Source, load};

    const SCENARIO: &str = r#"
        [scenario]
        duration = "10s"
        [[traffic]]
        name = "otp"
        arrivals.poisson = { rate = "5/s" }
        [[route]]
        id = 5
        provider = "alpha"
        price = 0
        [[provider]]
        name = "alpha"
        [[carrier]]
        name = "northwind"
    "#;

    fn read(name: &str, text: &str) -> Scenario {
        let source = Source { name: name.to_owned(), text: text.to_owned(), base: "".into() };
        load(&source, &Overrides::default()).unwrap()
    }

    #[test]
    fn a_fault_leaves_a_bundle() {
        let out = std::env::temp_dir().join(format!("smschain-fault-{}", std::process::id()));
        let scenario = read("small.toml", SCENARIO);
        let line =
            of_a_fault(&scenario, 99, "the \"books\"\ndon't balance", Some(&out), String::new());
        assert!(line.starts_with("smschain replay ") && line.ends_with("small-99.incident.toml"));
        let again =
            read("x", &std::fs::read_to_string(out.join("small-99.incident.toml")).unwrap());
        let bundle = again.bundle.as_ref().unwrap();
        assert_eq!(bundle.fault.as_deref(), Some("the \"books\"\ndon't balance"));
        assert_eq!((again.spec.seed, &again.fingerprint), (99, &scenario.fingerprint));
        assert!(is_of("small", "small-99.incident.toml"));
        assert!(!is_of("smal", "small-99.incident.toml") && !is_of("small", "small-x.toml"));
        std::fs::remove_dir_all(&out).unwrap();
        assert_eq!(of_a_fault(&scenario, 99, "x", None, "a line".to_owned()), "a line");
    }
}
