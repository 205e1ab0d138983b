//! Markers in the bodies of requests: those that stand for a secret, which are replaced in memory right before sending, and
//! the tag by which Berth recognises what it made.

/// Tag that Berth writes on what it makes, with the plan's id: how a resumed run recognises its own work.
pub const PLAN_TAG: &str = "berth-plan";

/// The four forms in which a certificate or key goes into a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretPart {
    /// Certificate chain, PEM text (classic).
    CertificatePem,
    /// Key, PEM text (classic).
    KeyPem,
    /// Certificate chain, base64 of the PEM bytes (extension).
    CertificateBase64,
    /// Key, base64 of the PEM bytes (extension).
    KeyBase64,
}

impl SecretPart {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::CertificatePem,
        Self::KeyPem,
        Self::CertificateBase64,
        Self::KeyBase64,
    ];

    /// What stands in a body for it.
    pub const fn marker(self) -> &'static str {
        match self {
            Self::CertificatePem => "{{secret:certificate_pem}}",
            Self::KeyPem => "{{secret:key_pem}}",
            Self::CertificateBase64 => "{{secret:certificate_base64}}",
            Self::KeyBase64 => "{{secret:key_base64}}",
        }
    }
}
