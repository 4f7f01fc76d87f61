use crate::support::{N, SMALLEST, rejected, run_text, share_is, truth};
use smschain::chain::{Rejection, Results, Truth};

fn priced(set: &[&str]) -> Results {
    run_text(&SMALLEST.replace("provider = \"p\"", "provider = \"p\"\nprice = 0.01"), set)
}

/// 10⁻⁹ of a unit.
const CENT: i128 = 10_000_000;

#[test]
fn a_balance_of_1000_pays_exactly_50_000_messages_of_two_segments() {
    let set = ["account.balance=1000.0", "traffic.t.body.chars=161"];
    let results = priced(&set);
    assert_eq!(results.total().layers.accepted, 50_000);
    assert_eq!(rejected(&results, Rejection::InsufficientBalance), N - 50_000);
    assert_eq!((results.money.balance, results.money.charged), (0, 1000 * 100 * CENT));
}

#[test]
fn top_ups_come_at_their_times() {
    // 1 a second is spent; 100 s last for the first balance, then 60 every 120 s.
    let set = [
        "account.balance=100.0",
        "account.top_up={ below = 1.0, amount = 60.0, every = \"120s\" }",
    ];
    let results = priced(&set);
    // Looks at 120, 240, … 960 s each find an empty account.
    assert_eq!(results.money.topped_up, 8 * 60 * 100 * CENT);
    assert_eq!(results.total().layers.accepted, 10_000 + 7 * 6000 + 4000);
}

#[test]
fn nobody_looks_at_the_balance_after_the_end() {
    // The only request is refused at t = 0, and the sample it falls in ends at 1000 s.
    let results = priced(&[
        "traffic.t.arrivals.campaign={ count = 1, at = \"0s\", over = \"0s\" }",
        "scenario.sample_every=1000s",
        "account.balance=0.0",
        "account.top_up={ below = 1.0, amount = 60.0, every = \"120s\" }",
    ]);
    assert_eq!((results.money.topped_up, results.money.balance), (0, 0));
}

#[test]
fn a_sample_has_the_balance_of_its_time_when_all_is_fast_forwarded() {
    // The only message is on its way for 300 s, in which nothing else happens; a top-up comes after 120 s.
    let results = priced(&[
        "traffic.t.arrivals.campaign={ count = 1, at = \"0s\", over = \"0s\" }",
        "carrier.c.latency=300s",
        "scenario.sample_every=100s",
        "account.balance=1.0",
        "account.top_up={ below = 1.0, amount = 60.0, every = \"120s\" }",
    ]);
    let balance = results.gauges.columns.iter().position(|column| column == "balance").unwrap();
    let balances: Vec<u64> = results.series.iter().map(|sample| sample.gauges[balance]).collect();
    assert_eq!(balances, [0, 60, 60, 60]);
    assert_eq!(results.money.topped_up, 60 * 100 * CENT);
}

#[test]
fn the_rest_of_a_split_charge_falls_due_at_the_provider() {
    let failing = "provider.p.failures.permanent=23%";
    let results = priced(&["account.charge_at_accept=0.25", failing]);
    let lost = truth(&results, Truth::RejectedByProvider);
    share_is(lost, N, 0.23);
    let expected = i128::from(N) * CENT / 4 + i128::from(N - lost) * CENT * 3 / 4;
    assert_eq!(results.money.charged, expected);
    assert_eq!(results.money.wasted, i128::from(lost) * CENT / 4);
}

#[test]
fn what_falls_due_after_a_refund_comes_back_too() {
    // The sender gives up after 1 s and gets its 40 % back; the provider accepts after 5 s, the
    // rest falls due, and comes back at once: the sender sees `failed`.
    let set = [
        "account.charge_at_accept=0.4",
        "account.refund=on_rejected",
        "provider.p.submit_timeout=1s",
        "provider.p.latency=5s",
        "carrier.c.loss=100%",
    ];
    let n = i128::from(N) * CENT;
    for share in [set[0], "account.charge_at_accept=0"] {
        let money = priced(&[share, set[1], set[2], set[3], set[4]]).money;
        assert_eq!((money.charged, money.refunded, money.wasted), (n, n, 0), "{share}");
    }
    // A receipt that says rejected changes nothing more.
    let filter = "carrier.c.filter=[{ name = 'f', rule.random = {}, action = 'block' }]";
    let money = priced(&["account.charge_at_accept=0", set[1], set[2], set[3], filter]).money;
    assert_eq!((money.charged, money.refunded), (n, n));
}

#[test]
fn providers_bill_every_copy_they_truly_accept() {
    // Every submit times out and is accepted all the same: three copies of a message of two segments.
    let set = [
        "traffic.t.body.chars=200",
        "provider.p.submit_timeout=1s",
        "provider.p.failures.timeout=1",
        "provider.p.timeout_accepted=1",
        "retry.max_attempts=3",
    ];
    let run = |cost: &[&str]| priced(&[&set[..], cost].concat()).money;
    let two = i128::from(N) * 2 * CENT;
    // Billed at the route's price where it has no cost of its own.
    let money = run(&[]);
    assert_eq!((money.charged, money.billed), (two, 3 * two));
    assert_eq!(run(&["route.1.cost=0.004"]).billed, 3 * two * 4 / 10);
    // Copies of messages that are not counted aren't either.
    let half = run(&["scenario.warmup=500s"]);
    assert_eq!(half.billed, 3 * two / 2);
}

#[test]
fn refunds_follow_what_is_observed() {
    let failing = "provider.p.failures.permanent=23%";
    let unknown = "carrier.c.unknown_subscriber=11%";
    let refunded = |refund: &str| {
        let results = priced(&[refund, failing, unknown]);
        let failed = truth(&results, Truth::RejectedByProvider);
        let undelivered = truth(&results, Truth::UnknownSubscriber);
        let charged = results.money.charged;
        assert_eq!(charged, i128::from(N) * CENT);
        let wasted = i128::from(failed + undelivered) * CENT - results.money.refunded;
        assert_eq!(results.money.wasted, wasted);
        (results.money.refunded / CENT, i128::from(failed), i128::from(undelivered))
    };
    let (none, ..) = refunded("account.refund=never");
    assert_eq!(none, 0);
    let (rejected, failed, _) = refunded("account.refund=on_rejected");
    assert_eq!(rejected, failed);
    let (all, failed, undelivered) = refunded("account.refund=on_failed_receipt");
    assert_eq!(all, failed + undelivered);
}
