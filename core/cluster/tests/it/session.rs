//! A session with a server in as much of its protocol as one question takes.

use std::{
    io::{self, Error, Read, Write},
    os::unix::net::UnixStream,
    path::Path,
};

/// The one value that `sql` answers, as text.
#[track_caller]
pub(crate) fn query(sockets: &Path, sql: &str) -> String {
    try_query(sockets, sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

pub(crate) fn try_query(sockets: &Path, sql: &str) -> io::Result<String> {
    let mut stream = UnixStream::connect(sockets.join(".s.PGSQL.5432"))?;
    let mut start = 196_608_u32.to_be_bytes().to_vec();
    start.extend_from_slice(b"user\0postgres\0database\0postgres\0\0");
    send(&mut stream, &start)?;
    answer(&mut stream)?;

    stream.write_all(b"Q")?;
    send(&mut stream, format!("{sql}\0").as_bytes())?;
    answer(&mut stream)
}

fn send(stream: &mut UnixStream, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len() + 4).map_err(Error::other)?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(body)
}

/// Reads until the server waits for the next question; gives the first column of the last row.
fn answer(stream: &mut UnixStream) -> io::Result<String> {
    let mut value = String::new();
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let mut body = vec![0; length as usize - 4];
        stream.read_exact(&mut body)?;
        match head[0] {
            b'Z' => return Ok(value),
            b'E' => return Err(Error::other(String::from_utf8_lossy(&body).into_owned())),
            // A row: how many columns, how long the first, the first, …
            b'D' => value = String::from_utf8_lossy(&body[6..]).into_owned(),
            _ => {}
        }
    }
}
