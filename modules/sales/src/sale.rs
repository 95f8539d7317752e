//! What a partner has ordered, or thinks of ordering: who, when, how far it has come, and the sums
//! of its lines.

use orm::{
    ChangeSet, Computed, Decimal, Many, Many2One, Model, One2Many, Result, Session, Verb,
    chrono::NaiveDate,
};
use partners::Partner;
use users::{Company, User};

use crate::{SaleLine, SaleStage, sale_number};

/// What a partner has ordered.
#[derive(Debug, Model)]
#[model(table = "sales", display = "number", order = "-date", scope_index = "owner")]
#[model(unique = "company, number", company_owned, history = "730 days", before = prepare)]
pub struct Sale {
    /// The next one of the company, where nobody says.
    #[field(max = 40, filled, search, write = "sales.manager")]
    pub number: String,
    /// Whoever buys.
    #[field(on_delete = "restrict", index)]
    pub partner: Many2One<Partner>,
    /// Who looks after it; without one, whoever comes first.
    #[field(on_delete = "set_null")]
    pub owner: Option<Many2One<User>>,
    /// Our company that sells; without one, each does.
    #[field(on_delete = "restrict")]
    pub company: Option<Many2One<Company>>,
    /// How far it has come: the first stage, where nobody says.
    #[field(on_delete = "restrict", filled)]
    pub stage: Many2One<SaleStage>,
    /// Today, where nobody says.
    #[field(filled)]
    pub date: NaiveDate,
    /// What was ordered.
    #[field(inverse = "sale")]
    pub lines: One2Many<SaleLine>,
    /// The sum of the lines, before taxes.
    #[field(compute = sum(lines.subtotal), stored, scale = 2)]
    pub amount_untaxed: Computed<Decimal>,
    /// The taxes of the lines.
    #[field(compute = sum(lines.tax_amount), stored, scale = 2, reveals)]
    pub amount_tax: Computed<Decimal>,
    /// What the partner pays.
    #[field(compute = sum(lines.total), stored, scale = 2, reveals)]
    pub amount_total: Computed<Decimal>,
    #[field(max = 10_000, heavy)]
    pub notes: Option<String>,
}

fn sum(of_lines: Many<Decimal>) -> Decimal {
    of_lines.into_iter().sum()
}

/// Gives new sales a number, a stage and a date, and a number of its own to one that moves to
/// another company.
async fn prepare(session: &Session, set: &mut ChangeSet<Sale>) -> Result<()> {
    if set.verb() == Verb::Delete {
        return Ok(());
    }
    if set.verb() == Verb::Create {
        begin(session, set).await?;
    }
    sale_number::give(session, set).await
}

async fn begin(session: &Session, set: &mut ChangeSet<Sale>) -> Result<()> {
    let lacks: Vec<(bool, bool)> =
        set.iter().map(|it| (!it.names(Sale::STAGE), !it.names(Sale::DATE))).collect();
    let system = session.as_system("begin sales");
    let first = match lacks.iter().any(|it| it.0) {
        true => SaleStage::query(&system).order(SaleStage::SEQUENCE).first().await?,
        false => None,
    };
    for (at, (stage, date)) in lacks.into_iter().enumerate() {
        if let (true, Some(first)) = (stage, &first) {
            set.set_at(at, Sale::STAGE.set(first.id()));
        }
        if date {
            set.set_at(at, Sale::DATE.set(session.now().date_naive()));
        }
    }
    Ok(())
}
