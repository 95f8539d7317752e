//! Teams: read by everyone, written by managers; being in one opens no lead.

use serde_json::json;

use crate::funnel::Funnel;

const TEAMS: &str = "/api/v1/teams";

#[tokio::test]
async fn teams_are_read_by_everyone_and_written_by_managers() {
    let it = Funnel::arrange().await;
    assert_eq!(it.grace.get(TEAMS).await.expect(200).column("name"), "North");
    let south = json!({ "name": "South" });
    assert_eq!(it.ann.post(TEAMS, south.clone()).await.fault(), "403 access_denied");
    let made = it.diana.post(TEAMS, south.clone()).await.expect(201);
    assert_eq!(it.diana.post(TEAMS, south).await.fault(), "409 unique: /name unique");
    let path = format!("{TEAMS}/{}", made.id());
    assert_eq!(it.ann.patch(&path, json!({ "name": "x" })).await.fault(), "403 access_denied");
    assert_eq!(it.ann.delete(&path).await.fault(), "403 access_denied");
    it.diana.delete(&path).await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn members_of_one_team_do_not_see_each_others_leads() {
    let it = Funnel::arrange().await;
    assert_eq!(it.found(&it.ann, "team.name=North").await, "Ann's lead");
    assert_eq!(it.found(&it.diana, "team.name=North").await, "Boris's lead, Ann's lead");
    it.app.stop().await;
}

#[tokio::test]
async fn members_are_looked_for_by_name() {
    let it = Funnel::arrange().await;
    for (name, expected) in [("ann", "North"), ("diana", "")] {
        let body = json!({ "filter": { "members": { "some": { "name": name } } } });
        let found = it.grace.post(&format!("{TEAMS}/search"), body).await.expect(200);
        assert_eq!(found.column("name"), expected, "{name}");
    }
    it.app.stop().await;
}
