//! Reads from the kubeconfig that Azure hands out how to access a cluster
//! (kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig).
//!
//! A kubeconfig can run programs, read files, redirect traffic and disable checks. Here it is data: only the server,
//! its certificate authority, and a certificate with its key or a token are read. Everything else is refused by name.

mod document;
mod exec;

pub use exec::{EnvVar, Exec};

use crate::look::is_name;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use document::Entries;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};
use std::fmt;
use url::Url;
use zeroize::Zeroizing;

/// Maximum length of the server's address.
const LONGEST_SERVER: usize = 2048;
/// Maximum length of a token.
const LONGEST_TOKEN: usize = 64 * 1024;

const SERVER: &str = "server";
pub(crate) const AUTHORITY: &str = "certificate-authority-data";
pub(crate) const CERTIFICATE: &str = "client-certificate-data";
const KEY: &str = "client-key-data";
const TOKEN: &str = "token";
const EXEC: &str = "exec";

/// Why a kubeconfig is refused. Never quotes the text, which contains keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KubeconfigProblem {
    /// The text is too large.
    #[error("it is larger than 1 MiB")]
    TooLarge,
    /// The YAML is invalid, or uses features that a kubeconfig does not need.
    #[error(
        "it is not plain YAML (line {line}): one document, without anchors, aliases, merge keys, custom tags or duplicate members"
    )]
    Yaml {
        /// Where parsing stopped.
        line: u64,
    },
    /// A part has the wrong type.
    #[error("its {part} has the wrong type")]
    Shape { part: &'static str },
    #[error("it has no {part}")]
    Missing { part: &'static str },
    /// Two entries have the same name.
    #[error("its {list} have two entries with the same name")]
    Twice {
        /// Name of the list.
        list: &'static str,
    },
    /// A member could run a program, read a file, redirect traffic or disable a check.
    #[error("it has {member}, which is refused")]
    Refused { member: &'static str },
    /// A member is unknown.
    #[error("its {part} has an unknown member")]
    Unknown {
        /// Path of the part that has it.
        part: &'static str,
    },
    /// The server's address is invalid.
    #[error("its server is not a plain https address")]
    Server,
    /// The server does not belong to the cluster.
    #[error("its server does not belong to this cluster")]
    ForeignServer,
    /// A certificate, key or token is invalid.
    #[error("its {member} cannot be used")]
    Data { member: &'static str },
}

impl KubeconfigProblem {
    /// The member or part that causes the problem.
    pub fn member(&self) -> &'static str {
        match self {
            Self::TooLarge => "1 MiB",
            Self::Yaml { .. } => "YAML",
            Self::Shape { part } | Self::Missing { part } | Self::Unknown { part } => part,
            Self::Twice { list } => list,
            Self::Refused { member } | Self::Data { member } => member,
            Self::Server | Self::ForeignServer => SERVER,
        }
    }
}

/// The current context of a kubeconfig.
pub struct Kubeconfig {
    names: Names,
    namespace: Option<String>,
    server: Url,
    /// The server as written, by which files identify a cluster.
    written: String,
    authority: Option<String>,
    pair: Option<(String, SecretString)>,
    token: Option<SecretString>,
    exec: Option<Exec>,
}

struct Names {
    cluster: String,
    user: String,
    context: String,
}

impl fmt::Debug for Kubeconfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kubeconfig")
            .field(SERVER, &self.server.as_str())
            .finish_non_exhaustive()
    }
}

impl Kubeconfig {
    /// Reads the entries of the current context.
    ///
    /// # Errors
    /// [`KubeconfigProblem`].
    pub fn read(text: &SecretString) -> Result<Self, KubeconfigProblem> {
        let document = document::parse(text.expose_secret())?;
        let entries = Entries::of_current_context(&document)?;
        let exec = match entries.user.get(EXEC) {
            None => None,
            Some(exec) => Some(Exec::read(exec).ok_or(KubeconfigProblem::Refused { member: EXEC })?),
        };
        let token = document::text(entries.user, TOKEN)?.map(token).transpose()?;
        let pair = pair(entries.user)?;
        match (&exec, token.is_some() || pair.is_some()) {
            (Some(_), true) => return Err(KubeconfigProblem::Refused { member: EXEC }),
            (None, false) => {
                return Err(KubeconfigProblem::Missing {
                    part: "client certificate or token",
                });
            }
            _ => {}
        }
        let written = document::required(entries.cluster, SERVER)?;
        Ok(Self {
            server: server(written)?,
            written: written.to_owned(),
            authority: document::text(entries.cluster, AUTHORITY)?
                .map(authority)
                .transpose()?,
            namespace: namespace(document::text(entries.context, "namespace")?)?,
            names: Names {
                cluster: entries.cluster_name.to_owned(),
                user: entries.user_name.to_owned(),
                context: entries.context_name.to_owned(),
            },
            pair,
            token,
            exec,
        })
    }

    pub fn server(&self) -> &Url {
        &self.server
    }

    /// The program that a Kubernetes client would run to sign in. Berth never runs it.
    pub fn exec(&self) -> Option<&Exec> {
        self.exec.as_ref()
    }

    /// Certificates of the server's authority, DER. Berth does not connect without them.
    fn roots(&self) -> Result<Vec<Vec<u8>>, KubeconfigProblem> {
        let authority = self.authority.as_deref();
        certificates(authority.ok_or(KubeconfigProblem::Missing { part: AUTHORITY })?)
    }

    /// Builds a kubeconfig for a file, from the members that were read.
    pub fn to_file(&self) -> Value {
        let mut user = Map::new();
        if let Some((certificate, key)) = &self.pair {
            user.insert(CERTIFICATE.to_owned(), json!(certificate));
            user.insert(KEY.to_owned(), json!(key.expose_secret()));
        }
        if let Some(token) = &self.token {
            user.insert(TOKEN.to_owned(), json!(token.expose_secret()));
        }
        if let Some(exec) = &self.exec {
            user.insert(EXEC.to_owned(), exec.to_file());
        }
        let Names {
            cluster,
            user: user_name,
            context,
        } = &self.names;
        let mut leads = json!({ "cluster": cluster, "user": user_name });
        if let Some(namespace) = &self.namespace {
            leads["namespace"] = json!(namespace);
        }
        let mut body = Map::new();
        if let Some(authority) = &self.authority {
            body.insert(AUTHORITY.to_owned(), json!(authority));
        }
        body.insert(SERVER.to_owned(), json!(self.written));
        json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{ "name": cluster, "cluster": body }],
            "contexts": [{ "name": context, "context": leads }],
            "current-context": context,
            "users": [{ "name": user_name, "user": user }],
        })
    }
}

/// How to access a cluster: address of its API, its authority, and credentials.
pub struct ClusterAccess {
    pub(crate) server: Url,
    pub(crate) authority: Vec<Vec<u8>>,
    /// Client certificate and key, PEM in base64.
    pub(crate) pair: Option<(String, SecretString)>,
    pub(crate) token: Option<SecretString>,
}

impl fmt::Debug for ClusterAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClusterAccess")
            .field(SERVER, &self.server.as_str())
            .finish_non_exhaustive()
    }
}

impl ClusterAccess {
    /// Uses the credentials in a kubeconfig. `None` where the cluster wants a token of Entra ID: see
    /// [`ClusterAccess::with_entra_token`].
    ///
    /// # Errors
    /// [`KubeconfigProblem::Refused`] when the kubeconfig names another program.
    pub fn of(kubeconfig: &Kubeconfig) -> Result<Option<Self>, KubeconfigProblem> {
        match &kubeconfig.exec {
            Some(exec) if exec.is_kubelogin() => Ok(None),
            Some(_) => Err(KubeconfigProblem::Refused { member: EXEC }),
            None => Ok(Some(Self {
                server: kubeconfig.server.clone(),
                authority: kubeconfig.roots()?,
                pair: kubeconfig.pair.clone(),
                token: kubeconfig.token.clone(),
            })),
        }
    }

    /// Uses a token of Entra ID for the application of AKS clusters.
    ///
    /// # Errors
    /// [`KubeconfigProblem::Data`] for an invalid token.
    pub fn with_entra_token(
        kubeconfig: &Kubeconfig,
        given: &SecretString,
    ) -> Result<Self, KubeconfigProblem> {
        Ok(Self {
            server: kubeconfig.server.clone(),
            authority: kubeconfig.roots()?,
            pair: None,
            token: Some(token(given.expose_secret())?),
        })
    }
}

/// Accepts `https` with a host, a port and a path. Refuses users, queries and everything that an address parser would
/// drop.
fn server(text: &str) -> Result<Url, KubeconfigProblem> {
    let plain = |c: char| c.is_ascii_graphic() && c != '\\';
    let begins = text
        .get(..8)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    if text.len() > LONGEST_SERVER || !begins || !text.chars().all(plain) {
        return Err(KubeconfigProblem::Server);
    }
    let url = Url::parse(text).map_err(|_| KubeconfigProblem::Server)?;
    let authority = text[8..].split('/').next().unwrap_or_default();
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && !authority.is_empty()
        && !authority.contains('@');
    if bare {
        Ok(url)
    } else {
        Err(KubeconfigProblem::Server)
    }
}

fn namespace(text: Option<&str>) -> Result<Option<String>, KubeconfigProblem> {
    match text {
        Some(text) if !is_name(text) => Err(KubeconfigProblem::Shape { part: "namespace" }),
        text => Ok(text.map(str::to_owned)),
    }
}

/// Whether a header can carry the text.
fn token(text: &str) -> Result<SecretString, KubeconfigProblem> {
    let sendable = text.len() <= LONGEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
    if sendable && !text.is_empty() {
        Ok(SecretString::from(text))
    } else {
        Err(KubeconfigProblem::Data { member: TOKEN })
    }
}

fn authority(text: &str) -> Result<String, KubeconfigProblem> {
    let text = without_spaces(text);
    certificates(&text)?;
    Ok(text)
}

fn certificates(encoded: &str) -> Result<Vec<Vec<u8>>, KubeconfigProblem> {
    let unusable = KubeconfigProblem::Data { member: AUTHORITY };
    let pem = STANDARD.decode(encoded).map_err(|_| unusable.clone())?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found.into_iter().map(|one| one.to_vec()).collect()),
        _ => Err(unusable),
    }
}

fn pair(user: &Map<String, Value>) -> Result<Option<(String, SecretString)>, KubeconfigProblem> {
    let (certificate, key) = match (document::text(user, CERTIFICATE)?, document::text(user, KEY)?) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(KubeconfigProblem::Missing { part: CERTIFICATE }),
        (Some(_), None) => return Err(KubeconfigProblem::Missing { part: KEY }),
        (Some(certificate), Some(key)) => (without_spaces(certificate), Zeroizing::new(without_spaces(key))),
    };
    let unusable = |member| KubeconfigProblem::Data { member };
    let pem = STANDARD.decode(&certificate).map_err(|_| unusable(CERTIFICATE))?;
    CertificateDer::from_pem_slice(&pem).map_err(|_| unusable(CERTIFICATE))?;
    let pem = Zeroizing::new(STANDARD.decode(key.as_str()).map_err(|_| unusable(KEY))?);
    PrivateKeyDer::from_pem_slice(&pem).map_err(|_| unusable(KEY))?;
    Ok(Some((certificate, SecretString::from(key.as_str()))))
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_whitespace()).collect()
}

#[cfg(test)]
mod tests;
