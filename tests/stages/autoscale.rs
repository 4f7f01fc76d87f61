//! Workers that come and go: against a small model of its own, and against fixed workers.

use crate::support::as_step_by_step;
use smschain::chain::{Results, Stage};
use smschain::kernel::SECOND;
use std::collections::VecDeque;

/// So many messages at once, a second each.
const BATCH: &str = r#"
[scenario]
duration = "5m"
[[traffic]]
name = "t"
arrivals.campaign = { count = 400 }
[[queue]]
name = "main"
autoscale = { target_depth = 20, min = 1, max = 6, step = 2, delay = "15s", every = "10s" }
[[route]]
id = 1
provider = "p"
[[provider]]
name = "p"
latency = "1s"
[[carrier]]
name = "c"
"#;

fn of(set: &[&str]) -> Results {
    as_step_by_step(BATCH, set).0
}

#[derive(Debug, Clone, Copy)]
struct Rule {
    depth: Option<u64>,
    age: u64,
    min: u64,
    max: u64,
    step: u64,
    delay: u64,
    every: u64,
}

/// The same by whole seconds: done is who was taken a second ago. Returns hand-offs in the order of seconds, and
/// the workers that are there and those that are paid for in each second of 300.
fn by_hand(mut waiting: u64, rule: Rule) -> (Vec<u64>, Vec<u64>, Vec<u64>) {
    let (mut active, mut busy) = (rule.min, 0_u64);
    let mut starting: VecDeque<(u64, u64)> = VecDeque::new();
    let (mut sent, mut there, mut paid) = (Vec::new(), Vec::new(), Vec::new());
    let all = waiting;
    for now in 0..300 {
        if now == 0 {
            let taken = active.min(waiting);
            (busy, waiting) = (taken, waiting - taken);
        } else {
            // Who has started takes a message before anything else.
            while starting.front().is_some_and(|&(at, _)| at == now) {
                active += starting.pop_front().unwrap().1;
            }
            let mut fresh = active.saturating_sub(busy).min(waiting);
            waiting -= fresh;
            if now % rule.every == 0 {
                let ordered: u64 = starting.iter().map(|&(_, count)| count).sum();
                let (seen, target) = match rule.depth {
                    Some(depth) => (waiting, depth),
                    // All came at once.
                    None => (if waiting > 0 { now } else { 0 }, rule.age),
                };
                if seen > target {
                    let more = rule.step.min(rule.max - active - ordered);
                    match rule.delay {
                        0 => {
                            active += more;
                            let now_too = active.saturating_sub(busy + fresh).min(waiting);
                            (fresh, waiting) = (fresh + now_too, waiting - now_too);
                        }
                        delay if more > 0 => starting.push_back((now + delay, more)),
                        _ => {}
                    }
                } else if seen < target {
                    let mut fewer = rule.step.min(active + ordered - rule.min);
                    while fewer > 0 && !starting.is_empty() {
                        let last = starting.back_mut().unwrap();
                        let some = fewer.min(last.1);
                        (last.1, fewer) = (last.1 - some, fewer - some);
                        if last.1 == 0 {
                            starting.pop_back();
                        }
                    }
                    active -= fewer;
                }
            }
            // Then those are done that were taken a second ago.
            sent.extend((0..busy).map(|_| now));
            let taken = active.saturating_sub(fresh).min(busy).min(waiting);
            (busy, waiting) = (fresh + taken, waiting - taken);
        }
        let ordered: u64 = starting.iter().map(|&(_, count)| count).sum();
        there.push(active.max(busy));
        paid.push(active.max(busy) + ordered);
    }
    assert_eq!(sent.len() as u64, all);
    (sent, there, paid)
}

#[track_caller]
fn agrees(set: &[&str], count: u64, rule: Rule) {
    let count_is = format!("traffic.t.arrivals.campaign.count={count}");
    let set = [set, &[&count_is]].concat();
    let results = of(&set);
    let (sent, there, paid) = by_hand(count, rule);
    let total = results.total();
    let latency = &total.latency[Stage::HandOff as usize];
    let mean = sent.iter().sum::<u64>() as f64 / count as f64;
    assert!((latency.mean_s().unwrap() - mean).abs() < 1e-9, "{:?}, {mean}", latency.mean_s());
    assert_eq!(latency.max_s().unwrap(), *sent.last().unwrap() as f64);
    let queue = &results.queues[0];
    let area = |levels: &[u64]| u128::from(levels.iter().sum::<u64>()) * u128::from(SECOND);
    assert_eq!(queue.busy.area, u128::from(count) * u128::from(SECOND));
    assert_eq!(
        (queue.workers.area, queue.workers.max),
        (area(&there), *there.iter().max().unwrap())
    );
    assert_eq!(queue.paid.area, area(&paid));
}

#[test]
fn workers_follow_the_depth() {
    let rule = Rule { depth: Some(20), age: 0, min: 1, max: 6, step: 2, delay: 15, every: 10 };
    agrees(&[], 400, rule);
    // At once, one by one, and never enough.
    let at_once = "queue.main.autoscale.delay=0s";
    agrees(&[at_once], 400, Rule { delay: 0, ..rule });
    agrees(&["queue.main.autoscale.step=1"], 300, Rule { step: 1, ..rule });
    agrees(&["queue.main.autoscale.max=2"], 300, Rule { max: 2, ..rule });
    // Ordered for nothing: the queue is empty before they start.
    let slow = "queue.main.autoscale.delay=100s";
    agrees(
        &[slow, "queue.main.autoscale.min=3", "queue.main.workers=3"],
        90,
        Rule { min: 3, delay: 100, ..rule },
    );
}

#[test]
fn workers_follow_the_age_of_the_oldest() {
    let rule = Rule { depth: None, age: 25, min: 1, max: 8, step: 3, delay: 20, every: 15 };
    let set = "queue.main.autoscale={ target_age = \"25s\", min = 1, max = 8, step = 3, delay = \"20s\", every = \"15s\" }";
    agrees(&[set], 400, rule);
}

/// One that always finds less than its target is a queue of `min` workers.
#[test]
fn one_that_never_acts_changes_nothing() {
    let random = [
        "traffic.t.arrivals={ poisson = { rate = \"10/s\" } }",
        "provider.p.latency={ exponential = { mean = \"300ms\" } }",
    ];
    let rule = "queue.main.autoscale={ target_depth = 1000000, min = 4, max = 9 }";
    let scaled = of(&[&random[..], &[rule]].concat());
    let fixed = of(&[&random[..], &["queue=[{ name = 'main', workers = 4 }]"]].concat());
    assert_eq!(scaled.digest, fixed.digest);
    assert_eq!(scaled.queues[0].busy, fixed.queues[0].busy);
    assert_eq!(scaled.queues[0].workers.area, 4 * 300 * u128::from(SECOND));
}

/// Workers that incidents take are a share of those that there are.
#[test]
fn incidents_take_a_share_of_those_that_are_there() {
    let lost = "incident=[{ name = 'i', at = '0s', for = '1h', target = 'queue.main', workers_lost = 0.5 }]";
    let rule =
        "queue.main.autoscale={ target_depth = 0, min = 2, max = 8, step = 2, every = \"10s\" }";
    let results = of(&[lost, rule]);
    // One until 10 s, two until 20 s, three until 30 s, then four of eight: 60 by then, 340 to go.
    let total = results.total();
    assert_eq!(total.latency[Stage::HandOff as usize].max_s().unwrap(), 115.0);
}
