//! Shared access signatures (learn.microsoft.com/rest/api/storageservices/create-service-sas and
//! create-account-sas): issued for containers and blobs, verified for these and for whole accounts.

use super::address::Target;
use super::query::Query;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};

/// The version that issued signatures have.
const VERSION: &str = "2023-11-03";

/// HMAC-SHA256 with an account's key, in base64. An invalid key signs nothing that could be guessed.
pub(super) fn sign(key: &str, text: &str) -> String {
    let key = STANDARD.decode(key).unwrap_or_default();
    if key.is_empty() {
        return String::new();
    }
    STANDARD.encode(hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, &key),
        text.as_bytes(),
    ))
}

/// Whether a signature is right; takes as long for a wrong one.
pub(super) fn is_signed(key: &str, text: &str, signature: &str) -> bool {
    let key = STANDARD.decode(key).unwrap_or_default();
    let Ok(signature) = STANDARD.decode(signature) else {
        return false;
    };
    let key = (!key.is_empty()).then(|| hmac::Key::new(hmac::HMAC_SHA256, &key));
    key.is_some_and(|key| hmac::verify(&key, text.as_bytes(), &signature).is_ok())
}

/// A signature to issue.
#[derive(Debug, Clone)]
pub(crate) struct Grant<'a> {
    pub(crate) account: &'a str,
    pub(crate) key: &'a str,
    pub(crate) container: &'a str,
    /// A blob's name; `None` for the container.
    pub(crate) blob: Option<&'a str>,
    /// In the documented order: `racwdl`.
    pub(crate) permissions: &'a str,
    pub(crate) now: Timestamp,
    pub(crate) hours: i64,
}

impl Grant<'_> {
    /// The query of an address, without `?`.
    pub(crate) fn query(&self) -> String {
        // Earlier than now, for callers whose clock is slow.
        let start = self
            .now
            .saturating_sub(SignedDuration::from_mins(10))
            .unwrap_or(self.now);
        let end = self.now.saturating_add(SignedDuration::from_hours(self.hours));
        let seconds = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let (start, end) = (seconds(start), seconds(end.unwrap_or(self.now)));
        let kind = if self.blob.is_some() { "b" } else { "c" };
        let mut pairs = vec![
            ("sv", VERSION),
            ("spr", "https"),
            ("st", &start),
            ("se", &end),
            ("sr", kind),
            ("sp", self.permissions),
        ];
        let told = Query::of(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_string(), (*value).to_string())),
        );
        let target = Target {
            account: self.account.to_string(),
            container: self.container.to_string(),
            blob: self.blob.unwrap_or_default().to_string(),
        };
        let signature = sign(self.key, &service_text(&told, &target));
        pairs.push(("sig", &signature));
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs).finish()
    }
}

/// The text that a service SAS signs: 16 lines since 2020-12-06, 15 before.
fn service_text(query: &Query, target: &Target) -> String {
    let version = query.get("sv");
    let mut resource = format!("/blob/{}/{}", target.account, target.container);
    if query.get("sr") == "b" {
        resource = format!("{resource}/{}", target.blob);
    }
    let mut lines = vec![
        query.get("sp"),
        query.get("st"),
        query.get("se"),
        &resource,
        query.get("si"),
        query.get("sip"),
        query.get("spr"),
        version,
        query.get("sr"),
        "",
    ];
    if version >= "2020-12-06" {
        lines.push(query.get("ses"));
    }
    lines.extend(["rscc", "rscd", "rsce", "rscl", "rsct"].map(|name| query.get(name)));
    lines.join("\n")
}

/// The text that an account SAS signs.
fn account_text(query: &Query, account: &str) -> String {
    let mut lines = vec![account];
    lines.extend(["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"].map(|name| query.get(name)));
    if query.get("sv") >= "2020-12-06" {
        lines.push(query.get("ses"));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// What a SAS that was verified allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verified {
    /// Its permissions, one letter each.
    pub(super) permissions: String,
    /// The resource types of an account SAS (`sco`); `None` for one of a container or blob.
    pub(super) types: Option<String>,
}

/// Verifies the SAS in a query: its signature with one of the keys, its times, and that it is for the target.
/// `None` if anything is wrong.
pub(super) fn verify(query: &Query, target: &Target, keys: [&str; 2], now: Timestamp) -> Option<Verified> {
    let of_account = !query.get("ss").is_empty();
    // A policy of the container would say more; containers have none here. Older versions sign other lines.
    if query.get("sv") < "2018-11-09" || !query.get("si").is_empty() {
        return None;
    }
    let text = if of_account {
        account_text(query, &target.account)
    } else {
        service_text(query, target)
    };
    let signature = query.get("sig");
    if !keys.iter().any(|key| is_signed(key, &text, signature)) {
        return None;
    }
    let end = instant(query.get("se"))?;
    let start = query.get("st");
    let began = start.is_empty() || instant(start).is_some_and(|start| start <= now);
    if !began || end <= now {
        return None;
    }
    let types = if of_account {
        if !query.get("ss").contains('b') {
            return None;
        }
        Some(query.get("srt").to_string())
    } else {
        if !matches!(query.get("sr"), "b" | "c") || (query.get("sr") == "b" && target.blob.is_empty()) {
            return None;
        }
        None
    };
    Some(Verified {
        permissions: query.get("sp").to_string(),
        types,
    })
}

/// A time in the forms that a SAS can have: to the day, the minute, the second or finer.
fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let bare = text.strip_suffix('Z').unwrap_or(text);
    let whole = match bare.len() {
        10 => format!("{bare}T00:00:00Z"),
        16 => format!("{bare}:00Z"),
        _ => return None,
    };
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    const NOW: &str = "2026-11-26T12:00:00Z";

    fn target(container: &str, blob: &str) -> Target {
        Target {
            account: "devstoreaccount1".to_string(),
            container: container.to_string(),
            blob: blob.to_string(),
        }
    }

    fn issued(blob: Option<&str>) -> Query {
        let query = Grant {
            account: "devstoreaccount1",
            key: KEY,
            container: "codes1",
            blob,
            permissions: "rcwl",
            now: NOW.parse().unwrap(),
            hours: 1,
        }
        .query();
        Query::parse(&query)
    }

    fn verified(query: &Query, target: &Target, at: &str) -> bool {
        verify(query, target, ["", KEY], at.parse().unwrap()).is_some()
    }

    #[test]
    fn a_signature_holds_for_its_container_and_hour_only() {
        let query = issued(None);
        assert!(verified(&query, &target("codes1", "src/score.py"), NOW));
        assert!(!verified(&query, &target("codes2", "src/score.py"), NOW));
        assert!(!verified(&query, &target("codes1", "x"), "2026-11-26T13:00:00Z"));
        assert!(!verified(&query, &target("codes1", "x"), "2026-11-26T11:40:00Z"));
        for (name, value) in [
            ("sp", "racwdl"),
            ("se", "2030-01-01T00:00:00Z"),
            ("sr", "b"),
            ("sig", ""),
        ] {
            assert!(
                !verified(&query.with(name, value), &target("codes1", "x"), NOW),
                "{name}"
            );
        }
        let one = issued(Some("a"));
        assert!(verified(&one, &target("codes1", "a"), NOW));
        assert!(!verified(&one, &target("codes1", "b"), NOW));
        assert!(!verified(&one, &target("codes1", ""), NOW));
    }

    #[test]
    fn a_missing_key_verifies_nothing() {
        let query = issued(None).with("sig", &sign("", "x"));
        assert!(verify(&query, &target("codes1", "x"), ["", ""], NOW.parse().unwrap()).is_none());
    }

    #[test]
    fn times_to_the_day_and_to_the_minute_are_read() {
        assert_eq!(instant("2026-11-26"), instant("2026-11-26T00:00Z"));
        assert_eq!(instant("2026-11-26T00:00:00.0000000Z"), instant("2026-11-26"));
        assert_eq!(instant("tomorrow"), None);
    }
}
