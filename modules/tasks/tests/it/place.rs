//! Where tasks may stand: below one of the same project, never below themselves; done by people of
//! the project.

use serde_json::json;

use crate::workshop::{TASKS, Workshop};

const DONE: &str = "done";

#[tokio::test]
async fn no_task_is_a_part_of_itself() {
    let it = Workshop::arrange().await;
    let top = it.task("top", it.hall, None).await.expect(201).id();
    let middle = it.task("middle", it.hall, Some(top)).await.expect(201).id();
    let low = it.task("low", it.hall, Some(middle)).await.expect(201).id();
    let below = |parent: i64| json!({ "parent_id": parent });
    let circle = "422 validation: /parent_id own_subtask";
    assert_eq!(it.change(top, below(top)).await, circle);
    assert_eq!(it.change(top, below(middle)).await, circle);
    assert_eq!(it.change(top, below(low)).await, circle);
    assert_eq!(it.change(low, below(top)).await, DONE);
    assert_eq!(it.change(middle, below(low)).await, DONE);
    assert_eq!(it.change(low, below(middle)).await, circle);

    // Of two that make a circle at the same time, one is refused.
    let one = it.task("one", it.hall, None).await.expect(201).id();
    let other = it.task("other", it.hall, None).await.expect(201).id();
    let both = tokio::join!(it.change(one, below(other)), it.change(other, below(one)));
    let mut both = [both.0, both.1];
    both.sort_unstable();
    assert_eq!(both, [circle, DONE]);
    it.app.stop().await;
}

#[tokio::test]
async fn subtasks_are_of_the_project_of_their_task() {
    let it = Workshop::arrange().await;
    let elsewhere = it.task("x", it.hall, Some(it.dig)).await;
    assert_eq!(elsewhere.fault(), "422 validation: /parent_id other_project");
    let part = it.task("part", it.hall, Some(it.paint)).await.expect(201).id();
    let to_garden = json!({ "project_id": it.garden });
    let left = "422 validation: /project_id subtasks_elsewhere";
    assert_eq!(it.change(it.paint, to_garden.clone()).await, left);
    let torn = "422 validation: /parent_id other_project";
    assert_eq!(it.change(part, to_garden.clone()).await, torn);
    // Together they move, and so does what is parted first.
    let together = json!({
        "filter": { "id": { "in": [it.paint, part] } }, "data": to_garden, "max_affected": 2,
    });
    it.ann.post(&format!("{TASKS}/update_where"), together).await.expect(200);
    assert_eq!(it.change(part, json!({ "parent_id": null })).await, DONE);
    assert_eq!(it.change(it.paint, json!({ "project_id": it.hall })).await, DONE);
    it.app.stop().await;
}

#[tokio::test]
async fn nobody_is_given_a_task_that_they_cannot_see() {
    let it = Workshop::arrange().await;
    let give = |user: i64| json!({ "assignee_id": user });
    let [ann, boris, clara] =
        [it.user("ann").await, it.user("boris").await, it.user("clara").await];
    let stranger = "422 validation: /assignee_id not_in_project";
    assert_eq!(it.change(it.paint, give(clara)).await, stranger);
    assert_eq!(it.change(it.paint, give(boris)).await, DONE, "a member");
    assert_eq!(it.change(it.dig, give(clara)).await, DONE, "the manager");
    assert_eq!(it.change(it.paint, json!({ "project_id": it.garden })).await, stranger);
    let both = json!({ "project_id": it.garden, "assignee_id": ann });
    assert_eq!(it.change(it.paint, both).await, DONE);
    let new = json!({ "name": "x", "project_id": it.hall, "assignee_id": clara });
    assert_eq!(it.ann.post(TASKS, new).await.fault(), stranger);
    it.app.stop().await;
}
