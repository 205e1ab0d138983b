//! Which account, container and blob a request is for, from its host or the beginning of its path.

use super::errors::{self, Done};
use percent_encoding::percent_decode_str;

/// What follows the account's name in a host.
const HOST_SUFFIX: &str = ".blob.localhost";

/// What a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) account: String,
    /// Empty for the account itself.
    pub(crate) container: String,
    /// Decoded; empty for the container itself.
    pub(crate) blob: String,
}

/// The account in a host, without its port.
pub(crate) fn account_in_host(host: &str) -> Option<&str> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name.strip_suffix(HOST_SUFFIX)
        .filter(|account| is_account_name(account))
}

/// The first segment of a path, if it could be an account. Accounts named like a service's own paths have only a
/// host.
pub(crate) fn account_in_path(path: &str) -> Option<&str> {
    let first = path.trim_start_matches('/').split('/').next()?;
    Some(first).filter(|account| is_account_name(account) && !crate::router::is_own_segment(account))
}

/// 3 to 24 lower-case letters and digits
/// (learn.microsoft.com/azure/storage/common/storage-account-overview).
fn is_account_name(name: &str) -> bool {
    (3..=24).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

impl Target {
    /// Reads the rest of a path, still encoded, after the account.
    pub(super) fn of(account: &str, encoded: &str) -> Done<Self> {
        let path = encoded.strip_prefix('/').unwrap_or(encoded);
        let (container, blob) = path.split_once('/').unwrap_or((path, ""));
        let decoded = |part: &str| {
            percent_decode_str(part)
                .decode_utf8()
                .map(std::borrow::Cow::into_owned)
                .map_err(|_| errors::bad_uri())
        };
        let target = Self {
            account: account.to_string(),
            container: decoded(container)?,
            blob: decoded(blob)?,
        };
        let long = target.blob.chars().count() > 1024;
        if long || target.blob.contains('\0') {
            return Err(errors::bad_uri());
        }
        Ok(target)
    }

    /// Reads the address of a blob or folder, in either form.
    pub(crate) fn parse(address: &str) -> Option<Self> {
        let (_, rest) = address.split_once("://")?;
        let rest = rest.split(['?', '#']).next()?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        if let Some(account) = account_in_host(host) {
            return Self::of(account, path).ok();
        }
        let account = account_in_path(path)?;
        Self::of(account, path.get(account.len()..)?).ok()
    }
}

/// The address of an account, under the sandbox's own name.
pub(crate) fn by_path(base: &str, account: &str) -> String {
    format!("{base}/{account}")
}

/// The suffix of the hosts of all accounts: what follows `{account}.blob.`.
pub(crate) fn suffix(base: &str) -> String {
    base.trim_start_matches("https://").to_string()
}

/// The address of an account, under a name of its own.
pub(crate) fn by_host(base: &str, account: &str) -> String {
    format!("https://{account}.blob.{}", suffix(base))
}

/// Encodes a blob's name for a path.
pub(crate) fn encoded(name: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~');
    percent_encoding::utf8_percent_encode(name, KEPT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_azure_resource_manager_belong_to_no_account() {
        for path in [
            "/subscriptions/s",
            "/providers",
            "/modelmanagement/v1.0",
            "/keyvault/v",
        ] {
            assert_eq!(account_in_path(path), None, "{path}");
        }
        assert_eq!(account_in_path("/subscriptions1/c"), Some("subscriptions1"));
        assert_eq!(
            account_in_host("subscriptions.blob.localhost:1"),
            Some("subscriptions")
        );
    }

    #[test]
    fn both_forms_of_an_address_are_read() {
        let target =
            |address: &str| Target::parse(address).map(|found| (found.account, found.container, found.blob));
        let found = Some(("sta".to_string(), "c".to_string(), "a b/c".to_string()));
        assert_eq!(target("https://sta.blob.localhost:1/c/a%20b/c?sig=x"), found);
        assert_eq!(target("https://localhost:1/sta/c/a%20b/c"), found);
        for other in [
            "",
            "https://",
            "https://localhost:1/",
            "https://localhost/S/c",
            "https://h/sta/c/%FF",
        ] {
            assert_eq!(target(other), None, "{other}");
        }
        let encoded = encoded("ä b/c%d");
        assert_eq!(encoded, "%C3%A4%20b/c%25d");
    }
}
