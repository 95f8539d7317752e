//! The policy of an installation as a table for people: what each role may do with each model.

use std::fmt::Write;

use orm::{Filter, Schema, Scope, Verb, schema::SchemaModel};

use crate::access::{
    CompiledRights, EVERYONE, RightsView,
    compiled::{CompiledRole, RoleSet},
};

const HEAD: &str = "\
# What each role may do, with all that it implies: Create, Read, Update, Delete.
# `*` with some of the records, `0` with none of them: no rule is of this role.
# Everyone has `base.user`; other roles have lines where they may do more.
# An administrator may do everything, but for what rules of private models refuse.

";

/// The table: a line for each role and model, parts under their parents, then closed fields.
pub fn matrix(rights: &CompiledRights, schema: &Schema) -> String {
    let mut text = HEAD.to_owned();
    let everyone = rights.view(&[], false);
    let mut roles: Vec<&CompiledRole> = rights.roles().iter().collect();
    roles.sort_by_key(|it| (&*it.name != EVERYONE, it.name.clone()));
    let mut lines = Vec::new();
    for role in roles {
        let own = rights.view(&[role.id], false);
        for model in schema.models().iter().filter(|it| it.parent.is_none()) {
            let (all, own) = (letters(&everyone, model), letters(&own, model));
            let says_more = &*role.name == EVERYONE || own != all;
            if says_more && !own.is_empty() {
                lines.push([role.name.to_string(), model.def.table.to_owned(), own]);
            }
        }
    }
    table(&mut text, &lines);
    text += "\n# Parts: reading one is reading what it belongs to, all else is changing that.\n\n";
    table(&mut text, &parts(schema));
    text += "\n# Fields that are closed to all others.\n\n";
    table(&mut text, &closed_fields(rights, schema));
    text
}

/// The verbs of a model as letters.
fn letters(view: &RightsView, model: &SchemaModel) -> String {
    let letter = |(verb, letter): (Verb, &str)| match view.scope(model.id, verb) {
        Scope::Denied => String::new(),
        Scope::All => letter.to_owned(),
        Scope::Where(rule) if **rule == Filter::nothing() => format!("{letter}0"),
        Scope::Where(_) => format!("{letter}*"),
    };
    Verb::ALL.into_iter().zip(["C", "R", "U", "D"]).map(letter).collect()
}

fn parts(schema: &Schema) -> Vec<[String; 3]> {
    let part = |it: &SchemaModel| {
        let field = it.at(it.parent?);
        let whole = schema.target(field).def.table.to_owned();
        Some([it.def.table.to_owned(), whole, format!("by {}", field.def.name)])
    };
    schema.models().iter().filter_map(part).collect()
}

fn closed_fields(rights: &CompiledRights, schema: &Schema) -> Vec<[String; 3]> {
    let mut lines = Vec::new();
    for model in schema.models() {
        let of_model = &rights.models[model.id.index()];
        for field in model.fields() {
            let who = |closed: &[(_, RoleSet)], verb: &str| {
                let (_, roles) = closed.iter().find(|it| it.0 == field.id)?;
                let names = rights.names(roles).join(", ");
                Some(format!("{verb} {}", if names.is_empty() { "nobody" } else { &names }))
            };
            let read = who(&of_model.read, "read");
            let said: Vec<_> = read.into_iter().chain(who(&of_model.write, "write")).collect();
            if !said.is_empty() {
                let name = field.def.name.to_owned();
                lines.push([model.def.table.to_owned(), name, said.join("; ")]);
            }
        }
    }
    lines
}

/// Three columns, as wide as they need to be.
fn table(text: &mut String, lines: &[[String; 3]]) {
    let width = |at: usize| lines.iter().map(|it| it[at].len()).max().unwrap_or(0) + 2;
    let (first, second) = (width(0), width(1));
    for [one, two, three] in lines {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{one:<first$}{two:<second$}{three}");
    }
}
