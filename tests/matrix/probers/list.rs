//! Lists as they come, in pages, counted, and searched for a word.

use crate::{
    oracle::{Cell, Named},
    probe::Expect,
    probers::Ask,
};

pub(super) fn list(ask: &mut Ask<'_>) {
    let ids = ask.visible();
    let answer = ask.rows(&ids, &ask.usual(), None);
    ask.read("list", "?sort=id&limit=1000", Named::default(), answer);
    let backwards: Vec<i64> = ids.into_iter().rev().collect();
    let answer = ask.rows(&backwards, &["id"], Some(backwards.len()));
    let path = "?sort=-id&limit=1000&fields=id&count=exact".to_owned();
    ask.read("list", &path, Named::default(), answer);
}

pub(super) fn count(ask: &mut Ask<'_>) {
    for count in ["exact", "estimated"] {
        let total = Some(ask.visible().len());
        let rows = Vec::new();
        let hidden = ask.facts().ids(ask.of.name).len() - ask.visible().len();
        let path = format!("?limit=0&count={count}");
        ask.read("count", &path, Named::default(), Expect::Rows { rows, total, hidden });
        // One record, counted: there, or as if it were not.
        for id in ask.from.clone().some(&ask.facts().ids(ask.of.name), 40) {
            let is_seen = ask.visible().contains(&id);
            let ids: Vec<i64> = is_seen.then_some(id).into_iter().collect();
            let answer = ask.rows(&ids, &["id"], Some(ids.len()));
            let path = format!("?id={id}&fields=id&count={count}");
            ask.read("count", &path, Named::default(), answer);
        }
    }
}

pub(super) fn page(ask: &mut Ask<'_>) {
    let ids = ask.visible();
    for offset in [0, 2, ids.len().saturating_sub(1)] {
        let page: Vec<i64> = ids.iter().copied().skip(offset).take(2).collect();
        let answer = ask.rows(&page, &["id"], Some(ids.len()));
        let path = format!("?sort=id&fields=id&limit=2&offset={offset}&count=exact");
        ask.read("page", &path, Named::default(), answer);
    }
}

pub(super) fn q(ask: &mut Ask<'_>) {
    let marked: Vec<_> = ask.of.columns().filter(|it| it.is_searched).collect();
    if marked.is_empty() {
        return;
    }
    let open = |it: &&&_| ask.rights().reads(ask.who(), ask.of, it);
    let open: Vec<_> = marked.iter().filter(open).copied().collect();
    let named = match open.is_empty() {
        true => Named::default().field(&ask.eyes, ask.of, marked[0]),
        false => Named::default(),
    };
    for word in ["a", "OAK", "el", "nothing"] {
        let mut ids = ask.visible();
        let holds = |id: i64| {
            open.iter().any(|it| match ask.facts().cell(ask.of.name, Some(id), it.key) {
                Cell::Text(text) => text.contains(&word.to_lowercase()),
                _ => false,
            })
        };
        ids.retain(|it| holds(*it));
        let answer = ask.rows(&ids, &["id"], Some(ids.len()));
        let path = format!("?q={word}&sort=id&fields=id&limit=1000&count=exact");
        ask.read("q", &path, named, answer);
    }
}
