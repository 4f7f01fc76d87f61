//! Retries: how long it is waited between attempts, however waits grow and are spread.

use crate::twenty_minutes::{fitted, found, near, steady};

const FAILING: &str = "failures = { transient = 0.2 }";

/// The fit of a log of which a fifth of the submits fails, by what its retries are like.
fn tried_again(backoff: &str) -> smschain::fit::Composed {
    fitted(&steady(8.0), &format!("[retry]\nmax_attempts = 5\n{backoff}"), FAILING, "")
}

#[test]
fn a_wait_as_long_as_an_answer_is_told_with_its_jitter() {
    // Answers have a median of 150 ms, and one in twenty takes more than 500.
    for (jitter, mean) in [("none", 1.0), ("equal", 0.75), ("full", 0.5)] {
        let backoff = "backoff.exponential = { base = \"400ms\", factor = 2 }";
        let fit = tried_again(&format!("{backoff}\njitter = \"{jitter}\""));
        near(&fit, "retry.waits.1", 0.4 * mean, 0.05);
        near(&fit, "retry.waits.2", 0.8 * mean, 0.1);
        let said = fit.text.contains(&format!("jitter = \"{jitter}\""));
        assert_eq!(said, jitter != "none", "{jitter}: {}", fit.text);
        let twice = fit.text.contains("backoff.exponential") && fit.text.contains("factor = 2");
        assert!(twice, "{jitter}: {}", fit.text);
    }
}

#[test]
fn waits_of_every_shape_are_written_as_what_they_are() {
    let shapes = [
        ("backoff.immediate = {}", "backoff.immediate = {}", 0.0),
        ("backoff.fixed = { delay = \"3s\" }", "backoff.fixed = { delay = \"", 3.0),
        ("backoff.linear = { step = \"3s\" }", "backoff.linear = { step = \"", 3.0),
        (
            "backoff.exponential = { base = \"1s\", factor = 4, cap = \"9s\" }",
            "factor = 4, cap = \"",
            1.0,
        ),
        (
            "backoff.schedule = { waits = [\"2s\", \"1s\", \"30s\"] }",
            "backoff.schedule = { waits = [\"",
            2.0,
        ),
        ("backoff.decorrelated = { base = \"1s\", cap = \"60s\" }", "backoff.decorrelated", 2.0),
    ];
    for (truth, written, first) in shapes {
        let fit = tried_again(truth);
        assert!(fit.text.contains(written), "{truth}: {}", fit.text);
        let [value, low, high] = found(&fit, "retry.waits.1").unwrap();
        assert!((value - first).abs() < 0.02, "{truth}: {value}");
        assert!(low <= value && value <= high && high < first + 0.1, "{truth}: {low} {high}");
        // What grows at random has a longest wait that nobody saw.
        let assumed = fit.assumptions.iter().any(|own| own.why.contains("at random"));
        assert_eq!(assumed, truth.contains("decorrelated"), "{truth}: {:?}", fit.assumptions);
    }
}
