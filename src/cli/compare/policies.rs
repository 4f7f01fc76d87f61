//! The policies that are compared, and the chain under each.

use std::ops::Range;

use super::{Options, rules};
use crate::chain::spec::Spec;
use crate::cli::ending::{Ending, Exit};
use crate::cli::input::Input;
use crate::cli::retries;
use crate::scenario::{Overrides, Scenario, Source, Varying, load};

/// The scenario's own `[retry]`.
pub(super) const OWN: &str = "scenario";

/// All there are: the scenario's own `[retry]`, its policies and the built-in ones.
pub(super) const ALL: &str = "all";

/// Policies and the chain under each.
pub(super) struct Policies {
    pub(super) names: Vec<String>,
    pub(super) specs: Vec<Spec>,
    /// Of the scenario under each.
    pub(super) fingerprints: Vec<String>,
    /// Suspicions under one of them that there are not under `[retry]`.
    pub(super) warnings: String,
}

impl Policies {
    /// If the scenario's `[retry]`, the first, is one of the others, that one takes its place: once
    /// is enough.
    pub(super) fn name_own(&mut self) -> Result<(), Ending> {
        let mut others = self.specs.iter().skip(1);
        let Some(twin) = others.position(|spec| rules::same(spec, &self.specs[0])) else {
            return Ok(());
        };
        self.specs.remove(0);
        self.fingerprints.remove(0);
        self.names.remove(0);
        self.specs[..=twin].rotate_right(1);
        self.fingerprints[..=twin].rotate_right(1);
        self.names[..=twin].rotate_right(1);
        if self.names.len() > 1 {
            return Ok(());
        }
        let name = &self.names[0];
        Err(Ending::usage(format!(
            "compare what? [retry] is `{name}`, and the scenario has no other policy of its \
                 own: name at least two, like `--policies {name},full-jitter`"
        )))
    }
}

/// The names asked for; unless any are, the scenario's `[retry]` and its own policies.
pub(super) fn names(options: &Options, own: &Scenario) -> Result<Vec<String>, Ending> {
    let has_all = own.policies.iter().any(|name| name == ALL);
    let own_policies = || own.policies.iter().cloned();
    let names = match options.policies.as_deref() {
        Some(list) if list.trim() == ALL && !has_all => {
            let built_in = crate::cli::policies::names().map(str::to_owned);
            [OWN.to_owned()].into_iter().chain(own_policies()).chain(built_in).collect()
        }
        Some(list) => listed(list)?,
        None if own.policies.is_empty() => {
            return Err(Ending::usage(
                "compare what? The scenario has no [policy.NAME] of its own, so name at least two: \
                 `--policies none,fixed,full-jitter` (`scenario` is its own [retry], \
                 `smschain policies` lists the built-in ones), or all of them: \
                 `--policies all`",
            ));
        }
        None => [OWN.to_owned()].into_iter().chain(own_policies()).collect(),
    };
    if !has_all && names.iter().any(|name| name == ALL) {
        return Err(Ending::usage(format!(
            "`--policies {}`: `{ALL}` stands alone; it is [retry], the scenario's own policies and \
             the built-in ones",
            options.policies.as_deref().unwrap_or_default()
        )));
    }
    if names.iter().any(|name| name == OWN) && own.policies.iter().any(|name| name == OWN) {
        return Err(Ending::usage(format!(
            "`{OWN}` means [retry] as it stands, and there is a [policy.{OWN}]: rename that table, \
             or leave `{OWN}` out of `--policies`"
        )));
    }
    Ok(names)
}

fn listed(list: &str) -> Result<Vec<String>, Ending> {
    let mut names: Vec<String> = Vec::new();
    for name in list.split(',').map(str::trim) {
        if name.is_empty() {
            return Err(Ending::usage(format!(
                "`--policies {list}`: a name is empty between the commas"
            )));
        }
        if names.iter().any(|other| other == name) {
            return Err(Ending::usage(format!("`--policies {list}`: `{name}` is named twice")));
        }
        names.push(name.to_owned());
    }
    if names.len() < 2 {
        let other = if list == "none" { "fixed" } else { "none" };
        return Err(Ending::usage(format!(
            "`--policies {list}`: a comparison takes at least two, like `--policies {other},{list}`"
        )));
    }
    Ok(names)
}

/// The chain under each policy.
pub(super) fn settings(
    options: &Options,
    source: &Source,
    overrides: &Overrides,
    own: &Scenario,
    names: Vec<String>,
    colour: bool,
) -> Result<Policies, Ending> {
    let (mut specs, mut fingerprints) = (Vec::new(), Vec::new());
    let (mut wrong, mut warnings) = (Vec::new(), Vec::new());
    for name in &names {
        if name == OWN {
            specs.push(own.spec.clone());
            fingerprints.push(own.fingerprint.clone());
            continue;
        }
        let mut overrides = overrides.clone();
        overrides.vary.extend(varying(options, own, name)?);
        match load(source, &overrides) {
            Ok(mut scenario) => {
                scenario.warnings.retain(|warning| !own.warnings.contains(warning));
                warnings.push(scenario.render_warnings(colour));
                specs.push(scenario.spec);
                fingerprints.push(scenario.fingerprint);
            }
            Err(errors) => wrong.push(errors.render(colour)),
        }
    }
    if !wrong.is_empty() {
        return Err(Ending::rendered(Exit::Input, wrong.join("\n\n")));
    }
    warnings.retain(|text| !text.is_empty());
    Ok(Policies { names, specs, fingerprints, warnings: warnings.join("\n\n") })
}

/// The chains of the replications under each policy, if parameters are drawn.
pub(super) fn inputs(
    input: Option<&Input>,
    names: &[String],
    (options, source, overrides, own): (&Options, &Source, &Overrides, &Scenario),
    seed: u64,
    replications: &Range<u64>,
) -> Result<Vec<Vec<Spec>>, Ending> {
    let Some(input) = input else { return Ok(Vec::new()) };
    let of = |name: &String| {
        let mut overrides = overrides.clone();
        if name != OWN {
            overrides.vary.extend(varying(options, own, name)?);
        }
        input.specs(source, &overrides, seed, replications.clone())
    };
    names.iter().map(of).collect()
}

/// The settings of a policy, with the place of its name in what was typed.
fn varying(options: &Options, own: &Scenario, name: &str) -> Result<Vec<Varying>, Ending> {
    let list = options.policies.as_deref().filter(|list| list.trim() != ALL).unwrap_or(name);
    let flag = format!("--policies {list}");
    let mut start = "--policies ".len();
    for part in list.split(',') {
        if part.trim() == name {
            start += part.len() - part.trim_start().len();
            break;
        }
        start += part.len() + ",".len();
    }
    let (table, policy) = rules::of(own, name);
    let value_at = start + name.len() - policy.len()..start + name.len();
    let made = |path| Varying {
        flag: flag.clone(),
        path,
        path_at: start,
        value: policy.to_owned(),
        value_at: value_at.clone(),
    };
    Ok(rules::paths(&own.spec, table, list)?.into_iter().map(made).collect())
}

/// Remarks on what a user may not expect of these policies.
pub(super) fn notes(
    options: &Options,
    own: &Scenario,
    names: &[String],
    specs: &[Spec],
) -> Vec<String> {
    let mut notes = Vec::new();
    for (index, spec) in specs.iter().enumerate() {
        if let Some(first) = specs[..index].iter().position(|other| rules::same(other, spec)) {
            notes.push(format!(
                "note: {} and {} are the same policy: all their figures are equal",
                names[first], names[index]
            ));
        }
    }
    if let Some(untouched) = retries::untouched(&own.spec) {
        notes.push(untouched);
    }
    let flag = retries::changed(&options.changes);
    let keeps_it = |name: &String| name == OWN || rules::of(own, name).0 != "retry";
    if let Some(flag) = flag.filter(|_| !names.iter().any(keeps_it)) {
        notes.push(format!(
            "note: `{flag}` changes nothing here: each policy takes the place of the whole \
             [retry], and `{OWN}`, which is [retry] itself, is not compared"
        ));
    }
    notes
}
