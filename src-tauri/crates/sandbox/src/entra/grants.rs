//! Grants that can be exchanged for tokens: authorization codes, device codes and refresh tokens. They expire
//! in real time, because real clients compare them with their own clocks.

use super::errors::EntraError;
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rand::Rng as _;
use rand::distr::Alphanumeric;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Lifetime of an authorization code, in real seconds.
const CODE_SECONDS: i64 = 600;
/// Lifetime of a device code, in real seconds.
pub(crate) const DEVICE_CODE_SECONDS: i64 = 900;
/// Polling interval for a device code, in real seconds.
pub(crate) const INTERVAL: i64 = 5;
/// Lifetime of a refresh token, in real seconds: 90 days for native apps
/// (learn.microsoft.com/entra/identity-platform/refresh-tokens).
const REFRESH_SECONDS: i64 = 90 * 24 * 3600;
/// Characters of user codes, without those that are easily confused.
const CODE_LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ23456789";

/// Who signed in to which application, with which scopes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Consent {
    pub(crate) client_id: String,
    /// Object id of the person.
    pub(crate) person: String,
    /// Requested scopes.
    pub(crate) scope: String,
    /// Authentication context that was requested and met.
    #[serde(default)]
    pub(crate) context: Option<String>,
}

/// The state of a device sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Device {
    Pending,
    Approved(Consent),
    Declined,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Grant {
    /// An authorization code.
    Code {
        consent: Consent,
        /// The redirect address it was sent to.
        redirect: String,
        /// PKCE challenge (S256).
        challenge: Option<String>,
    },
    /// A device code.
    Device {
        /// The code that the person types.
        user_code: String,
        client_id: String,
        /// Requested scopes.
        scope: String,
        device: Device,
        /// When the client last polled, in seconds since 1970.
        asked: i64,
    },
    Refresh {
        consent: Consent,
    },
}

/// A grant with its expiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredGrant {
    pub(crate) grant: Grant,
    /// Expiry, in seconds since 1970.
    pub(crate) until: i64,
}

/// Stores a grant and returns its secret.
pub(crate) fn create_grant(world: &mut World, grant: Grant, wall: Timestamp) -> String {
    let seconds = match grant {
        Grant::Code { .. } => CODE_SECONDS,
        Grant::Device { .. } => DEVICE_CODE_SECONDS,
        Grant::Refresh { .. } => REFRESH_SECONDS,
    };
    let secret: String = rand::rng()
        .sample_iter(Alphanumeric)
        .take(64)
        .map(char::from)
        .collect();
    let now = wall.as_second();
    world.grants.retain(|_, kept| kept.until > now - REFRESH_SECONDS);
    let kept = StoredGrant {
        grant,
        until: now + seconds,
    };
    world.grants.insert(secret.clone(), kept);
    world.touch();
    secret
}

/// A user code as people type it.
pub(crate) fn user_code() -> String {
    let mut rng = rand::rng();
    (0..9)
        .map(|_| char::from(CODE_LETTERS[rng.random_range(0..CODE_LETTERS.len())]))
        .collect()
}

/// Redeems an authorization code.
///
/// # Errors
/// `invalid_grant` if it is unknown, used, expired, of another application, or sent without its PKCE
/// verifier.
pub(crate) fn redeem_code(
    world: &mut World,
    code: &str,
    client_id: &str,
    redirect: &str,
    verifier: Option<&str>,
    wall: Timestamp,
) -> Result<Consent, EntraError> {
    let kept = world.grants.remove(code).ok_or(EntraError::CodeUnknown)?;
    world.touch();
    let Grant::Code {
        consent,
        redirect: sent_to,
        challenge,
    } = kept.grant
    else {
        return Err(EntraError::CodeUnknown);
    };
    if kept.until <= wall.as_second() {
        return Err(EntraError::CodeExpired);
    }
    if !consent.client_id.eq_ignore_ascii_case(client_id) {
        return Err(EntraError::CodeUnknown);
    }
    if sent_to.trim_end_matches('/') != redirect.trim_end_matches('/') {
        return Err(EntraError::OtherRedirect);
    }
    let shown = verifier.map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())));
    if challenge.is_some() && challenge != shown {
        return Err(EntraError::VerifierMismatch);
    }
    Ok(consent)
}

/// Redeems a refresh token, which works once.
///
/// # Errors
/// `invalid_grant` if it is unknown, used, revoked or expired.
pub(crate) fn redeem_refresh(
    world: &mut World,
    token: &str,
    client_id: &str,
    wall: Timestamp,
) -> Result<Consent, EntraError> {
    let kept = world.grants.remove(token).ok_or(EntraError::RefreshRevoked)?;
    world.touch();
    match kept.grant {
        Grant::Refresh { consent } if consent.client_id.eq_ignore_ascii_case(client_id) => {
            if kept.until <= wall.as_second() {
                Err(EntraError::RefreshExpired)
            } else {
                Ok(consent)
            }
        }
        _ => Err(EntraError::RefreshRevoked),
    }
}

/// Polls a device code.
///
/// # Errors
/// `authorization_pending`, `slow_down`, `authorization_declined`, `expired_token`, `bad_verification_code`.
pub(crate) fn redeem_device(
    world: &mut World,
    code: &str,
    client_id: &str,
    wall: Timestamp,
) -> Result<Consent, EntraError> {
    let now = wall.as_second();
    let kept = world.grants.get_mut(code).ok_or(EntraError::DeviceUnknown)?;
    let Grant::Device {
        client_id: of,
        device,
        asked,
        ..
    } = &mut kept.grant
    else {
        return Err(EntraError::DeviceUnknown);
    };
    if !of.eq_ignore_ascii_case(client_id) {
        return Err(EntraError::DeviceUnknown);
    }
    if kept.until <= now {
        return Err(EntraError::DeviceExpired);
    }
    match device.clone() {
        Device::Pending => {
            let too_soon = now - *asked < INTERVAL - 1;
            *asked = now;
            Err(if too_soon {
                EntraError::SlowDown
            } else {
                EntraError::DevicePending
            })
        }
        Device::Declined => Err(EntraError::DeviceDeclined),
        Device::Approved(consent) => {
            world.grants.remove(code);
            world.touch();
            Ok(consent)
        }
    }
}

/// Approves or declines a device sign-in; false if no device waits with that user code.
pub(crate) fn resolve_device(world: &mut World, typed: &str, person: Option<&str>, wall: Timestamp) -> bool {
    let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    for kept in world.grants.values_mut() {
        let open = kept.until > wall.as_second();
        if let Grant::Device {
            user_code,
            client_id,
            scope,
            device,
            ..
        } = &mut kept.grant
            && open
            && *device == Device::Pending
            && user_code.eq_ignore_ascii_case(&typed)
        {
            *device = match person {
                None => Device::Declined,
                Some(person) => Device::Approved(Consent {
                    client_id: client_id.clone(),
                    person: person.to_string(),
                    scope: scope.clone(),
                    context: None,
                }),
            };
            world.touch();
            return true;
        }
    }
    false
}

/// Revokes every refresh token, as an administrator does to end all sessions.
pub(crate) fn revoke_all(world: &mut World) {
    world
        .grants
        .retain(|_, kept| !matches!(kept.grant, Grant::Refresh { .. }));
    world.touch();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn consent() -> Consent {
        Consent {
            client_id: "c".to_string(),
            person: "p".to_string(),
            scope: "s".to_string(),
            context: None,
        }
    }

    #[test]
    fn grants_expire() {
        let mut world = World::default();
        let redirect = "http://localhost".to_string();
        let code = create_grant(
            &mut world,
            Grant::Code {
                consent: consent(),
                redirect,
                challenge: None,
            },
            at(0),
        );
        let late = redeem_code(&mut world, &code, "c", "http://localhost", None, at(CODE_SECONDS));
        assert_eq!(late, Err(EntraError::CodeExpired));
        let token = create_grant(&mut world, Grant::Refresh { consent: consent() }, at(0));
        assert_eq!(
            redeem_refresh(&mut world, &token, "c", at(REFRESH_SECONDS)),
            Err(EntraError::RefreshExpired)
        );
        let token = create_grant(&mut world, Grant::Refresh { consent: consent() }, at(0));
        revoke_all(&mut world);
        assert_eq!(
            redeem_refresh(&mut world, &token, "c", at(1)),
            Err(EntraError::RefreshRevoked)
        );
        let device = Grant::Device {
            user_code: "A".to_string(),
            client_id: "c".to_string(),
            scope: "s".to_string(),
            device: Device::Pending,
            asked: 0,
        };
        let code = create_grant(&mut world, device, at(0));
        assert_eq!(
            redeem_device(&mut world, &code, "c", at(DEVICE_CODE_SECONDS)),
            Err(EntraError::DeviceExpired)
        );
    }
}
