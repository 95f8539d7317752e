//! Two processes on one database, each behind a door that can be shut, and those who look at the page
//! through it.

use artel_core::Module;
use artel_testing::{Client, Proxy, TestApp, TestAppBuilder, TestBrowser, Upstream};
use serde_json::json;

use crate::room::Room;

const MODULES: [Module; 2] = [auth_token::MODULE, chat::MODULE];
pub(super) const PASSWORD: &str = "what only they know";

/// Which process.
#[derive(Clone, Copy)]
pub(super) enum Side {
    /// That of the room.
    Here,
    /// The other one.
    There,
}

pub(super) struct Stage {
    pub(super) room: Room,
    there: TestApp,
    doors: [Proxy; 2],
}

impl Stage {
    /// Ann, Boris and Clara, who can sign in with a password, and the group of Ann and Boris.
    pub(super) async fn arrange() -> Self {
        let doors = [Proxy::to_nothing().await, Proxy::to_nothing().await];
        let mut room = Room::of(builder(&doors).start(&MODULES).await).await;
        for login in ["ann", "boris", "clara"] {
            let path = format!("/api/v1/users/{}", room.user(login).await);
            room.root.patch(&path, json!({ "password": PASSWORD })).await.expect(200);
        }
        // A new password ends what was signed in with the old one.
        (room.ann, room.boris) = (room.app.user("ann").await, room.app.user("boris").await);
        let there = builder(&doors).start_beside(&room.app, &MODULES).await;
        let stage = Self { room, there, doors };
        stage.door(Side::Here).lead_to(upstream(&stage.room.app));
        stage.door(Side::There).lead_to(upstream(&stage.there));
        stage
    }

    /// What stands before a process.
    pub(super) fn door(&self, side: Side) -> &Proxy {
        &self.doors[side as usize]
    }

    /// Where the page is.
    pub(super) fn url(&self, side: Side) -> String {
        format!("http://{}/chat", self.door(side).address())
    }

    /// A window in which somebody has signed in, and is told what happens.
    pub(super) async fn window(&self, side: Side, login: &str) -> TestBrowser {
        let window = TestBrowser::open(&self.url(side), "en-US,en").await;
        sign_in(&window, login, PASSWORD).await;
        is_live(&window).await;
        window
    }

    /// The same, with the group open.
    pub(super) async fn in_group(&self, side: Side, login: &str) -> TestBrowser {
        let window = self.window(side, login).await;
        self.open_group(&window).await;
        window
    }

    pub(super) async fn open_group(&self, window: &TestBrowser) {
        window.click(&format!("#chats [data-chat=\"{}\"]", self.room.group)).await;
        window.sees("#chat-name", &["Hall"]).await;
    }

    /// Messages of others that somebody has not read in the group, by the other process.
    pub(super) async fn unread(&self, client: &Client) -> i64 {
        let mine = client.at(self.there.address()).get("/api/v1/chats/mine").await.expect(200);
        let rows = mine.at("data");
        let row = rows.as_array().unwrap().iter().find(|it| it["chat_id"] == self.room.group);
        row.unwrap()["unread"].as_i64().unwrap()
    }

    /// Ends the other process; `end_pause` brings up another one in its place.
    pub(super) async fn begin_pause(self) -> Pause {
        let Self { room, there, doors } = self;
        there.stop().await;
        Pause { room, doors }
    }

    pub(super) async fn stop(self) {
        self.there.stop().await;
        self.room.app.stop().await;
    }
}

/// A stage whose other process has ended.
pub(super) struct Pause {
    pub(super) room: Room,
    doors: [Proxy; 2],
}

impl Pause {
    pub(super) async fn end_pause(self) -> Stage {
        let Self { room, doors } = self;
        let there = builder(&doors).start_beside(&room.app, &MODULES).await;
        let stage = Stage { room, there, doors };
        stage.door(Side::There).lead_to(upstream(&stage.there));
        stage
    }
}

fn builder(doors: &[Proxy; 2]) -> TestAppBuilder {
    let [here, there] = doors.each_ref().map(|it| format!("http://{}", it.address()));
    TestApp::builder().setting("ARTEL_HTTP__ORIGINS", format!("{here},{there}"))
}

fn upstream(app: &TestApp) -> Upstream {
    Upstream::Tcp(app.address().to_string())
}

pub(super) async fn sign_in(window: &TestBrowser, login: &str, password: &str) {
    window.rewrite("#login", login).await;
    window.rewrite("#password", password).await;
    window.click("#sign-in-form button").await;
}

pub(super) async fn is_live(window: &TestBrowser) {
    const LIVE: &str = "return document.getElementById('connection').dataset.state === 'live'";
    window.comes_true(LIVE).await;
}

/// Waits until a window has noticed that its connection is gone.
pub(super) async fn is_cut_off(window: &TestBrowser) {
    const AWAY: &str = "return document.getElementById('connection').dataset.state === 'waiting'";
    window.comes_true(AWAY).await;
}

/// Says something in the open chat.
pub(super) async fn say(window: &TestBrowser, text: &str) {
    window.write("#text", text).await;
    window.enter("#text").await;
}

/// Closes windows in which nothing was amiss.
pub(super) async fn close(windows: impl IntoIterator<Item = TestBrowser>) {
    for window in windows {
        assert_eq!(window.complaints().await, [""; 0]);
        window.close().await;
    }
}

/// Closes windows of which nothing was amiss but that their server was away for a while.
pub(super) async fn close_after_cuts(windows: impl IntoIterator<Item = TestBrowser>) {
    for window in windows {
        for complaint in window.complaints().await {
            let is_of_cut = complaint.contains("net::ERR_") || complaint.contains("WebSocket");
            assert!(is_of_cut, "{complaint}");
        }
        window.close().await;
    }
}
