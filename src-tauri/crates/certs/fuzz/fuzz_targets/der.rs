//! Fuzzes binary files and the certificates that a server presents.
#![no_main]

use berth_certs::Material;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use rustls_pki_types::CertificateDer;

fuzz_target!(|bytes: &[u8]| {
    let file = Material::from_files(&[("fuzz", bytes)]);
    let wire = Material::from_wire("fuzz", &[CertificateDer::from(bytes.to_vec())]);
    for material in [file, wire].into_iter().flatten() {
        material.inspect(Some("10.0.0.4"), Timestamp::UNIX_EPOCH);
    }
});
