//! The oracle stands alone: it would prove nothing if it asked what it judges.

use std::{fs, path::Path};

#[test]
fn the_oracle_uses_nothing_of_the_framework() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix");
    let parts = fs::read_dir(folder.join("oracle")).unwrap().map(|it| it.unwrap().path());
    let files: Vec<_> = parts.chain([folder.join("oracle.rs")]).collect();
    assert!(files.len() > 5, "the oracle was found");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.lines().map(|it| it.split("//").next().unwrap_or_default());
        for (line, number) in code.zip(1..) {
            let mut words = line.split(|it: char| !it.is_alphanumeric() && it != '_');
            let ours = ["orm", "artel_core", "artel_testing", "security", "auth_token", "world"];
            let found = words.find(|it| ours.contains(it));
            assert!(
                found.is_none(),
                "{}:{number}: the oracle names {found:?}; write it down a second time instead",
                file.display()
            );
            let is_own = !line.contains("use crate::") || line.contains("crate::oracle");
            assert!(is_own, "{}:{number}: the oracle uses itself only", file.display());
        }
    }
}
