//! Certificates: read, check, generate, and probe by handshake.
//!
//! - [`Pair`] and [`Material`] read files in any order and mix (PEM, DER, PKCS#12, keys with a passphrase), and say what is
//!   wrong with them;
//! - their `inspect` gives every fact about them at once ([`berth_domain::certificate::CertificateFacts`]);
//! - [`generate`] makes pairs: self-signed, or below a small local authority; [`request`] asks another authority for one;
//! - [`probe`] looks at a server from outside: TCP, TLS 1.2, HTTP.
//!
//! Not here: where pairs are kept (`berth-vault`), what the facts mean (the rules of `berth-domain`), the protocol of
//! public authorities (`berth-acme`), and writing PKCS#12. Reading, checking and generating touch no disk, no network and no clock.

mod authority;
mod ber;
mod certificate;
mod chain;
mod check;
mod der;
mod found;
pub mod front_end;
pub mod generate;
mod key;
mod locked;
mod names;
mod pair;
mod pem;
mod pkcs12;
pub mod probe;
pub mod request;
mod signing;

pub use pair::{MAX_CERTIFICATES, MAX_PAIR_BYTES, Material, Pair};
pub use pem::MAX_FILE_BYTES;
