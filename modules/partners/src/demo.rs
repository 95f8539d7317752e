//! 300 partners of two companies and of nobody's, with contacts, in English and Russian.

use artel_core::{Result, Session};
use orm::{Changes, Id, Model};
use users::{Company, User};

use crate::{Contact, ContactKind, Partner, PartnerKind, PartnerTag};

const COMPANIES: [&str; 10] = [
    "Заря", "Northwind", "Меркурий", "Bluefield", "Техсвет", "Oakline", "Горизонт", "Silverbay",
    "Вектор", "Granite",
];
const FORMS: [&str; 6] = ["ООО", "АО", "Ltd", "ИП", "GmbH", "Group"];
const FIRST: [&str; 10] =
    ["Ольга", "Peter", "Иван", "Laura", "Сергей", "Nina", "Мария", "Thomas", "Павел", "Helen"];
const LAST: [&str; 10] = [
    "Ким", "Martin", "Демченко", "Lindt", "Савенко", "Berger", "Левченко", "Rossi", "Шевель",
    "Young",
];
const TAGS: [&str; 3] = ["VIP", "поставщик", "reseller"];

/// A partner in every third place is a company.
const PARTNERS: usize = 300;

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let owners = ids_of(session, &["ann", "boris", "clara", "diana"]).await?;
    let companies: Vec<Id<Company>> =
        Company::query(session).order(Company::ID).all().await?.iter().map(|it| it.id()).collect();
    let firms = (0..PARTNERS).step_by(3).map(|at| firm(at, &owners, &companies)).collect();
    let firms = Partner::create_many(session, firms).await?;
    let people = (0..PARTNERS).filter(|at| at % 3 != 0);
    let people = people.map(|at| person(at, &owners, &companies, &firms)).collect();
    let people = Partner::create_many(session, people).await?;
    let all: Vec<Id<Partner>> = firms.into_iter().chain(people).collect();
    let contacts = all.iter().enumerate().flat_map(|(at, it)| contacts(at, *it)).collect();
    Contact::create_many(session, contacts).await?;
    let tags = TAGS.map(|it| Changes::from([PartnerTag::NAME.set(it)]));
    let tags = PartnerTag::create_many(session, tags.into()).await?;
    for (at, partner) in all.iter().enumerate().step_by(5) {
        Partner::link(session, *partner, Partner::TAGS, &[tags[at % TAGS.len()]]).await?;
    }
    Ok(())
}

/// The users with these logins, as far as they are there.
async fn ids_of(session: &Session, logins: &[&str]) -> Result<Vec<Id<User>>> {
    let cond = User::LOGIN.one_of(logins.iter().copied());
    let users = User::query(session).filter(cond).order(User::ID).all().await?;
    Ok(users.iter().map(|it| it.id()).collect())
}

/// In turn: each of the owners, then nobody.
fn owner(at: usize, owners: &[Id<User>]) -> Option<Id<User>> {
    owners.get(at % (owners.len() + 1)).copied()
}

/// In turn: each of our companies, then nobody's.
fn company(at: usize, companies: &[Id<Company>]) -> Option<Id<Company>> {
    companies.get(at / 2 % (companies.len() + 1)).copied()
}

fn firm(at: usize, owners: &[Id<User>], companies: &[Id<Company>]) -> Changes<Partner> {
    let n = at / 3;
    let name = format!("{} {} {}", FORMS[n % FORMS.len()], COMPANIES[n % COMPANIES.len()], n / 10 + 1);
    Changes::from([
        Partner::NAME.set(name),
        Partner::KIND.set(PartnerKind::Company),
        Partner::OWNER.set(owner(n, owners)),
        Partner::COMPANY.set(company(n, companies)),
        Partner::VAT.set(format!("77{:08}", 10_000_019 + n * 97)),
        Partner::EMAIL.set(format!("office{n}@example.com")),
    ])
}

fn person(
    at: usize,
    owners: &[Id<User>],
    companies: &[Id<Company>],
    firms: &[Id<Partner>],
) -> Changes<Partner> {
    let name = format!("{} {}", FIRST[at % FIRST.len()], LAST[at / 7 % LAST.len()]);
    // Whoever works for a company belongs to those who look after it.
    let firm = at / 3;
    Changes::from([
        Partner::NAME.set(name),
        Partner::PARENT.set((at % 2 == 0).then_some(firms[firm])),
        Partner::OWNER.set(owner(firm, owners)),
        Partner::COMPANY.set(company(firm, companies)),
        Partner::EMAIL.set(format!("person{at}@example.com")),
        Partner::PHONE.set(format!("+7 495 000-{:02}-{:02}", at / 100, at % 100)),
        Partner::ACTIVE.set(at % 23 != 22),
    ])
}

fn contacts(at: usize, partner: Id<Partner>) -> Vec<Changes<Contact>> {
    let contact = |kind, value: String, is_primary: bool| {
        Changes::from([
            Contact::PARTNER.set(partner),
            Contact::KIND.set(kind),
            Contact::VALUE.set(value),
            Contact::IS_PRIMARY.set(is_primary),
        ])
    };
    let mut all = vec![contact(ContactKind::Email, format!("contact{at}@example.com"), true)];
    if at % 2 == 0 {
        all.push(contact(ContactKind::Telegram, format!("@partner_{at}"), false));
    }
    all
}
