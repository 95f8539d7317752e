//! A problem in words: its members in the order of `docs/API.md`, texts in the reader's language.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use orm::{At, Violation};

use crate::{
    http::problem::{Extra, Problem, Reader},
    i18n::Texts,
};

#[derive(Serialize)]
pub(super) struct Body<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    affected: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    models: Option<&'a [&'static str]>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    errors: Map<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<Fault<'a>>,
}

/// One fault, where it stands and what it says.
#[derive(Serialize)]
struct Fault<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    code: &'a str,
    params: Map<Box<RawValue>>,
    message: String,
}

/// Keys and values in their order.
struct Map<T>(Vec<(String, T)>);

impl<'a> Body<'a> {
    pub(super) fn of(problem: &'a Problem<'_>, reader: &Reader<'a>) -> Self {
        let params = text_params(&problem.params);
        let text = |id: String| reader.texts.text(reader.language, &id, &params);
        let title = format!("problem-{}", problem.code);
        let violations: Vec<_> =
            problem.violations.iter().map(|it| Fault::of(it, reader)).collect();
        let (mut current_version, mut affected, mut models) = (None, None, None);
        match problem.extra {
            Extra::None => {}
            Extra::CurrentVersion(version) => current_version = Some(version),
            Extra::Affected(count) => affected = Some(count),
            Extra::Models(names) => models = Some(names),
        }
        Self {
            kind: format!("/problems/{}", problem.code),
            detail: text(format!("{title}.detail")),
            title: self::title(problem, reader.texts, reader.language),
            status: problem.status.as_u16(),
            code: problem.code,
            request_id: reader.request_id,
            current_version,
            affected,
            models,
            errors: by_path(&violations),
            violations,
        }
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers are always JSON")
    }
}

impl<'a> Fault<'a> {
    fn of(violation: &'a Violation, reader: &Reader<'_>) -> Self {
        let (pointer, parameter) = match &violation.at {
            At::Pointer(pointer) => (Some(pointer.as_str()), None),
            At::Parameter(parameter) => (None, Some(parameter.as_str())),
        };
        let raw = violation.params.iter().map(|(name, value)| ((*name).to_owned(), json(value)));
        Self {
            pointer,
            parameter,
            code: violation.code,
            params: Map(raw.collect()),
            message: message(violation, reader.texts, reader.language),
        }
    }
}

/// What a fault says.
pub(super) fn message(violation: &Violation, texts: &Texts, language: &str) -> String {
    let params = text_params(&violation.params);
    let text = |id: &str| texts.text(language, id, &params);
    let named = |wanted: &str| params.iter().find(|(name, _)| *name == wanted).map(|it| it.1);
    // A code that has several reasons says the one that it is; a check of a model is said in the
    // words of its module.
    let more = match (violation.code, named("model"), named("name")) {
        ("check", Some(model), Some(name)) => Some(format!("{model}-{name}")),
        _ => named("reason").map(str::to_owned),
    };
    let message = more.and_then(|more| text(&format!("{}-{more}", violation.code)));
    message.or_else(|| text(violation.code)).unwrap_or_else(|| in_words(violation.code))
}

/// The first fault of each place, by the path that a form would give it.
fn by_path(violations: &[Fault<'_>]) -> Map<String> {
    let mut errors: Vec<(String, String)> = Vec::with_capacity(violations.len());
    for fault in violations {
        let path =
            fault.pointer.map_or_else(|| fault.parameter.unwrap_or_default().to_owned(), dots);
        if !errors.iter().any(|(known, _)| *known == path) {
            errors.push((path, fault.message.clone()));
        }
    }
    Map(errors)
}

/// `/lines/create/0/qty` as `lines.create.0.qty`.
fn dots(pointer: &str) -> String {
    let path = pointer.strip_prefix('/').unwrap_or(pointer).replace('/', ".");
    path.replace("~1", "/").replace("~0", "~")
}

/// A number as a number, everything else as text.
fn json(value: &str) -> Box<RawValue> {
    let is_number = value.starts_with(|it: char| it == '-' || it.is_ascii_digit());
    let number = is_number.then(|| RawValue::from_string(value.to_owned()).ok()).flatten();
    number.unwrap_or_else(|| serde_json::value::to_raw_value(value).expect("a text is always JSON"))
}

fn text_params<'a>(params: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    params.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// What a problem is called.
pub(super) fn title(problem: &Problem<'_>, texts: &Texts, language: &str) -> String {
    let title = format!("problem-{}", problem.code);
    let text = texts.text(language, &title, &text_params(&problem.params));
    text.unwrap_or_else(|| in_words(problem.code))
}

/// What a code says where no text is known for it.
fn in_words(code: &str) -> String {
    code.replace('_', " ")
}

impl<T> Map<T> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for Map<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
