//! `fit` of logs whose rows lack something, or write it in a way of their own.

use serde_json::Value;

use super::session::Session;

/// The time of day, so many ms after nine.
fn clock(ms: u64) -> String {
    let (second, minute, hour) = (ms / 1_000 % 60, ms / 60_000 % 60, 9 + ms / 3_600_000);
    format!("{hour:02}:{minute:02}:{second:02}.{:03}", ms % 1_000)
}

/// The fit of a log of 800 requests in seven minutes: `row` makes one of its number, the time when it came
/// and the time when it ended.
fn fitted(
    session: &Session,
    head: &str,
    options: &str,
    row: impl Fn(u64, String, String) -> String,
) -> Value {
    let rows = (0..800_u64).map(|n| {
        let (from, took) = (n * 500 + n * 7_919 % 500, 1_000 + n * 104_729 % 5_000);
        row(n, format!("2026-03-02 {}", clock(from)), format!("2026-03-02 {}", clock(from + took)))
    });
    let rows: String = rows.map(|row| row + "\n").collect();
    session.file("log.csv", &format!("{head}\n{rows}"));
    let ended = session.run(&format!("fit log.csv -q --format json --no-files {options}")).with(0);
    serde_json::from_str(&ended.out).unwrap()
}

/// The carriers of the only stream, with their shares.
fn carriers(fit: &Value) -> Vec<(&str, f64)> {
    let own = fit["parameters"].as_array().unwrap().iter();
    own.filter_map(|own| {
        let (_, name) = own["path"].as_str()?.split_once(".carriers.")?;
        Some((name, own["value"].as_f64()?))
    })
    .collect()
}

#[test]
fn rows_without_a_carrier_are_one_of_their_own_with_a_name_that_none_has() {
    let session = Session::new("fit-no-carrier");
    let head = "id,submitted,done,status,carrier,provider";
    let fit = fitted(&session, head, "--hold-out 0", |n, from, done| {
        let carrier = ["acme", "carrier", "unnamed", ""][n as usize % 4];
        let provider = if n % 10 == 0 { "" } else { "alpha" };
        format!("{n},{from},{done},delivered,{carrier},{provider}")
    });
    let names: Vec<&str> = carriers(&fit).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["acme", "carrier", "unnamed", "unnamed-2"]);
    let notes = fit["log"]["notes"].to_string();
    for said in [
        "200 rows have no carrier, where others have one: taken as of a carrier of their own, `unnamed-2`",
        "80 rows have no provider, where others have one: taken as of a provider of their own, `unnamed`",
    ] {
        assert!(notes.contains(said), "{said}: {notes}");
    }
    let paths = fit["parameters"].to_string();
    assert!(paths.contains("carrier.unnamed-2.latency"), "{paths}");
    assert!(!fit["assumptions"].to_string().contains("another name that a scenario"), "{fit}");
    // A log that names none has one carrier, and nothing to say about it.
    let fit =
        fitted(&session, "id,submitted,done,status,carrier", "--hold-out 0", |n, from, done| {
            format!("{n},{from},{done},delivered,")
        });
    assert_eq!(fit["log"]["notes"], serde_json::json!([]));
    assert!(fit["parameters"].to_string().contains("carrier.carrier.latency"), "{fit}");
}

#[test]
fn what_failed_before_a_carrier_had_it_is_none_of_a_carrier_of_its_own() {
    let session = Session::new("fit-before-carrier");
    // The first ten of all, too, before any carrier is named.
    let failed = |n: u64| n < 10 || n % 20 == 7;
    let fit = fitted(
        &session,
        "id,submitted,sent,done,status,error,carrier",
        "--hold-out 0",
        |n, from, done| match failed(n) {
            true => format!("{n},{from},,,failed,8,"),
            false => {
                let carrier = if n % 3 == 0 { "acme" } else { "northwind" };
                format!("{n},{from},{from},{done},delivered,,{carrier}")
            }
        },
    );
    let mut shares = carriers(&fit);
    shares.sort_unstable_by_key(|own| own.0);
    let names: Vec<&str> = shares.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["acme", "northwind"]);
    assert!((shares[0].1 - 1.0 / 3.0).abs() < 0.02, "{shares:?}");
    let count = (0..800).filter(|n| failed(*n)).count();
    let notes = fit["log"]["notes"].to_string();
    let said = format!(
        "{count} rows have no carrier, and failed before one had them: each is counted with the carrier of \
         the row before it"
    );
    assert!(notes.contains(&said), "{said}: {notes}");
    // All the same when it is replayed.
    let span = "--incident 2026-03-02T09:00:00..2026-03-02T09:02:00 --name part -q";
    session.run(&format!("fit log.csv --hold-out 0 {span}")).with(0);
    let demand = session.read("output/part/fit/part-incident.csv");
    assert!(demand.lines().skip(1).all(|row| row.contains("acme") || row.contains("northwind")));
}

#[test]
fn the_order_of_day_and_month_is_asked_for_where_nothing_shows_it() {
    let session = Session::new("fit-dates");
    // Both on 2 March.
    let american = |time: String| format!("3/2/2026 {}", &time[11..]);
    let log = |session: &Session, options: &str| {
        fitted(session, "id,submitted,done,status", options, |n, from, done| {
            format!("{n},{},{},delivered", american(from), american(done))
        })
    };
    let fit = log(&session, "--hold-out 0 --dates mdy");
    assert_eq!(fit["log"]["from"], "2026-03-02T09:00:00Z");
    assert_eq!(fit["log"]["used"], 800);
    let fit = log(&session, "--hold-out 0 --dates dmy --dates done=dmy");
    assert_eq!(fit["log"]["from"], "2026-02-03T09:00:00Z");
    for (options, said) in [
        (
            "",
            "800 rows, line 2: which of a date's numbers is the month can't be told: column `submitted` has `3/2/2026 09:00",
        ),
        ("", "`--dates dmy` says that the day stands first, `--dates mdy` that the month does"),
        ("--dates ymd", "--dates ymd: no order `ymd`; expected [NAME=]ORDER, dmy or mdy"),
        ("--dates id=dmy", "where NAME is one of submitted, sent, done"),
        ("--dates dmy --dates mdy", "in another `--dates` already"),
    ] {
        let ended = session.run(&format!("fit log.csv --no-files {options}")).with(2);
        assert!(ended.err.contains(said), "{options}: {}", ended.err);
    }
    session.run("fit log.csv -q --hold-out 0 --dates mdy").with(0);
    let page = session.read("output/log/fit/fit.html");
    assert!(page.contains("--dates mdy"), "the command that makes it again");
}

#[test]
fn hundreds_of_attempts_are_read_as_they_are_and_thousands_left_out() {
    let session = Session::new("fit-many-attempts");
    let fit =
        fitted(&session, "id,submitted,done,status,attempts", "--hold-out 0", |n, from, done| {
            match n % 100 {
                0 => format!("{n},{from},,failed,300"),
                1 => format!("{n},{from},{done},delivered,12000"),
                _ => format!("{n},{from},{done},delivered,1"),
            }
        });
    let all = fit["parameters"].as_array().unwrap();
    let most = all.iter().find(|own| own["path"] == "retry.max_attempts").unwrap();
    assert_eq!(most["value"], 300.0);
    let rejected = &fit["log"]["rejected"][0];
    assert_eq!(rejected["count"], 8);
    let told = rejected["told"].as_str().unwrap();
    assert!(told.contains("column `attempts` has `12000`. Expected a count up to 1,000,000 (of attempts up to 1,000)"), "{told}");
}

#[test]
fn a_log_has_its_own_words_for_states() {
    let session = Session::new("fit-states");
    let fit = fitted(
        &session,
        "id,submitted,done,status",
        "--hold-out 0 --state Zugestellt=delivered --state NICHT=undelivered",
        |n, from, done| {
            let state = if n % 20 == 0 { "nicht" } else { "zugestellt" };
            format!("{n},{from},{done},{state}")
        },
    );
    assert_eq!((&fit["log"]["used"], &fit["log"]["left_out"]), (&800.into(), &0.0.into()));
    let lost = fit["parameters"].to_string();
    assert!(lost.contains("carrier.carrier.filter.unexplained.probability"), "{lost}");
    for (options, said) in [
        ("", "column `status` has `nicht`, `zugestellt`. Expected a state"),
        (
            "--state zugestellt",
            "--state zugestellt: expected WORD=STATE; STATE is one of pending, delivered",
        ),
        ("--state zugestellt=deliverd", "no state `deliverd`, did you mean delivered?"),
        (
            "--state A=failed --state a=expired",
            "--state a=expired: the word is in another `--state` already",
        ),
    ] {
        let ended = session.run(&format!("fit log.csv --no-files {options}")).with(2);
        assert!(ended.err.contains(said), "{options}: {}", ended.err);
    }
}

#[test]
fn a_gap_where_clocks_show_an_hour_twice_is_said_to_be_one() {
    let session = Session::new("fit-twice");
    // From 1:57 on, so that most of the log is of that hour.
    let head = "id,submitted,done,status";
    let row = |n: u64, from: String, done: String| {
        let moved = |time: String| match time[14..16].parse::<u32>().unwrap() {
            minute @ 0..3 => format!("2026-10-25 01:{:02}{}", minute + 57, &time[16..]),
            minute => format!("2026-10-25 02:{:02}{}", minute - 3, &time[16..]),
        };
        format!("{n},{},{},delivered", moved(from), moved(done))
    };
    let fit = fitted(&session, head, "--hold-out 0 --zone Europe/Berlin", row);
    let rejected = &fit["log"]["rejected"][0];
    assert_eq!(rejected["reason"], "its time is one that the zone's clocks show twice");
    let notes = fit["log"]["notes"].to_string();
    let said = format!(
        "{} rows are left out for a time that the zone’s clocks show twice",
        rejected["count"]
    );
    assert!(notes.contains(&said) && notes.contains("a gap of two hours"), "{notes}");
    let fit = fitted(&session, head, "--hold-out 0 --zone UTC", row);
    assert!(!fit["log"]["notes"].to_string().contains("a gap"), "{fit}");
}

/// A log of so many days of local time: by chance so many requests an hour, of each hour of these days.
fn of_days(first: u32, month: &str, days: u32, hourly: impl Fn(u32, u32) -> u64) -> String {
    let mut state = 88_172_645_463_325_252_u64;
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % below
    };
    let mut rows = "id,submitted,done,status\n".to_owned();
    for hour in 0..days * 24 {
        let (day, hour) = (first + hour / 24, hour % 24);
        let mut of_hour: Vec<u64> =
            (0..3_600).filter(|_| draw(3_600) < hourly(day, hour)).collect();
        of_hour.retain(|second| second % 60 < 50);
        for second in of_hour {
            let at = |second| {
                format!("2026-{month}-{day} {hour:02}:{:02}:{:02}", second / 60, second % 60)
            };
            let done = at(second + 1 + draw(9));
            rows += &format!("{day}-{hour}-{second},{},{done},delivered\n", at(second));
        }
    }
    rows
}

#[test]
fn a_profile_follows_the_clocks_and_the_hour_they_show_twice_is_not_compared() {
    let session = Session::new("fit-turn");
    let fitted = || {
        let options = "--zone Europe/Berlin -q --format json --no-files";
        let ended = session.run(&format!("fit log.csv {options}")).with(0);
        serde_json::from_str::<Value>(&ended.out).unwrap()
    };
    // The clocks go forward on the third of four days.
    session.file(
        "log.csv",
        &of_days(27, "03", 4, |day, hour| match hour {
            2 if day == 29 => 0,
            8..12 => 150,
            _ => 3,
        }),
    );
    let fit = fitted();
    assert_eq!(fit["log"]["left_out"].as_f64(), Some(0.0));
    let paths = fit["parameters"].to_string();
    assert!(!paths.contains("campaign") && paths.contains("arrivals.profile"), "{paths}");
    assert_eq!(fit["passes"], true, "{}", fit["advice"]);
    // And what is drawn has its rates at these hours, too.
    let kinds = fit["uncertain"].as_array().unwrap().iter().map(|own| own["kind"].to_string());
    assert!(
        kinds.into_iter().any(|own| own == "\"days 4 +1 h after 50 h\""),
        "{}",
        fit["uncertain"]
    );
    // They go back within the last fifth.
    session.file(
        "log.csv",
        &of_days(21, "10", 5, |day, hour| match (day, hour) {
            (21, 0..16) | (25, 14..) => 0,
            _ => 24,
        }),
    );
    let fit = fitted();
    assert!(fit["log"]["notes"].to_string().contains("a gap of two hours"));
    assert_eq!(fit["passes"], true, "{}", fit["advice"]);
}
