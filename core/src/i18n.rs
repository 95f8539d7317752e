//! Texts for people, in every language: Fluent messages of the framework and of the modules.
//!
//! Ids: a code of a violation is a message of that name; `problem-<code>` is the title of a
//! problem and its attribute `detail` the sentence; `model-<table>`, `field-<table>-<name>` and
//! `choice-<table>-<field>-<value>` are labels, with `help` as attribute; `check-<table>-<name>` says
//! what a model's check in SQL demands.
//!
//! **Invariant:** a text that one language lacks is English, and a label that both lack is the
//! name in words: nothing is ever shown as an id.

pub(crate) mod labels;

use std::{borrow::Cow, fmt};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::module;

/// The languages there are, the one that is used without any other first.
pub const LANGUAGES: [&str; 2] = ["en", "ru"];

const OWN: module::Texts =
    module::Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") };

/// All texts of an environment.
pub struct Texts {
    en: FluentBundle<FluentResource>,
    ru: FluentBundle<FluentResource>,
}

impl Texts {
    /// The framework's own texts and those of modules.
    ///
    /// # Errors
    /// All faults at once: what is no Fluent, and what is there twice.
    pub fn of(modules: &[module::Texts]) -> Result<Self, Vec<String>> {
        let mut texts = Self { en: empty_bundle("en"), ru: empty_bundle("ru") };
        let mut faults = Vec::new();
        for source in [OWN].iter().chain(modules) {
            faults.extend(add(&mut texts.en, "en", source.en));
            faults.extend(add(&mut texts.ru, "ru", source.ru));
        }
        if faults.is_empty() { Ok(texts) } else { Err(faults) }
    }

    /// The text of a message, or with `id.attribute` of an attribute of it; English where the
    /// language has none.
    pub fn text(&self, language: &str, id: &str, params: &[(&str, &str)]) -> Option<String> {
        let found = if language == "ru" { format(&self.ru, id, params) } else { None };
        found.or_else(|| format(&self.en, id, params))
    }

    /// The language that suits best what a client says it reads (`ru-RU,ru;q=0.9,en;q=0.8`).
    pub fn language(&self, accept_language: Option<&str>) -> &'static str {
        accept_language.and_then(best_language).unwrap_or(LANGUAGES[0])
    }

    /// What users call a model: `Products`.
    pub fn model_label(&self, language: &str, table: &str) -> String {
        self.text(language, &format!("model-{table}"), &[]).unwrap_or_else(|| in_words(table))
    }

    /// What users call a field: `List price`.
    pub fn field_label(&self, language: &str, table: &str, field: &str) -> String {
        self.text(language, &format!("field-{table}-{field}"), &[])
            .or_else(|| self.text(language, &format!("field-{field}"), &[]))
            .unwrap_or_else(|| in_words(field))
    }

    /// What is said about a field beside its label; none where the model's own words stand.
    pub fn field_help(&self, language: &str, table: &str, field: &str) -> Option<String> {
        self.text(language, &format!("field-{table}-{field}.help"), &[])
    }

    /// What users call one value of a selection.
    pub fn choice_label(
        &self,
        language: &str,
        (table, field): (&str, &str),
        value: &str,
    ) -> String {
        self.text(language, &format!("choice-{table}-{field}-{value}"), &[])
            .unwrap_or_else(|| in_words(value))
    }
}

fn empty_bundle(language: &str) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = language.parse().expect("two letters are a language");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks around arguments are for right-to-left texts, and noise in JSON.
    bundle.set_use_isolating(false);
    bundle
}

fn add(bundle: &mut FluentBundle<FluentResource>, language: &str, source: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let resource =
        FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, errors)| {
            let fault = |it| format!("texts ({language}) cannot be read: {it}");
            faults.extend(errors.into_iter().map(fault));
            resource
        });
    if let Err(errors) = bundle.add_resource(resource) {
        faults.extend(errors.into_iter().map(|it| format!("texts ({language}) clash: {it}")));
    }
    faults
}

fn format(
    bundle: &FluentBundle<FluentResource>,
    id: &str,
    params: &[(&str, &str)],
) -> Option<String> {
    let (id, attribute) = id.split_once('.').map_or((id, None), |(id, it)| (id, Some(it)));
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    let arguments: FluentArgs<'_> = params.iter().map(|(name, it)| (*name, value(it))).collect();
    // A text that names more than it is given would show its own source.
    let mut errors = Vec::new();
    let text: Cow<'_, str> = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

/// A count chooses the form of a word, so it goes as a number; all else as it is written: a
/// number here is a float.
fn value(text: &str) -> FluentValue<'_> {
    match text.parse::<u32>() {
        Ok(count) if !text.starts_with('+') => FluentValue::from(count),
        _ => FluentValue::from(text),
    }
}

/// The known language with the highest weight, of equal ones the first.
fn best_language(accepted: &str) -> Option<&'static str> {
    let mut best: Option<(f32, &'static str)> = None;
    for range in accepted.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let weight = parts.find_map(|it| it.strip_prefix("q=")).map_or(Ok(1.0), str::parse::<f32>);
        let known = match primary {
            "*" => Some(LANGUAGES[0]),
            _ => LANGUAGES.into_iter().find(|it| it.eq_ignore_ascii_case(primary)),
        };
        let (Some(known), Ok(weight)) = (known, weight) else { continue };
        if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
            best = Some((weight, known));
        }
    }
    best.map(|(_, language)| language)
}

/// `list_price` as `List price`.
fn in_words(name: &str) -> String {
    let name = name.strip_suffix("_id").unwrap_or(name).replace('_', " ");
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Texts")
    }
}

#[cfg(test)]
mod tests;
