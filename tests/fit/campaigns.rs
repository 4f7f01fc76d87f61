//! Campaigns beside a stream, each to carriers of its own.

use smschain::fit::Composed;

use crate::drawn::Uniform;
use crate::twenty_minutes::{fitted_to, found, near};

/// Two hours at one message a second to two carriers, and ten minutes of four a second of which `share` go to the
/// first.
fn log(seed: u64, share: f64) -> Composed {
    let mut draws = Uniform::new(seed);
    let mut draw = move || draws.next().unwrap();
    let mut rows = "id,submitted,done,status,carrier\n".to_owned();
    let (mut at, mut number) = (0.0, 0);
    loop {
        at -= libm::log(draw()) / 5.0;
        if at >= 7_200.0 {
            return fitted_to(rows.as_bytes());
        }
        let is_usual = draw() < 0.2;
        if !is_usual && !(3_000.0..3_600.0).contains(&at) {
            continue;
        }
        let carrier = if draw() < if is_usual { 0.6 } else { share } { "north" } else { "south" };
        let ms = |at: f64| 1_772_409_600_000 + (at * 1e3) as i64;
        let (sent, done) = (ms(at), ms(at - 3.0 * libm::log(draw())));
        rows.push_str(&format!("{number},{sent},{done},delivered,{carrier}\n"));
        number += 1;
    }
}

#[test]
fn a_campaign_has_the_carriers_of_what_came_beyond_the_usual() {
    let usual = "traffic.messages.carriers.north";
    let own = "traffic.messages-campaign-1.carriers.north";
    let fit = log(3, 1.0);
    near(&fit, usual, 0.6, 0.04);
    assert!(fit.text.contains("carriers = { north = 1 }"), "{}", fit.text);
    near(&fit, "traffic.messages-campaign-1.arrivals.campaign.count", 2_400.0, 0.06);
    let fit = log(4, 0.2);
    near(&fit, usual, 0.6, 0.04);
    near(&fit, own, 0.2, 0.2);
    // Those that go where all others go have one share with them.
    let fit = log(5, 0.6);
    assert_eq!(found(&fit, usual), found(&fit, own));
}
