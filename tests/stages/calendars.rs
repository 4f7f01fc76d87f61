//! What comes by time of day and weekday: incidents that repeat, quiet hours, latencies of the day; exactly where
//! arithmetic gives it, and as step by step.

use crate::support::{SMALLEST, as_step_by_step, mean, near, rejected, run_text, truth};
use smschain::chain::{AttemptResult, Observed, Rejection, Results, Stage, Truth};

/// [`SMALLEST`] with more tables over `days` days, 1 message a minute from midnight of a Monday on.
fn over_days(more: &str, days: u32, set: &[&str]) -> Results {
    let duration = format!("scenario.duration={days}d");
    let mut all = vec![duration.as_str(), "traffic.t.arrivals.constant.rate=1/min"];
    all.extend(set);
    as_step_by_step(&format!("{SMALLEST}\n{more}"), &all).0
}

fn incident(when: &str, target: &str, effect: &str) -> String {
    format!("[[incident]]\nname = \"i\"\n{when}\ntarget = \"{target}\"\n{effect}\n")
}

#[test]
fn an_incident_comes_again_every_day_or_week() {
    let when = "at = \"1h\"\nfor = \"30m\"\nrepeat = \"daily\"";
    let results = over_days(&incident(when, "api", "outage = true"), 3, &[]);
    assert_eq!(rejected(&results, Rejection::Internal), 3 * 30);
    let told = &results.incidents[0];
    assert_eq!((told.before.requested, told.during.requested, told.during.on_time), (60, 90, 0));
    // Windows of recovery are those after the first time.
    let after: u64 = told.after.iter().map(|window| window.requested).sum();
    assert_eq!((after, told.recovery()), (24 * 60 - 30, Some(0)));
    // From Tuesday midnight on: on the 2nd, 9th, 16th day.
    let when = "at = \"1d\"\nfor = \"1h\"\nrepeat = \"weekly\"";
    let results = over_days(&incident(when, "api", "outage = true"), 17, &[]);
    assert_eq!(rejected(&results, Rejection::Internal), 3 * 60);
}

#[test]
fn ramps_and_throttles_repeat_too() {
    // 12 h a day, of which 2 × 3 h are ramps of half the size.
    let when = "at = \"6h\"\nfor = \"12h\"\nramp = \"3h\"\nrepeat = \"daily\"";
    let slow = incident(when, "api", "latency_factor = 5");
    let results = over_days(&slow, 4, &["api.latency=1s"]);
    near(mean(&results, Stage::Api), (12.0 + 6.0 * 5.0 + 6.0 * 3.0) / 24.0, 1e-9);
    // Half the rate for half of the day: of 60 an hour, 30 are refused in it.
    let narrow = incident(when, "api", "throttle_factor = 0.5").replace("ramp = \"3h\"\n", "");
    let limit = ["api.rate_limit={ rate = \"60/h\", burst = 1 }"];
    let refused = rejected(&over_days(&narrow, 4, &limit), Rejection::RateLimited);
    assert!(refused.abs_diff(4 * 12 * 30) <= 4, "{refused}");
}

/// Factors from 1 at midnight in a straight line to 3 at noon, and back: 2 on average.
const NOON: &str = "latency_by_day=[[\"00:00\", 1.0], [\"12:00\", 3.0]]";

#[test]
fn latencies_follow_the_time_of_day() {
    let provider = format!("provider.p.{NOON}");
    let results = over_days("", 2, &["provider.p.latency=10s", &provider]);
    near(mean(&results, Stage::Submit), 20.0, 1e-9);
    near(results.total().latency[Stage::Submit as usize].max_s().unwrap(), 30.0, 1e-9);
    // Six hours from noon on: from 3 to 2.
    let set = ["provider.p.latency=10s", &provider, "scenario.start=12:00"];
    let six = [&set[..], &["scenario.duration=6h"]].concat();
    let results = over_days("", 1, &six);
    let factor = |minute: f64| 3.0 - 2.0 * minute / 720.0;
    let sum: f64 = (0..360).map(|minute| factor(f64::from(minute))).sum();
    near(mean(&results, Stage::Submit), 10.0 * sum / 360.0, 1e-9);
    let carrier = format!("carrier.c.{NOON}");
    let results = over_days("", 2, &["carrier.c.latency=10s", &carrier]);
    near(mean(&results, Stage::Delivery), 20.0, 1e-9);
    // An incident's factor goes on top.
    let slow = incident("at = \"0s\"\nfor = \"2d\"", "carrier.c", "latency_factor = 2");
    let results = over_days(&slow, 2, &["carrier.c.latency=10s", &carrier]);
    near(mean(&results, Stage::Delivery), 40.0, 1e-9);
    // A refusal takes as long, too.
    let set = ["provider.p.failures.throttled=100%", "provider.p.refusal_latency=10s", &provider];
    near(mean(&over_days("", 2, &set), Stage::Submit), 20.0, 1e-9);
}

#[test]
fn failure_shares_follow_the_time_of_day() {
    // From nothing at midnight to every one at noon: half of them, and of the first six hours a quarter.
    let day = "provider.p.failures_by_day=[[\"00:00\", 0], [\"12:00\", 2.0]]";
    let set = ["provider.p.failures.transient=50%", day, "traffic.t.arrivals.constant.rate=10/min"];
    let failed = |days: u32, more: &[&str]| {
        let results = over_days("", days, &[&set[..], more].concat());
        results.providers[0].results[AttemptResult::Transient as usize] as f64
    };
    let (days, quarter) = (failed(1, &[]), failed(1, &["scenario.duration=6h"]));
    // Σ p(1 − p) is n/6, and n/6 for p from 0 to 1/2 likewise.
    assert!((days - 7_200.0).abs() < 3.29 * f64::sqrt(14_400.0 / 6.0), "{days}");
    assert!((quarter - 900.0).abs() < 3.29 * f64::sqrt(3_600.0 / 6.0), "{quarter}");
}

/// Minutes of `days` days from midnight of a Monday on that lie in 21:00 to 08:00, and the minutes from each to their
/// end.
fn night_waits(days: u64) -> Vec<u64> {
    let minutes = 0..days * 1_440;
    minutes
        .filter_map(|minute| match minute % 1_440 {
            of_day @ 0..480 => Some(480 - of_day),
            of_day @ 1_260.. => Some(1_440 - of_day + 480),
            _ => None,
        })
        .collect()
}

const NIGHTS: &str = "quiet={ from = \"21:00\", to = \"08:00\" }";
const REFUSED: &str = "quiet={ from = \"21:00\", to = \"08:00\", on_quiet = \"refuse\" }";

#[test]
fn a_stream_asks_when_its_quiet_hours_end() {
    let held = night_waits(3).len() as u64;
    let nights = format!("traffic.t.{NIGHTS}");
    let results = over_days("", 3, &[&nights]);
    assert_eq!((results.requests.total, results.traffic[0].quiet_held), (3 * 1_440, held));
    assert_eq!(results.total().layers.delivered, 3 * 1_440);
    // Requests are made at their end, and count from then: samples of 12 minutes.
    assert_eq!(mean(&results, Stage::Delivery), 0.0);
    assert_eq!((results.series[39].requests, results.series[40].requests), (0, 480 + 12));
    // Sundays, too: from Saturday 21:00 to Monday 08:00, 35 hours.
    let weekend = "traffic.t.quiet=[{ from = \"21:00\", to = \"08:00\" }, { days = [\"sun\"] }]";
    let results = over_days("", 3, &[weekend, "scenario.start_day=sat"]);
    let monday = 56 * 5;
    assert_eq!(results.series[monday - 1].requests, 0);
    assert_eq!(results.series[monday].requests, 35 * 60 + 12);
    // What would be made after the run's end is never made.
    let results = over_days("", 3, &[&nights, "scenario.drain=1h"]);
    assert_eq!((results.requests.total, results.traffic[0].quiet_held), (3 * 1_440 - 180, held));
}

#[test]
fn a_stream_is_refused_in_quiet_hours() {
    let held = night_waits(3).len() as u64;
    let nights = format!("traffic.t.{REFUSED}");
    let results = over_days("", 3, &[&nights]);
    assert_eq!(rejected(&results, Rejection::QuietHours), held);
    assert_eq!(results.total().layers.delivered, 3 * 1_440 - held);
    // A client that calls again after eleven hours comes through.
    let again =
        "client.retry={ max_attempts = 2, backoff.fixed.delay = \"11h\", on = [\"quiet_hours\"] }";
    let results = over_days("", 3, &[&nights, again]);
    assert_eq!(rejected(&results, Rejection::QuietHours), 0);
    assert_eq!(results.requests.client_retries, held);
}

#[test]
fn a_queue_lets_nothing_go_in_quiet_hours() {
    let waits = night_waits(3);
    let expected = 60.0 * waits.iter().sum::<u64>() as f64 / (3.0 * 1_440.0);
    let nights = format!("queue.main.{NIGHTS}");
    for dispatch in ["workers", "provider"] {
        let dispatch = format!("queue.main.dispatch={dispatch}");
        let results = over_days("", 3, &[&nights, &dispatch]);
        near(mean(&results, Stage::QueueWait), expected, 1e-9);
        assert_eq!(results.queues[0].quiet_held, waits.len() as u64);
        assert_eq!(results.queues[0].depth.max, 660);
    }
    // Refused: what comes in them fails, and so does what waits when they begin. A worker takes 390 of the 780
    // that come from 08:00 to 21:00.
    let refused = format!("queue.main.{REFUSED}");
    let slow = ["queue.main.workers=1", "queue.main.overhead=2min", "scenario.start=08:00"];
    let results = over_days("", 1, &[&slow[..], &[&refused]].concat());
    assert_eq!(results.queues[0].quiet_refused, 390 + 660);
    assert_eq!(truth(&results, Truth::DiscardedByQueue), 390 + 660);
    let seen = results.observed[Truth::DiscardedByQueue as usize][Observed::Failed as usize];
    assert_eq!((seen, results.total().layers.delivered), (390 + 660, 390));
}

#[test]
fn a_carrier_holds_or_refuses_in_quiet_hours() {
    let waits = night_waits(3);
    let expected = 60.0 * waits.iter().sum::<u64>() as f64 / (3.0 * 1_440.0);
    let results = over_days("", 3, &[&format!("carrier.c.{NIGHTS}")]);
    near(mean(&results, Stage::Delivery), expected, 1e-9);
    assert_eq!(results.carriers[0].quiet_held, waits.len() as u64);
    let results = over_days("", 3, &[&format!("carrier.c.{REFUSED}")]);
    let refused = waits.len() as u64;
    assert_eq!(results.carriers[0].quiet_refused, refused);
    let seen = results.observed[Truth::ThrottledOut as usize][Observed::Rejected as usize];
    assert_eq!((seen, results.total().layers.delivered), (refused, 3 * 1_440 - refused));
    // Held first, refused at the end of that: on Fridays from 21:00 on, into a Saturday without messages.
    let both = "carrier.c.quiet=[{ from = \"21:00\", to = \"00:00\", days = [\"fri\"] }, \
                { days = [\"sat\"], on_quiet = \"refuse\" }]";
    let results = over_days("", 2, &[both, "scenario.start_day=fri"]);
    let counted = &results.carriers[0];
    assert_eq!((counted.quiet_held, counted.quiet_refused), (180, 180 + 1_440));
}

#[test]
fn people_opt_out_in_the_course_of_a_run() {
    let opts_out = |after: &str, checked: &str| {
        format!("traffic.t.opts_out={{ share = 1, after = \"{after}\", checked = \"{checked}\" }}")
    };
    let people = "traffic.t.recipients=1000";
    // All of them at noon: later ones are refused, and those that are under way for an hour are sent all the
    // same, or dropped right before the submit.
    let noon = opts_out("12h", "accept");
    let results = over_days("", 1, &[people, &noon, "queue.main.overhead=1h"]);
    let of = |results: &Results| {
        let own = results.traffic[0].opt_outs;
        (own.refused, own.dropped, own.delivered)
    };
    assert_eq!((rejected(&results, Rejection::Invalid), of(&results)), (720, (720, 0, 60)));
    let looks = opts_out("12h", "submit");
    let results = over_days("", 1, &[people, &looks, "queue.main.overhead=1h"]);
    assert_eq!(of(&results), (720, 60, 0));
    let seen = results.observed[Truth::DiscardedByQueue as usize][Observed::Failed as usize];
    assert_eq!(seen, 60);
    // The same where messages stay in their queue until the provider takes them.
    let paced = ["queue.main.dispatch=provider", "queue.main.quiet={ to = \"13:00\" }"];
    let results = over_days("", 1, &[&paced[..], &[people, &looks]].concat());
    assert_eq!(of(&results), (720, 720, 0));
    // Nobody is there to opt out where each message has a person of its own.
    assert_eq!(of(&over_days("", 1, &[&noon])), (0, 0, 0));
    // By chance: half of many people, each after an exponential time.
    let chance = "traffic.t.opts_out={ share = 0.5, after.exponential = { mean = \"6h\" } }";
    let many = "traffic.t.recipients=100000000";
    let results = over_days("", 1, &[chance, many, "traffic.t.arrivals.constant.rate=10/min"]);
    let out = |minute: f64| 0.5 * (1.0 - f64::exp(-minute / 360.0));
    let shares: Vec<f64> = (0..14_400).map(|tenth| out(f64::from(tenth) / 10.0)).collect();
    let expected: f64 = shares.iter().sum();
    let deviation = shares.iter().map(|p| p * (1.0 - p)).sum::<f64>().sqrt();
    let refused = results.traffic[0].opt_outs.refused as f64;
    assert!((refused - expected).abs() < 3.29 * deviation, "{refused}, expected {expected}");
}

/// When messages that ask at these times leave a line of `servers`, each of which takes so long by the time at
/// which it begins; in order.
fn line(asks: &[f64], servers: usize, takes: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut free = vec![0.0_f64; servers];
    let begins = |&ask: &f64| {
        let first = free.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        let (server, since) = first.unwrap();
        let begin = f64::max(ask, since);
        free[server] = begin + takes(begin);
        begin
    };
    asks.iter().map(begins).collect()
}

fn shipped(file: &str, set: &[&str]) -> Results {
    let path = format!("{}/scenarios/{file}.toml", env!("CARGO_MANIFEST_DIR"));
    run_text(&std::fs::read_to_string(path).unwrap(), set)
}

#[test]
fn a_weekend_of_offers_goes_out_on_monday_at_eight() {
    // A tenth of all rates, evenly spaced: 3 offers and 1.2 codes a minute, one a second goes.
    let even = [
        "traffic.offers.arrivals.constant.rate=3/min",
        "traffic.codes.arrivals.constant.rate=72/h",
        "provider.alpha.throttle.rate=1/s",
        "provider.alpha.latency=0s",
        "carrier.northwind.latency=0s",
    ];
    let results = shipped("quiet-weekend", &even);
    // At one instant what was held goes first, then streams in the order of their names.
    const HELD: u8 = 0;
    const CODE: u8 = 1;
    const OFFER: u8 = 2;
    let due =
        |every: f64| (0..).map(move |i| f64::from(i) * every).take_while(|at| *at < 172_800.0);
    // From Saturday 18:00 on the quiet hours are those from three hours later to Monday 08:00.
    let offer = |at: f64| match at / 3_600.0 {
        3.0..38.0 => (38.0 * 3_600.0, HELD),
        _ => (at, OFFER),
    };
    let codes = due(50.0).map(|at| (at, CODE));
    let mut asks: Vec<(f64, u8)> = due(20.0).map(offer).chain(codes).collect();
    asks.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let times: Vec<f64> = asks.iter().map(|ask| ask.0).collect();
    let begins = line(&times, 1, |_| 1.0);
    let waits = |codes: bool| {
        let of = asks.iter().zip(&begins).filter(move |(ask, _)| (ask.1 == CODE) == codes);
        of.map(|(ask, begin)| begin - ask.0).collect::<Vec<f64>>()
    };
    let streams = [("codes", 0, waits(true)), ("offers", 1, waits(false))];
    for (name, index, waits) in streams {
        let told = &results.traffic[index].delivery;
        near(told.mean_s().unwrap(), waits.iter().sum::<f64>() / waits.len() as f64, 1e-6);
        let longest = waits.into_iter().fold(0.0, f64::max);
        near(told.max_s().unwrap(), longest, 1e-6);
        // The code of Monday at eight waits behind all 6,300.
        assert!(name != "codes" || longest == 6_300.0, "{longest}");
    }
    assert_eq!(results.traffic[1].quiet_held, 35 * 60 * 3);
    // Codes that go first don't notice.
    let first = [&even[..], &["queue.main.discipline=priority"]].concat();
    let codes = &shipped("quiet-weekend", &first).traffic[0].delivery;
    assert!(codes.max_s().unwrap() <= 2.0, "{:?}", codes.max_s());
}

#[test]
fn evenings_are_slow_through_a_narrow_window() {
    let even = [
        "traffic.messages.arrivals.profile={ repeat = \"daily\", points = [[\"12:00\", \"1.5/s\"], [\"17:00\", \"1.5/s\"], [\"19:00\", \"4/s\"], [\"21:00\", \"4/s\"], [\"23:00\", \"1/s\"]] }",
        "provider.alpha.latency=500ms",
        "provider.alpha.failures.transient=0",
        "carrier.northwind.latency=0s",
    ];
    let results = shipped("slow-evenings", &even);
    // A fluid in steps of a second, from noon on.
    let hour = |second: u32| 12.0 + f64::from(second) / 3_600.0;
    let between = |at: f64, points: &[(f64, f64)]| {
        let pair = points.windows(2).find(|pair| (pair[0].0..=pair[1].0).contains(&at)).unwrap();
        let ((from, low), (to, high)) = (pair[0], pair[1]);
        low + (high - low) * (at - from) / (to - from)
    };
    let rate = [(12.0, 1.5), (17.0, 1.5), (19.0, 4.0), (21.0, 4.0), (23.0, 1.0), (24.0, 1.0)];
    let slow = [(12.0, 1.0), (17.0, 1.0), (19.0, 4.0), (22.0, 4.0), (23.0, 1.0), (24.0, 1.0)];
    let (mut waiting, mut most) = (0.0_f64, 0.0_f64);
    for second in 0..43_200 {
        let at = hour(second);
        // From 23:00 on the rate goes on falling to noon's, a little.
        let passes = 5.0 / (0.5 * between(at, &slow));
        waiting = (waiting + between(at, &rate) - passes).max(0.0);
        most = most.max(waiting);
    }
    near(results.queues[0].depth.max as f64, most, 0.04);
    assert!(most > 10_000.0, "{most}");
    // Twice the window passes what the evening asks for.
    let wide = [&even[..], &["provider.alpha.window=10"]].concat();
    assert!(shipped("slow-evenings", &wide).queues[0].depth.max < 200);
}

#[test]
fn alerts_of_eighty_minutes_fail_on_every_sunday() {
    let days = ["scenario.duration=8d", "traffic.alerts.arrivals.constant.rate=1/min"];
    let results = shipped("sunday-maintenance", &days);
    // Those of 02:00 to before 03:20 are given up before the bind is back at 03:30; that of 03:20 is just too late.
    let failed = truth(&results, Truth::RetriesExhausted);
    assert!((160..=164).contains(&failed), "{failed}");
    let receipts = results.total().layers.unseen as f64;
    // Two hours a night, a tenth of them.
    assert!((receipts - 8.0 * 12.0).abs() < 3.3 * f64::sqrt(96.0 * 0.9), "{receipts}");
    let wait = [days[0], days[1], "traffic.alerts.validity=4h"];
    assert_eq!(truth(&shipped("sunday-maintenance", &wait), Truth::RetriesExhausted), 0);
}

#[test]
fn who_opts_out_overnight_is_texted_or_dropped() {
    let opt_outs = |set: &[&str]| shipped("stop-while-queued", set).traffic[0].opt_outs;
    // 9,000 by 21:00; of the others the i-th goes out at 08:00 and a fifth of i seconds.
    let out = |seconds: f64| 0.02 * (1.0 - f64::exp(-seconds / (260.0 * 60.0)));
    let held = (0..11_000).map(|i| out(11.5 * 3_600.0 + f64::from(i) / 5.0));
    let early = (0..9_000).map(|i| out(f64::from(i) / 5.0));
    let expected: f64 = held.chain(early).sum();
    let spread = 3.3 * expected.sqrt();
    let sent = opt_outs(&["carrier.northwind.latency=0s"]);
    assert!((sent.delivered as f64 - expected).abs() < spread, "{sent:?}, {expected}");
    assert_eq!((sent.dropped, sent.refused), (0, 0));
    let looked =
        opt_outs(&["carrier.northwind.latency=0s", "traffic.offer.opts_out.checked=submit"]);
    // The same people, who are dropped now.
    assert_eq!((looked.dropped, looked.delivered), (sent.delivered, 0));
}
