//! Fuzzes keys with a passphrase: the body of an encrypted PKCS#8 key, or text with its headers.
#![no_main]

use berth_certs::Pair;
use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;

fuzz_target!(|bytes: &[u8]| {
    // INTEGER of three or more bytes: more than 65,535 rounds, which is slow by design.
    if bytes.windows(2).any(|window| window == [2, 3] || window == [2, 4]) {
        return;
    }
    let passphrase = SecretString::from("test");
    let _ = Pair::from_files_with(&[("fuzz.key", bytes)], Some(&passphrase));
    let headers = b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: ";
    let legacy = [headers.as_slice(), bytes, b"\n-----END RSA PRIVATE KEY-----\n"].concat();
    let _ = Pair::from_files_with(&[("fuzz.key", legacy)], Some(&passphrase));
});
