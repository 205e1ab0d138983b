//! Placeholders for secrets in request bodies, replaced in memory right before sending, and the tag Berth puts on the
//! resources it creates.

/// Tag that holds the plan's id on every resource Berth creates, so that a resumed run recognises its own resources.
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
    pub const ALL: [Self; 4] = [
        Self::CertificatePem,
        Self::KeyPem,
        Self::CertificateBase64,
        Self::KeyBase64,
    ];

    /// The placeholder that a plan's request body contains in its place.
    pub const fn marker(self) -> &'static str {
        match self {
            Self::CertificatePem => "{{secret:certificate_pem}}",
            Self::KeyPem => "{{secret:key_pem}}",
            Self::CertificateBase64 => "{{secret:certificate_base64}}",
            Self::KeyBase64 => "{{secret:key_base64}}",
        }
    }
}
