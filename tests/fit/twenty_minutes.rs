//! Twenty minutes of one sender, one provider and one carrier, run and fitted.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use smschain::fit::{Composed, Gathered, Plan, Resolution, compose};
use smschain::logs::{Options, read};

/// So many messages a second for twenty minutes.
pub(crate) fn steady(rate: f64) -> String {
    format!(
        "[[traffic]]\nname = \"codes\"\nsender = \"A\"\narrivals.poisson = {{ rate = \"{rate}/s\" }}\n"
    )
}

/// The fit of the messages of a run, with more about its retries, its provider and its carrier.
pub(crate) fn fitted(traffic: &str, retry: &str, provider: &str, carrier: &str) -> Composed {
    static RUN: AtomicUsize = AtomicUsize::new(0);
    let own = format!("{}-{}", std::process::id(), RUN.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(format!("smschain-fit-{own}"));
    std::fs::create_dir_all(&folder).unwrap();
    let scenario = format!(
        "[scenario]\nname = \"true\"\nseed = 5\nduration = \"20m\"\n{traffic}\
         [[route]]\nid = 1\nprovider = \"alpha\"\n{retry}\n\
         [[provider]]\nname = \"alpha\"\n\
         latency.lognormal = {{ median = \"150ms\", p95 = \"500ms\" }}\n{provider}\n\
         [[carrier]]\nname = \"north\"\n\
         latency.lognormal = {{ median = \"3s\", p95 = \"9s\" }}\n{carrier}\n"
    );
    std::fs::write(folder.join("true.toml"), scenario).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_smschain"))
        .args(["run", "true.toml", "--no-files", "-q", "--messages", "log.csv"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let bytes = std::fs::read(folder.join("log.csv")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    fitted_to(&bytes)
}

/// The fit of a log.
pub(crate) fn fitted_to(bytes: &[u8]) -> Composed {
    let mut log = Gathered::new();
    let inputs = [("log".to_owned(), Ok(bytes))];
    let account = read(inputs, &Options::default(), &mut |row| log.add(row)).unwrap();
    let resolution =
        Resolution { submitted: account.submitted, sent: account.sent, done: account.done };
    let plan = Plan {
        name: "fitted".to_owned(),
        summary: "Fitted".to_owned(),
        seed: 1,
        hold_out: 0.0,
        zone: 0,
        turn: None,
        gap: None,
        resolution,
    };
    compose(&log, &plan).unwrap()
}

/// Value and interval of a parameter; `None` of one that isn't there.
pub(crate) fn found(fit: &Composed, path: &str) -> Option<[f64; 3]> {
    let own = fit.parameters.iter().find(|own| own.path == path)?;
    Some([own.value, own.low, own.high])
}

#[track_caller]
pub(crate) fn near(fit: &Composed, path: &str, truth: f64, off: f64) {
    let [value, low, high] = found(fit, path).unwrap_or_else(|| panic!("{path}: {}", fit.text));
    assert!((value / truth - 1.0).abs() <= off, "{path}: {value} for {truth}\n{}", fit.text);
    assert!(low <= value && value <= high, "{path}: {low} {value} {high}");
}
