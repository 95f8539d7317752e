//! A line that was typed: something to say, or a command behind a slash.

/// What is listed by `/help`.
pub(super) const HELP: &str = "\
a line                 is said in the chat; // at its beginning stands for /
/chats                 lists your chats
/join 17               shows a chat and listens to it; lines are for it from now on
/reply 98 text         answers a message
/edit 98 text          changes what you have said
/delete 98             takes it back
/react 98 👍           reacts; the same again takes it back
/read, /read 412       has read all, or up to an event
/who                   lists those who take part
/quit                  ends, once all that was said is acknowledged
";

/// What a line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    Nothing,
    Say { body: String, reply_to: Option<i64> },
    Chats,
    Join(i64),
    Edit(i64, String),
    Delete(i64),
    React(i64, String),
    Read(Option<i64>),
    Who,
    Help,
    Quit,
}

/// Reads a line.
///
/// # Errors
/// What would have been one.
pub(super) fn read(line: &str) -> Result<Typed, String> {
    let Some(command) = line.strip_prefix('/').filter(|it| !it.starts_with('/')) else {
        let body = if line.starts_with("//") { &line[1..] } else { line };
        return Ok(match body.trim() {
            "" => Typed::Nothing,
            _ => Typed::Say { body: body.to_owned(), reply_to: None },
        });
    };
    let (name, rest) = word(command);
    let (first, text) = word(rest);
    let number = first.trim_start_matches('#').parse::<i64>().ok();
    let text = Some(text.to_owned()).filter(|it| !it.is_empty());
    match (name, number, text) {
        ("join", Some(chat), None) => Ok(Typed::Join(chat)),
        ("reply", it @ Some(_), Some(body)) => Ok(Typed::Say { body, reply_to: it }),
        ("edit", Some(id), Some(body)) => Ok(Typed::Edit(id, body)),
        ("delete", Some(id), None) => Ok(Typed::Delete(id)),
        ("react", Some(id), Some(sign)) => Ok(Typed::React(id, sign)),
        ("read", it @ Some(_), None) => Ok(Typed::Read(it)),
        ("join" | "reply" | "edit" | "delete" | "react", ..) => Err(usage(name)),
        _ if !rest.is_empty() => Err(usage(name)),
        ("read", ..) => Ok(Typed::Read(None)),
        ("chats", ..) => Ok(Typed::Chats),
        ("who", ..) => Ok(Typed::Who),
        ("help", ..) => Ok(Typed::Help),
        ("quit", ..) => Ok(Typed::Quit),
        _ => Err(usage(name)),
    }
}

/// The first word, and what stands behind it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

/// How a command is written.
fn usage(name: &str) -> String {
    let command = format!("/{name}");
    let line = HELP.lines().find(|it| it.split([' ', ',']).next() == Some(&command));
    match line.and_then(|it| it.split("  ").next()) {
        Some(line) => format!("write {line}"),
        None => format!("there is no {command}; /help lists what there is"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_said_and_a_slash_commands() {
        check("Hi /there", Typed::Say { body: "Hi /there".into(), reply_to: None });
        check("//etc/hosts", Typed::Say { body: "/etc/hosts".into(), reply_to: None });
        check("   ", Typed::Nothing);
        check("/join 17", Typed::Join(17));
        check("/reply #98 Hi  you", Typed::Say { body: "Hi  you".into(), reply_to: Some(98) });
        check("/edit 98 Hello", Typed::Edit(98, "Hello".into()));
        check("/delete 98", Typed::Delete(98));
        check("/react 98 👍", Typed::React(98, "👍".into()));
        check("/read", Typed::Read(None));
        check("/read 412", Typed::Read(Some(412)));
        check("/who ", Typed::Who);
    }

    #[test]
    fn what_is_no_command_is_said_how_to_write() {
        for (line, expected) in [
            ("/join", "write /join 17"),
            ("/join x", "write /join 17"),
            ("/edit 98", "write /edit 98 text"),
            ("/who else", "write /who"),
            ("/read x", "write /read, /read 412"),
            ("/fly", "there is no /fly; /help lists what there is"),
        ] {
            assert_eq!(read(line), Err(expected.to_owned()), "{line}");
        }
    }

    #[track_caller]
    fn check(line: &str, expected: Typed) {
        assert_eq!(read(line), Ok(expected));
    }
}
