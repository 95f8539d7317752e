//! The tree, and a copy of it to do harm to.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::Command,
};

/// Where faults are described.
pub(crate) const PLANTS: &str = "xtask/plants";

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// A copy of what is under version control, as it stands on the disk; files that are the same
/// already are left alone, so that little is built again.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn copy(root: &Path, to: &Path) -> Result<(), String> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root)
        .output()
        .map_err(|it| format!("git ls-files: {it}"))?;
    if !listed.status.success() {
        return Err(String::from_utf8_lossy(&listed.stderr).into_owned());
    }
    let names = String::from_utf8_lossy(&listed.stdout);
    let names: Vec<&str> = names.split('\0').filter(|it| !it.is_empty()).collect();
    drop_unlisted(to, to, &names)?;
    for name in names {
        // Deleted, and not yet committed so.
        if let Ok(bytes) = fs::read(root.join(name)) {
            write(&to.join(name), &bytes)?;
        }
    }
    Ok(())
}

/// Takes away files of an older copy.
fn drop_unlisted(top: &Path, folder: &Path, names: &[&str]) -> Result<(), String> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            drop_unlisted(top, &path, names)?;
            continue;
        }
        let name = path.strip_prefix(top).ok().and_then(|it| it.to_str());
        if !name.is_some_and(|it| names.contains(&it)) {
            fs::remove_file(&path).map_err(|it| format!("{}: {it}", path.display()))?;
        }
    }
    Ok(())
}

/// Writes a file, unless it says so already.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if fs::read(path).is_ok_and(|it| it == bytes) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|it| format!("{}: {it}", path.display()))
}

/// A line for whoever waits.
pub(crate) fn say(line: &str) {
    // Nobody is left to tell when this fails.
    let _ = writeln!(io::stdout(), "{line}");
}
