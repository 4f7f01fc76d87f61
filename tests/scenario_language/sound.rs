//! What must hold of any text given as a scenario. `fuzz/fuzz_targets/scenario.rs` asks it of the
//! texts that libFuzzer thinks of, `damage.rs` of some hundreds of its own.

use std::path::Path;

use smschain::scenario::{Errors, Overrides, Scenario, Source, load};

/// Reads `text` as a scenario of the folder `base`; fails if what comes of it can't be trusted.
///
/// Lines at its head that begin with `--set ` or `--unset ` are no part of the scenario but flags.
pub(crate) fn sound(text: &str, base: &Path) {
    let mut overrides = Overrides::default();
    let mut rest = text;
    while let Some((line, below)) = rest.split_once('\n') {
        if let Some(change) = line.strip_prefix("--set ") {
            overrides.set.push(change.to_owned());
        } else if let Some(path) = line.strip_prefix("--unset ") {
            overrides.unset.push(path.to_owned());
        } else {
            break;
        }
        rest = below;
    }
    match read(rest, base, &overrides) {
        Ok(scenario) => resolves_to_itself(&scenario, base),
        Err(errors) => says_where(&errors),
    }
}

fn read(text: &str, base: &Path, overrides: &Overrides) -> Result<Scenario, Errors> {
    let (name, text, base) = ("dir/any.toml".to_owned(), text.to_owned(), base.to_owned());
    load(&Source { name, text, base }, overrides)
}

/// What was understood is the same scenario when it is read again, every default filled in.
fn resolves_to_itself(scenario: &Scenario, base: &Path) {
    for colour in [false, true] {
        let shown = scenario.render_warnings(colour);
        assert_eq!(shown.is_empty(), scenario.warnings.is_empty());
    }
    let resolved = scenario.resolved_toml();
    match read(&resolved, base, &Overrides::default()) {
        Ok(again) => {
            assert_eq!(again.fingerprint, scenario.fingerprint, "{resolved}");
            assert_eq!(again.spec, scenario.spec, "{resolved}");
            assert_eq!(again.resolved_toml(), resolved);
        }
        Err(errors) => panic!("{errors}\n{resolved}"),
    }
}

/// What was refused has reasons, each with a place and a picture of it.
fn says_where(errors: &Errors) {
    assert!(!errors.diagnostics().is_empty());
    for error in errors.diagnostics() {
        assert!(!error.is_warning() && !error.message.is_empty(), "{error:?}");
        assert!(error.place.is_some_and(|place| place.start <= place.end), "{error:?}");
    }
    assert!(errors.located().iter().all(|error| error.line > 0 && error.column > 0));
    assert!(!errors.render(false).is_empty() && !errors.render(true).is_empty());
}
