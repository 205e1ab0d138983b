//! Certificate files to import, and the files that Berth has written.

use crate::window::Outcome;
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use std::path::{Path, PathBuf};

/// Creates a certificate of a small authority for a name: `chain.pem` with its chain, and `key.pem`.
pub fn own_pair(folder: &Path, cname: &str) -> Outcome<(PathBuf, PathBuf)> {
    let root_key = KeyPair::generate()?;
    let mut root = CertificateParams::new(Vec::<String>::new())?;
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.distinguished_name
        .push(rcgen::DnType::CommonName, "Contoso Root");
    let root_certificate = root.self_signed(&root_key)?;
    let issuer = Issuer::new(root, root_key);

    let key = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048)?;
    let mut leaf = CertificateParams::new(vec![cname.to_owned()])?;
    leaf.distinguished_name.push(rcgen::DnType::CommonName, cname);
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.not_before = rcgen::date_time_ymd(2026, 1, 1);
    leaf.not_after = rcgen::date_time_ymd(2035, 1, 1);
    let certificate = leaf.signed_by(&key, &issuer)?;

    let (chain_file, key_file) = (folder.join("chain.pem"), folder.join("key.pem"));
    std::fs::write(
        &chain_file,
        format!("{}{}", certificate.pem(), root_certificate.pem()),
    )?;
    std::fs::write(&key_file, key.serialize_pem())?;
    Ok((chain_file, key_file))
}

/// The text of all files in Berth's folder except the sandbox's state, which stands for Azure.
pub fn written(home: &Path) -> Outcome<String> {
    let mut all = String::new();
    for entry in std::fs::read_dir(home)? {
        let path = entry?.path();
        match path.is_dir() {
            true if path.ends_with("sandbox") => {}
            true => all.push_str(&written(&path)?),
            false => all.push_str(&String::from_utf8_lossy(&std::fs::read(path)?)),
        }
    }
    Ok(all)
}
