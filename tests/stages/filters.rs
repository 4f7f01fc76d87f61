use crate::support::{N, SMALLEST, near, run_text, run_with, share_is, truth};
use smschain::chain::{Observed, Results, Truth};

fn filter(rule: &str, more: &str) -> String {
    format!("[[carrier.filter]]\nname = \"f\"\nrule.{rule}\n{more}\n")
}

fn taken(results: &Results) -> u64 {
    results.carriers[0].filtered[0]
}

#[test]
fn a_silent_filter_with_a_false_receipt() {
    let spec =
        filter("random = {}", "probability = 0.23\naction = \"silent\"\nreceipt = \"delivered\"");
    let results = run_with(&spec, &[]);
    let layers = results.total().layers;
    assert_eq!(layers.observed_delivered, N);
    share_is(layers.falsely_delivered, N, 0.23);
    assert_eq!(truth(&results, Truth::FilteredSilent), taken(&results));
}

#[test]
fn action_names_the_truth_and_receipt_what_is_seen() {
    for (receipt, state) in [
        ("none", Observed::Sent),
        ("rejected", Observed::Rejected),
        ("undelivered", Observed::Undelivered),
        ("delivered", Observed::Delivered),
    ] {
        for (action, ends) in
            [("silent", Truth::FilteredSilent), ("block", Truth::FilteredExplicit)]
        {
            let more = format!("action = \"{action}\"\nreceipt = \"{receipt}\"");
            let results = run_with(&filter("random = {}", &more), &[]);
            assert_eq!(results.observed[ends as usize][state as usize], N, "{action} {receipt}");
        }
    }
}

const BLOCK: &str = "action = \"block\"\nreceipt = \"rejected\"";

#[test]
fn content_by_spam_score() {
    // Uniform scores: 45 % are at or above 0.55.
    let score = "traffic.t.spam_score.uniform={ low = 0.0, high = 1.0 }";
    let spec = filter("content = { threshold = 0.55 }", BLOCK);
    share_is(taken(&run_with(&spec, &[score])), N, 0.45);
    let set = [score, "carrier.c.filter.f.probability=50%"];
    share_is(taken(&run_with(&spec, &set)), N, 0.225);
    assert_eq!(taken(&run_with(&spec, &["traffic.t.spam_score=0.54"])), 0);
    assert_eq!(taken(&run_with(&spec, &["traffic.t.spam_score=0.55"])), N);
    assert_eq!(taken(&run_with(&spec, &[score, "carrier.c.filter.f.enabled=false"])), 0);
}

#[test]
fn velocity_by_each_key() {
    let velocity = |key: &str| {
        let rule = format!("velocity = {{ key = \"{key}\", limit = 30, window = \"1s\" }}");
        filter(&rule, BLOCK)
    };
    // 100 a second of one sender: 30 a second are let through.
    assert_eq!(taken(&run_with(&velocity("sender"), &[])), N * 7 / 10);
    // Each message has a recipient and a content of its own.
    assert_eq!(taken(&run_with(&velocity("recipient"), &[])), 0);
    assert_eq!(taken(&run_with(&velocity("sender+content"), &[])), 0);
    assert_eq!(taken(&run_with(&velocity("recipient"), &["traffic.t.recipients=1"])), N * 7 / 10);
    // A campaign's content is one.
    let campaign = "traffic.t.arrivals.campaign={ count = 100000, at = \"0s\", over = \"1000s\" }";
    assert_eq!(taken(&run_with(&velocity("sender+content"), &[campaign])), N * 7 / 10);
}

#[test]
fn velocity_counts_only_what_it_let_through() {
    // One a second, at most 1 in 10 s: with its own log it lets every tenth through.
    let rule = "velocity = { key = \"sender\", limit = 1, window = \"10s\" }";
    let results = run_with(&filter(rule, BLOCK), &["traffic.t.arrivals.constant.rate=1/s"]);
    assert_eq!(taken(&results), 900);
}

#[test]
fn snowshoe_is_the_same_content_from_many_senders() {
    let campaign = "traffic.t.arrivals.campaign={ count = 100000, at = \"0s\", over = \"1000s\" }";
    let pool = "traffic.t.senders={ count = 10, pick = \"round_robin\" }";
    let spec = |senders: u32| {
        filter(&format!("snowshoe = {{ senders = {senders}, window = \"1s\" }}"), BLOCK)
    };
    let from_pool = |senders| taken(&run_with_pool(&spec(senders), &[campaign, pool]));
    // Three of the ten are there first, each with one or two others beside it; the seven after them are
    // one too many, however often they try.
    assert_eq!(from_pool(3), N * 7 / 10);
    assert_eq!(from_pool(1), N * 9 / 10);
    assert_eq!(from_pool(10), 0);
    // One sender, or contents of their own, are no such thing.
    assert_eq!(taken(&run_with(&spec(1), &[campaign])), 0);
    assert_eq!(taken(&run_with_pool(&spec(1), &[pool])), 0);
}

/// A run of [`SMALLEST`] with `more`, whose stream has a pool of senders.
fn run_with_pool(more: &str, set: &[&str]) -> Results {
    run_text(&(SMALLEST.replace("sender = \"12345\"\n", "") + more), set)
}

#[test]
fn unregistered_senders() {
    let listed = filter("unregistered = { registered = [\"12345\"] }", BLOCK);
    assert_eq!(taken(&run_with(&listed, &[])), 0);
    assert_eq!(taken(&run_with(&listed, &["traffic.t.sender=666"])), N);
}

#[test]
fn duplicates_are_the_same_content_to_the_same_person() {
    let spec = filter("duplicate = { window = \"1h\" }", BLOCK);
    assert_eq!(taken(&run_with(&spec, &["traffic.t.recipients=1"])), 0);
    // Retries of timeouts that were accepted: the second copy of each is taken.
    let set = [
        "provider.p.failures.timeout=30%",
        "provider.p.submit_timeout=10s",
        "provider.p.timeout_accepted=100%",
        "retry.max_attempts=2",
    ];
    let results = run_with(&spec, &set);
    assert_eq!(taken(&results), results.duplicate_copies);
    assert_eq!((truth(&results, Truth::DeliveredOnTime), results.delivered_twice), (N, 0));
    // Copies further apart than the window pass.
    let narrow = filter("duplicate = { window = \"10s\" }", BLOCK);
    let apart = [&set[..], &["retry.backoff.fixed={ delay = \"11s\" }"]].concat();
    assert_eq!(taken(&run_with(&narrow, &apart)), 0);
}

#[test]
fn volume_holds_a_sender_that_is_too_loud() {
    // 100 a second, 50 are allowed: from the 501st message of the first 10 s on it is held for
    // good, because every further one is over the rate again.
    let spec = filter("volume = { rate = \"50/s\", window = \"10s\", hold = \"1m\" }", BLOCK);
    assert_eq!(taken(&run_with(&spec, &[])), N - 500);
    // Within the rate nothing happens.
    assert_eq!(taken(&run_with(&spec, &["traffic.t.arrivals.constant.rate=50/s"])), 0);
    // A burst of 600 at t = 0, then silence until after the hold.
    let text = SMALLEST.replace(
        "arrivals.constant = { rate = \"100/s\" }",
        "arrivals.campaign = { count = 600, at = \"0s\", over = \"0s\" }",
    );
    let quiet = format!(
        "{text}\n[[traffic]]\nname = \"u\"\nsender = \"12345\"\ncarriers = {{ c = 1 }}\n\
         arrivals.campaign = {{ count = 10, at = \"55s\", over = \"10s\" }}\n{spec}"
    );
    // Of the ten at 55 … 64 s, those before 60 s are still held.
    assert_eq!(taken(&run_text(&quiet, &[])), 100 + 5);
}

#[test]
fn filters_come_in_their_order_and_the_first_to_act_counts() {
    let one = filter("random = {}", &format!("probability = 0.5\n{BLOCK}"));
    let two = one.replace("\"f\"", "\"g\"");
    let results = run_with(&format!("{one}{two}"), &[]);
    share_is(results.carriers[0].filtered[0], N, 0.5);
    share_is(results.carriers[0].filtered[1], N, 0.25);
    near(truth(&results, Truth::FilteredExplicit) as f64, 0.75 * N as f64, 0.01);
}
