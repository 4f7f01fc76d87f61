//! Points on axes: every value of one with every value of the others.

use super::Options;
use super::design::Design;
use crate::cli::ending::{Ending, Exit};
use crate::cli::retries;
use crate::report::sweep::{Axis, Level, Point};
use crate::scenario::quantity::{self, Varied, varied};
use crate::scenario::{Overrides, Scenario, Source, load};

/// Values of a range that doesn't say how many.
const STEPS: usize = 5;
/// So many keys may be varied beside the load.
const KEYS: usize = 2;
/// More points than this are a slip.
const POINTS: usize = 1_000;

/// The points of `--vary` and `--scale`.
pub(super) fn design(
    options: &Options,
    source: &Source,
    overrides: &Overrides,
    own: &Scenario,
    scale: Option<Varied>,
    colour: bool,
) -> Result<Design, Ending> {
    let keys = keys(options, source, overrides, scale, colour)?;
    let levels: Vec<Vec<quantity::Level>> = keys.iter().map(|key| key.all(STEPS)).collect();
    let size = levels.iter().fold(1_usize, |size, levels| size.saturating_mul(levels.len()));
    if size > POINTS {
        let each: Vec<String> = levels.iter().map(|levels| levels.len().to_string()).collect();
        return Err(Ending::usage(format!(
            "{} = {size} points are too many: at most {POINTS}",
            each.join(" × ")
        )));
    }
    let mut design = Design::default();
    design.axes = axes(&keys, &levels);
    let mut wrong: Vec<String> = Vec::new();
    for index in 0..size {
        let at: Vec<usize> = place(index, &levels);
        let (mut point, mut set) = (Point::default(), Vec::new());
        for ((key, levels), &chosen) in keys.iter().zip(&levels).zip(&at) {
            let level = &levels[chosen];
            let shown = Level { text: level.text.clone(), number: level.number };
            point.at.push((key.path.clone(), shown));
            // A policy replaces the table it is in: what else is set there comes after it.
            let first = if key.is_policy() { 0 } else { set.len() };
            set.insert(first, key.varying(level));
        }
        let overrides = Overrides { vary: set.clone(), ..overrides.clone() };
        match load(source, &overrides) {
            Ok(scenario) => design.push(own, point, set, scenario),
            Err(errors) => {
                let text = errors.render(colour);
                if !wrong.contains(&text) {
                    wrong.push(text);
                }
            }
        }
    }
    if !wrong.is_empty() {
        return Err(Ending::rendered(Exit::Input, wrong.join("\n\n")));
    }
    design.notes = notes(options, own, &keys, &design);
    Ok(design)
}

/// The keys that are varied, in the order given, then the load.
fn keys(
    options: &Options,
    source: &Source,
    overrides: &Overrides,
    scale: Option<Varied>,
    colour: bool,
) -> Result<Vec<Varied>, Ending> {
    if options.vary.is_empty() && scale.is_none() {
        return Err(Ending::usage(
            "sweep what? Name load factors, `--scale 0.5,1,2,4`, or values of a key, `--vary \
             provider.alpha.window=10,20,40`, or ask which settings matter, `--sensitivity 10%`",
        ));
    }
    if options.vary.len() > KEYS {
        return Err(Ending::usage(format!(
            "`--vary` is given {} times: at most {KEYS} keys can be varied, beside `--scale`",
            options.vary.len()
        )));
    }
    let (mut keys, mut wrong): (Vec<Varied>, Vec<String>) = (Vec::new(), Vec::new());
    for flag in &options.vary {
        match varied(source, overrides, "--vary", flag) {
            Ok(key) => keys.push(key),
            Err(errors) => wrong.push(errors.render(colour)),
        }
    }
    if !wrong.is_empty() {
        return Err(Ending::rendered(Exit::Input, wrong.join("\n\n")));
    }
    keys.extend(scale);
    for (index, key) in keys.iter().enumerate() {
        if key.path == "scenario.seed" {
            return Err(Ending::usage(
                "`--vary scenario.seed`: every point runs on the same seeds, so that only the \
                 settings make a difference; `-n 20` takes twenty of them, `--seed N` others",
            ));
        }
        if let Some(other) = keys[..index].iter().find(|other| other.same_key(key)) {
            let (one, two) = (&other.path, &key.path);
            return Err(Ending::usage(if one == two {
                format!("`{one}` is varied twice: name all its values in one `--vary`")
            } else {
                format!("`{one}` and `{two}` are the same key: vary it once")
            }));
        }
    }
    Ok(keys)
}

fn axes(keys: &[Varied], levels: &[Vec<quantity::Level>]) -> Vec<Axis> {
    let axis = |(key, levels): (&Varied, &Vec<quantity::Level>)| Axis {
        path: key.path.clone(),
        levels: levels
            .iter()
            .map(|level| Level { text: level.text.clone(), number: level.number })
            .collect(),
        unit: key.quantity.map(quantity::Quantity::unit),
    };
    keys.iter().zip(levels).map(axis).collect()
}

/// The indices of a point's values on each axis; the last axis goes fastest.
fn place(index: usize, levels: &[Vec<quantity::Level>]) -> Vec<usize> {
    let (mut rest, mut place) = (index, vec![0; levels.len()]);
    for (at, levels) in place.iter_mut().zip(levels).rev() {
        (*at, rest) = (rest % levels.len(), rest / levels.len());
    }
    place
}

/// Remarks on what a user may not expect of these points.
fn notes(options: &Options, own: &Scenario, keys: &[Varied], design: &Design) -> Vec<String> {
    let mut notes = Vec::new();
    if keys.iter().any(|key| key.path == "retry.policy") {
        notes.extend(retries::untouched(&own.spec));
        if let Some(flag) = retries::changed(&options.changes) {
            notes.push(format!(
                "note: `{flag}` changes nothing here: each policy takes the place of the whole \
                 [retry]"
            ));
        }
    }
    let same = |pair: &[crate::chain::spec::Spec]| pair[0] == pair[1];
    if design.specs.len() > 1 && design.specs.windows(2).all(same) {
        notes
            .push("note: all points are the same chain: what is varied changes nothing".to_owned());
    }
    notes
}
