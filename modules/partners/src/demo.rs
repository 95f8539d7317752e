//! 300 partners to look at: 100 companies and two people of each, with contacts, of four owners
//! and of nobody, in English and Russian.

mod names;

use artel_core::{Result, Session};
use orm::{Changes, Id, Model, Record};
use users::{Company, User};

use crate::{Contact, ContactKind, Partner, PartnerKind, PartnerTag};

const FIRMS: usize = 100;
const PEOPLE_OF_FIRM: usize = 2;
const OWNERS: [&str; 4] = ["ann", "boris", "clara", "diana"];
const TAGS: [&str; 3] = ["VIP", "поставщик", "reseller"];

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let owners = owners(session).await?;
    let tags = TAGS.map(|it| Changes::from([PartnerTag::NAME.set(it)]));
    let tags = PartnerTag::create_many(session, tags.into()).await?;
    let firms = (0..FIRMS).map(|at| tagged(firm(at, &owners), at, &tags)).collect();
    let firms = Partner::create_many(session, firms).await?;
    let people = (0..FIRMS * PEOPLE_OF_FIRM).map(|at| person(at, &owners, &firms)).collect();
    let people = Partner::create_many(session, people).await?;
    let contacts = firms.iter().enumerate().flat_map(|(at, it)| contacts_of_firm(at, *it));
    let of_people = people.iter().enumerate().flat_map(|(at, it)| contacts_of_person(at, *it));
    Contact::create_many(session, contacts.chain(of_people).collect()).await?;
    Ok(())
}

/// The users with these logins, as far as they are there.
async fn owners(session: &Session) -> Result<Vec<Record<User>>> {
    let cond = User::LOGIN.one_of(OWNERS);
    Ok(User::query(session).filter(cond).order(User::ID).all().await?)
}

/// Who looks after a firm and its people: in turn each of the owners, then nobody. And which of
/// our companies deals with them: that of the owner, but of every third firm each.
fn care(firm: usize, owners: &[Record<User>]) -> (Option<Id<User>>, Option<Id<Company>>) {
    let owner = owners.get(firm % (owners.len() + 1));
    let company = owner.and_then(|it| it.company).filter(|_| firm % 3 != 2);
    (owner.map(Record::id), company.map(|it| it.id()))
}

fn firm(at: usize, owners: &[Record<User>]) -> Changes<Partner> {
    let (owner, company) = care(at, owners);
    Changes::from([
        Partner::NAME.set(names::of_firm(at)),
        Partner::KIND.set(PartnerKind::Company),
        Partner::OWNER.set(owner),
        Partner::COMPANY.set(company),
        Partner::VAT.set(format!("77{:08}", 10_000_019 + at * 97)),
        Partner::EMAIL.set(format!("office{at}@example.com")),
    ])
}

/// Of the two people of a firm, the first works there; the second is a customer of their own, who
/// is looked after by the same owner.
fn person(at: usize, owners: &[Record<User>], firms: &[Id<Partner>]) -> Changes<Partner> {
    let firm = at / PEOPLE_OF_FIRM;
    let (owner, company) = care(firm, owners);
    let works_there = at.is_multiple_of(PEOPLE_OF_FIRM);
    Changes::from([
        Partner::NAME.set(names::of_person(firm, at % PEOPLE_OF_FIRM)),
        Partner::PARENT.set(works_there.then_some(firms[firm])),
        Partner::OWNER.set(owner),
        Partner::COMPANY.set(company),
        Partner::EMAIL.set(format!("person{at}@example.com")),
        Partner::PHONE.set(format!("+7 495 000-{:02}-{:02}", at / 100, at % 100)),
        Partner::ACTIVE.set(at % 23 != 22),
    ])
}

fn contacts_of_firm(at: usize, firm: Id<Partner>) -> [Changes<Contact>; 2] {
    [
        contact(firm, ContactKind::Email, format!("office{at}@example.com"), true),
        contact(firm, ContactKind::Website, format!("https://firm{at}.example.com"), false),
    ]
}

fn contacts_of_person(at: usize, person: Id<Partner>) -> Vec<Changes<Contact>> {
    let phone = format!("+7 495 000-{:02}-{:02}", at / 100, at % 100);
    let mut all = vec![contact(person, ContactKind::Phone, phone, true)];
    if at.is_multiple_of(3) {
        all.push(contact(person, ContactKind::Telegram, format!("@person_{at}"), false));
    }
    all
}

fn contact(
    partner: Id<Partner>,
    kind: ContactKind,
    value: String,
    is_primary: bool,
) -> Changes<Contact> {
    Changes::from([
        Contact::PARTNER.set(partner),
        Contact::KIND.set(kind),
        Contact::VALUE.set(value),
        Contact::IS_PRIMARY.set(is_primary),
    ])
}

/// Gives every other firm a word.
fn tagged(firm: Changes<Partner>, at: usize, tags: &[Id<PartnerTag>]) -> Changes<Partner> {
    match at.is_multiple_of(2) {
        true => firm.with(Partner::TAGS.add(&[tags[at / 2 % TAGS.len()]])),
        false => firm,
    }
}
