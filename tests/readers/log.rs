//! Data files: any bytes as a log of requests, and as a column to draw from.

use std::fs;
use std::path::Path;

use smschain::chain::spec::Arrivals;
use smschain::scenario::{Errors, Overrides, Scenario, Source, load};

/// Reads the bytes below the first line as the data file `name` in `folder`; fails if what comes of
/// it can't be trusted. The first line begins with `origin `, or is the name of a column.
pub(crate) fn sound(bytes: &[u8], folder: &Path, name: &str) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]);
    fs::write(folder.join(name), bytes.get(end + 1..).unwrap_or_default()).unwrap();
    let arrivals = match head.strip_prefix("origin ") {
        Some(origin) => format!("{{ trace = {{ file = \"{name}\", origin = {origin:?} }} }}"),
        None => format!("{{ trace = {{ file = \"{name}\" }} }}"),
    };
    let column = format!("{{ empirical = {{ file = \"{name}\", column = {head:?} }} }}");
    log(read(&arrivals, "\"1s\"", folder));
    let poisson = "{ poisson = { rate = \"1/s\" } }";
    drawn(read(poisson, &column, folder));
}

fn read(arrivals: &str, latency: &str, folder: &Path) -> Result<Scenario, Errors> {
    let text = format!(
        "[scenario]\nduration = \"1h\"\n[[traffic]]\nname = \"otp\"\narrivals = {arrivals}\n\
         [[route]]\nid = 5\nprovider = \"alpha\"\nprice = 0\n[[provider]]\nname = \"alpha\"\n\
         latency = {latency}\n[[carrier]]\nname = \"northwind\"\n[[carrier]]\nname = \"acme\"\n"
    );
    let source = Source { name: "any.toml".to_owned(), text, base: folder.to_owned() };
    load(&source, &Overrides::default())
}

/// Rows come in order of time, and hold what a run can take.
fn log(read: Result<Scenario, Errors>) {
    match read {
        Err(errors) => says_where(&errors),
        Ok(scenario) => {
            shown(&scenario);
            let Some(Arrivals::Trace { rows }) =
                scenario.spec.traffic.first().map(|stream| &stream.arrivals)
            else {
                panic!("no trace");
            };
            assert!(rows.windows(2).all(|pair| pair[0].time <= pair[1].time));
            assert!(rows.iter().all(|row| row.carrier.is_none_or(|carrier| carrier < 2)));
            let score = |score: Option<f64>| score.is_none_or(|score| (0.0..=1.0).contains(&score));
            assert!(rows.iter().all(|row| score(row.spam_score)));
        }
    }
}

fn drawn(read: Result<Scenario, Errors>) {
    match read {
        Err(errors) => says_where(&errors),
        Ok(scenario) => shown(&scenario),
    }
}

fn shown(scenario: &Scenario) {
    let shown = scenario.render_warnings(false);
    assert_eq!(shown.is_empty(), scenario.warnings.is_empty());
    harmless(&shown);
    harmless(&scenario.resolved_toml());
}

fn says_where(errors: &Errors) {
    assert!(!errors.diagnostics().is_empty());
    assert!(errors.located().iter().all(|error| error.line > 0 && error.column > 0));
    harmless(&errors.render(false));
}

/// Nothing of a file goes to a terminal as a control character.
fn harmless(text: &str) {
    let control = |c: char| c.is_control() && c != '\n';
    assert!(!text.chars().any(control), "{text:?}");
}
