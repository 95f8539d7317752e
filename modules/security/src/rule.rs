//! The rows of a model that some roles, or everyone, may do something with.

use artel_core::App;
use orm::{ChangeSet, Error, Json, Many2Many, Model, Record, RecordChange, Result, Session, Verb};
use users::Role;

use crate::{seeded, subject};

/// The rows of a model that some roles, or everyone, may do something with.
///
/// Rules of a user's roles are or-ed, those for everyone and-ed on top. Where a verb has rules
/// for roles and none is of the user's, there are no rows.
#[derive(Debug, Model)]
#[model(table = "rules", display = "name", order = "model,name", signal = "rights")]
#[model(options = "open", before = guard, after = check)]
pub struct Rule {
    #[field(max = 200, search)]
    pub name: String,
    /// The collection: `leads`.
    #[field(max = 63, index)]
    pub model: String,
    #[field(default = false)]
    pub on_create: bool,
    #[field(default = false)]
    pub on_read: bool,
    #[field(default = false)]
    pub on_update: bool,
    #[field(default = false)]
    pub on_delete: bool,
    /// Whose it is; without any, everyone's.
    #[field(keeps)]
    pub roles: Many2Many<Role>,
    /// A filter in the language of searches; it may name `@me`, `@my_companies` and the like.
    pub filter: Json,
    /// Whether it is in force.
    #[field(default = true)]
    pub active: bool,
}

impl Rule {
    /// Whether it speaks of a verb, and is in force.
    pub(crate) fn speaks_of(&self, verb: Verb) -> bool {
        self.active
            && match verb {
                Verb::Create => self.on_create,
                Verb::Read => self.on_read,
                Verb::Update => self.on_update,
                Verb::Delete => self.on_delete,
            }
    }

    /// Holds it against the models.
    fn understood(&self, app: &App) -> Result<()> {
        let model = subject::model(&app.schema, &self.model)?;
        app.rights.rule(model, self.filter.text())?;
        Ok(())
    }

    /// What it becomes when these fields are set.
    fn after(&self, change: &RecordChange<'_, Self>) -> (bool, [bool; 4], Option<String>) {
        let flag = |column, now| change.value(column).and_then(orm::Value::as_bool).unwrap_or(now);
        let verbs = [
            flag(Self::ON_CREATE, self.on_create),
            flag(Self::ON_READ, self.on_read),
            flag(Self::ON_UPDATE, self.on_update),
            flag(Self::ON_DELETE, self.on_delete),
        ];
        let model = change.value(Self::MODEL).and_then(|it| Some(it.as_text()?.to_owned()));
        (flag(Self::ACTIVE, self.active), verbs, model)
    }
}

/// Keeps the last rule of a verb: without it, every row would be open.
async fn guard(session: &Session, set: &ChangeSet<Rule>) -> Result<()> {
    seeded::keep(session, set).await?;
    let Some(system) = subject::of_people(session, "guard rules") else { return Ok(()) };
    if set.verb() == Verb::Create || (set.verb() == Verb::Update && set.has_option("open")) {
        return Ok(());
    }
    users::rights_lock::take(&system).await?;
    let app = host(session)?;
    let rules = Rule::query(&system).filter(Rule::ACTIVE.eq(true)).all().await?;
    let is_touched = |it: &Record<Rule>| set.of_id(it.id()).is_some();
    let speaks_afterwards = |it: &Record<Rule>, model: &str, verb: Verb| {
        let Some(change) = set.of_id(it.id()) else {
            return it.model == model && it.speaks_of(verb);
        };
        if set.verb() == Verb::Delete {
            return false;
        }
        let (active, verbs, moved) = it.after(&change);
        active && verbs[verb as usize] && moved.as_deref().unwrap_or(&it.model) == model
    };
    // A broken one opens nothing that it was written to keep: it can always be switched off.
    let is_given_up = |it: &Record<Rule>| {
        let change = set.of_id(it.id());
        let active = change.as_ref().and_then(|it| it.value(Rule::ACTIVE)?.as_bool());
        active == Some(false) && it.understood(app).is_err()
    };
    for rule in rules.iter().filter(|it| is_touched(it) && !is_given_up(it)) {
        let opens = |verb: &Verb| {
            let stays = |it: &Record<Rule>| speaks_afterwards(it, &rule.model, *verb);
            rule.speaks_of(*verb) && !rules.iter().any(stays)
        };
        if Verb::ALL.iter().any(opens) {
            return Err(Error::refused("would_open"));
        }
    }
    Ok(())
}

/// What is saved can be understood.
async fn check(session: &Session, set: &ChangeSet<Rule>) -> Result<()> {
    let Some(system) = subject::saved_by_people(session, set, "check rules") else { return Ok(()) };
    let app = host(session)?;
    for id in set.ids() {
        let rule = Rule::find(&system, id).await?;
        // One that is switched off closes nothing: it may be broken, so that it can be.
        if rule.active {
            rule.understood(app)?;
        }
    }
    Ok(())
}

fn host(session: &Session) -> Result<&App> {
    let app = session.host::<App>();
    app.ok_or_else(|| Error::broken("a rule is written without its environment"))
}
