//! The opponent: the endpoints of products and of sales as somebody who needs only these writes
//! them, with poem, `tokio_postgres` and serde, and no layer between.
//!
//! It is as fast as its author could make it without making it ugly: rows are borrowed, reads by
//! key are prepared, lists are planned with their values. It answers the same bytes.

mod asker;
mod create_product;
mod create_sale;
mod list_products;
mod product;
mod read_product;
mod relations;
mod sale;
mod sale_line;

use std::{
    io::{self, Write},
    sync::Arc,
};

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use poem::{
    EndpointExt, Route, Server, get,
    listener::{Acceptor, Listener, TcpListener},
    post,
};
use tokio::runtime::Runtime;
use tokio_postgres::{Config, NoTls};

use crate::{Result, arguments::OpponentSettings, by_hand::asker::TokenVerifier};

/// What every request shares.
pub(crate) struct Shared {
    pool: Pool,
    tokens: TokenVerifier,
}

/// Serves until it is killed; says first where it listens.
pub(crate) fn serve(settings: &OpponentSettings) -> Result<()> {
    Runtime::new()?.block_on(async {
        let shared = Shared { pool: pool(settings)?, tokens: TokenVerifier::of(&settings.key)? };
        let routes = Route::new()
            .at(
                "/api/v1/products",
                get(list_products::list_products).post(create_product::create_product),
            )
            .at("/api/v1/products/:id", get(read_product::read_product))
            .at("/api/v1/sales", post(create_sale::create_sale))
            .data(Arc::new(shared));
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await?;
        let addresses = acceptor.local_addr();
        let address = addresses.iter().find_map(|it| it.as_socket_addr());
        let address = address.ok_or("the opponent listens nowhere")?;
        writeln!(io::stdout(), "http://{address}/")?;
        Ok(Server::new_with_acceptor(acceptor).run(routes).await?)
    })
}

/// What the sessions of both sides are told. Without a time-out and a look after its client, a
/// statement could hold a connection for good: nobody would run a service so, and each costs
/// PostgreSQL a timer a statement.
const SESSION: &str = "-c TimeZone=UTC -c statement_timeout=10000 \
     -c idle_in_transaction_session_timeout=60000 -c client_connection_check_interval=1000";

/// How a session of this side is opened.
pub(crate) fn session_config(url: &str) -> Result<Config> {
    let mut config: Config = url.parse()?;
    config.options(SESSION);
    Ok(config)
}

fn pool(settings: &OpponentSettings) -> Result<Pool> {
    let config = session_config(&settings.url)?;
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config, NoTls, recycling);
    Ok(Pool::builder(manager).max_size(settings.connections).build()?)
}
