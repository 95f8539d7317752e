//! 500 leads to look at, and 5 000 to measure with: of four owners and of nobody, in every stage, in English and Russian.

use std::ops::Range;

use artel_core::{
    Result, Session,
    demo::{Progress, Unwatched, create_all},
};
use orm::{Changes, Decimal, Id, Model, Record};
use partners::Partner;
use users::User;

use crate::{Lead, LeadKind, LeadStage, Team, seed};

const LEADS: Range<usize> = 0..500;
/// With those that were there before, 5 000.
const LARGE: Range<usize> = LEADS.end..5_000;
const OWNERS: [&str; 4] = ["ann", "boris", "clara", "diana"];
const TEAMS: [&str; 2] = ["Север", "South"];
/// By turns Russian and English, each with the word that its number stands behind.
const SUBJECTS: [(&str, &str); 8] = [
    ("Освещение офиса", "заказ"),
    ("Office chairs", "order"),
    ("Мебель для школы", "заявка"),
    ("Notebooks for a school", "request"),
    ("Монтаж в новом здании", "заказ"),
    ("Lighting plan", "request"),
    ("Обучение столяров", "группа"),
    ("Furniture for a café", "order"),
];
/// How likely a sale is in each stage, in per cent.
const PROBABILITIES: [i16; 5] = [10, 30, 60, 100, 0];
/// The stages that a lead can be in which is no opportunity yet: new, in talks, lost.
const EARLY: [usize; 3] = [0, 1, 4];

/// What leads point at.
struct Around {
    stages: Vec<Id<LeadStage>>,
    owners: Vec<Id<User>>,
    teams: Vec<Id<Team>>,
    partners: Vec<Record<Partner>>,
}

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let owners = owners(session).await?;
    let teams = teams(session, &owners).await?;
    make(session, LEADS, (owners, teams), &Unwatched).await
}

pub(crate) async fn fill_large(session: &Session, progress: &dyn Progress) -> Result<()> {
    let cond = Team::NAME.one_of(TEAMS);
    let teams = Team::query(session).filter(cond).order(Team::ID).all().await?;
    let teams = teams.iter().map(Record::id).collect();
    make(session, LARGE, (owners(session).await?, teams), progress).await
}

/// Makes the leads with these numbers.
async fn make(
    session: &Session,
    numbers: Range<usize>,
    (owners, teams): (Vec<Id<User>>, Vec<Id<Team>>),
    progress: &dyn Progress,
) -> Result<()> {
    let stages = seed::stages(session).await?;
    let partners = Partner::query(session).order(Partner::ID).all().await?;
    let around = Around { stages, owners, teams, partners };
    let leads = numbers.map(|at| lead(at, &around)).collect();
    create_all(session, progress, leads).await?;
    Ok(())
}

async fn owners(session: &Session) -> Result<Vec<Id<User>>> {
    let cond = User::LOGIN.one_of(OWNERS);
    let users = User::query(session).filter(cond).order(User::ID).all().await?;
    Ok(users.iter().map(Record::id).collect())
}

/// The owners take turns in the teams.
async fn teams(session: &Session, owners: &[Id<User>]) -> Result<Vec<Id<Team>>> {
    let team = |(at, name): (usize, &&str)| {
        let members: Vec<Id<User>> = owners.iter().skip(at).step_by(TEAMS.len()).copied().collect();
        Changes::from([Team::NAME.set(*name), Team::MEMBERS.add(&members)])
    };
    Ok(Team::create_many(session, TEAMS.iter().enumerate().map(team).collect()).await?)
}

fn lead(at: usize, around: &Around) -> Changes<Lead> {
    let (subject, word) = SUBJECTS[at / OWNERS.len() % SUBJECTS.len()];
    let is_opportunity = !at.is_multiple_of(3);
    let stage = if is_opportunity { at / 3 % PROBABILITIES.len() } else { EARLY[at / 3 % 3] };
    // Every ninth is nobody's; the others are shared evenly.
    let owner = if at % 9 == 8 { None } else { around.owners.get(at % OWNERS.len()).copied() };
    let amount = Decimal::new(500_000 + (at as i64 * 7_919_317) % 90_000_000, 2);
    Changes::from([
        Lead::NAME.set(format!("{subject}, {word} {}", at + 1)),
        Lead::KIND.set(if is_opportunity { LeadKind::Opportunity } else { LeadKind::Lead }),
        Lead::STAGE.set(around.stages[stage]),
        Lead::PARTNER.set(partner(at, owner, &around.partners)),
        Lead::OWNER.set(owner),
        Lead::TEAM.set(around.teams.get(at / 4 % (TEAMS.len() + 1)).copied()),
        Lead::AMOUNT.set(is_opportunity.then_some(amount)),
        Lead::PROBABILITY.set(is_opportunity.then_some(PROBABILITIES[stage])),
        Lead::ACTIVE.set(at % 31 != 30),
    ])
}

/// Mostly a partner that the owner of the lead looks after; sometimes any, which they may not
/// see; sometimes none.
fn partner(
    at: usize,
    owner: Option<Id<User>>,
    partners: &[Record<Partner>],
) -> Option<Id<Partner>> {
    if at % 7 == 6 {
        return None;
    }
    let is_any = at.is_multiple_of(13);
    let is_theirs = |it: &Record<Partner>| it.owner.map(|it| it.id()) == owner;
    let from = at * 11 % partners.len().max(1);
    let mut around = partners.iter().cycle().skip(from).take(partners.len());
    around.find(|it| is_any || is_theirs(it)).map(Record::id)
}
