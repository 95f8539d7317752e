//! What a review of rights warns of, and what it leaves alone.

#![expect(dead_code, reason = "only the descriptions of the models are read")]

use artel_core::{
    Cond, Grant, ME, Rights,
    access::{DeclaredRights, review},
};
use orm::{Many2Many, Many2One, Model, One2Many, Schema};

#[derive(Debug, Model)]
#[model(table = "clerks")]
struct Clerk {
    name: String,
}

/// What the rules are about.
#[derive(Debug, Model)]
#[model(table = "tickets", display = "title", scope_index = "queue")]
struct Ticket {
    title: String,
    #[field(unique)]
    code: String,
    #[field(index)]
    room: String,
    queue: String,
    #[field(default = true)]
    active: bool,
    weight: Option<i32>,
    clerk: Option<Many2One<Clerk>>,
    helpers: Many2Many<Clerk>,
    #[field(inverse = "ticket")]
    notes: One2Many<TicketNote>,
}

#[derive(Debug, Model)]
#[model(table = "ticket_notes", child_of = "ticket")]
struct TicketNote {
    ticket: Many2One<Ticket>,
    #[field(read = "security.admin")]
    text: String,
}

/// Named by what some may not read.
#[derive(Debug, Model)]
#[model(table = "drawers", display = "label")]
struct Drawer {
    #[field(read = "security.admin")]
    label: String,
}

#[test]
fn a_rule_that_looks_up_by_a_column_without_an_index_is_named() {
    check_rule(Ticket::TITLE.eq("a"), "tickets.title");
    check_rule(Ticket::TITLE.one_of(["a", "b"]), "tickets.title");
    check_rule(Ticket::WEIGHT.is_none(), "tickets.weight");
    check_rule(Ticket::CLERK.is(ME).or(Ticket::TITLE.eq("a")), "tickets.title");
    check_rule(Ticket::TITLE.eq("a").and(Ticket::WEIGHT.eq(1)), "tickets.title, tickets.weight");
}

#[test]
fn indexes_of_every_kind_serve() {
    check_rule(Ticket::CODE.eq("a"), "");
    check_rule(Ticket::ROOM.eq("a"), "");
    check_rule(Ticket::QUEUE.eq("a"), "");
    check_rule(Ticket::ID.eq(1), "");
    check_rule(Ticket::CLERK.is(ME).or(Ticket::CLERK.is_none()), "");
    check_rule(Ticket::HELPERS.some(Clerk::ID.is(ME)), "");
    check_rule(Ticket::NOTES.some(TicketNote::TEXT.eq("a")), "");
    check_rule(Ticket::CLERK.to(Clerk::NAME).eq("a"), "");
}

#[test]
fn one_look_up_among_conditions_that_all_hold_will_do() {
    check_rule(Ticket::ROOM.eq("a").and(Ticket::TITLE.eq("b")), "");
    check_rule(Ticket::ROOM.eq("a").and(Ticket::WEIGHT.gt(1)), "");
}

#[test]
fn what_no_index_could_serve_is_left_alone() {
    check_rule(Ticket::ACTIVE.eq(true), "");
    check_rule(Ticket::WEIGHT.gt(1), "");
    check_rule(Ticket::TITLE.ne("a"), "");
}

#[test]
fn grants_that_give_less_than_they_say_are_named() {
    check(
        |to| {
            to.grant::<Ticket>("desk.user", Grant::UPDATE);
            to.grant::<Ticket>("desk.manager", Grant::READ);
        },
        &["`tickets`: the grant of `desk.user` (update) gives less than it says: changing and \
           deleting need the right to read"],
    );
    check(
        |to| {
            to.grant::<Ticket>("desk.manager", Grant::DELETE);
            to.grant::<Ticket>("desk.user", Grant::READ);
        },
        &[],
    );
    check(
        |to| {
            to.grant::<Ticket>("desk.user", Grant::ALL);
            to.reserve::<Ticket>(&[]);
        },
        &["`tickets`: the grant of `desk.user` (create, read, update, delete) gives no more than \
           read: writing is reserved"],
    );
}

#[test]
fn a_model_without_a_grant_is_named_unless_it_is_reserved() {
    let nobody = ["`tickets`: no role has a grant, so it is for administrators only"];
    check(|_| {}, &nobody);
    let rights = |to: &mut Rights| to.reserve::<Ticket>(&[]);
    check(rights, &[]);
    assert_eq!(reviewed(rights, &[Ticket::def()]).reserved, ["tickets"]);
}

/// Sits in circles.
#[derive(Debug, Model)]
#[model(table = "guests")]
struct Guest {
    circles: Many2Many<Circle>,
    #[field(inverse = "hosts")]
    hosted: Many2Many<Circle>,
}

/// Of guests, and said so twice.
#[derive(Debug, Model)]
#[model(table = "circles")]
struct Circle {
    guests: Many2Many<Guest>,
    hosts: Many2Many<Guest>,
}

#[test]
fn a_link_that_is_declared_twice_is_named() {
    let rights = |to: &mut Rights| {
        to.grant::<Guest>("desk.user", Grant::READ);
        to.grant::<Circle>("desk.user", Grant::READ);
    };
    let warnings = reviewed(rights, &[Guest::def(), Circle::def()]).warnings;
    let twins = "`circles.guests` and `guests.circles` are two links between the same models; if \
                 one was meant, write #[field(inverse = \"guests\")] at `guests.circles`";
    assert_eq!(warnings, [twins]);
}

#[test]
fn a_name_that_is_closed_to_some_is_named() {
    let rights = |to: &mut Rights| to.grant::<Drawer>("desk.user", Grant::READ);
    let warnings = reviewed(rights, &[Drawer::def()]).warnings;
    let closed = "`drawers`: records are named by `label`, which is closed to all but \
                  `security.admin`";
    assert_eq!(warnings, [closed]);
}

#[test]
fn each_rule_stands_beside_its_sql() {
    let rights = |to: &mut Rights| {
        to.grant::<Ticket>("desk.user", Grant::ALL);
        to.rule("own", &["desk.user"], Grant::READ, Ticket::CLERK.is(ME));
        to.rule("in use", &[], Grant::ALL, Ticket::ACTIVE.eq(true));
    };
    let rules = reviewed(rights, &[Ticket::def()]).rules;
    let shown: Vec<_> = rules.iter().map(|it| format!("{}: {}", it.title, it.sql)).collect();
    assert_eq!(
        shown,
        [
            r#"tickets: own (desk.user: read): "tickets"."clerk_id" = $1"#,
            r#"tickets: in use (everyone: create, read, update, delete): "tickets"."active" = $1"#,
        ]
    );
}

/// Compares the columns that a rule wants an index on.
#[track_caller]
fn check_rule(rows: Cond<Ticket>, expected: &str) {
    let warnings = reviewed(
        |to| {
            to.grant::<Ticket>("desk.user", Grant::ALL);
            to.rule("some", &["desk.user"], Grant::ALL, rows);
        },
        &[Ticket::def()],
    )
    .warnings;
    let column = |it: &String| it.split('`').nth(5).unwrap().to_owned();
    let columns: Vec<_> = warnings.iter().map(column).collect();
    assert_eq!(columns.join(", "), expected, "{warnings:?}");
}

#[track_caller]
fn check(rights: impl FnOnce(&mut Rights), expected: &[&str]) {
    assert_eq!(reviewed(rights, &[Ticket::def()]).warnings, expected);
}

/// The review of rights over these models and what they lead to.
#[track_caller]
fn reviewed(
    rights: impl FnOnce(&mut Rights),
    of: &[&'static orm::ModelDef],
) -> artel_core::access::Review {
    let mut to = Rights::default();
    to.role("desk.user", "Sits at the desk");
    to.role("desk.manager", "Owns the desk").implies(&["desk.user"]);
    rights(&mut to);
    let mut defs = of.to_vec();
    if defs.iter().any(|it| it.table == "tickets") {
        to.grant::<Clerk>("desk.user", Grant::READ);
        defs.extend([Clerk::def(), TicketNote::def()]);
    }
    let asker = defs.iter().find(|it| it.table == "clerks").map(|it| it.table);
    let schema = Schema::of(&defs, asker).unwrap();
    let declared = DeclaredRights::check(&to, &schema).unwrap();
    review(&declared.compiled(&schema), &declared, &schema).unwrap()
}
