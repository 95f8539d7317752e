//! Forms that are being filled in: asked as records are written, and nothing is saved.

use serde_json::json;

use crate::office::Office;

const ASK: &str = "/api/v1/papers/onchange";

#[tokio::test]
async fn what_was_entered_last_is_named_as_in_a_record_with_the_same_rights() {
    let it = Office::arrange().await;
    for (key, ann, ada) in [
        ("name", "200", "200"),
        ("label_ids", "200", "200"),
        // Lines go by the name of the field.
        ("lines", "200", "200"),
        (
            "line_ids",
            "422 validation: /changed/0 read_only",
            "422 validation: /changed/0 read_only",
        ),
        ("id", "422 validation: /changed/0 read_only", "422 validation: /changed/0 read_only"),
        (
            "nothing",
            "422 validation: /changed/0 unknown_field",
            "422 validation: /changed/0 unknown_field",
        ),
        ("cost", "403 field_forbidden: /changed/0 field_forbidden", "200"),
        ("note", "403 field_forbidden: /changed/0 field_forbidden", "200"),
        // Written by all and read by few.
        ("stamp", "200", "200"),
    ] {
        for (client, expected) in [(&it.ann, ann), (&it.ada, ada)] {
            let reply = client.post(ASK, json!({ "record": {}, "changed": [key] })).await;
            let found = if reply.status == 200 { "200".to_owned() } else { reply.fault() };
            assert_eq!(found, expected, "{key}");
        }
    }
    it.app.stop().await;
}
