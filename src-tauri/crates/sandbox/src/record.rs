//! Recording: each exchange with Entra and Azure Resource Manager as one JSON line, without keys, tokens and
//! other secrets.

mod scrub;

use crate::error::SandboxError;
use crate::storage;
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

const MASK: &str = "***";
/// Headers that carry credentials.
const SECRET_HEADERS: &[&str] = &[
    "authorization",
    "x-ms-authorization-auxiliary",
    "cookie",
    "set-cookie",
];
#[derive(Debug)]
pub(crate) struct Recorder(Mutex<BufWriter<File>>);

/// Appends; a new file is readable by its owner only, because bodies reveal a lot about an account.
fn options() -> std::fs::OpenOptions {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a str,
    pub(crate) url: String,
    pub(crate) status: u16,
    pub(crate) request_headers: &'a http::HeaderMap,
    pub(crate) request_body: &'a [u8],
    pub(crate) response_headers: &'a http::HeaderMap,
    pub(crate) response_body: &'a [u8],
}

impl Recorder {
    /// Opens a file to append to.
    pub(crate) fn open(path: &Path) -> Result<Self, SandboxError> {
        let failed = |source| SandboxError::Write {
            path: path.to_path_buf(),
            source,
        };
        if let Some(folder) = path.parent() {
            crate::store::private_folder(folder).map_err(failed)?;
        }
        let file = options().open(path).map_err(failed)?;
        crate::store::restrict_to_owner(path).map_err(failed)?;
        Ok(Self(Mutex::new(BufWriter::new(file))))
    }

    /// Records an exchange. A failed write is ignored: a full disk must not stop the sandbox.
    pub(crate) fn write(&self, exchange: &Exchange<'_>) {
        let line = exchange.line().to_string();
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if writeln!(file, "{line}").and_then(|()| file.flush()).is_err() {
            tracing::warn!("an exchange could not be recorded");
        }
    }
}

impl Exchange<'_> {
    fn line(&self) -> Value {
        // The page that answers repeats the token.
        let brings_token = self.url.contains(crate::control_token::FIELD);
        let opaque = scrub::opaque_members(&self.url);
        let of_blobs = self
            .response_headers
            .get(http::header::SERVER)
            .is_some_and(|server| server.as_bytes().starts_with(storage::SERVER.as_bytes()));
        let body = |bytes: &[u8]| match bytes.strip_prefix(b"<?xml") {
            None if of_blobs => size(bytes),
            _ => body(bytes, opaque),
        };
        json!({
            "method": self.method,
            "url": address(&self.url),
            "status": self.status,
            "request_headers": headers(self.request_headers),
            "request_body": body(self.request_body),
            "response_headers": headers(self.response_headers),
            "response_body": if brings_token { MASK.into() } else { body(self.response_body) },
        })
    }
}

/// What is recorded of a blob's content.
fn size(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    format!("{} bytes", bytes.len()).into()
}

/// A URL without the secrets in its query.
pub(crate) fn address(url: &str) -> String {
    match url.split_once('?') {
        Some((path, query)) => format!("{path}?{}", text(query)),
        None => url.to_string(),
    }
}

fn headers(headers: &http::HeaderMap) -> Value {
    let mut map = Map::new();
    for (name, value) in headers {
        let hidden = SECRET_HEADERS.contains(&name.as_str());
        let value = if hidden {
            MASK.to_string()
        } else {
            scrub::text(&address(&String::from_utf8_lossy(value.as_bytes())))
        };
        map.insert(name.to_string(), value.into());
    }
    Value::Object(map)
}

/// A body without its secrets, and without the members whose contents cannot be judged.
fn body(bytes: &[u8], opaque: &[&str]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(mut value) => {
            scrub::value(&mut value);
            scrub::members(&mut value, opaque);
            value
        }
        Err(_) if !opaque.is_empty() => MASK.into(),
        Err(_) => text(&String::from_utf8_lossy(bytes)).into(),
    }
}

/// Removes the secret fields of a form; leaves other text.
fn text(text: &str) -> String {
    if !text.contains('=') || text.contains(char::is_whitespace) {
        return scrub::text(text);
    }
    let hide = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if scrub::is_secret(name) => format!("{name}={MASK}"),
        _ => scrub::text(pair),
    };
    text.split('&').map(hide).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_recorded() {
        assert_eq!(
            text("client_id=a&client_secret=b%2F&scope=c"),
            "client_id=a&client_secret=***&scope=c"
        );
        assert_eq!(
            body(br#"{"access_token":"x","expires_in":3}"#, &[]),
            json!({"access_token": "***", "expires_in": 3})
        );
        assert_eq!(address("/a?control_token=x&b=c"), "/a?control_token=***&b=c");
        assert_eq!(address("/sta/c?sp=r&sig=x%2Fy"), "/sta/c?sp=r&sig=***");
        let mut map = http::HeaderMap::new();
        map.insert("authorization", "Bearer x".parse().unwrap());
        assert_eq!(headers(&map), json!({"authorization": "***"}));
    }

    fn recorded(url: &str, request: &str, response: &str) -> Value {
        let none = http::HeaderMap::new();
        let exchange = Exchange {
            method: "POST",
            url: url.to_owned(),
            status: 200,
            request_headers: &none,
            request_body: request.as_bytes(),
            response_headers: &none,
            response_body: response.as_bytes(),
        };
        exchange.line()
    }

    #[test]
    fn contents_of_blobs_are_not_recorded() {
        let mut headers = http::HeaderMap::new();
        headers.insert("server", storage::SERVER.parse().unwrap());
        let none = http::HeaderMap::new();
        let line = Exchange {
            method: "PUT",
            url: "https://localhost/sta/c/b".to_owned(),
            status: 201,
            request_headers: &none,
            request_body: b"MARKER",
            response_headers: &headers,
            response_body: b"<?xml version=\"1.0\"?><Error/>",
        }
        .line();
        assert_eq!(line["request_body"], "6 bytes");
        assert_eq!(line["response_body"], "<?xml version=\"1.0\"?><Error/>");
    }

    #[test]
    fn files_sent_with_a_command_are_masked() {
        let url = "https://127.0.0.1:1/subscriptions/s/managedClusters/c/runCommand?api-version=1";
        let request = r#"{"command":"kubectl apply -f .","context":"UEsDBBQMARKER","clusterToken":"MARKER"}"#;
        let line = recorded(url, request, r#"{"id":"1"}"#);
        assert!(!line.to_string().contains("MARKER"), "{line}");
        assert_eq!(line["request_body"]["command"], "kubectl apply -f .");
        assert_eq!(line["request_body"]["context"], MASK);
        assert_eq!(line["response_body"]["id"], "1");
        let elsewhere = recorded("https://127.0.0.1:1/x", r#"{"context":"x"}"#, "{}");
        assert_eq!(elsewhere["request_body"]["context"], "x");
    }

    #[test]
    fn key_vault_values_are_masked() {
        for url in [
            "https://127.0.0.1:1/keyvault/v/secrets/s/1?api-version=7.4",
            "https://127.0.0.1:1/KeyVault/v/certificates/s/import",
            "https://v.vault.azure.net/secrets/s",
            "https://127.0.0.1:1/subscriptions/s/providers/Microsoft.KeyVault/vaults/v/secrets/s",
        ] {
            let body = r#"{"value":"MARKER","id":"a","properties":{"value":"MARKER"}}"#;
            let line = recorded(url, body, body);
            assert!(!line.to_string().contains("MARKER"), "{url}: {line}");
            assert_eq!(line["response_body"]["id"], "a");
            let cut = recorded(url, &body[..20], &body[..20]);
            assert!(!cut.to_string().contains("MARKER"), "{url}: {cut}");
        }
        let list = r#"{"value":[{"id":"a"}]}"#;
        let line = recorded("https://127.0.0.1:1/keyvault/v/secrets", "", list);
        assert_eq!(line["response_body"]["value"][0]["id"], "a");
    }

    #[cfg(unix)]
    #[test]
    fn an_existing_record_file_becomes_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.jsonl");
        std::fs::write(&path, "{}\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        Recorder::open(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{}\n");
    }
}
