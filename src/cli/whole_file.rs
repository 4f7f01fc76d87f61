//! Files that are written whole or not at all.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::interrupt;
use super::system::{Dir, Lock};

/// Bytes gathered before the system is asked to write.
const BUFFER: usize = 1 << 18;

/// A file that takes its name when it is complete; dropped before that, nothing is left of it.
pub(super) struct WholeFile {
    out: Option<BufWriter<File>>,
    /// The file in which it grows; `None`: the target is no ordinary file and is written straight.
    growing: Option<PathBuf>,
    target: PathBuf,
    /// It takes the place of a file of its name.
    replaces: bool,
    /// Tells others that it is still growing.
    _lock: Option<Lock>,
}

impl WholeFile {
    /// A file that the user has named: what it holds is replaced, and a link stays one.
    pub(super) fn create(path: &Path) -> io::Result<WholeFile> {
        // A pipe or a device isn't replaced; a link stays one.
        let target = match fs::metadata(path) {
            Ok(there) if there.is_file() => fs::canonicalize(path)?,
            Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => {
                let out = File::options().write(true).open(path)?;
                return Ok(WholeFile {
                    out: Some(BufWriter::with_capacity(BUFFER, out)),
                    growing: None,
                    target: path.to_owned(),
                    replaces: true,
                    _lock: None,
                });
            }
            Err(_) => path.to_owned(),
        };
        WholeFile::growing(target, true)
    }

    /// A file that isn't there yet: finishing it is an error if something is by then, be it a link.
    pub(super) fn create_new(path: &Path) -> io::Result<WholeFile> {
        WholeFile::growing(path.to_owned(), false)
    }

    fn growing(target: PathBuf, replaces: bool) -> io::Result<WholeFile> {
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let name = name.to_string_lossy().into_owned();
        remove_left(&target, &name);
        let growing = target.with_file_name(format!(".{name}.{}.part", number()));
        interrupt::begun(&growing);
        let out = File::create_new(&growing).inspect_err(|_| interrupt::ended(&growing))?;
        let out = Some(BufWriter::with_capacity(BUFFER, out));
        let _lock = Lock::take(&growing).ok().flatten();
        Ok(WholeFile { out, growing: Some(growing), target, replaces, _lock })
    }

    /// The file is complete.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.out = None;
        if let Some(growing) = &self.growing {
            // An open file can't be renamed everywhere.
            self._lock = None;
            if self.replaces {
                fs::rename(growing, &self.target)?;
            } else {
                let name = self.target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
                let parent = self.target.parent().filter(|parent| !parent.as_os_str().is_empty());
                Dir::open(parent.unwrap_or(Path::new(".")))?.put(name, growing)?;
            }
            interrupt::ended(growing);
        }
        self.growing = None;
        Ok(())
    }
}

/// A number that no other process has, be it on another machine or in another container, where that of
/// the process may be the same.
fn number() -> String {
    let random = RandomState::new().build_hasher().finish();
    format!("{}{random:020}", std::process::id())
}

/// Removes what processes left that were killed while they wrote a file of this name.
fn remove_left(target: &Path, name: &str) {
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    let start = format!(".{name}.");
    for entry in fs::read_dir(parent.unwrap_or(Path::new("."))).into_iter().flatten().flatten() {
        let other = entry.file_name().to_string_lossy().into_owned();
        let process = other.strip_prefix(&start).and_then(|rest| rest.strip_suffix(".part"));
        let is_one = process.is_some_and(|process| {
            !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit())
        });
        if is_one
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            && matches!(Lock::take(&entry.path()), Ok(Some(_)))
        {
            drop(fs::remove_file(entry.path()));
        }
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.as_mut().map_or(Ok(0), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        self.out = None;
        self._lock = None;
        if let Some(growing) = &self.growing {
            drop(fs::remove_file(growing));
            interrupt::ended(growing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("smschain-whole-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_not_finished_leaves_the_old_file() {
        let folder = folder("old");
        let path = folder.join("a.txt");
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"first").unwrap();
        file.finish().unwrap();
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"second").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(names(&folder), ["a.txt"], "nothing is left lying about");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_new_file_replaces_nothing() {
        let folder = folder("new");
        let path = folder.join("a.txt");
        let file = WholeFile::create_new(&path).unwrap();
        fs::write(&path, "mine").unwrap();
        assert_eq!(file.finish().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert_eq!(names(&folder), ["a.txt"]);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    #[cfg(unix)]
    fn leftovers_go_and_what_grows_stays() {
        let folder = folder("left");
        let path = folder.join("a.txt");
        for name in [".a.txt.1.part", ".a.txt.x.part", ".b.txt.1.part"] {
            fs::write(folder.join(name), "").unwrap();
        }
        // A link by such a name is nobody's growing file.
        let victim = folder.join("victim");
        fs::write(&victim, "mine").unwrap();
        std::os::unix::fs::symlink(&victim, folder.join(".a.txt.2.part")).unwrap();
        let mut file = WholeFile::create(&path).unwrap();
        let mut twin = WholeFile::create(&path).unwrap();
        file.write_all(b"text").unwrap();
        twin.write_all(b"te").unwrap();
        let there = names(&folder);
        let others = [".a.txt.2.part", ".a.txt.x.part", ".b.txt.1.part", "victim"];
        assert_eq!(there.iter().filter(|name| !others.contains(&name.as_str())).count(), 2);
        assert_eq!(there.len(), 6, "{there:?}");
        remove_left(&path, "a.txt");
        file.finish().unwrap();
        drop(twin);
        assert_eq!(fs::read_to_string(&path).unwrap(), "text");
        assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
        fs::remove_dir_all(&folder).unwrap();
    }
}
