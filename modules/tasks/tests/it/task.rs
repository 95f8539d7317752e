//! Tasks and projects: seen by the people of the project, from the moment that they are.

use artel_testing::seen;
use serde_json::json;

use crate::workshop::{PROJECTS, TASKS, Workshop, path};

#[tokio::test]
async fn the_people_of_a_project_see_its_tasks_by_every_path() {
    let it = Workshop::arrange().await;
    assert_eq!(it.seen(&it.ann).await, [it.paint, it.dig], "leads one, is a member of the other");
    assert_eq!(it.seen(&it.boris).await, [it.paint]);
    assert_eq!(it.seen(&it.clara).await, [it.dig]);
    assert!(it.seen(&it.emil).await.is_empty());
    assert_eq!(it.seen(&it.diana).await, [it.paint, it.dig]);
    assert_eq!(it.grace.get(TASKS).await.fault(), "403 access_denied");
    let projects = async |client| seen(client, "projects", &[it.hall, it.garden]).await;
    assert_eq!(projects(&it.boris).await, [it.hall]);
    assert_eq!(projects(&it.diana).await, [it.hall, it.garden]);
    assert!(projects(&it.emil).await.is_empty());

    let name = json!({ "name": "x" });
    it.boris.patch(&path(it.paint), name.clone()).await.expect(200);
    it.clara.patch(&path(it.paint), name).await.expect(404);
    it.clara.delete(&path(it.paint)).await.expect(404);
    let abroad = json!({ "name": "x", "project_id": it.hall });
    let abroad = it.clara.post(TASKS, abroad).await;
    assert_eq!(abroad.fault(), "422 validation: /project_id not_found");
    it.app.stop().await;
}

#[tokio::test]
async fn who_joins_a_project_sees_its_tasks_and_who_leaves_it_no_longer() {
    let it = Workshop::arrange().await;
    let (emil, hall) = (it.user("emil").await, format!("{PROJECTS}/{}", it.hall));
    let join = json!({ "member_ids": { "add": [emil] } });
    // Members look after tasks, not after who is a member.
    assert_eq!(it.boris.patch(&hall, join.clone()).await.fault(), "403 access_denied");
    it.ann.patch(&hall, join).await.expect(200);
    assert_eq!(it.seen(&it.emil).await, [it.paint]);
    it.emil.patch(&path(it.paint), json!({ "assignee_id": emil })).await.expect(200);
    it.ann.patch(&hall, json!({ "member_ids": { "remove": [emil] } })).await.expect(200);
    assert!(it.seen(&it.emil).await.is_empty(), "what was theirs is hidden too");
    assert_eq!(it.seen(&it.boris).await, [it.paint]);
    // Others go on with the task; it is still Emil's, until somebody says otherwise.
    it.boris.patch(&path(it.paint), json!({ "name": "Paint it" })).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn whoever_makes_a_project_leads_it() {
    let it = Workshop::arrange().await;
    let project = it.emil.post(PROJECTS, json!({ "name": "Roof" })).await.expect(201);
    assert_eq!(project.at("manager_id"), it.user("emil").await);
    let task = json!({ "name": "Look", "project_id": project.id() });
    let task = it.emil.post(TASKS, task).await.expect(201);
    assert_eq!([task.at("priority"), task.at("spent_hours")], ["normal", "0.00"]);
    let stage = format!("/api/v1/task_stages/{}", task.at("stage_id"));
    assert_eq!(it.emil.get(&stage).await.expect(200).at("sequence"), 1);
    let ann = it.user("ann").await;
    let of_another = json!({ "name": "Cellar", "manager_id": ann });
    assert_eq!(it.emil.post(PROJECTS, of_another.clone()).await.fault(), "403 access_denied");
    it.diana.post(PROJECTS, of_another).await.expect(201);
    it.app.stop().await;
}
