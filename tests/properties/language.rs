//! Random scenarios: of every part of the language one of a few settings, most of them extreme, or
//! none; those that leave little of a run are rare. What comes first in a list is what a failing
//! scenario is shrunk to.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::draft::Draft;

/// Features that a scenario may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// Times of day, logs and whatever else no factor can stretch.
    pub(crate) clocks: bool,
    /// No message gets in another's way before a carrier, and the one retry policy is `[retry]`.
    pub(crate) calm: bool,
    /// People who ask again.
    pub(crate) resend: bool,
    /// Refunds.
    pub(crate) refund: bool,
    /// Senders that act on receipts.
    pub(crate) reacts: bool,
}

impl Shape {
    /// Everything.
    pub(crate) const ANY: Shape =
        Shape { clocks: true, calm: false, resend: true, refund: true, reacts: true };
}

/// A scenario of some hundreds of messages.
pub(crate) fn draft(shape: Shape) -> impl Strategy<Value = Draft> {
    let retry = match shape.calm {
        true => nothing(),
        false => prop_oneof![nothing(), policy(), coupled(shape)].boxed(),
    };
    (
        scenario(shape),
        vec(stream(shape), 1..=2),
        (api(shape), client(shape), account(shape), reaction(shape)),
        vec(route(shape), 1..=3),
        vec(queue(shape), 0..=2),
        retry,
        vec(provider(shape), 2),
        (vec(carrier(shape), 2), vec(incident(), 0..=3)),
    )
        .prop_map(
            |(
                scenario,
                streams,
                (api, client, account, reaction),
                routes,
                queues,
                retry,
                providers,
                (carriers, incidents),
            )| {
                let has_queues = !queues.is_empty();
                let mut tables =
                    vec![format!("[scenario]\n{scenario}"), api, client, account, reaction];
                tables.extend(named("traffic", "stream", &streams));
                let routes = routes.iter().enumerate();
                tables.extend(routes.map(|(index, route)| {
                    let only = if queues.len() < 2 { "main" } else { "side" };
                    format!("[[route]]\nid = {}\n{}", 7 - index, route.replace("side", only))
                }));
                let names = ["main", "side"];
                tables.extend(
                    queues
                        .iter()
                        .zip(names)
                        .map(|(queue, name)| format!("[[queue]]\nname = '{name}'\n{queue}")),
                );
                tables.extend(named("provider", "p", &providers));
                tables.extend(named("carrier", "c", &carriers));
                let fitting: Vec<String> = incidents
                    .iter()
                    .filter(|(_, needs)| fits(needs, &tables))
                    .map(|(body, _)| body.clone())
                    .collect();
                tables.extend(named("incident", "i", &fitting));
                Draft { tables, retry, has_queues }
            },
        )
}

/// `[retry]`
pub(crate) fn policy() -> BoxedStrategy<String> {
    let give_up = pick(&["", "give_up = 'deadline'", "give_up = 'validity'", "give_up = <4s>"]);
    let on = pick(&[
        "",
        "on = ['transient', 'timeout', 'permanent']",
        "on = ['throttled', 'queue_full']",
    ]);
    let backoffs = select(BACKOFFS).prop_map(|backoff| backoff.replace("; ", "\n")).boxed();
    lines("[retry]\nmax_attempts = 4", vec![backoffs, give_up, on])
}

/// `[retry]` with what couples messages to each other, or with a policy by name.
fn coupled(shape: Shape) -> BoxedStrategy<String> {
    let rules = pick(&[
        "",
        "rules = [{ on = 'throttled', max_attempts = 6, pauses_link = <1s>, give_up = 'never' }]",
        "rules = [{ on = ['timeout', 'permanent'], max_attempts = 2, give_up = <9s> }, { on = 'transient', backoff.linear = { step = <200ms> }, jitter = 'full' }]",
    ]);
    let parts = || {
        vec![
            pick(BUDGETS),
            pick(BREAKERS),
            pick(&["", "failover = { attempts = 1 }", "failover = { attempts = 2 }"]),
            pick(&["", "hedge = { after = <200ms> }", "hedge = { after = <2s> }"]),
        ]
    };
    let backoff = select(BACKOFFS).prop_map(|backoff| backoff.replace("; ", "\n")).boxed();
    let mut all = parts();
    all.extend([backoff, rules]);
    let own = lines("[retry]\nmax_attempts = 5", all);
    if !shape.clocks {
        return own;
    }
    let mut named = vec![select(POLICIES).prop_map(|name| format!("policy = '{name}'")).boxed()];
    named.extend(parts());
    let mine = "[policy.mine]\npolicy = 'grpc'\nmax_attempts = 3\n[retry]\npolicy = 'mine'";
    prop_oneof![8 => own, 7 => lines("[retry]", named), 1 => lines(mine, parts())].boxed()
}

/// Built-in policies, whose times no factor stretches.
const POLICIES: &[&str] = &[
    "none",
    "immediate",
    "aws-standard",
    "grpc",
    "finagle-budget",
    "envoy-budget",
    "polly",
    "resilience4j",
    "kannel",
    "jasmin",
    "nowsms",
    "twilio",
];

const BUDGETS: &[&str] = &[
    "",
    "budget.ratio = { share = 0.2, floor = <1/s>, ttl = <5s> }",
    "budget.ratio = { share = 0.0, floor = <0/s>, ttl = <1s> }",
    "budget.bucket = { capacity = 10, refund = 0.1, charged = 'failure', reserve = 5 }",
    "budget.bucket = { capacity = 20, cost = 5, timeout_cost = 10, throttled_cost = 7, refund = 1, returns_cost = true }",
    "budget.concurrency = { share = 0.2, floor = 1 }",
];

const BREAKERS: &[&str] = &[
    "",
    "breaker = { window = <3s>, failure_share = 0.3, min_calls = 3, open_for = <1s>, probes = 2 }",
    "breaker = { window = 5, failure_share = 1.0, min_calls = 1, open_for = <4s>, probes = 1 }",
];

/// Stateless rules of a filter, after `rule.`.
pub(crate) const LAST_RULES: &[&str] = &[
    "random = {}",
    "random = {}\nprobability = 0.3",
    "content = { threshold = 0.5 }\nprobability = 0.8",
    "unregistered = { registered = ['shop', 'stream1-1'] }\nreceipt = 'delivered'",
];

const BACKOFFS: &[&str] = &[
    "",
    "backoff.immediate = {}",
    "backoff.fixed = { delay = <1s> }",
    "backoff.fixed = { delay.exponential = { mean = <2s> } }; jitter = 'full'",
    "backoff.linear = { step = <300ms>, cap = <1s> }; jitter = 'equal'",
    "backoff.exponential = { base = <200ms>, factor = 3, cap = <5s> }; jitter = 'full'",
    "backoff.exponential = { base = <100ms>, cap = <2s> }; jitter = 'plus_minus_20'",
    "backoff.exponential = { base = <1s>, cap = <2s> }; jitter = 'full_before_cap'",
    "backoff.decorrelated = { base = <100ms>, cap = <3s> }",
    "backoff.schedule = { waits = [<0s>, <1s>, <10s>] }; jitter = 'none'",
];

/// Text that may follow the key of a random duration.
const SPANS: &[&str] = &[
    " = <0ms>",
    " = <20ms>",
    "! = <900d>",
    ".exponential = { mean = <300ms> }",
    ".exponential = { mean = <1s>, shift = <30ms>, min = <50ms>, max = <4s> }",
    ".lognormal = { median = <90ms>, p95 = <450ms> }",
    ".lognormal = { mean = <2s>, cv = 2 }",
    ".gamma = { mean = <300ms>, shape = 0.5 }",
    ".weibull = { scale = <100ms>, shape = 1.5 }",
    ".pareto = { scale = <50ms>, shape = 1.1, max = <60s> }",
    "!.pareto = { scale = <1s>, shape = 0.2 }",
    ".uniform = { low = <0ms>, high = <1s> }",
    ".triangular = { low = <0ms>, mode = <100ms>, high = <2s> }",
    ".hyperexponential = { weights = [9, 1], means = [<50ms>, <3s>] }",
    ".mixture = { parts = [{ weight = 3, of = <10ms> }, { weight = 1, of.exponential = { mean = <1s> } }] }",
    ".empirical = { values = [<10ms>, <20ms>, <5s>] }",
];

const LOGGED: &[&str] = &[
    "relay.empirical = { file = 'waits.csv', column = 'wait_s', unit = 's' }",
    "relay.empirical = { file = 'waits.csv', column = 'wait_s', unit = 'ms' }",
    "relay.empirical = { file = 'waits.csv', column = 'wait_s', unit = 'us' }",
    "relay.empirical = { file = 'waits.csv', column = 'wait_s', unit = 'ns' }",
    "!relay.empirical = { file = 'waits.csv', column = 'wait_s', unit = 'min' }",
    "!relay.empirical = { file = 'waits.csv', column = 'wait_s', unit = 'h' }",
    "!relay.empirical = { file = 'waits.csv', column = 'wait_s', unit = 'd' }",
];

const CHARS: &[&str] = &[
    " = 70",
    " = 0",
    " = 500",
    "! = 1000000",
    ".uniform = { low = 1, high = 400 }",
    ".normal = { mean = 120, sd = 60 }",
    ".gamma = { mean = 200, shape = 2, max = 2000 }",
    ".exponential = { mean = 90, shift = 1 }",
    ".lognormal = { median = 70, p95 = 300 }",
    ".lognormal = { mean = 90, cv = 0.5, min = 20 }",
    ".weibull = { scale = 80, shape = 1.5 }",
    ".pareto = { scale = 40, shape = 2.5, max = 5000 }",
    ".triangular = { low = 1, mode = 70, high = 300 }",
    ".hyperexponential = { weights = [9, 1], means = [50, 400] }",
    ".mixture = { parts = [{ weight = 3, of = 70 }, { weight = 1, of.uniform = { low = 160, high = 320 } }] }",
    ".empirical = { values = [40, 70, 150] }",
    ".empirical = { file = 'waits.csv', column = 'wait_s' }",
];

const SCORES: &[&str] =
    &[" = 0.5", ".beta = { alpha = 2, beta = 5 }", ".uniform = { low = 0, high = 1 }"];

/// One of these texts; if the first is empty, that one every other time.
fn pick(options: &'static [&'static str]) -> BoxedStrategy<String> {
    match options {
        ["", others @ ..] => prop_oneof![nothing(), pick(others)].boxed(),
        _ => weighed(options).prop_map(str::to_owned).boxed(),
    }
}

/// One of these; those that begin with `!` are rare, and lose it.
fn weighed(options: &[&'static str]) -> BoxedStrategy<&'static str> {
    let (rare, common): (Vec<_>, Vec<_>) = options.iter().partition(|text| text.starts_with('!'));
    let rare: Vec<&str> = rare.iter().map(|text: &&str| &text[1..]).collect();
    if rare.is_empty() {
        return select(common).boxed();
    }
    prop_oneof![15 => select(common), 1 => select(rare)].boxed()
}

fn nothing() -> BoxedStrategy<String> {
    Just(String::new()).boxed()
}

/// A pick if `there`, else nothing.
fn pick_if(there: bool, options: &'static [&'static str]) -> BoxedStrategy<String> {
    if there { pick(options) } else { nothing() }
}

/// A key with one of these endings, or nothing.
fn key(key: &'static str, endings: &'static [&'static str]) -> BoxedStrategy<String> {
    let given = weighed(endings).prop_map(move |ending| format!("{key}{ending}"));
    prop_oneof![nothing(), given].boxed()
}

fn span(name: &'static str) -> BoxedStrategy<String> {
    key(name, SPANS)
}

/// Lines under a heading.
fn lines(heading: &'static str, parts: Vec<BoxedStrategy<String>>) -> BoxedStrategy<String> {
    let join = move |lines: Vec<String>| {
        let lines = lines.iter().filter(|line| !line.is_empty());
        let body: String = lines.map(|line| format!("{line}\n")).collect();
        if heading.is_empty() { body } else { format!("{heading}\n{body}") }
    };
    parts.prop_map(join).boxed()
}

/// Tables of a kind, with numbered names.
fn named(kind: &str, name: &str, bodies: &[String]) -> Vec<String> {
    let table = |(index, body)| format!("[[{kind}]]\nname = '{name}{}'\n{body}", index + 1);
    bodies.iter().enumerate().map(table).collect()
}

fn scenario(shape: Shape) -> BoxedStrategy<String> {
    lines(
        "",
        vec![
            (0_u64..1 << 53).prop_map(|seed| format!("seed = {seed}")).boxed(),
            pick(&["", "name = 'shop'\nsummary = 'Whatever comes'"]),
            pick(&["duration = <10s>", "duration = <30s>"]),
            pick(&["drain = <30m>", "drain = <2m>", "drain = <7s>", "drain = <0s>"]),
            pick(&["", "warmup = <2s>", "!warmup = <9999ms>"]),
            pick(&["", "deadline = <2s>", "deadline = <20s>"]),
            pick(&["", "within = [<1s>, <10s>, <5m>]", "within = []"]),
            pick(&["", "sample_every = <100ms>", "sample_every = <1m>"]),
            pick(&["", "scale = 0.5", "scale = 1.5", "!scale = 0.000001"]),
            pick_if(shape.clocks, &["", "start = '09:00'", "start = '23:59:50'"]),
            pick_if(
                shape.clocks,
                &[
                    "",
                    "start_day = 'mon'",
                    "start_day = 'tue'",
                    "start_day = 'wed'",
                    "start_day = 'thu'",
                    "start_day = 'fri'",
                    "start_day = 'sat'",
                    "start_day = 'sun'",
                ],
            ),
        ],
    )
}

fn stream(shape: Shape) -> BoxedStrategy<String> {
    let arrivals = pick(&[
        "arrivals.poisson = { rate = <15/s> }",
        "arrivals.poisson = { rate = <2/s> }",
        "arrivals.constant = { rate = <8/s> }",
        "arrivals.onoff = { high = <40/s>, low = <1/s>, mean_high = <2s>, mean_low = <4s> }",
        "arrivals.onoff = { high = <60/s>, mean_high = <500ms>, mean_low = <3s> }",
        "arrivals.campaign = { count = 150, at = <3s>, over = <2s> }",
        "arrivals.campaign = { count = 100 }",
        "arrivals.profile = { points = [[<0s>, <1/s>], [<5s>, <30/s>], [<20s>, <0/s>]] }",
        "arrivals.profile = { points = [[<4s>, <30/s>], [<6s>, <5/s>]], interpolate = 'step' }",
    ]);
    let odd = pick(&[
        "arrivals.trace = { file = 'log.csv' }",
        "arrivals.campaign = { count = 120, at = '09:00:03', over = <2s> }",
        "!arrivals.trace = { file = 'dated.csv', origin = '2026-01-31T08:59:58Z' }",
        "arrivals.profile = { points = [['00:00', '30/s'], ['09:00', '10/s'], ['23:59:55', '1/s']], repeat = 'daily' }",
    ]);
    let arrivals =
        if shape.clocks { prop_oneof![5 => arrivals, 1 => odd].boxed() } else { arrivals };
    let sender = pick(&[
        "",
        "sender = 'shop'",
        "senders = { count = 3 }",
        "senders = { count = 5, pick = 'random' }",
        "senders = { count = 4, pick = 'sticky' }",
    ]);
    let resend = [
        "",
        "resend = { after = <3s> }",
        "resend = { after = <500ms>, probability = 0.6, max = 3 }",
    ];
    let resend = if shape.resend {
        select(resend.to_vec()).prop_map(str::to_owned).boxed()
    } else {
        nothing()
    };
    let (chars, scores) = (key("body.chars", CHARS), key("spam_score", SCORES));
    lines(
        "",
        vec![
            arrivals,
            sender,
            pick(&["", "brand = 'acme'"]),
            pick(&["", "campaign = 'codes'"]),
            pick(&["", "carriers = { c1 = 1 }", "carriers = { c2 = 3, c1 = 0.5 }"]),
            pick(&["", "recipients = 3", "recipients = 100"]),
            pick(&["", "per_request = 2"]),
            chars,
            pick(&["", "body.ucs2 = 0.5", "body.ucs2 = '100%'"]),
            scores,
            pick(&["", "invalid = 0.1"]),
            pick(&["", "opted_out = '5%'"]),
            pick(&["", "priority = 3", "priority = 1"]),
            pick(&["", "!deadline = <1ns>", "deadline = <1s>", "deadline = <15s>"]),
            pick(&[
                "",
                "!validity = <1ns>",
                "validity = <1s>",
                "validity = <20s>",
                "validity = <3m>",
            ]),
            resend,
            pick(&[
                "",
                "opts_out = { share = 0.3, after.exponential = { mean = <5s> } }",
                "opts_out = { share = '50%', after = <4s>, checked = 'submit' }",
                "opts_out = { share = 1, checked = 'accept' }",
            ]),
            quiet(shape),
            own_retry(shape),
            own_reaction(shape),
        ],
    )
}

/// Quiet hours; those of a queue couple messages, and so may those of a stream.
fn quiet(shape: Shape) -> BoxedStrategy<String> {
    pick_if(
        shape.clocks && !shape.calm,
        &[
            "",
            "quiet = { from = '09:00:03', to = '09:00:09' }",
            "quiet = { from = '00:00:02', to = '00:00:07', on_quiet = 'refuse' }",
            "quiet = [{ from = '23:59:55', to = '00:00:03', days = ['sun', 'mon'] }, { from = '00:00:02', to = '00:00:05', days = ['tue'], on_quiet = 'refuse' }]",
            "quiet = [{ to = '00:00:06', on_quiet = 'hold' }, { from = '09:00:04', to = '09:00:05' }]",
            "quiet = { days = ['sat', 'sun'] }",
            "quiet = { from = '09:00:01', to = '09:00:04', days = ['mon', 'tue', 'wed', 'thu', 'fri'] }",
        ],
    )
}

fn own_retry(shape: Shape) -> BoxedStrategy<String> {
    pick_if(
        !shape.calm,
        &[
            "",
            "retry = { max_attempts = 2 }",
            "retry = { max_attempts = 'unlimited', backoff.fixed = { delay = <700ms> }, give_up = <6s> }",
            "retry = { max_attempts = 6, backoff.exponential = { base = <50ms> }, jitter = 'equal' }",
            "retry = { max_attempts = 3, failover = { attempts = 1 }, budget.concurrency = {} }",
        ],
    )
}

/// A stream's rule for acting on receipts.
fn own_reaction(shape: Shape) -> BoxedStrategy<String> {
    let rules = [
        "",
        "on_receipt = { on = 'unknown', after = <2s>, route = 'same', retry.max_attempts = 0 }",
        "on_receipt = { on = ['failed', 'undelivered'], route = 7, within = <20s> }",
    ];
    let own = pick(&["", "on_receipt = { policy = 'none' }"]);
    let plain = select(rules.to_vec()).prop_map(str::to_owned).boxed();
    match (shape.reacts, shape.clocks) {
        (false, _) => nothing(),
        (_, true) => prop_oneof![3 => plain, 1 => own].boxed(),
        _ => plain,
    }
}

/// `[on_receipt]`
fn reaction(shape: Shape) -> BoxedStrategy<String> {
    if !shape.reacts {
        return nothing();
    }
    let after = pick(&["", "after = <1s>", "after = <6s>", "after = <3m>"]);
    let retry = pick(&[
        "",
        "retry = { max_attempts = 2, backoff.schedule = { waits = [<1s>, <10s>] }, jitter = 'plus_minus_10' }",
        "retry = { max_attempts = 3, backoff.fixed = { delay.exponential = { mean = <2s> } } }",
        "retry = { max_attempts = 5, backoff.decorrelated = { base = <100ms>, cap = <5s> } }",
        "retry = { max_attempts = 40, backoff.immediate = {} }",
    ]);
    let own = lines(
        "[on_receipt]",
        vec![
            pick(&[
                "",
                "on = 'expired'",
                "on = ['undelivered', 'expired', 'rejected', 'failed', 'unknown']",
                "on = ['failed', 'rejected']",
            ]),
            after.clone(),
            retry,
            pick(&["", "route = 'next'", "route = 7"]),
            pick(&["", "within = <8s>", "within = <2m>"]),
        ],
    );
    let policy = lines("[on_receipt]\npolicy = 'va-notify'", vec![after]);
    match shape.clocks {
        true => prop_oneof![6 => nothing(), 5 => own, 1 => policy].boxed(),
        false => prop_oneof![1 => nothing(), 1 => own].boxed(),
    }
}

fn api(shape: Shape) -> BoxedStrategy<String> {
    let limits = pick(&[
        "",
        "limits = [{ scope = 'recipient', rate = <0.2/s>, burst = 2 }]",
        "limits = [{ scope = 'prefix', rate = <2/s>, burst = 5, block = 30 }, { scope = 'stream', rate = <9/s> }]",
        "limits = [{ scope = 'sender', rate = <4/s>, burst = 3 }]",
    ]);
    let windows = pick(&[
        "limits = [{ scope = 'recipient', limit = 2, per = '1s' }, { scope = 'sender', limit = 300, per = '1min' }]",
        "limits = [{ scope = 'prefix', limit = 40, per = '1day' }]",
        "!limits = [{ scope = 'stream', limit = 90, per = '1h' }]",
    ]);
    let limits = match shape.clocks {
        true => prop_oneof![3 => limits, 1 => windows].boxed(),
        false => limits,
    };
    lines(
        "[api]",
        vec![
            span("latency"),
            pick(&[
                "",
                "!rate_limit = { rate = <5/s>, burst = 7 }",
                "rate_limit = { rate = <40/s> }",
                "rate_limit = { rate = <10/s>, burst = 5 }\nrefusal_latency = <0s>",
                "rate_limit = { rate = <10/s>, burst = 5 }\nrefusal_latency.exponential = { mean = <200ms> }\nretry_after = <1s>",
            ]),
            limits,
            pick(&["", "concurrency = 3", "!concurrency = 1", "concurrency = 40"]),
            pick(&["", "errors = 0.02", "!errors = 0.5"]),
            pick(&["", "max_segments = 1", "max_segments = 3"]),
        ],
    )
}

fn client(shape: Shape) -> BoxedStrategy<String> {
    let coupled = pick_if(
        !shape.calm,
        &[
            "",
            "retry.breaker = { window = <2s>, min_calls = 4, open_for = <1s>, probes = 1 }",
            "retry.budget.ratio = { share = 0.1, floor = <1/s>, ttl = <5s> }\nretry.max_attempts = 4",
            "retry = { max_attempts = 3, budget.bucket = { capacity = 3, refund = 0.5 }, rules = [{ on = 'timeout', max_attempts = 2 }] }",
            "retry = { max_attempts = 3, rules = [{ on = 'timeout', backoff.fixed = { delay = <300ms> }, jitter = 'equal', give_up = <3s> }] }",
        ],
    );
    let plain = plain_client();
    let coupled =
        lines("[client]", vec![pick(&["", "timeout = <100ms>", "timeout = <1s>"]), coupled]);
    if !shape.clocks {
        return prop_oneof![3 => plain, 1 => coupled].boxed();
    }
    let named = lines("[client]", vec![pick(&["retry.policy = 'full-jitter'"])]);
    prop_oneof![9 => plain, 3 => coupled, 1 => named].boxed()
}

fn plain_client() -> BoxedStrategy<String> {
    lines(
        "[client]",
        vec![
            pick(&["", "timeout = <100ms>", "timeout = <1s>"]),
            pick(&["", "idempotency = true"]),
            pick(&[
                "",
                "retry = { max_attempts = 3 }",
                "retry = { max_attempts = 4, backoff.exponential = { base = <200ms>, cap = <2s> }, jitter = 'full' }",
                "retry = { max_attempts = 5, backoff.decorrelated = { base = <100ms>, cap = <1s> }, give_up = 'deadline' }",
                "retry = { max_attempts = 'unlimited', backoff.fixed = { delay = <500ms> }, give_up = <5s>, on = ['timeout', 'rate_limited', 'internal', 'invalid', 'no_route', 'insufficient_balance', 'queue_full', 'quiet_hours'] }",
            ]),
        ],
    )
}

fn account(shape: Shape) -> BoxedStrategy<String> {
    let table = lines(
        "[account]",
        vec![
            pick_if(
                !shape.calm,
                &[
                    "",
                    "!balance = 0.0",
                    "balance = 3.0",
                    "!balance = 1000000000.0",
                    "balance = 2.0\ntop_up = { below = 1.0, amount = 1.5, every = <2s> }",
                ],
            ),
            pick(&["", "charge_at_accept = 0.0", "charge_at_accept = 0.3"]),
            pick_if(shape.refund, &["", "refund = 'on_rejected'", "refund = 'on_failed_receipt'"]),
        ],
    );
    prop_oneof![nothing(), table].boxed()
}

fn route(shape: Shape) -> BoxedStrategy<String> {
    lines(
        "",
        vec![
            pick(&["provider = 'p1'", "provider = 'p2'"]),
            pick(&["", "queue = 'main'", "queue = 'side'"]),
            pick(&["", "carriers = ['c1']", "carriers = ['c2', 'c1']"]),
            pick(&["", "price = 0.0079", "price = 0.05", "!price = 1000000000.0"]),
            pick(&["", "cost = 0.0061", "cost = 0"]),
            pick(&["", "rank = 2"]),
            pick(&["", "weight = 3.5", "!weight = 1000000000"]),
            pick(&[
                "",
                "only = { traffic = ['stream1'] }",
                "only = { senders = ['shop', 'stream1-1', 'stream2'] }",
                "only = { priority_at_least = 1, brands = ['acme', 'stream1'] }",
                "only = { campaigns = ['codes', 'stream2-2'] }",
            ]),
            pick_if(!shape.calm, &["", "choose = 'send'", "choose = 'accept'"]),
            slow(shape),
        ],
    )
}

/// A route's rule for slow messages.
fn slow(shape: Shape) -> BoxedStrategy<String> {
    if !shape.reacts || shape.calm {
        return nothing();
    }
    let by_name = pick(&[
        "slow = { policy = 'none' }",
        "slow = { policy = 'gov-uk-notify-2020', look_every = <1s> }",
        "slow = { policy = 'gov-uk-notify', later_than = <1s>, of_last = <4s>, look_every = <1s>, hold = <0s> }",
    ]);
    let own = pick(&[
        "slow = { share = 0, later_than = <500ms>, of_last = <3s>, step = 100, look_every = <300ms> }",
        "slow = { share = 0.3, later_than = <1s>, of_last = <5s>, step = 30, look_every = <1s>, hold = <2s>, restore = { step = 20, every = <4s> } }",
        "slow = { share = 0.1, later_than = <2s>, of_last = <9s>, look_every = <700ms>, hold = <0s>, young = 'counted', restore = { every = <1s>, look_every = <100ms> } }",
    ]);
    match shape.clocks {
        true => prop_oneof![5 => nothing(), 4 => own, 1 => by_name].boxed(),
        false => prop_oneof![1 => nothing(), 1 => own].boxed(),
    }
}

fn queue(shape: Shape) -> BoxedStrategy<String> {
    let any = || {
        vec![
            span("overhead"),
            pick(&["", "expire_at_submit = false"]),
            quiet(shape),
            own_retry(shape),
        ]
    };
    let without_waits = lines("", any());
    if shape.calm {
        return without_waits;
    }
    let mut waits = any();
    waits.extend([
            pick(&["", "capacity = 0", "capacity = 1", "capacity = 20"]),
            pick(&["", "overflow = 'fail'", "overflow = 'discard'"]),
            pick(&["", "discipline = 'priority'", "discipline = 'deadline'"]),
            pick(
                &[
                    "dispatch = 'provider'",
                    "dispatch = 'provider'\nworkers = 2",
                    "dispatch = 'provider'\nworkers = 3\ncrash = { mean_time_between = <2s>, visibility_timeout = <1s> }",
                    "dispatch = 'provider'\nworkers = 2\nlease = <2s>",
                    "dispatch = 'provider'\nautoscale = { target_age = <300ms>, max = 5, every = <500ms> }",
                    "workers = 1",
                    "workers = 4",
                    "workers = 4\nlease = <1500ms>",
                    "workers = 3\nprefetch = 4",
                    "workers = 3\nprefetch = 3\nlease = <1s>",
                    "workers = 3\nprefetch = 3\nlease = <2s>\ncrash = { mean_time_between = <2s>, restart = <500ms> }",
                    "workers = 2\nprefetch = 5\ncrash = { mean_time_between = <2s>, visibility_timeout = <1s> }",
                    "workers = 2\nprefetch = 5\ncrash = { mean_time_between = <4s>, guarantee = 'at_most_once' }",
                    "workers = 2\nautoscale = { target_depth = 3, min = 1, max = 6, step = 2, delay = <700ms>, every = <400ms> }",
                    "autoscale = { target_age = <1s>, min = 1, max = 9, step = 3, every = <300ms> }\nprefetch = 2\nlease = <1s>",
                    "workers = 3\ncrash = { mean_time_between = <2s>, restart = <500ms>, visibility_timeout = <3s> }",
                    "workers = 2\ncrash = { mean_time_between = <4s>, guarantee = 'at_most_once' }",
                    "workers = 5\ncrash = { mean_time_between = <1s>, restart = <1s>, visibility_timeout = <0s> }",
                ],
            ),
            pick(&["", "!ttl = <1ns>", "ttl = <500ms>", "ttl = <5s>"]),
            pick(&["", "requeue = 'head'"]),
    ]);
    prop_oneof![1 => without_waits, 3 => lines("", waits)].boxed()
}

fn provider(shape: Shape) -> BoxedStrategy<String> {
    let rough = !shape.calm;
    let excess =
        ["on_excess = 'pace'", "on_excess = 'refuse'", "on_excess = 'refuse', retry_after = <2s>"];
    let throttle = throttle(shape, &["provider", "sender", "brand", "campaign"], &excess);
    lines(
        "",
        vec![
            pick_if(rough, &["", "window = 1", "window = 5", "!window = 1000000"]),
            if rough { throttle } else { nothing() },
            pick_if(
                rough,
                &[
                    "",
                    "servers = 1",
                    "servers = 6",
                    "servers = 1\nqueue_capacity = 2",
                    "servers = 3\nqueue_capacity = 0",
                ],
            ),
            span("latency"),
            pick_if(shape.clocks, BY_DAY),
            pick_if(
                shape.clocks,
                &[
                    "",
                    "failures_by_day = [['09:00', 0], ['09:00:10', 1.5], ['23:59:55', 0.5]]",
                    "failures_by_day = [['00:00', 1.2]]",
                ],
            ),
            prop_oneof![2 => nothing(), 1 => span("refusal_latency")].boxed(),
            pick(&[
                "",
                "submit_timeout = <200ms>",
                "failures = { transient = 0.3 }",
                "failures = { throttled = 0.1, queue_full = 0.1, transient = 0.1, permanent = 0.1 }",
                "submit_timeout = <1s>\ntimeout_accepted = 0.5\nfailures = { timeout = 0.2, transient = 0.1, permanent = 0.05 }",
                "submit_timeout = <500ms>\ntimeout_accepted = 1.0\nfailures.timeout = 0.4",
            ]),
            pick(&[
                "",
                "degraded = { mean_up = <5s>, mean_down = <2s>, latency_factor = 6 }",
                "degraded = { mean_up = <1s>, mean_down = <1s>, latency_factor = 0, failures = { transient = 0.3 } }",
            ]),
            if shape.clocks {
                prop_oneof![span("relay"), pick(LOGGED)].boxed()
            } else {
                span("relay")
            },
            pick(&["", "loss = 0.1"]),
            pick(&["", "parts = 'each'", "parts = 'whole'"]),
            lines(
                "",
                vec![
                    span("receipts.delay"),
                    pick(&["", "receipts.loss = 0.2"]),
                    pick(&["", "receipts.false_delivered = 0.5"]),
                    pick(&["", "receipts.meaning = 'carrier'"]),
                    pick(&["", "receipts.unknown_after = <5s>"]),
                    pick(&["", "receipts.forgotten_after = <2s>"]),
                    pick(&[
                        "",
                        "receipts.several = 'delivered_wins'",
                        "receipts.several = 'last_wins'",
                        "receipts.several = 'first_wins'",
                    ]),
                    pick(&[
                        "",
                        "receipts.whole = 'all'",
                        "receipts.whole = 'last'",
                        "receipts.whole = 'any'",
                        "receipts.whole = 'first'",
                    ]),
                ],
            ),
        ],
    )
}

const BY_DAY: &[&str] = &[
    "",
    "latency_by_day = [['00:00', 1.0], ['09:00:05', 3.0], ['09:00:20', 0.5]]",
    "latency_by_day = [['23:59:50', 2], ['23:59:59', 0]]",
];

/// An incident, and what its target must have.
fn incident() -> impl Strategy<Value = (String, &'static Needs)> {
    let when = pick(&[
        "at = <2s>\nfor = <3s>\nsummary = 'It breaks'",
        "at = <1s>\nfor = <8s>\nramp = <4s>",
        "at = <0s>\nfor = <5s>\nramp = <1s>",
        "at = <8s>\nfor = <60s>\nramp = <500ms>",
        "at = <1s>\nfor = <6s>\nrepeat = 'daily'",
        "at = <2s>\nfor = <4s>\nramp = <1s>\nrepeat = 'weekly'",
    ]);
    (when, select(EFFECTS)).prop_map(|(when, (effect, needs))| {
        (format!("{when}\n{}\n", effect.replace("; ", "\n")), needs)
    })
}

/// Heading of the target's table, and what must be in it.
type Needs = (&'static str, &'static str);

const EFFECTS: &[(&str, &Needs)] = &[
    ("target = 'api'; outage = true", &("", "")),
    ("target = 'api'; latency_factor = 20", &("", "")),
    ("target = 'api'; throttle_factor = 0.25", &("[api]", "rate_limit")),
    ("target = 'account'; freeze_balance = true", &("[account]", "balance =")),
    ("target = 'traffic.stream1'; traffic_factor = 3", &("[[traffic]]\nname = 'stream1'", "rate")),
    ("target = 'traffic.stream1'; traffic_factor = 0", &("[[traffic]]\nname = 'stream1'", "rate")),
    ("target = 'queue.main'; workers_lost = 0.5", &("[[queue]]\nname = 'main'", "workers")),
    ("target = 'queue.main'; workers_lost = 1", &("[[queue]]\nname = 'main'", "workers")),
    ("target = 'queue.main'; overhead_factor = 5", &("", "")),
    ("target = 'provider.p1'; relay_factor = 3", &("", "")),
    ("target = 'provider.p1'; receipt_delay_factor = 4; receipt_loss = 0.3", &("", "")),
    ("target = 'provider.p2'; receipt_loss = 1", &("", "")),
    ("target = 'route.7'; price_factor = 1.5; cost_factor = 0.5", &("", "")),
    ("target = 'route.7'; price_factor = 0", &("", "")),
    ("target = 'provider.p2'; cost_factor = 3", &("", "")),
    ("target = 'provider.p1'; outage = true", &("[[provider]]\nname = 'p1'", "submit_timeout")),
    ("target = 'provider.p2'; outage = 'refused'", &("", "")),
    ("target = 'provider.p1'; latency_factor = 5; failures = { transient = 0.3 }", &("", "")),
    ("target = 'provider.p1'; failures = { throttled = 0.5, queue_full = 0.5 }", &("", "")),
    (
        "target = 'provider.p2'; failures.timeout = 0.5",
        &("[[provider]]\nname = 'p2'", "submit_timeout"),
    ),
    ("target = 'provider.p1'; hold_receipts = true", &("", "")),
    ("target = 'provider.p1'; lose_receipts = true", &("", "")),
    ("target = 'provider.p1'; throttle_factor = 0", &("[[provider]]\nname = 'p1'", "throttle = ")),
    (
        "target = 'provider.p2'; throttle_factor = 2.5",
        &("[[provider]]\nname = 'p2'", "throttle = "),
    ),
    ("target = 'carrier.c1'; outage = true", &("", "")),
    ("target = 'carrier.c1'; latency_factor = 4", &("", "")),
    ("target = 'carrier.c1'; throttle_factor = 0.5", &("[[carrier]]\nname = 'c1'", "throttle = ")),
    ("target = 'carrier.c1'; throttle_factor = 0", &("[[carrier]]\nname = 'c1'", "throttle = ")),
    (
        "target = 'carrier.c1.filter.f1'; enable_filter = true",
        &("[[carrier]]\nname = 'c1'", "name = 'f1'"),
    ),
];

/// `true` if the target has what an effect needs. A campaign has no rate, nor has a log.
fn fits(needs: &Needs, tables: &[String]) -> bool {
    let (heading, part) = needs;
    let rateless = ["arrivals.campaign", "arrivals.trace"];
    let of_rate = |table: &String| *part != "rate" || !rateless.iter().any(|no| table.contains(no));
    let has = |table: &String| *part == "rate" || table.contains(part);
    heading.is_empty()
        || tables.iter().any(|table| table.starts_with(heading) && has(table) && of_rate(table))
}

/// A throttle, or several: token buckets, and by the clock fixed windows.
fn throttle(
    shape: Shape,
    scopes: &[&'static str],
    excess: &[&'static str],
) -> BoxedStrategy<String> {
    let rates = [
        "rate = <20/s>",
        "rate = <2/s>",
        "!rate = <1000000000/s>, burst = 1000000000",
        "!rate = <0.0000001/s>",
        "rate = <0.5/s>",
        "rate = <5/s>, burst = 20",
    ];
    let windows = [
        "limit = 9, per = '1s'",
        "limit = 40, per = '1min'",
        "!limit = 200, per = '1h'",
        "!limit = 90, per = '1day'",
    ];
    let (scopes, excess) = (scopes.to_vec(), excess.to_vec());
    let count = match shape.clocks {
        true => prop_oneof![2 => weighed(&rates), 1 => weighed(&windows)].boxed(),
        false => weighed(&rates),
    };
    let one = (count, select(scopes), select(excess))
        .prop_map(|(count, scope, excess)| format!("{{ {count}, scope = '{scope}', {excess} }}"));
    let list = vec(one.clone(), 2..=3).prop_map(|list| format!("[{}]", list.join(", ")));
    let table = prop_oneof![one, list].prop_map(|value| format!("throttle = {value}"));
    prop_oneof![nothing(), table].boxed()
}

fn carrier(shape: Shape) -> BoxedStrategy<String> {
    let excess = [
        "on_excess = 'queue'",
        "on_excess = 'queue', queue_capacity = 3",
        "on_excess = 'queue', queue_capacity = 0",
        "on_excess = 'reject'",
        "on_excess = 'drop'",
    ];
    let throttle =
        throttle(shape, &["carrier", "sender", "brand", "campaign", "provider"], &excess);
    let settings = lines(
        "",
        vec![
            throttle,
            pick_if(
                shape.clocks,
                &[
                    "",
                    "!daily_cap = { limit = 0 }",
                    "daily_cap = { limit = 30, scope = 'brand' }",
                    "daily_cap = { limit = 60, scope = 'campaign', resets_at = '09:00:05' }",
                    "daily_cap = { limit = 20, on_excess = 'hold', resets_at = '00:00:07' }",
                    "daily_cap = { limit = 9, scope = 'brand', on_excess = 'hold', resets_at = '09:00:09' }",
                    "!daily_cap = { limit = 200, on_excess = 'fail' }",
                ],
            ),
            quiet(shape),
            pick(&["", "unknown_subscriber = 0.1"]),
            pick(&[
                "",
                "absent = { probability = 0.4, returns = <10s> }",
                "absent = { probability = 0.3, returns.exponential = { mean = <20s> }, alert = 0.5 }",
                "!absent = { probability = 1, returns.uniform = { low = <0s>, high = <30s> }, alert = 1 }",
            ]),
            pick(&["", "retry_schedule = [<1s>, <5s>, <10s>]", "retry_schedule = [<300ms>]"]),
            span("latency"),
            pick_if(shape.clocks, BY_DAY),
            pick(&["", "loss = 0.05"]),
        ],
    );
    (settings, vec(filter(), 0..=2))
        .prop_map(|(settings, filters)| {
            let filters: String = named("carrier.filter", "f", &filters).concat();
            settings + &filters
        })
        .boxed()
}

fn filter() -> BoxedStrategy<String> {
    lines(
        "",
        vec![
            pick(&[
                "rule.random = {}",
                "rule.content = { threshold = 0.4 }",
                "rule.velocity = { key = 'recipient', limit = 2, window = <5s> }",
                "rule.velocity = { key = 'sender', limit = 40, window = <10s> }",
                "!rule.velocity = { key = 'sender+content', limit = 0, window = <1s> }",
                "rule.unregistered = { registered = ['shop', 'stream1', 'stream2-2'] }",
                "rule.duplicate = { window = <10s> }",
                "rule.volume = { rate = <10/s>, window = <2s>, hold = <3s> }",
                "rule.volume = { rate = <1/s>, window = <5s>, hold = <0s> }",
                "rule.snowshoe = { senders = 1, window = <20s> }",
            ]),
            pick(&["", "probability = 0.2", "probability = 0.7"]),
            pick(&["action = 'silent'", "action = 'block'"]),
            pick(&[
                "",
                "receipt = 'delivered'",
                "receipt = 'undelivered'",
                "receipt = 'rejected'",
                "receipt = 'none'",
            ]),
            pick(&["", "enabled = true", "enabled = false"]),
        ],
    )
}
