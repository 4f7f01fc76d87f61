//! Calls of the system that the standard library lacks: folders opened without following links,
//! renames that replace nothing, the exchange of two folders, locks that end with their process.

use std::fs::{self, File};
use std::io;
use std::path::Path;

#[cfg(unix)]
pub(super) use unix::{Dir, Lock, exchange, identity, same_owner, with_mode_of, writable};

#[cfg(not(unix))]
pub(super) use other::{Dir, Lock, exchange, identity, same_owner, with_mode_of, writable};

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::MetadataExt as _;

    use rustix::fs::{Access, AtFlags, CWD, FlockOperation, Mode, OFlags};
    use rustix::io::Errno;

    use super::{File, Path, fs, io};

    /// A folder that is open: what is done in it is done there, whatever its path means by then.
    #[derive(Debug)]
    pub(in crate::cli) struct Dir(OwnedFd);

    impl Dir {
        const FLAGS: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

        pub(in crate::cli) fn open(path: &Path) -> io::Result<Dir> {
            Ok(Dir(rustix::fs::open(path, Dir::FLAGS, Mode::empty())?))
        }

        /// A folder in it that isn't a link, made if it isn't there.
        pub(in crate::cli) fn sub(&self, name: &OsStr) -> io::Result<Dir> {
            match rustix::fs::mkdirat(&self.0, name, Mode::from_raw_mode(0o777)) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
            let flags = Dir::FLAGS | OFlags::NOFOLLOW;
            Ok(Dir(rustix::fs::openat(&self.0, name, flags, Mode::empty())?))
        }

        /// Moves `from` to a name in it; an error if that is taken, by a link too.
        pub(in crate::cli) fn put(&self, name: &OsStr, from: &Path) -> io::Result<()> {
            #[cfg(any(
                target_os = "linux",
                target_os = "android",
                target_os = "macos",
                target_os = "ios"
            ))]
            {
                use rustix::fs::RenameFlags;
                let moved =
                    rustix::fs::renameat_with(CWD, from, &self.0, name, RenameFlags::NOREPLACE);
                if !matches!(moved, Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP)) {
                    return Ok(moved?);
                }
            }
            rustix::fs::linkat(CWD, from, &self.0, name, AtFlags::empty())?;
            fs::remove_file(from)
        }

        /// Moves what goes by a name in it to `to`, a link as a link.
        pub(in crate::cli) fn take(&self, name: &OsStr, to: &Path) -> io::Result<()> {
            Ok(rustix::fs::renameat(&self.0, name, CWD, to)?)
        }
    }

    /// A lock on a file or folder, for as long as the process lives.
    #[derive(Debug)]
    pub(in crate::cli) struct Lock {
        file: File,
    }

    impl Lock {
        /// `None`: another process has it. Where the file system knows no locks there is none to wait for.
        pub(in crate::cli) fn take(path: &Path) -> io::Result<Option<Lock>> {
            let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
            let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
            let kind = file.metadata()?.file_type();
            if !kind.is_file() && !kind.is_dir() {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Err(Errno::WOULDBLOCK) => Ok(None),
                _ => Ok(Some(Lock { file })),
            }
        }

        /// `true` if it is on what goes by this path now.
        pub(in crate::cli) fn is_on(&self, path: &Path) -> bool {
            let own = self.file.metadata().map(|own| (own.dev(), own.ino()));
            let there = fs::metadata(path).map(|there| (there.dev(), there.ino()));
            matches!((own, there), (Ok(own), Ok(there)) if own == there)
        }
    }

    /// Exchanges two folders, in one step.
    pub(in crate::cli) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
        #[cfg(any(
            target_os = "linux",
            target_os = "android",
            target_os = "macos",
            target_os = "ios"
        ))]
        return Ok(rustix::fs::renameat_with(
            CWD,
            one,
            CWD,
            other,
            rustix::fs::RenameFlags::EXCHANGE,
        )?);
        #[cfg(not(any(
            target_os = "linux",
            target_os = "android",
            target_os = "macos",
            target_os = "ios"
        )))]
        return Err(io::ErrorKind::Unsupported.into());
    }

    /// `true` if a folder may be written to.
    pub(in crate::cli) fn writable(folder: &Path) -> io::Result<()> {
        Ok(rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
    }

    /// `true` if two folders are of one owner, group and file system.
    pub(in crate::cli) fn same_owner(one: &Path, other: &Path) -> bool {
        let owner = |path: &Path| {
            fs::symlink_metadata(path).map(|there| (there.dev(), there.uid(), there.gid()))
        };
        matches!((owner(one), owner(other)), (Ok(one), Ok(other)) if one == other)
    }

    /// The marks that tell a folder of this user's from any other, a copy of it too; `None`: it is a link, or not
    /// a folder, or somebody else's.
    pub(in crate::cli) fn identity(folder: &Path) -> Option<[u64; 2]> {
        let there = fs::symlink_metadata(folder).ok()?;
        let own = rustix::process::geteuid().as_raw();
        (there.is_dir() && there.uid() == own).then(|| [there.dev(), there.ino()])
    }

    /// Gives a folder the permissions of another.
    pub(in crate::cli) fn with_mode_of(folder: &Path, model: &Path) -> io::Result<()> {
        fs::set_permissions(folder, fs::metadata(model)?.permissions())
    }
}

#[cfg(not(unix))]
mod other {
    use std::ffi::OsStr;
    use std::path::PathBuf;

    use super::{File, Path, fs, io};

    /// A folder. Here its path stands for it: links are looked for, but one that is put in its
    /// place at that very moment isn't seen.
    #[derive(Debug)]
    pub(in crate::cli) struct Dir(PathBuf);

    impl Dir {
        pub(in crate::cli) fn open(path: &Path) -> io::Result<Dir> {
            Ok(Dir(path.to_owned()))
        }

        /// A folder in it that isn't a link, made if it isn't there.
        pub(in crate::cli) fn sub(&self, name: &OsStr) -> io::Result<Dir> {
            let path = self.0.join(name);
            match fs::create_dir(&path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ if fs::symlink_metadata(&path)?.is_dir() => Ok(Dir(path)),
                _ => Err(io::ErrorKind::NotADirectory.into()),
            }
        }

        /// Moves `from` to a name in it; an error if that is taken, by a link too.
        pub(in crate::cli) fn put(&self, name: &OsStr, from: &Path) -> io::Result<()> {
            fs::hard_link(from, self.0.join(name))?;
            fs::remove_file(from)
        }

        /// Moves what goes by a name in it to `to`, a link as a link.
        pub(in crate::cli) fn take(&self, name: &OsStr, to: &Path) -> io::Result<()> {
            fs::rename(self.0.join(name), to)
        }
    }

    /// A lock on a file, for as long as the process lives; folders have none here.
    #[derive(Debug)]
    pub(in crate::cli) struct Lock {
        _file: Option<File>,
    }

    impl Lock {
        /// `None`: another process has it.
        pub(in crate::cli) fn take(path: &Path) -> io::Result<Option<Lock>> {
            if path.is_dir() {
                return Ok(Some(Lock { _file: None }));
            }
            let mut options = File::options();
            #[cfg(windows)]
            std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
            match options.read(true).write(true).open(path) {
                Ok(file) => Ok(Some(Lock { _file: Some(file) })),
                // A sharing violation.
                Err(error) if error.raw_os_error() == Some(32) => Ok(None),
                Err(error) => Err(error),
            }
        }

        /// `true` if it is on what goes by this path now.
        pub(in crate::cli) fn is_on(&self, _path: &Path) -> bool {
            true
        }
    }

    pub(in crate::cli) fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(in crate::cli) fn writable(_folder: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(in crate::cli) fn same_owner(_one: &Path, _other: &Path) -> bool {
        false
    }

    /// Folders can't be told from copies here.
    pub(in crate::cli) fn identity(_folder: &Path) -> Option<[u64; 2]> {
        None
    }

    pub(in crate::cli) fn with_mode_of(_folder: &Path, _model: &Path) -> io::Result<()> {
        Ok(())
    }
}
