//! The directory of a cluster: where it is, whose it is, and what the files in it are called.
//!
//! ```text
//! data/            the cluster itself, the account's that runs the programs
//! socket/          where the server listens; elsewhere if this path is too long for a socket
//! programs/        PostgreSQL, where the machine had none
//! log              what the server says
//! start.lock       held by whoever starts the server or joins those who use it
//! watch.lock       held by the watchdog, whose process number it contains
//! users            a named pipe that everyone who uses the server has open
//! starting         there while a server is started, `stopping` while one is stopped
//! ```
//!
//! **Invariant:** under root the directory itself is root's. The account that runs the programs
//! may only enter it, so it cannot put a link where root is about to write.

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions, TryLockError},
    io,
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown, lchown},
    },
    path::{Path, PathBuf, absolute},
    process::Command,
};

use crate::{
    account::{self, Account, ROOT, command_as},
    error::{ClusterError, Result},
};

pub(crate) const PORT: u16 = 5432;

/// A socket's whole path has 103 bytes on macOS and 107 on Linux; `/.s.PGSQL.5432` takes 14.
const SOCKET_DIRECTORY_BYTES_MAX: usize = 89;

#[derive(Clone, Debug)]
pub(crate) struct Home {
    base: PathBuf,
    uid: u32,
    /// Runs the programs; this process's own if there is none.
    account: Option<Account>,
    notice: fn(&str),
}

impl Home {
    /// Makes the directory if need be, or another one if the programs could not reach it.
    pub(crate) fn open(directory: &Path, notice: fn(&str)) -> Result<Self> {
        let wanted = absolute(directory)
            .map_err(|error| ClusterError::io("cannot resolve", directory, &error))?;
        let uid = account::own_uid()?;
        if uid != ROOT {
            let base = open_directory(&wanted, 0o700)?;
            return Ok(Self { base, uid, account: None, notice });
        }

        let account = owner_of_existing(&wanted).unwrap_or_else(account::substitute);
        let base = if can_enter(account, &wanted)? {
            open_directory(&wanted, 0o711)?
        } else {
            let base = open_own_directory(&fallback(Path::new("/var/tmp"), &wanted), ROOT, 0o711)?;
            notice(&format!(
                "user {} cannot reach {}, so the cluster is kept in {}",
                account.uid,
                wanted.display(),
                base.display()
            ));
            base
        };
        Ok(Self { base, uid, account: Some(account), notice })
    }

    pub(crate) fn base(&self) -> &Path {
        &self.base
    }

    /// Tells the person who started this something.
    pub(crate) fn notice(&self, text: &str) {
        (self.notice)(text);
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.base.join("data")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.base.join(name)
    }

    /// A PostgreSQL program, as the account that runs them.
    pub(crate) fn command(&self, program: &Path) -> Command {
        command_as(self.account, program, &self.base)
    }

    /// A program of the system, as this process's own account.
    pub(crate) fn own_command(&self, program: &str) -> Command {
        command_as(None, Path::new(program), &self.base)
    }

    /// Opens a file that all users of the cluster write to, and makes it if it is missing.
    pub(crate) fn open_file(&self, name: &str) -> Result<File> {
        let path = self.path(name);
        let open = || {
            let file =
                OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(&path)?;
            let owner = fs::metadata(&self.base)?;
            if self.uid == ROOT && file.metadata()?.uid() != owner.uid() {
                fchown(&file, Some(owner.uid()), Some(owner.gid()))?;
            }
            Ok(file)
        };
        open().map_err(|error| ClusterError::io("cannot open", &path, &error))
    }

    /// Waits until nobody else holds the lock on that file; it is held until the file is closed.
    pub(crate) fn lock(&self, name: &str) -> Result<File> {
        let file = self.open_file(name)?;
        loop {
            match file.lock() {
                Ok(()) => return Ok(file),
                // A signal came while waiting.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    return Err(ClusterError::io("cannot lock", &self.path(name), &error));
                }
            }
        }
    }

    /// The same, but gives nothing if somebody else holds it.
    pub(crate) fn try_lock(&self, name: &str) -> Result<Option<File>> {
        let file = self.open_file(name)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(ClusterError::io("cannot lock", &self.path(name), &error))
            }
        }
    }

    /// Gives what was made at `path` to the owner of the directory.
    pub(crate) fn give_to_owner(&self, path: &Path) -> io::Result<()> {
        let owner = fs::metadata(&self.base)?;
        if self.uid == ROOT { lchown(path, Some(owner.uid()), Some(owner.gid())) } else { Ok(()) }
    }

    /// Makes an empty directory that only the programs may read.
    pub(crate) fn create_for_programs(&self, path: &Path) -> Result<()> {
        let create = || {
            DirBuilder::new().mode(0o700).create(path)?;
            match self.account {
                Some(account) => lchown(path, Some(account.uid), Some(account.gid)),
                None => Ok(()),
            }
        };
        create().map_err(|error| ClusterError::io("cannot make", path, &error))
    }

    /// The directory for the server's socket, made if it is missing.
    pub(crate) fn socket_directory(&self) -> Result<PathBuf> {
        let path = socket_path(&self.base);
        let owner = self.account.map_or(self.uid, |it| it.uid);
        if fs::symlink_metadata(&path).is_err() {
            self.create_for_programs(&path)?;
        }
        check_own_directory(&path, owner)?;
        Ok(path)
    }
}

fn socket_path(base: &Path) -> PathBuf {
    let path = base.join("socket");
    let bytes = path.as_os_str().as_bytes();
    // The server's setting is a list: a comma would end the path, a quote begin another.
    let is_listable = !bytes.iter().any(|it| matches!(it, b',' | b'"'));
    if bytes.len() <= SOCKET_DIRECTORY_BYTES_MAX && is_listable {
        path
    } else {
        fallback(Path::new("/tmp"), base)
    }
}

/// A short name for `path` in `folder`, the same in every process and version.
fn fallback(folder: &Path, path: &Path) -> PathBuf {
    // FNV-1a: the standard library's hash may change with the compiler.
    let hash = path.as_os_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    folder.join(format!("artel-{hash:016x}"))
}

/// Who a cluster belongs to that root finds at `base`; none if it would be a new one of root's.
fn owner_of_existing(base: &Path) -> Option<Account> {
    let owner = |path: &Path| {
        let it = fs::metadata(path).ok()?;
        (it.uid() != ROOT).then(|| Account { uid: it.uid(), gid: it.gid() })
    };
    owner(&base.join("data")).or_else(|| owner(base))
}

/// Tries it, because modes, lists and mounts all have a say.
fn can_enter(account: Account, base: &Path) -> Result<bool> {
    create_ancestors(base)?;
    let folder = if base.exists() { base } else { base.parent().unwrap_or(base) };
    let tried = command_as(Some(account), Path::new("/bin/sh"), folder).args(["-c", ":"]).status();
    Ok(tried.is_ok_and(|it| it.success()))
}

fn create_ancestors(path: &Path) -> Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    fs::create_dir_all(parent).map_err(|error| ClusterError::io("cannot make", parent, &error))
}

/// Makes `path` with exactly this mode, or takes it as it is, and gives its one true name.
fn open_directory(path: &Path, mode: u32) -> Result<PathBuf> {
    create_ancestors(path)?;
    let create = || match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(mode)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    };
    create().map_err(|error| ClusterError::io("cannot make", path, &error))?;
    path.canonicalize().map_err(|error| ClusterError::io("cannot resolve", path, &error))
}

/// The same in a folder where anyone might have made it first.
fn open_own_directory(path: &Path, owner: u32, mode: u32) -> Result<PathBuf> {
    let base = open_directory(path, mode)?;
    check_own_directory(path, owner)?;
    Ok(base)
}

fn check_own_directory(path: &Path, owner: u32) -> Result<()> {
    let is_safe = |it: &Metadata| it.is_dir() && it.uid() == owner && it.mode() & 0o022 == 0;
    let found = fs::symlink_metadata(path)
        .map_err(|error| ClusterError::io("cannot look at", path, &error))?;
    if is_safe(&found) {
        return Ok(());
    }
    Err(ClusterError::new(format!(
        "{} is not a directory that only user {owner} may write to (found user {}, mode {:o})\n\
         remove it and start again",
        path.display(),
        found.uid(),
        found.mode() & 0o7777
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_path_has_its_socket_inside() {
        check("/srv/artel/.data/pg", "/srv/artel/.data/pg/socket");
    }

    #[test]
    fn a_path_too_long_for_a_socket_has_it_elsewhere() {
        let long = format!("/{}", "x".repeat(SOCKET_DIRECTORY_BYTES_MAX - "/socket".len()));
        check(&long, "/tmp/artel-a4ca557fbff5673e");
        let just_short_enough = &long[..long.len() - 1];
        check(just_short_enough, &format!("{just_short_enough}/socket"));
    }

    #[test]
    fn a_path_that_would_read_as_a_list_has_its_socket_elsewhere() {
        check("/srv/a,b", "/tmp/artel-13f483b95462c819");
    }

    #[track_caller]
    fn check(base: &str, expected: &str) {
        assert_eq!(socket_path(Path::new(base)), Path::new(expected));
    }
}
