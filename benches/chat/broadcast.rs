//! What handing a text out costs somebody who does nothing else: tokio and tungstenite, one shared
//! frame, no names, no rights, no log, no limits.

use std::io::{self, Write};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    sync::broadcast,
    task::JoinSet,
};
use tokio_tungstenite::{
    accept_async,
    tungstenite::{Message, Utf8Bytes},
};

use crate::Result;

/// Texts that a socket may be behind.
const BEHIND_MAX: usize = 256;

/// Serves until it is killed; says first where it listens. Whatever somebody says is told to all.
pub(crate) fn serve() -> Result<()> {
    Runtime::new()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        writeln!(io::stdout(), "http://{}/", listener.local_addr()?)?;
        let (said, _) = broadcast::channel(BEHIND_MAX);
        let mut sockets = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let said = said.clone();
            sockets.spawn(async move {
                // Whoever is gone is gone.
                let _ = attend(stream, said).await;
            });
            while sockets.try_join_next().is_some() {}
        }
    })
}

async fn attend(stream: TcpStream, said: broadcast::Sender<Utf8Bytes>) -> Result<()> {
    let mut heard = said.subscribe();
    let mut socket = accept_async(stream).await?;
    loop {
        tokio::select! {
            text = heard.recv() => socket.send(Message::Text(text?)).await?,
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => _ = said.send(text)?,
                Some(Ok(_)) => {}
                _ => return Ok(()),
            },
        }
    }
}
