//! `cargo xtask plant`: each fault in turn, and whether the tests noticed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Output},
    time::Instant,
};

use clap::{ArgAction, Args};

use crate::{
    plant::Plant,
    tree::{self, say},
};

#[derive(Args)]
pub(crate) struct PlantArguments {
    /// Only faults with one of these in their name.
    names: Vec<String>,
    /// Says what there is, and plants nothing.
    #[arg(long, action = ArgAction::SetTrue)]
    list: bool,
}

/// What became of a fault.
enum Outcome {
    Caught(Vec<String>),
    Survived,
    /// It does not even compile, so it shows nothing.
    NotBuilt(String),
}

/// A copy of the tree, and where it is built.
struct Field {
    tree: PathBuf,
    target: PathBuf,
}

/// Plants faults; success when all were caught.
pub(crate) fn run(arguments: &PlantArguments) -> Result<ExitCode, String> {
    let root = tree::root();
    let is_wanted = |it: &Plant| {
        arguments.names.is_empty() || arguments.names.iter().any(|name| it.name.contains(name))
    };
    let plants = Plant::all(&root.join(tree::PLANTS))?;
    let plants: Vec<Plant> = plants.into_iter().filter(is_wanted).collect();
    if plants.is_empty() {
        return Err("no fault has such a name; `cargo xtask plant --list` shows all".to_owned());
    }
    if arguments.list {
        for it in &plants {
            say(&format!(
                "{:<36}{}\n{:36}cargo test {}",
                it.name,
                it.fault,
                "",
                it.tests.join(" ")
            ));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let field =
        Field { tree: root.join("target/plant/tree"), target: root.join("target/plant/build") };
    tree::copy(&root, &field.tree)?;
    let mut uncaught = 0;
    for (at, plant) in (1..).zip(&plants) {
        let began = Instant::now();
        let outcome = field.try_out(plant)?;
        let took = began.elapsed().as_secs();
        let said = match &outcome {
            Outcome::Caught(by) => format!("caught by {}", shortened(by)),
            Outcome::Survived => "SURVIVED: no test noticed".to_owned(),
            Outcome::NotBuilt(why) => format!("NOT BUILT: {why}"),
        };
        uncaught += usize::from(!matches!(outcome, Outcome::Caught(_)));
        say(&format!("{at:>3}/{} {:<36}{said} ({took} s)", plants.len(), plant.name));
    }
    let caught = plants.len() - uncaught;
    say(&format!("{caught} of {} faults were caught", plants.len()));
    Ok(if uncaught == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Field {
    /// Plants a fault, runs the tests, takes it out again.
    fn try_out(&self, plant: &Plant) -> Result<Outcome, String> {
        let mut sound: Vec<(PathBuf, String)> = Vec::new();
        for edit in &plant.edit {
            let path = self.tree.join(&edit.file);
            let text = read(&path)?;
            let made = edit.made_in(&text).map_err(|it| format!("{}: {it}", plant.name))?;
            tree::write(&path, made.as_bytes())?;
            sound.push((path, text));
        }
        let outcome = self.test(plant);
        for (path, text) in sound.iter().rev() {
            tree::write(path, text.as_bytes())?;
        }
        outcome
    }

    fn test(&self, plant: &Plant) -> Result<Outcome, String> {
        let built = self.cargo(plant, &["--no-run"])?;
        if !built.status.success() {
            let text = String::from_utf8_lossy(&built.stderr);
            let error = text.lines().find(|it| it.starts_with("error")).unwrap_or("cargo failed");
            return Ok(Outcome::NotBuilt(error.to_owned()));
        }
        let tested = self.cargo(plant, &[])?;
        if tested.status.success() {
            return Ok(Outcome::Survived);
        }
        let text = String::from_utf8_lossy(&tested.stdout);
        let failed =
            text.lines().filter_map(|it| it.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
        Ok(Outcome::Caught(failed.map(str::to_owned).collect()))
    }

    fn cargo(&self, plant: &Plant, more: &[&str]) -> Result<Output, String> {
        let at = plant.tests.iter().position(|it| it == "--").unwrap_or(plant.tests.len());
        let (own, passed_on) = plant.tests.split_at(at);
        Command::new(env!("CARGO"))
            .arg("test")
            .args(own)
            .args(more)
            .args(passed_on)
            .current_dir(&self.tree)
            .env("CARGO_TARGET_DIR", &self.target)
            .output()
            .map_err(|it| format!("cargo test: {it}"))
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|it| format!("{}: {it}", path.display()))
}

/// The first tests that noticed, and how many more.
fn shortened(tests: &[String]) -> String {
    match tests {
        [] => "a test program that ended badly".to_owned(),
        [one] => one.clone(),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
    }
}
