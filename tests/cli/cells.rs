//! The cells of an experiment on other machines: planned, run in tasks and merged, and what is
//! refused on the way.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::session::{Ended, LOGGED, SMALL, Session};

/// Commands that can be planned.
const COMMANDS: [&str; 5] = [
    "sweep small.toml --scale 1,2 --vary provider.alpha.window=5,10 -n 3 --slo within.5s>=20%",
    "compare small.toml --policies none,fixed,full-jitter -n 5",
    "hunt small.toml --when layers.api_success>=340 --seeds 3..40 --tries 12",
    "hunt small.toml --when layers.api_success>=300 --seeds 0..16 --top 3 --tries 8",
    "capacity small.toml --slo within.5s>=20% --find provider.alpha.window=1..6 -n 5 --max-replications 8",
];

/// A session whose runs are short.
fn session(name: &str) -> Session {
    let session = Session::new(&format!("cells-{name}"));
    let short = SMALL.replace("duration = \"10m\"", "duration = \"2m\"");
    session.file("small.toml", &short.replace("warmup = \"1m\"", "warmup = \"0s\""));
    session
}

/// Plans a command in `plan.json`; the number of its tasks.
fn plan(session: &Session, command: &str, tasks: u64) -> u64 {
    session.run(&format!("plan {command} --tasks {tasks} --out plan.json")).with(0);
    let plan: Value = serde_json::from_str(&session.read("plan.json")).unwrap();
    plan["tasks"].as_array().unwrap().len() as u64
}

fn task(session: &Session, task: u64, folder: &str) -> Ended {
    session.run(&format!("task {task} --plan plan.json --out {folder} -j 1"))
}

/// All files below a folder, with what is in them.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(folder).unwrap().display().to_string();
                files.insert(name, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    files
}

/// Merges and holds it against the command by itself.
fn is_the_same(session: &Session, elsewhere: &Session, command: &str, folders: &str) {
    let merged = elsewhere
        .run(&format!("merge plan.json {folders} --out merged --format json --no-progress"));
    let whole = session.run(&format!("{command} --out whole --format json"));
    assert_eq!(merged.code, whole.code, "{command}: {merged:?}");
    assert_eq!(merged.out, whole.out, "{command}");
    let (merged_files, whole_files) =
        (files(&elsewhere.folder.join("merged")), files(&session.folder.join("whole")));
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&merged_files), names(&whole_files), "{command}");
    for (name, text) in &whole_files {
        assert!(merged_files[name] == *text, "{command}: {name} differs");
    }
    assert!(merged.err.contains("finished before"), "{command}: {}", merged.err);
    assert!(!merged.err.contains("made here"), "{command}: {}", merged.err);
}

#[test]
fn tasks_in_any_order_merge_to_the_bytes_of_the_command() {
    for (index, command) in COMMANDS.into_iter().enumerate() {
        let session = session(&format!("same-{index}"));
        // Neither the scenario nor anything else of the session is there.
        let elsewhere = Session::new(&format!("cells-same-{index}-elsewhere"));
        fs::remove_file(elsewhere.folder.join("small.toml")).unwrap();
        assert_eq!(plan(&session, command, 8), 8, "{command}");
        elsewhere.file("plan.json", &session.read("plan.json"));
        for number in [5, 0, 7, 2, 6, 1, 3, 4] {
            let folder = if number % 3 == 0 { "a" } else { "b" };
            task(&elsewhere, number, folder).with(0);
        }
        if index % 2 == 0 {
            // Two machines' folders, copied together.
            for name in files(&elsewhere.folder.join("a")).keys() {
                let [from, to] = ["a", "b"].map(|own| elsewhere.folder.join(own).join(name));
                fs::copy(from, to).unwrap();
            }
            is_the_same(&session, &elsewhere, command, "b");
        } else {
            is_the_same(&session, &elsewhere, command, "a b");
        }
    }
}

#[test]
fn data_files_and_drawn_parameters_go_with_the_plan() {
    let session = session("data");
    let rows: String = (0..300).map(|row| format!("{}.5,r{row}\n", row * 7 % 1000)).collect();
    session.file("log.csv", &format!("time,recipient\n{rows}"));
    session.file("waits.csv", "seconds\n0.5\n1.5\n4\n");
    let waits = "latency.empirical = { file = \"waits.csv\", column = \"seconds\", unit = \"s\" }";
    let drawn = LOGGED.replace("name = \"northwind\"", &format!("name = \"northwind\"\n{waits}"));
    session.file("logged.toml", &drawn);
    session.file(
        "fit.json",
        r#"{"schema": "smschain.fit/1", "uncertain": [{"path": "carrier.northwind.unknown_subscriber",
        "kind": "share", "at": [-3.0], "covariance": [[0.2]]}]}"#,
    );
    for (index, command) in [
        "sweep logged.toml --vary provider.alpha.window=1,5 -n 4",
        "hunt logged.toml --when layers.api_success>=10 --seeds 2..6 --tries 6",
        "sweep small.toml --scale 1,2 -n 4 --input fit.json",
        "compare small.toml --policies none,fixed -n 4 --input fit.json",
    ]
    .into_iter()
    .enumerate()
    {
        let elsewhere = Session::new(&format!("cells-data-{index}"));
        let tasks = plan(&session, command, 3);
        elsewhere.file("plan.json", &session.read("plan.json"));
        fs::remove_file(elsewhere.folder.join("small.toml")).unwrap();
        (0..tasks).for_each(|number| drop(task(&elsewhere, number, "cells").with(0)));
        is_the_same(&session, &elsewhere, command, "cells");
        fs::remove_dir_all(session.folder.join("whole")).unwrap();
    }
}

#[test]
#[cfg(unix)]
fn a_task_is_whole_or_not_there_and_done_once() {
    use std::process::Stdio;
    let session = session("killed");
    session.file("small.toml", SMALL);
    let command = "sweep small.toml --scale 1,2 -n 12";
    plan(&session, command, 2);
    for (signal, left) in [("-INT", 0), ("-KILL", 1)] {
        let mut command = session.command("task 1 --plan plan.json --out cells -j 1");
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let growing = || {
            let there = fs::read_dir(session.folder.join("cells")).into_iter().flatten().flatten();
            there.filter(|entry| entry.file_name().to_string_lossy().ends_with(".part")).count()
        };
        while growing() == 0 {
            assert!(child.try_wait().unwrap().is_none(), "done before it could be killed");
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let pid = child.id().to_string();
        std::process::Command::new("kill").args([signal, &pid]).status().unwrap();
        child.wait().unwrap();
        assert!(!session.has("cells/task-1.runs"), "{signal}");
        assert_eq!(growing(), left, "{signal}");
    }
    task(&session, 1, "cells").with(0);
    assert!(!session.hidden("cells"), "what a killed one left is gone");
    let done = session.read("cells/task-1.runs");
    let written = || fs::metadata(session.folder.join("cells/task-1.runs")).unwrap().modified();
    let before = written().unwrap();
    let again = task(&session, 1, "cells").with(0);
    assert!(again.err.contains("task 1 is done: cells/task-1.runs"), "{}", again.err);
    assert_eq!((written().unwrap(), session.read("cells/task-1.runs")), (before, done));
    let missing = session.run("merge plan.json cells --missing").with(1);
    assert_eq!(missing.out, "0\n");
    task(&session, 0, "cells").with(0);
    assert_eq!(session.run("merge plan.json cells --missing").with(0).out, "");
    is_the_same(&session, &session, command, "cells");
    let none = session.run("task 2 --plan plan.json --out cells").with(2);
    assert!(none.err.contains("the tasks of plan.json are 0 to 1"), "{}", none.err);
}

/// FNV-1a with MurmurHash3's last mix.
fn hash(text: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    format!("{:016x}", hash ^ (hash >> 33))
}

/// The second line of a file with another first figure, and a check that fits.
fn forged(text: &str, figure: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (own, told) = lines[1].rsplit_once(' ').unwrap();
    assert_eq!(hash(&format!("{}\n{own}", lines[0])), told);
    let mut words: Vec<&str> = own.split(' ').collect();
    words[2] = figure;
    let own = words.join(" ");
    lines[1] = format!("{own} {}", hash(&format!("{}\n{own}", lines[0])));
    lines.join("\n") + "\n"
}

#[test]
fn what_is_no_cell_of_the_plan_is_refused_by_name() {
    let session = session("refused");
    let command = "compare small.toml --policies none,fixed -n 6";
    plan(&session, "compare small.toml --policies none,fixed -n 6 --seed 99", 4);
    task(&session, 2, "other").with(0);
    plan(&session, command, 4);
    (0..4).for_each(|number| drop(task(&session, number, "cells").with(0)));
    let whole = |number: u64| session.read(&format!("cells/task-{number}.runs"));
    let (own, first, of_another) = (whole(2), whole(1), session.read("other/task-2.runs"));
    let at_line = |lines: usize| own.lines().take(lines).map(|line| format!("{line}\n")).collect();
    let build = own.split(' ').nth(2).unwrap();
    let missing = "task 2 is missing (cells 6 to 8, policy none, seed ";
    let run = "smschain task 2 --plan plan.json --out cells";
    // What stands by the name of task 2's file, what is said, and whether the task makes it again.
    let cases: Vec<(&str, String, Vec<&str>, bool)> = vec![
        (
            "cut in a line",
            own[..own.len() - 30].to_owned(),
            vec!["was cut short", "lacks cell 8 (policy none", run],
            true,
        ),
        (
            "cut between lines",
            at_line(3),
            vec!["was cut short, and lacks cell 8 (policy none", run],
            true,
        ),
        (
            "cut after two lines",
            at_line(2),
            vec!["lacks cell 7 (policy fixed", "and 1 more of 3"],
            true,
        ),
        (
            "cut in the heading",
            own[..own.len() / 1000 + 10].to_owned(),
            vec!["task-2.runs is"],
            false,
        ),
        ("no line", at_line(1), vec!["was cut short, and lacks cell 6"], true),
        ("edited", own.replacen("e2 ", "e3 ", 1), vec!["was changed after it was written"], true),
        ("a line more", format!("{own}x\n"), vec!["was changed after it was written"], true),
        ("no count", forged(&own, "-1e0"), vec!["has figures that cell 6 (policy none"], true),
        ("no number", forged(&own, "NaN"), vec!["cell 6"], true),
        (
            "a version",
            own.replacen(env!("CARGO_PKG_VERSION"), "0.0.1", 1),
            vec!["was made by smschain 0.0.1, and this is"],
            false,
        ),
        (
            "a build",
            own.replacen(build, "0123456789abcdef", 1),
            vec!["was made by another build of smschain"],
            false,
        ),
        (
            "a form",
            own.replacen("runs/2", "runs/9", 1),
            vec!["whose form this one doesn't know"],
            false,
        ),
        ("a plan", of_another.clone(), vec!["task-2.runs is of another plan", missing, run], false),
        (
            "a task",
            first.clone(),
            vec!["task-1.runs and cells/task-2.runs are both of task 1", missing],
            false,
        ),
        (
            "no task of it",
            own.replacen("task=2", "task=77", 1),
            vec!["a task that the plan doesn't have"],
            false,
        ),
        ("something", "time_s\n1\n".to_owned(), vec!["task-2.runs is no file of a task"], false),
        ("nothing", String::new(), vec!["task-2.runs is no file of a task"], false),
    ];
    for (what, text, told, again) in cases {
        session.file("cells/task-2.runs", &text);
        let refused = session.run("merge plan.json cells --out merged").with(2);
        for told in told.into_iter().chain(["cells/task-2.runs"]) {
            assert!(refused.err.contains(told), "{what}: {told}: {}", refused.err);
        }
        assert_eq!((refused.out.as_str(), session.has("merged")), ("", false), "{what}");
        assert_eq!(session.run("merge plan.json cells --missing").with(1).out, "2\n", "{what}");
        let made = task(&session, 2, "cells");
        if again {
            assert!(made.with(0).err.contains("it is made again"), "{what}");
        } else {
            let refused = made.with(3).err;
            assert!(refused.contains("stands where the file of task 2 would"), "{what}: {refused}");
            session.run("task 2 --plan plan.json --out cells --force -q").with(0);
        }
        assert_eq!(whole(2), own, "{what}");
    }
    // One there twice, be it the same; of another plan beside all of its own; and none.
    session.file("cells/task-2 (copy).runs", &own);
    let twice = session.run("merge plan.json cells --out merged").with(2).err;
    assert!(twice.contains("are both of task 2: keep one of them"), "{twice}");
    fs::remove_file(session.folder.join("cells/task-2 (copy).runs")).unwrap();
    let beside = session.run("merge plan.json cells other --out merged").with(2).err;
    assert!(beside.contains("other/task-2.runs is of another plan"), "{beside}");
    fs::remove_file(session.folder.join("cells/task-2.runs")).unwrap();
    fs::remove_file(session.folder.join("cells/task-0.runs")).unwrap();
    let none = session.run("merge plan.json cells --out merged").with(2).err;
    for told in
        ["task 0 is missing (cells 0 to 2, policy none, seed 7 to policy none, seed ", missing]
    {
        assert!(none.contains(told), "{none}");
    }
    assert!(none.contains("smschain task N --plan plan.json --out cells`, N being 0,2."));
    assert_eq!(session.run("merge plan.json cells --missing").with(1).out, "0,2\n");
    // Other files are nobody's business.
    session.file("cells/slurm-17_0.out", "done\n");
    session.file("cells/.task-0.runs.17.part", "half");
    [0, 2].iter().for_each(|number| drop(task(&session, *number, "cells").with(0)));
    is_the_same(&session, &session, command, "cells");
}

/// A plan with something else in it, and a check that fits.
fn replanned(text: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut plan: Value = serde_json::from_str(text).unwrap();
    let told = plan.as_object_mut().unwrap().remove("check").unwrap();
    assert_eq!(told, hash(&plan.to_string()));
    change(&mut plan);
    plan["check"] = hash(&plan.to_string()).into();
    plan.to_string()
}

#[test]
fn a_plan_that_was_changed_is_refused() {
    let session = session("plans");
    plan(&session, "sweep small.toml --scale 1,2 -n 2", 2);
    let own = session.read("plan.json");
    let changed = "was changed after it was written";
    let disagrees = "doesn't plan what its own command asks for";
    let other = |change: fn(&mut Value)| replanned(&own, change);
    let cases = [
        ("cut", own[..own.len() - 100].to_owned(), "it is no JSON, or was cut short"),
        ("a scenario", SMALL.to_owned(), "plan.json is no plan"),
        ("a result", "{\"schema\": \"smschain.sweep/1\"}".to_owned(), "plan.json is no plan"),
        ("edited", own.replacen("5/s", "6/s", 1), changed),
        (
            "a version",
            own.replacen(env!("CARGO_PKG_VERSION"), "0.0.1", 1),
            "is a plan of smschain 0.0.1",
        ),
        (
            "a build",
            other(|plan| plan["engine"]["build"] = "x".into()),
            "is a plan of another build",
        ),
        ("the form", other(|plan| plan["schema"] = "smschain.plan/9".into()), changed),
        ("tasks apart", other(|plan| plan["tasks"][1]["from"] = 3.into()), changed),
        ("no tasks", other(|plan| plan["tasks"] = Value::Array(vec![])), changed),
        (
            "cells",
            other(|plan| (plan["cells"], plan["tasks"][1]["to"]) = (9.into(), 9.into())),
            disagrees,
        ),
        ("a fingerprint", other(|plan| plan["points"][0]["fingerprint"] = "x".into()), disagrees),
        ("a command", other(|plan| plan["command"][1] = "walk".into()), disagrees),
        ("another", other(|plan| plan["command"] = serde_json::json!(["schema"])), disagrees),
        (
            "a file",
            other(|plan| plan["command"][2] = "/etc/passwd".into()),
            "the plan has no file /etc/passwd",
        ),
        (
            "no files",
            other(|plan| plan["files"] = Value::Array(vec![])),
            "the plan has no file small.toml",
        ),
    ];
    for (what, text, told) in cases {
        session.file("plan.json", &text);
        for command in ["task 0 --plan plan.json --out cells", "merge plan.json . --out merged"] {
            let refused = session.run(command).with(2);
            assert!(refused.err.contains(told), "{what}: {}", refused.err);
            assert!(!session.has("cells") && !session.has("merged"), "{what}");
        }
    }
    // A data file that the plan doesn't have is not looked for on this machine.
    session.file("log.csv", "time_s\n1\n");
    session.file("logged.toml", LOGGED);
    session.run("plan sweep logged.toml --scale 1,2 --out logged.json").with(0);
    let bare = replanned(&session.read("logged.json"), |plan| plan["data"] = Value::Array(vec![]));
    session.file("plan.json", &bare);
    let refused = task(&session, 0, "cells").with(2).err;
    assert!(refused.contains("one of the data files that came with it"), "{refused}");
}

#[test]
fn small_cells_come_many_in_a_task() {
    let session = Session::new("cells-many");
    let said = session.run("plan hunt small.toml --when within.5s<1% --seeds 0..100000").with(0);
    assert!(said.out.starts_with("plan.json: 100000 cells in "), "{}", said.out);
    let rows = session.run(
        "plan sweep small.toml --scale 1..2:10 --vary provider.alpha.window=1..10:10 -n 1000 \
         --format csv --out sweep.json",
    );
    let rows = rows.with(0).out;
    let cells: Vec<(u64, u64)> = rows
        .lines()
        .skip(1)
        .map(|row| row.split(',').map(|cell| cell.parse::<f64>().unwrap()).collect::<Vec<_>>())
        .map(|row| (row[1] as u64, row[2] as u64))
        .collect();
    assert!(cells.windows(2).all(|pair| pair[0].1 == pair[1].0), "{rows}");
    assert_eq!((cells[0].0, cells.last().unwrap().1), (0, 100_000));
    assert!((2..300).contains(&cells.len()), "{rows}");
    // Where few are enough, there are few.
    session.run("plan sweep small.toml --scale 1,2 --out few.json").with(0);
    let few: Value = serde_json::from_str(&session.read("few.json")).unwrap();
    assert_eq!(few["tasks"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_planned_says_why() {
    let session = session("unplanned");
    for (arguments, code, told) in [
        ("plan run small.toml", 2, "unrecognized subcommand 'run'"),
        ("plan sweep small.toml", 2, "sweep what?"),
        ("plan sweep small.toml --scale 1,2 --no-files", 2, "a plan is a file"),
        ("plan sweep small.toml --scale 1,2 --precision 1%", 2, "belongs to `run`"),
        (
            "plan sweep small.toml --scale 1,2 --out small.toml",
            3,
            "is no plan as smschain wrote it",
        ),
        ("plan sweep small.toml --scale 1,2 --tasks 0", 2, "expected a whole number"),
        ("plan capacity small.toml --slo within.5s>=20%", 2, "more than 1000 values of scale"),
        ("plan hunt small.toml --when within.5s<1% --seeds 0..99999999", 2, "too many for a plan"),
        ("task 0 --plan none.json --out cells", 3, "can't read none.json"),
        ("task x --plan plan.json --out cells", 2, "expected a whole number"),
        ("merge small.toml .", 2, "small.toml is no plan"),
    ] {
        let ended = session.run(arguments).with(code);
        assert!(ended.err.contains(told), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "", "{arguments}");
    }
    assert!(!session.has("plan.json") && !session.has("cells"));
    let short = SMALL.replace("duration = \"10m\"", "duration = \"2m\"");
    assert_eq!(session.read("small.toml"), short.replace("warmup = \"1m\"", "warmup = \"0s\""));
    // A plan takes the place of another, of one that was changed only by force.
    let again = "plan sweep small.toml --scale 1,2";
    session.run(again).with(0);
    let first = session.read("plan.json");
    session.run(&format!("{again} -n 9 -q")).with(0);
    assert_ne!(session.read("plan.json"), first);
    session.file("plan.json", &first.replacen("5/s", "6/s", 1));
    session.run(again).with(3);
    session.run(&format!("{again} --force")).with(0);
    assert_eq!(
        session.run(&format!("{again} --format json")).with(0).out,
        session.read("plan.json")
    );
}
