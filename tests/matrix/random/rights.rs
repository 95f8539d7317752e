//! Rights: a tree of roles, grants, rules of roles and of everyone, closed fields, and people.

use crate::{
    chance::Chance,
    oracle::{Asker, Condition, FieldRight, Grant, Rights, Rule, WORLD, table},
    random::{Purpose, among, filter},
};

/// What each of six roles implies: those before it in a tree of up to four levels, some with
/// several above them.
pub(crate) fn role_tree(from: &mut Chance) -> Vec<Vec<usize>> {
    let mut tree: Vec<(Vec<usize>, usize)> = Vec::new();
    for _ in 0..6 {
        let mut implied = Vec::new();
        let mut depth = 0;
        for (below, (_, its_depth)) in tree.iter().enumerate() {
            if *its_depth < 3 && from.percent(25) {
                implied.push(below);
                depth = depth.max(its_depth + 1);
            }
        }
        tree.push((implied, depth));
    }
    tree.into_iter().map(|it| it.0).collect()
}

/// Grants: a role and a table at the most once.
pub(crate) fn grants(from: &mut Chance, rights: &Rights, roles: &[i64]) -> Vec<Grant> {
    let mut grants = Vec::new();
    for name in WORLD.into_iter().filter(|it| table(it).part_of.is_none()) {
        for role in roles.iter().copied().chain([rights.everyone]) {
            let often = if role == rights.everyone { 45 } else { 40 };
            if from.percent(often) {
                let verbs = match from.below(12) {
                    0 => [false, false, from.percent(60), from.percent(60)],
                    _ => {
                        let read = from.percent(85);
                        [from.percent(55), read, from.percent(60), from.percent(45)]
                    }
                };
                grants.push(Grant { role, table: name, verbs });
            }
        }
    }
    grants
}

/// Rules of roles and of everyone, on some tables more than on others.
pub(crate) fn rules(from: &mut Chance, roles: &[i64], to: Purpose<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    for name in WORLD.into_iter().filter(|it| table(it).part_of.is_none()) {
        let of = table(name);
        for _ in 0..from.below(4) {
            let of_everyone = from.percent(30);
            let mut owners = if of_everyone { Vec::new() } else { from.some(roles, 35) };
            if !of_everyone && owners.is_empty() {
                owners.push(*from.one(roles));
            }
            let verbs = *from.one(&[
                [true, true, true, true],
                [false, true, false, false],
                [false, true, true, true],
                [true, false, true, false],
                [false, false, true, true],
                [false, true, true, false],
            ]);
            let levels = from.below(4);
            let when = match from.below(12) {
                0 => Condition::anything(),
                // What a write of a part, or of links, changes for the whole.
                1..=5 => among(from, of, to).unwrap_or_else(|| filter(from, of, levels, to)),
                _ => filter(from, of, levels, to),
            };
            // Wide enough for something to be seen.
            let when = match (of_everyone, from.percent(60)) {
                (true, true) => {
                    let other = filter(from, of, 0, to);
                    Condition::Any(vec![when, other])
                }
                _ => when,
            };
            let is_active = from.percent(92);
            rules.push(Rule { table: name, verbs, roles: owners, when, is_active });
        }
    }
    rules
}

/// Closed fields.
pub(crate) fn fields(from: &mut Chance, roles: &[i64]) -> Vec<FieldRight> {
    let mut rights = Vec::new();
    for name in WORLD {
        for field in table(name).fields.iter().filter(|it| it.name != "id") {
            let is_two_sided = matches!(field.name, "notes" | "tags" | "lines" | "space" | "note");
            let often = match (field.is_fixed, is_two_sided) {
                (true, _) => 4,
                // Closed on one side, a relation is closed on the other.
                (false, true) => 24,
                (false, false) => 14,
            };
            for _ in 0..2 {
                if from.percent(often) {
                    let (read, write) = *from.one(&[(true, false), (false, true), (true, true)]);
                    let roles = vec![*from.one(roles)];
                    rights.push(FieldRight { table: name, field: field.name, read, write, roles });
                }
            }
        }
    }
    rights
}

/// What somebody is, by their place among the people of the tests: one has no role, one is an
/// administrator, one is blocked, one looks after people.
pub(crate) fn asker(
    from: &mut Chance,
    (at, who): (usize, &mut Asker),
    rights: &Rights,
    (roles, companies, keeper): (&[i64], &[i64], i64),
) {
    who.is_admin = at == 1;
    who.is_blocked = at == 2;
    who.given = match at {
        0 => Vec::new(),
        3 => from.some(roles, 30).into_iter().chain([keeper]).collect(),
        _ => from.some(roles, 35),
    };
    who.roles = rights.closure(&who.given);
    who.company = from.percent(70).then(|| *from.one(companies));
    who.companies = from.some(companies, 40);
}
