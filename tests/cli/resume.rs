//! Long work that is interrupted, or dies, and goes on where it was.

use std::process::{Child, Stdio};

use super::session::{Ended, SMALL, Session};

const STORE: &str = "out/finished.runs";

/// Commands that keep finished runs, the file they write last, and all of them.
const COMMANDS: [(&str, &[&str]); 4] = [
    ("sweep long.toml --scale 1,2,3 -n 6", &["sweep.json", "cells.csv", "report.html"]),
    ("compare long.toml --policies none,fixed,full-jitter -n 6", &["compare.json", "cells.csv"]),
    ("capacity long.toml --slo within.5s>=20% -n 5 --range 0.5..8", &["capacity.json"]),
    ("hunt long.toml --when duplicates.copies>=1e9 --seeds 0..18 --top 3", &["hunt.json"]),
];

/// A chain whose runs take long enough to be interrupted between them.
fn session(name: &str) -> Session {
    let session = Session::new(name);
    session.file("long.toml", &SMALL.replace("duration = \"10m\"", "duration = \"20m\""));
    session
}

fn runs(session: &Session) -> usize {
    let text = std::fs::read_to_string(session.folder.join(STORE)).unwrap_or_default();
    text.lines().filter(|line| !line.starts_with("smschain.runs/")).count()
}

/// Starts it and waits until some of its runs are finished.
fn some_way(session: &Session, line: &str) -> Child {
    let before = runs(session);
    let mut command = session.command(&format!("{line} -o out -j 1"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for _ in 0..20_000 {
        if runs(session) >= before + 3 || child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child
}

/// A command that writes the same files sooner.
fn shorter(line: &str) -> String {
    let fewer = line.replace("-n 6", "-n 2").replace("0.5..8", "0.5..0.6").replace("0..18", "0..2");
    fewer.replace("long.toml", "small.toml")
}

fn signalled(child: Child, signal: &str) -> Ended {
    let pid = child.id().to_string();
    std::process::Command::new("kill").args([signal, &pid]).status().unwrap();
    Ended::new(child.wait_with_output().unwrap())
}

/// What an uninterrupted command writes.
fn whole(session: &Session, line: &str, files: &[&str]) -> (String, Vec<String>) {
    let out = session.run(&format!("{line} -o whole --format json")).out;
    (out, files.iter().map(|file| session.read(&format!("whole/{file}"))).collect())
}

#[test]
#[cfg(unix)]
fn an_interrupted_command_goes_on_and_ends_the_same() {
    for (line, files) in COMMANDS {
        let session = session(&format!("resume-{}", &line[..4]));
        // Results of the same command with another seed.
        session.run(&format!("{} -q -o out --set scenario.duration=2m", shorter(line)));
        let earlier = session.read(&format!("out/{}", files[0]));
        let count = || std::fs::read_dir(session.folder.join("out")).unwrap().count();
        let there = count();
        for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
            let ended = signalled(some_way(&session, line), signal).with(code);
            assert_eq!(ended.out, "", "{line}");
            assert!(ended.err.contains("finished runs are kept in out/finished.runs"), "{ended:?}");
            assert_eq!(session.read(&format!("out/{}", files[0])), earlier);
            assert_eq!(count(), there + 1, "{line}: nothing half-written is left");
            assert!(!session.hidden("."), "{line}: nor beside the folder");
        }
        let made = runs(&session);
        let ended = session.run(&format!("{line} -o out --format json"));
        let (out, whole) = whole(&session, line, files);
        assert_eq!(ended.out, out, "{line}");
        for (file, whole) in files.iter().zip(whole) {
            assert_eq!(session.read(&format!("out/{file}")), whole, "{line}: {file}");
        }
        assert!(ended.err.contains(&format!("{made} ")) && ended.err.contains("finished before"));
        assert!(!session.has(STORE), "{line}: kept no longer than needed");
    }
}

#[test]
#[cfg(unix)]
fn a_hunt_goes_on_making_smaller_where_it_was() {
    let session = session("resume-shrink");
    let line = "hunt long.toml --when layers.api_success>=100 --seeds 0..1 --tries 40";
    signalled(some_way(&session, line), "-INT").with(130);
    let first = runs(&session);
    signalled(some_way(&session, line), "-KILL");
    let text = session.read(STORE);
    let known = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let lines = text.lines().filter(|line| !line.starts_with("smschain.runs/"));
    let mut tries: Vec<String> = lines.map(known).collect();
    assert!(tries.iter().any(|of| of.contains('/')) && tries.len() > first, "{text}");
    tries.sort();
    tries.dedup();
    assert_eq!(tries.len(), runs(&session), "nothing is tried twice: {text}");
    let ended = session.run(&format!("{line} -o out --format json")).with(0);
    assert!(ended.err.contains("of them made before"), "{}", ended.err);
    let bundle = "small-0.incident.toml";
    let (out, whole) = whole(&session, line, &["hunt.json", bundle]);
    assert_eq!(ended.out, out);
    assert_eq!(session.read("out/hunt.json"), whole[0]);
    assert_eq!(session.read(&format!("out/{bundle}")), whole[1]);
    assert!(!session.has(STORE), "kept no longer than needed");
}

#[test]
#[cfg(unix)]
fn a_killed_command_goes_on_and_damaged_or_foreign_runs_are_not_believed() {
    let session = session("resume-killed");
    let (line, files) = COMMANDS[0];
    signalled(some_way(&session, line), "-KILL");
    // One run is changed, and the last is torn.
    let text = session.read(STORE);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let first = lines[1].clone();
    lines[1] = first.replacen("e0 ", "e1 ", 1);
    assert_ne!(lines[1], first);
    let torn = lines.pop().unwrap();
    lines.push(torn[..torn.len() / 2].to_owned());
    // So are the runs of another version.
    lines.push(lines[0].replace(env!("CARGO_PKG_VERSION"), "0.0.1"));
    lines.push(first);
    session.file(STORE, &lines.join("\n"));
    let ended = session.run(&format!("{line} -o out --format json")).with(0);
    assert!(ended.err.contains("2 damaged lines left out"), "{}", ended.err);
    assert!(ended.err.contains("smschain.runs/2 0.0.1"), "{}", ended.err);
    let (out, whole) = whole(&session, line, files);
    assert_eq!(ended.out, out);
    assert_eq!(session.read("out/sweep.json"), whole[0]);
}

/// A store as another run of the command may have left it in a folder without results.
fn leave(session: &Session, heading: &str, text: &str) {
    drop(std::fs::remove_dir_all(session.folder.join("out")));
    std::fs::create_dir(session.folder.join("out")).unwrap();
    session.file(STORE, text);
    let listed = format!(
        "{{\"schema\": \"smschain.folder/1\", \"files\": \
         [{{\"name\": \"finished.runs\", \"fingerprint\": \"{}\"}}]}}",
        hash(heading)
    );
    session.file("out/.smschain.json", &listed);
}

/// The check of a line.
fn check(heading: &str, line: &str) -> String {
    hash(&format!("{heading}\n{line}"))
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

#[test]
#[cfg(unix)]
fn forged_runs_are_made_again() {
    let session = session("resume-forged");
    let (line, files) = COMMANDS[0];
    signalled(some_way(&session, line), "-KILL");
    let text = session.read(STORE);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.retain(|line| line.rsplit_once(' ').is_some());
    let heading = lines[0].clone();
    assert_eq!(heading.split(' ').count(), 4, "version, build and what it holds: {heading}");
    let (own, told) = lines[1].rsplit_once(' ').unwrap();
    assert_eq!(check(&heading, own), told);
    // The figure that is forged, and with what: the first is a count.
    let forgeries = [(2, "NaN"), (2, "inf"), (2, "-1e0"), (2, "5e-1"), (2, "-"), (2, "1e300")];
    for (index, (figure, forged)) in forgeries.into_iter().enumerate() {
        let Some(line) = lines.get_mut(1 + index % 3) else { continue };
        let (own, _) = line.rsplit_once(' ').unwrap();
        let mut words: Vec<&str> = own.split(' ').collect();
        words[figure] = forged;
        let own = words.join(" ");
        let whole = format!("{heading}\n{own} {}\n", check(&heading, &own));
        leave(&session, &heading, &whole);
        let ended = session.run(&format!("{line} -o out", line = COMMANDS[0].0)).with(0);
        let said = "1 kept run can't be of this scenario, and was made again";
        let damaged = ended.err.contains("1 damaged line left out");
        assert!(damaged || ended.err.contains(said), "{forged}: {}", ended.err);
        assert!(!ended.err.contains("finished before"), "{forged}: {}", ended.err);
    }
    // One too few and one too many.
    for count in [-1_i32, 1] {
        let (own, _) = lines[1].rsplit_once(' ').unwrap();
        let own = if count < 0 {
            own.rsplit_once(' ').unwrap().0.to_owned()
        } else {
            format!("{own} 1e0")
        };
        leave(&session, &heading, &format!("{heading}\n{own} {}\n", check(&heading, &own)));
        let ended = session.run(&format!("{line} -o out")).with(0);
        assert!(ended.err.contains("1 kept run can't be"), "{}", ended.err);
    }
    let (_, whole) = whole(&session, line, files);
    assert_eq!(session.read("out/sweep.json"), whole[0]);
    // Another build's runs are no runs of this one's.
    let build = heading.split(' ').nth(2).unwrap();
    let other = heading.replace(build, "0123456789abcdef");
    let (own, _) = lines[1].rsplit_once(' ').unwrap();
    leave(&session, &other, &format!("{other}\n{own} {}\n", check(&other, own)));
    let ended = session.run(&format!("{line} -o out")).with(0);
    assert!(ended.err.contains("0123456789abcdef"), "{}", ended.err);
    assert!(!ended.err.contains("finished before"), "{}", ended.err);
}

#[test]
#[cfg(unix)]
fn another_scenario_takes_nothing_from_it() {
    let session = session("resume-other");
    let (line, _) = COMMANDS[0];
    signalled(some_way(&session, line), "-INT").with(130);
    let made = runs(&session);
    let other = line.replace("--scale", "--set provider.alpha.window=3 --scale");
    let ended = session.run(&format!("{other} -o out --format json")).with(0);
    assert!(made > 0 && !ended.err.contains("finished before"), "{}", ended.err);
    let (out, _) = whole(&session, &other, &[]);
    assert_eq!(ended.out, out);
}

#[test]
#[cfg(unix)]
fn more_replications_go_on_from_fewer() {
    let session = session("resume-more");
    let (line, _) = COMMANDS[0];
    signalled(some_way(&session, line), "-INT").with(130);
    let more = line.replace("-n 6", "-n 7");
    let ended = session.run(&format!("{more} -o out --format json -j 2")).with(0);
    assert!(ended.err.contains("finished before"), "{}", ended.err);
    assert_eq!(ended.out, whole(&session, &more, &[]).0);
    // Without a folder nothing is kept.
    session.run(&format!("{line} --no-files -q")).with(0);
    assert!(!session.has("output") && !session.has(STORE));
}
