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
