//! Where requests don't depend on each other they are made ahead of their time: with the same results
//! as one by one.

use crate::support::{SMALLEST, as_step_by_step};

/// Two more streams, one of which always sends when another does.
const STREAMS: &str = "\
[[traffic]]\nname = \"u\"\nsender = \"U\"\narrivals.poisson = { rate = \"20/s\" }\nper_request = 3\n\
[[traffic]]\nname = \"v\"\nsender = \"V\"\narrivals.constant = { rate = \"2/s\" }\n";

fn ahead_as_one_by_one(more: &str, set: &[&str], saves: bool) {
    let every_half_second = ["traffic.t.arrivals={ constant = { rate = '2/s' } }"];
    let set: Vec<&str> = every_half_second.iter().chain(set).copied().collect();
    let text = format!("{SMALLEST}\n{STREAMS}\n{more}");
    let (results, events) = as_step_by_step(&text, &set);
    let requests = results.requests.total;
    assert!(requests > 100, "{requests}");
    // An event for most requests.
    assert!(!saves || events + requests / 2 < results.events, "{set:?}");
}

#[test]
fn requests_that_come_at_one_instant_keep_their_order() {
    // Who comes first gets the only worker, the last of the money, the last token.
    let one = "queue=[{ name = 'main', workers = 1, overhead = '30ms', capacity = 5 }]";
    ahead_as_one_by_one("", &[one], true);
    ahead_as_one_by_one("", &[one, "api.latency='500ms'"], true);
    ahead_as_one_by_one("", &["account={ balance = 1 }", "route.1.price=0.004"], true);
    let token = "throttle={ rate = '3/s', burst = 1, on_excess = 'queue' }";
    ahead_as_one_by_one("", &[&format!("carrier.c.{token}")], true);
}

#[test]
fn what_depends_on_the_time_of_a_request_does() {
    let incidents = "\
[[incident]]\nname = \"slow\"\nat = \"10s\"\nfor = \"5s\"\nramp = \"2s\"\ntarget = \"api\"\nlatency_factor = 9\n\
[[incident]]\nname = \"gone\"\nat = \"18s\"\nfor = \"3s\"\ntarget = \"api\"\noutage = true\n\
[[incident]]\nname = \"many\"\nat = \"25s\"\nfor = \"5s\"\ntarget = \"traffic.u\"\ntraffic_factor = 4\n";
    let latency = "api.latency={ exponential = { mean = '300ms' } }";
    let again = "client.retry={ max_attempts = 4, backoff = { fixed = { delay = '700ms' } } }";
    let short = "scenario.sample_every='130ms'";
    for set in [&[latency][..], &[latency, again, "api.errors=0.2"], &[latency, again, short]] {
        ahead_as_one_by_one(incidents, set, false);
    }
}

#[test]
fn what_is_accepted_when_it_is_made_is_what_would_be() {
    let latency = "api.latency={ exponential = { mean = '300ms' } }";
    let often = "traffic.t.arrivals={ poisson = { rate = '150/s' } }";
    let full = |overflow| {
        format!(
            "queue=[{{ name = 'main', workers = 40, overhead = '300ms', capacity = 9, overflow = '{overflow}' }}]"
        )
    };
    let two = "[[route]]\nid = 2\nprovider = \"q\"\nweight = 3\n[[provider]]\nname = \"q\"\nfailures.transient = 0.2\n";
    let frost = "[[incident]]\nname = \"frost\"\nat = \"200s\"\nfor = \"100s\"\ntarget = \"account\"\nfreeze_balance = true\n";
    let senders = |pick: &str| format!("traffic.t.senders={{ count = 3, pick = '{pick}' }}");
    let sixty = "scenario.duration='60s'";
    let cases: [(&str, &[&str]); 10] = [
        ("", &[often, "traffic.t.invalid=0.1", "traffic.t.opted_out=0.05"]),
        (
            "",
            &[
                often,
                "traffic.t.body={ chars = { uniform = { low = 1, high = 900 } } }",
                "api.max_segments=3",
            ],
        ),
        ("", &[often, &full("discard")]),
        ("", &[often, &full("fail")]),
        ("", &[often, &full("reject")]),
        (two, &[often, "provider.p.latency={ lognormal = { median = '1s', p95 = '3s' } }"]),
        (
            two,
            &[
                often,
                "retry.breaker={ window = '10s', failure_share = 0.1, min_calls = 5, open_for = '3s' }",
            ],
        ),
        // A message's first attempt at another provider.
        (
            two,
            &[
                often,
                "retry={ max_attempts = 4, backoff = { fixed = { delay = '1s' } }, failover = { attempts = 1 } }",
                "provider.q.latency='200ms'",
                "provider.p.failures.transient=0.3",
                "provider.p.latency={ exponential = { mean = '1s' } }",
            ],
        ),
        ("", &[often, &senders("sticky")]),
        (frost, &[often, "account={ balance = 1e6 }"]),
    ];
    for (more, set) in cases {
        // The run ends with many at the API.
        for drain in ["scenario.drain='1h'", "scenario.drain='100ms'"] {
            let set: Vec<&str> = set.iter().copied().chain([latency, sixty, drain]).collect();
            ahead_as_one_by_one(more, &set, false);
        }
    }
}

#[test]
fn what_couples_requests_is_carried_out_one_by_one() {
    for set in [
        &["api.rate_limit={ rate = '40/s', burst = 3 }"][..],
        &["client.timeout='200ms'", "api.latency={ exponential = { mean = '150ms' } }"],
        &["traffic.u.resend={ after = '2s', probability = 0.5 }"],
        &[
            "client.retry={ max_attempts = 3, budget = { bucket = { capacity = 3, refund = 1 } } }",
            "api.errors=0.3",
        ],
    ] {
        ahead_as_one_by_one("", set, false);
    }
}
