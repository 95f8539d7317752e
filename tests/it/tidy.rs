//! The rules of the code base that a machine can check: each failure names its cure.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use artel_core::{Settings, settings::Source};

use crate::office;

/// Crates of ours from the bottom up; modules stand between the framework and the project.
const LAYERS: [&[&str]; 5] =
    [&["orm_derive", "artel_cluster"], &["orm"], &["artel_core"], &["artel_testing"], &["artel"]];

#[test]
fn dependencies_point_down() {
    let settings = Settings::read(&Source::of([("ARTEL_MODE", "development")]))
        .expect("every setting has a default");
    // The module of these tests is linked here, and nowhere else.
    let project = project_setup::environment(settings).module(office::MODULE);
    let plan = project.plan().expect("the project is in order");
    for (path, manifest) in files("toml").filter(|(path, _)| path.ends_with("Cargo.toml")) {
        let name = package_name(&manifest);
        let module = plan.modules.iter().find(|it| it.name == name);
        for used in dependencies(&manifest) {
            let is_module = plan.modules.iter().any(|it| it.name == used);
            let is_allowed = match (layer(&name), layer(&used)) {
                (Some(own), Some(below)) => below < own,
                (Some(own), None) => !is_module || own == LAYERS.len() - 1,
                (None, Some(below)) => below < 3,
                (None, None) => {
                    let depends = module.map(|it| it.depends);
                    let is_named = |it: &[&artel_core::Module]| it.iter().any(|it| it.name == used);
                    !is_module || depends.is_some_and(is_named)
                }
            };
            assert!(
                is_allowed,
                "{}: {name} must not use {used}; if it is a module, name it in `depends`",
                path.display()
            );
        }
    }
}

#[test]
fn a_foreign_crate_is_named_in_its_home_only() {
    let homes: [(&str, &[&str]); 5] = [
        ("sea_query", &["orm/src/sql.rs", "orm/src/sql/"]),
        ("tokio_postgres", &["orm/src/pg.rs", "orm/src/pg/"]),
        ("deadpool", &["orm/src/pg.rs", "orm/src/pg/"]),
        ("poem", &["core/src/http.rs", "core/src/http/", "core/tests/"]),
        (
            "poem_openapi",
            &[
                "core/src/http.rs",
                "core/src/http/",
                "core/tests/",
                "modules/",
                "examples/",
                "tests/",
            ],
        ),
    ];
    for (path, text) in code() {
        // The benchmark's opponent is written by hand, on purpose.
        if path.starts_with("benches") {
            continue;
        }
        for (krate, home) in homes {
            let is_home = home.iter().any(|it| path.to_string_lossy().starts_with(it));
            let line = text.lines().zip(1..).find(|(line, _)| !is_home && names(line, krate));
            assert!(
                line.is_none(),
                "{}:{}: {krate} is named outside of {home:?}; go through the façade",
                path.display(),
                line.map_or(0, |it| it.1)
            );
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for (path, text) in code().filter(|(path, _)| !is_sample(path)) {
        assert!(
            text.starts_with("//!"),
            "{}: begin with a `//!` sentence that a stranger understands",
            path.display()
        );
    }
}

#[test]
fn nothing_half_done_is_kept() {
    let marks = ["FIX", "TO", "XX"].map(|it| match it {
        "FIX" => "FIXME".to_owned(),
        "TO" => format!("{it}DO"),
        _ => format!("{it}X"),
    });
    for (path, text) in code() {
        for mark in &marks {
            let is_own = path.ends_with("tidy.rs");
            assert!(
                is_own || !text.contains(mark.as_str()),
                "{}: finish what is marked {mark}, or write down why not",
                path.display()
            );
        }
        let ignored = ["#[", "ignore"].concat();
        assert!(!text.contains(&ignored), "{}: a test runs or is deleted", path.display());
    }
}

#[test]
fn no_folder_or_file_is_a_drawer() {
    let drawers = ["utils", "util", "common", "helpers", "base", "shared", "misc", "mod"];
    // A file may hold one type of that name; a folder would be a layer.
    let layers = ["types", "models", "services", "routes", "routers"];
    for (path, _) in code().filter(|(path, _)| !is_sample(path)) {
        let whole = path.with_extension("");
        let folder = path.parent().unwrap_or(&path);
        let is_in =
            |path: &Path, names: &[&str]| path.iter().any(|it| names.iter().any(|n| it == *n));
        assert!(
            !is_in(&whole, &drawers) && !is_in(folder, &layers),
            "{}: name it after the one thing in it, its folder after a topic",
            path.display()
        );
    }
}

/// Whoever passes every right stands in this list, with the reason they give.
#[test]
fn system_sessions_are_listed() {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in code().filter(|(path, _)| is_shipped(path)) {
        for made in ["Session::system(", ".as_system("] {
            for call in text.split(made).skip(1) {
                let reason = call.split('"').nth(1).unwrap_or("made at run time").to_owned();
                found.entry(path.display().to_string()).or_default().push(reason);
            }
        }
        for call in text.split(".as_system(").skip(1) {
            let reason = call.strip_prefix('"').and_then(|it| it.split('"').next());
            let reason = reason.unwrap_or("made at run time").to_owned();
            found.entry(path.display().to_string()).or_default().push(reason);
        }
        for call in text.split(".elevate(").skip(1) {
            let reason = call.trim_start().strip_prefix('"').and_then(|it| it.split('"').next());
            let reason = reason.unwrap_or("given by a deed");
            found.entry(path.display().to_string()).or_default().push(reason.to_owned());
        }
        for _ in text.split(".sql(").skip(1) {
            found.entry(path.display().to_string()).or_default().push("sql".to_owned());
        }
    }
    let listed: String =
        found.iter().map(|(path, reasons)| format!("{path}: {}\n", reasons.join(", "))).collect();
    expect_test::expect_file!["tidy/system_sessions.txt"].assert_eq(&listed);
}

#[test]
fn the_architecture_names_every_folder() {
    let text = read("ARCHITECTURE.md");
    for root in ["orm/src", "core/src", "modules"] {
        for entry in fs::read_dir(project().join(root)).expect("the folder is there").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
            assert!(
                !is_folder
                    || text.contains(&format!("`{name}"))
                    || text.contains(&format!("/{name}")),
                "ARCHITECTURE.md does not say what {root}/{name} is"
            );
        }
    }
}

// ---- reading the repository -----------------------------------------------------------------

/// The key of a cached text begins with the sort of its statement: two sorts with one letter could
/// be taken for each other.
#[test]
fn every_sort_of_statement_has_a_letter_of_its_own() {
    let mut letters = Vec::new();
    for (path, text) in code().filter(|it| it.0.starts_with("orm/src")) {
        let found = text.split("Shape::new(b'").skip(1);
        letters.extend(found.map(|it| (it.chars().next(), path.clone())));
    }
    assert!(letters.len() > 15, "statements are keyed in another way: {letters:?}");
    letters.sort();
    for pair in letters.windows(2) {
        assert_ne!(pair[0].0, pair[1].0, "{:?} and {:?}", pair[0].1, pair[1].1);
    }
}

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|it| panic!("{path}: {it}"))
}

/// Every source file.
fn code() -> impl Iterator<Item = (PathBuf, String)> {
    files("rs")
}

/// Every file of that ending, by its path in the project.
fn files(ending: &str) -> impl Iterator<Item = (PathBuf, String)> {
    let mut found = Vec::new();
    gather(&project(), ending, &mut found);
    assert!(!found.is_empty(), "there are files that end with .{ending}");
    found.into_iter().map(|path| {
        let text = fs::read_to_string(&path).expect("a file of the project is UTF-8");
        let path = path.strip_prefix(project()).expect("it was found there").to_owned();
        (path, text)
    })
}

fn gather(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("a folder of the project can be read");
    for path in entries.flatten().map(|it| it.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            gather(&path, ending, found);
        } else if path.extension().is_some_and(|it| it == ending) {
            found.push(path);
        }
    }
}

/// Code that is compiled by a test or compared with one, as it stands.
fn is_sample(path: &Path) -> bool {
    let path = path.to_string_lossy();
    path.contains("tests/ui/") || path.contains("derive/outputs/")
}

/// Code that is part of the program.
fn is_shipped(path: &Path) -> bool {
    let is_test = path.iter().any(|it| it == "tests" || it == "testing" || it == "benches");
    !is_test && !path.ends_with("tests.rs") && !is_sample(path)
}

/// Whether a line of code, not of comment, names a crate.
fn names(line: &str, krate: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    code.match_indices(krate).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + krate.len()..];
        !before.is_some_and(is_part) && after.starts_with("::")
    })
}

fn package_name(manifest: &str) -> String {
    let name = manifest.lines().find_map(|it| it.strip_prefix("name = "));
    name.expect("a package has a name").trim_matches('"').to_owned()
}

/// What a manifest depends on in the program; tests may use more.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut is_inside = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_inside = line == "[dependencies]";
        } else if is_inside && let Some(name) = line.split(['.', ' ', '=']).next() {
            found.push(name.replace('-', "_"));
        }
    }
    found
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|it| it.contains(&name))
}
