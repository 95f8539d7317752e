//! How long a message is on its way from a socket of one server process to a socket of another.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::{
    runtime,
    sync::mpsc,
    task::JoinSet,
    time::{self, Instant},
};

use crate::{
    Result,
    chat::{
        delays::Delays,
        scene::{GROUP, Member, Scene},
        socket::{Heard, Line, event, is},
    },
    server_process::ServerProcess,
};

/// Sockets that speak, in turn: one alone may not say a hundred things a second.
const SPEAKERS: usize = 10;

/// How long all take to sit down before the first speaks.
const START: Duration = Duration::from_secs(1);

/// How long the last message may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is said.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) messages: usize,
    /// From one message to the next, whether or not that has arrived.
    pub(crate) every: Duration,
}

/// How long it took.
pub(crate) struct Delivered {
    /// From saying it to hearing it at the other process.
    pub(crate) heard: Delays,
    /// From saying it to its acknowledgement.
    pub(crate) acknowledged: Delays,
}

/// What somebody has heard, and how long after it was said.
enum Arrived {
    Event(Duration),
    Ack(Duration),
}

/// Says messages to one server and hears them from the other.
pub(crate) fn measure(
    scene: &Scene,
    (from, to): (&ServerProcess, &ServerProcess),
    pace: Pace,
) -> Result<Delivered> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let began = Instant::now();
        let (arrived, arrivals) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        let speakers = SPEAKERS.min(scene.members.len() / GROUP);
        for at in 0..speakers {
            let (chat, [speaker, reader]) = scene.pair(at);
            let mut heard = sign_in(to, reader).await?;
            heard
                .say(&format!(r#"{{"type":"subscribe","id":"s","chats":{{"{chat}":null}}}}"#))
                .await?;
            wait_for(&mut heard, "subscribed").await?;
            tasks.spawn(listen(heard, arrived.clone(), (chat, began)));
            let line = sign_in(from, speaker).await?;
            let turns = (at..pace.messages).step_by(speakers);
            let turns: Vec<u32> =
                turns.map(u32::try_from).collect::<std::result::Result<_, _>>()?;
            let turns = turns.into_iter().map(|it| began + START + pace.every * it).collect();
            tasks.spawn(speak(line, arrived.clone(), (chat, began), turns));
        }
        drop(arrived);
        gather(arrivals, &mut tasks, pace).await
    })
}

/// Waits until all has arrived.
async fn gather(
    mut arrivals: mpsc::UnboundedReceiver<Arrived>,
    tasks: &mut JoinSet<Result<()>>,
    pace: Pace,
) -> Result<Delivered> {
    let (mut heard, mut acknowledged) = (Vec::new(), Vec::new());
    while acknowledged.len() < pace.messages || heard.len() < pace.messages {
        tokio::select! {
            arrived = arrivals.recv() => match arrived {
                Some(Arrived::Event(after)) => heard.push(after),
                Some(Arrived::Ack(after)) => acknowledged.push(after),
                None => return Err("nobody listens any more".into()),
            },
            Some(ended) = tasks.join_next() => ended??,
            () = time::sleep(PATIENCE) => {
                let (heard, said) = (heard.len(), acknowledged.len());
                return Err(format!("{heard} of {said} messages were heard").into());
            }
        }
    }
    Ok(Delivered { heard: Delays::of(heard), acknowledged: Delays::of(acknowledged) })
}

async fn sign_in(server: &ServerProcess, member: &Member) -> Result<Line> {
    let line = Line::sign_in(server.address, &member.token).await?;
    line.map_err(|code| format!("a socket was closed with {code}").into())
}

async fn wait_for(line: &mut Line, kind: &str) -> Result<()> {
    loop {
        match line.next().await? {
            Heard::Text(text) if is(&text, kind) => return Ok(()),
            Heard::Text(text) if is(&text, "error") => return Err(text.into()),
            Heard::Text(_) => {}
            Heard::Over(code) => return Err(format!("a socket was closed with {code}").into()),
        }
    }
}

/// Hears messages, which say when they were said.
async fn listen(
    mut line: Line,
    arrived: mpsc::UnboundedSender<Arrived>,
    (chat, began): (i64, Instant),
) -> Result<()> {
    let mut last = None;
    loop {
        let text = match line.next().await? {
            Heard::Text(text) => text,
            Heard::Over(code) => return Err(format!("a reader was closed with {code}").into()),
        };
        let Some((of, seq)) = event(&text) else { continue };
        if of != chat || last.is_some_and(|it| seq != it + 1) {
            return Err(format!("after {last:?} of {chat} came {text}").into());
        }
        last = Some(seq);
        arrived.send(Arrived::Event(since(began, &text, r#""body":""#)?))?;
    }
}

/// Says messages at their times, and hears that they stand.
async fn speak(
    mut line: Line,
    arrived: mpsc::UnboundedSender<Arrived>,
    (chat, began): (i64, Instant),
    turns: Vec<Instant>,
) -> Result<()> {
    let mut turns = turns.into_iter();
    let mut turn = turns.next();
    let mut missing = 0_usize;
    while turn.is_some() || missing > 0 {
        let due = turn.unwrap_or_else(|| Instant::now() + PATIENCE);
        tokio::select! {
            heard = line.next() => match heard? {
                Heard::Text(text) if is(&text, "ack") => {
                    missing -= 1;
                    arrived.send(Arrived::Ack(since(began, &text, r#""id":""#)?))?;
                }
                Heard::Text(text) if is(&text, "error") => return Err(text.into()),
                Heard::Text(_) => {}
                Heard::Over(code) => return Err(format!("a speaker was closed with {code}").into()),
            },
            () = time::sleep_until(due) => {
                if turn.is_none() {
                    return Err("an answer is missing".into());
                }
                let now = began.elapsed().as_micros();
                line.say(&format!(
                    r#"{{"type":"send","id":"{now}","chat_id":{chat},"client_msg_id":"{}","body":"{now}"}}"#,
                    name()
                ))
                .await?;
                missing += 1;
                turn = turns.next();
            }
        }
    }
    Ok(())
}

/// How long ago something was said that says when it was, in microseconds behind `mark`.
fn since(began: Instant, text: &str, mark: &str) -> Result<Duration> {
    let said = text.split_once(mark).and_then(|(_, rest)| rest.split_once('"'));
    let said = said.and_then(|(micros, _)| micros.parse().ok());
    let said = said.ok_or_else(|| format!("nobody knows when this was said: {text}"))?;
    Ok(began.elapsed().saturating_sub(Duration::from_micros(said)))
}

/// A name for a message that no other of this process has.
pub(crate) fn name() -> String {
    static NAMED: AtomicU64 = AtomicU64::new(0);
    format!("00000000-0000-4000-8000-{:012x}", NAMED.fetch_add(1, Ordering::Relaxed))
}
