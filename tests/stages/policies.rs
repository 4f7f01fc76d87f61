//! Retry policies beyond a wait: budgets, breakers, failover, hedges, rules; exactly where
//! arithmetic gives it.

use crate::support::{
    N, SMALLEST, mean, near, result, run, run_text, run_with, scenario, share_is, truth,
};
use smschain::chain::{AttemptResult, Results, Stage, Truth};

/// A second way, dearer and always there.
const SECOND_WAY: &str = "
[[route]]
id = 2
carriers = [\"c\"]
provider = \"q\"
rank = 2
price = 0.02

[[provider]]
name = \"q\"
";

/// The bind to `p` is down from 100 s to 200 s.
const OUTAGE: &str = "
[[incident]]
name = \"out\"
at = \"100s\"
for = \"100s\"
target = \"provider.p\"
outage = \"refused\"
";

fn submits(results: &Results) -> f64 {
    results.providers[0].submits as f64 / N as f64
}

/// Brooker's comparison of unlimited retries with a token bucket: three retries make
/// (1 − p⁴)/(1 − p) submits; a bucket that earns 0.1 a success and pays 1 a retry makes
/// 1/(1 − 0.1(1 − p)) once it binds.
#[test]
fn a_bucket_binds_the_load_of_retries() {
    let p = "provider.p.failures.transient=50%";
    let free = run(&[p, "retry.max_attempts=4"]);
    near(submits(&free), 1.875, 0.01);
    let bucket = "retry.budget.bucket={ capacity = 10, cost = 1, refund = 0.1 }";
    let bound = run(&[p, "retry.max_attempts=4", bucket]);
    near(submits(&bound), 1.0 / (1.0 - 0.1 * 0.5), 0.005);
    let (successes, submits) = (
        result(&bound, AttemptResult::Accepted) as f64,
        bound.providers[0].submits as f64 - N as f64,
    );
    assert!(submits <= 10.0 + 0.1 * successes, "{submits} retries on {successes} successes");
}

#[test]
fn a_ratio_lets_a_share_of_first_attempts_be_tried_again() {
    let retries = |budget: &str| {
        let results = run(&["provider.p.failures.transient=100%", "retry.max_attempts=9", budget]);
        assert_eq!(truth(&results, Truth::RetriesExhausted), N);
        results.providers[0].submits - N
    };
    // 100 first attempts a second for 1000 s.
    let share = retries("retry.budget.ratio={ share = 0.2, floor = \"0/s\", ttl = \"10s\" }");
    assert!(share.abs_diff(20_000) <= 1, "{share}");
    let floor = retries("retry.budget.ratio={ share = 0, floor = \"3/s\", ttl = \"10s\" }");
    assert!(floor.abs_diff(3_000) <= 30, "{floor}");
    let both = retries("retry.budget.ratio={ share = 0.1, floor = \"5/s\", ttl = \"2s\" }");
    assert!(both.abs_diff(15_000) <= 10, "{both}");
}

/// Each retry takes a second: with three under way at most, three a second are made.
#[test]
fn a_concurrency_share_has_a_floor() {
    let set = |budget| {
        let p = ["provider.p.failures.transient=100%", "provider.p.latency=1s"];
        run(&[p[0], p[1], "retry.max_attempts=9", budget]).providers[0].submits - N
    };
    let floor = set("retry.budget.concurrency={ share = 0, floor = 3 }");
    assert!((2_990..=3_010).contains(&floor), "{floor}");
    // When a try has failed, the 99 other first ones and r retries are under way: there may be
    // another while r < ⌊0.2·(99 + r)⌋, which is up to r = 24.
    let share = set("retry.budget.concurrency={ share = 0.2, floor = 0 }");
    assert!((23_980..=24_000).contains(&share), "{share}");
}

/// gRPC's throttle stops at half of its tokens: five failures, then no retry at all.
#[test]
fn a_bucket_charged_by_failures_keeps_its_reserve() {
    let budget = "retry.budget.bucket={ capacity = 10, cost = 1, refund = 0.1, \
                  charged = \"failure\", reserve = 5 }";
    let set = ["provider.p.failures.transient=100%", "retry.max_attempts=3", budget];
    let results = run(&set);
    // Three attempts of the first message leave 7 of 10 tokens, two of the second 5.
    assert_eq!(results.providers[0].submits - N, 3);
}

const BREAKER: &str = "retry.breaker={ window = 10, failure_share = 0.5, min_calls = 10, \
                       open_for = \"5s\", probes = 1 }";

#[test]
fn an_open_breaker_makes_messages_wait_without_an_attempt() {
    let results = run_with(OUTAGE, &[BREAKER]);
    // The fifth failure opens it at 100.04 s; a probe every 5 s, of which 19 fall into the outage.
    assert_eq!(truth(&results, Truth::RetriesExhausted), 5 + 19);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N - 24);
    assert_eq!(results.providers[0].submits, N);
    let longest = results.total().latency[Stage::Delivery as usize].quantile_s(1.0).unwrap();
    // The probes were the first to wait; the next is of 100.24 s, and goes on at 200.04 s.
    near(longest, 99.8, 0.001);
}

#[test]
fn a_breaker_over_a_span_of_time() {
    let breaker = "retry.breaker={ window = \"10s\", failure_share = 0.5, min_calls = 10, \
                   open_for = \"5s\", probes = 2 }";
    let results = run_with(OUTAGE, &[breaker]);
    // Half of the last 10 s have failed after 5 s: 500 messages, the last at 104.99 s (in the
    // window (t − 10 s, t] the success of 10 s ago is no longer). Then two probes every 5 s.
    let exhausted = truth(&results, Truth::RetriesExhausted);
    assert!(exhausted.abs_diff(500 + 2 * 19) <= 2, "{exhausted}");
}

#[test]
fn an_open_breaker_is_passed_by() {
    let more = format!("{SECOND_WAY}{OUTAGE}");
    let results = run_with(&more, &[BREAKER]);
    assert_eq!(truth(&results, Truth::RetriesExhausted), 24);
    let elsewhere = results.providers[1].submits;
    assert!((9_900..=10_000).contains(&elsewhere), "{elsewhere}");
    // Nobody waited.
    near(mean(&results, Stage::Delivery) + 1.0, 1.0, 1e-9);
}

/// A probe that finds the handset's validity over on its way gives its turn to the next.
#[test]
fn held_messages_that_expire_do_not_keep_the_breaker_open() {
    let set = [BREAKER, "traffic.t.validity=7s", "queue.main.workers=500"];
    let results = run_with(OUTAGE, &set);
    let expired = truth(&results, Truth::ExpiredInQueue);
    assert!((8_500..=9_900).contains(&expired), "{expired}");
    assert_eq!(truth(&results, Truth::Unresolved), 0);
    assert!(results.ended_at < 1_010_000_000_000, "{}", results.ended_at);
}

#[test]
fn failover_moves_on_after_so_many_attempts() {
    let set = [
        "provider.p.failures.transient=100%",
        "retry={ max_attempts = 5, failover = { attempts = 2 } }",
        "provider.q.latency=1s",
        "route.1.price=0.01",
    ];
    let results = run_with(SECOND_WAY, &set);
    assert_eq!(results.providers[0].submits, 2 * N);
    assert_eq!(results.providers[1].submits, N);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N);
    // Priced by the route it was accepted for, what falls due later by the one it went.
    assert_eq!(results.money.charged, 10_000_000 * i128::from(N));
    let account = "[account]\nbalance = 1e6\ncharge_at_accept = 0.25";
    let results = run_with(&format!("{SECOND_WAY}{account}"), &set);
    assert_eq!(results.money.charged, (2_500_000 + 15_000_000) * i128::from(N));
    // Both fail: it stays with the last.
    let both = [&set[..], &["provider.q.failures.transient=100%"]].concat();
    let results = run_with(SECOND_WAY, &both);
    assert_eq!((results.providers[0].submits, results.providers[1].submits), (2 * N, 3 * N));
}

#[test]
fn draws_of_an_attempt_are_the_provider_s_own() {
    // 40 % fail at p, then all go to q, whose first attempt at a message has the same fate as if
    // p had never been asked.
    let set = ["provider.p.failures.transient=100%", "provider.q.failures.transient=40%"];
    let more = "retry={ max_attempts = 2, failover = { attempts = 1 } }";
    let moved = run_with(SECOND_WAY, &[set[0], set[1], more]);
    let direct = run_with(SECOND_WAY, &[set[1], "route.1.provider=q"]);
    let lost = |results: &Results| truth(results, Truth::RetriesExhausted);
    assert_eq!(lost(&moved), lost(&direct));
    share_is(lost(&moved), N, 0.4);
}

#[test]
fn a_hedge_goes_elsewhere_and_the_loser_may_be_a_duplicate() {
    let hedge = "retry.hedge={ after = \"2s\" }";
    let slow = "provider.p.latency=10s";
    let results = run_with(SECOND_WAY, &[hedge, slow, "provider.q.latency=1s"]);
    assert_eq!((results.providers[0].submits, results.providers[1].submits), (N, N));
    near(mean(&results, Stage::HandOff), 3.0, 1e-9);
    assert_eq!(results.duplicate_copies, N);
    assert_eq!(results.delivered_twice, N);
    // An answer in time needs none, and nobody hedges to the one that is slow.
    let results = run_with(SECOND_WAY, &[hedge, "provider.p.latency=2s"]);
    assert_eq!(results.providers[1].submits, 0);
    assert_eq!(run(&[hedge, slow]).providers[0].submits, N);
    // One of two fails: the other one decides.
    let fails = "provider.q.failures.transient=100%";
    let results = run_with(SECOND_WAY, &[hedge, slow, fails]);
    near(mean(&results, Stage::HandOff), 10.0, 1e-9);
    assert_eq!((truth(&results, Truth::DeliveredOnTime), results.duplicate_copies), (N, 0));
    let both = [hedge, slow, fails, "provider.p.failures.transient=100%", "retry.max_attempts=2"];
    let results = run_with(SECOND_WAY, &both);
    assert_eq!(truth(&results, Truth::RetriesExhausted), N);
    assert_eq!((results.providers[0].submits, results.providers[1].submits), (2 * N, 2 * N));
}

/// A hedge that still waits for a slot when the first is answered is withdrawn.
#[test]
fn a_hedge_in_line_is_withdrawn() {
    let set = [
        "retry.hedge={ after = \"2s\" }",
        "provider.p.latency=10s",
        "provider.q.window=1",
        "provider.q.latency=1000s",
    ];
    let results = run_with(SECOND_WAY, &set);
    assert_eq!(results.providers[1].submits, 2, "one at 2 s, one at 1002 s");
    assert_eq!(results.duplicate_copies, 2);
    near(mean(&results, Stage::HandOff), 10.0, 1e-9);
}

#[test]
fn hedges_are_paid_for_like_retries() {
    let set = [
        "retry={ hedge = { after = \"2s\" }, \
         budget.ratio = { share = 0, floor = \"1/s\", ttl = \"10s\" } }",
        "provider.p.latency=10s",
    ];
    let hedges = run_with(SECOND_WAY, &set).providers[1].submits;
    assert!(hedges.abs_diff(1_000) <= 10, "{hedges}");
}

#[test]
fn rules_go_before_the_policy() {
    let rules = "retry={ max_attempts = 2, on = [\"transient\"], rules = [\
                 { on = \"timeout\", max_attempts = 4, backoff.fixed = { delay = \"30s\" } }] }";
    let results = run(&["provider.p.failures.transient=100%", rules]);
    assert_eq!(results.providers[0].submits, 2 * N);
    let timeouts = ["provider.p.failures.timeout=100%", "provider.p.submit_timeout=1s", rules];
    let results = run(&timeouts);
    assert_eq!(results.providers[0].submits, 4 * N);
    near(results.ended_at as f64 / 1e9, 999.99 + 4.0 + 90.0, 1e-12);
    let results = run(&["provider.p.failures.throttled=100%", rules]);
    assert_eq!(results.providers[0].submits, N, "neither on nor ruled");
}

/// Kannel's way: a throttled link sleeps for a second.
#[test]
fn a_link_pauses() {
    let rules = "retry.rules=[{ on = \"throttled\", max_attempts = 1, pauses_link = \"1s\" }]";
    let results = run(&["provider.p.failures.throttled=100%", rules, "scenario.duration=100s"]);
    // 10,000 messages, one a second, the first at 0 s.
    assert_eq!(results.providers[0].submits, 10_000);
    assert_eq!(results.ended_at, 9_999_000_000_000);
    near(mean(&results, Stage::WindowWait), 9_999.0 / 2.0 - 99.99 / 2.0, 1e-9);
}

/// A campaign at one instant into a throttle that refuses: the ordering of Brooker's study
/// (AWS Architecture Blog, 2015), in which a refusal takes no time.
#[test]
fn jitter_spreads_a_crowd() {
    let crowd = SMALLEST.replace(
        "arrivals.constant = { rate = \"100/s\" }",
        "arrivals.campaign = { count = 1000, at = \"1s\", over = \"0s\" }",
    );
    let with = |retry: &str| {
        let throttle =
            "provider.p.throttle={ rate = \"100/s\", burst = 1, on_excess = \"refuse\" }";
        let set = [throttle, "provider.p.latency=100ms", "provider.p.refusal_latency=0s", retry];
        let results = run_text(&crowd, &set);
        assert_eq!(truth(&results, Truth::DeliveredOnTime), 1000);
        (results.providers[0].submits as f64 / 1000.0, results.ended_at as f64 / 1e9)
    };
    let exponential = "backoff.exponential = { base = \"100ms\", factor = 2, cap = \"20s\" }";
    let jittered = |jitter: &str| {
        with(&format!("retry={{ max_attempts = 100000, {exponential}, jitter = \"{jitter}\" }}"))
    };
    let (immediate, _) =
        with("retry={ max_attempts = 100000, backoff.fixed = { delay = \"1ms\" } }");
    let ((none, slow), (full, fast), (equal, even)) =
        (jittered("none"), jittered("full"), jittered("equal"));
    assert!(immediate > 5.0 * none && none > 2.0 * full, "{immediate} {none} {full}");
    near(equal, full, 0.25);
    assert!(slow > 3.0 * fast && slow > 3.0 * even, "{slow} {fast} {even}");
}

/// The client's budget and breaker stand before the API.
#[test]
fn the_client_has_a_budget_and_a_breaker() {
    let retry = |more: &str| {
        let client = format!("client.retry={{ max_attempts = 4, {more} }}");
        run(&["api.errors=100%", &client]).requests.client_retries
    };
    assert_eq!(retry("backoff.immediate = {}"), 3 * N);
    let ratio = retry("budget.ratio = { share = 0.2, floor = \"0/s\", ttl = \"10s\" }");
    assert!(ratio.abs_diff(20_000) <= 1, "{ratio}");
    let rules = retry("rules = [{ on = \"internal\", max_attempts = 2 }]");
    assert_eq!(rules, N);
    let outage = OUTAGE.replace("provider.p", "api").replace("\"refused\"", "true");
    let breaker = BREAKER.replace("retry.breaker=", "client.retry.breaker=");
    let results = run_with(&outage, &[&breaker]);
    assert_eq!(results.requests.rejected.iter().sum::<u64>(), 24);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N - 24);
}

/// The shipped storm: the trigger is gone at 7 min; 3 to 18 minutes later five eager attempts serve
/// nobody in time, a budget of a tenth everybody.
#[test]
fn eager_retries_keep_a_storm_up_and_a_budget_ends_it() {
    let text = include_str!("../../scenarios/retry-storm.toml");
    let on_time = |policy: &str| {
        let results = run_text(text, &[policy]);
        let every = scenario(text, &[]).spec.sample_every;
        let after = |sample: usize| {
            let time = sample as u64 * every / 1_000_000_000;
            (600..1500).contains(&time)
        };
        let (mut requests, mut on_time) = (0, 0);
        for (_, sample) in results.series.iter().enumerate().filter(|(index, _)| after(*index)) {
            requests += sample.requests;
            on_time += sample.cohort_on_time;
        }
        (on_time as f64 / requests as f64, results.incidents[0].recovery())
    };
    let (share, recovery) = on_time("retry.policy=eager");
    assert_eq!((share, recovery), (0.0, None));
    let (share, recovery) = on_time("retry.policy=budgeted");
    assert_eq!(share, 1.0);
    assert!(recovery.is_some_and(|span| span <= 60_000_000_000), "{recovery:?}");
}

/// Submits that wait for the pace when the breaker opens give back what they hold.
#[test]
fn a_breaker_leaves_no_slot_behind_in_a_paced_line() {
    let set = [
        BREAKER,
        "provider.p.window=5",
        "provider.p.throttle={ rate = \"101/s\", burst = 1 }",
        "provider.p.latency=100ms",
        "queue.main.workers=500",
    ];
    let results = run_with(OUTAGE, &set);
    let failed = truth(&results, Truth::RetriesExhausted);
    assert!((20..=40).contains(&failed), "{failed}");
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N - failed);
    assert_eq!(results.providers[0].outstanding.max, 5);
}

/// Who waits for one provider's breaker goes by another as soon as that one is back.
#[test]
fn held_messages_go_by_whoever_is_back_first() {
    let both = format!(
        "{SECOND_WAY}{}{}",
        OUTAGE.replace("for = \"100s\"", "for = \"500s\""),
        OUTAGE.replace("provider.p", "provider.q").replace("name = \"out\"", "name = \"too\"")
    );
    let results = run_with(&both, &[BREAKER]);
    let longest = results.total().latency[Stage::Delivery as usize].quantile_s(1.0).unwrap();
    assert!((99.0..=101.0).contains(&longest), "{longest}");
    let failed = truth(&results, Truth::RetriesExhausted);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N - failed);
    assert!(failed < 150, "{failed}");
}

/// The budget asked is that of the provider that failed: a standby nobody else uses is no reason
/// to refuse.
#[test]
fn a_budget_pays_for_retries_that_move_on() {
    let set = [
        "provider.p.failures.transient=100%",
        "retry={ max_attempts = 2, failover = { attempts = 1 }, \
         budget.ratio = { share = 0.2, floor = \"0/s\", ttl = \"10s\" } }",
    ];
    let moved = run_with(SECOND_WAY, &set).providers[1].submits;
    assert!(moved.abs_diff(N / 5) <= 1, "{moved}");
}
