//! `artel chat`: two processes with pipes, and a server between them that may be killed.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, ChildStdin, Output, Stdio},
    thread,
};

use artel_testing::{Client, Home, Serving, TestDb, in_time};
use serde_json::json;
use tokio::sync::mpsc;

use crate::process::{failure, fresh_home};

const PASSWORDS: [(&str, &str); 2] =
    [("ann", "a long first word"), ("boris", "a long second word")];

#[tokio::test(flavor = "multi_thread")]
async fn two_talk_and_each_sees_what_the_other_does() {
    let stage = Stage::arrange().await;
    let (mut ann, mut boris) = (stage.talk("ann"), stage.talk("boris"));
    ann.shows("* Hall (group)").await;
    boris.shows("* Hall (group)").await;
    ann.say("Hi, Boris\u{1b}[2J");
    let line = boris.shows("ann: Hi, Boris").await;
    assert!(line.ends_with("ann: Hi, Boris\u{fffd}[2J"), "{line}");
    let id = line.split('#').nth(1).unwrap().split(' ').next().unwrap().to_owned();
    boris.say(&format!("/react {id} 👍"));
    ann.shows(&format!("* boris puts 👍 to #{id}")).await;
    boris.say(&format!("/reply {id} Hi"));
    ann.shows(&format!("boris (to #{id}): Hi")).await;
    ann.say(&format!("/edit {id} Hello"));
    boris.shows(&format!("* #{id} is changed: Hello")).await;
    ann.say(&format!("/delete {id}"));
    boris.shows(&format!("* #{id} is deleted by ann")).await;
    ann.say("/who");
    ann.shows("* ann, runs the chat").await;
    ann.shows("* boris").await;
    ann.say("/read");
    ann.shows("* read up to 7, 0 unread").await;
    // Who comes later finds what stands.
    let mut later = stage.talk("ann");
    later.shows(&format!("#{id} ann: (deleted)")).await;
    for terminal in [ann, boris, later] {
        let (code, complained, _) = terminal.end().await;
        assert_eq!((code, complained.as_str()), (Some(0), ""));
    }
    stage.database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_loses_and_doubles_nothing() {
    let mut stage = Stage::arrange().await;
    let (mut ann, mut boris) = (stage.talk("ann"), stage.talk("boris"));
    ann.shows("* Hall (group)").await;
    boris.shows("* Hall (group)").await;
    for round in 0..2 {
        for at in 0..25 {
            ann.say(&format!("<a {round} {at}>"));
            boris.say(&format!("<b {round} {at}>"));
        }
        // In the middle of it.
        ann.shows(&format!("<b {round} 7>")).await;
        stage.restart();
    }
    let expected: Vec<String> = (0..2)
        .flat_map(|round| (0..25).map(move |at| (round, at)))
        .flat_map(|(round, at)| [format!("<a {round} {at}>"), format!("<b {round} {at}>")])
        .collect();
    for terminal in [&mut ann, &mut boris] {
        terminal.shows("<a 1 24>").await;
        terminal.shows("<b 1 24>").await;
    }
    for terminal in [ann, boris] {
        let (code, complained, said) = terminal.end().await;
        assert_eq!(code, Some(0), "{complained}");
        assert!(complained.contains("* the connection is lost"), "{complained}");
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for line in &said {
            *counts.entry(line.split_once(": ").map_or(line.as_str(), |it| it.1)).or_default() += 1;
        }
        for text in &expected {
            assert_eq!(counts.get(text.as_str()), Some(&1), "{text} in {said:#?}");
        }
        for who in ["<a", "<b"] {
            let of_one = |it: &&String| it.contains(who);
            let text = |it: &String| it[it.find('<').unwrap()..].to_owned();
            let own: Vec<String> = said.iter().filter(of_one).map(text).collect();
            let wanted: Vec<String> = expected.iter().filter(of_one).cloned().collect();
            assert_eq!(own, wanted, "in the order in which they were typed");
        }
    }
    stage.database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_pipe_waits_for_what_was_said() {
    let stage = Stage::arrange().await;
    let lines: String = (0..30).map(|at| format!("line {at}\n")).collect();
    // Where nothing else is set, the first line is the password.
    let output = stage.run(&format!("{}\n{lines}", PASSWORDS[0].1), None);
    assert!(output.status.success(), "{}", failure(&output).1);
    let messages = stage.ann.get(&format!("/api/v1/chats/{}/messages", stage.chat)).await;
    let said = messages.expect(200).at("data");
    let said: Vec<&str> =
        said.as_array().unwrap().iter().map(|it| it["body"].as_str().unwrap()).collect();
    assert_eq!(said, lines.lines().collect::<Vec<_>>());
    // What cannot be done is said, and the rest is.
    let output = stage.run("/edit 1000000 text\nat last\n", Some(PASSWORDS[0].1));
    let (code, complained) = failure(&output);
    assert_eq!((code, complained.lines().count()), (Some(1), 1), "{complained}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("ann: at last"));
    stage.database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_begin_is_told_so_in_one_line() {
    let mut stage = Stage::arrange().await;
    let check = |output: &Output, expected: &str| {
        let (code, complained) = failure(output);
        assert_eq!((code, complained.lines().count()), (Some(1), 1), "{complained}");
        assert!(complained.contains(expected), "{complained}");
        assert!(output.stdout.is_empty());
    };
    check(&stage.run("", Some("a wrong word")), "artel: ");
    check(&stage.run("", None), "no password came");
    check(&stage.run_in(stage.chat + 1_000, "", Some(PASSWORDS[0].1)), "chat");
    stage.serving.end("KILL");
    check(&stage.run("", Some(PASSWORDS[0].1)), "cannot be reached");
    stage.database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_epoch_is_shown_and_raised() {
    let stage = Stage::arrange().await;
    let run = |arguments: &[&str]| {
        let mut command = stage.home.command(arguments);
        let output = command.env("DATABASE_URL", stage.database.url()).output().unwrap();
        assert!(output.status.success(), "{}", failure(&output).1);
        String::from_utf8(output.stdout).unwrap()
    };
    let said = run(&["chat", "epoch"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "1 chats, the highest epoch is 1");
    let database = lines[1].strip_prefix("remembered  system ").unwrap();
    assert_eq!(lines[2].strip_prefix("now         system "), Some(database), "{said}");

    let mut ann = stage.talk("ann");
    ann.shows("* Hall (group)").await;
    let raised = "raised the epoch of 1 chats; the highest is 2\n";
    assert_eq!(run(&["chat", "epoch", "--bump"]), raised);
    ann.shows("* the chat was set back; this is what it holds now").await;
    assert_eq!(ann.end().await.0, Some(0));

    let help = run(&["--help"]);
    assert!(help.contains("\n  chat  ") && help.contains("\n  serve  "), "{help}");
    for command in [&["chat", "--help"][..], &["chat", "epoch", "--help"]] {
        assert!(run(command).contains("Examples:\n"), "{command:?} has no examples");
    }
    stage.database.drop().await;
}

/// A server, two users and a group of theirs.
struct Stage {
    home: Home,
    database: TestDb,
    serving: Serving,
    address: SocketAddr,
    ann: Client,
    chat: i64,
}

/// `artel chat` of one of them.
struct Terminal {
    child: Child,
    input: ChildStdin,
    lines: mpsc::UnboundedReceiver<String>,
    seen: Vec<String>,
}

impl Stage {
    async fn arrange() -> Self {
        let (home, database) = (fresh_home(), TestDb::empty().await);
        for (login, password) in PASSWORDS {
            let mut command = home.command(&["user", "create", login]);
            command.env("DATABASE_URL", database.url()).stdin(Stdio::piped());
            let mut child = command.stdout(Stdio::null()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
            assert!(child.wait().unwrap().success());
        }
        let serving = home.serve_on(database.url(), &[]);
        let address = serving.address;
        let sign_in = async |(login, password): (&str, &str)| {
            let guest = Client::guest(address);
            let body = json!({ "login": login, "password": password });
            let signed_in = guest.post("/api/v1/auth/sign_in", body).await.expect(200);
            let user = signed_in.at("user")["id"].as_i64().unwrap();
            (guest.with_token(signed_in.at("access_token").as_str().unwrap()), user)
        };
        let ((ann, _), (_, boris)) = (sign_in(PASSWORDS[0]).await, sign_in(PASSWORDS[1]).await);
        let body = json!({ "kind": "group", "name": "Hall", "member_ids": [boris] });
        let chat = ann.post("/api/v1/chats", body).await.expect(201).id();
        Self { home, database, serving, address, ann, chat }
    }

    /// Kills the server, and starts it where it was.
    fn restart(&mut self) {
        self.serving.end("KILL");
        let mut command = self.home.command(&["serve", "--listen", &self.address.to_string()]);
        command.env("DATABASE_URL", self.database.url());
        self.serving = self.home.wait_until_ready(&mut command);
    }

    fn talk(&self, login: &str) -> Terminal {
        let password = PASSWORDS.iter().find(|it| it.0 == login).unwrap().1;
        let mut child = self.start((login, self.chat), Some(password));
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (printed, lines) = mpsc::unbounded_channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = printed.send(line);
            }
        });
        Terminal { child, input, lines, seen: Vec::new() }
    }

    fn start(&self, (login, chat): (&str, i64), password: Option<&str>) -> Child {
        let (url, chat) = (format!("http://{}", self.address), chat.to_string());
        let mut command =
            self.home.command(&["chat", "--url", &url, "--user", login, "--chat", &chat]);
        command.envs(password.map(|it| ("ARTEL_CHAT_PASSWORD", it)));
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    fn run(&self, input: &str, password: Option<&str>) -> Output {
        self.run_in(self.chat, input, password)
    }

    /// Ann's, with all of its input at once.
    fn run_in(&self, chat: i64, input: &str, password: Option<&str>) -> Output {
        let mut child = self.start(("ann", chat), password);
        // Who ends early does not read it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }
}

impl Terminal {
    fn say(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// Waits for a line with this text, if it is not there yet; gives it.
    async fn shows(&mut self, text: &str) -> String {
        if let Some(line) = self.seen.iter().find(|it| it.contains(text)) {
            return line.clone();
        }
        in_time(async {
            loop {
                let line = self.lines.recv().await;
                let line = line.unwrap_or_else(|| panic!("no `{text}` in {:#?}", self.seen));
                self.seen.push(line.clone());
                if line.contains(text) {
                    return line;
                }
            }
        })
        .await
    }

    /// Ends its input; its exit code, what it has complained about, and all that it has printed.
    async fn end(mut self) -> (Option<i32>, String, Vec<String>) {
        drop(self.input);
        let (code, complained) = failure(&self.child.wait_with_output().unwrap());
        while let Some(line) = in_time(self.lines.recv()).await {
            self.seen.push(line);
        }
        (code, complained, self.seen)
    }
}
