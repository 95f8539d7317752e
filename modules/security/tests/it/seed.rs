//! What modules declare becomes rows: they stay, follow their declaration until somebody changes
//! them, and are written only when there is something to write.

use artel_core::{Grant, Module, Rights, access::EVERYONE};
use serde_json::json;

use crate::desk::{DESK, Desk, Note, desk, find, notes, roles};

/// The next version of the desk: other labels, verbs, rules and implied roles.
const NEXT: Module = desk(|to| {
    to.rights(next_rights);
});

fn next_rights(to: &mut Rights) {
    to.role("it.guest", "Waits").implies(&["it.clerk"]);
    to.role("it.clerk", "Sits at the desk");
    to.role("it.boss", "Owns the desk");
    to.list_macro("my_circles", crate::desk::Circle::MEMBERS);
    to.grant::<Note>("it.clerk", Grant::READ);
}

const NARROW: Module = desk(|to| {
    to.rights(|to: &mut Rights| {
        roles(to);
        to.grant::<Note>("it.clerk", Grant::ALL);
        to.rule("free ones", &[EVERYONE], Grant::READ, Note::OWNER.is_none());
    });
});

const WIDER: Module = desk(|to| {
    to.rights(|to: &mut Rights| {
        roles(to);
        to.grant::<Note>("it.clerk", Grant::ALL);
        let free_or_named = Note::OWNER.is_none().or(Note::NAME.eq("bob's"));
        to.rule("free ones", &[EVERYONE], Grant::READ, free_or_named);
    });
});

/// The desk without a word on notes.
const SILENT: Module = desk(|to| {
    to.rights(roles);
});

const CLERK_OF_NOTES: &str = "model=notes&role.name=it.clerk";

#[tokio::test]
async fn a_seeded_role_keeps_its_name() {
    let it = Desk::arrange_with(NARROW).await;
    for name in ["it.guest", "base.user", "security.admin"] {
        let path = find(&it.root, "roles", &format!("name={name}")).await;
        let renamed = it.root.patch(&path, json!({ "name": "it.other" })).await;
        assert_eq!(renamed.fault(), "409 seeded", "{name}");
        it.change(&path, json!({ "name": name, "label": "Another label" })).await;
    }
    let own = it.make("roles", json!({ "name": "it.own", "label": "Own" })).await;
    it.change(&own, json!({ "name": "it.other" })).await;
    it.stop().await;
}

#[tokio::test]
async fn a_seeded_row_is_not_deleted() {
    let it = Desk::arrange_with(NARROW).await;
    for (collection, query) in [
        ("grants", CLERK_OF_NOTES),
        ("rules", "model=notes"),
        ("field_rights", "model=notes&can_read=true"),
        ("roles", "name=it.guest"),
        ("roles", "name=base.user"),
    ] {
        let path = find(&it.root, collection, query).await;
        assert_eq!(it.root.delete(&path).await.fault(), "409 seeded", "{path}");
        it.root.get(&path).await.expect(200);
    }
    let own = it.make("roles", json!({ "name": "it.own", "label": "Own" })).await;
    it.root.delete(&own).await.expect(204);
    it.stop().await;
}

#[tokio::test]
async fn a_start_that_finds_everything_settled_writes_nothing() {
    let it = Desk::arrange_with(NARROW).await;
    let before = written(&it).await;
    let it = restart(it, NARROW).await;
    assert_eq!(written(&it).await, before);
    // Neither when an administrator has changed rows.
    let grant = find(&it.root, "grants", CLERK_OF_NOTES).await;
    it.change(&grant, json!({ "can_delete": false })).await;
    let changed = written(&it).await;
    assert_ne!(changed, before);
    let it = restart(it, NARROW).await;
    assert_eq!(written(&it).await, changed);
    it.stop().await;
}

#[tokio::test]
async fn rows_that_nobody_touched_follow_their_declaration() {
    let it = restart(Desk::arrange().await, NEXT).await;
    let grant = find(&it.root, "grants", CLERK_OF_NOTES).await;
    let grant = it.root.get(&grant).await.json();
    assert_eq!((&grant["can_read"], &grant["can_update"]), (&json!(true), &json!(false)));
    let guest = it.root.get(&find(&it.root, "roles", "name=it.guest").await).await.json();
    assert_eq!(guest["label"], "Waits");
    let eve = it.app.user_with("eve", &["it.guest"]).await;
    let max = it.app.user_with("max", &["it.boss"]).await;
    assert_eq!(
        [notes(&eve).await.as_str(), &notes(&max).await],
        ["ann's, bob's, free", "403 access_denied"]
    );

    let it = Desk::arrange_with(NARROW).await;
    assert_eq!(notes(&it.ann).await, "free");
    let it = restart(it, WIDER).await;
    assert_eq!(notes(&it.ann).await, "bob's, free");
    it.stop().await;
}

#[tokio::test]
async fn what_an_administrator_changed_is_not_overwritten() {
    let it = Desk::arrange_with(NARROW).await;
    let grant = find(&it.root, "grants", CLERK_OF_NOTES).await;
    let rule = find(&it.root, "rules", "model=notes").await;
    let role = find(&it.root, "roles", "name=it.guest").await;
    let right = find(&it.root, "field_rights", "model=notes&can_read=true").await;
    let clerk = it.role("it.clerk").await;
    it.change(&grant, json!({ "can_update": false })).await;
    it.change(&rule, json!({ "filter": { "name": "ann's" } })).await;
    it.change(&role, json!({ "label": "Stands" })).await;
    let boss = find(&it.root, "roles", "name=it.boss").await;
    it.change(&boss, json!({ "implies_ids": { "set": [] } })).await;
    let max = it.app.user_with("max", &["it.boss"]).await;
    it.change(&right, json!({ "role_ids": { "add": [clerk] } })).await;
    for module in [NARROW, WIDER, NEXT, NARROW] {
        let it = restart_in_place(&it, module).await;
        let [grant, role] = [it.root.get(&grant).await.json(), it.root.get(&role).await.json()];
        assert_eq!((&grant["can_update"], &grant["can_delete"]), (&json!(false), &json!(true)));
        assert_eq!(role["label"], "Stands");
        assert_eq!(notes(&it.ann).await, "ann's");
        assert_eq!(it.ann.get("/api/v1/notes/1").await.expect(200).at("price"), 7);
        let max = it.app.guest().with_token(max.token().unwrap());
        assert_eq!(notes(&max).await, "403 access_denied");
        it.app.stop().await;
    }
    it.stop().await;
}

#[tokio::test]
async fn what_is_declared_no_more_gives_nothing_and_goes_on_closing() {
    let it = restart(Desk::arrange_with(NARROW).await, SILENT).await;
    assert_eq!(notes(&it.ann).await, "403 access_denied");
    let grant = find(&it.root, "grants", CLERK_OF_NOTES).await;
    assert_eq!(it.root.get(&grant).await.at("can_read"), false);
    it.change(&grant, json!({ "can_read": true })).await;
    assert_eq!(notes(&it.ann).await, "free");
    let settled = written(&it).await;
    let it = restart(it, SILENT).await;
    assert_eq!(written(&it).await, settled);
    assert_eq!(notes(&it.ann).await, "free");
    it.stop().await;
}

#[tokio::test]
async fn what_is_declared_again_comes_back() {
    let it = restart(Desk::arrange().await, SILENT).await;
    assert_eq!(notes(&it.ann).await, "403 access_denied");
    let it = restart(it, DESK).await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    it.stop().await;
}

#[tokio::test]
async fn a_rule_that_has_another_name_now_shows_no_more_than_the_new_one() {
    const ALL: Module = desk(|to| {
        to.rights(|to: &mut Rights| {
            crate::desk::rights(to);
            to.all_rows::<Note>("every note", &["it.clerk"], Grant::READ);
        });
    });
    const OWN: Module = desk(|to| {
        to.rights(|to: &mut Rights| {
            crate::desk::rights(to);
            to.rule("free notes", &["it.clerk"], Grant::READ, Note::OWNER.is_none());
        });
    });
    let it = Desk::arrange_with(ALL).await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    let it = restart(it, OWN).await;
    assert_eq!(notes(&it.ann).await, "free");
    it.stop().await;
}

#[tokio::test]
async fn a_row_that_stands_in_the_place_of_a_new_declaration_is_kept_as_it_is() {
    let it = Desk::arrange_with(SILENT).await;
    let clerk = it.role("it.clerk").await;
    it.make("grants", json!({ "role_id": clerk, "model": "notes", "can_read": true })).await;
    let it = restart(it, DESK).await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    let made = it.ann.post("/api/v1/notes", json!({ "name": "new" })).await;
    assert_eq!(made.fault(), "403 access_denied");
    it.stop().await;
}

/// The same people on the next version of the program.
async fn restart(it: Desk, module: Module) -> Desk {
    let Desk { app, root, ann, bob } = it;
    let app = app.restart(&[module, auth_token::MODULE]).await;
    let again = |it: artel_testing::Client| app.guest().with_token(it.token().unwrap());
    let [root, ann, bob] = [root, ann, bob].map(again);
    Desk { app, root, ann, bob }
}

/// The same people on another process.
async fn restart_in_place(it: &Desk, module: Module) -> Desk {
    let app = it.app.beside(&[module, auth_token::MODULE]).await;
    let again = |it: &artel_testing::Client| app.guest().with_token(it.token().unwrap());
    let [root, ann, bob] = [&it.root, &it.ann, &it.bob].map(again);
    Desk { app, root, ann, bob }
}

/// How often rights and what is remembered of their seeds have been written.
async fn written(it: &Desk) -> String {
    let sql = "select (select number from signals where name = 'rights') || ' ' || \
               (select string_agg(xmin::text, ',' order by module, key) from seeds)";
    it.app.session().sql(sql, &[]).await.unwrap()[0][0].clone().unwrap()
}
