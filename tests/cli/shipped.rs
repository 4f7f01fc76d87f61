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
