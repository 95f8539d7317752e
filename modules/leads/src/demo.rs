//! 500 leads of four owners and of nobody, in every stage.

use artel_core::{Result, Session};
use orm::{Changes, Decimal, Id, Model};
use partners::Partner;
use users::User;

use crate::{Lead, LeadKind, LeadStage, Team, seed};

const OWNERS: [&str; 4] = ["ann", "boris", "clara", "diana"];
const TEAMS: [&str; 2] = ["Север", "South"];
const SUBJECTS: [&str; 8] = [
    "Освещение офиса",
    "Office chairs",
    "Обучение команды",
    "Notebooks for a school",
    "Монтаж в новом здании",
    "Consulting, one quarter",
    "Календари на год",
    "Furniture for a café",
];
const LEADS: usize = 500;

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let stages = seed::stages(session).await?;
    let owners = owners(session).await?;
    let teams = teams(session, &owners).await?;
    let partners: Vec<Id<Partner>> =
        Partner::query(session).order(Partner::ID).all().await?.iter().map(|it| it.id()).collect();
    let around = Around { stages, owners, teams, partners };
    let leads = (0..LEADS).map(|at| lead(at, &around)).collect();
    Lead::create_many(session, leads).await?;
    Ok(())
}

/// What leads point at.
struct Around {
    stages: Vec<Id<LeadStage>>,
    owners: Vec<Id<User>>,
    teams: Vec<Id<Team>>,
    partners: Vec<Id<Partner>>,
}

async fn owners(session: &Session) -> Result<Vec<Id<User>>> {
    let cond = User::LOGIN.one_of(OWNERS);
    let users = User::query(session).filter(cond).order(User::ID).all().await?;
    Ok(users.iter().map(|it| it.id()).collect())
}

/// The owners take turns in the teams.
async fn teams(session: &Session, owners: &[Id<User>]) -> Result<Vec<Id<Team>>> {
    let teams = TEAMS.map(|it| Changes::from([Team::NAME.set(it)]));
    let teams = Team::create_many(session, teams.into()).await?;
    for (at, team) in teams.iter().enumerate() {
        let members: Vec<Id<User>> =
            owners.iter().skip(at).step_by(TEAMS.len()).copied().collect();
        Team::link(session, *team, Team::MEMBERS, &members).await?;
    }
    Ok(teams)
}

fn lead(at: usize, around: &Around) -> Changes<Lead> {
    let Around { stages, owners, teams, partners } = around;
    let is_opportunity = at % 3 != 0;
    // Every ninth is nobody's; the others are shared evenly.
    let owner = if at % 9 == 8 { None } else { owners.get(at % OWNERS.len()) };
    let amount = Decimal::new(5_000 + (at as i64 * 104_729) % 9_000_000, 2);
    Changes::from([
        Lead::NAME.set(format!("{} №{}", SUBJECTS[at % SUBJECTS.len()], at + 1)),
        Lead::KIND.set(if is_opportunity { LeadKind::Opportunity } else { LeadKind::Lead }),
        Lead::STAGE.set(stages[at * 7 / 3 % stages.len()]),
        Lead::PARTNER.set(partners.get(at * 11 % (partners.len() + 20)).copied()),
        Lead::OWNER.set(owner.copied()),
        Lead::TEAM.set(teams.get(at % (TEAMS.len() + 1)).copied()),
        Lead::AMOUNT.set(is_opportunity.then_some(amount)),
        Lead::PROBABILITY.set(is_opportunity.then_some((at * 5 % 101) as i16)),
        Lead::ACTIVE.set(at % 31 != 30),
    ])
}
