//! A request, what must come of it, and whether it did.

use std::collections::BTreeMap;

use artel_testing::{Client, Reply};
use serde_json::{Value, json};

use crate::oracle::{Eyes, Facts, Refusal, Table};

/// A request and what the oracle says of it.
pub(crate) struct Probe {
    /// Who asks it: `list`, `sort`.
    pub(crate) prober: &'static str,
    pub(crate) method: &'static str,
    /// Below the prefix of the API.
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    pub(crate) expect: Expect,
    /// The rows afterwards; none where nothing changes.
    pub(crate) after: Option<Facts>,
}

/// What must come.
pub(crate) enum Expect {
    /// A problem, with the code of its first violation where that matters.
    Refused { status: u16, code: &'static str, violation: Option<&'static str> },
    /// These records and no others, in this order.
    Rows { rows: Vec<Shown>, total: Option<usize>, hidden: usize },
    /// This record.
    Record { status: u16, record: Shown },
    /// Nothing but the status.
    Bare { status: u16 },
    /// A part of the answer, which is exactly this.
    Part { part: fn(&Value) -> Value, is: Value },
}

/// The keys of a record with their values; none where the value does not matter.
pub(crate) type Shown = BTreeMap<String, Option<Value>>;

impl Expect {
    pub(crate) fn refused(status: u16, code: &'static str) -> Self {
        Self::Refused { status, code, violation: None }
    }

    pub(crate) fn refusal(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Model => Self::refused(403, "access_denied"),
            Refusal::Field => Self::refused(403, "field_forbidden"),
        }
    }

    pub(crate) fn missing() -> Self {
        Self::refused(404, "not_found")
    }

    pub(crate) fn denied() -> Self {
        Self::refused(403, "access_denied")
    }

    /// A reference to what is missing or hidden.
    pub(crate) fn lost() -> Self {
        Self::Refused { status: 422, code: "validation", violation: Some("not_found") }
    }

    /// How much of it is shown, and how much is kept back.
    pub(crate) fn weight(&self) -> (usize, usize) {
        match self {
            Self::Refused { .. } => (0, 1),
            Self::Rows { rows, hidden, .. } => (rows.len(), *hidden),
            Self::Record { .. } | Self::Bare { .. } | Self::Part { .. } => (1, 0),
        }
    }
}

impl Probe {
    pub(crate) fn get(prober: &'static str, path: impl Into<String>, expect: Expect) -> Self {
        Self { prober, method: "GET", path: path.into(), body: None, expect, after: None }
    }

    pub(crate) fn post(
        prober: &'static str,
        path: impl Into<String>,
        body: Value,
        expect: Expect,
    ) -> Self {
        let path = path.into();
        Self { prober, method: "POST", path, body: Some(body), expect, after: None }
    }

    /// The same for somebody who is not let in at all.
    pub(crate) fn shut(self) -> Self {
        Self { expect: Expect::refused(401, "unauthenticated"), after: None, ..self }
    }

    pub(crate) async fn send(&self, client: &Client, headers: &[(&str, &str)]) -> Reply {
        let path = format!("/api/v1{}", self.path);
        let method = self.method.parse().expect("it is a method");
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        let json = [("content-type", "application/json")];
        let json: &[_] = if self.body.is_some() { &json } else { &[] };
        client.send(method, &path, &[json, headers].concat(), body).await
    }

    /// What is wrong with an answer.
    pub(crate) fn fault(&self, reply: &Reply) -> Option<String> {
        let expected = match &self.expect {
            Expect::Refused { status, code, violation } => {
                let json = body(reply);
                let first = violation.is_none_or(|it| json["violations"][0]["code"] == it);
                let is_it = reply.status == *status && json["code"] == *code && first;
                return (!is_it).then(|| format!("{status} {code} {violation:?}"));
            }
            Expect::Rows { rows, total, .. } => {
                let json = body(reply);
                let found = json["data"].as_array();
                let is_same = found.is_some_and(|it| {
                    it.len() == rows.len() && it.iter().zip(rows).all(|(it, row)| is(it, row))
                });
                let counted = total.is_none_or(|it| json["page"]["total"] == it);
                if reply.status == 200 && is_same && counted {
                    return None;
                }
                let shown: Vec<Value> = rows.iter().map(show).collect();
                format!("200 with {} and a total of {total:?}", json!(shown))
            }
            Expect::Record { status, record } => {
                if reply.status == *status && is(&body(reply), record) {
                    return None;
                }
                format!("{status} with {}", show(record))
            }
            Expect::Bare { status } => {
                if reply.status == *status && reply.body.is_empty() {
                    return None;
                }
                format!("{status} and nothing else")
            }
            Expect::Part { part, is } => {
                if reply.status == 200 && part(&body(reply)) == *is {
                    return None;
                }
                format!("200 with {is}")
            }
        };
        Some(expected)
    }
}

/// The fields of a record that somebody gets.
pub(crate) fn shown(eyes: &Eyes<'_>, of: &Table, id: i64, keys: &[&str]) -> Shown {
    let value = |key: &&str| {
        let field = of.field(key);
        let value = match field.name {
            "created_at" | "updated_at" | "updated_by" => None,
            name if field.kind.is_to_many() => {
                Some(json!(eyes.behind(of, Some(id), name, crate::oracle::Sight::Own)))
            }
            _ => Some(eyes.facts.cell(of.name, Some(id), field.key).json()),
        };
        ((*key).to_owned(), value)
    };
    keys.iter().map(value).collect()
}

/// The keys that come without being asked for: every column that may be read.
pub(crate) fn usual(eyes: &Eyes<'_>, of: &Table) -> Vec<&'static str> {
    of.columns().filter(|it| eyes.rights.reads(eyes.who, of, it)).map(|it| it.key).collect()
}

fn is(found: &Value, expected: &Shown) -> bool {
    found.as_object().is_some_and(|it| {
        it.len() == expected.len()
            && expected.iter().all(|(key, value)| {
                it.get(key).is_some_and(|it| value.as_ref().is_none_or(|value| it == value))
            })
    })
}

fn show(record: &Shown) -> Value {
    record.iter().map(|(key, value)| (key.clone(), value.clone().unwrap_or(json!("…")))).collect()
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or(Value::Null)
}
