use super::session::Session;

/// One worker; a service takes a second.
const LINE: &str = "[scenario]\nname = \"line\"\nduration = \"10000s\"\ndrain = \"100d\"\n\n\
    [[traffic]]\nname = \"t\"\nsender = \"12345\"\ncarriers = { c = 1 }\n\
    arrivals.poisson = { rate = \"0.5/s\" }\n\n\
    [[queue]]\nname = \"main\"\nworkers = 1\n\n\
    [[route]]\nid = 1\ncarriers = [\"c\"]\nprovider = \"p\"\nqueue = \"main\"\n\n\
    [[provider]]\nname = \"p\"\nlatency.exponential = { mean = \"1s\" }\n\n\
    [[carrier]]\nname = \"c\"\n";

/// A window of 2000, of which 1000 are used on average, each for 500 s: the run begins with none.
const FILLING: [&str; 5] = [
    "scenario.warmup=100s",
    "traffic.t.arrivals.poisson.rate=2/s",
    "queue.main.workers=5000",
    "provider.p.window=2000",
    "provider.p.latency.exponential.mean=500s",
];

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn set(keys: &[&str]) -> String {
    keys.iter().map(|key| format!(" --set {key}")).collect()
}

#[test]
fn a_steady_run_is_not_warned_of() {
    let session = Session::new("steady");
    session.file("line.toml", LINE);
    for asked in ["", " --seed 3", " -n 4"] {
        let ended = session.run(&format!("run line.toml --no-files{asked}")).with(0);
        assert!(!ended.err.contains("warning"), "{asked}: {}", ended.err);
        assert!(!ended.out.contains("warning"), "{asked}: {}", ended.out);
    }
}

#[test]
fn a_load_above_the_capacity_has_no_steady_state() {
    let session = Session::new("overload");
    session.file("line.toml", LINE);
    let asked = "run line.toml --no-files --set traffic.t.arrivals.poisson.rate=1.5/s";
    for more in ["", " -n 4 --set scenario.warmup=1000s"] {
        let ended = session.run(&format!("{asked}{more}")).with(0);
        let said = "warning: no steady state: queue.main.depth is still on its way";
        assert!(ended.err.contains(said), "{}", ended.err);
        assert!(words(&ended.out).contains(said), "{}", ended.out);
    }
    // Quiet is quiet; the table has it all the same.
    let quiet = session.run(&format!("{asked} -q")).with(0);
    assert_eq!(quiet.err, "");
    assert!(words(&quiet.out).contains("no steady state"));
}

#[test]
fn a_run_that_is_still_filling_needs_a_longer_warm_up() {
    let session = Session::new("filling");
    session.file("line.toml", LINE);
    let asked = format!("run line.toml --no-files{}", set(&FILLING));
    let ended = session.run(&asked).with(0);
    let start = "warning: the warm-up is too short: queue.main.busy settles after about";
    let told = ended.err.lines().find(|line| line.starts_with(start));
    let told = told.unwrap_or_else(|| panic!("{}", ended.err));
    assert!(words(&ended.out).contains(told), "{}", ended.out);
    // What it suggests is enough.
    let (_, suggested) = told.split_once("set scenario.warmup = \"").unwrap();
    let suggested = suggested.split('"').next().unwrap();
    let mended = asked.replace("warmup=100s", &format!("warmup={suggested}"));
    let ended = session.run(&mended).with(0);
    assert!(!ended.err.contains("warning"), "{}", ended.err);
}

#[test]
fn nothing_is_said_where_traffic_is_not_steady() {
    let session = Session::new("unsteady");
    session.file("line.toml", LINE);
    let incident = "\n[[incident]]\nname = \"rush\"\nat = \"5000s\"\nfor = \"10s\"\n\
        target = \"traffic.t\"\ntraffic_factor = 2\n";
    session.file("incident.toml", &format!("{LINE}{incident}"));
    let more = "--no-files --set traffic.t.arrivals.poisson.rate=1.5/s";
    let overload = format!("run line.toml {more}");
    for (asked, why) in [
        (format!("run incident.toml {more}").as_str(), "an incident"),
        (
            "run line.toml --no-files --set traffic.t.arrivals.campaign.count=9000 --set traffic.t.arrivals.campaign.at=0s \
          --set traffic.t.arrivals.campaign.over=6000s",
            "a campaign",
        ),
        (&format!("{overload} --set scenario.sample_every=101s"), "fewer than 100 samples"),
    ] {
        let ended = session.run(asked).with(0);
        // That the load is too much for the worker is another warning, of the scenario.
        for said in ["steady state", "the warm-up is", "settles"] {
            assert!(!ended.err.contains(said), "{why}: {}", ended.err);
        }
    }
}

#[test]
fn quiet_hours_are_no_warm_up() {
    let session = Session::new("held");
    session.file("line.toml", LINE);
    // They end in the first half of the run, and all that they held comes at once.
    let night = " --set carrier.c.quiet={from=\"00:00\",to=\"01:00\"} --set scenario.start=00:00";
    let ended = session.run(&format!("run line.toml --no-files{night}")).with(0);
    assert!(!ended.err.contains("warm-up") && !ended.err.contains("steady"), "{}", ended.err);
    let said = "This run alone, without ±: the quiet hours of carrier.c begin or end on the way.";
    assert!(words(&ended.out).contains(said), "{}", ended.out);
    // They are over before the run begins.
    let noon = night.replace("scenario.start=00:00", "scenario.start=12:00");
    let ended = session.run(&format!("run line.toml --no-files{noon}")).with(0);
    assert!(!ended.out.contains("without ±"), "{}", ended.out);
}

#[test]
fn a_rule_that_moves_traffic_is_no_warm_up() {
    let session = Session::new("moved");
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/slow-provider.toml");
    let ended =
        session.run(&format!("run {scenario} --no-files --set scenario.duration=2h")).with(0);
    assert!(!ended.err.contains("warm-up") && !ended.err.contains("steady"), "{}", ended.err);
    let said = "This run alone, without ±: route 1's rule moved its weight.";
    assert!(words(&ended.out).contains(said), "{}", ended.out);
}
