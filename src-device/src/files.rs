//! Small files that must never be half written: replaced whole, or left as they were.
//!
//! Used for the wrap file of a profile and for the device's own settings. It is not the record store.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Replaces the file at `path` by `bytes`: temporary file beside it, fsync, rename, fsync of the folder.
///
/// After an error or a crash at any point the old content (or the new) is there whole. On Unix the file is readable by its
/// owner only.
///
/// # Errors
/// Whatever the file system says; the old file is untouched.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = sibling(path, "new");
    let written = write_synced(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| sync_folder(path));
    if written.is_err() {
        // Best effort: a left-over temporary file is overwritten by the next attempt anyway.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Moves a damaged file out of the way under a name that says when, and returns the new path. Nothing is deleted.
///
/// `stamp` is the time to put into the name (milliseconds since 1970).
///
/// # Errors
/// Whatever the file system says; the file then stays where it was.
pub fn keep_aside(path: &Path, stamp: i64) -> io::Result<PathBuf> {
    let aside = sibling(path, &format!("kept-aside-{stamp}"));
    fs::rename(path, &aside)?;
    sync_folder(path)?;
    Ok(aside)
}

/// The path with `.suffix` added to its file name.
#[must_use]
pub fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

/// Creates a folder (and its parents) that only its owner can look into.
///
/// # Errors
/// Whatever the file system says.
pub fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Windows keeps the directory entry with the file's own flush, and a folder cannot be opened for writing there.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn replaces_whole_and_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wrap");
        replace(&path, b"first").unwrap();
        replace(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failed_replacement_leaves_the_old_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wrap");
        replace(&path, b"first").unwrap();
        // A folder in the temporary file's place makes the write fail before the rename.
        fs::create_dir(sibling(&path, "new")).unwrap();
        assert!(replace(&path, b"second").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"first");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wrap");
        replace(&path, b"secret").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
