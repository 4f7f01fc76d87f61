use super::*;

/// A small generator for the tests (SplitMix64, Steele, Lea & Flood 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Against the plainest model there is: a sorted map. With `most` pending, or a few more.
fn against_a_sorted_map(seed: u64, most: usize, spread: fn(u64) -> u64) {
    let mut state = seed;
    let mut set = EventSet::new();
    let mut model = std::collections::BTreeMap::new();
    let (mut taken, mut taken_now) = (0, 0);
    for step in 0..60_000_u64 {
        let burst = next(&mut state) % 4;
        for _ in 0..burst {
            let time = set.now() + spread(next(&mut state));
            let rank = next(&mut state) % 1_000_000 * 60_000 + step;
            if model.insert((time, rank), rank).is_none() {
                set.schedule(time, rank, rank);
            }
        }
        if next(&mut state) % 5 < 3 {
            let until = set.now() + spread(next(&mut state));
            let expected = match model.first_key_value() {
                Some((&(time, rank), _)) if time <= until => {
                    model.remove(&(time, rank));
                    Some((time, rank))
                }
                _ => None,
            };
            assert_eq!(set.take(until), expected);
            taken += u64::from(expected.is_some());
        }
        if let Some(rank) = set.take_now(|rank| rank % 5 != 0) {
            let first = model.pop_first().map(|(key, _)| key);
            assert_eq!(first, Some((set.now(), rank)));
            assert!(rank % 5 != 0);
            taken_now += 1;
        }
        // What might be scheduled for this instant, and come before everything else of it.
        let rank = next(&mut state) % 1_000_000 * 60_000 + step;
        let first = model.first_key_value().map(|(&key, _)| key);
        let at_once = first.is_none_or(|first| (set.now(), rank) < first);
        assert_eq!(set.take_at_once(rank), at_once);
        taken_now += u64::from(at_once);
        if next(&mut state).is_multiple_of(8) {
            let (time, rank) = (set.now() + spread(next(&mut state)), next(&mut state));
            let first = model.first_key_value().map(|(&key, _)| key);
            let expected = first.filter(|&first| first < (time, rank));
            assert_eq!(set.take_before(time, rank), expected);
            expected.and_then(|first| model.remove(&first));
            taken += u64::from(expected.is_some());
        }
        while model.len() > most {
            assert_eq!(set.take(Nanos::MAX), model.pop_first().map(|(key, _)| key));
            taken += 1;
        }
        assert_eq!(set.taken(), taken + taken_now);
        if step % 10_000 == 9_999 {
            set.retain(|_, rank| rank % 3 != 0);
            model.retain(|_, rank| *rank % 3 != 0);
        }
        assert_eq!(set.len(), model.len());
    }
    while let Some(((time, rank), _)) = model.pop_first() {
        assert_eq!(set.take(Nanos::MAX), Some((time, rank)));
    }
    assert_eq!(set.take(Nanos::MAX), None);
    assert!(set.is_empty());
    assert!(taken_now > 0);
}

#[test]
fn takes_in_order_when_times_are_close() {
    against_a_sorted_map(1, usize::MAX, |bits| bits % 8);
}

#[test]
fn takes_in_order_when_times_are_far() {
    against_a_sorted_map(2, usize::MAX, |bits| (bits >> 24) >> (bits % 40));
}

#[test]
fn takes_in_order_when_many_are_at_one_time() {
    against_a_sorted_map(3, usize::MAX, |bits| (bits % 3) * 1_000_000_000);
}

#[test]
fn takes_in_order_when_few_are_pending() {
    for most in [3, HANDFUL - 2, HANDFUL, HANDFUL + 1, 2 * HANDFUL] {
        against_a_sorted_map(4, most, |bits| bits % 3);
        against_a_sorted_map(5, most, |bits| (bits % 3) * 1_000_000_000);
        against_a_sorted_map(6, most, |bits| (bits >> 24) >> (bits % 40));
    }
}

#[test]
fn memory_follows_what_is_pending() {
    let mut set = EventSet::new();
    let mut state = 4;
    for event in 0..20_000_u64 {
        set.schedule(next(&mut state) % 60_000_000_000, event, event);
    }
    // Each is followed by another within a minute: so many are always pending.
    for _ in 0..2_000_000 {
        let (time, event) = set.take(Nanos::MAX).unwrap();
        set.schedule(time + next(&mut state) % 60_000_000_000, event, event);
    }
    let held = set.buckets.room() + set.front.capacity() + set.late.capacity();
    assert!(held < 3 * set.len(), "room for {held} events, {} pending", set.len());
}

#[test]
fn reaches_the_end_of_time() {
    let mut set = EventSet::new();
    set.schedule(Nanos::MAX, 1, 'b');
    set.schedule(Nanos::MAX - 1, 2, 'a');
    set.schedule(Nanos::MAX, 0, 'c');
    assert_eq!(set.take(Nanos::MAX), Some((Nanos::MAX - 1, 'a')));
    set.schedule(Nanos::MAX, 3, 'd');
    assert_eq!(set.take(Nanos::MAX), Some((Nanos::MAX, 'c')));
    assert_eq!(set.take(Nanos::MAX), Some((Nanos::MAX, 'b')));
    assert_eq!(set.take(Nanos::MAX), Some((Nanos::MAX, 'd')));
    assert_eq!(set.take(Nanos::MAX), None);
}
