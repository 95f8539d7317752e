//! The rows that are read: products, leads of which one user may see a tenth, and sales that new
//! ones come beside.

use tokio::{runtime::Runtime, task};
use tokio_postgres::NoTls;

use crate::{
    Result,
    rights::{COLLEAGUE, SELLER},
};

/// Somebody who sees their own leads and those that nobody has.
pub(crate) const RULED_LOGIN: &str = "ann";

/// Somebody who sees their own leads, those of a colleague and those that nobody has.
pub(crate) const SELLER_LOGIN: &str = "bea";

/// What new records point at.
pub(crate) struct Around {
    /// A unit that products can be counted in.
    pub(crate) unit: i64,
    /// The first of [`PARTNERS`], whose keys follow one another.
    pub(crate) partner: i64,
    /// Those that the module brings, the lowest first.
    pub(crate) taxes: Vec<i64>,
}

/// Those who buy.
pub(crate) const PARTNERS: u32 = 100;

/// Fills the tables.
pub(crate) fn insert(url: &str, count: u32) -> Result<Around> {
    let runtime = Runtime::new()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        // Ends when the client is dropped.
        let mut tasks = task::JoinSet::new();
        tasks.spawn(connection);
        client.batch_execute(&products(count)).await?;
        client.batch_execute(&leads(count)).await?;
        client.batch_execute(&sales(count)).await?;
        // Not in one batch: a vacuum refuses to be part of a transaction.
        client.batch_execute("vacuum (analyze) products").await?;
        client.batch_execute("vacuum (analyze) leads").await?;
        client.batch_execute("vacuum (analyze) products__tags").await?;
        client.batch_execute("vacuum (analyze) sales").await?;
        client.batch_execute("vacuum (analyze) sale_lines").await?;
        client.batch_execute("analyze categories, product_tags, partners").await?;
        let unit = "select id from units where name = 'benchmark'";
        let partner = "select min(id) from partners where name like 'Buyer %'";
        let taxes = client.query("select id from taxes order by percent", &[]).await?;
        Ok(Around {
            unit: client.query_one(unit, &[]).await?.get(0),
            partner: client.query_one(partner, &[]).await?.get(0),
            taxes: taxes.iter().map(|it| it.get(0)).collect(),
        })
    })
}

fn products(count: u32) -> String {
    format!(
        "insert into units (name) values ('benchmark');
         insert into categories (name) select 'Shelf ' || it from generate_series(1, 100) as it;
         insert into product_tags (name) select 'word ' || it from generate_series(1, 50) as it;
         insert into products
            (name, sku, kind, price, cost, margin, unit_id, category_id, active, description, created_at, updated_at)
         select 'Product number ' || it, 'SKU-' || lpad(it::text, 8, '0'),
            case it % 5 when 0 then 'service' else 'goods' end,
            (it::bigint * 7919 % 1000000) / 100.0,
            case when it % 3 > 0 then (it::bigint * 7919 % 1000000) / 200 end,
            case when it % 3 > 0 then
                (it::bigint * 7919 % 1000000) / 100.0 - (it::bigint * 7919 % 1000000) / 200
            end,
            (select id from units where name = 'benchmark'),
            (select min(id) from categories where name like 'Shelf %') + it * 31 % 100, it % 10 > 0,
            'What the catalogue says about it',
            timestamptz '2026-01-02 03:04:05.678901Z' + it * interval '1 second',
            timestamptz '2026-02-03 04:05:06.789012Z' + it * interval '1 second'
         from generate_series(1, {count}) as it;
         insert into products__tags (source_id, target_id)
         select p.id, t.first + (p.id * step) % 50
         from products p, (values (7), (11), (13)) as steps (step),
            (select min(id) as first from product_tags where name like 'word %') as t
         on conflict do nothing"
    )
}

/// One in twenty is the ruled user's, one in twenty is free, the others are shared by the seller,
/// their colleague and 198 more. Neighbours belong to different people.
fn leads(count: u32) -> String {
    format!(
        "insert into users (id, name, login, language, is_admin, active)
         select id, 'Owner ' || id, 'owner' || id, 'en', false, true
         from generate_series({COLLEAGUE}, {COLLEAGUE} + 198) as id;
         insert into users__roles (source_id, target_id)
         select u.id, r.id from users u, roles r
         where (u.login, r.name) in (('{RULED_LOGIN}', 'leads.user'), ('{SELLER_LOGIN}', '{SELLER}'));
         insert into lead_stages (name, sequence, closed) values ('benchmark', 1000, false);
         insert into leads (name, kind, stage_id, owner_id, amount, probability, active)
         select 'A chance of number ' || it, 'lead',
            (select id from lead_stages where name = 'benchmark'),
            case it % 20
                when 7 then (select id from users where login = '{RULED_LOGIN}')
                when 13 then null
                else coalesce(
                    nullif({COLLEAGUE} - 1 + it::bigint * 7919 % 200, {COLLEAGUE} - 1),
                    (select id from users where login = '{SELLER_LOGIN}')
                )
            end,
            (it::bigint * 7919 % 1000000) / 10.0, it % 100, true
         from generate_series(1, {count}) as it"
    )
}

/// One for ten products, each with three lines.
fn sales(count: u32) -> String {
    format!(
        "insert into partners (name, kind, active)
         select 'Buyer ' || it, 'company', true from generate_series(1, {PARTNERS}) as it;
         insert into sales
            (number, partner_id, stage_id, date, amount_untaxed, amount_tax, amount_total)
         select 'B' || lpad(it::text, 6, '0'),
            (select min(id) from partners where name like 'Buyer %') + it % {PARTNERS},
            (select id from sale_stages order by sequence limit 1),
            date '2026-01-02' + it % 300, 30, 0, 30
         from generate_series(1, {count} / 10) as it;
         insert into sale_lines
            (sale_id, sequence, product_id, name, qty, unit_id, price, discount, subtotal, tax_amount, total)
         select s.id, place, p.id, p.name, 1, p.unit_id, 10, 0, 10, 0, 10
         from sales s, generate_series(1, 3) as place, products p
         where s.number like 'B%' and p.id = 1 + (s.id * 3 + place) % {count}"
    )
}
