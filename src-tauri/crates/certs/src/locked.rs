//! Private keys with a passphrase: encrypted PKCS#8 (RFC 8018) and OpenSSL's older form (`DEK-Info`).
//!
//! `pkcs5` reads PBES2 and `p12-keystore` the schemes of PKCS#12. The two derivations that no maintained crate has
//! (PBES1 with MD5 and DES, and OpenSSL's own) are implemented here over `RustCrypto` ciphers. Keys are only read,
//! never written.

use crate::der::{self, INTEGER, OCTET_STRING, OID, SEQUENCE, oid};
use crate::key::KeyForm;
use crate::pkcs12;
use berth_domain::certificate::KeyEncryption;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit, block_padding::Pkcs7};
use md5::{Digest, Md5};
use pkcs5::EncryptionScheme;
use pkcs5::pbes2::Kdf;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// Maximum rounds of a derivation: about a second. OWASP recommends 1.3 million at most (PBKDF2 over SHA-1); a file
/// may demand four billion.
pub(crate) const MAX_ROUNDS: u32 = 2_000_000;
/// The problem reported for a file that demands more.
pub(crate) const TOO_LONG: &str = "a derivation that takes too long";
/// Maximum memory of scrypt in bytes.
const MAX_SCRYPT_BYTES: u64 = 256 * 1024 * 1024;

/// An encrypted key.
pub(crate) enum LockedKey {
    Pkcs8(Zeroizing<Vec<u8>>),
    /// Encrypted DER of this form, with cipher and initialization vector as in `DEK-Info`, in upper case.
    Legacy {
        form: KeyForm,
        cipher: String,
        bytes: Zeroizing<Vec<u8>>,
    },
}

/// Why a key did not open.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The passphrase is wrong.
    Wrong,
    /// The encryption scheme is not supported.
    Unsupported(String),
    /// The structure is invalid.
    Damaged,
}

impl LockedKey {
    /// The form of the key inside.
    pub(crate) fn encryption(&self) -> KeyEncryption {
        match self {
            Self::Pkcs8(_) => KeyEncryption::Pkcs8,
            Self::Legacy { .. } => KeyEncryption::Legacy,
        }
    }

    /// Decrypts the key. The caller has to check the result: a wrong passphrase sometimes yields bytes that are no
    /// key.
    pub(crate) fn open(&self, passphrase: &SecretString) -> Result<(KeyForm, Zeroizing<Vec<u8>>), Refused> {
        match self {
            Self::Pkcs8(whole) => Ok((KeyForm::Pkcs8, open_pkcs8(whole, passphrase)?)),
            Self::Legacy { form, cipher, bytes } => Ok((*form, open_legacy(cipher, bytes, passphrase)?)),
        }
    }
}

fn open_pkcs8(whole: &[u8], passphrase: &SecretString) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let parts = || {
        let outer = der::tagged(whole, SEQUENCE)?;
        let algorithm = der::tagged(outer.contents, SEQUENCE)?;
        let header = outer.contents.len() - algorithm.rest.len();
        let scheme = der::tagged(algorithm.contents, OID)?;
        let data = der::tagged(algorithm.rest, OCTET_STRING)?;
        Some((
            &outer.contents[..header],
            scheme.contents,
            scheme.rest,
            data.contents,
        ))
    };
    let (algorithm, scheme, parameters, data) = parts().ok_or(Refused::Damaged)?;
    match scheme {
        oid::PBES2 => open_pbes2(algorithm, data, passphrase),
        oid::PBE_MD5_DES => open_md5_des(parameters, data, passphrase),
        _ if scheme.starts_with(oid::PKCS12_PBE) => pkcs12::open_key(whole, passphrase),
        other => Err(Refused::Unsupported(scheme_name(other))),
    }
}

fn open_pbes2(
    algorithm: &[u8],
    data: &[u8],
    passphrase: &SecretString,
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let scheme = EncryptionScheme::try_from(algorithm)
        .map_err(|_| pbes2_cipher(algorithm).map_or(Refused::Damaged, Refused::Unsupported))?;
    let within = match scheme.pbes2().map(|parameters| &parameters.kdf) {
        Some(Kdf::Pbkdf2(derivation)) => derivation.iteration_count <= MAX_ROUNDS,
        Some(Kdf::Scrypt(derivation)) => scrypt_fits(
            derivation.cost_parameter,
            u64::from(derivation.block_size),
            u64::from(derivation.parallelization),
        ),
        Some(_) | None => true,
    };
    if !within {
        return Err(Refused::Unsupported(TOO_LONG.to_owned()));
    }
    let mut buffer = Zeroizing::new(data.to_vec());
    match scheme.decrypt_in_place(passphrase.expose_secret(), &mut buffer) {
        Ok(plain) => Ok(Zeroizing::new(plain.to_vec())),
        Err(pkcs5::Error::UnsupportedAlgorithm { oid }) => Err(Refused::Unsupported(oid.to_string())),
        Err(_) => Err(Refused::Wrong),
    }
}

/// The cipher in the parameters of PBES2, for those that `pkcs5` does not know.
fn pbes2_cipher(algorithm: &[u8]) -> Option<String> {
    let algorithm = der::tagged(algorithm, SEQUENCE)?;
    let parameters = der::tagged(der::tagged(algorithm.contents, OID)?.rest, SEQUENCE)?;
    let derivation = der::tagged(parameters.contents, SEQUENCE)?;
    let cipher = der::tagged(derivation.rest, SEQUENCE)?;
    der::tagged(cipher.contents, OID).map(|found| scheme_name(found.contents))
}

/// Whether the parameters of scrypt are valid (`pkcs5` 0.8 panics at a cost of 0) and affordable.
fn scrypt_fits(cost: u64, block: u64, parallel: u64) -> bool {
    if cost < 2 || !cost.is_power_of_two() || block == 0 {
        return false;
    }
    let bytes = cost
        .checked_mul(block)
        .and_then(|product| product.checked_mul(128));
    bytes.is_some_and(|bytes| bytes <= MAX_SCRYPT_BYTES) && (1..=16).contains(&parallel)
}

/// `pbeWithMD5AndDES-CBC` (RFC 8018, section 6.1), which `openssl pkcs8 -topk8` wrote before OpenSSL 1.1.
fn open_md5_des(
    parameters: &[u8],
    data: &[u8],
    passphrase: &SecretString,
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let parts = || {
        let outer = der::tagged(parameters, SEQUENCE)?;
        let salt = der::tagged(outer.contents, OCTET_STRING)?;
        let rounds = der::tagged(salt.rest, INTEGER)?;
        let rounds = rounds
            .contents
            .iter()
            .try_fold(0u32, |sum, &byte| Some(sum.checked_mul(256)? + u32::from(byte)))?;
        Some((salt.contents, rounds))
    };
    let (salt, rounds) = parts().ok_or(Refused::Damaged)?;
    if rounds == 0 || rounds > MAX_ROUNDS {
        return Err(Refused::Unsupported(TOO_LONG.to_owned()));
    }
    let mut derived: Zeroizing<[u8; 16]> = Zeroizing::new(md5([passphrase.expose_secret().as_bytes(), salt]));
    for _ in 1..rounds {
        *derived = md5([derived.as_slice()]);
    }
    let (key, vector) = derived.split_at(8);
    decrypt::<des::Des>(key, vector, data)
}

/// OpenSSL's key derivation (`EVP_BytesToKey`: MD5, one round, the first eight bytes of the vector as salt).
fn open_legacy(cipher: &str, data: &[u8], passphrase: &SecretString) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let unsupported = |name: &str| {
        let name = if name.is_empty() {
            "an unnamed cipher"
        } else {
            name
        };
        Refused::Unsupported(name.to_owned())
    };
    let (name, vector) = cipher.split_once(',').ok_or_else(|| unsupported(cipher))?;
    let name = name.trim();
    let open = match name {
        "AES-128-CBC" => decrypt::<aes::Aes128>,
        "AES-192-CBC" => decrypt::<aes::Aes192>,
        "AES-256-CBC" => decrypt::<aes::Aes256>,
        "DES-EDE3-CBC" => decrypt::<des::TdesEde3>,
        "DES-CBC" => decrypt::<des::Des>,
        other => return Err(unsupported(other)),
    };
    let key_length = match name {
        "AES-128-CBC" => 16,
        "AES-256-CBC" => 32,
        "DES-CBC" => 8,
        _ => 24,
    };
    let vector = from_hex(vector.trim()).ok_or(Refused::Damaged)?;
    let salt = vector.get(..8).ok_or(Refused::Damaged)?;
    let mut key = Zeroizing::new(Vec::with_capacity(48));
    let mut last: Zeroizing<[u8; 16]> = Zeroizing::new([0; 16]);
    while key.len() < key_length {
        let before: &[u8] = if key.is_empty() { &[] } else { last.as_slice() };
        *last = md5([before, passphrase.expose_secret().as_bytes(), salt]);
        key.extend_from_slice(last.as_slice());
    }
    open(&key[..key_length], &vector, data)
}

fn md5<const N: usize>(parts: [&[u8]; N]) -> [u8; 16] {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// Decrypts in CBC mode and removes the padding.
fn decrypt<C: BlockCipherDecrypt + KeyInit>(
    key: &[u8],
    vector: &[u8],
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let cipher = cbc::Decryptor::<C>::new_from_slices(key, vector).map_err(|_| Refused::Damaged)?;
    let mut buffer = Zeroizing::new(data.to_vec());
    match cipher.decrypt_padded::<Pkcs7>(&mut buffer) {
        Ok(plain) => Ok(Zeroizing::new(plain.to_vec())),
        Err(_) => Err(Refused::Wrong),
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    digits
        .chunks_exact(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok())
        .collect()
}

/// Name of a scheme by its object identifier.
fn scheme_name(contents: &[u8]) -> String {
    match contents {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, last] => match last {
            1 => "pbeWithMD2AndDES-CBC".to_owned(),
            4 => "pbeWithMD2AndRC2-CBC".to_owned(),
            6 => "pbeWithMD5AndRC2-CBC".to_owned(),
            10 => "pbeWithSHA1AndDES-CBC".to_owned(),
            11 => "pbeWithSHA1AndRC2-CBC".to_owned(),
            other => format!("1.2.840.113549.1.5.{other}"),
        },
        [
            0x2a,
            0x83,
            0x08,
            0x8c,
            0x9a,
            0x4b,
            0x3d,
            0x01,
            0x01,
            0x01,
            size @ 2..=4,
        ] => {
            format!("Camellia-{}-CBC", u32::from(*size) * 64)
        }
        other => x509_parser::asn1_rs::Oid::new(other.into()).to_string(),
    }
}
