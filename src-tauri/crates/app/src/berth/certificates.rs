//! Certificates: taken in, made, looked at again.

use super::Berth;
use crate::certificates::{self, Contents};
use berth_contract::failure::Failure;
use berth_contract::model::{CertificateFiles, CertificateOrder, CertificateQuestion, CertificateReport};
use secrecy::SecretString;

impl Berth {
    /// Takes certificate files into the vault and checks them.
    ///
    /// # Errors
    /// `FileProblem`, `CertificateProblem`, `VaultUnavailable`.
    pub async fn take_certificate(&self, files: &CertificateFiles) -> Result<CertificateReport, Failure> {
        certificates::take(&self.vault, files).await
    }

    /// Takes contents into the vault and checks them, as [`Berth::take_certificate`] does with files: pasted text, or
    /// what a program holds.
    ///
    /// # Errors
    /// `CertificateProblem`, `VaultUnavailable`.
    pub async fn take_certificate_contents(
        &self,
        contents: Contents,
        passphrase: Option<&SecretString>,
        cname: &str,
    ) -> Result<CertificateReport, Failure> {
        certificates::take_contents(&self.vault, contents, passphrase, cname).await
    }

    /// Makes a certificate into the vault.
    ///
    /// # Errors
    /// `BadInput`, `VaultUnavailable`.
    pub async fn make_certificate(&self, order: &CertificateOrder) -> Result<CertificateReport, Failure> {
        certificates::make(&self.vault, order).await
    }

    /// Checks a stored certificate again.
    ///
    /// # Errors
    /// `NotFound`, `CertificateProblem`, `VaultUnavailable`.
    pub async fn check_certificate(
        &self,
        question: &CertificateQuestion,
    ) -> Result<CertificateReport, Failure> {
        certificates::check(&self.vault, question).await
    }
}
