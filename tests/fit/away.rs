//! Handsets that are away: told by a code at once, or when it had been waited for them.

use smschain::fit::Composed;
use smschain::special::normal_quantile;

use crate::drawn::Uniform;
use crate::twenty_minutes::{fitted_to, found, near};

/// An hour of an Infobip log at two messages a second, of which a twentieth ends as `away` says: after so long (by a
/// factor of its spread), in a state and with an error.
fn log(away: (f64, f64, &str, &str)) -> Composed {
    let mut draws = Uniform::new(9);
    let mut draw = move || draws.next().unwrap();
    let clock = |at: f64| {
        let (minute, second) = ((at / 60.0) as u32, at % 60.0);
        format!("2026-03-02T{:02}:{:02}:{second:06.3}Z", 8 + minute / 60, minute % 60)
    };
    let mut rows = "messageId,to,sentAt,doneAt,status.groupName,error.name,mccMnc\n".to_owned();
    let (mut at, mut number) = (0.0, 0);
    loop {
        at -= 0.5 * libm::log(draw());
        if at >= 3_600.0 {
            return fitted_to(rows.as_bytes());
        }
        let (state, error, took, spread) = match draw() {
            own if own < 0.05 => (away.2, away.3, away.0, away.1),
            own if own < 0.06 => ("UNDELIVERABLE", "EC_UNKNOWN_SUBSCRIBER", 4.0, 0.668),
            _ => ("DELIVERED", "NO_ERROR", 4.0, 0.668),
        };
        let done = at + took * libm::exp(spread * normal_quantile(draw()));
        let (sent, done) = (clock(at), clock(done));
        rows.push_str(&format!("{number},49151{number:08},{sent},{done},{state},{error},26201\n"));
        number += 1;
    }
}

#[test]
fn handsets_of_which_a_code_tells_at_once_are_not_waited_for() {
    let fit = log((8.0, 0.56, "UNDELIVERABLE", "EC_ABSENT_SUBSCRIBER"));
    let carrier = "carrier.26201";
    near(&fit, &format!("{carrier}.filter.unreachable.probability"), 0.05, 0.1);
    near(&fit, &format!("{carrier}.unknown_subscriber"), 0.01, 0.3);
    for absent in ["absent", "expired,", "validity ="] {
        assert!(!fit.text.contains(absent), "{absent}: {}", fit.text);
    }
    let doubt = fit.assumptions.iter().find(|own| own.path == "traffic.validity").unwrap();
    assert!(doubt.why.contains("no message expired"), "{doubt:?}");
    assert!(!doubt.other.is_empty() && doubt.value == "none", "{doubt:?}");
}

#[test]
fn the_validity_is_the_age_at_which_messages_expired() {
    // A carrier that gives up says so by its state, or by a code alone.
    for (state, error) in [
        ("EXPIRED", "NO_ERROR"),
        ("EXPIRED", "EC_ABSENT_SUBSCRIBER"),
        ("UNDELIVERABLE", "EC_ABSENT_SUBSCRIBER"),
    ] {
        // Longer and shorter than the longest delivery.
        for age in [1_800.0, 45.0] {
            let fit = log((age, 0.005, state, error));
            let set = format!("validity = \"{age}s\"  # the age at which messages expired");
            assert!(fit.text.contains(&set), "{state} {error}: {}", fit.text);
            near(&fit, "carrier.26201.absent.probability", 0.05, 0.15);
            assert_eq!(found(&fit, "carrier.26201.filter.unreachable.probability"), None);
            assert!(fit.assumptions.iter().all(|own| own.path != "traffic.validity"));
        }
    }
}
