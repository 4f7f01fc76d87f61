//! Receipts: how late they come and how many never do, where a log tells it, and nothing where it doesn't.

use jiff::tz::{Offset, TimeZone};
use smschain::fit::{Composed, Distribution, Gathered, Plan, Resolution, compose};
use smschain::logs::{Account, Meaning, Options, read};

use crate::drawn::Uniform;

/// A message: when it was asked for, when it came to the handset unless it was lost, and its receipt, ms.
struct Message {
    asked: i64,
    came: Option<i64>,
    told: Option<i64>,
}

/// So many messages, three a second: a median of 3 s and a p95 of 9 s, 1 % lost; receipts 2 s later on the mean,
/// 5 % lost.
fn messages(many: usize) -> Vec<Message> {
    let latency = Distribution::LogNormal { median: 3.0, p95: 9.0 };
    let delay = Distribution::Exponential { mean: 2.0 };
    let mut draws = Uniform::new(11);
    let mut draw = || draws.next().unwrap();
    let message = |n: usize| {
        let asked = (333.3 * (n as f64 + draw())) as i64;
        let [took, late] = [&latency, &delay].map(|own| (1e3 * own.quantile(draw())) as i64);
        let came = Some(asked + took).filter(|_| draw() > 0.01);
        let told = came.map(|at| at + late).filter(|_| draw() > 0.05);
        Message { asked, came, told }
    };
    (0..many).map(message).collect()
}

const MANY: usize = 6_000;

fn written(ms: i64, form: &str) -> String {
    let at = jiff::Timestamp::from_millisecond(1_769_850_000_000 + ms).unwrap();
    at.strftime(form).to_string()
}

fn iso(ms: Option<i64>) -> String {
    ms.map(|ms| written(ms, "%Y-%m-%dT%H:%M:%S.%3fZ")).unwrap_or_default()
}

/// A table with a column of receipts of this name, `shift` ms off.
fn table(column: &str, shift: i64) -> String {
    let mut log = format!("id,submitted,done,{column},status\n");
    for (n, own) in messages(MANY).iter().enumerate() {
        let state = if own.came.is_some() { "delivered" } else { "sent" };
        let [asked, came] = [Some(own.asked), own.came].map(iso);
        log += &format!("m{n},{asked},{came},{},{state}\n", iso(own.told.map(|at| at + shift)));
    }
    log
}

/// Kannel's access log, with the SMSC's dates in this form, `shift` ms off.
fn kannel(many: usize, form: &str, shift: i64) -> String {
    let mut lines = Vec::new();
    let mut line = |at: i64, n: usize, what: &str, mask: u32, text: &str| {
        let when = written(at, "%Y-%m-%d %H:%M:%S");
        lines.push(format!(
            "{when} {what} [SMSC:alpha] [SVC:] [ACT:] [BINF:] [FID:{n:X}] [META:] [from:ACME] \
             [to:+447700900123] [flags:-1:0:-1:0:{mask}] [msg:{}:{text}] [udh:0:]\n",
            text.len()
        ));
    };
    for (n, own) in messages(many).iter().enumerate() {
        line(own.asked, n, "Sent SMS", 31, "hello");
        if let (Some(came), Some(told)) = (own.came, own.told) {
            let date = written(came + shift, form);
            let date = if form.is_empty() { String::new() } else { format!(" done date:{date}") };
            line(told, n, "Receive DLR", 1, &format!("id:{n:X}{date} stat:DELIVRD err:000"));
        }
    }
    lines.sort();
    lines.concat()
}

fn fitted(log: &str, options: &Options) -> (Account, Composed) {
    let mut gathered = Gathered::new();
    let inputs = [("log".to_owned(), Ok(log.as_bytes()))];
    let account = read(inputs, options, &mut |row| gathered.add(row)).unwrap();
    gathered.receipts_by(account.received);
    let plan = Plan {
        name: "fitted".to_owned(),
        summary: "Fitted".to_owned(),
        seed: 1,
        hold_out: 0.0,
        zone: 0,
        turn: None,
        gap: None,
        resolution: Resolution {
            submitted: account.submitted,
            sent: account.sent,
            done: account.done,
        },
    };
    (account, compose(&gathered, &plan).unwrap())
}

/// The parameters whose path has this in it, each with its last key.
fn told<'a>(composed: &'a Composed, of: &str) -> Vec<(&'a str, f64)> {
    let own = composed.parameters.iter().filter(|own| own.path.contains(of));
    own.map(|own| (own.path.rsplit('.').next().unwrap(), own.value)).collect()
}

fn near(composed: &Composed, of: &str, truth: &[f64], most: f64) {
    let own = told(composed, of);
    assert_eq!(own.len(), truth.len(), "{of}: {own:?}\n{}", composed.text);
    for ((key, found), truth) in own.iter().zip(truth) {
        assert!((found / truth - 1.0).abs() < most, "{of}.{key}: {found} instead of {truth}");
    }
}

#[test]
fn a_column_of_receipts_tells_their_delay_and_their_loss() {
    for column in ["received", "receipt_at"] {
        let (account, composed) = fitted(&table(column, 0), &Options::default());
        assert_eq!(account.received, Some(1_000_000));
        near(&composed, "receipts.delay.exponential.mean", &[2.0], 0.04);
        near(&composed, "receipts.loss", &[0.05], 0.15);
        near(&composed, ".latency.lognormal", &[3.0, 9.0], 0.04);
        near(&composed, "carrier.carrier.loss", &[0.01], 0.25);
        let uncertain = composed.uncertain.iter().filter(|own| own.path.contains("receipts"));
        assert_eq!(uncertain.count(), 2, "both are drawn by --input");
    }
}

#[test]
fn a_column_is_taken_for_receipts_by_its_meaning_and_left_alone_where_it_cant_be_them() {
    let columns = vec![("seen".to_owned(), Meaning::Received)];
    let (_, composed) = fitted(&table("seen", 0), &Options { columns, ..Options::default() });
    near(&composed, "receipts.delay.exponential.mean", &[2.0], 0.04);
    let (_, composed) = fitted(&table("seen", 0), &Options::default());
    assert_eq!(told(&composed, "receipts"), []);
    // Times before the handset's, and those of a zone an hour away.
    for (shift, why) in [(-60_000, "before what they tell of"), (3_600_000, "two zones")] {
        let (_, composed) = fitted(&table("received", shift), &Options::default());
        assert_eq!(told(&composed, "receipts"), [], "{}", composed.text);
        let said = composed.assumptions.iter().find(|own| own.path.ends_with("receipts.delay"));
        assert!(said.is_some_and(|own| own.why.contains(why)), "{:?}", composed.assumptions);
        near(&composed, ".latency.lognormal", &[3.0, 9.0], 0.04);
    }
    // What is no time makes no row unreadable.
    let words = "id,submitted,done,received,status\na,2026-01-31T09:00:00Z,,yes,sent\n";
    let (account, _) = fitted(words, &Options::default());
    let said = account.notes.iter().any(|own| own.starts_with("1 of the times of receipts"));
    assert!(account.rejected.is_empty() && said, "{account:?}");
}

#[test]
fn a_list_of_a_run_tells_receipts_that_never_came_from_messages_that_never_did() {
    let mut log =
        "bx_message_id,requested_s,handed_off_s,delivered_s,observed,provider,carrier\n".to_owned();
    for (n, own) in messages(MANY).iter().enumerate() {
        let seconds = |ms: i64| format!("{}", ms as f64 / 1e3);
        let asked = seconds(own.asked);
        let came = own.came.map(seconds).unwrap_or_default();
        let state = if own.told.is_some() { "delivered" } else { "sent" };
        // Of every eleventh a filter says that it was blocked, 5 % of which nobody hears.
        let (came, state) = match (n % 11, n % 220) {
            (0, 0) => (String::new(), "sent"),
            (0, _) => (String::new(), "rejected"),
            _ => (came, state),
        };
        log += &format!("BX-{n},{asked},{asked},{came},{state},alpha,northwind\n");
    }
    let (_, composed) = fitted(&log, &Options::default());
    near(&composed, "provider.alpha.receipts.", &[0.05], 0.15);
    near(&composed, "carrier.northwind.loss", &[0.01], 0.25);
    near(&composed, "carrier.northwind.filter.", &[1.0 / 11.0], 0.01);
}

#[test]
fn dates_in_receipts_are_the_handsets_where_they_can_be() {
    let plain = Options::default();
    let (account, composed) = fitted(&kannel(MANY, "%y%m%d%H%M%S", 0), &plain);
    assert_eq!((account.done, account.received), (Some(1_000_000_000), Some(1_000_000_000)));
    near(&composed, "receipts.delay.exponential.mean", &[2.0], 0.05);
    near(&composed, ".latency.lognormal", &[3.0, 9.0], 0.04);
    // Of another zone they are taken once it is named.
    let away = kannel(MANY, "%y%m%d%H%M%S", 3_600_000);
    let zones = vec![(Some(Meaning::Done), TimeZone::fixed(Offset::constant(1)))];
    let (_, named) = fitted(&away, &Options { zones, ..Options::default() });
    assert_eq!(named.parameters, composed.parameters);
}

#[test]
fn dates_in_receipts_that_tell_too_little_change_nothing() {
    let plain = Options::default();
    let (_, undated) = fitted(&kannel(2_000, "", 0), &plain);
    assert_eq!(told(&undated, "receipts"), []);
    let cases = [("%y%m%d%H%M", 0), ("%y%m%d%H%M00", 0), ("%y%m%d%H%M%S", -3_600_000)];
    for (form, shift) in cases {
        let (account, composed) = fitted(&kannel(2_000, form, shift), &plain);
        assert_eq!((&composed.parameters, account.received), (&undated.parameters, None), "{form}");
    }
}
