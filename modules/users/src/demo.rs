//! Two companies, and users of every kind to sign in as: the password of `ann` is `demo-ann`.

use artel_core::{Result, Session};
use orm::{Id, Model, Record};

use crate::{Company, MODULE, Role, User, UserLanguage};

struct DemoUser {
    login: &'static str,
    name: &'static str,
    language: UserLanguage,
    company: usize,
    /// Those of modules that are not listed are left out.
    roles: &'static [&'static str],
}

const COMPANIES: [&str; 2] = ["Северная артель", "Southern Works"];

const USERS: [DemoUser; 7] = [
    DemoUser {
        login: "ann",
        name: "Анна Орлова",
        language: UserLanguage::Ru,
        company: 0,
        roles: &["leads.user", "partners.user", "sales.user", "tasks.user"],
    },
    DemoUser {
        login: "boris",
        name: "Борис Титов",
        language: UserLanguage::Ru,
        company: 0,
        roles: &["leads.user", "partners.user", "sales.user", "tasks.user"],
    },
    DemoUser {
        login: "clara",
        name: "Clara Weiss",
        language: UserLanguage::En,
        company: 1,
        roles: &["leads.user", "partners.user", "sales.user", "tasks.user"],
    },
    DemoUser {
        login: "diana",
        name: "Diana Hart",
        language: UserLanguage::En,
        company: 0,
        roles: &["leads.manager", "partners.manager", "sales.manager", "tasks.manager"],
    },
    DemoUser {
        login: "emil",
        name: "Emil Novak",
        language: UserLanguage::En,
        company: 1,
        roles: &["products.manager", "tasks.user"],
    },
    // Has a grant on leads and on sales, but none of the roles that these have rules for: sees none.
    DemoUser {
        login: "fedor",
        name: "Фёдор Лисицын",
        language: UserLanguage::Ru,
        company: 0,
        roles: &["leads.guest", "sales.guest"],
    },
    DemoUser {
        login: "grace",
        name: "Grace Moore",
        language: UserLanguage::En,
        company: 1,
        roles: &[],
    },
];

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let mut companies = Vec::with_capacity(COMPANIES.len());
    for (at, name) in COMPANIES.iter().enumerate() {
        let key = format!("demo company {at}");
        let company = [Company::NAME.set(*name)];
        companies.push(Company::seeded(session, MODULE.name, &key, company).await?);
    }
    for user in &USERS {
        make(session, user, companies[user.company]).await?;
    }
    Ok(())
}

async fn make(session: &Session, user: &DemoUser, company: Id<Company>) -> Result<()> {
    let DemoUser { login, name, language, roles, .. } = *user;
    let roles = Role::query(session).filter(Role::NAME.one_of(roles.iter().copied())).all().await?;
    let roles: Vec<Id<Role>> = roles.iter().map(Record::id).collect();
    let changes = [
        User::LOGIN.set(login),
        User::NAME.set(name),
        User::EMAIL.set(format!("{login}@example.com")),
        User::PASSWORD.set(format!("demo-{login}")),
        User::LANGUAGE.set(language),
        User::COMPANY.set(company),
        User::COMPANIES.add(&[company]),
        User::ROLES.add(&roles),
    ];
    User::seeded(session, MODULE.name, &format!("demo user {login}"), changes).await?;
    Ok(())
}
