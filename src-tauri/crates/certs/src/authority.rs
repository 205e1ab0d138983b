//! Tells which authority vouches for a chain: one that clients know, or one that they have to be told to trust.
//!
//! "Known" means Mozilla's list (`webpki-roots`) at build time, which browsers and languages outside of Windows and
//! macOS share. Paths are validated in the handshake, not here.

use crate::certificate::Certificate;
use crate::chain::Chain;
use crate::der::{self, SEQUENCE};
use crate::key::PublicPart;
use crate::signing::Verified;
use berth_domain::certificate::IssuedBy;
use rustls_pki_types::TrustAnchor;
use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;

pub(crate) fn issued_by(chain: &Chain) -> IssuedBy {
    let top = chain.above.last().unwrap_or(&chain.leaf);
    if chain.certificates().any(is_known) || signed_by_known(top) {
        IssuedBy::Public
    } else if chain.leaf.is_self_signed() {
        IssuedBy::SelfSigned
    } else if top.is_self_signed() {
        IssuedBy::Private
    } else {
        IssuedBy::Unknown
    }
}

/// Whether a certificate has the name and key of a known authority.
fn is_known(one: &Certificate) -> bool {
    named(&one.subject_der).any(|anchor| key_of(anchor).as_ref() == Some(&one.public))
}

/// Whether a known authority that is not in the chain signed it.
fn signed_by_known(one: &Certificate) -> bool {
    named(&one.issuer_der)
        .any(|anchor| key_of(anchor).is_some_and(|key| one.verify_with_key(&key) == Verified::Yes))
}

/// The known authorities with a name.
fn named(name: &[u8]) -> impl Iterator<Item = &'static TrustAnchor<'static>> {
    let name = der::tagged(name, SEQUENCE).map(|found| found.contents);
    webpki_roots::TLS_SERVER_ROOTS
        .iter()
        .filter(move |anchor| name.is_some_and(|name| anchor.subject.as_ref() == name))
}

/// The key of an authority. The list has it without its outermost tag.
fn key_of(anchor: &TrustAnchor<'_>) -> Option<PublicPart> {
    let contents = anchor.subject_public_key_info.as_ref();
    let mut whole = Vec::with_capacity(contents.len() + 8);
    der::push_header(&mut whole, SEQUENCE, contents.len());
    whole.extend_from_slice(contents);
    let (_, info) = SubjectPublicKeyInfo::from_der(&whole).ok()?;
    Some(PublicPart::of_certificate(&info))
}
