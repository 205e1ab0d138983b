//! Fuzzes whole PEM files: nothing panics, and what is accepted is valid.
#![no_main]

use berth_certs::{Material, Pair};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use secrecy::ExposeSecret;

fuzz_target!(|bytes: &[u8]| {
    let Ok(material) = Material::from_files(&[("fuzz", bytes)]) else {
        return;
    };
    let facts = material.inspect(Some("ml.contoso.com"), Timestamp::UNIX_EPOCH);
    assert!(!facts.chain.is_empty());
    if let Ok(pair) = material.into_pair() {
        let again = Pair::from_files(&[("again", pair.bundle().expose_secret())]);
        let again = again.expect("what was written is read");
        assert_eq!(again.chain_der(), pair.chain_der());
    }
});
