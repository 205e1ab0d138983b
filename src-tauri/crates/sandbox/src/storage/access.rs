//! Who may do what: a SAS, an account's key, or a token of Entra ID with a data role.

use super::address::Target;
use super::errors::{self, Done};
use super::query::Query;
use super::{Account, sas, shared_key};
use crate::authorization::access;
use crate::entra::verify::{self, Plane};
use crate::server::{Received, Server};
use crate::world::World;
use jiff::Timestamp;

/// What an operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// Permissions of a SAS, any of which is enough.
    pub(super) permissions: &'static str,
    /// The type of resource in an account SAS: `c` or `o`.
    pub(super) kind: char,
    /// The data action, after `Microsoft.Storage/storageAccounts/blobServices/`.
    pub(super) action: &'static str,
    /// Whether a SAS of a container or blob can allow it.
    pub(super) by_container: bool,
}

const fn need(permissions: &'static str, action: &'static str) -> Need {
    Need {
        permissions,
        kind: 'o',
        action,
        by_container: true,
    }
}

const fn need_of_container(permissions: &'static str, action: &'static str, by_container: bool) -> Need {
    Need {
        permissions,
        kind: 'c',
        action,
        by_container,
    }
}

pub(super) const READ: Need = need("r", "containers/blobs/read");
pub(super) const WRITE: Need = need("w", "containers/blobs/write");
/// Writing what does not exist yet.
pub(super) const CREATE: Need = need("cw", "containers/blobs/write");
pub(super) const DELETE: Need = need("d", "containers/blobs/delete");
pub(super) const LIST: Need = need_of_container("l", "containers/blobs/read", true);
pub(super) const READ_CONTAINER: Need = need_of_container("r", "containers/read", false);
pub(super) const CREATE_CONTAINER: Need = need_of_container("cw", "containers/write", false);

/// What a request is authorized by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Credential {
    Sas(sas::Verified),
    /// A key of the account: everything.
    Key,
    /// A verified caller.
    Caller(crate::call::Principal),
}

/// Verifies what a request is authorized by.
///
/// # Errors
/// 401 without any, 403 with one that does not hold.
pub(super) fn credential(
    server: &Server,
    world: &World,
    received: &Received,
    query: &Query,
    target: &Target,
    account: &Account,
) -> Done<Credential> {
    let now = Timestamp::now();
    let keys = [account.key1.as_str(), account.key2.as_str()];
    let allowed = |credential: Credential| {
        if account.keys_allowed {
            Ok(credential)
        } else {
            Err(errors::keys_off())
        }
    };
    if query.has("sig") {
        let verified = sas::verify(query, target, keys, now).ok_or_else(errors::authorization_failure)?;
        return allowed(Credential::Sas(verified));
    }
    let Some(given) = received.header("authorization") else {
        return Err(errors::no_authentication());
    };
    if let Some(given) = given.strip_prefix("SharedKey ") {
        return if shared_key::is_signed(received, query, &target.account, keys, given, now) {
            allowed(Credential::Key)
        } else {
            Err(errors::authorization_failure())
        };
    }
    verify::principal(
        &world.directory,
        &server.key,
        &server.base,
        Some(given),
        now,
        Plane::Storage,
    )
    .map(Credential::Caller)
    .map_err(|_| errors::no_authentication())
}

impl Credential {
    /// Checks that an operation is allowed.
    ///
    /// # Errors
    /// 403 `AuthorizationPermissionMismatch`, or `AuthorizationFailure` when no SAS of its kind could allow it.
    pub(super) fn check(&self, world: &World, account: &Account, need: Need) -> Done<()> {
        let fits = match self {
            Self::Key => true,
            Self::Sas(verified) => {
                let letters =
                    |wanted: &str| wanted.chars().any(|letter| verified.permissions.contains(letter));
                match &verified.types {
                    Some(types) if !types.contains(need.kind) => return Err(errors::authorization_failure()),
                    None if !need.by_container => return Err(errors::authorization_failure()),
                    _ => letters(need.permissions),
                }
            }
            Self::Caller(principal) => {
                let action = format!("Microsoft.Storage/storageAccounts/blobServices/{}", need.action);
                access::allows_data(world, principal, &account.id, &action)
            }
        };
        if fits {
            Ok(())
        } else {
            Err(errors::permission_mismatch())
        }
    }
}
