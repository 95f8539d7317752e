//! Where settings come from: layers of names and texts, the later ones stronger.

use std::{
    collections::BTreeMap,
    env, fmt, fs, io,
    path::{Path, PathBuf},
};

use crate::settings::{Mode, SETTINGS, Setting, SettingsFault, distance};

/// The suffix of a name whose value is the path of a file with the value.
const FILE: &str = "_FILE";

/// What `artel chat` signs in with; no setting, so that it is in nobody's way who has exported it.
const CHAT_PASSWORD: &str = "ARTEL_CHAT_PASSWORD";

/// Layers of settings, the weakest first. Not `Debug`: it holds secrets.
pub struct Source {
    default_mode: Mode,
    layers: Vec<Layer>,
    faults: Vec<SettingsFault>,
}

/// A value and where it came from. Not `Debug`: it may be a secret.
#[derive(Clone)]
pub struct Found {
    /// As it was written.
    pub text: String,
    /// Where.
    pub origin: Origin,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file of settings.
    File(PathBuf),
    /// The environment of the process.
    Environment,
    /// A flag of the command line, or a test.
    Flag,
}

struct Layer {
    origin: Origin,
    values: BTreeMap<String, String>,
}

impl Source {
    /// The files of the current directory, the environment of the process, and `flags`.
    pub fn of_process(flags: BTreeMap<String, String>) -> Self {
        let mut source = Self {
            // Cargo tells a program that it runs.
            default_mode: match env::var_os("CARGO_MANIFEST_DIR") {
                Some(_) => Mode::Development,
                None => Mode::Production,
            },
            layers: Vec::new(),
            faults: Vec::new(),
        };
        source.add_toml(Path::new("artel.toml"));
        source.add_dotenv(Path::new(".env"));
        source.add_environment();
        source.add(Origin::Flag, flags);
        source
    }

    /// These values and nothing else, in production unless they say otherwise: for tests.
    pub fn of<'a>(values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        let values = values.into_iter().map(owned).collect();
        let mut source =
            Self { default_mode: Mode::Production, layers: Vec::new(), faults: Vec::new() };
        source.add(Origin::Flag, values);
        source
    }

    /// The strongest value of a setting that is not empty.
    ///
    /// # Errors
    /// When it is to be read from a file that cannot be read, or is given twice in one layer.
    pub fn find(&self, setting: &Setting) -> Result<Option<Found>, SettingsFault> {
        for layer in self.layers.iter().rev() {
            if let Some(found) = layer.find(setting.name)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The mode that holds when nobody sets one.
    pub fn default_mode(&self) -> Mode {
        self.default_mode
    }

    pub(crate) fn faults(&self) -> Vec<SettingsFault> {
        self.faults.clone()
    }

    fn add_toml(&mut self, path: &Path) {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.fail(path, format!("cannot be read: {error}")),
        };
        match text.parse::<toml::Table>() {
            Ok(table) => {
                let mut values = BTreeMap::new();
                self.flatten(path, "", &table, &mut values);
                self.add(Origin::File(path.to_owned()), values);
            }
            Err(error) => {
                let line = error.span().map_or(0, |it| text[..it.start].lines().count().max(1));
                let message = error.message();
                self.fail(path, format!("line {line}: {message}; mend it"));
            }
        }
    }

    /// `listen` under `[http]` becomes `ARTEL_HTTP__LISTEN`.
    fn flatten(
        &mut self,
        path: &Path,
        prefix: &str,
        table: &toml::Table,
        values: &mut BTreeMap<String, String>,
    ) {
        for (key, value) in table {
            let key = format!("{prefix}{key}");
            if let toml::Value::Table(inner) = value {
                self.flatten(path, &format!("{key}."), inner, values);
                continue;
            }
            match written(value) {
                Some(text) => values.insert(environment_name(&key), text),
                None => {
                    self.fail(path, format!("`{key}` is no text, number or list of texts"));
                    continue;
                }
            };
        }
    }

    fn add_dotenv(&mut self, path: &Path) {
        let lines = match dotenvy::from_path_iter(path) {
            Ok(lines) => lines,
            Err(error) if error.not_found() => return,
            Err(error) => return self.fail(path, format!("cannot be read: {error}")),
        };
        let mut values = BTreeMap::new();
        for line in lines {
            match line {
                Ok((name, text)) if is_ours(&name) => drop(values.insert(name, text)),
                Ok(_) => {}
                // What dotenvy quotes may be a secret.
                Err(_) => {
                    let at = values.keys().next_back().map_or("the beginning", String::as_str);
                    self.fail(path, format!("a line after {at} is no NAME=value; mend it"));
                    break;
                }
            }
        }
        self.add(Origin::File(path.to_owned()), values);
    }

    fn add_environment(&mut self) {
        let mut values = BTreeMap::new();
        for (name, text) in env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            if !is_ours(&name) {
                continue;
            }
            match text.into_string() {
                Ok(text) => drop(values.insert(name, text)),
                Err(_) => self.faults.push(SettingsFault::new(name, "is no UTF-8; write it anew")),
            }
        }
        self.add(Origin::Environment, values);
    }

    /// Adds a layer over all others; names that nothing is called are faults.
    fn add(&mut self, origin: Origin, values: BTreeMap<String, String>) {
        for name in values.keys() {
            let setting = name.strip_suffix(FILE).unwrap_or(name);
            if Setting::named(setting).is_none() && Setting::named(name).is_none() {
                self.faults.push(unknown(name, &origin));
            }
        }
        self.layers.push(Layer { origin, values });
    }

    fn fail(&mut self, path: &Path, problem: String) {
        self.faults.push(SettingsFault::new(path.display().to_string(), problem));
    }
}

impl Layer {
    fn find(&self, name: &str) -> Result<Option<Found>, SettingsFault> {
        let file_name = format!("{name}{FILE}");
        let text = match (self.set(name), self.set(&file_name)) {
            (None, None) => return Ok(None),
            (Some(text), None) => text.to_owned(),
            (None, Some(path)) => read_value(name, path)?,
            (Some(_), Some(_)) => {
                let problem = format!("{file_name} is set too ({}); keep one of them", self.origin);
                return Err(SettingsFault::new(name, problem));
            }
        };
        Ok(Some(Found { text, origin: self.origin.clone() }))
    }

    fn set(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|it| !it.is_empty())
    }
}

/// The value in a file, without the line's end that editors put behind it.
fn read_value(name: &str, path: &str) -> Result<String, SettingsFault> {
    let fail = |problem: String| Err(SettingsFault::new(format!("{name}{FILE}"), problem));
    match fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => fail(format!("{path} is empty; write the value")),
        Ok(text) => Ok(text.trim_end_matches(['\n', '\r']).to_owned()),
        Err(error) => fail(format!("cannot read {path}: {error}; name a file that can be read")),
    }
}

fn is_ours(name: &str) -> bool {
    let is_setting = name.starts_with("ARTEL_") && name != CHAT_PASSWORD;
    is_setting || name == "DATABASE_URL" || name == "DATABASE_URL_FILE"
}

/// `http.listen` of a file, as the environment spells it.
fn environment_name(key: &str) -> String {
    let name = key.replace('.', "__").to_uppercase();
    if name.starts_with("DATABASE_URL") { name } else { format!("ARTEL_{name}") }
}

/// A value of a file, as the environment would write it.
fn written(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(list) => {
            let parts: Option<Vec<&str>> = list.iter().map(toml::Value::as_str).collect();
            Some(parts?.join(","))
        }
        _ => None,
    }
}

fn unknown(name: &str, origin: &Origin) -> SettingsFault {
    let cure = match distance::nearest(name, SETTINGS.iter().map(|it| it.name)) {
        Some(known) => format!("did you mean {known}?"),
        None => "`artel settings` lists all".into(),
    };
    SettingsFault::new(name, format!("no setting is called so ({origin}); {cure}"))
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Environment => f.write_str("environment"),
            Self::Flag => f.write_str("flag"),
        }
    }
}
