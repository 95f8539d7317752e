//! The chat about a record: for whoever may read the record, as long as they may.

use artel_testing::{Client, Reply, TestApp};
use orm::{Id, Model};
use serde_json::json;
use tasks::{Project, Task};
use users::User;

use crate::{
    listener::Listener,
    room::{CHATS, id_of},
};

#[tokio::test]
async fn whoever_reads_the_record_is_in_its_chat() {
    let (app, task) = arrange().await;
    let (ann, boris) = (user(&app, "ann").await, user(&app, "boris").await);
    let made = ask(&ann, "tasks", task).await.expect(201);
    assert_eq!((made.at("record_model"), made.at("record_id")), (json!("tasks"), json!(task)));
    assert_eq!(ask(&ann, "tasks", task).await.expect(200).id(), made.id());
    let path = format!("{CHATS}/{}", made.id());
    // Nobody has invited him: the first use lets him in.
    let read = boris.get(&format!("{path}/messages")).await.expect(200);
    assert_eq!(read.at("as_of_seq"), 2);
    boris.post(&format!("{path}/messages"), json!({ "body": "Hello" })).await.expect(201);
    let events = ann.get(&format!("{path}/events?after=1")).await.expect(200);
    assert_eq!(events.column("kind"), "member.joined, message.created");
    let members = ann.get(&format!("{path}/members")).await.expect(200);
    assert_eq!(members.at("data")[1]["user_id"], id_of(&app, "boris").await);
    let mine = ann.get(&format!("{CHATS}/mine")).await.expect(200).at("data");
    assert_eq!((&mine[0]["kind"], &mine[0]["unread"]), (&json!("record"), &json!(1)));
    app.stop().await;
}

#[tokio::test]
async fn whoever_does_not_read_the_record_finds_no_chat() {
    let (app, task) = arrange().await;
    let (ann, clara) = (user(&app, "ann").await, user(&app, "clara").await);
    let grace = app.user("grace").await;
    let chat = ask(&ann, "tasks", task).await.expect(201).id();
    for stranger in [&clara, &grace] {
        let hidden = ask(stranger, "tasks", task).await.expect(404).without_request_id();
        assert_eq!(ask(stranger, "tasks", 999_999).await.without_request_id(), hidden);
        assert_eq!(ask(stranger, "nothing", 1).await.without_request_id(), hidden);
        for rest in ["/messages", "/events", ""] {
            stranger.get(&format!("{CHATS}/{chat}{rest}")).await.expect(404);
        }
        let path = format!("{CHATS}/{chat}/messages");
        stranger.post(&path, json!({ "body": "Hello" })).await.expect(404);
    }
    assert_eq!(ask(&ann, "tasks", 999_999).await.status, 404);
    app.stop().await;
}

#[tokio::test]
async fn whoever_loses_the_record_hears_no_more_of_its_chat() {
    let (app, task) = arrange().await;
    let (ann, boris) = (user(&app, "ann").await, user(&app, "boris").await);
    let clara = user(&app, "clara").await;
    let chat = ask(&ann, "tasks", task).await.expect(201).id();
    let mut stranger = Listener::of(&clara).await;
    stranger.subscribe(chat, json!(0)).await;
    assert_eq!(stranger.frame().await["code"], "not_found");
    assert_eq!(stranger.frame().await["chats"], json!({}));
    // Listening is a first use.
    let mut hers = Listener::to(&ann, chat).await;
    let mut his = Listener::to(&boris, chat).await;
    for listener in [&mut hers, &mut his] {
        assert_eq!(listener.event().await, "2 member.joined");
    }
    let say = async |text: &str| {
        let path = format!("{CHATS}/{chat}/messages");
        ann.post(&path, json!({ "body": text })).await.expect(201);
    };
    say("for both").await;
    for listener in [&mut hers, &mut his] {
        assert_eq!(listener.event().await, "3 message.created for both");
    }
    let session = app.session();
    let boris_id = Id::<User>::new(id_of(&app, "boris").await);
    let project = Project::query(&session).first().await.unwrap().unwrap().id();
    Project::update(&session, project, Project::MEMBERS.remove(&[boris_id])).await.unwrap();
    say("for her").await;
    assert_eq!(hers.event().await, "4 message.created for her");
    let last = his.frame().await;
    assert_eq!((&last["code"], &last["chat_id"]), (&json!("access_denied"), &json!(chat)));
    his.hears_nothing().await;
    stranger.hears_nothing().await;
    app.stop().await;
}

#[tokio::test]
async fn whoever_loses_the_record_is_not_told_who_is_there() {
    let (app, task) = arrange().await;
    let (ann, boris) = (user(&app, "ann").await, user(&app, "boris").await);
    let dora = user(&app, "dora").await;
    let session = app.session();
    let project = Project::query(&session).first().await.unwrap().unwrap().id();
    let dora_id = [Id::<User>::new(id_of(&app, "dora").await)];
    Project::update(&session, project, Project::MEMBERS.add(&dora_id)).await.unwrap();

    let chat = ask(&ann, "tasks", task).await.expect(201).id();
    let ann_id = id_of(&app, "ann").await;
    let watch = json!({ "type": "watch", "users": [ann_id] });
    let state = |it| json!({ "type": "presence", "user_id": ann_id, "state": it });
    let mut his = Listener::to(&boris, chat).await;
    let mut hers = Listener::to(&dora, chat).await;
    assert_eq!(his.event().await, "2 member.joined");
    for listener in [&mut his, &mut hers] {
        assert_eq!(listener.event().await, "3 member.joined");
    }
    for watcher in [&mut his, &mut hers] {
        watcher.say(watch.clone()).await;
        assert_eq!(watcher.frame().await, state("offline"));
    }
    let boris_id = [Id::<User>::new(id_of(&app, "boris").await)];
    Project::update(&session, project, Project::MEMBERS.remove(&boris_id)).await.unwrap();
    let _ann = Listener::of(&ann).await;
    assert_eq!(hers.frame().await, state("online"));
    his.hears_nothing().await;
    his.say(watch).await;
    his.hears_nothing().await;
    app.stop().await;
}

#[tokio::test]
async fn whoever_loses_the_record_loses_its_chat() {
    let (app, task) = arrange().await;
    let (ann, boris) = (user(&app, "ann").await, user(&app, "boris").await);
    let chat = ask(&ann, "tasks", task).await.expect(201).id();
    let path = format!("{CHATS}/{chat}");
    let said = boris.post(&format!("{path}/messages"), json!({ "body": "Hello" })).await;
    let said = said.expect(201).id();
    let session = app.session();
    let boris_id = Id::<User>::new(id_of(&app, "boris").await);
    let project = Project::query(&session).first().await.unwrap().unwrap().id();
    Project::update(&session, project, Project::MEMBERS.remove(&[boris_id])).await.unwrap();

    for rest in ["/messages", "/events", "/members"] {
        boris.get(&format!("{path}{rest}")).await.expect(404);
        ann.get(&format!("{path}{rest}")).await.expect(200);
    }
    boris.post(&format!("{path}/messages"), json!({ "body": "Hello" })).await.expect(404);
    boris.post(&format!("{path}/read"), json!({ "seq": 1 })).await.expect(404);
    boris.delete(&format!("{path}/messages/{said}")).await.expect(404);
    // His row alone opens nothing, by the generated routes as little.
    for collection in ["chats", "chat_members", "chat_messages", "chat_events"] {
        let list = boris.get(&format!("/api/v1/{collection}")).await.expect(200);
        assert_eq!(list.at("data"), json!([]), "{collection}");
    }
    let mine = boris.get(&format!("{CHATS}/mine")).await.expect(200);
    assert_eq!(mine.at("data"), json!([]));
    app.stop().await;
}

#[tokio::test]
async fn two_who_ask_at_once_get_the_same() {
    let (app, task) = arrange().await;
    let (ann, boris) = (user(&app, "ann").await, user(&app, "boris").await);
    let asked = (0..8).map(|at| ask(if at % 2 == 0 { &ann } else { &boris }, "tasks", task));
    let asked = futures_util::future::join_all(asked).await;
    assert_eq!(asked.iter().filter(|it| it.status == 201).count(), 1);
    assert!(asked.iter().all(|it| it.is_success() && it.id() == asked[0].id()));
    let path = format!("{CHATS}/{}/events", asked[0].id());
    assert_eq!(ann.get(&path).await.column("kind"), "member.joined, member.joined");
    app.stop().await;
}

#[tokio::test]
async fn nobody_is_invited_there() {
    let (app, task) = arrange().await;
    let ann = user(&app, "ann").await;
    user(&app, "clara").await;
    let chat = ask(&ann, "tasks", task).await.expect(201).id();
    let clara = json!({ "user_id": id_of(&app, "clara").await });
    ann.post(&format!("{CHATS}/{chat}/members"), clara).await.expect(403);
    app.stop().await;
}

/// A task of Ann's, on which Boris works too.
async fn arrange() -> (TestApp, i64) {
    let app = TestApp::start(&[auth_token::MODULE, chat::MODULE, tasks::MODULE]).await;
    let session = app.session();
    for login in ["ann", "boris"] {
        user(&app, login).await;
    }
    let (ann, boris) = (id_of(&app, "ann").await, id_of(&app, "boris").await);
    let project = [
        Project::NAME.set("Hall"),
        Project::MANAGER.set(Id::new(ann)),
        Project::MEMBERS.add(&[Id::new(boris)]),
    ];
    let project = Project::create(&session, project).await.unwrap().id();
    let task = [Task::NAME.set("Paint"), Task::PROJECT.set(project)];
    let task = Task::create(&session, task).await.unwrap().id().get();
    (app, task)
}

async fn user(app: &TestApp, login: &str) -> Client {
    app.user_with(login, &["tasks.user"]).await
}

async fn ask(client: &Client, model: &str, id: i64) -> Reply {
    let body = json!({ "record_model": model, "record_id": id });
    client.post(&format!("{CHATS}/record"), body).await
}
