//! A module that adds to the model of another: fields, choices and a check of its own.
//!
//! `cargo run --example extend_model`, and find `inn` and `rating` among the fields of partners,
//! and `carrier` among their kinds. The table is still one, and so are its routes.

use std::process::ExitCode;

use artel_core::{
    Answer, Ctx, Extend, Id, Model, Module, Record, Result, Rights, Setup, Texts, cli,
    http::poem_openapi::{self, OpenApi, param::Path},
};
use orm::Invalid;
use partners::{Partner, PartnerKind};

/// What tax offices want to know of a partner.
#[derive(Debug, Extend)]
#[extend(Partner, unique = "inn unless archived", check = check_inn)]
struct PartnerTax {
    /// The number that the tax office gave them.
    #[field(max = 12, search)]
    inn: Option<String>,
    /// How sure we are to be paid, from 0 to 10.
    #[field(min = 0, max = 10, default = 5, read = "extend_model.clerk")]
    #[field(write = "extend_model.clerk")]
    rating: i16,
}

/// Whom one deals with when things have to be moved.
#[derive(Extend)]
#[extend(Partner::KIND)]
enum TransportKind {
    /// Takes goods from one place to another.
    Carrier,
    #[selection(label = "Customs broker")]
    Broker,
}

/// That of a company has ten digits, that of a person twelve.
fn check_inn(partner: &Partner, tax: &PartnerTax, invalid: &mut Invalid) {
    let wanted = if partner.kind == PartnerKind::Person { 12 } else { 10 };
    let is_right = |it: &str| it.len() == wanted && it.bytes().all(|it| it.is_ascii_digit());
    if !tax.inn.as_deref().is_none_or(is_right) {
        invalid.field(PartnerTax::INN, "invalid");
    }
}

// The crate of an example is its module.
const MODULE: Module = Module { name: "extend_model", depends: &[&partners::MODULE], setup };

fn setup(to: &mut Setup) {
    to.rights(rights).routes(Routes).texts(Texts { en: EN, ru: RU });
}

/// Fields of an extension have rights as all fields have, and a module may speak of the rights of
/// every model that it depends on.
fn rights(to: &mut Rights) {
    to.role("extend_model.clerk", "Partners: rating").implies(&["partners.manager"]);
}

const EN: &str = "
field-partners-inn = Tax number
field-partners-rating = Rating
choice-partners-kind-broker = Customs broker
";

const RU: &str = "
field-partners-inn = ИНН
field-partners-rating = Надёжность
choice-partners-kind-carrier = Перевозчик
choice-partners-kind-broker = Таможенный брокер
";

struct Routes;

#[OpenApi(prefix_path = "/partners")]
impl Routes {
    /// Rates a partner; carriers are trusted a little more.
    #[oai(path = "/:id/praise", method = "post")]
    async fn praise_partner(&self, ctx: Ctx, id: Path<i64>) -> Result<Answer<Record<Partner>>> {
        let partner = Partner::find(&ctx, Id::new(id.0)).await?;
        let more = match partner.kind {
            PartnerKind::Other(TransportKind::CARRIER) => 2,
            _ => 1,
        };
        let rating = (partner.ext::<PartnerTax>()?.rating + more).min(10);
        let praised = Partner::update(&ctx, partner.id(), [PartnerTax::RATING.set(rating)]).await?;
        Ok(Answer(praised))
    }
}

fn main() -> ExitCode {
    cli::main(|settings| project_setup::environment(settings).module(MODULE))
}
