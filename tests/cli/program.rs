//! A command asked by a program: the same bytes, each mistake with its place, ended when it is told to.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use super::session::{SMALL, Session};
use smschain::cli::{Answer, Pulse, Question, Refusal, ask};
use smschain::scenario::Source;

fn asked(arguments: &[&str], scenario: Option<&str>) -> Result<Answer, Refusal> {
    let scenario =
        scenario.map(|text| Source { name: "<text>".into(), text: text.into(), base: "".into() });
    let arguments = arguments.iter().map(OsString::from).collect();
    let question = Question {
        arguments,
        scenario,
        #[cfg(feature = "python")]
        messages: false,
    };
    ask(question, &Arc::default())
}

#[test]
fn the_answer_is_what_would_be_printed() {
    let session = Session::new("program");
    for line in [
        "run small.toml -n 2 --set provider.alpha.window=5",
        "sweep small.toml --scale 1,2 -n 2",
        "compare small.toml --policies none,fixed -n 2",
        "hunt small.toml --when truth.filtered_silent>0 --seeds 3..5 --tries 0",
        "trace small.toml --request 17",
    ] {
        let path = session.folder.join("small.toml");
        let words = format!("{line} --no-files --format json");
        let own: Vec<&str> = words
            .split_whitespace()
            .map(|word| if word == "small.toml" { path.to_str().unwrap() } else { word })
            .collect();
        let answer = asked(&own, None).unwrap();
        let printed = session.run(&words);
        assert_eq!(answer.printed, printed.out, "{line}");
        assert_eq!(Some(i32::from(answer.exit)), printed.code, "{line}");
        let table = session.run(&format!("{line} --no-files")).out;
        let told = answer.told.replace(path.to_str().unwrap(), "small.toml");
        assert_eq!(told, table, "{line}");
    }
}

#[test]
fn a_scenario_may_be_a_text_and_a_mistake_has_its_place() {
    let run = ["run", "-", "--no-files", "--format", "json"];
    let answer = asked(&run, Some(SMALL)).unwrap();
    assert!(answer.findings.is_some() && answer.again.starts_with("smschain run - --seed 7"));
    let refusal = asked(&run, Some(&SMALL.replace("window = 20", "windw = 20"))).unwrap_err();
    let [mistake] = &refusal.mistakes[..] else { panic!("{refusal:?}") };
    assert_eq!((refusal.exit, mistake.line, mistake.column), (2, 36, 1));
    assert_eq!(
        (mistake.file.as_str(), mistake.expected.as_str()),
        ("<text>", "did you mean `window`?")
    );
    assert!(refusal.text.contains("--> <text>:36:1"), "{refusal}");
    let refusal = asked(&["run", "-", "--replications", "0"], Some(SMALL)).unwrap_err();
    assert!(refusal.exit == 2 && refusal.text.contains("expected a whole number"), "{refusal}");
}

#[test]
fn an_interruption_ends_it_and_leaves_no_unfinished_file() {
    let session = Session::new("program-interrupted");
    let path = session.folder.join("small.toml");
    for line in ["run X -n 1000000 --messages Y", "sweep X --scale 1,2 -n 1000000 -j 2 -o Z"] {
        let arguments = line.split(' ').map(|word| match word {
            "X" => path.clone().into(),
            "Y" => session.folder.join("list.csv").into(),
            "Z" => session.folder.join("out").into(),
            word => OsString::from(word),
        });
        let mut question = Question { arguments: arguments.collect(), ..Question::default() };
        if line.starts_with("run") {
            question.arguments.push("--no-files".into());
        }
        let pulse = Arc::new(Pulse::default());
        let refusal = std::thread::scope(|scope| {
            let working = scope.spawn(|| ask(question, &pulse));
            while pulse.far().ended < 3 {
                std::thread::sleep(Duration::from_millis(5));
            }
            pulse.interrupt();
            working.join().unwrap().unwrap_err()
        });
        assert_eq!((refusal.exit, refusal.text.as_str()), (130, "interrupted"), "{line}");
    }
    // Finished runs are kept, as they are when a person interrupts.
    let names = |folder: &str| -> Vec<String> {
        let entries = std::fs::read_dir(session.folder.join(folder)).unwrap().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    let mut there = names("");
    there.sort();
    assert_eq!(there, ["out", "small.toml"]);
    assert!(names("out").contains(&"finished.runs".to_owned()), "{:?}", names("out"));
}
