//! What is printed: a line for a message, a note for whatever else happens.
//!
//! **Invariant:** what others have written moves no cursor and hides no line: characters that a
//! terminal obeys are shown as what they are, something foreign.

use chrono::{DateTime, Local};
use serde_json::Value;

use crate::terminal::names::Names;

/// A message, as it is said or as it is found.
pub(super) fn message(it: &Value, names: &Names) -> String {
    let at = DateTime::parse_from_rfc3339(it["created_at"].as_str().unwrap_or_default());
    let at = at.map_or(String::new(), |it| it.with_timezone(&Local).format("%H:%M ").to_string());
    let (id, author) = (&it["id"], names.user(it["author_id"].as_i64()));
    let answers = it["reply_to_id"].as_i64().map_or(String::new(), |it| format!(" (to #{it})"));
    let body = it["body"].as_str().unwrap_or("(deleted)");
    let pinned = if it["pinned"] == true { " (pinned)" } else { "" };
    let signs = it["reactions"].as_object().into_iter().flatten();
    let signs: String = signs.map(|(sign, count)| format!("  {sign} {count}")).collect();
    plain(&format!("{at}#{id} {author}{answers}: {body}{pinned}{signs}"))
}

/// What an event says; nothing of kinds that are not known.
pub(super) fn event(frame: &Value, names: &Names) -> Option<String> {
    let data = &frame["data"];
    let (said, member) = (&data["message"], &data["member"]);
    let (whose, sign) = (|| names.user(data["user_id"].as_i64()), data["emoji"].as_str());
    let (id, sign) = (&data["message_id"], sign.unwrap_or_default());
    let whom = || names.user(member["user_id"].as_i64());
    let note = match frame["kind"].as_str()? {
        "message.created" => return Some(message(said, names)),
        "message.edited" => match said["body"].as_str() {
            Some(body) => format!("#{} is changed: {body}", said["id"]),
            None => format!("#{} is changed", said["id"]),
        },
        "message.deleted" => format!("#{id} is deleted by {}", names.user(data["by_id"].as_i64())),
        "message.pinned" => format!("#{} is pinned", said["id"]),
        "message.unpinned" => format!("#{} is pinned no longer", said["id"]),
        "reaction.added" => format!("{} puts {sign} to #{id}", whose()),
        "reaction.removed" => format!("{} takes {sign} from #{id}", whose()),
        "member.joined" => format!("{} joins", whom()),
        "member.left" => format!("{} leaves", whom()),
        "member.changed" => format!("{} may do other things than before", whom()),
        "chat.changed" => match (data["chat"]["name"].as_str(), &data["chat"]["active"]) {
            (_, Value::Bool(false)) => "the chat is archived".to_owned(),
            (Some(name), _) => format!("the chat is called {name}"),
            (None, _) => "the chat is changed".to_owned(),
        },
        _ => return None,
    };
    Some(plain(&format!("* {note}")))
}

/// A text on lines of its own, with nothing that a terminal would obey.
pub(super) fn plain(text: &str) -> String {
    let is_turning = |it: char| matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut plain = String::with_capacity(text.len());
    for it in text.trim_end().chars() {
        match it {
            '\n' => plain.push_str("\n    "),
            '\t' => plain.push(' '),
            it if it.is_control() || is_turning(it) => plain.push('\u{fffd}'),
            it => plain.push(it),
        }
    }
    plain.push('\n');
    plain
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_is_a_line() {
        check(
            &json!({ "id": 9, "author_id": 5, "body": "Hi", "reply_to_id": 3, "reactions": { "👍": 2 } }),
            "#9 user 5 (to #3): Hi  👍 2\n",
        );
        check(&json!({ "id": 9, "body": null, "reactions": {} }), "#9 the system: (deleted)\n");
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_foreign() {
        let body = "one\r\u{1b}[2J\u{202e}\ntwo";
        check(&json!({ "id": 1, "author_id": 5, "body": body }), "#1 user 5: one��[2J�\n    two\n");
    }

    #[test]
    fn events_are_notes_and_those_unknown_are_passed_over() {
        let says = |kind: &str, data: Value| {
            event(&json!({ "kind": kind, "data": data }), &Names::default()).unwrap_or_default()
        };
        let reaction = json!({ "message_id": 7, "user_id": 5, "emoji": "👍", "counts": {} });
        assert_eq!(says("reaction.added", reaction), "* user 5 puts 👍 to #7\n");
        let deleted = json!({ "message_id": 7, "by_id": null });
        assert_eq!(says("message.deleted", deleted), "* #7 is deleted by the system\n");
        assert_eq!(says("member.left", json!({ "member": { "user_id": 5 } })), "* user 5 leaves\n");
        assert_eq!(says("poll.closed", json!({})), "");
    }

    #[track_caller]
    fn check(it: &Value, expected: &str) {
        assert_eq!(message(it, &Names::default()), expected);
    }
}
