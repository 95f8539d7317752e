//! What modules declare, as rows: made once, followed as long as nobody else changes them.
//!
//! **Invariant:** what an administrator made of a row stays. A row that nobody touched follows
//! its declaration; one whose declaration is gone gives nothing any more, but goes on closing.

mod field_right;
mod grant;
mod role;
mod rule;

use std::collections::BTreeMap;

use artel_core::{App, Error, Result, Session, access};
use orm::{
    Id, Model,
    engine::{self, Seed},
};
use users::Role;

/// A declaration that becomes a row.
trait Declared: Sync {
    /// The table of its rows.
    const TABLE: &'static str;

    fn module(&self) -> &'static str;

    /// What its module calls it; never the same for two declarations of one module.
    fn key(&self) -> String;

    /// All that it says, in one text.
    fn content(&self) -> String;

    /// The row that stands in its place already, made by somebody else.
    async fn find(&self, session: &Session, roles: &Roles) -> Result<Option<i64>>;

    /// Makes rows; their ids, in order.
    async fn create(session: &Session, list: &[&Self], roles: &Roles) -> Result<Vec<i64>>;

    /// What a row says, in the same form; none when there is no such row.
    async fn content_of(session: &Session, id: i64, roles: &Roles) -> Result<Option<String>>;

    /// Has a row say what is declared now.
    async fn change(&self, session: &Session, id: i64, roles: &Roles) -> Result<()>;

    /// Takes away what a row gives, and leaves what it closes.
    async fn give_up(session: &Session, id: i64) -> Result<()>;
}

/// Stands before the hash of a row whose declaration is gone.
const GONE: char = '-';

/// Ids of roles by name, and back.
#[derive(Default)]
struct Roles(BTreeMap<String, i64>);

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let app = session.host::<App>().ok_or_else(|| Error::broken("a seed without environment"))?;
    let declared = app.rights.declared();
    let access::DeclaredRights { roles, grants, rules, field_rights, .. } = declared;
    let tables = [
        access::SeedRole::TABLE,
        access::SeedGrant::TABLE,
        access::SeedRule::TABLE,
        access::SeedFieldRight::TABLE,
    ];
    let mut seeds = engine::seeds_of(session, &tables).await?;
    // What other programs on this database bring is theirs.
    seeds.retain(|it| declared.modules.contains(it.module.as_str()));
    if is_settled(&seeds, roles)
        && is_settled(&seeds, grants)
        && is_settled(&seeds, rules)
        && is_settled(&seeds, field_rights)
    {
        return Ok(());
    }
    settle(session, &seeds, roles, &Roles::default()).await?;
    let ids = Roles::load(session).await?;
    role::imply(session, roles, &ids).await?;
    settle(session, &seeds, grants, &ids).await?;
    settle(session, &seeds, rules, &ids).await?;
    settle(session, &seeds, field_rights, &ids).await
}

/// Whether every declaration has its row as it was last seen, and no row is without one.
fn is_settled<T: Declared>(seeds: &[Seed], declared: &[T]) -> bool {
    let of_table = seeds.iter().filter(|it| it.model == T::TABLE && !it.hash.starts_with(GONE));
    let is_known = |it: &T| {
        let hash = engine::hash_of(&it.content());
        let seed = find(seeds, it);
        seed.is_some_and(|seed| seed.hash == hash)
    };
    of_table.count() == declared.len() && declared.iter().all(is_known)
}

async fn settle<T: Declared>(
    session: &Session,
    seeds: &[Seed],
    declared: &[T],
    roles: &Roles,
) -> Result<()> {
    let mut kept = Vec::new();
    let mut new = Vec::new();
    for it in declared {
        let hash = engine::hash_of(&it.content());
        match find(seeds, it) {
            Some(seed) if seed.hash == hash => {}
            Some(seed) => {
                if is_untouched::<T>(session, seed, roles).await? {
                    it.change(session, seed.record_id, roles).await?;
                    kept.push(Seed { hash, ..seed.clone() });
                }
            }
            None => match it.find(session, roles).await? {
                Some(id) => kept.push(seed_of(it, id)),
                None => new.push(it),
            },
        }
    }
    let ids = if new.is_empty() { Vec::new() } else { T::create(session, &new, roles).await? };
    kept.extend(new.into_iter().zip(ids).map(|(it, id)| seed_of(it, id)));
    let is_declared = |seed: &Seed| declared.iter().any(|it| is_of(seed, it));
    let is_left = |it: &&Seed| it.model == T::TABLE && !it.hash.starts_with(GONE);
    for seed in seeds.iter().filter(is_left).filter(|it| !is_declared(it)) {
        if is_untouched::<T>(session, seed, roles).await? {
            tracing::info!(module = seed.module, key = seed.key, "a right is declared no more");
            T::give_up(session, seed.record_id).await?;
            let content = T::content_of(session, seed.record_id, roles).await?;
            let hash = engine::hash_of(&content.unwrap_or_default());
            kept.push(Seed { hash: format!("{GONE}{hash}"), ..seed.clone() });
        }
    }
    if kept.is_empty() { Ok(()) } else { Ok(engine::remember_seeds(session, &kept).await?) }
}

/// Whether a row still says what code last made of it.
async fn is_untouched<T: Declared>(session: &Session, seed: &Seed, roles: &Roles) -> Result<bool> {
    // Rows of older programs were kept without their content, and nobody could change them.
    if seed.hash.is_empty() {
        return Ok(true);
    }
    let content = T::content_of(session, seed.record_id, roles).await?;
    Ok(content.is_some_and(|it| engine::hash_of(&it) == seed.hash.trim_start_matches(GONE)))
}

fn find<'s, T: Declared>(seeds: &'s [Seed], declared: &T) -> Option<&'s Seed> {
    seeds.iter().find(|it| is_of(it, declared))
}

fn is_of<T: Declared>(seed: &Seed, declared: &T) -> bool {
    seed.module == declared.module() && seed.key == declared.key()
}

fn seed_of<T: Declared>(declared: &T, record_id: i64) -> Seed {
    Seed {
        module: declared.module().to_owned(),
        key: declared.key(),
        model: T::TABLE.to_owned(),
        record_id,
        hash: engine::hash_of(&declared.content()),
    }
}

impl Roles {
    async fn load(session: &Session) -> Result<Self> {
        let roles = Role::query(session).all().await?;
        Ok(Self(roles.iter().map(|it| (it.name.clone(), it.id().get())).collect()))
    }

    /// The id of a role that is declared, and so has a row.
    fn id(&self, name: &str) -> i64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    fn ids<'n>(&self, names: impl IntoIterator<Item = &'n &'static str>) -> Vec<Id<Role>> {
        names.into_iter().map(|it| Id::new(self.id(it))).collect()
    }

    /// The names of roles, in order.
    fn names(&self, ids: &[i64]) -> Vec<&str> {
        let named = self.0.iter().filter(|it| ids.contains(it.1));
        named.map(|it| it.0.as_str()).collect()
    }
}

/// The ids behind a to-many field of one record.
async fn linked<M: Model>(session: &Session, field: &str, id: i64) -> Result<Vec<i64>> {
    let model = session.schema().of_def(M::def());
    let field = model.field(field).ok_or_else(|| Error::broken("a field that is not there"))?;
    Ok(engine::linked(session, model, field, &[id]).await?.pop().unwrap_or_default())
}
