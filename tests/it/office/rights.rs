//! Who may do what in the office: a role for each decision.

use artel_core::{Cond, Grant, ME, Macro, Rights};

use crate::office::{Chest, Desk, Folder, Label, Line, Memo, Notice, Paper, Vault};

const CLERK: &str = "office.clerk";
const MANAGER: &str = "office.manager";
const AUDITOR: &str = "office.auditor";

pub(crate) fn rights(to: &mut Rights) {
    to.role(CLERK, "Own and free papers");
    to.role(MANAGER, "Every paper").implies(&[CLERK]);
    to.role(AUDITOR, "Closed fields, too").implies(&[MANAGER]);
    to.role("office.guest", "A grant, and no row");
    to.role("office.writer", "Changes without reading");
    to.role("office.sender", "Makes, and does not read");
    to.role("office.binder", "Writes papers without a secret line");
    papers(to);
    around(to);
    desks(to);
}

fn papers(to: &mut Rights) {
    to.grant::<Paper>(CLERK, Grant::ALL);
    to.grant::<Paper>("office.guest", Grant::READ);
    to.grant::<Paper>("office.writer", Grant::UPDATE | Grant::DELETE);
    to.grant::<Paper>("office.sender", Grant::CREATE);
    to.grant::<Paper>("office.binder", Grant::READ | Grant::CREATE | Grant::UPDATE);
    to.all_rows::<Paper>("reads any", &["office.binder"], Grant::READ);
    let without_secret = Paper::LINES.none(Line::TEXT.eq("secret"));
    to.rule("without a secret", &["office.binder"], Grant::CREATE | Grant::UPDATE, without_secret);
    let own_or_free = Paper::OWNER.is(ME).or(Paper::OWNER.is_none());
    to.rule("own and free papers", &[CLERK], Grant::READ, own_or_free);
    to.all_rows::<Paper>("makes any", &["office.sender"], Grant::CREATE);
    to.rule("makes low ones", &[CLERK], Grant::CREATE, Paper::LEVEL.lte(5));
    to.rule("changes low ones", &[CLERK], Grant::UPDATE, Paper::LEVEL.lte(5));
    to.rule("deletes the lowest", &[CLERK], Grant::DELETE, Paper::LEVEL.eq(0));
    to.all_rows::<Paper>("every paper", &[MANAGER], Grant::ALL);
}

fn around(to: &mut Rights) {
    to.grant::<Folder>(CLERK, Grant::ALL);
    let own_or_free = Folder::OWNER.is(ME).or(Folder::OWNER.is_none());
    to.rule("own and free folders", &[CLERK], Grant::ALL, own_or_free);
    to.all_rows::<Folder>("every folder", &[MANAGER], Grant::ALL);

    to.grant::<Label>(CLERK, Grant::ALL);
    let own_or_free = Label::OWNER.is(ME).or(Label::OWNER.is_none());
    to.rule("own and free labels", &[CLERK], Grant::ALL, own_or_free);
    to.all_rows::<Label>("every label", &[MANAGER], Grant::ALL);

    to.grant::<Memo>(CLERK, Grant::ALL);
    to.rule("of low folders", &[CLERK], Grant::ALL, Memo::FOLDER.to(Folder::LEVEL).eq(0));
    to.all_rows::<Memo>("every memo", &[MANAGER], Grant::ALL);

    to.grant::<Chest>(CLERK, Grant::ALL);
    to.grant::<Notice>(CLERK, Grant::ALL);
    to.grant::<Vault>(AUDITOR, Grant::ALL);
}

/// Each macro as it stands, and under `not`.
fn desks(to: &mut Rights) {
    let same = || -> Cond<Desk> { Desk::COMPANY.is(Macro("my_company")) };
    let among = || -> Cond<Desk> { Desk::COMPANY.is_among(Macro("my_companies")) };
    for (role, name, rows) in [
        ("office.same", "of my company", same()),
        ("office.other", "not of my company", same().negate()),
        ("office.among", "of my companies", among()),
        ("office.outside", "not of my companies", among().negate()),
    ] {
        to.role(role, name);
        to.grant::<Desk>(role, Grant::READ);
        to.rule(name, &[role], Grant::READ, rows);
    }
}
