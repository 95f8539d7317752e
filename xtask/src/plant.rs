//! A fault to be planted: which text becomes which, and the tests that must notice.

use std::{fs, path::Path};

use serde::Deserialize;

/// One fault.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plant {
    /// The name of its file.
    #[serde(skip)]
    pub(crate) name: String,
    /// What goes wrong, in one sentence.
    pub(crate) fault: String,
    /// The arguments of `cargo test` that run the tests which must fail.
    pub(crate) tests: Vec<String>,
    /// What is changed.
    pub(crate) edit: Vec<Edit>,
}

/// A change of one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    /// From the root of the tree.
    pub(crate) file: String,
    /// A text that stands in the file once.
    pub(crate) from: String,
    /// What it becomes.
    pub(crate) to: String,
}

impl Plant {
    /// Every fault in a folder, by name.
    ///
    /// # Errors
    /// The first file that cannot be understood.
    pub(crate) fn all(folder: &Path) -> Result<Vec<Self>, String> {
        let entries = fs::read_dir(folder).map_err(|it| format!("{}: {it}", folder.display()))?;
        let mut plants = Vec::new();
        for entry in entries {
            let path = entry.map_err(|it| it.to_string())?.path();
            if path.extension().is_some_and(|it| it == "toml") {
                plants.push(Self::read(&path)?);
            }
        }
        plants.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(plants)
    }

    fn read(path: &Path) -> Result<Self, String> {
        let fault = |it: &dyn std::fmt::Display| format!("{}: {it}", path.display());
        let text = fs::read_to_string(path).map_err(|it| fault(&it))?;
        let plant: Self = toml::from_str(&text).map_err(|it| fault(&it))?;
        let name = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default().to_owned();
        Ok(Self { name, ..plant })
    }
}

impl Edit {
    /// A file's text with the change made.
    ///
    /// # Errors
    /// When the text to be changed does not stand in it exactly once.
    pub(crate) fn made_in(&self, text: &str) -> Result<String, String> {
        match text.matches(&self.from).count() {
            1 if self.from != self.to => Ok(text.replacen(&self.from, &self.to, 1)),
            1 => Err(format!("{}: nothing would change", self.file)),
            found => Err(format!(
                "{}: the text to be changed stands there {found} times, not once:\n{}",
                self.file, self.from
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree;

    #[test]
    fn every_fault_can_be_planted_in_the_tree_as_it_is() {
        let root = tree::root();
        let plants = Plant::all(&root.join(tree::PLANTS)).unwrap();
        assert!(plants.len() >= 20, "only {} faults", plants.len());
        for plant in plants {
            assert!(plant.tests.len() >= 2, "{}: which tests notice?", plant.name);
            for edit in &plant.edit {
                let text = fs::read_to_string(root.join(&edit.file)).unwrap();
                let made = edit.made_in(&text);
                assert!(made.is_ok(), "{}: {}", plant.name, made.unwrap_err());
            }
        }
    }

    #[test]
    fn every_fault_stands_in_the_docs() {
        let root = tree::root();
        let docs = fs::read_to_string(root.join("docs/PLANTS.md")).unwrap();
        for plant in Plant::all(&root.join(tree::PLANTS)).unwrap() {
            let line = format!("| `{}` | {} |", plant.name, plant.fault);
            assert!(docs.contains(&line), "docs/PLANTS.md lacks the line\n{line}");
        }
    }

    #[test]
    fn a_text_is_changed_where_it_stands_once() {
        let edit = |from: &str| Edit { file: "a.rs".into(), from: from.into(), to: "z".into() };
        assert_eq!(edit("b").made_in("abc").unwrap(), "azc");
        assert!(edit("d").made_in("abc").unwrap_err().contains("0 times"));
        assert!(edit("b").made_in("abcb").unwrap_err().contains("2 times"));
        assert!(edit("z").made_in("z").unwrap_err().contains("nothing would change"));
    }
}
