//! PostgreSQL programs that wait at the worst moment until the test lets them go on.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::holder::make_pipe;

/// A folder of programs, one of which stops when it is run.
pub(crate) struct Programs {
    pub(crate) folder: PathBuf,
}

impl Programs {
    /// `program` does `before`, then waits, and only then is what it seems to be.
    pub(crate) fn waiting(scratch: &Path, program: &str, before: &str) -> Self {
        let folder = scratch.join("programs");
        fs::create_dir(&folder).unwrap();
        for pipe in ["reached", "go_on"] {
            make_pipe(&folder.join(pipe));
        }
        for name in ["initdb", "postgres"] {
            let real = real_folder().join(name);
            let pause = if name == program {
                format!(
                    "case $1 in --version) ;; *)\n{before}\n\
                     echo $$ > {folder}/reached; read -r _ < {folder}/go_on ;;\nesac\n",
                    folder = folder.display()
                )
            } else {
                String::new()
            };
            let text = format!("#!/bin/sh\n{pause}exec {} \"$@\"\n", real.display());
            write_program(&folder.join(name), &text);
        }
        Self { folder }
    }

    /// Waits until the program stops, and gives its process number.
    pub(crate) fn wait_until_reached(&self) -> u32 {
        fs::read_to_string(self.folder.join("reached")).unwrap().trim().parse().unwrap()
    }

    pub(crate) fn go_on(&self) {
        fs::write(self.folder.join("go_on"), "go on\n").unwrap();
    }
}

/// Written by a process of its own: what is open for writing in this one, and for a moment in a
/// child of another test, cannot be run.
fn write_program(path: &Path, text: &str) {
    let write = "printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"";
    let written = Command::new("/bin/sh").args(["-c", write, "write", text]).arg(path).status();
    assert!(written.unwrap().success());
}

/// Where the machine has its programs.
pub(crate) fn real_folder() -> PathBuf {
    let has_both = |it: &PathBuf| it.join("initdb").exists() && it.join("postgres").exists();
    let path = env::var_os("PATH").unwrap();
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    env::split_paths(&path)
        .chain(installed.map(|it| it.path().join("bin")))
        .find(has_both)
        .expect("these tests need PostgreSQL's programs on PATH or in /usr/lib/postgresql")
        .canonicalize()
        .unwrap()
}
