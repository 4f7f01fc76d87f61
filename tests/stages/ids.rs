use crate::support::{SMALLEST, scenario};
use smschain::chain::{Completed, Observer, Wants, simulate};
use smschain::kernel::Unwatched;
use std::collections::BTreeMap;

/// Ids by time of request.
#[derive(Default)]
struct Ids(BTreeMap<u64, String>);

impl Observer for Ids {
    fn wants(&self) -> Wants {
        Wants::Messages
    }

    fn completed(&mut self, message: &Completed<'_>) {
        self.0.insert(message.requested, message.bx_message_id());
    }
}

fn ids(seed: u64, set: &[&str]) -> BTreeMap<u64, String> {
    let spec = scenario(SMALLEST, set).spec;
    let mut ids = Ids::default();
    simulate(&spec, seed, &mut ids, &mut Unwatched).unwrap();
    ids.0
}

#[test]
fn ids_have_their_form_and_are_unique() {
    let ids = ids(1, &[]);
    let mut all: Vec<&String> = ids.values().collect();
    for id in &all {
        let parts: Vec<&str> = id.split('-').collect();
        assert_eq!((parts.len(), parts[0]), (3, "BX"));
        assert!(parts[1].parse::<u64>().unwrap() > 0);
        assert!(parts[2].len() == 16 && parts[2].chars().all(|c| c.is_ascii_hexdigit()));
    }
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!((all.len(), count), (100_000, 100_000));
}

#[test]
fn ids_depend_on_the_seed_and_the_message_alone() {
    let base = ids(1, &[]);
    let disturbed = ids(1, &["provider.p.failures.transient=50%", "carrier.c.latency=9s"]);
    assert_eq!(base, disturbed);
    assert_ne!(base, ids(2, &[]));
}
