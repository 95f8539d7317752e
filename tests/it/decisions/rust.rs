//! What the code of modules may do for whoever asks.

use serde_json::json;

use crate::office::Office;

#[tokio::test]
async fn what_module_code_does_in_rust_grants_and_rules_hold() {
    let it = Office::arrange().await;
    let dear = "/api/v1/office/dear_papers";
    for (who, client, expected) in [
        ("ann", &it.ann, "Ann's high, Ann's low"),
        ("bob", &it.bob, "Bob's low"),
        ("max", &it.max, "Ann's high, Bob's low, Ann's low"),
        ("gus", &it.gus, ""),
    ] {
        assert_eq!(client.get(dear).await.expect(200).column("name"), expected, "{who}");
    }
    assert_eq!(it.nora.get(dear).await.fault(), "403 access_denied");

    let by_hand = |paper: i64| format!("/api/v1/office/papers/{paper}");
    let hidden = it.ann.get(&by_hand(it.id("Bob's low"))).await;
    assert_eq!(hidden.fault(), "404 not_found");
    it.bob.get(&by_hand(it.id("Bob's low"))).await.expect(200);
    let price = |name: &str| format!("{}/price", by_hand(it.id(name)));
    for (name, expected) in [("Bob's low", "404 not_found"), ("Ann's high", "403 access_denied")] {
        assert_eq!(it.ann.post(&price(name), json!({})).await.fault(), expected, "{name}");
    }
    let give = format!("{}/give/{}", by_hand(it.id("Ann's low")), it.user("bob").await);
    assert_eq!(it.ann.post(&give, json!({})).await.fault(), "403 access_denied");
    assert_eq!(it.ann.get(it.at("Ann's low")).await.expect(200).at("level"), 0);
    it.max.post(&give, json!({})).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn what_module_code_does_in_rust_field_rights_hold_for_what_a_caller_named_and_what_leaves() {
    let it = Office::arrange().await;
    let price = format!("/api/v1/office/papers/{}/price", it.id("Ann's low"));
    // Code may look at a closed field and set it; a caller may not name it, and does not see it.
    let priced = it.ann.post(&price, json!({})).await.expect(200).json();
    assert_eq!((priced.get("cost"), &priced["name"]), (None, &json!("Ann's low")));
    let named = it.ann.patch(it.at("Ann's low"), json!({ "cost": "1.00" })).await;
    assert_eq!(named.fault(), "403 field_forbidden: /cost field_forbidden");
    let seen = it.ada.get(it.at("Ann's low")).await.expect(200);
    assert_eq!(seen.at("cost"), "77.00");
    assert_eq!(it.ada.post(&price, json!({})).await.expect(200).at("cost"), "77.00");
    for record in
        it.ann.get("/api/v1/office/dear_papers").await.expect(200).at("data").as_array().unwrap()
    {
        for closed in ["cost", "note", "stamp", "pin"] {
            assert!(record.get(closed).is_none(), "{closed} in {record}");
        }
    }
    it.app.stop().await;
}
