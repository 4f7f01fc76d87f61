//! Several throttles at once, fixed windows, and the API's limits.

use crate::support::{
    SMALLEST, as_step_by_step, mean, near, quantile, rejected, result, run_text, truth,
};
use smschain::chain::{AttemptResult, Rejection, Results, Stage, Truth};

const AT_ONCE: &str = "traffic.t.arrivals={ campaign = { count = 1000, at = '0s', over = '0s' } }";
const FIVE_SENDERS: (&str, &str) =
    ("sender = \"12345\"", "senders = { count = 5, pick = \"round_robin\" }");

fn with_senders() -> String {
    SMALLEST.replace(FIVE_SENDERS.0, FIVE_SENDERS.1)
}

fn both(text: &str, set: &[&str]) -> Results {
    as_step_by_step(text, set).0
}

/// A second throttle that never binds leaves every message where it was: several are one, if they are.
#[test]
fn a_throttle_that_never_binds_changes_nothing() {
    let idle = "{ rate = \"1000000/s\", burst = 1000000000";
    let never = "{ limit = 1000000000, per = \"1min\"";
    let text = with_senders()
        .replace("\"t\"", "\"t\"\nbrand = \"acme\"\nbody.chars.uniform = { low = 1, high = 400 }")
        + "\n[retry]\nmax_attempts = 3\nbackoff.fixed = { delay = \"2s\" }\n";
    let fewer = ["scenario.duration=60s", "traffic.t.arrivals={ poisson = { rate = '30/s' } }"];
    for (station, scope, excess) in [
        ("provider.p", "provider", "pace"),
        ("provider.p", "sender", "pace"),
        ("provider.p", "brand", "refuse"),
        ("carrier.c", "carrier", "queue"),
        ("carrier.c", "sender", "queue"),
        ("carrier.c", "carrier", "reject"),
        ("carrier.c", "brand", "drop"),
    ] {
        for dispatch in ["workers", "provider"] {
            let one = format!(
                "{{ rate = \"7/s\", burst = 4, scope = \"{scope}\", on_excess = \"{excess}\" }}"
            );
            let beside = format!("on_excess = \"{excess}\" }}");
            let digest = |throttle: &str| {
                let throttle = format!("{station}.throttle={throttle}");
                let dispatch = format!("queue.main.dispatch={dispatch}");
                let set = [fewer[0], fewer[1], throttle.as_str(), dispatch.as_str()];
                both(&text, &set).digest
            };
            let alone = digest(&one);
            let before = digest(&format!("[{idle}, scope = \"sender\", {beside}, {one}]"));
            let after = digest(&format!("[{one}, {never}, scope = \"campaign\", {beside}]"));
            assert_eq!((alone, alone), (before, after), "{station} {scope} {excess} {dispatch}");
        }
    }
}

#[test]
fn a_batch_waits_for_its_number_and_its_campaign() {
    // 1,000 at once from five numbers of one segment a second each, 75 a minute for the campaign: the
    // first five at 0, then five each second to 75 at 14 s; from then on 75 a minute, five each second.
    let text = with_senders().replace("\"t\"", "\"t\"\ncampaign = \"codes\"");
    let list = "[{ rate = \"1/s\", scope = \"sender\" }, \
                { limit = 75, per = \"1min\", scope = \"campaign\" }]";
    for station in ["provider.p", "carrier.c"] {
        let results = both(&text, &[AT_ONCE, &format!("{station}.throttle={list}")]);
        // The 1,000th is the 25th of the 14th minute: five at 780 s, the last five four seconds later.
        assert_eq!(results.ended_at, 784_000_000_000, "{station}");
        let waits = (0..1000_u64).map(|nth| nth / 75 * 60 + nth % 75 / 5);
        let stage = if station == "carrier.c" { Stage::CarrierWait } else { Stage::WindowWait };
        near(mean(&results, stage), waits.sum::<u64>() as f64 / 1000.0, 1e-12);
    }
}

#[test]
fn nobody_waits_for_a_count_that_is_not_his() {
    // One number has a thousand to send and one a second; another's come one a second, and pass at once
    // under the provider's ten a second.
    let text = format!(
        "{SMALLEST}\n[[traffic]]\nname = \"u\"\nsender = \"9\"\n\
         arrivals.constant = {{ rate = \"1/s\" }}\n"
    );
    let list =
        "[{ rate = \"10/s\", scope = \"provider\" }, { rate = \"1/s\", scope = \"sender\" }]";
    for (station, provider) in [("provider.p", "provider"), ("carrier.c", "carrier")] {
        let list = list.replace("\"provider\"", &format!("\"{provider}\""));
        let throttle = format!("{station}.throttle={list}");
        let results = both(&text, &[AT_ONCE, "scenario.duration=500s", &throttle]);
        // The thousand wait 0 s to 999 s; of the other's 500 nobody waits.
        let stage = if provider == "carrier" { Stage::CarrierWait } else { Stage::WindowWait };
        let sum = mean(&results, stage) * 1500.0;
        assert!((sum - 499_500.0).abs() < 50.0, "{station}: {sum}");
        assert_eq!(results.traffic[1].layers.delivered, 500);
        assert_eq!(results.ended_at, 999_000_000_000);
    }
}

/// The first of the list that has no token refuses; the others keep theirs.
#[test]
fn a_refusal_takes_no_token_of_the_others() {
    // Ten a second: one a second passes the number's throttle, and of those ten a minute the brand's. If the
    // refused took tokens of the brand, it would be used up in the first second of each minute.
    let list = "[{ rate = \"1/s\", scope = \"sender\", on_excess = \"EXCESS\" }, \
                { limit = 10, per = \"1min\", scope = \"brand\", on_excess = \"EXCESS\" }]";
    let set = ["traffic.t.arrivals={ constant = { rate = '10/s' } }", "scenario.duration=600s"];
    let throttle = format!("provider.p.throttle={}", list.replace("EXCESS", "refuse"));
    let results = both(SMALLEST, &[set[0], set[1], &throttle]);
    let provider = &results.providers[0];
    assert_eq!(provider.results[AttemptResult::Accepted as usize], 100);
    // Those of 0 s to 9 s pass; from 10 s on one each second finds the number's token, not the brand's.
    assert_eq!(provider.throttled_by.iter().sum::<u64>(), 5_900);
    assert_eq!(result(&results, AttemptResult::Throttled), 5_900);
    // What the brand refuses leaves the number its token, so that all that come then are the brand's.
    assert_eq!(provider.throttled_by, [900, 5_000]);
    let throttle = format!("carrier.c.throttle={}", list.replace("EXCESS", "reject"));
    let results = both(SMALLEST, &[set[0], set[1], &throttle]);
    assert_eq!(results.carriers[0].delivered, 100);
    assert_eq!(results.carriers[0].throttled_by, [900, 5_000]);
}

#[test]
fn some_pace_and_some_refuse() {
    // Paced to two a second, of which the brand's provider takes one a second: half are refused, and
    // none comes faster than the pace.
    let list = "[{ rate = \"2/s\" }, { limit = 1, per = \"1s\", on_excess = \"refuse\" }]";
    let set = [AT_ONCE, &format!("provider.p.throttle={list}")];
    let results = both(SMALLEST, &set);
    assert_eq!(result(&results, AttemptResult::Accepted), 500);
    assert_eq!(results.providers[0].throttled_by, [0, 500]);
    assert_eq!(results.ended_at, 499_500_000_000);
}

#[test]
fn a_queue_turns_away_at_its_own_limit_only() {
    // The campaign's throttle waits with room for three; the brand's rejects.
    let list = "[{ rate = \"1/s\", scope = \"campaign\", queue_capacity = 3 }, \
                { limit = 5, per = \"1day\", scope = \"brand\", on_excess = \"reject\" }]";
    let set = [AT_ONCE, &format!("carrier.c.throttle={list}")];
    let results = both(SMALLEST, &set);
    // One passes, three wait and pass; the rest find no room.
    let carrier = &results.carriers[0];
    assert_eq!((carrier.delivered, carrier.waiting.max), (4, 3));
    assert_eq!(carrier.throttled_by, [996, 0]);
    // With more room it's the brand's limit that ends it, when the wait is over.
    let list = list.replace("queue_capacity = 3", "queue_capacity = 9");
    let results = both(SMALLEST, &[AT_ONCE, &format!("carrier.c.throttle={list}")]);
    let carrier = &results.carriers[0];
    assert_eq!((carrier.delivered, carrier.waiting.max), (5, 9));
    assert_eq!(carrier.throttled_by, [990, 5]);
    assert_eq!(truth(&results, Truth::ThrottledOut), 995);
}

#[test]
fn windows_begin_with_the_clock_and_follow_incidents() {
    let window = "carrier.c.throttle={ limit = 10, per = '1min' }";
    // t = 0 is 09:00:50: ten at once, ten more ten seconds later, then ten a minute.
    let results = both(SMALLEST, &[AT_ONCE, window, "scenario.start=09:00:50"]);
    assert_eq!(results.ended_at, (10 + 98 * 60) * 1_000_000_000);
    let incident = "\n[[incident]]\nname = 'i'\nat = '2m'\nfor = '10m'\ntarget = 'carrier.c'\n\
                    throttle_factor = 0.5\n";
    // The ten windows from 2 min on have room for five each: 50 fewer, five minutes more.
    let text = format!("{SMALLEST}{incident}");
    let results = both(&text, &[AT_ONCE, window]);
    assert_eq!(results.ended_at, (99 + 5) * 60 * 1_000_000_000);
}

/// A small model of its own: again and again the first in order of arrival who has a token of each passes.
fn small_model(arrivals: &[(u64, usize)], rates: &[(u64, u64, u64)]) -> Vec<u64> {
    // By limit: (milliseconds a token, burst, one for each sender); the levels as times of the next token.
    let mut full_from: Vec<Vec<i64>> =
        rates.iter().map(|&(_, _, own)| vec![i64::MIN; if own == 1 { 5 } else { 1 }]).collect();
    let mut waiting: Vec<(u64, usize)> = arrivals.to_vec();
    let mut passed = Vec::new();
    while !waiting.is_empty() {
        let ready = |&(at, sender): &(u64, usize), full_from: &[Vec<i64>]| {
            let each = rates.iter().zip(full_from).map(|(&(period, burst, own), levels)| {
                let full = levels[if own == 1 { sender } else { 0 }];
                (full.saturating_sub(((burst - 1) * period) as i64)).max(0) as u64
            });
            each.max().unwrap_or(0).max(at)
        };
        let (index, at) = waiting
            .iter()
            .enumerate()
            .map(|(index, one)| (index, ready(one, &full_from)))
            .min_by_key(|&(index, at)| (at, index))
            .unwrap();
        let (came, sender) = waiting.remove(index);
        for (&(period, _, own), levels) in rates.iter().zip(&mut full_from) {
            let level = &mut levels[if own == 1 { sender } else { 0 }];
            *level = (*level).max(at as i64) + period as i64;
        }
        passed.push(at - came);
    }
    passed.sort_unstable();
    passed
}

#[test]
fn several_throttles_do_what_a_small_model_does() {
    // Constant arrivals of 8 a second for 100 s by five numbers in turn, under three throttles.
    for rates in [
        [(200, 1, 0), (700, 1, 1), (150, 3, 0)],
        [(140, 4, 0), (650, 2, 1), (130, 1, 0)],
        [(125, 1, 0), (625, 1, 1), (124, 20, 0)],
    ] {
        let arrivals: Vec<(u64, usize)> =
            (0..800).map(|nth| (nth * 125, (nth % 5) as usize)).collect();
        let waits = small_model(&arrivals, &rates);
        let list: Vec<String> = rates
            .iter()
            .map(|&(period, burst, own)| {
                let scope = if own == 1 { "sender" } else { "campaign" };
                let rate = 1000.0 / period as f64;
                format!("{{ rate = \"{rate}/s\", burst = {burst}, scope = \"{scope}\" }}")
            })
            .collect();
        let text = with_senders().replace("\"t\"", "\"t\"\ncampaign = \"codes\"");
        let throttle = format!("carrier.c.throttle=[{}]", list.join(", "));
        let results = both(
            &text,
            &[
                "traffic.t.arrivals={ constant = { rate = '8/s' } }",
                "scenario.duration=100s",
                &throttle,
            ],
        );
        let sum = waits.iter().sum::<u64>() as f64 / 1e3;
        let of_run = mean(&results, Stage::CarrierWait) * 800.0;
        assert!((of_run - sum).abs() < 1e-3, "{rates:?}: {of_run}, {sum}");
        let most = results.total().latency[Stage::CarrierWait as usize].max_s().unwrap();
        assert!((most - waits[799] as f64 / 1e3).abs() < 1e-5, "{rates:?}: {most}");
    }
}

#[test]
fn over_a_daily_cap_that_holds_copies_wait_for_its_reset() {
    // 7,000 at 20:00, 2,000 a day, held to midnight: 2,000 now, at midnight, a day later and the last 1,000 after
    // another; each time as fast as the throttle lets them.
    let set = [
        "traffic.t.arrivals={ campaign = { count = 7000, at = '0s', over = '0s' } }",
        "scenario.start=20:00",
        "carrier.c.throttle={ rate = '100/s' }",
        "carrier.c.daily_cap={ limit = 2000, on_excess = 'hold' }",
    ];
    let results = both(SMALLEST, &set);
    let carrier = &results.carriers[0];
    assert_eq!((carrier.delivered, carrier.capped, carrier.held), (7_000, 0, 5_000));
    // All but the first, who passes at once, are there together.
    assert_eq!(carrier.waiting.max, 6_999);
    let hour = 3_600.0;
    let seen = |p: f64| quantile(&results, Stage::Delivery, p);
    near(seen(0.5), 4.0 * hour + 14.99, 1e-3);
    near(seen(0.8), 28.0 * hour, 2e-3);
    // The throttle passes 7,000 by 69.99 s; the last at the third reset has 999 before it.
    assert_eq!(results.ended_at, ((52 * 3_600) * 100 + 999) * 10_000_000);
    // Without a hold what is over fails.
    let fails = "carrier.c.daily_cap={ limit = 2000 }";
    let results = both(SMALLEST, &[set[0], set[1], set[2], fails]);
    assert_eq!((results.carriers[0].delivered, results.carriers[0].capped), (2_000, 5_000));
    assert_eq!(truth(&results, Truth::ThrottledOut), 5_000);
}

#[test]
fn what_a_daily_cap_holds_expires_and_keeps_its_order() {
    let set = [
        "traffic.t.arrivals={ campaign = { count = 1000, at = '0s', over = '1000s' } }",
        "scenario.start=23:00",
        "scenario.duration=3000s",
        "carrier.c.daily_cap={ limit = 100, on_excess = 'hold' }",
    ];
    // Those of the first hour's rest end before midnight: after 40 min.
    let results = both(SMALLEST, &[set[0], set[1], set[2], set[3], "traffic.t.validity=40m"]);
    assert_eq!((results.carriers[0].delivered, results.carriers[0].expired), (100, 900));
    assert_eq!(truth(&results, Truth::ExpiredAtCarrier), 900);
    // The last comes at 999 s and ends there 40 min later.
    assert_eq!(results.ended_at, (999 + 2_400) * 1_000_000_000);
    // With 90 min those who come from 0 s on are there at midnight, the first hundred go, and all others end
    // 90 min after they came.
    let results = both(SMALLEST, &[set[0], set[1], set[2], set[3], "traffic.t.validity=90m"]);
    assert_eq!((results.carriers[0].delivered, results.carriers[0].expired), (200, 800));
    near(quantile(&results, Stage::Delivery, 1.0), 3_500.0, 1e-3);
    assert_eq!(results.ended_at, (999 + 5_400) * 1_000_000_000);
}

#[test]
fn what_a_daily_cap_holds_waits_for_the_end_of_quiet_hours() {
    // 600 at 22:00, 200 a day; the cap ends at 2:00, within quiet hours from midnight to 8:00.
    let set = [
        "traffic.t.arrivals={ campaign = { count = 600, at = '0s', over = '0s' } }",
        "scenario.start=22:00",
        "carrier.c.throttle={ rate = '100/s' }",
        "carrier.c.daily_cap={ limit = 200, resets_at = '02:00', on_excess = 'hold' }",
    ];
    for on_quiet in ["hold", "refuse"] {
        let quiet =
            format!("carrier.c.quiet={{ from = '00:00', to = '08:00', on_quiet = '{on_quiet}' }}");
        let results = both(SMALLEST, &[set[0], set[1], set[2], set[3], &quiet]);
        let carrier = &results.carriers[0];
        // They came before the quiet hours, which refuse nobody then: 200 at once, 200 at 8:00, and of the cap
        // that ends at 2:00 of the next day the rest at 8:00 of it.
        assert_eq!((carrier.delivered, carrier.quiet_refused, carrier.held), (600, 0, 400));
        let hour = 3_600.0;
        let seen = |p: f64| quantile(&results, Stage::Delivery, p);
        assert!(seen(0.33) < 6.0, "{on_quiet}");
        near(seen(0.5), 10.0 * hour, 1e-3);
        near(seen(1.0), 34.0 * hour, 1e-3);
    }
}

#[test]
fn a_call_takes_its_tokens_of_all_limits_together() {
    // Ten calls a second in one traffic by two senders: a sender may make two a second, all three.
    let text =
        SMALLEST.replace("sender = \"12345\"", "senders = { count = 2, pick = \"round_robin\" }");
    let set = ["traffic.t.arrivals={ constant = { rate = '10/s' } }", "scenario.duration=100s"];
    let limits = "api.limits=[{ scope = 'stream', limit = 3, per = '1s' }, \
                  { scope = 'sender', limit = 2, per = '1s' }]";
    let results = both(&text, &[set[0], set[1], limits]);
    assert_eq!(results.requests.accepted, 300);
    assert_eq!(rejected(&results, Rejection::RateLimited), 700);
    // Calls 0, 1, 2 of each second pass; the others find the stream's limit used up.
    assert_eq!(results.limited_by, [700, 0]);
    // Beside a rate limit, which comes first and keeps its tokens where another refuses.
    let results =
        both(&text, &[set[0], set[1], limits, "api.rate_limit={ rate = '4/s', burst = 1 }"]);
    assert_eq!(results.requests.accepted, 300);
}

#[test]
fn a_recipient_has_its_own_limit() {
    let set = [
        "traffic.t.arrivals={ constant = { rate = '10/s' } }",
        "scenario.duration=1000s",
        "traffic.t.recipients=100",
    ];
    // 10,000 calls for 100 people, about a hundred each: five a day pass.
    let limits = |limit: &str| format!("api.limits=[{{ {limit} }}]");
    let own = limits("scope = 'recipient', rate = '5/day', burst = 5");
    let results = both(SMALLEST, &[set[0], set[1], set[2], &own]);
    assert_eq!(results.requests.accepted, 500);
    assert_eq!(results.limited_by, [9_500]);
    // Ranges of 25 numbers in a row: four.
    let ranges = limits("scope = 'prefix', block = 25, limit = 30, per = '1day'");
    let results = both(SMALLEST, &[set[0], set[1], set[2], &ranges]);
    assert_eq!(results.requests.accepted, 120);
    // Two recipients of a call count one by one, and the call is refused as a whole.
    let two = "traffic.t.per_request=2";
    let results = both(SMALLEST, &[set[0], set[1], set[2], two, &ranges]);
    assert!(results.requests.accepted <= 60, "{}", results.requests.accepted);
    assert_eq!(results.total().layers.accepted, 2 * results.requests.accepted);
}

#[test]
fn calls_worked_on_at_once_are_erlangs_loss() {
    // Poisson calls, exponential work, c at once, and no call again: blocked by Erlang's B(c, a).
    let (c, a) = (8, 6.0);
    let mut blocked = 1.0;
    for servers in 1..=c {
        blocked = a * blocked / (f64::from(servers) + a * blocked);
    }
    let set = [
        "traffic.t.arrivals={ poisson = { rate = '60/s' } }",
        "scenario.duration=2000s",
        "scenario.warmup=10s",
        "api.latency={ exponential = { mean = '100ms' } }",
        "api.concurrency=8",
        "api.refusal_latency=0s",
    ];
    let results = both(SMALLEST, &set);
    let share = results.limited_by[0] as f64 / results.requests.total as f64;
    // Blocking comes in bursts: about 119,400 calls are a sixth as many that are independent.
    near(share, blocked, 0.03);
    // With one at once and constant work of a second every other call of two a second is refused.
    let set = [
        "traffic.t.arrivals={ constant = { rate = '2/s' } }",
        "scenario.duration=100s",
        "api.latency=900ms",
        "api.concurrency=1",
        "api.refusal_latency=10ms",
    ];
    let results = both(SMALLEST, &set);
    assert_eq!((results.requests.accepted, results.limited_by[0]), (100, 100));
}

#[test]
fn the_client_waits_as_long_as_a_429_asks() {
    // A thousand at once, one a second passes; each call again waits 1,000 s, not its own 1 s: 1 of 1,000 passes at
    // first, and again one of those who come back together.
    let client = "client.retry={ max_attempts = 2, backoff.fixed = { delay = '1s' }, on = ['rate_limited'] }";
    let limits = "api.limits=[{ scope = 'sender', limit = 1, per = '1s' }]";
    let results = both(
        SMALLEST,
        &[AT_ONCE, client, limits, "api.retry_after=1000s", "api.refusal_latency=0s"],
    );
    assert_eq!(results.requests.accepted, 2);
    assert_eq!(results.limited_by, [999 + 998]);
    assert_eq!(results.ended_at, 1_000_000_000_000);
    let without = run_text(SMALLEST, &[AT_ONCE, client, limits, "api.refusal_latency=0s"]);
    assert_eq!(without.ended_at, 1_000_000_000);
}
