//! The list of the likeliest mistakes: each row names a test that is there.

use std::{collections::BTreeSet, fs, path::Path};

/// Rows that the list has at least.
const ROWS_MIN: usize = 30;

#[test]
fn every_mistake_has_a_test_that_proves_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/MISTAKES.md")).expect("the page is there");
    let rows: Vec<Vec<&str>> = page.lines().filter_map(row).collect();
    assert!(rows.len() >= ROWS_MIN, "{} rows; the list has {ROWS_MIN} at least", rows.len());
    let mistakes: BTreeSet<&str> = rows.iter().map(|it| it[0]).collect();
    assert_eq!(mistakes.len(), rows.len(), "a mistake stands there twice");
    for row in rows {
        let [mistake, found, said, cure, proof] = row[..] else {
            panic!("a row has five columns: {row:?}")
        };
        let is_known = ["compiler", "start", "start, with the database", "warning"];
        assert!(is_known.contains(&found), "{mistake}: it is found by {is_known:?}, not {found}");
        assert!(!said.is_empty() && !cure.is_empty(), "{mistake}: say what is said, and the cure");
        assert!(is_there(root, proof.trim_matches('`')), "{mistake}: there is no test {proof}");
    }
}

/// The columns of a row, without those that are a head.
fn row(line: &str) -> Option<Vec<&str>> {
    let inner = line.strip_prefix("| ")?.strip_suffix(" |")?;
    let columns: Vec<&str> = inner.split(" | ").map(str::trim).collect();
    (columns[0] != "mistake").then_some(columns)
}

/// Whether there is a file of what must not compile, beside what is said of it, or a test of this
/// name in the file.
fn is_there(root: &Path, proof: &str) -> bool {
    match proof.split_once("::") {
        Some((file, name)) => fs::read_to_string(root.join(file))
            .is_ok_and(|text| text.contains(&format!("fn {name}("))),
        None => ["rs", "stderr"]
            .iter()
            .all(|end| root.join(format!("orm/tests/ui/fail/{proof}.{end}")).is_file()),
    }
}
