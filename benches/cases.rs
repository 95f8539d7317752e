//! What is asked of both sides, and that both give the same answer to it.

use crate::{
    Result,
    installation::Installation,
    server_process::ServerProcess,
    wire::{self, Answer, Method},
};

/// How many different requests a case goes through in turn.
const VARIANTS: u32 = 256;
/// How many answers of both sides are compared before anything is timed.
const COMPARED: usize = 24;

/// The same question to two sides.
pub(crate) struct Case<'a> {
    pub(crate) name: &'static str,
    /// The most that the left side may cost, as a multiple of the right one.
    pub(crate) limit: Option<f64>,
    pub(crate) left: Side<'a>,
    pub(crate) right: Side<'a>,
    /// How much of the answers is the same.
    sameness: Sameness,
}

/// Who is asked, and what.
pub(crate) struct Side<'a> {
    pub(crate) server: &'a ServerProcess,
    pub(crate) requests: Vec<Vec<u8>>,
}

/// How much of the answers of two sides is the same.
#[derive(Clone, Copy)]
enum Sameness {
    /// Every byte of the body.
    Bytes,
    /// Every byte but digits: ids and times of new records differ.
    AllButDigits,
    /// Two askers see different rows.
    OnlyTheStatus,
}

/// Every case, the one that adds rows last.
pub(crate) fn cases(installation: &Installation, rows: u32) -> Result<Vec<Case<'_>>> {
    let admin = installation.admin.as_str();
    let get = |token: &str, paths: &dyn Fn(u32) -> String| -> Vec<Vec<u8>> {
        (0..VARIANTS).map(|it| wire::request(Method::Get, &paths(it), Some(token), "")).collect()
    };
    let against_by_hand = |name, limit, sameness, requests: Vec<Vec<u8>>| Case {
        name,
        limit,
        left: Side { server: &installation.ours, requests: requests.clone() },
        right: Side { server: &installation.by_hand, requests },
        sameness,
    };
    let list_20 = |it| {
        let price = it * 3 + 1;
        format!("/api/v1/products?price[gte]={price}.50&kind=goods&sort=price&limit=20")
    };
    let list_1000 = |it| {
        let first = 1 + spread(it, rows / 2);
        format!("/api/v1/products?id[gte]={first}&sort=id&limit=1000")
    };
    let with_relations = |it| {
        let first = 1 + spread(it, rows / 2);
        format!("/api/v1/products?id[gte]={first}&sort=id&limit=100&expand=category,unit,tags")
    };
    let leads = |it| {
        let amount = it * 7 + 1;
        format!("/api/v1/leads?amount[gte]={amount}&sort=-id&limit=20")
    };
    // The first page, of one length or another.
    let pages = |it| format!("/api/v1/leads?sort=-id&limit={}", 48 + it % 4);
    let create = (0..VARIANTS).map(|it| {
        let body = format!(
            "{{\"name\":\"A lamp of sort {it}\",\"price\":\"{it}.50\",\"cost\":\"0.25\",\
             \"unit_id\":{},\"active\":true}}",
            installation.unit
        );
        wire::request(Method::Post, "/api/v1/products", Some(admin), &body)
    });
    Ok(vec![
        against_by_hand("read one by id", Some(1.25), Sameness::Bytes, installation.reads(rows)),
        against_by_hand(
            "list 20, filter and order",
            Some(1.1),
            Sameness::Bytes,
            get(admin, &list_20),
        ),
        against_by_hand("list 1000", Some(0.83), Sameness::Bytes, get(admin, &list_1000)),
        against_by_hand(
            "page of 100 with three relations",
            None,
            Sameness::Bytes,
            get(admin, &with_relations),
        ),
        Case {
            name: "list 20 under rules, against all",
            limit: Some(1.3),
            left: Side { server: &installation.ours, requests: get(&installation.ruled, &leads) },
            right: Side { server: &installation.ours, requests: get(admin, &leads) },
            sameness: Sameness::OnlyTheStatus,
        },
        Case {
            name: "list 50 under 3 rules, against all",
            limit: Some(1.3),
            left: Side {
                server: &installation.with_rights,
                requests: get(&installation.seller, &pages),
            },
            right: Side { server: &installation.with_rights, requests: get(admin, &pages) },
            sameness: Sameness::OnlyTheStatus,
        },
        against_by_hand("create one", None, Sameness::AllButDigits, create.collect()),
    ])
}

/// Numbers below `end` that neighbours in a table are not next to each other for.
pub(crate) fn spread(number: u32, end: u32) -> u32 {
    const STEP: u64 = 2_654_435_761;
    u32::try_from(u64::from(number) * STEP % u64::from(end.max(1))).unwrap_or_default()
}

impl Case<'_> {
    /// Asks both sides the same and compares what they say.
    pub(crate) fn check_answers(&self) -> Result<()> {
        for (left, right) in self.left.requests.iter().zip(&self.right.requests).take(COMPARED) {
            let (left, right) = (self.left.server.ask(left)?, self.right.server.ask(right)?);
            let is_same = left.status == right.status
                && (200..300).contains(&left.status)
                && !left.body.is_empty()
                && self.sameness.holds(&left, &right);
            if !is_same {
                let shown = |it: &Answer| String::from_utf8_lossy(&it.body).into_owned();
                return Err(format!(
                    "`{}`: the answers differ\n{} {}\n{} {}",
                    self.name,
                    left.status,
                    shown(&left),
                    right.status,
                    shown(&right)
                )
                .into());
            }
        }
        Ok(())
    }

    /// What the left side says about its statements.
    pub(crate) fn statements(&self) -> Result<String> {
        let answer = self.left.server.ask(&self.left.requests[0])?;
        let timing = answer.header("server-timing").unwrap_or_default();
        let said = timing.split('"').nth(1).unwrap_or("none").to_owned();
        match said.as_str() {
            // A list asks for its rows, and for nothing else.
            many if self.name.starts_with("list") && many != "1 statement" => {
                Err(format!("`{}` takes {many}", self.name).into())
            }
            // One more for each relation, however many records have it.
            many if self.name.contains("three relations") && many != "4 statements" => {
                Err(format!("`{}` takes {many}", self.name).into())
            }
            _ => Ok(said),
        }
    }
}

impl Sameness {
    fn holds(self, left: &Answer, right: &Answer) -> bool {
        let without_digits = |it: &Answer| -> Vec<u8> {
            it.body.iter().copied().filter(|it| !it.is_ascii_digit()).collect()
        };
        match self {
            Self::Bytes => left.body == right.body,
            Self::AllButDigits => without_digits(left) == without_digits(right),
            Self::OnlyTheStatus => true,
        }
    }
}
