//! A signature made from an account's key, for stores that hand out the key
//! (learn.microsoft.com/rest/api/storageservices/create-service-sas).

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_domain::api_versions::BLOB_SIGNATURE;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use url::form_urlencoded::Serializer;

/// How long a signature is valid. An upload that takes longer asks for a new one.
const VALID: SignedDuration = SignedDuration::from_hours(1);

/// Makes a signature that allows reading, creating and writing the blobs of one container for an hour. `None` if the key
/// is not base64.
pub fn sas_of_key(
    account: &str,
    container: &str,
    key: &SecretString,
    now: Timestamp,
) -> Option<SecretString> {
    let key = STANDARD
        .decode(key.expose_secret())
        .ok()
        .filter(|key| !key.is_empty())?;
    let end = now
        .checked_add(VALID)
        .ok()?
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    let resource = format!("/blob/{account}/{container}");
    // Permissions, start, end, resource, identifier, addresses, protocol, version, kind, snapshot, scope, five headers.
    let lines = [
        "rcw",
        "",
        &end,
        &resource,
        "",
        "",
        "https",
        BLOB_SIGNATURE,
        "c",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
    ];
    let tag = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, &key),
        lines.join("\n").as_bytes(),
    );
    let signature = STANDARD.encode(tag);
    let pairs = [
        ("sv", BLOB_SIGNATURE),
        ("spr", "https"),
        ("se", &end),
        ("sr", "c"),
        ("sp", "rcw"),
        ("sig", &signature),
    ];
    Some(Serializer::new(String::new()).extend_pairs(pairs).finish().into())
}
