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
    assert!(csv.starts_with("name,about,formula,settings,source,assumed\nnone,"), "{csv}");
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
