//! The OpenAPI document that a server gives out, with routes that a module wrote itself.

use serde_json::{Value, json};

use crate::desk::serve;

#[tokio::test]
async fn the_document_is_open_to_all_and_of_one_version() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["title"], "Artel");
    assert_eq!(document["servers"], json!([{ "url": "/" }]));
}

#[tokio::test]
async fn a_body_is_described_as_it_is_checked() {
    let document = document().await;
    let note = &document["components"]["schemas"]["Note"];
    assert_eq!(note["additionalProperties"], false);
    assert_eq!(note["required"], json!(["text"]));
    assert_eq!(note["properties"]["text"]["maxLength"], 10);
    assert_eq!(note["properties"]["weight"]["type"], json!(["integer", "null"]));
}

#[tokio::test]
async fn an_operation_has_a_name_a_group_and_its_problems() {
    let document = document().await;
    let operation = &document["paths"]["/api/v1/desk/notes/{id}"]["get"];
    assert_eq!(operation["operationId"], "get_desk_notes_id");
    assert_eq!(operation["tags"], json!(["desk"]));
    let content = &operation["responses"]["default"]["content"];
    let problem = &content["application/problem+json"]["schema"]["$ref"];
    assert_eq!(problem, "#/components/schemas/Problem");
}

async fn document() -> Value {
    let (running, client) = serve([]).await;
    let document = client.get("/api/openapi.json").await.expect(200).json();
    running.stop().await;
    document
}
