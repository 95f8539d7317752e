//! What a conflict says of records that are hidden.

use serde_json::json;

use crate::office::Office;

const PAPERS: &str = "/api/v1/papers";

#[tokio::test]
async fn a_unique_conflict_with_a_hidden_row_names_the_field_and_nothing_else() {
    let it = Office::arrange().await;
    let taken = |name: &str| json!({ "name": name });
    let hidden = it.ann.post(PAPERS, taken("Bob's low")).await;
    let seen = it.ann.post(PAPERS, taken("Free low")).await;
    assert_eq!(hidden.fault(), "409 unique: /name unique");
    assert_eq!(hidden.without_request_id(), seen.without_request_id());
    let said = hidden.text();
    assert!(!said.contains("Bob"), "{said}");
    assert!(!said.contains("papers"), "{said}");
    let renamed = it.ann.patch(it.at("Ann's low"), taken("Bob's low")).await;
    assert_eq!(renamed.fault(), "409 unique: /name unique");
    it.ann.post(PAPERS, taken("Nobody's")).await.expect(201);
    it.app.stop().await;
}

#[tokio::test]
async fn a_foreign_key_conflict_names_only_models_that_the_caller_may_read() {
    let it = Office::arrange().await;
    // What holds it: papers of Ann and of nobody, and a vault.
    let free = it.at("Free folder");
    for (who, client, expected) in [
        ("ann", &it.ann, json!(["papers"])),
        ("bob", &it.bob, json!(["papers"])),
        ("ada", &it.ada, json!(["papers", "vaults"])),
    ] {
        let refused = client.delete(free).await;
        assert_eq!(refused.fault(), "409 foreign_key", "{who}");
        assert_eq!(refused.at("models"), expected, "{who}");
    }
    it.max.delete(it.at("Ann's high")).await.expect(204);
    it.max.delete(it.at("Ann's mid")).await.expect(204);
    it.max.delete(it.at("Free low")).await.expect(204);
    let refused = it.ann.delete(free).await;
    assert_eq!(refused.fault(), "409 foreign_key");
    assert_eq!(refused.at("models"), json!([]), "something holds it");
    assert!(!refused.text().contains("vault"), "{}", refused.text());
    it.ada.patch("/api/v1/vaults/1", json!({ "folder_id": null })).await.expect(200);
    it.ann.delete(free).await.expect(204);
    it.app.stop().await;
}
