//! Tests of finding the programs: what is printed, what is chosen.

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
