//! One setting after another, a little smaller and a little larger.

use super::design::{Design, Moved};
use crate::cli::ending::Ending;
use crate::cli::source::checked;
use crate::report::sweep::{Level, Point};
use crate::scenario::quantity::{Quantity, Setting, Varied};
use crate::scenario::{Overrides, Scenario, Source, Varying, load};

/// Numbers that are no magnitudes of the chain: the run's own lengths and marks.
const RUN: [&str; 5] = [
    "scenario.seed",
    "scenario.duration",
    "scenario.drain",
    "scenario.warmup",
    "scenario.sample_every",
];
/// Names and orders written as numbers.
const NAMES: [&str; 3] = ["id", "rank", "priority"];
/// More settings than this are counted, not named.
const NAMED: usize = 6;

/// The scenario as it is (at the one load of `--scale`), and each of its numbers moved by `change`.
pub(super) fn design(
    source: &Source,
    mut overrides: Overrides,
    mut own: Scenario,
    scale: Option<Varied>,
    change: f64,
) -> Result<(Scenario, Design), Ending> {
    if let Some(scale) = scale {
        let levels = scale.all(0);
        let [level] = levels.as_slice() else {
            return Err(Ending::usage(
                "`--sensitivity` is asked at one load: name one factor after `--scale`",
            ));
        };
        // As a setting, so that it can be moved like any other.
        overrides.set.push(format!("scenario.scale={}", level.text));
        own = checked(source, &overrides, false)?;
    }
    let mut design = Design::default();
    design.push(&own, Point::default(), Vec::new(), own.clone());
    let numbers = own.numbers();
    let mut refused = Vec::new();
    for setting in numbers.iter().filter(|setting| is_moved(setting)) {
        if !moved(&mut design, source, &overrides, &own, &numbers, setting, change) {
            refused.push(setting.path.as_str());
        }
    }
    if design.parameters.is_empty() {
        return Err(Ending::usage("the scenario has no number that could be moved"));
    }
    if !refused.is_empty() {
        let more = refused.len().saturating_sub(NAMED);
        let mut list = refused[..refused.len().min(NAMED)].join(", ");
        if more > 0 {
            list.push_str(&format!(" and {more} more"));
        }
        design.doubts.push(format!(
            "Not moved, because the scenario does not take the changed value by itself: {list}."
        ));
    }
    Ok((own, design))
}

fn is_moved(setting: &Setting) -> bool {
    let key = setting.path.rsplit('.').next().unwrap_or_default();
    setting.value != 0.0 && !RUN.contains(&setting.path.as_str()) && !NAMES.contains(&key)
}

/// Adds the points of a setting; false if the scenario refuses one, or if it would change more than
/// that setting.
fn moved(
    design: &mut Design,
    source: &Source,
    overrides: &Overrides,
    own: &Scenario,
    numbers: &[Setting],
    setting: &Setting,
    change: f64,
) -> bool {
    let ends = ends(setting, change);
    let mut loaded = Vec::new();
    for end in ends {
        if end == setting.value {
            loaded.push(None);
            continue;
        }
        let value = setting.quantity.write(end);
        let flag = format!("--set {}={value}", setting.path);
        let varying = Varying {
            path: setting.path.clone(),
            path_at: "--set ".len(),
            value_at: flag.len() - value.len()..flag.len(),
            value,
            flag,
        };
        let overrides = Overrides { vary: vec![varying.clone()], ..overrides.clone() };
        match load(source, &overrides) {
            Ok(scenario) if alone(numbers, &scenario, setting, end) => {
                loaded.push(Some((varying, end, scenario)));
            }
            _ => return false,
        }
    }
    let mut points = [0, 0];
    for (point, loaded) in points.iter_mut().zip(loaded) {
        if let Some((varying, end, scenario)) = loaded {
            *point = design.points.len();
            let level = Level { text: varying.value.clone(), number: Some(end) };
            let at = vec![(setting.path.clone(), level)];
            design.push(own, Point { at }, vec![varying], scenario);
        }
    }
    let [low, high] = ends;
    let values = [setting.value, low, high].map(|value| setting.quantity.write(value));
    design.parameters.push(Moved { path: setting.path.clone(), values, points });
    true
}

/// The smaller and the larger value.
fn ends(setting: &Setting, change: f64) -> [f64; 2] {
    let Setting { quantity, value, .. } = *setting;
    let step = (value * change).abs();
    let step = if quantity == Quantity::Integer { step.round().max(1.0) } else { step };
    [value - step, value + step].map(|end| {
        // 0.95 − 0.095 is 0.855, not the float next to it.
        let end = quantity.round(format!("{end:.12e}").parse().unwrap_or(end));
        if quantity == Quantity::Share { end.clamp(0.0, 1.0) } else { end }
    })
}

/// `true` if the changed scenario has the same settings, this one with its new value. (Others may
/// follow it: a default that is made of it.)
fn alone(numbers: &[Setting], scenario: &Scenario, setting: &Setting, end: f64) -> bool {
    let changed = scenario.numbers();
    numbers.len() == changed.len()
        && numbers.iter().zip(&changed).all(|(own, other)| own.path == other.path)
        && changed.iter().any(|other| other.path == setting.path && other.value == end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_stay_what_they_are() {
        let of = |quantity, value, change| {
            ends(&Setting { path: String::new(), quantity, value }, change)
        };
        assert_eq!(of(Quantity::Integer, 20.0, 0.1), [18.0, 22.0]);
        assert_eq!(of(Quantity::Integer, 3.0, 0.1), [2.0, 4.0], "at least by one");
        assert_eq!(of(Quantity::Share, 0.95, 0.1), [0.855, 1.0]);
        assert_eq!(of(Quantity::Duration, 1e-9, 0.1), [1e-9, 1e-9], "nothing smaller");
        assert_eq!(of(Quantity::Number, -2.0, 0.5), [-3.0, -1.0]);
    }

    #[test]
    fn marks_names_and_nothing_are_left_alone() {
        let of = |path: &str, value| {
            is_moved(&Setting { path: path.to_owned(), quantity: Quantity::Number, value })
        };
        assert!(of("provider.alpha.window", 5.0) && of("scenario.scale", 1.0));
        assert!(!of("provider.alpha.loss", 0.0) && !of("scenario.warmup", 60.0));
        assert!(!of("route.5.id", 5.0) && !of("traffic.otp.priority", 2.0));
    }
}
