//! T33: to ask is not to change: no GET writes a row.

use artel_testing::TestApp;
use serde_json::Value;

use crate::MODULES;

/// Every table with a fingerprint of its rows.
const TABLES: &str = "
select table_name::text, query_to_xml(
    format('select count(*), md5(string_agg(t::text, ''|'' order by t::text)) from %I t', table_name),
    true, true, '')::text
from information_schema.tables
where table_schema = 'public'
order by table_name";

#[tokio::test]
async fn t33_no_get_changes_a_row() {
    let app = TestApp::builder().demo().start(&MODULES).await;
    let root = app.admin().await;
    let document = root.get("/api/openapi.json").await.expect(200).json();
    let before = app.session().sql(TABLES, &[]).await.unwrap();
    assert!(before.len() > 5, "{before:?}");
    let mut asked = 0;
    for path in document["paths"].as_object().unwrap().iter().filter(|it| has_get(it.1)) {
        let path = path.0.replace("{id}", "1");
        asked += u32::from(root.get(&path).await.is_success());
        root.get(&format!("{path}?delete=1&_method=DELETE")).await;
    }
    assert!(asked > 10, "only {asked} routes answered");
    assert_eq!(app.session().sql(TABLES, &[]).await.unwrap(), before);
    // The fingerprints do tell.
    app.session().sql("update roles set label = label || '!' returning ''", &[]).await.unwrap();
    assert_ne!(app.session().sql(TABLES, &[]).await.unwrap(), before);
    app.stop().await;
}

fn has_get(operations: &Value) -> bool {
    operations.get("get").is_some()
}
