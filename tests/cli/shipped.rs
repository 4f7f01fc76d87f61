//! The stories of shipped scenarios that a sweep or a search for capacity tells.

use super::session::{Ended, Session};
use serde_json::Value;

/// What a command on a shipped scenario says as JSON.
fn told(command: &str, file: &str, more: &[&str]) -> Value {
    let session = Session::new(&format!("shipped-{command}-{file}"));
    let scenario = format!("{}/scenarios/{file}.toml", env!("CARGO_MANIFEST_DIR"));
    let mut asked = session.command(command);
    asked.arg(scenario).args(more).args(["--no-files", "--quiet", "--format", "json"]);
    serde_json::from_str(&Ended::new(asked.output().unwrap()).with(0).out).unwrap()
}

/// The mean of a figure in each cell of a sweep.
fn means(sweep: &Value, path: &str) -> Vec<f64> {
    let cells = sweep["cells"].as_array().unwrap();
    cells.iter().map(|cell| cell["metrics"][path]["mean"].as_f64().unwrap()).collect()
}

const GAP: &str = "divergence.api_vs_on_time";

/// A provider thirty times as slow starves the other behind a shared queue, and only its own
/// messages with a queue for each, even with as many workers in all.
#[test]
fn a_slow_provider_blocks_a_shared_queue() {
    let queues = "route.2.queue=shared,separate";
    let slow = "incident.beta-slows.latency_factor=1,30";
    let sweep = told(
        "sweep",
        "shared-queue-blocking",
        &["-n", "1", "--vary", queues, "--vary", slow, "--set", "queue.shared.workers=24"],
    );
    let [shared_well, shared, separate_well, separate] = means(&sweep, GAP)[..] else {
        panic!("{sweep}");
    };
    assert!(shared_well < 0.001 && separate_well < 0.001, "{shared_well}, {separate_well}");
    assert!(shared > 0.5 && separate < 0.2, "{shared}, {separate}");
    let codes = means(&sweep, "traffic.codes.divergence.api_vs_on_time");
    assert!(codes[1] > 0.5 && codes[3] == 0.0, "{codes:?}");
    assert!(means(&sweep, "layers.api_success").iter().all(|&accepted| accepted > 90_000.0));
}

/// Cap and rate have each to be good enough for the campaign.
#[test]
fn a_trust_score_buys_a_campaign() {
    let sweep = told(
        "sweep",
        "capacity-10dlc",
        &[
            "-n",
            "1",
            "--slo",
            "within.2h >= 95%",
            "--vary",
            "carrier.northwind.daily_cap.limit=2000,10000,40000,200000",
            "--vary",
            "carrier.acme.throttle.rate=0.2/s,1/s,10/s",
        ],
    );
    let cells = sweep["cells"].as_array().unwrap();
    let met: Vec<bool> =
        cells.iter().map(|cell| cell["slo"][0]["met"].as_bool().unwrap()).collect();
    let expected = [[false; 3], [false; 3], [false, false, true], [false, false, true]];
    assert_eq!(met, expected.concat());
    // Of two tiers, the better one never has more of a gap.
    let gaps = means(&sweep, GAP);
    let worse = gaps.iter().zip(&gaps[3..]);
    assert!(worse.clone().all(|(low, high)| low >= high), "{gaps:?}");
}

/// The tier and class that are set bear some 23,000 messages, and the cap binds.
#[test]
fn a_tier_bears_so_large_a_campaign() {
    let slo = ["--slo", "within.2h >= 95%", "-n", "5", "--tolerance", "20%"];
    let found = told("capacity", "capacity-10dlc", &slo);
    let bracket = [&found["bracket"][0], &found["bracket"][1]].map(|end| end.as_f64().unwrap());
    assert!(bracket[0] >= 0.5 && bracket[0] < 0.58 && bracket[1] > 0.577, "{bracket:?}");
    assert!(bracket[1] < 0.7, "{bracket:?}");
    assert_eq!(found["binding"]["station"], "carrier.northwind", "{}", found["binding"]);
}

/// A campaign on the sender's throughput makes the orders of half a day late; priority or a short
/// code's throughput gets them there.
#[test]
fn a_campaign_takes_the_sender_s_throughput() {
    let sweep = told(
        "sweep",
        "black-friday",
        &[
            "-n",
            "1",
            "--vary",
            "queue.main.discipline=fifo,priority",
            "--vary",
            "provider.alpha.throttle.rate=3/s,100/s",
        ],
    );
    let orders = means(&sweep, "traffic.orders.divergence.api_vs_on_time");
    assert!((0.4..0.5).contains(&orders[0]), "{orders:?}");
    assert!(orders[1..].iter().all(|&gap| gap < 0.002), "{orders:?}");
    let offers = means(&sweep, "traffic.offers.divergence.api_vs_on_time");
    assert!(offers[0] == 0.0 && offers[2] > 0.3 && offers[3] == 0.0, "{offers:?}");
    assert!(means(&sweep, "layers.outcome_success") == means(&sweep, "layers.requested"));
}

/// What a provider loses without a word, another way saves, unless it comes after the deadline; and whom a
/// receipt was lost of gets two.
#[test]
fn silence_fails_over_in_time_or_not() {
    let sweep = told(
        "sweep",
        "receipt-failover",
        &[
            "-n",
            "1",
            "--scale",
            "0.3",
            "--vary",
            "on_receipt.retry.max_attempts=0,1",
            "--vary",
            "on_receipt.after=60s,2m",
        ],
    );
    let of = |path: &str| {
        let all = means(&sweep, "layers.api_success");
        means(&sweep, path).iter().zip(all).map(|(count, all)| count / all).collect::<Vec<f64>>()
    };
    let near = |share: f64, expected: f64| (share - expected).abs() < 0.01;
    let [_, never, soon, late] = of("layers.outcome_on_time")[..] else { panic!("{sweep}") };
    // 6 % are lost, a half of a percent has no subscriber, and some handsets stay off.
    assert!(near(never, 0.925) && near(soon, 0.984) && near(late, never), "{never} {soon} {late}");
    let saved = of("on_receipt.delivered");
    assert!(saved[..2] == [0.0, 0.0] && near(saved[2], 0.06) && near(saved[3], 0.06), "{saved:?}");
    // One receipt in twenty is lost, of what arrived and is not late.
    let doubled = of("on_receipt.duplicates");
    assert!(near(doubled[2], 0.94 * 0.05 + 0.008), "{doubled:?}");
}

/// A provider that keeps everything for six minutes loses ten points at a time, and gets ten back each hour: late are
/// half of five minutes' messages, 40 to 10 % of ten minutes' each, and 10 % of ten minutes' four times.
#[test]
fn traffic_moves_away_from_a_slow_provider() {
    let compared = told(
        "compare",
        "slow-provider",
        &["-n", "2", "--policies", "scenario,slow.none,gov-uk-notify-2020"],
    );
    let late = means(&compared, "truth.delivered_late");
    let taken = means(&compared, "routes.1.share");
    let of_minutes = |late: f64, minutes: f64| {
        let expected = 120.0 * minutes * 0.995;
        assert!((late - expected).abs() < 4.0 * expected.sqrt(), "{late}, not {expected}");
    };
    of_minutes(late[0], 0.5 * 5.0 + 10.0 * (0.4 + 0.3 + 0.2 + 0.1) + 4.0 * 0.1 * 10.0);
    of_minutes(late[1], 0.5 * 360.0);
    // At 30 % it begins a minute later.
    of_minutes(late[2], 0.5 * 6.0 + 10.0 * (0.4 + 0.3 + 0.2 + 0.1) + 4.0 * 0.1 * 10.0);
    assert!(taken[1] > 0.49 && taken[0] < 0.05, "{taken:?}");
}

/// Half of a campaign on the codes' provider makes whoever comes last wait for 639 s; by their own route no code waits.
#[test]
fn codes_by_their_own_route_are_not_delayed() {
    let run = |more: &[&str]| told("run", "codes-by-their-own-route", more);
    let (own, shared) = (run(&[]), run(&["--unset", "route.1.only", "--unset", "route.2.only"]));
    let codes = |report: &Value| report["traffic"]["codes"]["layers"]["outcome_on_time"].clone();
    assert_eq!(codes(&own), own["traffic"]["codes"]["layers"]["requested"]);
    assert!(codes(&shared).as_f64().unwrap() < 0.8 * codes(&own).as_f64().unwrap());
    assert_eq!(own["queues"]["codes"]["max_depth"], 0);
    assert_eq!(own["routes"]["1"]["copies"], own["traffic"]["codes"]["layers"]["api_success"]);
    let longest = shared["latency"]["queue_wait"]["max_s"].as_f64().unwrap();
    assert!((longest - 25_560.0 / 40.0).abs() < 0.05 * 639.0, "{longest}");
}

/// What is over the cap goes on after each midnight, as far as the day's count and the numbers' rate go; of two
/// throttles the campaign's binds.
#[test]
fn what_is_over_the_cap_arrives_after_midnight() {
    let within = |run: &Value, stream: &str, time: &str| {
        run["traffic"][stream]["within"][time].as_f64().unwrap()
    };
    let run = told("run", "over-the-cap", &[]);
    let northwind = &run["carriers"]["northwind"];
    assert_eq!((northwind["held"].as_u64(), northwind["capped"].as_u64()), (Some(5_000), Some(0)));
    // 2,000 of 7,000 each day, the last 1,000 on the third.
    for (time, there) in
        [("10m", 2_000.0), ("1h", 2_000.0), ("15h", 4_000.0), ("39h", 6_000.0), ("63h", 7_000.0)]
    {
        assert_eq!(within(&run, "to-northwind", time), there / 7_000.0, "{time}");
    }
    // Midnight is 14 h, 38 h and 62 h away; five numbers pass five a second.
    let last = run["traffic"]["to-northwind"]["latency"]["delivery"]["max_s"].as_f64().unwrap();
    assert!((last - (62.0 * 3_600.0 + 199.0)).abs() < 1e-6, "{last}");
    // 75 in each of 40 minutes, five of them at its first instant.
    assert_eq!(within(&run, "to-acme", "10m"), 755.0 / 3_000.0);
    let last = run["traffic"]["to-acme"]["latency"]["delivery"]["max_s"].as_f64().unwrap();
    assert!((last - (39.0 * 60.0 + 14.0)).abs() < 1e-6, "{last}");
    let used = &run["carriers"]["acme"]["throttle_used"];
    assert!(used["campaign_1min"].as_f64() > used["sender"].as_f64(), "{used}");
    let fails = ["--set", "carrier.northwind.daily_cap.on_excess=fail"];
    let run = told("run", "over-the-cap", &fails);
    assert_eq!(run["carriers"]["northwind"]["capped"].as_u64(), Some(5_000));
    assert_eq!(run["truth"]["throttled_out"].as_u64(), Some(5_000));
}

/// A bot that takes its time stays under a limit by recipient; one by prefix leaves it what two ranges get.
#[test]
fn a_limit_by_prefix_stops_the_bot() {
    let pumped = |limits: &str| {
        let set = format!("api.limits={limits}");
        let run = told("run", "otp-pumping", &["--set", &set]);
        let accepted = |stream: &str| run["traffic"][stream]["layers"]["api_success"].as_u64();
        (accepted("pumped").unwrap(), accepted("codes").unwrap())
    };
    let (all, codes) = pumped("[]");
    assert_eq!(all, 20_000);
    let (slow, _) = pumped("[{ scope = 'recipient', rate = '36/h', burst = 3 }]");
    assert!(slow > 17_000, "{slow}");
    let (daily, _) = pumped("[{ scope = 'recipient', limit = 5, per = '1day' }]");
    // Ten on average for each of 2,000: hardly any has fewer than five.
    assert!((9_700..=10_000).contains(&daily), "{daily}");
    let run = told("run", "otp-pumping", &[]);
    let layers = |stream: &str| run["traffic"][stream]["layers"]["api_success"].as_u64().unwrap();
    // Two ranges, two hours of the clock, sixty each.
    assert_eq!(layers("pumped"), 240);
    assert!(layers("codes") >= codes - 30, "{} of {codes}", layers("codes"));
    assert!(run["requests"]["limited_by"]["prefix_1h"].as_u64() > Some(10_000));
}

/// Who is taken x before the end of the brown-out is sent 1 + ⌈x / 30 s⌉ times: of 20 a second for 180 s 3,600 get
/// it twice or more, in 20 × 30 × (1 + 2 + … + 6) copies too many.
#[test]
fn a_lease_shorter_than_the_answer_sends_it_again() {
    let leases = "queue.main.lease=30s,41s";
    let sweep = told("sweep", "visibility-timeout", &["-n", "1", "--vary", leases]);
    let of = |path: &str| means(&sweep, path);
    // Within five standard deviations of the Poisson arrivals.
    let (twice, copies) = (of("duplicates.delivered_twice"), of("duplicates.copies"));
    assert!((twice[0] - 3_600.0).abs() < 5.0 * 3_600_f64.sqrt(), "{twice:?}");
    let spread = (20.0 * 30.0 * (1 + 4 + 9 + 16 + 25 + 36) as f64).sqrt();
    assert!((copies[0] - 12_600.0).abs() < 5.0 * spread, "{copies:?}");
    assert_eq!(of("queues.main.leases_ended")[0], copies[0]);
    assert_eq!((twice[1], copies[1]), (0.0, 0.0));
}

/// Messages wait behind slow ones that were fetched with them, and not where each worker takes one.
#[test]
fn messages_wait_behind_what_was_fetched_with_them() {
    let prefetch = "queue.main.prefetch=1,10";
    let sweep = told("sweep", "prefetch-behind-slow", &["-n", "1", "--vary", prefetch]);
    let [alone, fetched] = means(&sweep, GAP)[..] else { panic!("{sweep}") };
    assert!(fetched > 3.0 * alone && fetched > 0.1, "{alone}, {fetched}");
    let waits = means(&sweep, "latency.queue_wait.p99_s");
    assert!(waits[0] < 1.0 && waits[1] > 20.0, "{waits:?}");
    // As much work, by as many workers.
    let busy = means(&sweep, "queues.main.mean_busy_workers");
    assert!((busy[0] / busy[1] - 1.0).abs() < 0.02, "{busy:?}");
}

/// What is refused and put first keeps everything else from being done.
#[test]
fn what_is_requeued_first_blocks_the_rest() {
    let places = "queue.main.requeue=head,tail";
    let delays = "retry.backoff.fixed.delay=0s,10s";
    let set = ["-n", "1", "--vary", places, "--vary", delays];
    let codes =
        means(&told("sweep", "requeue-head", &set), "traffic.codes.divergence.api_vs_on_time");
    let [head, head_later, tail, tail_later] = codes[..] else { panic!("{codes:?}") };
    assert!(head > 0.4 && tail < 0.01, "{codes:?}");
    assert!(head_later < 0.01 && tail_later < 0.01, "{codes:?}");
}

/// Codes are late until there are workers; larger steps make them fewer, priority makes them none.
#[test]
fn workers_that_are_to_come_come_late() {
    let set = [
        "-n",
        "1",
        "--vary",
        "queue.main.autoscale.step=4,56",
        "--vary",
        "queue.main.discipline=fifo,priority",
    ];
    let sweep = told("sweep", "autoscale-campaign", &set);
    let late = means(&sweep, "traffic.codes.divergence.api_vs_on_time");
    let [steps, first, at_once, first_too] = late[..] else { panic!("{late:?}") };
    assert!(steps > 1.4 * at_once && at_once > 0.05, "{late:?}");
    assert!(first < 0.001 && first_too < 0.001, "{late:?}");
    let hours = means(&sweep, "queues.main.worker_hours");
    assert!(hours.iter().all(|&hours| hours > 8.0 && hours < 64.0), "{hours:?}");
    assert!(means(&sweep, "queues.main.max_workers")[2] == 64.0);
}

/// Of three parts the receipt of one is asked for: the sender sees delivered what a handset never shows, of
/// which the other rules make nothing at all, or yet more.
#[test]
fn the_receipt_of_the_last_part_says_little_of_the_whole() {
    let sweep = told(
        "sweep",
        "long-messages",
        &["-n", "1", "--scale", "0.3", "--vary", "provider.alpha.receipts.whole=last,all,any"],
    );
    let p: f64 = 0.01;
    let notices = means(&sweep, "parts.messages");
    let of = |path: &str| {
        let counts = means(&sweep, path);
        counts.iter().zip(&notices).map(|(count, all)| count / all).collect::<Vec<f64>>()
    };
    let near = |share: f64, expected: f64| (share - expected).abs() < 0.006;
    let complete = (1.0 - p).powi(3);
    assert!(of("parts.complete").iter().all(|&share| near(share, complete)), "{sweep}");
    let falsely = of("parts.incomplete_seen_delivered");
    let last = (1.0 - p) * (1.0 - (1.0 - p) * (1.0 - p));
    let any = 1.0 - p.powi(3) - complete;
    assert!(near(falsely[0], last) && near(falsely[2], any), "{falsely:?}");
    assert!(falsely[1] == 0.0, "{falsely:?}");
    let short = means(&sweep, "traffic.codes.divergence.api_vs_outcome");
    let long = means(&sweep, "traffic.notices.divergence.api_vs_outcome");
    assert!((2.2..4.0).contains(&(long[0] / short[0])), "{long:?}, {short:?}");
}
