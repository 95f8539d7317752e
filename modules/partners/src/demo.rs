//! 300 partners to look at, and 10 000 to measure with: companies and two people of each, with
//! contacts, of four owners and of nobody, in English and Russian.

mod names;

use std::ops::Range;

use artel_core::{
    Result, Session,
    demo::{Progress, Unwatched, create_all},
};
use orm::{Changes, Id, Model, Record};
use users::{Company, User};

use crate::{Contact, ContactKind, Partner, PartnerKind, PartnerTag};

const FIRMS: usize = 100;
const PEOPLE_OF_FIRM: usize = 2;
/// With their people, and those that were there before, 10 000 partners: the last has nobody.
const LARGE_FIRMS: Range<usize> = FIRMS..3_334;
const LARGE: usize = 10_000;
const OWNERS: [&str; 4] = ["ann", "boris", "clara", "diana"];
const TAGS: [&str; 3] = ["VIP", "поставщик", "reseller"];

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let tags = TAGS.map(|it| Changes::from([PartnerTag::NAME.set(it)]));
    let tags = PartnerTag::create_many(session, tags.into()).await?;
    make(session, 0..FIRMS, &tags, &Unwatched).await
}

pub(crate) async fn fill_large(session: &Session, progress: &dyn Progress) -> Result<()> {
    let cond = PartnerTag::NAME.one_of(TAGS);
    let tags = PartnerTag::query(session).filter(cond).order(PartnerTag::ID).all().await?;
    let tags: Vec<_> = tags.iter().map(Record::id).collect();
    make(session, LARGE_FIRMS, &tags, progress).await
}

/// Makes the firms with these numbers, their people, and how to reach them.
async fn make(
    session: &Session,
    numbers: Range<usize>,
    tags: &[Id<PartnerTag>],
    progress: &dyn Progress,
) -> Result<()> {
    let owners = owners(session).await?;
    let firms = numbers.clone().map(|at| tagged(firm(at, &owners), at, tags)).collect();
    let firms = create_all(session, progress, firms).await?;
    let last = LARGE.saturating_sub(numbers.end);
    let people = numbers.start * PEOPLE_OF_FIRM..last.min(numbers.end * PEOPLE_OF_FIRM);
    let of_firm = |at: usize| firms[at / PEOPLE_OF_FIRM - numbers.start];
    let made = people.clone().map(|at| person(at, &owners, of_firm(at)));
    let made = create_all(session, progress, made.collect()).await?;
    let contacts = numbers.zip(firms).flat_map(|(at, it)| contacts_of_firm(at, it));
    let of_people = people.zip(made).flat_map(|(at, it)| contacts_of_person(at, it));
    create_all(session, progress, contacts.chain(of_people).collect()).await?;
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
fn person(at: usize, owners: &[Record<User>], of: Id<Partner>) -> Changes<Partner> {
    let firm = at / PEOPLE_OF_FIRM;
    let (owner, company) = care(firm, owners);
    let works_there = at.is_multiple_of(PEOPLE_OF_FIRM);
    Changes::from([
        Partner::NAME.set(names::of_person(firm, at % PEOPLE_OF_FIRM)),
        Partner::PARENT.set(works_there.then_some(of)),
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
    match tags.get(at / 2 % TAGS.len()).filter(|_| at.is_multiple_of(2)) {
        Some(tag) => firm.with(Partner::TAGS.add(&[*tag])),
        None => firm,
    }
}
