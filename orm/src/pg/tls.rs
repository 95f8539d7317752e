//! How connections are encrypted: not at all on this machine, verified everywhere else.

use std::{fmt, path::Path, sync::Arc};

use deadpool_postgres::{Manager, ManagerConfig, RecyclingMethod};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres::{CancelToken, Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{
    Error, Result,
    pg::{
        address::{Address, Roots},
        spawn_quietly,
    },
};

/// The encryption of every connection to one server, cancel requests included.
#[derive(Clone)]
pub(super) enum Tls {
    Plain,
    Verified(MakeRustlsConnect),
}

impl Tls {
    /// What an address asks for; certificates are read here, once.
    pub(super) fn of(address: &Address) -> Result<Self> {
        let Some(roots) = &address.roots else { return Ok(Self::Plain) };
        let roots = match roots {
            Roots::System => system_roots()?,
            Roots::File(path) => roots_of(path)?,
        };
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has the ciphers of both versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self::Verified(MakeRustlsConnect::new(config)))
    }

    /// What opens the connections of a pool.
    pub(super) fn opener(&self, config: Config) -> Manager {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        match self.clone() {
            Self::Plain => Manager::from_config(config, NoTls, recycling),
            Self::Verified(tls) => Manager::from_config(config, tls, recycling),
        }
    }

    /// Opens one connection; it ends when the client is dropped.
    pub(super) async fn connect(&self, config: &Config) -> Result<Client, tokio_postgres::Error> {
        match self.clone() {
            Self::Plain => {
                let (client, connection) = config.connect(NoTls).await?;
                spawn_quietly(connection);
                Ok(client)
            }
            Self::Verified(tls) => {
                let (client, connection) = config.connect(tls).await?;
                spawn_quietly(connection);
                Ok(client)
            }
        }
    }

    /// Sends a cancel request the way the connection itself was opened.
    pub(super) async fn cancel(&self, token: &CancelToken) -> Result<(), tokio_postgres::Error> {
        match self.clone() {
            Self::Plain => token.cancel_query(NoTls).await,
            Self::Verified(tls) => token.cancel_query(tls).await,
        }
    }
}

fn system_roots() -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(Error::broken(
            "no root certificates are found on this machine to verify the database with; \
             install ca-certificates, or name a file with `sslrootcert=` in DATABASE_URL",
        ));
    }
    Ok(roots)
}

fn roots_of(path: &Path) -> Result<RootCertStore> {
    let unreadable = |found: &dyn fmt::Display| {
        let path = path.display();
        Error::broken(format!(
            "`sslrootcert` of DATABASE_URL must name a PEM file with certificates; {path}: {found}"
        ))
    };
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(&error))?;
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 { Err(unreadable(&"no certificate is in it")) } else { Ok(roots) }
}
