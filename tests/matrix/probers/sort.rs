//! Orders as oracles: by every column and along paths.

use crate::{
    oracle::{Cell, Kind, Named, Sight, table},
    probers::Ask,
};

pub(super) fn columns(ask: &mut Ask<'_>) {
    for field in ask.of.columns().filter(|it| it.kind != Kind::Moment && it.name != "id") {
        by(ask, "sort", field.key);
    }
}

pub(super) fn paths(ask: &mut Ask<'_>) {
    for first in ask.of.columns() {
        let Some(target) = first.kind.target().map(table) else { continue };
        for field in target.columns().filter(|it| it.kind != Kind::Moment && !it.is_fixed) {
            by(ask, "sort by path", &format!("{}.{}", first.name, field.key));
        }
    }
}

fn by(ask: &mut Ask<'_>, prober: &'static str, path: &str) {
    let is_descending = ask.from.percent(50);
    let mut keyed: Vec<(Cell, i64)> =
        ask.visible().into_iter().map(|it| (end(ask, path, it), it)).collect();
    keyed.sort_by(|one, other| {
        // What is absent comes last, up and down.
        let absent = |it: &(Cell, i64)| it.0 == Cell::Absent;
        let order = one.cmp(other);
        let order = if is_descending { order.reverse() } else { order };
        absent(one).cmp(&absent(other)).then(order)
    });
    let ids: Vec<i64> = keyed.into_iter().map(|it| it.1).collect();
    let named = Named::default().path(&ask.eyes, ask.of, path);
    let answer = ask.rows(&ids, &["id"], None);
    let sign = if is_descending { "-" } else { "" };
    ask.read(prober, &format!("?sort={sign}{path}&fields=id&limit=1000"), named, answer);
}

/// What stands at the end of a path, as far as whoever asks may see it.
fn end(ask: &Ask<'_>, path: &str, id: i64) -> Cell {
    let Some((first, rest)) = path.split_once('.') else {
        return ask.facts().cell(ask.of.name, Some(id), path);
    };
    let field = ask.of.field(first);
    let target = field.kind.target().expect("a path leads on");
    let record = ask.eyes.behind(ask.of, Some(id), first, Sight::Own).first().copied();
    ask.facts().cell(target, record, rest)
}
