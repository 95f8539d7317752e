//! Fields that are asked for by name, of lists and of records.

use crate::{
    oracle::{Field, Named, Verb},
    probe::{Expect, shown},
    probers::Ask,
};

pub(super) fn of_list(ask: &mut Ask<'_>) {
    let ids = ask.visible();
    for field in ask.of.columns().filter(|it| it.name != "id") {
        let named = Named::default().field(&ask.eyes, ask.of, field);
        let answer = ask.rows(&ids, &[field.key, "id"], None);
        let path = format!("?fields={},id&sort=id&limit=1000", field.key);
        ask.read("fields of a list", &path, named, answer);
    }
}

pub(super) fn to_many(ask: &mut Ask<'_>) {
    let ids = ask.visible();
    for field in ask.of.fields.iter().filter(|it| it.kind.is_to_many()) {
        let named = Named::default().relation(&ask.eyes, ask.of, field);
        let answer = ask.rows(&ids, &["id", field.key], None);
        let path = format!("?fields=id,{}&sort=id&limit=1000", field.key);
        ask.read("ids of many", &path, named, answer);
        for id in ask.facts().ids(ask.of.name).into_iter().take(3) {
            one(ask, "ids of many", field, id);
        }
    }
}

pub(super) fn of_record(ask: &mut Ask<'_>) {
    let ids = ask.facts().ids(ask.of.name);
    for field in ask.of.columns().filter(|it| it.name != "id") {
        if let Some(id) = ids.get(ask.from.below(ids.len().max(1))) {
            one(ask, "fields of a record", field, *id);
        }
    }
}

fn one(ask: &mut Ask<'_>, prober: &'static str, field: &'static Field, id: i64) {
    let named = Named::default().given(&ask.eyes, ask.of, field);
    let answer = match ask.eyes.may(ask.of, Verb::Read, id) {
        true => Expect::Record { status: 200, record: shown(&ask.eyes, ask.of, id, &[field.key]) },
        false => Expect::missing(),
    };
    ask.read(prober, &format!("/{id}?fields={}", field.key), named, answer);
}
