//! What is asked of both sides, and that both give the same answer to it.

use serde_json::{Value, json};

use crate::{
    Result,
    installation::Installation,
    rows::PARTNERS,
    server_process::ServerProcess,
    wire::{self, Answer, Method},
};

/// How many different requests a case goes through in turn.
const VARIANTS: u32 = 256;
/// How many answers of both sides are compared before anything is timed.
const COMPARED: usize = 24;
/// Lines of a new sale.
const LINES: u32 = 5;

/// What a new sale leaves behind, beside its answer.
const LEFT_BY_SALE: &[&str] =
    &["/api/v1/sale_lines?sort=sequence&sale_id=:id", "/api/v1/sales/:id/history"];

/// What no two new records have in common, and the lines and histories of them.
const OWN: [&str; 6] = ["id", "number", "created_at", "updated_at", "at", "sale_id"];

/// The same question to two sides.
pub(crate) struct Case<'a> {
    pub(crate) name: &'static str,
    /// The most that the left side may cost, as a multiple of the right one.
    pub(crate) limit: Option<f64>,
    pub(crate) left: Side<'a>,
    pub(crate) right: Side<'a>,
    /// How much of the answers is the same.
    sameness: Sameness<'a>,
}

/// Who is asked, and what.
pub(crate) struct Side<'a> {
    pub(crate) server: &'a ServerProcess,
    pub(crate) requests: Vec<Vec<u8>>,
}

/// How much of the answers of two sides is the same.
#[derive(Clone, Copy)]
enum Sameness<'a> {
    /// Every byte of the body.
    Bytes,
    /// Every byte but digits, and every value but those in [`OWN`]: of the answers, and of what
    /// ours says at these paths about each of the new records.
    NewRecord { left_behind: &'static [&'static str], token: &'a str },
    /// Two askers see different rows.
    OnlyTheStatus,
}

/// Every case, the one that adds rows last.
pub(crate) fn cases(installation: &Installation, rows: u32) -> Result<Vec<Case<'_>>> {
    let admin = installation.admin.as_str();
    let new_record = |left_behind| Sameness::NewRecord { left_behind, token: admin };
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
    let create = posts("/api/v1/products", admin, |it| product(installation, it));
    let create_sale = posts("/api/v1/sales", admin, |it| sale(installation, it, rows));
    Ok(vec![
        against_by_hand("read one by id", Some(1.25), Sameness::Bytes, installation.reads(rows)),
        against_by_hand(
            "list 20, filter and order",
            Some(1.1),
            Sameness::Bytes,
            gets(admin, list_20),
        ),
        against_by_hand("list 1000", Some(0.83), Sameness::Bytes, gets(admin, list_1000)),
        against_by_hand(
            "page of 100 with three relations",
            Some(1.3),
            Sameness::Bytes,
            gets(admin, with_relations),
        ),
        Case {
            name: "list 20 under rules, against all",
            limit: Some(1.3),
            left: Side { server: &installation.ours, requests: gets(&installation.ruled, leads) },
            right: Side { server: &installation.ours, requests: gets(admin, leads) },
            sameness: Sameness::OnlyTheStatus,
        },
        Case {
            name: "list 50 under 3 rules, against all",
            limit: Some(1.3),
            left: Side {
                server: &installation.with_rights,
                requests: gets(&installation.seller, pages),
            },
            right: Side { server: &installation.with_rights, requests: gets(admin, pages) },
            sameness: Sameness::OnlyTheStatus,
        },
        against_by_hand("create one", None, new_record(&[]), create),
        against_by_hand(
            "create a sale with 5 lines",
            Some(1.5),
            new_record(LEFT_BY_SALE),
            create_sale,
        ),
    ])
}

fn gets(token: &str, path: impl Fn(u32) -> String) -> Vec<Vec<u8>> {
    (0..VARIANTS).map(|it| wire::request(Method::Get, &path(it), Some(token), "")).collect()
}

fn posts(path: &str, token: &str, body: impl Fn(u32) -> Value) -> Vec<Vec<u8>> {
    let request = |it| wire::request(Method::Post, path, Some(token), &body(it).to_string());
    (0..VARIANTS).map(request).collect()
}

fn product(installation: &Installation, number: u32) -> Value {
    json!({
        "name": format!("A lamp of sort {number}"),
        "price": format!("{number}.50"),
        "cost": "0.25",
        "unit_id": installation.around.unit,
        "active": true,
    })
}

/// A sale as a form sends it: what comes with a product is filled in, and the rest is not said.
fn sale(installation: &Installation, number: u32, rows: u32) -> Value {
    let around = &installation.around;
    let taxes = around.taxes.len() as u32;
    let line = |place: u32| {
        let number = number * LINES + place;
        // Every other line has less than a whole, and a discount that must be rounded.
        let (qty, discount) = match place % 2 {
            0 => (format!("{}.000", place + 1), "0.00"),
            _ => (format!("{place}.335"), "12.50"),
        };
        json!({
            "product_id": 1 + spread(number, rows),
            "name": format!("What was ordered of number {number}"),
            "qty": qty,
            "unit_id": around.unit,
            "price": format!("{}.95", number * 7 % 5_000),
            "discount": discount,
            "tax_id": around.taxes[(number % taxes) as usize],
        })
    };
    let lines: Vec<Value> = (0..LINES).map(line).collect();
    let partner = around.partner + i64::from(number % PARTNERS);
    json!({ "partner_id": partner, "lines": { "create": lines } })
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
                && self.sameness.holds(self.left.server, &left, &right)?;
            if !is_same {
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

impl Sameness<'_> {
    /// `ours` is asked about what new records leave behind.
    fn holds(self, ours: &ServerProcess, left: &Answer, right: &Answer) -> Result<bool> {
        match self {
            Self::Bytes => Ok(left.body == right.body),
            Self::OnlyTheStatus => Ok(true),
            Self::NewRecord { left_behind, token } => {
                for path in left_behind {
                    let [left, right] = [left, right].map(|it| behind(ours, it, (path, token)));
                    let (left, right) = (left?, right?);
                    if shared(&left.body)? != shared(&right.body)? {
                        let said = (shown(&left), shown(&right));
                        return Err(format!("left behind at {path}\n{}\n{}", said.0, said.1).into());
                    }
                }
                Ok(without_digits(left) == without_digits(right)
                    && shared(&left.body)? == shared(&right.body)?)
            }
        }
    }
}

fn shown(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

fn without_digits(answer: &Answer) -> Vec<u8> {
    answer.body.iter().copied().filter(|it| !it.is_ascii_digit()).collect()
}

/// What is said at a path about the record of an answer.
fn behind(ours: &ServerProcess, of: &Answer, (path, token): (&str, &str)) -> Result<Answer> {
    let record: Value = serde_json::from_slice(&of.body)?;
    let path = path.replace(":id", &record["id"].to_string());
    let answer = ours.ask(&wire::request(Method::Get, &path, Some(token), ""))?;
    match answer.status {
        200 => Ok(answer),
        status => Err(format!("{path} has the status {status}").into()),
    }
}

/// A body without what is a record's own.
fn shared(body: &[u8]) -> Result<Value> {
    let mut body = serde_json::from_slice(body)?;
    forget_own(&mut body);
    Ok(body)
}

fn forget_own(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.retain(|key, _| !OWN.contains(&key.as_str()));
            entries.values_mut().for_each(forget_own);
        }
        Value::Array(items) => {
            // In a history, a field is an object that names it.
            items.retain(|it| !it["field"].as_str().is_some_and(|it| OWN.contains(&it)));
            items.iter_mut().for_each(forget_own);
        }
        _ => {}
    }
}
