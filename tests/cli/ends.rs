//! `fit` of logs in the states that providers write: what a scenario can't tell apart is compared in the log's words,
//! what the provider refused is the provider's, and what asked for no receipt is no loss.

use serde_json::Value;

use super::session::Session;

/// Requests of a log of an hour.
const ROWS: u64 = 3_600;

/// A log's rows: the request, the acceptance and the end, s, with what became of it by two hundredths. What becomes of
/// messages comes in no order, and every kind as often in each minute.
struct Message {
    number: u64,
    requested: f64,
    sent: f64,
    done: f64,
    /// In 0..50.
    end: u64,
}

fn messages() -> impl Iterator<Item = Message> {
    (0..ROWS).map(|number| {
        // Numbers in [0, 1), one sequence for each use.
        let draw = |step: f64| (number as f64 * step + 0.5).fract();
        let requested = number as f64 + draw(0.754_877_666);
        let sent = requested + 0.1 + 0.1 * draw(0.618_033_989);
        // An exponential time behind a fixed one.
        let done = sent + 2.0 - 3.0 * (1.0 - draw(0.569_840_291)).ln();
        Message { number, requested, sent, done, end: number * 29 % 50 }
    })
}

/// `2026-03-02T09:00:00.125Z`.
fn iso(at: f64) -> String {
    let at = jiff::Timestamp::from_millisecond(1_772_442_000_000 + (at * 1e3) as i64).unwrap();
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

fn fit(name: &str, log: &str) -> Value {
    let session = Session::new(name);
    session.file("log", log);
    serde_json::from_str(&session.run("fit log --format json --no-files -q").with(0).out).unwrap()
}

fn parameter(fit: &Value, path: &str) -> Option<f64> {
    let all = fit["parameters"].as_array().unwrap();
    all.iter().find(|own| own["path"] == path).map(|own| own["value"].as_f64().unwrap())
}

/// A figure of the part that was kept out: predicted and seen.
fn figure(fit: &Value, path: &str) -> [f64; 2] {
    let all = fit["held_out"].as_array().unwrap();
    let own = all.iter().find(|own| own["path"] == path);
    own.map_or([0.0; 2], |own| ["predicted", "seen"].map(|key| own[key].as_f64().unwrap()))
}

/// All figures agree, and those named are predicted as they are seen.
fn agrees(fit: &Value, figures: &[&str]) {
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
    for path in figures {
        let [predicted, seen] = figure(fit, path);
        assert!(seen > 0.01 && (predicted / seen - 1.0).abs() < 0.35, "{path}: {predicted} {seen}");
    }
}

#[test]
fn what_a_provider_refused_is_none_of_a_carrier_s() {
    let mut log = "uuid,created_at,sent_at,completed_at,cld,status,errors\n".to_owned();
    for Message { number, requested, sent, done, end } in messages() {
        let (status, code) = match end {
            0 => ("sending_failed", "40310"),
            1 => ("sending_failed", "40001"),
            2 => ("delivery_failed", "40001"),
            3 => ("delivery_unconfirmed", ""),
            4 => ("delivery_failed", "40008"),
            _ => ("delivered", ""),
        };
        let sent = if status == "sending_failed" { String::new() } else { iso(sent) };
        let (requested, done) = (iso(requested), iso(done));
        log += &format!("t{number},{requested},{sent},{done},+4477{number:08},{status},{code}\n");
    }
    let fit = fit("ends-telnyx", &log);
    agrees(
        &fit,
        &["states.failed", "states.unknown", "states.undelivered", "failures.unknown_subscriber"],
    );
    let refused = parameter(&fit, "provider.provider.failures.permanent").unwrap();
    assert!((0.036..0.044).contains(&refused), "{refused}");
    let unknown = parameter(&fit, "carrier.carrier.unknown_subscriber").unwrap();
    assert!((0.017..0.025).contains(&unknown), "{unknown}");
}

#[test]
fn states_and_kinds_are_compared_as_the_log_has_them() {
    let mut log = String::new();
    for Message { number, requested, sent, done, end } in messages() {
        let (status, code) = match end {
            0 => ("canceled", "null"),
            1 => ("failed", "30001"),
            2 => ("undelivered", "30003"),
            3 => ("undelivered", "30008"),
            _ => ("delivered", "null"),
        };
        let sent = match status {
            "canceled" | "failed" => "null".to_owned(),
            _ => format!("\"{}\"", iso(sent)),
        };
        let (requested, done) = (iso(requested), iso(done));
        log += &format!(
            "{{\"sid\":\"SM{number}\",\"account_sid\":\"AC\",\"uri\":\"/\",\"api_version\":\"1\",\"to\":\"+4477{number:08}\",\
             \"date_created\":\"{requested}\",\"date_sent\":{sent},\"date_updated\":\"{done}\",\
             \"status\":\"{status}\",\"error_code\":{code}}}\n"
        );
    }
    let fit = fit("ends-twilio", &log);
    agrees(
        &fit,
        &[
            "states.cancelled",
            "states.failed",
            "states.undelivered",
            "failures.queue_full",
            "failures.absent",
        ],
    );
    assert_eq!(figure(&fit, "states.pending"), [0.0; 2]);
    assert_eq!(figure(&fit, "failures.transient"), [0.0; 2]);
    // What is taken as lost is said to have been canceled, and how many were.
    let whys = fit["assumptions"].as_array().unwrap().iter().map(|own| own["why"].to_string());
    let said = whys.into_iter().find(|why| why.contains("never came to a final state")).unwrap();
    assert!(
        said.contains(" canceled): lost on the way") && said.contains("leave such rows out"),
        "{said}"
    );
}

#[test]
fn rejections_are_those_that_the_log_calls_so() {
    let mut log = "id,submitted,done,status,error\n".to_owned();
    for Message { number, requested, done, end, .. } in messages() {
        let (status, code) = match end {
            0..3 => ("rejected", "ESME_RINVDSTADR"),
            3 => ("undelivered", ""),
            _ => ("delivered", ""),
        };
        log += &format!("{number},{},{},{status},{code}\n", iso(requested), iso(done));
    }
    let fit = fit("ends-plain", &log);
    agrees(&fit, &["states.rejected", "states.undelivered", "failures.unknown_subscriber"]);
    assert_eq!(parameter(&fit, "carrier.carrier.filter.unexplained-rejected.probability"), None);
    let unexplained = parameter(&fit, "carrier.carrier.filter.unexplained.probability").unwrap();
    assert!((0.017..0.025).contains(&unexplained), "{unexplained}");
}

#[test]
fn what_asked_for_no_receipt_is_not_lost() {
    let mut lines: Vec<(u64, String)> = Vec::new();
    let mut line = |at: f64, what: &str, number: u64, flags: &str| {
        let time = iso(at).replace('T', " ");
        let head = format!("{} {what} [SMSC:alpha] [SVC:codes]", &time[..19]);
        let text = format!(
            "{head} [FID:{number}] [from:ACME] [to:+4477{number:08}] [flags:-1:0:-1:0:{flags}] [msg:5:Hello] [udh:0:]\n"
        );
        lines.push((at as u64, text));
    };
    for Message { number, requested, done, end, .. } in messages() {
        // Of three in ten nothing is asked, and of one in fifty nothing comes.
        if end < 15 {
            line(requested, "Sent SMS", number, "0");
            continue;
        }
        line(requested, "Sent SMS", number, "31");
        if end > 15 {
            line(done, "Receive DLR", number, "1");
        }
    }
    lines.sort_by_key(|line| line.0);
    let log: String = lines.into_iter().map(|line| line.1).collect();
    let fit = fit("ends-kannel", &log);
    agrees(&fit, &["states.unknown", "delivered"]);
    let loss = parameter(&fit, "carrier.carrier.loss").unwrap();
    assert!((0.022..0.036).contains(&loss), "{loss}");
    let said = fit["assumptions"].to_string();
    assert!(said.contains("no receipt was asked"), "{said}");
}
