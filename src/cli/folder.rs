//! A command's folder of results.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::arguments::Changes;
use super::ending::Ending;
use super::interrupt;
use super::whole_file::WholeFile;
use crate::scenario::Hash;

/// Where a command's results go unless `--out` says otherwise.
pub(super) fn default(scenario: &str, command: &str) -> PathBuf {
    let safe = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    let name: String =
        scenario.chars().map(|character| if safe(character) { character } else { '-' }).collect();
    Path::new("output").join(name).join(command)
}

/// The same for an experiment: with what is changed in the scenario in its name, so that it lies
/// beside the baseline and not in its place. The same changes have the same folder.
pub(super) fn of_experiment(
    scenario: &str,
    command: &str,
    changes: &Changes,
    scale: Option<f64>,
) -> PathBuf {
    let unset = changes.unset.iter().map(|path| format!("-unset={}", path.trim()));
    let set = changes.set.iter().map(|change| format!("-{}", change.trim()));
    let scale = scale.map(|scale| format!("-scale={scale}"));
    let told: String = unset.chain(set).chain(scale).collect();
    default(scenario, &format!("{command}{}", safe(&told)))
}

/// What is changed, as part of a folder's name; where that says less than it did, with a hash.
fn safe(told: &str) -> String {
    /// Bytes of it; a name has 255 on most systems.
    const LONGEST: usize = 120;
    /// Digits of the hash.
    const DIGITS: usize = 8;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.=,%+".contains(c);
    let mut name: String = told.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    if name == told && name.len() <= LONGEST {
        return name;
    }
    name.truncate(LONGEST);
    let mut hash = Hash::new();
    hash.write(told.as_bytes());
    format!("{name}-{}", &hash.hex()[..DIGITS])
}

/// Makes the folder: better to fail before a long run than after it.
pub(super) fn prepare(folder: &Path) -> Result<(), Ending> {
    fs::create_dir_all(folder).map_err(|error| Ending::io("make the folder", folder, &error))
}

/// Writes `files` (name, content) into `folder`; then those of `own` that are not among them,
/// left by an earlier version or another choice of options, are removed; of a folder, its charts.
/// Nothing else is touched.
pub(super) fn write(folder: &Path, files: &[(&str, String)], own: &[&str]) -> Result<(), Ending> {
    prepare(folder)?;
    let mut written = Vec::new();
    for (name, content) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            prepare(parent)?;
        }
        let failed = |error| Ending::io("write", &path, &error);
        let mut file = WholeFile::create(&path).map_err(failed)?;
        file.write_all(content.as_bytes()).map_err(failed)?;
        written.push((path.clone(), file));
    }
    // All of them are complete before the first takes the place of an old one.
    for (path, file) in &mut written {
        file.flush().map_err(|error| Ending::io("write", path, &error))?;
    }
    interrupt::all_or_none(|| {
        for (path, file) in written {
            file.finish().map_err(|error| Ending::io("write", &path, &error))?;
        }
        for name in own.iter().filter(|name| !files.iter().any(|(file, _)| file == *name)) {
            let new = |chart: &Path| files.iter().any(|(file, _)| folder.join(file) == chart);
            remove(&folder.join(name), &new)?;
        }
        Ok(())
    })
}

/// The names of files as they are listed for a person: charts as their folder.
pub(super) fn listed(files: &[(&str, String)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in files {
        let name = if name.ends_with(".svg") {
            name.split_inclusive('/').next().unwrap_or(name)
        } else {
            name
        };
        if !names.iter().any(|listed| listed == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Removes a file, or a folder's charts that are not new and, if that leaves it empty, the folder.
fn remove(path: &Path, new: &dyn Fn(&Path) -> bool) -> Result<(), Ending> {
    let failed = |error| Ending::io("remove the old", path, &error);
    let Ok(there) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    if !there.is_dir() {
        return fs::remove_file(path).map_err(failed);
    }
    for entry in fs::read_dir(path).map_err(failed)? {
        let chart = entry.map_err(failed)?.path();
        if chart.extension().is_some_and(|extension| extension == "svg") && !new(&chart) {
            fs::remove_file(&chart).map_err(failed)?;
        }
    }
    // Something of the user's may be in it.
    drop(fs::remove_dir(path));
    Ok(())
}

#[cfg(test)]
mod tests {
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
        assert!(
            rate.starts_with("output/baseline/run-provider.alpha.throttle.rate=5_s-"),
            "{rate}"
        );
        assert_ne!(rate, named(&["provider.alpha.throttle.rate=5_s"], &[], None));
        assert_eq!(rate, named(&["provider.alpha.throttle.rate=5/s"], &[], None));
        assert_eq!(named(&["a=../../x"], &[], None).matches('/').count(), 2);
        let long: Vec<String> = (0..100).map(|n| format!("provider.p{n}.window={n}")).collect();
        let long: Vec<&str> = long.iter().map(String::as_str).collect();
        let (one, other) = (named(&long, &[], None), named(&long[..99], &[], None));
        assert!(one != other && one.len() < 180, "{one}");
        assert!(named(&["ü=\u{1f600}"], &[], None).is_ascii());
    }

    #[test]
    fn only_its_own_old_files_go() {
        let folder = std::env::temp_dir().join(format!("smschain-folder-{}", std::process::id()));
        fs::create_dir_all(folder.join("charts")).unwrap();
        for name in ["old.csv", "mine.txt", "charts/a.svg", "charts/mine.txt"] {
            fs::write(folder.join(name), "x").unwrap();
        }
        let files = [("new.csv", "y".to_owned())];
        write(&folder, &files, &["old.csv", "new.csv", "charts"]).unwrap();
        let there = |name: &str| folder.join(name).exists();
        assert!(there("new.csv") && there("mine.txt") && there("charts/mine.txt"));
        assert!(!there("old.csv") && !there("charts/a.svg"));
        let files = [("charts/b.svg", "y".to_owned()), ("charts/c.svg", "z".to_owned())];
        write(&folder, &files, &["charts"]).unwrap();
        write(&folder, &files[..1], &["charts"]).unwrap();
        assert!(there("charts/b.svg") && !there("charts/c.svg") && there("charts/mine.txt"));
        assert_eq!(listed(&files), ["charts/"]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
