//! Certificates: read, check, generate, and probe by handshake.
//!
//! - [`Pair`] and [`Material`] read files in any order and mix (PEM, DER, PKCS#12, keys with a passphrase), and report
//!   what is wrong with them;
//! - their `inspect` returns every fact at once ([`berth_domain::certificate::CertificateFacts`]);
//! - [`generate`] makes pairs: self-signed or issued by a local authority; [`request`] makes requests to another
//!   authority;
//! - [`probe`] and [`front_end`] observe a server from outside: TCP, TLS 1.2, HTTP.
//!
//! Pairs are stored in `berth-vault`, facts are judged by the rules of `berth-domain`, and public authorities are in
//! `berth-acme`. PKCS#12 is not written. Reading, checking and generating use no disk, network or clock.

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
