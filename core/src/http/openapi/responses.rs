//! What goes wrong, and the headers of answers: described once, referred to by every operation.

use serde_json::{Map, Value, json};

use crate::{
    crud::Operation,
    http::openapi::{
        components::{Components, HEADERS, RESPONSES},
        schema_ref,
    },
};

/// The answers that are problems: status, name, and what it means with its codes.
const PROBLEMS: [(&str, &str, &str); 13] = [
    (
        "400",
        "BadRequest",
        "What cannot be understood: `bad_json`, `unknown_parameter`, `bad_parameter`, \
         `bad_filter`, `unknown_field`.",
    ),
    ("401", "Unauthenticated", "Nobody is signed in: `unauthenticated`, `token_expired`."),
    (
        "403",
        "Forbidden",
        "No right to do this: `access_denied`, `field_forbidden`, `foreign_origin`.",
    ),
    ("404", "NotFound", "Not there, or hidden from whoever asks: `not_found`."),
    ("406", "NotAcceptable", "The client takes no JSON: `not_acceptable`."),
    (
        "409",
        "Conflict",
        "At odds with other records: `unique`, `foreign_key`, `busy`, `max_affected`.",
    ),
    ("412", "VersionMismatch", "Changed meanwhile: `version_mismatch` with `current_version`."),
    ("413", "TooLarge", "The body is too large: `too_large`."),
    ("415", "UnsupportedMediaType", "The body is no JSON in UTF-8: `unsupported_media_type`."),
    ("422", "Invalid", "Understood, but wrong: `validation` with every fault at once."),
    ("426", "UpgradeRequired", "Here is a WebSocket and nothing else: `upgrade_required`."),
    ("500", "Internal", "A fault of the server: `internal`, and the id of the request."),
    ("503", "Unavailable", "Something that is needed is away: `unavailable`."),
];

/// Adds problems, headers, and the responses that all operations share.
pub(super) fn describe(to: &mut Components) {
    to.share("Problem", problem);
    to.share("Violation", violation);
    for (status, name, description) in PROBLEMS {
        to.add_own(RESPONSES, name, problem_response(status, description));
    }
    let headers = [
        ("RequestId", "The id of the request: the client's own if it is sane.", "string"),
        ("ETag", "The version of what is answered: `\"v3-00c0ffee\"`.", "string"),
        ("Location", "Where the new record is.", "string"),
        ("RetryAfter", "After how many seconds it may work.", "integer"),
        ("Upgrade", "The protocol to ask for: `websocket`.", "string"),
        ("Authenticate", "How to sign in: `Bearer`.", "string"),
        ("PreferenceApplied", "`return=minimal` where the client preferred no body.", "string"),
    ];
    for (name, description, ty) in headers {
        to.add_own(HEADERS, name, json!({ "description": description, "schema": { "type": ty } }));
    }
}

/// The problems that an operation can end in.
pub(super) fn problems_of(operation: Operation) -> Map<String, Value> {
    let saves_nothing =
        matches!(operation, Operation::Defaults | Operation::Onchange | Operation::Models);
    let writes = !operation.only_reads() && !saves_nothing;
    let can_end_in = |status: &str| match status {
        "400" | "401" | "406" | "500" | "503" => true,
        "403" => operation != Operation::Models,
        "404" => operation.has_id(),
        "409" => writes,
        "412" => operation.has_id() && !matches!(operation, Operation::Access | Operation::History),
        "413" | "415" => operation.has_body(),
        "422" => operation.has_body() && (writes || operation == Operation::Onchange),
        _ => false,
    };
    let wanted = PROBLEMS.iter().filter(|(status, ..)| can_end_in(status));
    wanted.map(|(status, name, _)| ((*status).to_owned(), response_ref(name))).collect()
}

/// An answer with headers beside the request's id, and JSON of a schema if it has a body.
pub(super) fn answer(description: &str, schema: Option<Value>, headers: &[&str]) -> Value {
    let mut answer = json!({ "description": description, "headers": header_refs(headers) });
    if let Some(schema) = schema {
        answer["content"] = json!({ "application/json": { "schema": schema } });
    }
    answer
}

/// The headers of an answer, by the names that HTTP gives them.
pub(super) fn header_refs(names: &[&str]) -> Value {
    let name_of = |name: &str| {
        match name {
            "RequestId" => "X-Request-Id",
            "RetryAfter" => "Retry-After",
            "Authenticate" => "WWW-Authenticate",
            "PreferenceApplied" => "Preference-Applied",
            _ => return name.to_owned(),
        }
        .to_owned()
    };
    let all = names.iter().chain(&["RequestId"]);
    all.map(|it| (name_of(it), json!({ "$ref": format!("#/components/headers/{it}") }))).collect()
}

fn problem_response(status: &str, description: &str) -> Value {
    let headers: &[&str] = match status {
        "401" => &["Authenticate"],
        "426" => &["Upgrade"],
        "503" => &["RetryAfter"],
        _ => &[],
    };
    json!({
        "description": description,
        "headers": header_refs(headers),
        "content": { "application/problem+json": { "schema": schema_ref("Problem") } },
    })
}

pub(super) fn response_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/{name}") })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "properties": {
            "type": { "type": "string", "format": "uri-reference" },
            "title": { "type": "string", "description": "For people, in their language." },
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "code": { "type": "string", "description": "For programs; never changes." },
            "detail": { "type": "string", "description": "For people, in their language." },
            "request_id": { "type": "string" },
            "errors": {
                "type": "object", "additionalProperties": { "type": "string" },
                "description": "The first fault of each place, by its path in dots: for forms.",
            },
            "violations": { "type": "array", "items": schema_ref("Violation") },
            "current_version": {
                "type": "integer", "format": "int64",
                "description": "`version_mismatch`: the version that the record has now.",
            },
            "affected": {
                "type": "integer", "format": "int64",
                "description": "`max_affected`: how many records match.",
            },
            "models": {
                "type": "array", "items": { "type": "string" },
                "description": "`foreign_key`: the collections that still point at the record.",
            },
        },
        "required": ["type", "title", "status", "code", "request_id"],
        "additionalProperties": false,
    })
}

fn violation() -> Value {
    json!({
        "type": "object",
        "description": "One fault, with its place in the body or in the query.",
        "properties": {
            "pointer": {
                "type": "string", "format": "json-pointer",
                "description": "Into the body as it was sent (RFC 6901).",
            },
            "parameter": { "type": "string", "description": "The parameter or header." },
            "code": { "type": "string", "description": "For programs; never changes." },
            "params": {
                "type": "object", "additionalProperties": { "type": ["string", "number"] },
                "description": "What the message names.",
            },
            "message": { "type": "string", "description": "For people, in their language." },
        },
        "required": ["code", "params", "message"],
        "additionalProperties": false,
    })
}
