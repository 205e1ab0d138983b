//! Fuzzes PKCS#12 files with the password of the corpus. Files that demand many rounds are in the corpus of hostile
//! files instead, because they are slow by design.
#![no_main]

use berth_certs::Pair;
use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;

fuzz_target!(|bytes: &[u8]| {
    // INTEGER of three or more bytes: more than 65,535 rounds.
    if bytes.windows(2).any(|window| window == [2, 3] || window == [2, 4]) {
        return;
    }
    let passphrase = SecretString::from("test");
    let _ = Pair::from_files_with(&[("fuzz.pfx", bytes)], Some(&passphrase));
});
