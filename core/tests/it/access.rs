//! Rights: how grants, rules and field rights combine, and what is refused at start.

#![expect(dead_code, reason = "only the descriptions of the models are read")]

use std::sync::Arc;

use artel_core::{
    Cond, Grant, ME, Macro, Rights,
    access::{Asking, Checker, CompiledRights},
};
use orm::{
    Access, Computed, Filter, Many2Many, Many2One, Model, One2Many, Schema, Scope, Value, Verb,
    schema::{FieldSet, ModelId},
};

/// Who asks.
#[derive(Debug, Model)]
#[model(table = "users")]
struct User {
    name: String,
}

#[derive(Debug, Model)]
#[model(table = "companies")]
struct Company {
    name: String,
}

/// What the rules are about.
#[derive(Debug, Model)]
#[model(table = "leads")]
struct Lead {
    name: String,
    owner: Option<Many2One<User>>,
    company: Option<Many2One<Company>>,
    members: Many2Many<User>,
    #[field(read = "leads.manager", write = "leads.manager")]
    cost: Option<i32>,
    #[field(read = "leads.user, leads.manager")]
    phone: Option<String>,
    /// Tells what it cost.
    #[field(compute = doubled(cost), stored)]
    loss: Computed<Option<i32>>,
    /// Tells it to those who may not see it, which its author wants.
    #[field(compute = doubled(cost), stored, reveals)]
    band: Computed<Option<i32>>,
    /// Tells of those who own it, whom not everyone may read.
    #[field(compute = name(owner.name), stored)]
    owner_name: Computed<Option<String>>,
}

fn doubled(cost: Option<i32>) -> Option<i32> {
    cost.map(|it| it.saturating_mul(2))
}

fn name(name: Option<String>) -> Option<String> {
    name
}

/// A part of a lead.
#[derive(Debug, Model)]
#[model(table = "notes", child_of = "lead")]
struct Note {
    lead: Many2One<Lead>,
    text: String,
}

/// Says from both sides who is where.
#[derive(Debug, Model)]
#[model(table = "rooms")]
struct Room {
    name: String,
    #[field(inverse = "room")]
    desks: One2Many<Desk>,
    #[field(inverse = "rooms")]
    keepers: Many2Many<Keeper>,
}

#[derive(Debug, Model)]
#[model(table = "desks")]
struct Desk {
    #[field(read = "leads.manager")]
    room: Option<Many2One<Room>>,
}

#[derive(Debug, Model)]
#[model(table = "keepers")]
struct Keeper {
    #[field(write = "leads.manager")]
    rooms: Many2Many<Room>,
}

/// Rules hold for administrators too.
#[derive(Debug, Model)]
#[model(table = "diaries", private)]
struct Diary {
    user: Many2One<User>,
}

#[test]
fn without_a_grant_there_is_nothing() {
    let rights = |_: &mut Rights| {};
    check(rights, &[], Verb::Read, "denied");
    check(rights, &["admin"], Verb::Read, "all");
}

#[test]
fn a_grant_without_rules_is_for_all_rows_and_for_its_verbs() {
    let rights = |to: &mut Rights| to.grant::<Lead>("leads.user", Grant::READ | Grant::CREATE);
    check(rights, &["leads.user"], Verb::Read, "all");
    check(rights, &["leads.user"], Verb::Create, "all");
    check(rights, &["leads.user"], Verb::Update, "denied");
    check(rights, &["leads.guest"], Verb::Read, "denied");
    check(rights, &["leads.manager"], Verb::Read, "all");
}

#[test]
fn changing_and_deleting_need_the_right_to_read() {
    let rights = |to: &mut Rights| {
        to.grant::<Lead>("leads.user", Grant::CREATE | Grant::UPDATE | Grant::DELETE);
        to.grant::<Lead>("leads.guest", Grant::READ);
    };
    check(rights, &["leads.user"], Verb::Update, "denied");
    check(rights, &["leads.user"], Verb::Delete, "denied");
    check(rights, &["leads.user"], Verb::Create, "all");
    check(rights, &["leads.user", "leads.guest"], Verb::Update, "all");
}

#[test]
fn rules_of_ones_roles_are_ored() {
    let rights = |to: &mut Rights| {
        to.grant::<Lead>("base.user", Grant::ALL);
        to.rule("named a", &["leads.user"], Grant::ALL, named("a"));
        to.rule("named b", &["leads.guest"], Grant::ALL, named("b"));
        to.all_rows::<Lead>("every lead", &["leads.manager"], Grant::READ);
    };
    check(rights, &["leads.user"], Verb::Read, "a");
    check(rights, &["leads.guest"], Verb::Read, "b");
    check(rights, &["leads.user", "leads.guest"], Verb::Read, "(a or b)");
    check(rights, &["leads.manager"], Verb::Read, "all");
    check(rights, &["leads.manager"], Verb::Update, "a");
}

#[test]
fn a_verb_with_rules_for_others_only_has_no_rows() {
    let rights = |to: &mut Rights| {
        to.grant::<Lead>("base.user", Grant::ALL);
        to.rule("named a", &["leads.user"], Grant::READ, named("a"));
        to.rule("named c", &[], Grant::ALL, named("c"));
    };
    check(rights, &["leads.guest"], Verb::Read, "()");
    check(rights, &["leads.guest"], Verb::Delete, "c");
}

#[test]
fn rules_for_everyone_are_anded_on_top() {
    let rights = |to: &mut Rights| {
        to.grant::<Lead>("base.user", Grant::ALL);
        to.rule("named a", &["leads.user"], Grant::ALL, named("a"));
        to.rule("named b", &["leads.guest"], Grant::ALL, named("b"));
        to.rule("named c", &[], Grant::ALL, named("c"));
        to.rule("named d", &[], Grant::READ, named("d"));
    };
    check(rights, &["leads.user"], Verb::Read, "(a and c and d)");
    check(rights, &["leads.user", "leads.guest"], Verb::Update, "((a or b) and c)");
}

#[test]
fn a_rule_that_names_a_company_is_false_without_one() {
    let rights = |to: &mut Rights| {
        to.grant::<Lead>("base.user", Grant::READ);
        to.rule("not mine", &[], Grant::READ, Lead::COMPANY.is(Macro("my_company")).negate());
    };
    check(rights, &[], Verb::Read, "(not company = @my_company and given @my_company)");
}

#[test]
fn fields_are_open_to_the_roles_that_they_name() {
    check_fields(&[], "phone", (false, true));
    check_fields(&["leads.user"], "phone", (true, true));
    check_fields(&["leads.user"], "cost", (false, false));
    check_fields(&["leads.manager"], "cost", (true, true));
    check_fields(&["admin"], "cost", (true, true));
    check_fields(&[], "name", (true, true));
    check_fields(&[], "id", (true, true));
}

#[test]
fn rules_of_private_models_hold_for_administrators() {
    let compiled = compile(|to| {
        to.grant::<Diary>("leads.user", Grant::READ);
        to.rule("one's own", &[], Grant::READ, Diary::USER.is(ME));
    });
    let (rights, schema) = compiled.unwrap();
    let scope = |roles| shown(&checker(&rights, roles).scope(id(&schema, "diaries"), Verb::Read));
    assert_eq!(scope(&["admin"]), "user = @me");
    assert_eq!(scope(&["leads.user"]), "user = @me");
    assert_eq!(scope(&[]), "denied");
}

#[test]
fn equal_roles_have_equal_fingerprints_and_others_never_do() {
    let (rights, _) = compile(|_| {}).unwrap();
    let fingerprint = |roles| checker(&rights, roles).fingerprint();
    assert_eq!(fingerprint(&["leads.user"]), fingerprint(&["leads.user", "base.user"]));
    assert_eq!(fingerprint(&["leads.manager"]), fingerprint(&["leads.manager", "leads.user"]));
    assert_eq!(fingerprint(&[]), fingerprint(&["gone.role"]));
    assert_ne!(fingerprint(&["leads.user"]), fingerprint(&["leads.manager"]));
    assert_ne!(fingerprint(&["leads.user"]), fingerprint(&["leads.user", "admin"]));
}

#[test]
fn macros_stand_for_what_is_known_of_the_asker() {
    let (rights, _) = compile(|_| {}).unwrap();
    let asking = Asking {
        user: 7,
        company: Some(3),
        companies: vec![5, 3],
        roles: vec![2, 1],
        ..Asking::default()
    };
    let access = Checker::new(rights.view(&[], false), &asking);
    let list = |it: &[i64]| Some(Value::List(it.iter().copied().map(Value::Int).collect()));
    assert_eq!(access.parameter("me"), Some(Value::Int(7)));
    assert_eq!(access.parameter("my_company"), Some(Value::Int(3)));
    assert_eq!(access.parameter("my_companies"), list(&[3, 5]));
    assert_eq!(access.parameter("my_roles"), list(&[1, 2]));
    assert_eq!(access.parameter("my_cat"), None);
    let nobody = Checker::new(rights.view(&[], false), &Asking::default());
    assert_eq!(nobody.parameter("my_company"), Some(Value::Null));
}

#[test]
fn every_fault_is_said_at_once() {
    check_faults(
        |to| {
            to.role("leads.user", "Once more");
            to.role("leads.a", "A").implies(&["leads.b"]);
            to.role("leads.b", "B").implies(&["leads.a", "leads.nobody"]);
            to.grant::<Lead>("leads.boss", Grant::READ);
            to.grant::<Note>("leads.user", Grant::READ);
        },
        &[
            "role `leads.user` is declared by",
            "grant on `notes`: it follows its `lead`; say it there",
            "role `leads.a` implies itself through `leads.b`",
            "role `leads.b`, implies: no listed module declares the role `leads.nobody`",
            "role `leads.b` implies itself through `leads.a`",
            "grant on `leads`: no listed module declares the role `leads.boss`",
        ],
    );
}

#[test]
fn a_role_is_named_after_its_module() {
    check_faults(
        |to| {
            to.role("Manager", "M");
            to.role("leads.Sales Team", "S");
        },
        &[
            "role `Manager`: a role is named `module.what` in small letters; write `security.manager`",
            "role `leads.Sales Team`: a role is named `module.what` in small letters; write \
             `security.sales_team`",
        ],
    );
}

#[test]
fn what_follows_from_a_closed_field_is_closed_unless_its_author_reveals_it() {
    let reads = |declare: fn(&mut Rights), roles: &[&str], field: &str| {
        let (rights, schema) = compile(declare).unwrap();
        let (access, model) = (checker(&rights, roles), schema.by_table("leads").unwrap());
        let field = model.field(field).unwrap().id;
        access.readable(model.id).is_none_or(|it| it.contains(field))
    };
    let nothing: fn(&mut Rights) = |_| {};
    for (field, user, manager) in
        [("cost", false, true), ("loss", false, true), ("band", true, true), ("name", true, true)]
    {
        assert_eq!(reads(nothing, &["leads.user"], field), user, "{field}");
        assert_eq!(reads(nothing, &["leads.manager"], field), manager, "{field}");
    }
    // Through a relation, whoever may not read the other model may not read what follows from it.
    let granted: fn(&mut Rights) = |to| to.grant::<User>("leads.manager", Grant::READ);
    assert!(!reads(granted, &["leads.user"], "owner_name"));
    assert!(reads(granted, &["leads.manager"], "owner_name"));
}

#[test]
fn what_one_side_of_a_relation_closes_is_closed_from_the_other() {
    let field_of = |roles: &[&str], table: &str, field: &str| {
        let (rights, schema) = compile(|_| {}).unwrap();
        let (access, model) = (checker(&rights, roles), schema.by_table(table).unwrap());
        let field = model.field(field).unwrap().id;
        let is_in = |set: Option<Arc<FieldSet>>| set.is_none_or(|it| it.contains(field));
        (is_in(access.readable(model.id)), is_in(access.writable(model.id)))
    };
    assert_eq!(field_of(&["leads.user"], "rooms", "desks"), (false, true));
    assert_eq!(field_of(&["leads.manager"], "rooms", "desks"), (true, true));
    assert_eq!(field_of(&["leads.user"], "rooms", "keepers"), (true, false));
    assert_eq!(field_of(&["leads.manager"], "rooms", "keepers"), (true, true));
}

#[test]
fn a_rule_that_does_not_fit_its_model_is_refused() {
    let rule = |rows: Cond<Lead>| move |to: &mut Rights| to.rule("r", &[], Grant::READ, rows);
    check_faults(rule(Lead::OWNER.is(Macro("nobody"))), &["nothing is called `@nobody`"]);
    check_faults(rule(Lead::COMPANY.is(ME)), &["`@me` is of users, and `company` does not lead"]);
    check_faults(rule(Lead::ID.is(ME)), &["`@me` is of users, and `id` does not lead"]);
    check_faults(rule(Lead::COMPANY.is(Macro("my_companies"))), &["is a list; it stands alone"]);
    check_faults(rule(Lead::COMPANY.is_among(Macro("my_company"))), &["a list is wanted"]);
    check_faults(
        rule(Lead::NAME.is(Macro("today"))),
        &["`@today` is a moment, and `name` is none"],
    );
    check_faults(rule(Lead::MEMBERS.some(User::ID.is(ME))), &[]);
    check_faults(rule(Lead::OWNER.to(User::NAME).eq("a")), &[]);
}

/// Its rule for everyone follows from its line.
#[derive(Debug, Model)]
#[model(table = "cases", company_owned)]
struct Case {
    company: Option<Many2One<Company>>,
}

/// Says that a user is a company.
#[derive(Debug, Model)]
#[model(table = "wrong_cases", company_owned)]
struct WrongCase {
    company: Option<Many2One<User>>,
}

#[test]
fn records_of_a_company_are_for_its_users_by_one_line() {
    let schema = Schema::of(&[User::def(), Company::def(), Case::def()], Some("users")).unwrap();
    let mut rights = Rights::default();
    rights.grant::<Case>("base.user", Grant::READ | Grant::CREATE);
    let rights = CompiledRights::compile(&rights, &schema).unwrap();
    for verb in [Verb::Read, Verb::Create] {
        let scope = checker(&rights, &[]).scope(id(&schema, "cases"), verb);
        let expected = "(company = @my_companies or Absent { field: \"company\" })";
        assert_eq!(shown(&scope), expected);
    }
    assert!(matches!(
        checker(&rights, &[]).scope(id(&schema, "cases"), Verb::Delete),
        Scope::Denied
    ));
    assert!(matches!(
        checker(&rights, &["admin"]).scope(id(&schema, "cases"), Verb::Read),
        Scope::All
    ));

    let defs = [User::def(), Company::def(), WrongCase::def()];
    let schema = Schema::of(&defs, Some("users")).unwrap();
    let faults = CompiledRights::compile(&Rights::default(), &schema).unwrap_err();
    let expected = "`@my_companies` is of companies, and `company` does not lead";
    assert!(faults.len() == 1 && faults[0].contains(expected), "{faults:?}");
}

/// The rights of a lead for somebody with these roles; `admin` is an administrator.
#[track_caller]
fn check(declare: impl FnOnce(&mut Rights), roles: &[&str], verb: Verb, expected: &str) {
    let (rights, schema) = compile(declare).unwrap();
    let scope = checker(&rights, roles).scope(id(&schema, "leads"), verb);
    assert_eq!(shown(&scope), expected);
}

#[track_caller]
fn check_fields(roles: &[&str], field: &str, (reads, writes): (bool, bool)) {
    let (rights, schema) = compile(|_| {}).unwrap();
    let (access, model) = (checker(&rights, roles), schema.by_table("leads").unwrap());
    let field = model.field(field).unwrap().id;
    assert_eq!(access.readable(model.id).is_none_or(|it| it.contains(field)), reads, "read");
    assert_eq!(access.writable(model.id).is_none_or(|it| it.contains(field)), writes, "write");
}

/// Every fault holds the text that is expected in its place.
#[track_caller]
fn check_faults(declare: impl FnOnce(&mut Rights), expected: &[&str]) {
    let faults = compile(declare).err().unwrap_or_default();
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    for (fault, expected) in faults.iter().zip(expected) {
        assert!(fault.contains(expected), "{fault}\nshould say: {expected}");
    }
}

fn compile(declare: impl FnOnce(&mut Rights)) -> Result<(CompiledRights, Schema), Vec<String>> {
    let defs = [
        User::def(),
        Company::def(),
        Lead::def(),
        Note::def(),
        Diary::def(),
        Room::def(),
        Desk::def(),
        Keeper::def(),
    ];
    let schema = Schema::of(&defs, Some("users")).unwrap();
    let mut rights = Rights::default();
    rights.role("leads.guest", "Guest");
    rights.role("leads.user", "User");
    rights.role("leads.manager", "Manager").implies(&["leads.user"]);
    declare(&mut rights);
    CompiledRights::compile(&rights, &schema).map(|it| (it, schema))
}

fn checker(rights: &CompiledRights, roles: &[&str]) -> Arc<Checker> {
    let direct = rights.roles_named(roles.iter().copied());
    let view = rights.view(&direct, roles.contains(&"admin"));
    Arc::new(Checker::new(view, &Asking::default()))
}

fn id(schema: &Schema, table: &str) -> ModelId {
    schema.by_table(table).unwrap().id
}

fn named(name: &str) -> Cond<Lead> {
    Lead::NAME.eq(name)
}

/// Conditions on the name are shown as the name alone.
fn shown(scope: &Scope) -> String {
    match scope {
        Scope::Denied => "denied".to_owned(),
        Scope::All => "all".to_owned(),
        Scope::Where(filter) => shown_filter(filter),
    }
}

fn shown_filter(filter: &Filter) -> String {
    let joined = |list: &[Filter], by: &str| {
        format!("({})", list.iter().map(shown_filter).collect::<Vec<_>>().join(by))
    };
    match filter {
        Filter::And(list) => joined(list, " and "),
        Filter::Or(list) => joined(list, " or "),
        Filter::Not(inner) => format!("not {}", shown_filter(inner)),
        Filter::Given { name } => format!("given @{name}"),
        Filter::Compare { field, operand, .. } => match operand {
            orm::Operand::Value(Value::Text(name)) => name.clone(),
            orm::Operand::Macro(name) => format!("{field} = @{name}"),
            other => format!("{field} {other:?}"),
        },
        other => format!("{other:?}"),
    }
}
