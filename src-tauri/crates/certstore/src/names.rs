//! Checks the names of certificates before anything is made or ordered.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::dns::is_name;
use std::net::IpAddr;

/// Checks a name: a DNS name or an IP address.
///
/// # Errors
/// `BadInput` with the reason.
pub fn check(name: &str) -> Result<(), Failure> {
    let plain = name.trim();
    if plain.is_empty() {
        return Err(refused("cname", name, "empty"));
    }
    if is_name(plain) || plain.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    Err(refused("cname", name, "dns_name"))
}

/// Trims names and drops empty ones; at least one must remain.
pub(crate) fn check_all(names: &[String]) -> Result<Vec<String>, Failure> {
    let names: Vec<String> = names
        .iter()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        return Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "cname")
            .with("why", "empty"));
    }
    names.iter().try_for_each(|name| check(name))?;
    Ok(names)
}

/// Checks a mail address that goes into an ACME `mailto:`: a single address without header fields.
pub(crate) fn check_mail(address: &str) -> Result<(), Failure> {
    let odd = |letter: char| !letter.is_ascii_graphic() || "?,<>\"%#".contains(letter);
    let parts = address.split_once('@');
    let sound = parts.is_some_and(|(person, host)| !person.is_empty() && is_name(host));
    if sound && !address.contains(odd) {
        return Ok(());
    }
    Err(refused("mail", address, "not_mail"))
}

fn refused(what: &str, value: &str, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", what)
        .with("value", value)
        .with("why", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_single_mail_address_is_accepted() {
        for bad in [
            "",
            "a",
            "@b.c",
            "a@",
            "a@b.c?cc=d@e.f",
            "a@b.c,d@e.f",
            "a b@c.d",
            "a@b.c\n",
            "a@b@c",
        ] {
            assert_eq!(check_mail(bad).unwrap_err().params["why"], "not_mail", "{bad:?}");
        }
        assert_eq!(check_mail("owner+ml@contoso.example"), Ok(()));
    }
}
