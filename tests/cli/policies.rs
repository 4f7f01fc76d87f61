use super::session::Session;

#[test]
fn the_built_in_policies_are_listed() {
    let session = Session::new("policies");
    let table = session.run("policies").with(0).out;
    assert!(table.contains("aws-standard") && table.contains("30410"), "{table}");
    let json = session.run("policies --format json").with(0).out;
    assert!(
        json.contains("\"smschain.policies/1\"") && json.contains("\"name\": \"kannel\""),
        "{json}"
    );
    let csv = session.run("policies --format csv").with(0).out;
    assert!(csv.starts_with("name,about,formula,settings,source,assumed,table\nnone,"), "{csv}");
    // Of every table, each row with its own.
    let tables: Vec<&str> =
        csv.lines().filter_map(|line| line.rsplit_once(',')).map(|row| row.1).collect();
    for (table, count) in [("retry", 17), ("on_receipt", 2), ("slow", 3)] {
        assert_eq!(tables.iter().filter(|&&own| own == table).count(), count, "{csv}");
    }
    assert!(!session.has("output"));
}

#[test]
fn one_is_used_by_its_name() {
    let session = Session::new("policy-by-name");
    let resolved = session.run("check small.toml --resolved --set retry.policy=twilio").with(0).out;
    assert!(resolved.contains("on = [\"throttled\", \"queue_full\", \"transient\"]"), "{resolved}");
    assert!(!resolved.contains("policy"), "{resolved}");
    let wrong = session.run("check small.toml --set retry.policy=twillio").with(2).err;
    assert!(wrong.contains("did you mean `twilio`?"), "{wrong}");
    assert!(wrong.contains("`smschain policies` lists the built-in ones"), "{wrong}");
}

#[test]
fn one_is_shown_in_full() {
    let session = Session::new("policy-one");
    let shown = session.run("policies grpc").with(0).out;
    assert!(shown.contains("gRPC proposal A6") && !shown.contains("kannel"), "{shown}");
    // What it offers as a scenario's own table is one, and means the same.
    let table = &shown[shown.find("[policy.my-grpc]").unwrap()..];
    session.file("own.toml", &format!("{}\n{table}", super::session::SMALL));
    let own = session.run("check own.toml --resolved --set retry.policy=my-grpc").with(0).out;
    let built_in = session.run("check own.toml --resolved --set retry.policy=grpc").with(0).out;
    let retry = |text: &str| text.split("\n[retry]\n").nth(1).unwrap().to_owned();
    assert_eq!(retry(&own), retry(&built_in));
    let json: serde_json::Value =
        serde_json::from_str(&session.run("policies grpc --format json").with(0).out).unwrap();
    let names: Vec<&str> =
        json["policies"].as_array().unwrap().iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(names, ["grpc"]);
    let csv = session.run("policies none --format csv").with(0).out;
    assert!(csv.contains("\nnone,") && !csv.contains("\nimmediate,"), "{csv}");
    // A rule for acting on receipts, too.
    let shown = session.run("policies va-notify").with(0).out;
    let table = &shown[shown.find("[on_receipt]").unwrap()..];
    session.file("acts.toml", &format!("{}\n{table}", super::session::SMALL));
    let acts = session.run("check acts.toml --resolved").with(0).out;
    let named = "check small.toml --resolved --set on_receipt.policy=va-notify";
    assert_eq!(acts, session.run(named).with(0).out);
    let json: serde_json::Value =
        serde_json::from_str(&session.run("policies va-notify --format json").with(0).out).unwrap();
    assert_eq!(json["policies"], serde_json::json!([]));
    assert_eq!(json["on_receipt"][0]["name"], "va-notify");
    // And one for slow routes.
    let shown = session.run("policies gov-uk-notify").with(0).out;
    assert!(shown.contains("[route.slow]\nshare = \"15%\""), "{shown}");
    let json: serde_json::Value =
        serde_json::from_str(&session.run("policies --format json").with(0).out).unwrap();
    let named = |kind: &str| json[kind].as_array().unwrap().iter().map(|one| one["name"].clone());
    assert_eq!(named("slow").collect::<Vec<_>>(), ["none", "gov-uk-notify", "gov-uk-notify-2020"]);
    assert_eq!(named("on_receipt").collect::<Vec<_>>(), ["none", "va-notify"]);
    let wrong = session.run("policies gprc").with(2).err;
    assert!(wrong.contains("did you mean `grpc`?"), "{wrong}");
}

#[test]
fn all_of_them_are_compared_by_one_word() {
    let session = Session::new("policy-all");
    let own = "\n[policy.mine]\nmax_attempts = 7\n";
    session.file("own.toml", &format!("{}{own}", super::session::SMALL));
    let all = "compare own.toml --policies all -n 2 --scale 0.05 --no-files";
    let json = session.run(&format!("{all} --format json")).with(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let cells = json["cells"].as_array().unwrap();
    let names: Vec<&str> = cells.iter().filter_map(|cell| cell["policy"].as_str()).collect();
    assert_eq!((names.len(), &names[..3]), (19, &["scenario", "mine", "none"][..]));
    let table = session.run(all).with(0).out;
    assert!(table.contains("--policies scenario,mine,none,immediate,"), "{table}");
    let wrong = session.run("compare own.toml --policies all,none").with(2).err;
    assert!(wrong.contains("`all` stands alone"), "{wrong}");
}
