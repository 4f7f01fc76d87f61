//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::interrupt;

/// Bytes gathered before the system is asked to write.
const BUFFER: usize = 1 << 18;

/// A file that takes its name when it is complete; dropped before that, nothing is left of it.
pub(super) struct WholeFile {
    out: Option<BufWriter<File>>,
    /// Where it grows; `None`: the target is no ordinary file and is written straight.
    growing: Option<PathBuf>,
    target: PathBuf,
}

impl WholeFile {
    pub(super) fn create(path: &Path) -> io::Result<WholeFile> {
        // A pipe or a device isn't replaced; a link stays one.
        let target = match fs::metadata(path) {
            Ok(there) if there.is_file() => fs::canonicalize(path)?,
            Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => {
                let out = File::options().write(true).open(path)?;
                let out = Some(BufWriter::with_capacity(BUFFER, out));
                return Ok(WholeFile { out, growing: None, target: path.to_owned() });
            }
            Err(_) => path.to_owned(),
        };
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let growing = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
        let growing = target.with_file_name(growing);
        interrupt::begun(&growing);
        let out = File::create(&growing).inspect_err(|_| interrupt::ended(&growing))?;
        let out = Some(BufWriter::with_capacity(BUFFER, out));
        Ok(WholeFile { out, growing: Some(growing), target })
    }

    /// The file is complete.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.out = None;
        if let Some(growing) = &self.growing {
            fs::rename(growing, &self.target)?;
            interrupt::ended(growing);
        }
        self.growing = None;
        Ok(())
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
        if let Some(growing) = &self.growing {
            drop(fs::remove_file(growing));
            interrupt::ended(growing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finished_leaves_the_old_file() {
        let folder = std::env::temp_dir().join(format!("smschain-whole-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.txt");
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"first").unwrap();
        file.finish().unwrap();
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"second").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left lying about");
        fs::remove_dir_all(&folder).unwrap();
    }
}
