use super::session::{SMALL, Session};

#[test]
fn a_sound_scenario_is_ok() {
    let session = Session::new("ok");
    let ended = session.run("check small.toml").with(0);
    assert!(ended.out.starts_with("small.toml: ok (small, fingerprint "), "{}", ended.out);
    assert!(!session.has("output"));
}

#[test]
fn every_mistake_is_told_at_its_place() {
    let session = Session::new("mistakes");
    session.file("bad.toml", &SMALL.replace("window = 20", "windoow = 20").replace("5/s", "5"));
    let ended = session.run("check bad.toml small.toml").with(2);
    assert!(ended.err.contains("bad.toml:"), "{}", ended.err);
    assert!(ended.err.contains("window"), "{}", ended.err);
    assert!(ended.out.starts_with("bad.toml: 2 errors\nsmall.toml: ok"), "{}", ended.out);
    let json = session.run("check bad.toml small.toml --format json -o c").with(2).out;
    assert_eq!(session.read("c/check.json"), json);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["schema"], "smschain.check/1");
    assert_eq!(
        (&report["files"][0]["ok"], &report["files"][1]["ok"]),
        (&false.into(), &true.into())
    );
    assert!(report["files"][0]["errors"][0]["line"].as_u64().unwrap() > 1);
    // Running it says the same.
    assert!(session.run("run bad.toml").with(2).err.contains("bad.toml:"));
}

#[test]
fn resolved_is_the_same_scenario() {
    let session = Session::new("resolved");
    let resolved = session.run("check --resolved small.toml").with(0).out;
    session.file("again.toml", &resolved);
    let fingerprint = |name: &str| {
        let out = session.run(&format!("check {name}")).with(0).out;
        out.rsplit_once("fingerprint ").unwrap().1.to_owned()
    };
    assert_eq!(fingerprint("again.toml"), fingerprint("small.toml"));
    assert_eq!(session.run("check --resolved again.toml").with(0).out, resolved);
}

#[test]
fn a_missing_file_is_an_input_failure() {
    let session = Session::new("gone");
    let ended = session.run("check gone.toml small.toml").with(3);
    assert!(ended.err.contains("can't read gone.toml"), "{}", ended.err);
    assert!(ended.out.contains("small.toml: ok"), "{}", ended.out);
}

#[test]
fn warnings_are_errors_only_when_strict() {
    let session = Session::new("warnings");
    let more = "\n[[provider]]\nname = \"beta\"\n";
    session.file("odd.toml", &format!("{SMALL}{more}"));
    let ended = session.run("check odd.toml").with(0);
    assert!(ended.err.contains("warning"), "{}", ended.err);
    assert!(ended.out.ends_with(", 1 warning\n"), "{}", ended.out);
    let json = session.run("check odd.toml --strict --format json").with(2).out;
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let file = &report["files"][0];
    assert_eq!(file["ok"], false);
    let line = file["warnings"][0]["line"].as_u64().unwrap();
    assert!(line > SMALL.lines().count() as u64, "{file}");
    // A run says so too, beside the result; not when it is to be quiet.
    assert!(session.run("run odd.toml --no-files").with(0).err.contains("warning"));
    assert_eq!(session.run("run odd.toml --no-files -q").with(0).err, "");
}

#[test]
fn a_path_without_a_name_says_whose_key_it_is() {
    let session = Session::new("nameless");
    let one = session.run("check small.toml --set provider.window=5").with(2).err;
    assert!(one.contains("`window` is a key of every provider"), "{one}");
    assert!(one.contains("did you mean provider.alpha.window?"), "{one}");
    let more = "\n[[provider]]\nname = \"beta\"\n";
    session.file("two.toml", &format!("{}{more}", super::session::SMALL));
    let two = session.run("check two.toml --set provider.window=5").with(2).err;
    assert!(two.contains("one of `alpha`, `beta`, such as provider.alpha.window"), "{two}");
    for (rest, said) in [
        ("--set carrier.throttle.rate=5/s", "carrier.northwind.throttle.rate"),
        ("--unset provider.throttle", "provider.alpha.throttle"),
        ("--set provider.windw=5", "there is no provider `windw`"),
    ] {
        let wrong = session.run(&format!("check small.toml {rest}")).with(2).err;
        assert!(wrong.contains(said), "{rest}: {wrong}");
    }
    let swept = session.run("sweep small.toml --vary provider.window=1,2 --no-files").with(2).err;
    assert!(swept.contains("provider.alpha.window"), "{swept}");
}

#[test]
fn a_wrong_parameter_is_one_error_the_real_one() {
    let session = Session::new("half-wrong");
    let body = "[[traffic]]\nbody = { chars.lognormal = { median = \"150\", p95 = 300 } }";
    session.file("text.toml", &super::session::SMALL.replacen("[[traffic]]", body, 1));
    let wrong = session.run("check text.toml").with(2).err;
    assert!(wrong.contains("`150` is a string"), "{wrong}");
    assert!(wrong.contains("a number has no quotes: 150"), "{wrong}");
    assert!(!wrong.contains("not whole") && wrong.matches("error: ").count() == 1, "{wrong}");
    // What is only half there still says so.
    let half = body.replace("median = \"150\"", "median = 150").replace(", p95 = 300", "");
    session.file("half.toml", &super::session::SMALL.replacen("[[traffic]]", &half, 1));
    let wrong = session.run("check half.toml").with(2).err;
    assert!(wrong.contains("`lognormal` is not whole"), "{wrong}");
}

#[test]
fn another_form_given_as_a_scenario_is_one_sentence() {
    let session = Session::new("foreign");
    session.run("run small.toml -q --scale 0.1 --out results").with(0);
    session.file("y.yaml", "scenario:\n  name: x\n  duration: 1h\ntraffic:\n  - name: a\n");
    session.file("j.json", "{\"scenario\": {\"duration\": \"1h\"}}\n");
    for (file, said) in [
        ("y.yaml", "this is YAML, not a scenario"),
        ("j.json", "this is JSON, not a scenario"),
        ("results/report.json", "this is a result of smschain (report.json), not a scenario"),
        ("results/report.html", "this is HTML or XML, not a scenario"),
        ("results/timeseries.csv", "this is a table of data (CSV), not a scenario"),
    ] {
        for command in ["check", "run"] {
            let wrong = session.run(&format!("{command} {file}")).with(2).err;
            assert!(wrong.contains(said), "{file}: {wrong}");
            assert_eq!(wrong.matches("error: ").count(), 1, "{wrong}");
            assert!(wrong.contains(&format!("{file}:1:1")), "{wrong}");
        }
    }
    let report = session.run("run results/report.json").with(2).err;
    assert!(report.contains("scenario.resolved.toml in the same folder"), "{report}");
    session.run("check results/scenario.resolved.toml").with(0);
}
