//! What a test asks of an answer: its records, its fault, its cost.

use std::fmt::Write;

use serde_json::Value;

use crate::Reply;

impl Reply {
    /// One key of every record of a list, joined by commas.
    #[track_caller]
    pub fn column(&self, key: &str) -> String {
        let json = self.json();
        let records = json["data"].as_array();
        let records = records.unwrap_or_else(|| panic!("no list came: {json}"));
        let values = records.iter().map(|it| match &it[key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        values.collect::<Vec<_>>().join(", ")
    }

    /// One key of a record.
    #[track_caller]
    pub fn at(&self, key: &str) -> Value {
        let json = self.json();
        json.get(key).cloned().unwrap_or_else(|| panic!("there is no `{key}` in {json}"))
    }

    /// The id of a record.
    #[track_caller]
    pub fn id(&self) -> i64 {
        self.at("id").as_i64().expect("an id is a number")
    }

    /// The fault in one line, for programs: `422 validation: /price out_of_range`.
    #[track_caller]
    pub fn fault(&self) -> String {
        let json = self.json();
        let mut line = format!("{} {}", self.status, json["code"].as_str().unwrap_or("no code"));
        for (at, violation) in json["violations"].as_array().into_iter().flatten().enumerate() {
            let place = violation["pointer"].as_str().or(violation["parameter"].as_str());
            let code = violation["code"].as_str().unwrap_or("no code");
            let mark = if at == 0 { ":" } else { "," };
            write!(line, "{mark} {} {code}", place.unwrap_or("nowhere"))
                .expect("a string takes everything");
        }
        line
    }

    /// The same of two answers but for the id of the request, which no two have in common.
    #[track_caller]
    pub fn without_request_id(&self) -> Value {
        let mut json = self.json();
        json.as_object_mut().expect("a problem is an object").remove("request_id");
        json
    }

    /// The statements that the request has cost, as its `Server-Timing` says; one that cost none
    /// has no such header.
    #[track_caller]
    pub fn statements(&self) -> u64 {
        let sent = self.header("server-timing");
        if sent.is_empty() {
            return 0;
        }
        let number = sent.split('"').nth(1).and_then(|it| it.split(' ').next());
        let number = number.and_then(|it| it.parse().ok());
        number.unwrap_or_else(|| panic!("no number of statements came: `{sent}`"))
    }
}
