//! What each stage costs: a chain of which every stage is as simple as can be, and the same with one
//! of them at work. A message's nanoseconds there less those of `nothing` are the stage's.
//!
//! `cargo bench --bench stages`; every sample is a run of 100,000 messages on one core.

#![allow(clippy::panic, reason = "a bench that cannot read its scenario has nothing to say")]

use smschain::chain::{NoObserver, simulate};
use smschain::kernel::Unwatched;
use smschain::scenario::{Overrides, Source, load};

const CHAIN: &str = r#"
[scenario]
name = "stages"
seed = 1
duration = "100s"
deadline = "60s"

[[traffic]]
name = "codes"
sender = "12345"
arrivals = { constant = { rate = "1000/s" } }

[[queue]]
name = "main"

[[route]]
id = 1
provider = "alpha"
queue = "main"

[[provider]]
name = "alpha"

[[carrier]]
name = "northwind"
"#;

/// The stage and its settings, each as `--set` takes them.
const STAGES: [(&str, &[&str]); 30] = [
    ("nothing", &[]),
    ("arrivals: poisson", &["traffic.codes.arrivals={ poisson = { rate = '1000/s' } }"]),
    ("api: latency", &["api.latency={ exponential = { mean = '50ms' } }"]),
    ("api: rate limit", &["api.rate_limit={ rate = '1100/s', burst = 100 }"]),
    (
        "api: errors, calls again",
        &[
            "api.errors=0.1",
            "client.retry={ max_attempts = 5, backoff = { fixed = { delay = '1s' } } }",
        ],
    ),
    (
        "client: patience",
        &["client.timeout='2s'", "api.latency={ exponential = { mean = '50ms' } }"],
    ),
    ("account", &["account={ balance = 1000000 }", "route.1.price=0.01"]),
    ("people ask again", &["traffic.codes.resend={ after = '30s', probability = 0.5, max = 2 }"]),
    ("queue: fifo, 96 % busy", &["queue.main.workers=50", "queue.main.overhead='48ms'"]),
    (
        "queue: priority, 96 % busy",
        &[
            "queue.main.workers=50",
            "queue.main.overhead='48ms'",
            "queue.main.discipline='priority'",
        ],
    ),
    (
        "queue: deadline, 96 % busy",
        &[
            "queue.main.workers=50",
            "queue.main.overhead='48ms'",
            "queue.main.discipline='deadline'",
        ],
    ),
    (
        "queue: crashes",
        &[
            "queue.main.workers=50",
            "queue.main.crash={ mean_time_between = '10m', restart = '10s' }",
        ],
    ),
    (
        "provider: latency",
        &["provider.alpha.latency={ lognormal = { median = '90ms', p95 = '450ms' } }"],
    ),
    (
        "provider: window, 96 % full",
        &["provider.alpha.latency='96ms'", "provider.alpha.window=100"],
    ),
    (
        "provider: servers, 96 % busy",
        &["provider.alpha.latency='96ms'", "provider.alpha.servers=100"],
    ),
    (
        "provider: pace",
        &["provider.alpha.throttle={ rate = '1100/s', burst = 10, on_excess = 'pace' }"],
    ),
    (
        "provider: spells",
        &["provider.alpha.degraded={ mean_up = '60s', mean_down = '10s', latency_factor = 3 }"],
    ),
    (
        "retries: one in five fails",
        &["provider.alpha.failures={ transient = 0.2 }", "retry={ policy = 'full-jitter' }"],
    ),
    (
        "retries: breaker and budget",
        &[
            "provider.alpha.failures={ transient = 0.2 }",
            "retry={ policy = 'full-jitter', breaker = { failure_share = 0.5, open_for = '5s' }, \
             budget = { ratio = { share = 0.5 } } }",
        ],
    ),
    (
        "hedges: one in twenty",
        &[
            "provider.alpha.latency={ lognormal = { median = '90ms', p95 = '450ms' } }",
            "retry={ policy = 'full-jitter', hedge = { after = '450ms' } }",
        ],
    ),
    ("relay", &["provider.alpha.relay={ exponential = { mean = '300ms' } }"]),
    (
        "carrier: throttle",
        &["carrier.northwind.throttle={ rate = '1100/s', burst = 10, on_excess = 'queue' }"],
    ),
    (
        "filter: random",
        &["carrier.northwind.filter=[{ name = 'f', rule = { random = {} }, \
             action = 'silent', probability = 0.04 }]"],
    ),
    (
        "filter: content",
        &[
            "traffic.codes.spam_score={ beta = { alpha = 2, beta = 5 } }",
            "carrier.northwind.filter=[{ name = 'f', rule = { content = { \
             threshold = 0.9 } }, action = 'silent' }]",
        ],
    ),
    (
        "filter: velocity",
        &[
            "traffic.codes.recipients=20000",
            "carrier.northwind.filter=[{ name = 'f', rule = { velocity = { key = 'recipient', \
             limit = 6, window = '1h' } }, action = 'silent' }]",
        ],
    ),
    (
        "filter: duplicate",
        &[
            "traffic.codes.recipients=20000",
            "carrier.northwind.filter=[{ name = 'f', rule = { duplicate = { \
             window = '10m' } }, action = 'silent' }]",
        ],
    ),
    (
        "filter: volume",
        &["carrier.northwind.filter=[{ name = 'f', rule = { volume = { rate = '2000/s', \
             window = '1m', hold = '10m' } }, action = 'silent' }]"],
    ),
    (
        "handset: absent",
        &[
            "carrier.northwind.absent={ probability = 0.14, returns = { exponential = { mean = '1h' } } }",
            "carrier.northwind.retry_schedule=['20s', '5m', '1h']",
        ],
    ),
    (
        "handset: delivery",
        &["carrier.northwind.latency={ lognormal = { median = '3s', p95 = '9s' } }"],
    ),
    (
        "receipts",
        &["provider.alpha.receipts={ delay = { exponential = { mean = '2s' } }, loss = 0.05 }"],
    ),
];

fn main() {
    divan::main();
}

#[divan::bench(args = STAGES.map(|(name, _)| name), sample_count = 10)]
fn stage(bencher: divan::Bencher, name: &str) {
    let set = STAGES.iter().find(|(stage, _)| *stage == name).map_or(&[][..], |&(_, set)| set);
    let overrides =
        Overrides { set: set.iter().map(|&set| set.to_owned()).collect(), ..Overrides::default() };
    let source = Source { name: "stages".into(), text: CHAIN.to_owned(), base: "".into() };
    let scenario =
        load(&source, &overrides).unwrap_or_else(|errors| panic!("{}", errors.render(false)));
    let once = || {
        simulate(&scenario.spec, scenario.spec.seed, &mut NoObserver, &mut Unwatched)
            .expect("the books balance")
    };
    let messages = once().simulated;
    bencher.counter(divan::counter::ItemsCount::new(messages)).bench(once);
}
