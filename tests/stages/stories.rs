//! What stages tell of a message is what they decided.

use crate::support::{SMALLEST, scenario};
use smschain::chain::spec::Spec;
use smschain::chain::trace::story::{
    ApiStep, BudgetState, CarrierStep, ClientStep, HandsetStep, QueueStep, RetryStep, Sight, Step,
    Stop, SubmitStep, Told,
};
use smschain::chain::{AttemptResult, EngineChoice, NoObserver, Observed, Truth, simulate_by};
use smschain::experiment::tracing::{Find, Like, Story, find, tell};
use smschain::experiment::{Replications, Silent};
use smschain::kernel::{Nanos, SECOND, Unwatched};
use smschain::report::trace::{Line, Relation, Traced, kin, lines};

/// Ten requests at once, a second after the start.
const TEN: &[&str] = &[
    "traffic.t.arrivals.campaign.count=10",
    "traffic.t.arrivals.campaign.at=1s",
    "traffic.t.arrivals.campaign.over=0s",
];

fn spec(more: &str, set: &[&str]) -> Spec {
    let set: Vec<&str> = TEN.iter().chain(set).copied().collect();
    scenario(&format!("{SMALLEST}\n{more}"), &set).spec
}

fn story(spec: &Spec, what: &Find) -> Story {
    let plan = Replications::of(spec, spec.seed, 1);
    let (found, results) = find(plan, what, &Silent).unwrap();
    let story = tell(plan, found.expect("there is one"), &Silent).unwrap();
    let plain =
        simulate_by(EngineChoice::Stepwise, spec, spec.seed, &mut NoObserver, &mut Unwatched)
            .unwrap();
    assert_eq!((results.digest, story.digest), (plain.digest, plain.digest));
    assert_eq!(results.events, plain.events);
    story
}

fn request(more: &str, set: &[&str], number: u64) -> Story {
    story(&spec(more, set), &Find::Request(number))
}

fn like(spec: &Spec, condition: &str) -> Story {
    story(spec, &Find::Like(Like::read(&[condition.to_owned()], spec).unwrap()))
}

/// The message's own steps that are of a kind.
fn own<T>(story: &Story, of: impl Fn(&Told) -> Option<T>) -> Vec<T> {
    let own = story.told.iter().filter(|told| Some(told.message) == story.message);
    own.filter_map(of).collect()
}

fn told_lines(spec: &Spec, story: &Story) -> Vec<Line> {
    lines(&Traced { spec, fingerprint: "", seed: spec.seed, story })
}

const ONE_WORKER: &str = "[[queue]]\nname = \"main\"\nworkers = 1\noverhead = \"1s\"\n";

#[test]
fn places_in_the_queue() {
    let place = |told: &Told| match told.step {
        Step::Queue(QueueStep::Waits { place, depth, busy, .. }) => Some((place, depth, busy)),
        _ => None,
    };
    let waited = |told: &Told| match told.step {
        Step::Queue(QueueStep::Taken { waited, overhead, .. }) => Some((waited, overhead)),
        _ => None,
    };
    // The first is taken at once, a second each.
    let first = request(ONE_WORKER, &[], 1);
    assert_eq!((own(&first, place), own(&first, waited)), (vec![], vec![(0, SECOND)]));
    let seventh = request(ONE_WORKER, &[], 7);
    assert_eq!(own(&seventh, place), [(Some(6), 6, 1)]);
    assert_eq!(own(&seventh, waited), [(6 * SECOND, SECOND)]);
    // By deadline all are alike, so it is the order of arrival; by priority, too.
    for discipline in ["deadline", "priority"] {
        let set = format!("queue.main.discipline={discipline}");
        assert_eq!(own(&request(ONE_WORKER, &[&set], 7), place), [(Some(6), 6, 1)]);
    }
}

#[test]
fn filters_and_their_scores() {
    let more = "[[carrier.filter]]\nname = \"spam\"\nrule.content = { threshold = 0.4 }\naction = \"silent\"\nreceipt = \"delivered\"\nprobability = 0.9\n";
    let spec =
        spec(more, &["traffic.t.spam_score.beta.alpha=2", "traffic.t.spam_score.beta.beta=2"]);
    let look = |told: &Told| match told.step {
        Step::Carrier(CarrierStep::Filtered { taken, finding, .. }) => Some((taken, finding)),
        _ => None,
    };
    let mut seen = [0, 0];
    for number in 1..=10 {
        let story = story(&spec, &Find::Request(number));
        let [(taken, finding)] = own(&story, look)[..] else { panic!("{story:?}") };
        let Sight::Score(score) = finding.sight else { panic!("{finding:?}") };
        assert_eq!(taken, score >= 0.4 && finding.draw.unwrap().happened(), "{finding:?}");
        assert_eq!(finding.draw.is_some(), score >= 0.4);
        let end = story.end().unwrap();
        assert_eq!(end.truth == Truth::FilteredSilent, taken);
        // The sender can't tell.
        assert_eq!(end.observed, Observed::Delivered);
        seen[usize::from(taken)] += 1;
    }
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
}

#[test]
fn a_velocity_filter_counts_what_it_let_through() {
    let more = "[[carrier.filter]]\nname = \"fast\"\nrule.velocity = { key = \"sender\", limit = 6, window = \"1h\" }\naction = \"block\"\nreceipt = \"rejected\"\n";
    let look = |told: &Told| match told.step {
        Step::Carrier(CarrierStep::Filtered { taken, finding, .. }) => Some((taken, finding.sight)),
        _ => None,
    };
    assert_eq!(own(&request(more, &[], 6), look), [(false, Sight::Count(5))]);
    assert_eq!(own(&request(more, &[], 7), look), [(true, Sight::Count(6))]);
    assert_eq!(own(&request(more, &[], 10), look), [(true, Sight::Count(6))]);
}

#[test]
fn waits_lie_in_their_range_and_the_retry_comes_when_due() {
    let retry = "[retry]\nmax_attempts = 4\nbackoff.exponential = { base = \"2s\", factor = 2 }\njitter = \"equal\"\n";
    let spec = spec(retry, &["provider.p.failures.transient=1"]);
    let story = like(&spec, "truth=retries_exhausted");
    let again = own(&story, |told| match told.step {
        Step::Retry(RetryStep::Again { attempt, most, wait, due, .. }) => {
            Some((attempt, most, wait, due, told.time))
        }
        _ => None,
    });
    let taken = own(&story, |told| match told.step {
        Step::Queue(QueueStep::Taken { .. }) => Some(told.time),
        _ => None,
    });
    assert_eq!((again.len(), taken.len()), (3, 4));
    for (index, (attempt, most, wait, due, now)) in again.into_iter().enumerate() {
        let whole = (2 * SECOND) << index;
        assert_eq!((attempt, most), (index as u32 + 2, Some(4)));
        assert!(wait.low <= wait.wait && wait.wait <= wait.high, "{wait:?}");
        assert!(wait.low.abs_diff(whole / 2) <= 1 && wait.high.abs_diff(whole) <= 1, "{wait:?}");
        assert_eq!((due, taken[index + 1]), (now + wait.wait, due));
    }
    let judged = own(&story, |told| match told.step {
        Step::Submit(SubmitStep::Judged { u, shares, result, .. }) => Some((u, shares, result)),
        _ => None,
    });
    for (u, shares, result) in judged {
        assert!(u.unwrap() < shares.transient && result == AttemptResult::Transient);
    }
    let stops = own(&story, |told| match told.step {
        Step::Retry(RetryStep::Stops { attempts, why, .. }) => Some((attempts, why, told.seen)),
        _ => None,
    });
    assert_eq!(stops, [(4, Stop::UsedUp, Some(Observed::Failed))]);
}

#[test]
fn a_provider_that_asks_for_a_wait_gets_it() {
    let retry = "[retry]\nmax_attempts = 2\nbackoff.fixed = { delay = \"1s\" }\n";
    let set = [
        "provider.p.throttle.rate=1/s",
        "provider.p.throttle.on_excess=refuse",
        "provider.p.throttle.retry_after=5s",
    ];
    let story = request(retry, &set, 2);
    let over = own(&story, |told| match told.step {
        Step::Submit(SubmitStep::OverRate { tokens, .. }) => Some(tokens),
        _ => None,
    });
    assert_eq!(over[0], 0.0, "the first of the ten took the one token");
    let again = own(&story, |told| match told.step {
        Step::Retry(RetryStep::Again { wait, retry_after, due, .. }) => {
            Some((wait.wait, retry_after, due - told.time))
        }
        _ => None,
    });
    assert_eq!(again, [(SECOND, 5 * SECOND, 5 * SECOND)]);
}

#[test]
fn a_budget_says_what_is_left_of_it() {
    let retry = "[retry]\nmax_attempts = 9\nbackoff.fixed = { delay = \"1s\" }\nbudget.bucket = { capacity = 2, cost = 1, timeout_cost = 1, refund = 1 }\n";
    let spec = spec(retry, &["provider.p.failures.transient=1"]);
    let budget = |number| {
        own(&story(&spec, &Find::Request(number)), |told| match told.step {
            Step::Retry(RetryStep::Budget {
                pays,
                budget: BudgetState::Bucket { level, cost, .. },
            }) => Some((pays, level, cost)),
            _ => None,
        })
    };
    assert_eq!(budget(1), [(true, 1000, 1000), (false, 0, 1000)]);
    assert_eq!(budget(2), [(true, 0, 1000), (false, 0, 1000)]);
    assert_eq!(budget(3), [(false, 0, 1000)]);
    let stops = own(&story(&spec, &Find::Request(3)), |told| match told.step {
        Step::Retry(RetryStep::Stops { why, .. }) => Some(why),
        _ => None,
    });
    assert_eq!(stops, [Stop::Budget]);
}

#[test]
fn an_absent_handset_is_tried_by_the_schedule() {
    let minute = 60 * SECOND;
    let set = [
        "carrier.c.absent.probability=1",
        "carrier.c.absent.returns=7m",
        "carrier.c.retry_schedule=[\"1m\", \"5m\"]",
        "carrier.c.latency=2s",
    ];
    let spec = spec("", &set);
    let story = story(&spec, &Find::Request(1));
    let found = own(&story, |told| match told.step {
        Step::Handset(HandsetStep::Tries { absent, found, .. }) => {
            Some((absent.unwrap().back - told.time, found.unwrap() - told.time))
        }
        _ => None,
    });
    assert_eq!(found, [(7 * minute, 11 * minute)]);
    let lines = told_lines(&spec, &story);
    let of = |kind: &str| -> Vec<Nanos> {
        lines.iter().filter(|line| line.kind == kind).map(|line| line.time - SECOND).collect()
    };
    assert_eq!(of("handset.tries"), [0, minute, 6 * minute]);
    assert_eq!(of("handset.on_its_way"), [11 * minute]);
    assert_eq!(of("handset.delivered"), [11 * minute + 2 * SECOND]);
    assert!(lines.is_sorted_by_key(|line| line.time));
    // Woken by the network there is no other try.
    let alert = [&set[..], &["carrier.c.absent.alert=1"]].concat();
    let spec = self::spec("", &alert);
    let lines = told_lines(&spec, &self::story(&spec, &Find::Request(1)));
    let woken = lines.iter().find(|line| line.what == "wakes the carrier").unwrap();
    assert_eq!(woken.time, SECOND + 7 * minute);
}

#[test]
fn what_a_message_was_and_what_it_was_not() {
    // A call that times out and is repeated without idempotency: two messages.
    let client = "[api]\nlatency = \"3s\"\n[client]\ntimeout = \"2s\"\nretry = { max_attempts = 2, backoff.fixed = { delay = \"1s\" } }\n";
    let repeated = request(client, &[], 4);
    let others = kin(&repeated);
    assert_eq!(others.len(), 1);
    assert_eq!((others[0].relation, others[0].end.request), (Relation::Repeat, 4));
    let hung_up = repeated.told.iter().filter(|told| {
        matches!(told.step, Step::Client(ClientStep::HangsUp { after, .. }) if after == 2 * SECOND)
    });
    assert_eq!(hung_up.count(), 2);
    let heard = own(&repeated, |told| match told.step {
        Step::Api(ApiStep::Answers { rejection, heard, .. }) => Some((rejection, heard)),
        _ => None,
    });
    assert_eq!(heard, [(None, false)]);
    // Who gets nothing asks again: a request of its own.
    let set = [
        "traffic.t.resend.after=10s",
        "traffic.t.resend.probability=1",
        "traffic.t.resend.max=1",
        "provider.p.loss=1",
    ];
    let story = request("", &set, 1);
    let others = kin(&story);
    assert_eq!(others.len(), 1);
    assert_eq!((others[0].relation, others[0].end.request), (Relation::Resend, 11));
    let spec = spec("", &set);
    let resent = self::story(&spec, &Find::Request(11));
    assert_eq!(kin(&resent)[0].relation, Relation::Earlier);
    let asks =
        |lines: &[Line]| lines.iter().filter(|line| line.what.contains("asks again: BX-")).count();
    assert_eq!(asks(&told_lines(&spec, &resent)), 1);
    assert_eq!(asks(&told_lines(&spec, &story)), 1);
}

#[test]
fn breakers_failover_and_hedges_are_told() {
    let second = "[[route]]\nid = 2\ncarriers = [\"c\"]\nprovider = \"q\"\nrank = 2\n[[provider]]\nname = \"q\"\nlatency = \"1s\"\n";
    let failover = format!(
        "[retry]\nmax_attempts = 3\nbackoff.fixed = {{ delay = \"1s\" }}\nfailover = {{ attempts = 2 }}\n{second}"
    );
    let story = request(&failover, &["provider.p.failures.transient=1"], 1);
    let goes = own(&story, |told| match told.step {
        Step::Retry(RetryStep::GoesBy { route, .. }) => Some(route),
        _ => None,
    });
    assert_eq!(goes, [1]);
    let hedge = format!("[retry]\nhedge = {{ after = \"2s\" }}\n{second}");
    let story = request(&hedge, &["provider.p.latency=10s"], 1);
    let out = own(&story, |told| match told.step {
        Step::Submit(SubmitStep::GoesOut { provider, hedge, .. }) => {
            Some((provider, hedge, told.time / SECOND))
        }
        _ => None,
    });
    assert_eq!(out, [(0, false, 1), (1, true, 3)]);
    assert_eq!(story.end().unwrap().copies, 2);
    let breaker = "[retry]\nmax_attempts = 5\nbackoff.fixed = { delay = \"1s\" }\nbreaker = { window = 4, failure_share = 0.5, min_calls = 4, open_for = \"30s\", probes = 1 }\n";
    let spec = spec(breaker, &["provider.p.failures.transient=1"]);
    let opens = own(&self::story(&spec, &Find::Request(4)), |told| match told.step {
        Step::Retry(RetryStep::Opens { span, .. }) => Some(span),
        _ => None,
    });
    assert_eq!(opens.first(), Some(&(30 * SECOND)));
    let held = own(&self::story(&spec, &Find::Request(5)), |told| match told.step {
        Step::Retry(RetryStep::Held { waiting, .. }) => Some(waiting),
        _ => None,
    });
    assert!(!held.is_empty());
}

#[test]
fn examples_are_the_first_of_their_kind() {
    let spec = spec("", &["provider.p.loss=0.3"]);
    let plan = Replications::of(&spec, spec.seed, 1);
    let ends: Vec<(u64, Truth)> = (1..=10)
        .map(|number| {
            let (found, _) = find(plan, &Find::Request(number), &Silent).unwrap();
            let story = tell(plan, found.unwrap(), &Silent).unwrap();
            (number, story.end().unwrap().truth)
        })
        .collect();
    for truth in [Truth::LostByProvider, Truth::DeliveredOnTime] {
        let first = ends.iter().find(|&&(_, other)| other == truth).unwrap().0;
        let condition = format!("truth={}", truth.name());
        assert_eq!(like(&spec, &condition).request, first);
    }
    let (found, _) = find(plan, &Find::Request(11), &Silent).unwrap();
    assert_eq!(found, None);
}

/// Of a message in parts each step says which part it is about, and the end says what the handset has.
#[test]
fn parts_are_told_one_by_one() {
    let set = [
        "traffic.t.body.chars=400",
        "provider.p.parts=each",
        "provider.p.latency=1s",
        "provider.p.receipts.whole=any",
        "traffic.t.arrivals.campaign.count=200",
        "carrier.c.loss=30%",
    ];
    let spec = spec("", &set);
    let lost = like(&spec, "truth=lost_by_carrier");
    let number = |told: &Told| told.part.map(|part| (part.number, part.of));
    let out = own(&lost, |told| match told.step {
        Step::Submit(SubmitStep::GoesOut { .. }) => Some(number(told)),
        _ => None,
    });
    assert_eq!(out, [Some((1, 3)), Some((2, 3)), Some((3, 3))]);
    let accepted = own(&lost, |told| match told.step {
        Step::Submit(SubmitStep::Accepted { whole, .. }) => Some((number(told), whole)),
        _ => None,
    });
    let expected = [(Some((1, 3)), false), (Some((2, 3)), false), (Some((3, 3)), true)];
    assert_eq!(accepted, expected);
    // Each has an end of its own, and what the handset has of them adds up.
    let arrived = own(&lost, |told| match told.step {
        Step::Handset(HandsetStep::PartArrives { have, of: 3, .. }) => Some(have),
        _ => None,
    });
    let gone = own(&lost, |told| match told.step {
        Step::Handset(HandsetStep::Lost { .. }) => Some(number(told)),
        _ => None,
    });
    assert!(!gone.is_empty() && gone.len() + arrived.len() == 3, "{gone:?}, {arrived:?}");
    let incomplete = own(&lost, |told| match told.step {
        Step::Handset(HandsetStep::Incomplete { have, of }) => Some((have, of)),
        _ => None,
    });
    let have = arrived.len() as u16;
    assert_eq!(incomplete, if have > 0 { vec![(have, 3)] } else { vec![] });
    let told = told_lines(&spec, &lost);
    let says = |what: &str| told.iter().filter(|line| line.what.contains(what)).count();
    assert_eq!((says("goes out (part 2 of 3)"), says("copy")), (1, 0));
    assert_eq!(says("never shows the message"), incomplete.len());
    // With the last part the handset has the message.
    let whole = like(&spec, "truth=delivered_on_time");
    let told = told_lines(&spec, &whole);
    let last = told.iter().position(|line| line.what == "has it (part 3 of 3)").unwrap();
    assert_eq!(told[last + 1].what, "has the message");
    let kinds: Vec<&str> = told.iter().map(|line| line.kind.as_str()).collect();
    let count = |kind: &str| kinds.iter().filter(|own| **own == kind).count();
    assert_eq!((count("submit.part_accepted"), count("submit.accepted")), (2, 1));
}
