//! Files that are read only if they are regular ones.

use std::fs::{self, File, FileType};
use std::io;
use std::path::Path;

/// Opens a regular file to be read; never waits for a pipe, and reads from no device.
/// `follow`: also at the end of a link.
///
/// # Errors
/// It can't be opened, or it is something else.
pub(crate) fn open_regular(path: &Path, follow: bool) -> io::Result<File> {
    let looked = if follow { fs::metadata(path)? } else { fs::symlink_metadata(path)? };
    is_regular(looked.file_type())?;
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        flags.set(OFlags::NOFOLLOW, !follow);
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    let file = options.open(path)?;
    // It may have become something else since it was looked at.
    is_regular(file.metadata()?.file_type())?;
    Ok(file)
}

fn is_regular(kind: FileType) -> io::Result<()> {
    if kind.is_file() {
        return Ok(());
    }
    let text = format!("it is {}, and no regular file", what(kind));
    Err(io::Error::new(io::ErrorKind::InvalidInput, text))
}

/// The sort of a file that is no regular one.
pub(crate) fn what(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if kind.is_dir() {
        "a folder"
    } else if kind.is_symlink() {
        "a link"
    } else {
        "something special"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_no_file() {
        let error = open_regular(&std::env::temp_dir(), true).unwrap_err();
        assert_eq!(error.to_string(), "it is a folder, and no regular file");
    }

    #[test]
    #[cfg(unix)]
    fn a_device_and_a_link_are_none() {
        let error = open_regular(Path::new("/dev/null"), true).unwrap_err();
        assert_eq!(error.to_string(), "it is a device, and no regular file");
        let link = std::env::temp_dir().join(format!("smschain-regular-{}", std::process::id()));
        std::os::unix::fs::symlink("/etc/hosts", &link).unwrap();
        let error = open_regular(&link, false).unwrap_err();
        assert_eq!(error.to_string(), "it is a link, and no regular file");
        fs::remove_file(link).unwrap();
    }
}
