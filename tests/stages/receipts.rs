use crate::support::{N, mean, near, run, run_with, share_is, truth};
use smschain::chain::{Observed, Stage, Truth};

fn seen(results: &smschain::chain::Results, truth: Truth, state: Observed) -> u64 {
    results.observed[truth as usize][state as usize]
}

#[test]
fn receipts_are_late() {
    let results = run(&["provider.p.receipts.delay.exponential={ mean = \"2s\" }"]);
    near(mean(&results, Stage::Receipt), 2.0, 3.2905 / (N as f64).sqrt());
    assert_eq!(results.total().layers.observed_delivered, N);
    // One that would come after the run's end isn't seen.
    let never = run(&["provider.p.receipts.delay=2h", "scenario.drain=1h"]);
    assert_eq!(never.total().layers.observed_delivered, 0);
    assert_eq!(never.total().layers.unseen, N);
}

#[test]
fn receipts_are_lost() {
    let results = run(&["provider.p.receipts.loss=23%"]);
    share_is(results.total().layers.unseen, N, 0.23);
    assert_eq!(
        seen(&results, Truth::DeliveredOnTime, Observed::Sent),
        results.total().layers.unseen
    );
}

#[test]
fn receipts_lie() {
    let set = ["provider.p.receipts.false_delivered=40%", "carrier.c.unknown_subscriber=50%"];
    let results = run(&set);
    let unknown = truth(&results, Truth::UnknownSubscriber);
    share_is(seen(&results, Truth::UnknownSubscriber, Observed::Delivered), unknown, 0.4);
    assert_eq!(results.total().layers.unseen, 0);
}

#[test]
fn delivered_may_mean_that_the_carrier_has_it() {
    let carrier = "provider.p.receipts.meaning=carrier";
    let lossy = "carrier.c.loss=23%";
    let results = run(&[carrier, lossy]);
    assert_eq!(results.total().layers.observed_delivered, N);
    share_is(results.total().layers.falsely_delivered, N, 0.23);
    let honest = run(&["provider.p.receipts.meaning=handset", lossy]);
    assert_eq!(honest.total().layers.falsely_delivered, 0);
    // What the carrier refuses outright isn't accepted.
    let unknown = run(&[carrier, "carrier.c.unknown_subscriber=23%"]);
    assert_eq!(unknown.total().layers.falsely_delivered, 0);
    let silent = "[[carrier.filter]]\nname = \"f\"\nrule.random = {}\naction = \"silent\"\n\
                  receipt = \"none\"\n";
    assert_eq!(run_with(silent, &[carrier]).total().layers.falsely_delivered, N);
}

#[test]
fn silence_becomes_unknown() {
    let set = ["provider.p.receipts.loss=100%", "provider.p.receipts.unknown_after=70h"];
    assert_eq!(seen(&run(&set), Truth::DeliveredOnTime, Observed::Unknown), N);
    let later = [set[0], "provider.p.receipts.unknown_after=80h"];
    assert_eq!(seen(&run(&later), Truth::DeliveredOnTime, Observed::Sent), N);
}

/// Receipts come after an exponential time: those beyond the sender's memory are nobody's.
#[test]
fn a_late_receipt_is_forgotten() {
    let late = "provider.p.receipts.delay.exponential={ mean = \"2s\" }";
    let results = run(&[late, "provider.p.receipts.forgotten_after=3s"]);
    let unseen = results.total().layers.unseen;
    share_is(unseen, N, (-1.5_f64).exp());
    assert_eq!(results.total().latency[Stage::Receipt as usize].count(), N - unseen);
    // One that comes at that very instant has been forgotten.
    let forgets = "provider.p.receipts.forgotten_after=2s";
    assert_eq!(run(&["provider.p.receipts.delay=2s", forgets]).total().layers.unseen, N);
    assert_eq!(run(&["provider.p.receipts.delay=1999ms", forgets]).total().layers.unseen, 0);
}

/// Two copies of each: the first is delivered, the second filtered with a receipt that says so.
#[test]
fn of_several_receipts_one_counts() {
    let filter = "[[carrier.filter]]\nname = \"f\"\nrule.duplicate = { window = \"1h\" }\naction = \"block\"\n";
    let twice = [
        "provider.p.submit_timeout=1s",
        "provider.p.timeout_accepted=1",
        "provider.p.failures.timeout=100%",
        "retry={ max_attempts = 2 }",
    ];
    let seen_as = |several: &str, more: &str| {
        let several = format!("provider.p.receipts.several={several}");
        let mut set = twice.to_vec();
        set.extend([several.as_str(), more]);
        let results = run_with(filter, &set);
        assert_eq!(results.duplicate_copies, N);
        [Observed::Delivered, Observed::Rejected]
            .map(|state| seen(&results, Truth::DeliveredOnTime, state))
    };
    let soon = "provider.p.receipts.delay=0s";
    assert_eq!(seen_as("delivered_wins", soon), [N, 0]);
    assert_eq!(seen_as("last_wins", soon), [0, N]);
    assert_eq!(seen_as("first_wins", soon), [N, 0]);
}
