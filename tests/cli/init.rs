use super::session::Session;

/// The templates there are.
const TEMPLATES: [&str; 6] =
    ["starter", "otp", "marketing", "transactional-10dlc", "two-way-failover", "incident-drill"];

#[test]
fn a_starter_is_written_and_the_next_command_said() {
    let session = Session::new("init");
    let ended = session.run("init").with(0);
    assert_eq!(ended.out, "");
    assert!(ended.err.contains("wrote starter.toml: "), "{}", ended.err);
    assert!(ended.err.contains("\n  next: smschain run starter.toml\n"), "{}", ended.err);
    session.run("check --strict starter.toml").with(0);
    assert_eq!(session.run("init quiet-one -q").with(0).err, "");
}

#[test]
fn the_schema_that_a_starter_names_is_beside_it() {
    let session = Session::new("init-schema");
    std::fs::create_dir(session.folder.join("load")).unwrap();
    let schema = session.run("schema").out;
    for (name, folder) in [("init", ""), ("init load/evening", "load/")] {
        let ended = session.run(name).with(0);
        let path = format!("{folder}scenario.schema.json");
        assert!(ended.err.contains(&format!("\nwrote {path}: ")), "{}", ended.err);
        assert_eq!(session.read(&path), schema);
    }
    assert!(session.read("starter.toml").starts_with("#:schema scenario.schema.json\n"));
    // The next one finds it there, and doesn't touch what it finds.
    let ended = session.run("init second").with(0);
    assert!(!ended.err.contains("schema"), "{}", ended.err);
    session.file("scenario.schema.json", "{}");
    let ended = session.run("init third").with(0);
    assert!(ended.err.contains("smschain schema > scenario.schema.json"), "{}", ended.err);
    assert_eq!(session.read("scenario.schema.json"), "{}");
    // On standard output there is no beside.
    let piped = Session::new("init-schema-piped");
    piped.run("init -").with(0);
    assert!(!piped.has("scenario.schema.json"));
}

#[test]
fn every_template_is_sound_under_another_name() {
    let session = Session::new("init-templates");
    for template in TEMPLATES {
        session.run(&format!("init my-{template} --template {template}")).with(0);
        let text = session.read(&format!("my-{template}.toml"));
        assert!(text.contains(&format!("\nname = \"my-{template}\"\n")), "{text}");
        assert!(text.contains(&format!("smschain run my-{template}.toml")), "{text}");
        // Some have a peak that is too much for them: that is their story, and `check` tells it.
        let checked = session.run(&format!("check my-{template}.toml")).with(0);
        for warning in checked.err.split("warning: ").skip(1) {
            assert!(warning.contains("more than it passes: "), "{template}: {warning}");
        }
        let feed = session.run(&format!("init - --template {template}")).with(0).out;
        session.feed("check -", &feed).with(0);
    }
    let list = session.run("init --list").with(0);
    for template in TEMPLATES {
        assert!(list.out.contains(&format!("  {template} ")), "{}", list.out);
    }
    assert!(list.err.contains("smschain init NAME --template TEMPLATE"), "{}", list.err);
}

#[test]
fn nothing_is_overwritten() {
    let session = Session::new("init-there");
    session.file("mine.toml", "# mine\n");
    session.file("mine-2.toml", "# mine too\n");
    for name in ["mine", "mine.toml"] {
        let ended = session.run(&format!("init {name} --template otp")).with(2);
        assert!(ended.err.contains("mine.toml is there already"), "{}", ended.err);
        assert!(ended.err.contains("smschain init mine-3 --template otp"), "{}", ended.err);
    }
    assert_eq!(session.read("mine.toml"), "# mine\n");
}

#[test]
fn mistakes_have_a_way_out() {
    let session = Session::new("init-wrong");
    let wrong = |arguments: &str, said: &str| {
        let ended = session.run(arguments).with(2);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "");
    };
    wrong("init --template opt", "did you mean `otp`?");
    wrong("init --template elephant", "there are starter, otp,");
    wrong("init a.b.toml", "no name of a scenario");
    wrong("init --list --template otp", "cannot be used with");
    session.run("init nowhere/mine").with(3);
}

#[test]
fn a_template_s_name_offers_the_template() {
    let session = Session::new("init-named");
    let ended = session.run("init otp").with(2);
    assert!(ended.err.contains("smschain init --template otp"), "{}", ended.err);
    assert!(ended.err.contains("smschain init otp --template starter"), "{}", ended.err);
    assert!(!session.has("otp.toml"));
    session.run("init --template otp").with(0);
    assert!(session.read("otp.toml").contains("people who ask again"));
    // Said outright it is a name like any other; and `starter` is what there is without a template.
    session.run("init marketing --template starter").with(0);
    assert!(session.read("marketing.toml").contains("\nname = \"marketing\"\n"));
    session.run("init starter").with(0);
}
