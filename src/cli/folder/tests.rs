use super::*;

#[test]
fn a_name_stays_one_folder() {
    assert_eq!(default("../../x y", "run"), Path::new("output/------x-y/run"));
}

#[test]
fn an_experiment_lies_beside_its_baseline() {
    let named = |set: &[&str], unset: &[&str], scale| {
        let owned = |list: &[&str]| list.iter().map(|&one| one.to_owned()).collect();
        let changes = Changes { set: owned(set), unset: owned(unset), max_memory: None };
        let folder = of_experiment("baseline", "run", &changes, scale);
        folder.display().to_string().replace('\\', "/")
    };
    assert_eq!(named(&[], &[], None), "output/baseline/run");
    assert_eq!(
        named(&["provider.alpha.window=5"], &[], Some(4.0)),
        "output/baseline/run-provider.alpha.window=5-scale=4"
    );
    assert_eq!(named(&[], &["retry"], None), "output/baseline/run-unset=retry");
    // Whatever can't be part of a name is still told apart, and nothing leads elsewhere.
    let rate = named(&["provider.alpha.throttle.rate=5/s"], &[], None);
    assert!(rate.starts_with("output/baseline/run-provider.alpha.throttle.rate=5_s-"), "{rate}");
    assert_ne!(rate, named(&["provider.alpha.throttle.rate=5_s"], &[], None));
    assert_eq!(rate, named(&["provider.alpha.throttle.rate=5/s"], &[], None));
    assert_eq!(named(&["a=../../x"], &[], None).matches('/').count(), 2);
    let long: Vec<String> = (0..100).map(|n| format!("provider.p{n}.window={n}")).collect();
    let long: Vec<&str> = long.iter().map(String::as_str).collect();
    let (one, other) = (named(&long, &[], None), named(&long[..99], &[], None));
    assert!(one != other && one.len() < 180, "{one}");
    assert!(named(&["ü=\u{1f600}"], &[], None).is_ascii());
}

/// A folder that goes when the test ends.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Temporary {
        let folder = format!("smschain-folder-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        fs::create_dir_all(folder.join("out/charts")).unwrap();
        Temporary(folder)
    }

    fn out(&self) -> PathBuf {
        self.0.join("out")
    }

    fn file(&self, name: &str, text: &str) {
        fs::write(self.out().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.out().join(name)).ok()
    }

    fn write(&self, names: &[&str], content: &str, force: bool) -> Result<(), Ending> {
        let files: Vec<(&str, String)> =
            names.iter().map(|name| (*name, content.to_owned())).collect();
        let own = ["report.json", "old.csv", "charts/"];
        ResultFolder::claim(&self.out(), &own, [], force)?.write(&files, &own)
    }

    /// Everything in it and beside it, hidden or not.
    fn all(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap().flatten() {
                let path = entry.path();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.0).unwrap();
                    names.push(name.display().to_string().replace('\\', "/"));
                }
            }
        }
        names.sort();
        names
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[test]
fn only_what_was_written_goes() {
    let own = Temporary::new("own");
    own.write(&["report.json", "old.csv", "charts/a.svg", "charts/b.svg"], "1", false).unwrap();
    own.file("notes.txt", "mine");
    own.file("charts/mine.svg", "mine");
    own.file("charts/b.svg", "mine now");
    own.write(&["report.json", "charts/c.svg"], "2", false).unwrap();
    assert_eq!(
        own.all(),
        [
            "out/.smschain.json",
            "out/charts/b.svg",
            "out/charts/c.svg",
            "out/charts/mine.svg",
            "out/notes.txt",
            "out/report.json"
        ]
    );
    assert_eq!(own.read("charts/b.svg").as_deref(), Some("mine now"));
    assert_eq!(own.read("report.json").as_deref(), Some("2"));
}

#[test]
fn what_is_in_the_way_is_refused_and_replaced_if_forced() {
    let own = Temporary::new("way");
    own.file("report.json", "mine");
    let refused = own.write(&["report.json"], "1", false).unwrap_err();
    assert_eq!(refused.exit, Exit::Io);
    assert!(refused.text.contains("report.json (not written by smschain)"), "{refused:?}");
    assert_eq!(own.all(), ["out/report.json"]);
    own.write(&["report.json"], "1", true).unwrap();
    own.write(&["report.json"], "2", false).unwrap();
    own.file("report.json", "edited");
    let refused = own.write(&["report.json"], "3", false).unwrap_err();
    assert!(refused.text.contains("changed since smschain wrote it"), "{refused:?}");
    assert_eq!(own.read("report.json").as_deref(), Some("edited"));
    own.write(&["report.json"], "3", true).unwrap();
    assert_eq!(own.all(), ["out/.smschain.json", "out/report.json"]);
    assert_eq!(own.read("report.json").as_deref(), Some("3"));
}

#[test]
#[cfg(unix)]
fn links_are_not_followed() {
    let own = Temporary::new("links");
    let elsewhere = own.0.join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::remove_dir(own.out().join("charts")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, own.out().join("charts")).unwrap();
    let refused = own.write(&["charts/a.svg"], "1", false).unwrap_err();
    assert!(refused.text.contains("charts (a link)"), "{refused:?}");
    own.write(&["charts/a.svg"], "1", true).unwrap();
    assert_eq!(own.all(), ["out/.smschain.json", "out/charts/a.svg"]);
    // A link that comes after the look.
    let claimed = ResultFolder::claim(&own.out(), &["charts/"], [], false).unwrap();
    fs::rename(own.out().join("charts"), own.out().join("aside")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, own.out().join("charts")).unwrap();
    claimed.write(&[("charts/b.svg", String::new())], &["charts/"]).unwrap_err();
    drop(claimed);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[test]
fn a_folder_of_nothing_else_is_exchanged_and_any_other_keeps_its_files() {
    use std::io::Read as _;
    let own = Temporary::new("exchange");
    fs::remove_dir(own.out().join("charts")).unwrap();
    own.write(&["report.json", "charts/a.svg"], "1", false).unwrap();
    // What is open now goes on being the old run.
    let mut open = File::open(own.out().join("report.json")).unwrap();
    own.write(&["report.json"], "2", false).unwrap();
    let mut text = String::new();
    open.read_to_string(&mut text).unwrap();
    assert_eq!((text.as_str(), own.read("report.json").as_deref()), ("1", Some("2")));
    assert_eq!(own.all(), ["out/.smschain.json", "out/report.json"]);
}

#[test]
fn what_a_killed_process_left_is_finished_or_removed() {
    let own = Temporary::new("killed");
    own.write(&["report.json", "charts/a.svg"], "1", false).unwrap();
    // A staging folder with these files, and its plan.
    let stand_in = |name: &str, plan: Option<(bool, &[&str], &[&str])>, files: &[(&str, &str)]| {
        let root = own.0.join(name);
        for (file, text) in [("lock", ""), ("old/x", "")].iter().chain(files) {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        if let Some((exchanges, retire, new)) = plan {
            let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
            let plan = Plan { retire: names(retire), new: names(new), exchanges };
            let [staging] = &Staging::left(&own.out())[..] else {
                panic!("one staging folder");
            };
            plan.write(&own.out(), staging).unwrap();
        }
    };
    // Killed while it wrote.
    stand_in(".out.smschain-1-0", None, &[("new/report.json", "tor")]);
    settle(&own.out()).unwrap();
    assert_eq!(own.read("report.json").as_deref(), Some("1"));
    // Killed after the old file was set aside, and half of the new ones were put.
    fs::remove_file(own.out().join("charts/a.svg")).unwrap();
    fs::remove_file(own.out().join("report.json")).unwrap();
    own.file("report.json", "2");
    stand_in(
        ".out.smschain-1-1",
        Some((false, &["report.json", "charts/a.svg"], &["report.json", "charts/b.svg"])),
        &[("old/report.json", "1"), ("old/charts/a.svg", "1"), ("new/charts/b.svg", "2")],
    );
    settle(&own.out()).unwrap();
    assert_eq!(own.read("charts/b.svg").as_deref(), Some("2"));
    // Killed after the exchange: a file of the user's that came between comes home.
    stand_in(
        ".out.smschain-1-2",
        Some((true, &["report.json"], &["report.json"])),
        &[("new/report.json", "1"), ("new/notes.txt", "mine")],
    );
    settle(&own.out()).unwrap();
    assert_eq!(
        own.all(),
        ["out/.smschain.json", "out/charts/b.svg", "out/notes.txt", "out/report.json"]
    );
}

#[test]
fn a_living_process_keeps_its_claim() {
    let own = Temporary::new("alive");
    let names = ["report.json"];
    let first = ResultFolder::claim(&own.out(), &names, [], false).unwrap();
    let second = ResultFolder::claim(&own.out(), &names, [], false).unwrap();
    second.write(&[("report.json", "2".to_owned())], &names).unwrap();
    assert_eq!(own.read("report.json").as_deref(), Some("2"));
    first.write(&[("report.json", "1".to_owned())], &names).unwrap();
    assert_eq!(own.read("report.json").as_deref(), Some("1"));
    drop((first, second));
    assert_eq!(own.all(), ["out/.smschain.json", "out/report.json"]);
}

#[test]
fn charts_are_listed_as_their_folder() {
    let files = [("charts/b.svg", String::new()), ("charts/c.svg", String::new())];
    assert_eq!(listed(&files), ["charts/"]);
}
