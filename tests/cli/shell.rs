//! Completions, manual pages and the schema.

use super::session::Session;

#[test]
fn every_shell_has_completions() {
    let session = Session::new("completions");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = session.run(&format!("completions {shell}")).with(0).out;
        assert!(script.contains("explain") && script.contains("policies"), "{shell}");
        assert!(script.contains("baseline"), "{shell}: options are completed, too");
    }
    assert!(session.run("completions csh").with(2).err.contains("possible values"));
}

#[test]
fn manual_pages_are_printed_or_written() {
    let session = Session::new("man");
    let page = session.run("man").with(0).out;
    assert!(page.contains(".TH smschain 1") && page.contains("smschain\\-capacity(1)"), "{page}");
    session.run("man --out pages").with(0);
    let capacity = session.read("pages/smschain-capacity.1");
    assert!(capacity.contains(".TH smschain-capacity 1"), "{capacity}");
    assert!(capacity.contains("\\-\\-tolerance") && capacity.contains("Examples"), "{capacity}");
    for command in ["run", "init", "explain", "man"] {
        assert!(session.has(&format!("pages/smschain-{command}.1")));
    }
}

#[test]
fn the_schema_is_the_one_beside_the_documents() {
    let printed = Session::new("schema").run("schema").with(0).out;
    assert_eq!(printed, include_str!("../../docs/scenario.schema.json"));
}

#[test]
fn names_of_templates_and_policies_are_completed() {
    let session = Session::new("completed-names");
    let script = session.run("completions bash").with(0).out;
    let offered = |command: &str, option: &str| -> Vec<String> {
        let part = script.split(&format!("        smschain__subcmd__{command})")).nth(1).unwrap();
        let part = part.split(&format!("                {option})")).nth(1).unwrap();
        let list = part.split("compgen -W \"").nth(1).unwrap().split('"').next().unwrap();
        list.split(' ').map(str::to_owned).collect()
    };
    assert_eq!(offered("init", "--template")[..3], ["starter", "otp", "marketing"]);
    let policies = offered("compare", "--policies");
    assert_eq!((&policies[0][..], policies.len()), ("all", 19));
    assert!(offered("compare", "--baseline").contains(&"full-jitter".to_owned()));
    let part = script.split("        smschain__subcmd__policies)").nth(1).unwrap();
    let words = part.split("opts=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(words.contains("full-jitter"), "{words}");
}
