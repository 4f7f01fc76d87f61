//! Times in which a carrier was slow, failed or fell silent, each with an interval and in the scenario's own words.

use smschain::fit::Composed;
use smschain::scenario::{Overrides, Source, load};
use smschain::special::normal_quantile;

use crate::drawn::Uniform;
use crate::twenty_minutes::{fitted_to, found, near};

/// What is unusual at the carrier from minute 60 to minute 80, of three hours at one message a second.
#[derive(Clone, Copy)]
struct Outage {
    fail: f64,
    lose: f64,
    factor: f64,
}

const NONE: Outage = Outage { fail: 0.02, lose: 0.0, factor: 1.0 };

/// Three hours of messages, of which a share is lost at all times, cut off at the last request or when all was over.
fn log(seed: u64, outage: Outage, lost: f64, is_cut: bool) -> Composed {
    let mut draws = Uniform::new(seed);
    let mut draw = move || draws.next().unwrap();
    let mut rows = "id,submitted,done,status,carrier\n".to_owned();
    let (mut at, mut number) = (0.0, 0);
    loop {
        at -= libm::log(draw());
        if at >= 10_800.0 {
            return fitted_to(rows.as_bytes());
        }
        let now = if (3_600.0..4_800.0).contains(&at) { outage } else { NONE };
        let took = now.factor * 4.0 * libm::exp(0.668 * normal_quantile(draw()));
        let ok = draw() >= now.fail;
        let gone = draw() < lost.max(now.lose) || is_cut && at + took > 10_800.0;
        let ms = |at: f64| 1_772_409_600_000 + (at * 1e3) as i64;
        let done = if ok && gone { String::new() } else { ms(at + took).to_string() };
        let state = if !ok {
            "undelivered"
        } else if gone {
            "sent"
        } else {
            "delivered"
        };
        rows.push_str(&format!("{number},{},{done},{state},north\n", ms(at)));
        number += 1;
    }
}

/// The incidents as the scenario that is read has them.
fn incidents(fit: &Composed) -> usize {
    let (name, text) = ("fit.toml".to_owned(), fit.text.clone());
    let source = Source { name, text, base: std::path::PathBuf::new() };
    let scenario = load(&source, &Overrides::default()).unwrap();
    scenario.spec.incidents.len()
}

#[test]
fn a_carrier_that_fails_and_is_slow_does_both_in_the_scenario() {
    let fit = log(1, Outage { fail: 0.4, factor: 4.0, ..NONE }, 0.0, false);
    near(&fit, "incident.carrier-north-1.failures", 0.388, 0.1);
    near(&fit, "incident.carrier-north-1-slow.latency_factor", 4.0, 0.1);
    assert_eq!(incidents(&fit), 2);
    for written in
        ["target = \"carrier.north.filter.spell\"", "target = \"carrier.north\"\nlatency_factor"]
    {
        assert!(fit.text.contains(written), "{}", fit.text);
    }
}

#[test]
fn what_falls_silent_for_a_while_is_an_incident_and_no_loss_of_all_times() {
    for is_cut in [false, true] {
        let fit = log(2, Outage { lose: 0.9, ..NONE }, 0.0, is_cut);
        near(&fit, "incident.carrier-north-1.lost", 0.9, 0.05);
        near(&fit, "incident.carrier-north-1.at", 3_600.0, 0.02);
        near(&fit, "incident.carrier-north-1.for", 1_200.0, 0.05);
        let loss = found(&fit, "carrier.north.loss");
        assert!(loss.is_none_or(|[loss, ..]| loss < 0.001), "{}", fit.text);
        assert!(fit.text.contains("action = \"silent\""), "{}", fit.text);
        assert_eq!(incidents(&fit), 1);
    }
    // Beyond what is lost at all times: of what that leaves.
    let fit = log(3, Outage { lose: 0.5, fail: 0.3, ..NONE }, 0.05, false);
    near(&fit, "incident.carrier-north-1-lost.lost", 1.0 - 0.5 / 0.95, 0.15);
    near(&fit, "incident.carrier-north-1.failures", 0.286, 0.15);
    near(&fit, "carrier.north.loss", 0.05, 0.1);
}

#[test]
fn what_is_lost_evenly_or_under_way_at_the_export_is_no_incident() {
    for (lost, is_cut) in [(0.12, false), (0.01, true), (0.0, true)] {
        let fit = log(4, NONE, lost, is_cut);
        assert!(fit.incidents.is_empty(), "{}", fit.text);
        let loss = found(&fit, "carrier.north.loss").map_or(0.0, |own| own[0]);
        assert!((loss - lost).abs() < 0.1 * lost + 0.001, "{loss} for {lost}");
    }
}

#[test]
fn incidents_have_intervals_that_hold_the_truth() {
    let truths = [
        ("incident.carrier-north-1.at", 3_600.0),
        ("incident.carrier-north-1.for", 1_200.0),
        ("incident.carrier-north-1.failures", 1.0 - 0.6 / 0.98),
        ("incident.carrier-north-1-slow.latency_factor", 3.0),
    ];
    let fits: Vec<Composed> = (11..=16)
        .map(|seed| log(seed, Outage { fail: 0.4, lose: 0.0, factor: 3.0 }, 0.0, false))
        .collect();
    for (path, truth) in truths {
        let holds = |fit: &&Composed| {
            let [_, low, high] = found(fit, path).unwrap_or_else(|| panic!("{path}: {}", fit.text));
            low < high && low <= truth && truth <= high
        };
        // Of six of 95 % four or fewer do in one series of thirty.
        assert!(fits.iter().filter(holds).count() >= 5, "{path}");
    }
}
