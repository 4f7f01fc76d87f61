//! Copies with nothing before them but chance are taken to their ends together: with the same results, and in the
//! same order, as one by one.

use crate::support::{SMALLEST, as_step_by_step};

/// Most of them are filtered, late, lost or unknown.
const TRAVELLING: [&str; 9] = [
    "scenario.duration='60s'",
    "traffic.t.arrivals={ poisson = { rate = '100/s' } }",
    "provider.p.latency={ exponential = { mean = '200ms' } }",
    "provider.p.receipts={ delay = { exponential = { mean = '2s' } }, loss = 0.2 }",
    "carrier.c.latency={ lognormal = { median = '3s', p95 = '20s' } }",
    "carrier.c.loss=0.1",
    "carrier.c.unknown_subscriber=0.05",
    "carrier.c.absent={ probability = 0.3, returns = { exponential = { mean = '40s' } }, alert = 0.5 }",
    "traffic.t.validity='50s'",
];

fn filter(rule: &str, more: &str) -> String {
    format!(
        "[[carrier.filter]]\nname = \"f{}\"\nrule.{rule}\nprobability = 0.3\n{more}\n",
        rule.len()
    )
}

fn travels(more: &str, set: &[&str]) {
    let set: Vec<&str> = TRAVELLING.iter().chain(set).copied().collect();
    let (results, events) = as_step_by_step(&format!("{SMALLEST}\n{more}"), &set);
    let copies = results.carriers[0].arrived;
    assert!(copies > 5000, "{set:?}: {copies}");
    // Their ends and receipts.
    assert!(events + copies < results.events, "{set:?}: {events}, {}", results.events);
}

#[test]
fn what_chance_makes_of_them() {
    travels("", &[]);
    let random = filter("random = {}", "action = \"silent\"");
    let content = filter("content = { threshold = 0.4 }", "action = \"block\"");
    let unregistered = filter(
        "unregistered = { registered = [\"other\"] }",
        "action = \"silent\"\nreceipt = \"delivered\"",
    );
    let scores = "traffic.t.spam_score={ uniform = { low = 0.0, high = 1.0 } }";
    for filters in [
        random.clone(),
        content.clone() + &random,
        unregistered.clone() + &content,
        random.clone() + &unregistered,
    ] {
        travels(&filters, &[scores]);
        travels(&filters, &[scores, "provider.p.receipts.false_delivered=0.3"]);
    }
    // Whether it acts doesn't depend on chance.
    let always = random.replace("probability = 0.3", "probability = 1.0");
    as_step_by_step(&format!("{SMALLEST}\n{always}"), &TRAVELLING);
    let never = random.replace("probability = 0.3", "probability = 0.0");
    travels(&never, &[]);
}

#[test]
fn constants_and_zeros() {
    for latency in ["0s", "3s"] {
        for delay in ["0s", "1s"] {
            let latency = format!("carrier.c.latency='{latency}'");
            let receipts = format!("provider.p.receipts={{ delay = '{delay}', loss = 0.2 }}");
            travels("", &[&latency, &receipts]);
            travels("", &[&latency, &receipts, "carrier.c.loss=0", "provider.p.latency='0s'"]);
        }
    }
}

#[test]
fn others_depend_on_when_they_end() {
    // Samples, some of them shorter than between two copies; the run's end.
    for set in [
        ["scenario.sample_every='1ms'", "scenario.drain='2s'"],
        ["scenario.sample_every='700ms'", "scenario.drain='0s'"],
        ["scenario.sample_every='10m'", "scenario.drain='30s'"],
    ] {
        let set: Vec<&str> = TRAVELLING.iter().chain(&set).copied().collect();
        as_step_by_step(SMALLEST, &set);
    }
    // Refunds come at their time.
    let rejects = filter("random = {}", "action = \"block\"\nreceipt = \"rejected\"");
    let undelivered = filter("random = {}", "action = \"block\"\nreceipt = \"undelivered\"");
    for filters in [rejects, undelivered] {
        for refund in ["never", "on_rejected", "on_failed_receipt"] {
            let account = format!("account={{ balance = 2.0, refund = '{refund}' }}");
            let set: Vec<&str> =
                TRAVELLING.iter().copied().chain([&account[..], "route.1.price=0.001"]).collect();
            as_step_by_step(&format!("{SMALLEST}\n{filters}"), &set);
        }
    }
}

#[test]
fn not_alone() {
    // Several copies of a message, several messages of a person, what remembers other copies.
    let elsewhere = "[[route]]\nid = 2\nprovider = \"q\"\n[[provider]]\nname = \"q\"\n";
    let hedged = "retry.hedge={ after = '100ms' }";
    travels(elsewhere, &[hedged]);
    let timeout = "provider.p.submit_timeout='150ms'";
    travels("", &[timeout, "retry={ max_attempts = 3, backoff = { fixed = { delay = '1s' } } }"]);
    travels("", &["traffic.t.resend={ after = '9s', probability = 0.7, max = 2 }"]);
    let soon = "traffic.t.resend={ after = '250ms', probability = 0.7, max = 2 }";
    travels("", &[soon, "carrier.c.latency='1ms'"]);
    // Of what remembers others, each in its turn, though some travel and some don't.
    let velocity = "velocity = { key = \"sender\", limit = 50, window = \"1s\" }";
    // A filter belongs to the carrier before it.
    travels(&(filter(velocity, "action = \"silent\"") + elsewhere), &[hedged]);
    travels(elsewhere, &["carrier.c.daily_cap={ limit = 4000 }", hedged]);
    travels("", &["carrier.c.throttle={ rate = '90/s', burst = 5, on_excess = 'queue' }"]);
    travels("", &["provider.p.receipts.meaning='carrier'"]);
}

#[test]
fn incidents_on_their_way() {
    let incidents = "\
[[incident]]\nname = \"slow\"\nat = \"10s\"\nfor = \"9s\"\nramp = \"2s\"\ntarget = \"carrier.c\"\nlatency_factor = 7\n\
[[incident]]\nname = \"held\"\nat = \"25s\"\nfor = \"20s\"\ntarget = \"provider.p\"\nhold_receipts = true\n";
    travels(incidents, &[]);
    let outage = "[[incident]]\nname = \"gone\"\nat = \"30s\"\nfor = \"5s\"\ntarget = \"carrier.c\"\noutage = true\n";
    travels(&format!("{incidents}{outage}"), &[]);
}
