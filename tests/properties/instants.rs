//! Who is first at one instant (docs/model.md): what frees comes before what asks, and messages go in
//! the order of their requests. Scenarios in which nothing is random and everything happens at
//! whole seconds, so that nearly every instant is shared.

use proptest::prelude::*;

use crate::running::{Story, config, stories};

/// `count` requests of each stream at the same instant, for `workers` that take `service` seconds.
fn at_once(streams: usize, count: u64, workers: u64, service: u64) -> String {
    let mut text = format!(
        "[scenario]\nduration = '1h'\n[[route]]\nid = 1\nprovider = 'p'\nprice = 0.01\n\
         [[provider]]\nname = 'p'\nlatency = '{service}s'\n[[carrier]]\nname = 'c'\n\
         [[queue]]\nname = 'main'\nworkers = {workers}\n"
    );
    for stream in 0..streams {
        text.push_str(&format!(
            "[[traffic]]\nname = 's{stream}'\n\
             arrivals.campaign = {{ count = {count}, at = '5s', over = '0s' }}\n"
        ));
    }
    text
}

/// The stories in the order of their requests.
fn in_order(text: &str) -> Vec<Story> {
    let mut stories: Vec<Story> = stories(text).1.into_values().collect();
    stories.sort_by_key(|story| story.request);
    stories
}

const SECOND: u64 = 1_000_000_000;

proptest! {
    #![proptest_config(config(32))]

    /// A line of messages that all came at once moves by as many as there are workers.
    #[test]
    fn first_come_is_first_served(
        streams in 1..4_usize, count in 1..40_u64, workers in 1..9_u64, service in 1..5_u64,
    ) {
        let stories = in_order(&at_once(streams, count, workers, service));
        prop_assert_eq!(stories.len() as u64, count * streams as u64);
        for (place, story) in (0..).zip(&stories) {
            let done = 5 + (place / workers + 1) * service;
            prop_assert_eq!(story.handed_off, Some(done * SECOND), "{} of {:?}", place, stories);
        }
    }

    /// As many come at each instant as are done at it: nobody finds all places taken.
    #[test]
    fn what_frees_comes_before_what_asks(
        workers in 1..6_u64,
        // Seconds that a division of binary numbers makes whole.
        service in prop::sample::select(&[1_u64, 2, 4]),
        place in 0..3_usize,
    ) {
        // A place is a worker, a slot of the window, or a server of the provider.
        let (mut queue, mut provider) = (String::new(), format!("latency = '{service}s'\n"));
        match place {
            0 => queue = format!("capacity = 0\nworkers = {workers}\n"),
            1 => {
                provider.push_str(&format!("window = {workers}\n"));
                queue = format!("capacity = 0\nworkers = {workers}\n");
            }
            _ => provider.push_str(&format!("servers = {workers}\nqueue_capacity = 0\n")),
        }
        let mut text = format!(
            "[scenario]\nduration = '1m'\n[[route]]\nid = 1\nprovider = 'p'\nprice = 0.01\n\
             [[provider]]\nname = 'p'\n{provider}[[carrier]]\nname = 'c'\n\
             [[queue]]\nname = 'main'\n{queue}"
        );
        for stream in 0..workers {
            text.push_str(&format!(
                "[[traffic]]\nname = 's{stream}'\n\
                 arrivals.constant = {{ rate = '{}/s' }}\n", 1.0 / service as f64
            ));
        }
        let (run, stories) = stories(&text);
        let requests = run.results.requests.total;
        prop_assert_eq!(run.results.requests.accepted, requests);
        prop_assert_eq!(stories.len() as u64, requests);
        for story in stories.values() {
            let taken = story.handed_off.map(|at| at - story.accepted);
            prop_assert_eq!(taken, Some(service * SECOND), "{:?}", story);
        }
    }
}
