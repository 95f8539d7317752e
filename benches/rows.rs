//! The rows that are read: products, and leads of which one user may see a tenth.

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

/// Fills the tables and gives the id of a unit.
pub(crate) fn insert(url: &str, count: u32) -> Result<i64> {
    let runtime = Runtime::new()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        // Ends when the client is dropped.
        let mut tasks = task::JoinSet::new();
        tasks.spawn(connection);
        client.batch_execute(&products(count)).await?;
        client.batch_execute(&leads(count)).await?;
        // Not in one batch: a vacuum refuses to be part of a transaction.
        client.batch_execute("vacuum (analyze) products").await?;
        client.batch_execute("vacuum (analyze) leads").await?;
        client.batch_execute("vacuum (analyze) products__tags").await?;
        client.batch_execute("analyze categories, product_tags").await?;
        let unit = client.query_one("select id from units where name = 'benchmark'", &[]).await?;
        Ok(unit.get(0))
    })
}

fn products(count: u32) -> String {
    format!(
        "insert into units (name) values ('benchmark');
         insert into categories (name) select 'Shelf ' || it from generate_series(1, 100) as it;
         insert into product_tags (name) select 'word ' || it from generate_series(1, 50) as it;
         insert into products
            (name, sku, kind, price, cost, unit_id, category_id, active, description, created_at, updated_at)
         select 'Product number ' || it, 'SKU-' || lpad(it::text, 8, '0'),
            case it % 5 when 0 then 'service' else 'goods' end,
            (it::bigint * 7919 % 1000000) / 100.0,
            case when it % 3 > 0 then (it::bigint * 7919 % 1000000) / 200 end,
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
