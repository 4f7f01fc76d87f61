//! Folders of results: what is the user's stays, whoever wrote the scenario and whenever the
//! program is killed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use super::session::{SMALL, Session};

const MARKER: &str = ".smschain.json";

/// Every file below a folder with its text, hidden ones too.
fn all(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(own) = folders.pop() {
        for entry in fs::read_dir(&own).unwrap().flatten() {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, fs::read_to_string(&path).unwrap_or_default());
            }
        }
    }
    found
}

fn files(session: &Session, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::create_dir_all(session.folder.join(name).parent().unwrap()).unwrap();
        session.file(name, text);
    }
}

#[test]
fn a_folder_with_files_of_the_user_s_is_refused_before_the_run() {
    let session = Session::new("folder-user");
    let own = [
        ("report.html", "mine"),
        ("timeseries.csv", "time_s\n0\n"),
        ("charts/mine.svg", "mine"),
        ("notes.txt", "mine"),
        ("Makefile", "all:\n"),
    ];
    files(&session, &own);
    let before = all(&session.folder);
    for line in [
        // So large that it can't have been run.
        "run small.toml -o . --set scenario.duration=90d",
        "compare small.toml --policies none,fixed -n 500 -o .",
        "sweep small.toml --scale 1,2 -n 500 -o .",
        "capacity small.toml --slo within.5s>=20% -n 500 -o .",
    ] {
        let ended = session.run(line).with(3);
        assert!(ended.err.contains("report.html (not written by smschain)"), "{}", ended.err);
        assert!(ended.err.contains("`--force`") && ended.out.is_empty(), "{}", ended.err);
        assert_eq!(all(&session.folder), before, "{line}");
    }
    let ended = session.run("run small.toml -o .").with(3);
    assert!(ended.err.contains("timeseries.csv (not written by smschain)"), "{}", ended.err);
    // Who means it.
    session.run("run small.toml -o . --force").with(0);
    assert!(session.read("report.html").starts_with("<!"));
    for (name, text) in [own[2], own[3], own[4], ("small.toml", SMALL)] {
        assert_eq!(session.read(name), text, "{name}");
    }
    // From now on they are known.
    session.run("run small.toml -o . --seed 8").with(0);
    assert_eq!(session.read("notes.txt"), "mine");
    session.run("run small.toml --no-files --force").with(2);
}

#[test]
fn any_folder_takes_results_beside_other_files() {
    let session = Session::new("folder-beside");
    files(&session, &[("project/notes.txt", "mine"), ("project/charts/mine.svg", "mine")]);
    for seed in [1, 2] {
        session.run(&format!("run small.toml -o project --seed {seed}")).with(0);
        assert!(session.read("project/report.json").contains(&format!("\"seed\": {seed},")));
        assert_eq!(session.read("project/notes.txt"), "mine");
        assert_eq!(session.read("project/charts/mine.svg"), "mine");
    }
    let names: Vec<String> = all(&session.folder.join("project")).into_keys().collect();
    assert!(names.iter().all(|name| !name.contains(".smschain-")), "{names:?}");
    let beside = fs::read_dir(&session.folder).unwrap().count();
    assert_eq!(beside, 2, "nothing is left beside it");
}

#[test]
fn what_the_user_has_changed_is_the_user_s() {
    let session = Session::new("folder-changed");
    session.run("run small.toml -o out").with(0);
    let edited = session.read("out/scenario.resolved.toml") + "# my own remark\n";
    session.file("out/scenario.resolved.toml", &edited);
    let before = all(&session.folder);
    let ended = session.run("run small.toml -o out --seed 8").with(3);
    let said = "out/scenario.resolved.toml (changed since smschain wrote it)";
    assert!(ended.err.contains(said), "{}", ended.err);
    assert_eq!(all(&session.folder), before);
    session.run("run small.toml -o out --seed 8 --force").with(0);
    assert!(!session.read("out/scenario.resolved.toml").contains("my own remark"));
}

#[test]
fn results_of_an_earlier_version_are_told() {
    let session = Session::new("folder-earlier");
    session.run("run small.toml -o out").with(0);
    fs::remove_file(session.folder.join("out").join(MARKER)).unwrap();
    let ended = session.run("run small.toml -o out").with(3);
    assert!(ended.err.contains("a version before 0.3.0"), "{}", ended.err);
    session.run("run small.toml -o out --force").with(0);
    session.run("run small.toml -o out").with(0);
    // Another's file by the marker's name is none.
    session.file(&format!("out/{MARKER}"), "{\"mine\": true}");
    let ended = session.run("run small.toml -o out").with(3);
    assert!(ended.err.contains(".smschain.json (not written by smschain)"), "{}", ended.err);
    assert!(ended.err.contains("is damaged or of another"), "{}", ended.err);
    assert!(!ended.err.contains("a version before 0.3.0"), "{}", ended.err);
}

#[test]
fn charts_are_redrawn_over_those_that_were_drawn_alone() {
    let session = Session::new("folder-charts");
    session.run("run small.toml -o out").with(0);
    fs::remove_file(session.folder.join("out/charts/funnel.svg")).unwrap();
    session.file("out/charts/funnel.svg", "mine");
    let ended = session.run("chart out").with(3);
    assert!(ended.err.contains("out/charts/funnel.svg"), "{}", ended.err);
    assert_eq!(session.read("out/charts/funnel.svg"), "mine");
    session.run("chart out --force").with(0);
    session.run("chart out").with(0);
    session.run("run small.toml -o out").with(0);
}

#[test]
#[cfg(unix)]
fn links_below_the_folder_are_not_followed() {
    use std::os::unix::fs::symlink;
    let session = Session::new("folder-links");
    files(&session, &[("elsewhere/charts/mine.svg", "mine"), ("elsewhere/page", "mine")]);
    fs::create_dir(session.folder.join("out")).unwrap();
    let elsewhere = session.folder.join("elsewhere");
    symlink(elsewhere.join("charts"), session.folder.join("out/charts")).unwrap();
    symlink(elsewhere.join("page"), session.folder.join("out/report.html")).unwrap();
    symlink(elsewhere.join("new"), session.folder.join("out/summary.csv")).unwrap();
    let before = all(&elsewhere);
    let ended = session.run("run small.toml -o out").with(3);
    for said in ["out/charts (a link)", "out/report.html (a link)", "out/summary.csv (a link)"] {
        assert!(ended.err.contains(said), "{}", ended.err);
    }
    session.run("run small.toml -o out --force").with(0);
    assert_eq!(all(&elsewhere), before);
    assert!(!fs::symlink_metadata(session.folder.join("out/charts")).unwrap().is_symlink());
    // The folder itself may be named by a link.
    symlink(session.folder.join("out"), session.folder.join("link")).unwrap();
    session.run("run small.toml -o link --seed 8").with(0);
    assert!(session.read("out/report.json").contains("\"seed\": 8,"));
    assert!(fs::symlink_metadata(session.folder.join("link")).unwrap().is_symlink());
}

/// What a killed process left is finished, but not what was forged, or came with a copy.
#[cfg(unix)]
#[test]
fn a_plan_that_was_forged_or_copied_moves_nothing() {
    use std::os::unix::fs::symlink;
    let session = Session::new("folder-forged");
    let plan = |retire: &str, exchanges: bool| {
        format!(r#"{{"exchanges":{exchanges},"retire":["{retire}"],"new":["key.txt"]}}"#)
    };
    // In the folder: its own files, and links out of it.
    files(&session, &[("home/id_rsa", "key"), ("home/notes", "mine"), ("home/key.txt", "mine")]);
    let home = session.folder.join("home");
    for (number, exchanges) in [(1, false), (2, true)] {
        let staging = format!("work/.smschain-1-{number}");
        files(&session, &[("work/Makefile", "mine")]);
        files(&session, &[(&format!("{staging}/plan.json"), &plan("Makefile", exchanges))]);
        fs::create_dir_all(session.folder.join(&staging).join("old")).unwrap();
        if exchanges {
            symlink(&home, session.folder.join(&staging).join("new")).unwrap();
        } else {
            files(&session, &[(&format!("{staging}/new/key.txt"), "theirs")]);
        }
    }
    let work = all(&session.folder.join("work"));
    let kept = all(&home);
    session.run("chart work").with(2);
    session.run("check small.toml -o work").with(0);
    for (name, text) in &work {
        assert_eq!(all(&session.folder.join("work")).get(name), Some(text), "{name}");
    }
    // Beside it, by a link.
    files(&session, &[(".out.smschain-1-1/plan.json", &plan("id_rsa", true))]);
    symlink(&home, session.folder.join(".out.smschain-1-1/new")).unwrap();
    session.run("run small.toml -o out").with(0);
    assert_eq!(all(&home), kept);
    assert!(!session.has("out/notes") && session.has("out/report.json"));
    // A lock that nobody writes to.
    fs::create_dir(session.folder.join(".out.smschain-1-2")).unwrap();
    let pipe = session.folder.join(".out.smschain-1-2/lock");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    bounded(&session, "run small.toml -o out --seed 9", 0);
}

#[test]
fn what_a_run_reads_is_neither_replaced_nor_removed() {
    let session = Session::new("folder-reads");
    let log = "time_s\n1\n2\n";
    files(&session, &[("data/log.csv", log), ("log.toml", &LOG.replace("FILE", "data/log.csv"))]);
    let ended = session.run("run log.toml -o . --force").with(3);
    assert!(ended.err.contains("data/log.csv (not written by smschain)"), "{}", ended.err);
    assert!(!ended.err.contains("`--force`"), "{}", ended.err);
    assert_eq!(session.read("data/log.csv"), log);
    // A copy that a run wrote, and another scenario reads.
    session.run("run log.toml -o out").with(0);
    files(
        &session,
        &[("out/more.toml", &LOG.replace("FILE", "data/log.csv").replace("\"log\"", "\"more\""))],
    );
    session.run("run out/more.toml -o out --seed 4").with(0);
    assert_eq!(session.read("out/data/log.csv"), log);
    // The resolved scenario runs again in its own place.
    session.run("run out/scenario.resolved.toml -o out --seed 5").with(0);
    assert_eq!(session.read("out/data/log.csv"), log);
    // Results are no place for a list.
    let ended = session.run("run small.toml -o out --messages out/report.json").with(2);
    assert!(ended.err.contains("has the name of a result"), "{}", ended.err);
}

const LOG: &str = r#"
[scenario]
duration = "1h"
[[traffic]]
name = "log"
arrivals.trace = { file = "FILE" }
[[route]]
id = 1
provider = "alpha"
[[provider]]
name = "alpha"
[[carrier]]
name = "northwind"
"#;

fn fingerprint_and_digest(json: &str) -> (String, String) {
    let report: serde_json::Value = serde_json::from_str(json).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    (text(&report["scenario"]["fingerprint"]), text(&report["digest"]))
}

#[test]
fn data_files_go_to_a_folder_of_their_own() {
    let session = Session::new("folder-data");
    let log = "time_s,sender\n1,a\n2,b\n";
    let absolute = session.folder.join("elsewhere/deep.csv");
    for (index, name) in [
        "Makefile",
        "report.json",
        "sub/charts",
        "../folder-data-log.csv",
        absolute.to_str().unwrap(),
    ]
    .into_iter()
    .enumerate()
    {
        let scenario = format!("stranger{index}/given.toml");
        files(&session, &[(&scenario, &LOG.replace("FILE", name))]);
        let data = session.folder.join(format!("stranger{index}")).join(name);
        fs::create_dir_all(data.parent().unwrap()).unwrap();
        fs::write(&data, log).unwrap();
        let (work, out) = (format!("work{index}"), format!("../stranger{index}/given.toml"));
        files(&session, &[(&format!("{work}/Makefile"), "all:\n")]);
        let run = |line: &str| {
            let mut command = session.command(line);
            let ended = command.current_dir(session.folder.join(&work)).output().unwrap();
            super::session::Ended::new(ended).with(0)
        };
        let given = run(&format!("run {out} -o . --format json")).out;
        assert_eq!(session.read(&format!("{work}/Makefile")), "all:\n", "{name}");
        let copied = all(&session.folder.join(&work).join("data"));
        assert_eq!(copied.len(), 1, "{name}: {copied:?}");
        assert_eq!(copied.values().next().unwrap(), log);
        // Moved away from all that it came from, it is the same scenario and the same run.
        let moved = format!("moved{index}");
        fs::rename(session.folder.join(&work), session.folder.join(&moved)).unwrap();
        fs::remove_file(&data).unwrap();
        let line = format!("run {moved}/scenario.resolved.toml --no-files --format json");
        let again = session.run(&line).with(0).out;
        assert_eq!(fingerprint_and_digest(&again), fingerprint_and_digest(&given), "{name}");
        // Its own resolved form is what it was.
        let line = format!("run {moved}/scenario.resolved.toml -q -o again{index}");
        session.run(&line).with(0);
        let resolved = |folder: &str| session.read(&format!("{folder}/scenario.resolved.toml"));
        assert_eq!(resolved(&format!("again{index}")), resolved(&moved), "{name}");
    }
    drop(fs::remove_file(session.folder.join("../folder-data-log.csv")));
}

#[test]
fn an_output_is_not_written_over_the_input() {
    let session = Session::new("folder-input");
    files(&session, &[("log.toml", &LOG.replace("FILE", "log.csv")), ("log.csv", "time_s\n1\n")]);
    for line in
        ["run log.toml --no-files --messages ./log.csv", "trace log.toml --perfetto log.toml"]
    {
        let ended = session.run(line).with(2);
        assert!(ended.err.contains("is a file that the scenario is read from"), "{}", ended.err);
    }
    assert_eq!(session.read("log.csv"), "time_s\n1\n");
    // A log by the name of the store of runs.
    files(&session, &[("log.toml", &LOG.replace("FILE", "finished.runs"))]);
    session.file("finished.runs", "time_s\n1\n");
    let ended = session.run("sweep log.toml --scale 1,2 -n 2 -o .").with(3);
    assert!(ended.err.contains("no file of finished runs"), "{}", ended.err);
    assert_eq!(session.read("finished.runs"), "time_s\n1\n");
}

#[test]
fn only_the_store_that_the_marker_lists_is_one() {
    let session = Session::new("folder-store");
    let line = "sweep small.toml --scale 1 -n 2 -q -o out";
    for results in [false, true] {
        if results {
            session.run(line).with(0);
        }
        for text in ["", "smschain.runs/2 notes of mine\n", "smschain.runs/2\n"] {
            files(&session, &[("out/finished.runs", text)]);
            let ended = session.run(line).with(3);
            let told = "finished.runs, which is a file that smschain didn't write there";
            assert!(ended.err.contains(told), "{text:?}: {}", ended.err);
            assert_eq!(session.read("out/finished.runs"), text);
        }
        fs::remove_file(session.folder.join("out/finished.runs")).unwrap();
    }
    // Another command leaves it alone, and it goes with `--force`.
    files(&session, &[("out/finished.runs", "")]);
    session.run("run small.toml -q -o out").with(0);
    assert_eq!(session.read("out/finished.runs"), "");
    session.run(&format!("{line} --force")).with(0);
    assert!(!session.has("out/finished.runs"));
    assert!(!session.read(&format!("out/{MARKER}")).contains("finished.runs"));
}

#[test]
#[cfg(unix)]
fn a_folder_below_that_cannot_be_written_is_found_before_the_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let session = Session::new("folder-below");
    session.run("run small.toml -q -o out").with(0);
    let charts = session.folder.join("out/charts");
    let mode = |mode| fs::set_permissions(&charts, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    let mut command = session.command("");
    if fs::File::create(charts.join("x")).is_ok() {
        // Nothing keeps root from writing: somebody else has to try.
        fs::remove_file(charts.join("x")).unwrap();
        let chown = ["-R", "65534:65534", "out"];
        let mut chown_all = std::process::Command::new("chown");
        let all = chown_all.args(chown).current_dir(&session.folder).status();
        command = std::process::Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(env!("CARGO_BIN_EXE_smschain")).current_dir(&session.folder);
        if !all.is_ok_and(|status| status.success()) {
            return;
        }
    }
    // A run that would take days.
    let long = "run small.toml -q -o out -n 1000000";
    let Ok(output) = command.args(long.split_whitespace()).output() else { return };
    mode(0o755);
    let told = super::session::Ended::new(output).with(3).err;
    assert!(told.contains("can't write to out/charts: Permission denied"), "{told}");
    assert!(session.has("out/charts/funnel.svg"));
}

#[test]
#[cfg(unix)]
fn charts_are_not_drawn_through_links() {
    let session = Session::new("folder-chart-links");
    session.run("run small.toml -q -o out").with(0);
    for name in ["timeseries.csv", "latency.csv", "report.json"] {
        let (path, away) = (session.folder.join("out").join(name), session.folder.join(name));
        fs::rename(&path, &away).unwrap();
        std::os::unix::fs::symlink(&away, &path).unwrap();
        let told = session.run("chart out -o charts").with(3).err;
        assert!(told.contains(&format!("out/{name}: it is a link")), "{told}");
        fs::remove_file(&path).unwrap();
        fs::rename(&away, &path).unwrap();
    }
    // A folder, or a file, that is named itself is somebody's choice.
    std::os::unix::fs::symlink("out", session.folder.join("latest")).unwrap();
    session.run("chart latest -o charts").with(0);
    std::os::unix::fs::symlink("out/report.json", session.folder.join("one.json")).unwrap();
    session.run("chart one.json -o charts").with(0);
}

/// A file that no scenario should make anybody read aloud.
const SECRET: &str = "sk_live_4eC39HqLyjWDarjtT1zdp7dc\n";

#[test]
fn the_content_of_another_file_is_not_shown() {
    let session = Session::new("folder-secret");
    let secrets = [
        SECRET.to_owned(),
        format!("root,{SECRET}"),
        format!("time_s,{SECRET}1,2\n"),
        format!("carier,{SECRET}x,y\n"),
        format!("column\n{SECRET}"),
        format!("time_s\n{SECRET}"),
        format!("API_KEY={SECRET}"),
        format!("\u{0}\u{1}{SECRET}"),
        // Names that are nearly ours, and nearly what was asked for.
        "sk_live,carier\nx,y\n".to_owned(),
        "colum,sk_live\nx,y\n".to_owned(),
        "colum\nsk_live\n1\n".to_owned(),
        "colunm,sk_live,@\n1,2,3\n".to_owned(),
        // A few rows that are numbers make no table.
        "column\nsk_live a\nsk_live b\n12\nsk_live c\n".to_owned(),
        "time_s,sk_live,@\n1,2,3\n".to_owned(),
        "time_s\nsk_live a\nsk_live b\n12\nsk_live c\n".to_owned(),
    ];
    let law =
        SMALL.replace("lognormal = {", "empirical = { file = \"secret\", column = \"column\" } #");
    session.file("law.toml", &law);
    session.file("log.toml", &LOG.replace("FILE", "secret"));
    for secret in &secrets {
        session.file("secret", secret);
        for line in ["check law.toml", "check log.toml", "check law.toml --format json"] {
            let ended = session.run(line);
            let all = ended.out + &ended.err;
            assert!(!all.contains("sk_live"), "{secret:?} by {line}:\n{all}");
            assert!(!all.contains("did you mean"), "{secret:?} by {line}:\n{all}");
        }
    }
    #[cfg(target_os = "linux")]
    {
        session.file("log.toml", &LOG.replace("FILE", "/proc/self/environ"));
        let mut command = session.command("check log.toml");
        let ended = command.env("AAA", SECRET.trim()).output().unwrap();
        let all = super::session::Ended::new(ended).with(2).err;
        assert!(!all.contains("sk_live") && !all.contains("AAA"), "{all}");
    }
    // A table of the user's own is shown where it is wrong.
    session.file("log.toml", &LOG.replace("FILE", "log.csv"));
    session.file("log.csv", "time_s,chars\n1,20\n2,many\n");
    let told = session.run("check log.toml").with(2).err;
    assert!(told.contains("log.csv:3:1") && told.contains("`many` in column chars"), "{told}");
    session.file("log.csv", "time_s,chars\n1,20\n2,many\n3,more\n");
    let told = session.run("check log.toml").with(2).err;
    assert!(told.contains("most rows of the file can't be read, the first in line 3"), "{told}");
    session.file("log.csv", "time_s,carier\n1,northwind\n");
    let told = session.run("check log.toml").with(2).err;
    assert!(told.contains("unknown column `carier`") && told.contains("`carrier`?"), "{told}");
    session.file("secret", "seconds,count\n1.5,2\n");
    let told = session.run("check law.toml").with(2).err;
    assert!(told.contains("its columns") && told.contains("seconds,count"), "{told}");
}

#[test]
#[cfg(unix)]
fn only_regular_files_are_read() {
    use std::os::unix::net::UnixListener;
    let session = Session::new("folder-special");
    let made = std::process::Command::new("mkfifo").arg(session.folder.join("pipe")).status();
    assert!(made.unwrap().success());
    let _socket = UnixListener::bind(session.folder.join("socket")).unwrap();
    for name in ["pipe", "socket", "/dev/zero", "/dev/null", "."] {
        session.file("log.toml", &LOG.replace("FILE", name));
        let told = bounded(&session, "check log.toml", 2);
        assert!(told.contains("no regular file"), "{name}: {told}");
        bounded(&session, &format!("chart {name}"), if name == "." { 2 } else { 3 });
    }
    for name in ["socket", "/dev/zero"] {
        assert!(bounded(&session, &format!("check {name}"), 3).contains("no regular file"));
    }
    // Nobody writes to it.
    assert!(bounded(&session, "check pipe", 3).contains("nobody writes to this pipe"));
    // Where runs are kept.
    fs::create_dir(session.folder.join("out")).unwrap();
    for (name, what) in [("pipe", "a pipe"), ("socket", "a socket"), ("small.toml", "a link")] {
        let store = session.folder.join("out/finished.runs");
        if what == "a link" {
            std::os::unix::fs::symlink(session.folder.join(name), &store).unwrap();
        } else {
            fs::rename(session.folder.join(name), &store).unwrap();
        }
        let line = "sweep small.toml --scale 1 -n 2 -o out";
        let told = bounded(&session, line, 3);
        assert!(told.contains(&format!("finished.runs, which is {what}")), "{told}");
        bounded(&session, &format!("{line} --force"), 0);
        assert!(!session.has("out/finished.runs"));
    }
    assert_eq!(session.read("small.toml"), SMALL);
    // A generator's pipe is a scenario as any other.
    let shell = format!(
        "{} check <(cat small.toml) && cat small.toml | {0} check /dev/stdin",
        env!("CARGO_BIN_EXE_smschain")
    );
    let mut command = std::process::Command::new("bash");
    let ended = command.args(["-c", &shell]).current_dir(&session.folder).output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
}

/// Runs it, but not for long; what it said on stderr.
fn bounded(session: &Session, line: &str, code: i32) -> String {
    let mut child =
        session.command(line).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    for _ in 0..1_500 {
        if child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(child.kill());
    let ended = super::session::Ended::new(child.wait_with_output().unwrap());
    ended.with(code).err
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_written_is_found_out_before_the_run() {
    let session = Session::new("folder-full");
    // Where even root writes nothing.
    let line = "run small.toml --set scenario.duration=90d -o /proc/smschain";
    assert!(bounded(&session, line, 3).contains("/proc/smschain"));
    session.file("file", "mine");
    let line = "sweep small.toml --scale 1,2 -n 500 -o file/out";
    assert!(bounded(&session, line, 3).contains("file/out"));
    let line = "run small.toml --set scenario.duration=90d -o file";
    bounded(&session, line, 3);
    assert_eq!(session.read("file"), "mine");
}

/// Kills it again and again at any time, and looks what is there.
#[cfg(unix)]
fn killed(name: &str, with_notes: bool) {
    let session = Session::new(name);
    let line = |seed: u64| format!("run small.toml --scale 0.05 -q -o out --seed {seed}");
    // What each seed writes.
    let whole: Vec<BTreeMap<String, String>> = [1, 2]
        .map(|seed| {
            session.run(&line(seed)).with(0);
            let files = all(&session.folder.join("out"));
            fs::remove_dir_all(session.folder.join("out")).unwrap();
            files
        })
        .into();
    session.run(&line(1)).with(0);
    if with_notes {
        session.file("out/notes.txt", "mine");
    }
    let began = std::time::Instant::now();
    session.run(&line(2)).with(0);
    let takes = began.elapsed();
    for round in 0..60_u32 {
        let mut child = session
            .command(&line(1 + u64::from(round % 2)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Most of them about the time when it writes.
        std::thread::sleep(takes * (40 + round) / 100);
        drop(child.kill());
        child.wait().unwrap();
        let mut there = all(&session.folder.join("out"));
        there.retain(|name, _| !name.contains(".smschain-"));
        if with_notes {
            assert_eq!(there.remove("notes.txt").as_deref(), Some("mine"));
            // Between the old files and the new ones some may be missing; the next command has them.
            there.remove(MARKER);
            let is_of = |run: &BTreeMap<String, String>| {
                there.iter().all(|(name, text)| run.get(name) == Some(text))
            };
            assert!(whole.iter().any(is_of), "round {round}: files of two runs");
        } else {
            assert!(whole.contains(&there), "round {round}: {:?}", there.keys());
        }
    }
    session.run(&line(1)).with(0);
    let mut there = all(&session.folder.join("out"));
    there.remove("notes.txt");
    assert_eq!(there, whole[0]);
    let beside = fs::read_dir(&session.folder).unwrap().flatten();
    let names: Vec<_> = beside.map(|entry| entry.file_name()).collect();
    assert_eq!(names.len(), 2, "what killed processes left is gone: {names:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn killed_at_any_time_a_folder_is_one_whole_run() {
    killed("folder-killed", false);
}

#[test]
#[cfg(unix)]
fn killed_at_any_time_a_folder_with_other_files_is_of_one_run() {
    killed("folder-killed-notes", true);
}

#[test]
#[cfg(unix)]
fn two_processes_at_once_never_mix() {
    let session = Session::new("folder-two");
    for notes in [false, true] {
        if notes {
            session.file("out/notes.txt", "mine");
        }
        for round in 0..8_u64 {
            let children: Vec<_> = (0..3)
                .map(|seed| {
                    let line = format!(
                        "run small.toml --scale 0.05 -q -o out --seed {}",
                        10 * round + seed
                    );
                    session.command(&line).stdout(Stdio::null()).spawn().unwrap()
                })
                .collect();
            for mut child in children {
                assert!(child.wait().unwrap().success());
            }
            let there = all(&session.folder.join("out"));
            let seed = |name: &str, start: &str| {
                let text = &there[name];
                let at = text.find(start).unwrap_or_else(|| panic!("{name}")) + start.len();
                text[at..].chars().take_while(char::is_ascii_digit).collect::<String>()
            };
            let own = seed("report.json", "\"seed\": ");
            assert_eq!(seed("scenario.resolved.toml", "\nseed = "), own);
            assert_eq!(seed("summary.csv", "\nseed,"), own);
            assert!(there.keys().all(|name| !name.contains(".smschain-")), "{:?}", there.keys());
        }
    }
    assert_eq!(session.read("out/notes.txt"), "mine");
}
