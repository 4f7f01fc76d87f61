//! The verdict on a fit, where all messages together are as predicted and no sender or route is, where nearly
//! any log would agree, and where two clocks differ; and the way out that it names.

use serde_json::Value;

use super::session::Session;

/// Numbers by chance, from 0 to 1: SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    }

    /// A waiting time of that mean, s.
    fn wait(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.next()).ln()
    }

    /// A log-normal time of that median, s.
    fn time(&mut self, median: f64) -> f64 {
        let (a, b) = (self.next(), self.next());
        let normal = (-2.0 * (1.0 - a).ln()).sqrt() * (std::f64::consts::TAU * b).cos();
        median * (0.65 * normal).exp()
    }
}

/// A time of the day, s, as a log has it; `hours` later by another clock.
fn clock(at: f64, hours: u64) -> String {
    let ms = (at * 1e3) as u64;
    let (second, minute, hour) = (ms / 1_000 % 60, ms / 60_000 % 60, 9 + hours + ms / 3_600_000);
    format!("2026-03-02T{hour:02}:{minute:02}:{second:02}.{:03}", ms % 1_000)
}

/// A request's time, how long it took, s, whether it was delivered, and other cells.
type Message = (f64, f64, bool, String);

/// A log of `columns` besides.
fn log(columns: &str, messages: impl IntoIterator<Item = Message>) -> String {
    let rows = messages.into_iter().enumerate().map(|(n, (at, took, delivered, cells))| {
        let state = if delivered { "delivered" } else { "undelivered" };
        format!("{n},{}Z,{}Z,{state}{cells}\n", clock(at, 0), clock(at + took, 0))
    });
    format!("id,submitted,done,status{columns}\n{}", rows.collect::<String>())
}

/// Requests of Poisson's law, `count` of them a second apart on average.
fn requests(chance: &mut Chance, count: usize) -> Vec<f64> {
    let mut at = 0.0;
    (0..count).map(|_| (at += chance.wait(1.0), at).1).collect()
}

fn fit(session: &Session, log: &str, more: &str) -> Value {
    session.file("log.csv", log);
    let ended = session.run(&format!("fit log.csv --format json --no-files -q {more}")).with(0);
    serde_json::from_str(&ended.out).unwrap()
}

/// Paths of the figures that are off, or that are compared at all.
fn paths(fit: &Value, agree: bool) -> Vec<String> {
    let figures = fit["held_out"].as_array().unwrap().iter();
    let of = figures.filter(|own| agree || own["agrees"] == false);
    of.map(|own| own["path"].as_str().unwrap().to_owned()).collect()
}

fn because(fit: &Value) -> String {
    let all = fit["because"].as_array().unwrap().iter();
    all.map(|own| own.as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[test]
fn senders_that_differ_are_not_averaged_into_a_yes() {
    let session = Session::new("judged-senders");
    let of = |differ: bool| {
        let mut chance = Chance(7);
        let times = requests(&mut chance, 4_000);
        let rows = times.into_iter().map(|at| {
            let news = chance.next() < 0.5;
            let (median, share) = if news && differ { (20.0, 0.75) } else { (3.0, 0.99) };
            let sender = if news { ",My News" } else { ",OTP" };
            (at, chance.time(median), chance.next() < share, sender.to_owned())
        });
        log(",sender", rows.collect::<Vec<_>>())
    };
    let alike = fit(&session, &of(false), "");
    assert_eq!(alike["passes"], true, "{}", alike["verdict"]);
    let compared = paths(&alike, true);
    for figure in ["senders.OTP.delivered", "senders.My News.p50_s"] {
        assert!(compared.iter().any(|own| own == figure), "{compared:?}");
    }
    let differ = fit(&session, &of(true), "");
    assert_eq!(differ["passes"], false, "{}", differ["verdict"]);
    let mut off = paths(&differ, false);
    off.sort();
    let all = ["delivered", "p50_s"];
    let all = ["My News", "OTP"].map(|name| all.map(|end| format!("senders.{name}.{end}")));
    assert_eq!(off, all.concat(), "all together is as predicted: {}", differ["verdict"]);
    let told = because(&differ);
    assert!(told.contains("Farthest off: the median time of sender My News, "), "{told}");
    assert!(
        told.contains("Senders differ: ") && told.contains("each sender by themselves"),
        "{told}"
    );
    let table = session.run("fit log.csv --no-files -q").with(0).out;
    assert!(table.contains("\n  senders.My News.delivered "), "{table}");
}

#[test]
fn of_many_senders_the_largest_are_compared_and_that_is_said() {
    let session = Session::new("judged-many");
    let mut chance = Chance(11);
    let times = requests(&mut chance, 4_800);
    let rows = times.into_iter().map(|at| {
        // Two of six in a hundred, eight of eleven.
        let place = chance.next();
        let sender = if place < 0.12 { place / 0.06 } else { 2.0 + (place - 0.12) / 0.11 } as u64;
        (at, chance.time(3.0), chance.next() < 0.95, format!(",shop{sender}"))
    });
    let fit = fit(&session, &log(",sender", rows.collect::<Vec<_>>()), "");
    let compared = paths(&fit, true);
    let of = |name: u64| compared.contains(&format!("senders.shop{name}.delivered"));
    assert_eq!((0..10).filter(|&name| of(name)).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7, 8, 9]);
    let told = because(&fit);
    assert!(
        told.contains("Of 10 senders with 50 messages kept out or more, the 8 largest"),
        "{told}"
    );
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
}

#[test]
fn a_provider_that_serves_one_carrier_worse_is_not_averaged_into_a_yes() {
    let session = Session::new("judged-pairs");
    let mut chance = Chance(3);
    let times = requests(&mut chance, 4_800);
    let rows = times.into_iter().map(|at| {
        let (provider, carrier) = (
            ["alpha", "beta"][(2.0 * chance.next()) as usize % 2],
            ["X", "Y"][(2.0 * chance.next()) as usize % 2],
        );
        let bad = provider == "alpha" && carrier == "X";
        let (median, share) = if bad { (30.0, 0.8) } else { (3.0, 0.99) };
        (at, chance.time(median), chance.next() < share, format!(",{provider},{carrier}"))
    });
    let fit = fit(&session, &log(",provider,carrier", rows.collect::<Vec<_>>()), "");
    assert_eq!(fit["passes"], false, "{}", fit["verdict"]);
    let off = paths(&fit, false);
    for pair in ["alpha.X", "beta.X"].map(|pair| format!("pairs.{pair}.delivered")) {
        assert!(off.contains(&pair), "{off:?}");
    }
    assert!(off.iter().all(|own| own.starts_with("pairs.")), "{off:?}");
    assert!(because(&fit).contains("compare no routes by this fit"), "{}", because(&fit));
    // Where each carrier has one provider, a pair would be the carrier again.
    let mut chance = Chance(3);
    let times = requests(&mut chance, 1_200);
    let rows = times.into_iter().map(|at| {
        let own = [",alpha,X", ",beta,Y"][(2.0 * chance.next()) as usize % 2];
        (at, chance.time(3.0), chance.next() < 0.9, own.to_owned())
    });
    let fit = self::fit(&session, &log(",provider,carrier", rows.collect::<Vec<_>>()), "");
    let compared = paths(&fit, true);
    assert!(compared.contains(&"carriers.X.delivered".to_owned()), "{compared:?}");
    assert!(!compared.iter().any(|own| own.starts_with("pairs.")), "{compared:?}");
}

#[test]
fn a_prediction_that_nearly_any_log_agrees_with_is_no_yes() {
    let session = Session::new("judged-vague");
    let fit = fit(&session, &log("", taking_turns(6)), "");
    let volume = fit["held_out"].as_array().unwrap().iter().find(|own| own["path"] == "volume");
    let end = |key: &str| volume.unwrap()[key].as_f64().unwrap();
    assert!(end("high") > 3.0 * end("low"), "{volume:?}");
    assert!(fit["passes"].is_null(), "{}", fit["verdict"]);
    let doubts = fit["not_known"].to_string();
    assert!(doubts.contains("the volume is predicted as anything from "), "{doubts}");
}

/// Four hours: two minutes at a high rate, and many at a low one, for as long as chance has it.
fn taking_turns(seed: u64) -> Vec<Message> {
    let mut chance = Chance(seed);
    let mut rows = Vec::new();
    let (mut at, mut until, mut high) = (0.0, 0.0, false);
    while at < 4.0 * 3_600.0 {
        at += chance.wait(if high { 0.4 } else { 4.0 });
        if at > until {
            (at, high) = (until, !high);
            until += chance.wait(if high { 120.0 } else { 480.0 });
            continue;
        }
        rows.push((at, chance.time(4.0), chance.next() < 0.97, String::new()));
    }
    rows
}

#[test]
fn requests_that_come_together_are_no_reason_for_a_no() {
    let session = Session::new("judged-turns");
    // Of the last minutes most are at the high rate, as in one of some dozen such logs.
    let fit = fit(&session, &log("", taking_turns(5)), "");
    assert!(fit["passes"].is_null(), "{}", fit["verdict"]);
}

#[test]
fn two_columns_that_may_be_of_two_clocks_are_no_yes() {
    let session = Session::new("judged-clocks");
    let mut chance = Chance(9);
    let times = requests(&mut chance, 1_500);
    let rows = times.into_iter().enumerate().map(|(n, at)| {
        let state = if chance.next() < 0.96 { "delivered" } else { "undelivered" };
        format!("{n},{}Z,{},{state}\n", clock(at, 0), clock(at + chance.time(4.0), 2))
    });
    let log = format!("id,submitted,done,status\n{}", rows.collect::<String>());
    let open = fit(&session, &log, "");
    assert!(open["passes"].is_null(), "{}", open["verdict"]);
    let doubts = open["not_known"].to_string();
    assert!(doubts.contains("by one clock") && doubts.contains("`--zone done="), "{doubts}");
    session.run("fit log.csv --no-files -q --require").with(1);
    let named = fit(&session, &log, "--zone done=+02:00");
    assert_eq!((&named["passes"], named["not_known"].to_string().as_str()), (&true.into(), "[]"));
    // Whoever says that they are of one clock is believed.
    let told = fit(&session, &log, "--zone done=UTC");
    assert_eq!(told["passes"], true, "{}", told["verdict"]);
}

#[test]
fn what_is_off_is_told_in_words_with_the_way_out_of_its_kind() {
    let session = Session::new("judged-advice");
    let of = |late: &dyn Fn(f64) -> (f64, f64, bool)| {
        let mut chance = Chance(21);
        let mut times = requests(&mut chance, 2_000);
        let from = times[1_600];
        times.iter_mut().for_each(|at| {
            let (rate, ..) = late(f64::from(*at > from));
            *at = if *at > from { from + (*at - from) / rate } else { *at };
        });
        let rows = times.into_iter().map(|at| {
            let (_, slower, fails) = late(f64::from(at > from));
            let share = if fails { 0.8 } else { 0.97 };
            (at, chance.time(3.0 * slower), chance.next() < share, String::new())
        });
        log("", rows.collect::<Vec<_>>())
    };
    let slow = fit(&session, &of(&|late| (1.0, 1.0 + late, false)), "");
    let told = because(&slow);
    assert_eq!(slow["passes"], false);
    assert!(
        told.contains(" to delivery, ") && told.contains("Times or failures have changed"),
        "{told}"
    );
    assert!(!told.contains("The demand") && !told.contains("Ends or reasons"), "{told}");
    // The pieces over time say when: all of them are slower.
    let pieces = slow["over_time"].as_array().unwrap();
    let is_slow = |own: &&Value| own["p50_s"]["seen"].as_f64() > own["p50_s"]["high"].as_f64();
    let late = pieces.iter().filter(is_slow).count();
    assert!(pieces.len() >= 4 && 2 * late > pieces.len(), "{pieces:?}");
    let failing = because(&fit(&session, &of(&|late| (1.0, 1.0, late > 0.0)), ""));
    assert!(failing.contains("the share undelivered, 1"), "{failing}");
    assert!(failing.contains("Ends or reasons of failure have changed"), "{failing}");
}

#[test]
fn parameters_stand_below_their_stations_and_what_no_clock_tells_has_no_interval() {
    let session = Session::new("judged-table");
    let mut chance = Chance(2);
    let times = requests(&mut chance, 900);
    let carrier = "a-carrier-with-a-name-as-long-as-forty-letters";
    let rows = times.into_iter().enumerate().map(|(n, at)| {
        let minute = |at: f64| clock(at, 0)[..16].to_owned();
        let state = if chance.next() < 0.9 { "delivered" } else { "undelivered" };
        format!("{n},{}Z,{}Z,{state},{carrier}\n", minute(at), minute(at + chance.time(4.0)))
    });
    let log = format!("id,submitted,done,status,carrier\n{}", rows.collect::<String>());
    let fit = fit(&session, &log, "");
    let all = fit["parameters"].as_array().unwrap();
    let of =
        |end: &str| all.iter().find(|own| own["path"].as_str().unwrap().contains(end)).unwrap();
    let latency = of(".latency.");
    assert!(latency["low"].is_null() && latency["high"].is_null(), "{latency}");
    assert!(
        latency["not_known"].as_str().unwrap().starts_with("no median can be told"),
        "{latency}"
    );
    assert!(of("filter.unexplained")["low"].is_f64());
    let table = session.run("fit log.csv --no-files -q").with(0).out;
    let fitted = table.split("\n  Fitted ").nth(1).unwrap().split("\n\n").next().unwrap();
    assert!(fitted.contains(&format!("\n  carrier.{carrier}\n    latency.")), "{table}");
    assert!(fitted.contains("\n    filter.unexplained.probability "), "{table}");
    assert!(fitted.contains("not known"), "{table}");
    assert!(fitted.lines().skip(1).all(|line| line.chars().count() <= 100), "{table}");
}

/// A log of an hour at 3 messages a second that take minutes, 5 % of which fail after as long and 5 % are lost; exported
/// 10 s after its last full minute. Ends are in minutes, if asked for.
fn cut(seed: u64, in_minutes: bool) -> String {
    let mut chance = Chance(seed);
    let (mut rows, mut at, until) = ("id,submitted,done,status\n".to_owned(), 0.0, 3_550.0);
    for number in 0.. {
        at += chance.wait(1.0 / 3.0);
        if at > until {
            return rows;
        }
        let (takes, lost, fails) = (chance.time(300.0), chance.next() < 0.05, chance.next() < 0.05);
        let ended = !lost && at + takes <= until;
        let minutes = |at: f64| if in_minutes { (at / 60.0).floor() * 60.0 } else { at };
        let done =
            if ended { format!("{}Z", clock(minutes(at + takes), 0)) } else { String::new() };
        let status = match (ended, fails) {
            (false, _) => "sent",
            (true, true) => "undelivered",
            (true, false) => "delivered",
        };
        rows.push_str(&format!("{number},{}Z,{done},{status}\n", clock(at, 0)));
    }
    rows
}

#[test]
fn a_log_that_is_cut_while_most_is_under_way_is_predicted_whatever_its_clock() {
    let session = Session::new("judged-cut");
    let mut held = 0;
    for (seed, in_minutes) in [(1, false), (2, false), (3, true), (4, true)] {
        let fit = fit(&session, &cut(seed, in_minutes), "");
        assert_eq!(fit["passes"], true, "{seed} {in_minutes}: {}", fit["verdict"]);
        let all = fit["parameters"].as_array().unwrap();
        let loss = all.iter().find(|own| own["path"] == "carrier.carrier.loss").unwrap();
        let [low, high] = ["low", "high"].map(|key| loss[key].as_f64().unwrap());
        held += i32::from(low <= 0.05 && 0.05 <= high);
    }
    assert!(held >= 3, "{held}");
}
