//! The secret that development makes up for itself, once.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    process,
};

use aws_lc_rs::rand;
use secrecy::SecretString;

use crate::settings::SettingsFault;

/// The secret in `<data_dir>/secret`, made if there is none yet.
pub(crate) fn read_or_make(data_dir: &Path) -> Result<SecretString, SettingsFault> {
    let path = data_dir.join("secret");
    let read = || match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make(data_dir, &path)?;
            fs::read_to_string(&path)
        }
        read => read,
    };
    let text = read().map_err(|error| {
        SettingsFault::new(
            "ARTEL_DATA_DIR",
            format!(
                "cannot keep a secret in {}: {error}; name a directory of ours",
                path.display()
            ),
        )
    })?;
    if text.trim().len() < 32 {
        return Err(SettingsFault::new(
            "ARTEL_DATA_DIR",
            format!("{} holds less than 32 bytes; delete it to have one made", path.display()),
        ));
    }
    Ok(text.trim().into())
}

/// Writes the secret under another name first: who starts at the same time finds all or nothing,
/// and whoever is later keeps what is there.
fn make(data_dir: &Path, path: &Path) -> io::Result<()> {
    fs::create_dir_all(data_dir)?;
    let unfinished = data_dir.join(format!("secret.{}", process::id()));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(random_text()?.as_bytes())?;
    let linked = fs::hard_link(&unfinished, path);
    fs::remove_file(&unfinished)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn random_text() -> io::Result<String> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| io::Error::other("the machine gives no random bytes"))?;
    Ok(bytes.iter().map(|it| format!("{it:02x}")).collect())
}
