//! What it costs to create many records of a model at once, against a `COPY` of the same rows into
//! the same table, past the same constraints, indexes and foreign keys.
//!
//! Both run in a process of their own, in which nothing else happens: its time and that of
//! PostgreSQL count. An administrator creates them, so references are looked for; the model has a
//! computed field, which whoever copies works out, too. It has neither hooks nor a history.

use std::{
    collections::BTreeMap,
    env,
    io::{self, Write},
    pin::pin,
    process::{self, Command},
    sync::Arc,
    time::Duration,
};

use artel_core::{
    App, Settings,
    auth::Authenticator,
    settings::{ExposeSecret, SchemaChange, Source},
};
use chrono::Utc;
use orm::{Asker, Changes, Id, Model, Session};
use products::{Category, Product, Unit};
use rust_decimal::Decimal;
use tokio::{runtime, task};
use tokio_postgres::{
    Client, NoTls,
    binary_copy::BinaryCopyInWriter,
    types::{ToSql, Type},
};

use crate::{
    Result, arguments::BulkSettings, by_hand, comparison::median, home::Home,
    installation::Installation, processor_time::Processes,
};

const COPY: &str = "copy products (name, sku, kind, price, cost, margin, unit_id, category_id, \
     active, description, created_at, created_by_id, updated_at, updated_by_id) \
     from stdin (format binary)";

const TYPES: [Type; 14] = [
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::INT8,
    Type::INT8,
    Type::BOOL,
    Type::TEXT,
    Type::TIMESTAMPTZ,
    Type::INT8,
    Type::TIMESTAMPTZ,
    Type::INT8,
];

/// What was found.
pub(crate) struct Bulk {
    pub(crate) rows: usize,
    /// Milliseconds of processor time.
    pub(crate) ours: f64,
    pub(crate) copy: f64,
    /// The middle of the ratios of neighbouring rounds.
    pub(crate) ratio: f64,
}

/// A product, as both sides are given it.
struct Row {
    name: String,
    sku: String,
    price: Decimal,
    cost: Option<Decimal>,
    unit: i64,
    category: i64,
    description: String,
}

/// Measures it in another process.
pub(crate) fn measure(
    home: &Home,
    installation: &Installation,
    (rounds, rows): (usize, usize),
) -> Result<Bulk> {
    let mut command = Command::new(env::current_exe()?);
    let postmaster = installation.postmaster.to_string();
    let (rounds, count) = (rounds.to_string(), rows.to_string());
    command.args(["bulk", &installation.url, &postmaster, &rounds, &count]);
    let output = home.settle(&mut command).stderr(home.log("bulk.log")?).output()?;
    let said = String::from_utf8(output.stdout)?;
    let figures = said.lines().last().unwrap_or_default().split(' ');
    let figures: Vec<f64> = figures.filter_map(|it| it.parse().ok()).collect();
    match figures.as_slice() {
        [ours, copy, ratio] => Ok(Bulk { rows, ours: *ours, copy: *copy, ratio: *ratio }),
        _ => Err(format!("no figures of many rows but `{said}`").into()),
    }
}

/// Is that other process.
pub(crate) fn run(settings: &BulkSettings) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let Bulk { ours, copy, ratio, .. } = runtime.block_on(rounds(settings))?;
    Ok(writeln!(io::stdout(), "{ours} {copy} {ratio}")?)
}

async fn rounds(asked: &BulkSettings) -> Result<Bulk> {
    let mut settings = Settings::read(&Source::of_process(BTreeMap::new()))?;
    settings.schema_change = SchemaChange::Leave;
    let opened = project_setup::environment(settings).open().await?;
    let session = administrator(opened.app()).await?;
    let (client, connection) = by_hand::session_config(&asked.url)?.connect(NoTls).await?;
    // Ends when the client is dropped.
    let mut tasks = task::JoinSet::new();
    tasks.spawn(connection);
    let rows = rows(&client, asked.rows).await?;
    let meter = Meter { processes: Processes::of(asked.postmaster), client: &client };
    // The first of each is slower than all others: it plans, and finds nothing in memory.
    meter.time(create(&session, &rows)).await?;
    meter.time(copy(&client, &session, &rows)).await?;
    let mut found = Vec::with_capacity(asked.rounds);
    for round in 0..asked.rounds {
        let is_ours_first = round % 2 == 0;
        let mut ours = Duration::ZERO;
        if is_ours_first {
            ours = meter.time(create(&session, &rows)).await?;
        }
        let copy = meter.time(copy(&client, &session, &rows)).await?;
        if !is_ours_first {
            ours = meter.time(create(&session, &rows)).await?;
        }
        found.push((ours.as_secs_f64() * 1e3, copy.as_secs_f64() * 1e3));
    }
    opened.stop().await;
    Ok(Bulk {
        rows: rows.len(),
        ours: median(found.iter().map(|it| it.0)),
        copy: median(found.iter().map(|it| it.1)),
        ratio: median(found.iter().map(|it| it.0 / it.1)),
    })
}

/// A session as a request of the administrator has one.
async fn administrator(app: &Arc<App>) -> Result<Session> {
    let authenticator = Authenticator::of(app)?;
    let signed_in = authenticator.admit("admin").await?;
    let who = authenticator.authenticate(signed_in.token.expose_secret()).await?;
    let asker = Asker {
        access: who.access.clone(),
        id: Some(who.state.user),
        language: "en",
        now: Utc::now(),
        statements: Arc::default(),
        host: app.clone(),
    };
    Ok(Session::new(app.database()?, asker))
}

/// The rows that both create; their codes are those of no other product.
async fn rows(client: &Client, count: usize) -> Result<Vec<Row>> {
    let unit = client.query_one("select id from units where name = 'benchmark'", &[]).await?;
    let categories = client.query("select id from categories where name like 'Shelf %'", &[]);
    let categories = categories.await?;
    let row = |at: usize| {
        let cents = i64::try_from(at * 7919 % 1_000_000)?;
        Ok(Row {
            name: format!("Imported product number {at}"),
            sku: format!("BULK-{at:08}"),
            price: Decimal::new(cents, 2),
            cost: (!at.is_multiple_of(3)).then(|| Decimal::new(cents / 2, 2)),
            unit: unit.get(0),
            category: categories[at * 31 % categories.len()].get(0),
            description: format!("What the catalogue says about number {at}"),
        })
    };
    (0..count).map(row).collect()
}

/// Ours: one statement for the rows, one for each model that they refer to.
async fn create(session: &Session, rows: &[Row]) -> Result<usize> {
    let new = |it: &Row| {
        Changes::from([
            Product::NAME.set(it.name.clone()),
            Product::SKU.set(it.sku.clone()),
            Product::PRICE.set(it.price),
            Product::COST.set(it.cost),
            Product::UNIT.set(Id::<Unit>::new(it.unit)),
            Product::CATEGORY.set(Id::<Category>::new(it.category)),
            Product::DESCRIPTION.set(it.description.clone()),
        ])
    };
    let ids = Product::create_many(session, rows.iter().map(new).collect()).await?;
    Ok(ids.len())
}

/// By hand: the fastest way into a table.
async fn copy(client: &Client, session: &Session, rows: &[Row]) -> Result<usize> {
    let now = Utc::now();
    let who = session.asker_id();
    let mut writer = pin!(BinaryCopyInWriter::new(client.copy_in(COPY).await?, &TYPES));
    for it in rows {
        let margin = it.cost.map(|cost| it.price - cost);
        let row: [&(dyn ToSql + Sync); 14] = [
            &it.name,
            &it.sku,
            &"goods",
            &it.price,
            &it.cost,
            &margin,
            &it.unit,
            &it.category,
            &true,
            &it.description,
            &now,
            &who,
            &now,
            &who,
        ];
        writer.as_mut().write(&row).await?;
    }
    Ok(usize::try_from(writer.finish().await?)?)
}

/// Measures one side, and puts everything back as it was.
struct Meter<'a> {
    processes: Processes,
    client: &'a Client,
}

impl Meter<'_> {
    async fn time(&self, side: impl Future<Output = Result<usize>>) -> Result<Duration> {
        let own = process::id();
        let before = self.processes.used(own)?;
        let made = side.await?;
        let after = self.processes.used(own)?;
        let gone = "delete from products where sku like 'BULK-%'";
        if self.client.execute(gone, &[]).await? != made as u64 {
            return Err(format!("{made} rows were said to be made, and were not").into());
        }
        // Neither side finds the rows of the other, nor what indexes have put off.
        self.client.batch_execute("vacuum products").await?;
        Ok(after.server - before.server + after.postgres - before.postgres)
    }
}
