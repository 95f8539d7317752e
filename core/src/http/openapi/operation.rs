//! The generated routes as operations: names, parameters, bodies, answers.

use serde_json::{Value, json};

use crate::{
    crud::{Generated, Operation},
    http::{
        API_PREFIX,
        openapi::{Described, draft::Draft, parameters, responses, schema_ref},
    },
};

/// The group of what is about no single model.
const MODELS: &str = "models";

/// Adds a route; that of `/models` has no model.
pub(super) fn describe(to: &mut Draft, route: &Generated, of: Option<&Described<'_>>) {
    let path = format!("{API_PREFIX}{}", route.path);
    let operation = match of {
        Some(of) => {
            let table = of.model.def.table;
            to.tag(table, of.model.def.help);
            let mut operation = whole(route.operation, &Words::of(of), table);
            operation["parameters"] = Value::Array(parameters::of(route.operation, of));
            operation
        }
        None => {
            to.tag(MODELS, "What there is.");
            whole(route.operation, &Words::default(), MODELS)
        }
    };
    to.operation(&path, &route.method, operation);
}

/// How a model is spoken of.
#[derive(Default)]
struct Words {
    /// `Product`, the beginning of the names of its schemas.
    name: String,
    /// `product_tag`
    singular: String,
    /// `product_tags`
    plural: String,
}

impl Words {
    fn of(of: &Described<'_>) -> Self {
        let def = of.model.def;
        Self {
            name: def.name.to_owned(),
            singular: snake_case(def.name),
            plural: def.table.to_owned(),
        }
    }

    fn schema(&self, suffix: &str) -> Value {
        schema_ref(&format!("{}{suffix}", self.name))
    }
}

fn whole(operation: Operation, words: &Words, tag: &str) -> Value {
    let (id, summary) = names(operation, words);
    let mut responses = responses::problems_of(operation);
    for (status, answer) in answers(operation, words) {
        responses.insert(status.to_owned(), answer);
    }
    let mut whole = json!({
        "operationId": id,
        "summary": summary,
        "tags": [tag],
        "responses": responses,
    });
    let body = match operation {
        Operation::Search => Some("Search"),
        Operation::Create => Some("Create"),
        Operation::Update => Some("Update"),
        Operation::UpdateWhere => Some("UpdateWhere"),
        Operation::DeleteWhere => Some("DeleteWhere"),
        Operation::Onchange => Some("Onchange"),
        _ => None,
    };
    if let Some(suffix) = body {
        let content = json!({ "application/json": { "schema": words.schema(suffix) } });
        whole["requestBody"] = json!({ "required": true, "content": content });
    }
    whole
}

fn names(operation: Operation, words: &Words) -> (String, String) {
    let Words { singular, plural, .. } = words;
    let (one, many) = (singular.replace('_', " "), plural.replace('_', " "));
    match operation {
        Operation::List => (format!("list_{plural}"), format!("Lists {many}")),
        Operation::Search => (format!("search_{plural}"), format!("Searches {many}")),
        Operation::Find => (format!("find_{singular}"), format!("Reads one {one}")),
        Operation::Create => (format!("create_{singular}"), format!("Creates one {one}")),
        Operation::Update => (format!("update_{singular}"), format!("Changes one {one}")),
        Operation::Delete => (format!("delete_{singular}"), format!("Deletes one {one} for good")),
        Operation::UpdateWhere => {
            (format!("update_{plural}_where"), format!("Changes all {many} that pass a filter"))
        }
        Operation::DeleteWhere => {
            let summary = format!("Deletes all {many} that pass a filter for good");
            (format!("delete_{plural}_where"), summary)
        }
        Operation::Describe => (format!("describe_{plural}"), format!("Describes {many}")),
        Operation::Defaults => {
            (format!("defaults_of_{plural}"), format!("Says what a new {one} starts with"))
        }
        Operation::Onchange => {
            let summary = format!("Says what follows from a form of one {one}; saves nothing");
            (format!("onchange_of_{plural}"), summary)
        }
        Operation::Access => {
            let id = format!("explain_access_to_{singular}");
            (id, format!("Says what a user may do with one {one}, and why"))
        }
        Operation::History => {
            let id = format!("history_of_{singular}");
            (id, format!("Says who changed one {one}, when, and how: the newest first"))
        }
        Operation::Models => ("list_models".to_owned(), "Lists the models there are".to_owned()),
    }
}

/// What it answers when it goes well.
fn answers(operation: Operation, words: &Words) -> Vec<(&'static str, Value)> {
    use responses::answer;
    let record = || Some(words.schema(""));
    let page = || Some(words.schema("Page"));
    let unchanged = || ("304", answer("The client has it already.", None, &["ETag"]));
    match operation {
        Operation::List | Operation::Search => {
            vec![("200", answer("A page of records.", page(), &[]))]
        }
        Operation::Find => vec![("200", answer("The record.", record(), &["ETag"])), unchanged()],
        Operation::Create => {
            let headers = ["Location", "ETag", "PreferenceApplied"];
            let description = "Created: the record, unless you may not see it or want no body.";
            vec![("201", answer(description, record(), &headers))]
        }
        Operation::Update => vec![
            ("200", answer("Changed: the record.", record(), &["ETag"])),
            (
                "204",
                answer(
                    "Changed, and you may not see it or want no body.",
                    None,
                    &["ETag", "PreferenceApplied"],
                ),
            ),
        ],
        Operation::Delete => vec![("204", answer("Deleted.", None, &[]))],
        Operation::UpdateWhere | Operation::DeleteWhere => {
            let affected = Some(schema_ref("Affected"));
            vec![("200", answer("How many records it was.", affected, &[]))]
        }
        Operation::Describe => vec![
            (
                "200",
                answer(
                    "The model, in your language and with your rights: enough to draw a form.",
                    Some(schema_ref("ModelDescription")),
                    &["ETag"],
                ),
            ),
            unchanged(),
        ],
        Operation::Defaults => {
            vec![("200", answer("The defaults.", Some(words.schema("Defaults")), &[]))]
        }
        Operation::Onchange => {
            let follows = Some(words.schema("Onchanged"));
            vec![("200", answer("Only what follows, and warnings.", follows, &[]))]
        }
        Operation::Access => {
            let description = "What the user may do, each verb with what decided it.";
            vec![("200", answer(description, Some(schema_ref("AccessExplanation")), &[]))]
        }
        Operation::History => {
            let history = Some(schema_ref("HistoryPage"));
            vec![("200", answer("A page of entries.", history, &[]))]
        }
        Operation::Models => {
            let models = Some(schema_ref("ModelList"));
            vec![("200", answer("The models that you may read.", models, &[]))]
        }
    }
}

/// `ProductTag` as `product_tag`, `VATRate` as `vat_rate`.
fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let ends_word = at > 0 && !letters[at - 1].is_uppercase();
        let begins_word = at > 0 && letters.get(at + 1).is_some_and(|it| it.is_lowercase());
        if letter.is_uppercase() && (ends_word || begins_word) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        check("Product", "product");
        check("ProductTag", "product_tag");
        check("VATRate", "vat_rate");
        check("Unit2", "unit2");
    }

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(snake_case(name), expected);
    }
}
