//! Incident bundles: any text that is one says the same when it is written and read again.

use smschain::scenario::{Overrides, Scenario, Source, load};

/// A scenario for keys of a bundle that come without one.
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

/// Reads a bundle; fails if what comes of it can't be trusted.
pub(crate) fn sound(bytes: &[u8]) {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    if !text.contains("[[") {
        // Above all tables, and a trail below them.
        let (keys, trail) = text.split_at(text.find("[trail]").unwrap_or(text.len()));
        text = format!("{keys}{SCENARIO}{trail}");
    }
    match read(text) {
        Err(errors) => {
            assert!(!errors.render(false).is_empty() && !errors.diagnostics().is_empty())
        }
        Ok(scenario) => {
            let Some(bundle) = &scenario.bundle else { return };
            assert!(bundle.seed < 1 << 53);
            if !scenario.data_files.is_empty() {
                return;
            }
            let written = scenario.bundle_toml(bundle, &["a lead".to_owned()]);
            let again =
                read(written.clone()).unwrap_or_else(|errors| panic!("{errors}\n{written}"));
            assert_eq!(again.bundle.as_ref(), Some(bundle), "{written}");
            assert_eq!(again.fingerprint, scenario.fingerprint, "{written}");
            assert_eq!(again.bundle_toml(bundle, &["a lead".to_owned()]), written);
        }
    }
}

fn read(text: String) -> Result<Scenario, smschain::scenario::Errors> {
    let base = std::env::temp_dir().join("smschain-no-such-folder");
    load(&Source { name: "any.incident.toml".to_owned(), text, base }, &Overrides::default())
}
