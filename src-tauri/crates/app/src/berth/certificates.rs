//! Certificates: taken in, made, asked for elsewhere, looked at again.

use super::Berth;
use crate::acme::accounts::AcmeAccount;
use crate::certificates::{self, Contents};
use crate::{acme, given, pair_files, requests};
use berth_contract::failure::Failure;
use berth_contract::model::{
    AcmeOrder, AcmeWish, AuthorityQuestion, AuthorityRoot, AuthorityTerms, CertificateOrder,
    CertificateQuestion, CertificateReport, CertificateRequestOrder, WaitingRequest,
};
use berth_domain::inventory::Origin;
use berth_domain::spec::{PairRef, RecipeIssuer};
use berth_runs::pair;
use secrecy::SecretString;
use std::path::{Path, PathBuf};

impl Berth {
    /// Takes certificate files into the vault and checks them.
    ///
    /// # Errors
    /// `FileProblem`, `CertificateProblem`, `VaultUnavailable`.
    pub async fn take_certificate(
        &self,
        files: &[&Path],
        passphrase: Option<&SecretString>,
        cname: &str,
    ) -> Result<CertificateReport, Failure> {
        if !cname.trim().is_empty() {
            given::cname(cname)?;
        }
        let contents = certificates::read(files).await?;
        self.take_certificate_contents(contents, passphrase, cname).await
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
        let pair = certificates::open(contents, passphrase).await?;
        self.outlives().await?;
        certificates::keep(&self.options.home, &self.vault, &pair, cname, Origin::Taken).await
    }

    /// Makes a certificate into the vault.
    ///
    /// # Errors
    /// `BadInput`, `VaultUnavailable`.
    pub async fn make_certificate(&self, order: &CertificateOrder) -> Result<CertificateReport, Failure> {
        certificates::check_order(order)?;
        self.outlives().await?;
        certificates::make(&self.options.home, &self.vault, order).await
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

    /// Makes a certificate into the vault and into files of a folder, the key readable by its owner alone. Answers the
    /// paths, chain first. Where a keychain would be needed to keep it beyond this command and there is none, the files
    /// are all there is of it, and the report names them.
    ///
    /// # Errors
    /// As [`Berth::make_certificate`]; `FileProblem`, also where a file is there already.
    pub async fn make_certificate_files(
        &self,
        order: &CertificateOrder,
        folder: &Path,
    ) -> Result<(CertificateReport, Vec<PathBuf>), Failure> {
        certificates::check_order(order)?;
        if order.recipe.issuer == RecipeIssuer::SelfSigned && self.outlives().await.is_err() {
            return certificates::make_files_alone(order, folder).await;
        }
        self.outlives().await?;
        certificates::make_files(&self.options.home, &self.vault, order, folder).await
    }

    /// Writes a certificate of the vault and its key into files of a folder. Answers the paths, chain first.
    ///
    /// # Errors
    /// `NotFound`, `FileProblem`, `VaultUnavailable`.
    pub async fn write_certificate_files(
        &self,
        pair: &PairRef,
        name: &str,
        folder: &Path,
    ) -> Result<Vec<PathBuf>, Failure> {
        let pair = pair::load(&self.vault, pair).await?;
        pair_files::write(folder, name, &pair)
    }

    /// The root of the small authority of this machine, made at its first use.
    ///
    /// # Errors
    /// `VaultUnavailable`.
    pub async fn authority_root(&self) -> Result<AuthorityRoot, Failure> {
        self.outlives().await?;
        certificates::root(&self.vault).await
    }

    /// Writes the root of the small authority of this machine into a file.
    ///
    /// # Errors
    /// `VaultUnavailable`; `FileProblem`, also when it is there already.
    pub async fn write_authority_root(&self, path: &Path) -> Result<AuthorityRoot, Failure> {
        let root = self.authority_root().await?;
        pair_files::write_public(path, &root.pem)?;
        Ok(root)
    }

    /// The same in place of a file that may be there: the person chose it in a dialog.
    ///
    /// # Errors
    /// `VaultUnavailable`, `FileProblem`.
    pub async fn replace_authority_root(&self, path: &Path) -> Result<AuthorityRoot, Failure> {
        let root = self.authority_root().await?;
        pair_files::replace_public(path, &root.pem)?;
        Ok(root)
    }

    /// Makes a key that waits in the vault, and the request for its certificate.
    ///
    /// # Errors
    /// `BadInput`, `VaultUnavailable`, `FileProblem`.
    pub async fn request_certificate(
        &self,
        order: &CertificateRequestOrder,
    ) -> Result<WaitingRequest, Failure> {
        requests::names_of(&order.names)?;
        self.outlives().await?;
        requests::make(&self.options.home, &self.vault, order).await
    }

    /// Writes a request into a file, to hand in.
    ///
    /// # Errors
    /// `FileProblem`, also when it is there already.
    pub fn write_certificate_request(&self, request: &WaitingRequest, path: &Path) -> Result<(), Failure> {
        pair_files::write_public(path, &request.request_pem)
    }

    /// The same in place of a file that may be there: the person chose it in a dialog.
    ///
    /// # Errors
    /// `FileProblem`.
    pub fn replace_certificate_request(&self, request: &WaitingRequest, path: &Path) -> Result<(), Failure> {
        pair_files::replace_public(path, &request.request_pem)
    }

    /// A request whose key waits.
    ///
    /// # Errors
    /// `NotFound`, `FileProblem`, `CorruptState`.
    pub fn certificate_request(&self, id: &str) -> Result<WaitingRequest, Failure> {
        requests::find(&self.options.home, id)
    }

    /// Requests whose keys wait, oldest first.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn certificate_requests(&self) -> Result<Vec<WaitingRequest>, Failure> {
        requests::list(&self.options.home)
    }

    /// Joins the certificate that came back, in whatever files, with the key that waits for it.
    ///
    /// # Errors
    /// `NotFound` when no key waits for it, `FileProblem`, `CertificateProblem`, `VaultUnavailable`.
    pub async fn answer_certificate_request(
        &self,
        paths: &[&Path],
    ) -> Result<(WaitingRequest, CertificateReport), Failure> {
        self.answer_certificate_request_contents(&certificates::read(paths).await?)
            .await
    }

    /// The same with contents: pasted text.
    ///
    /// # Errors
    /// As [`Berth::answer_certificate_request`].
    pub async fn answer_certificate_request_contents(
        &self,
        contents: &Contents,
    ) -> Result<(WaitingRequest, CertificateReport), Failure> {
        self.outlives().await?;
        requests::answer(&self.options.home, &self.vault, contents, Origin::Requested).await
    }

    /// Gives a request up, with its key.
    ///
    /// # Errors
    /// `FileProblem`, `VaultUnavailable`.
    pub async fn drop_certificate_request(&self, id: &str) -> Result<(), Failure> {
        self.outlives().await?;
        requests::forget(&self.options.home, &self.vault, id).await
    }

    /// The terms of an authority, to be read before anything is ordered there.
    ///
    /// # Errors
    /// `BadInput`, `FileProblem`, `Unreachable`, `AuthorityRefused`.
    pub async fn authority_terms(&self, question: &AuthorityQuestion) -> Result<AuthorityTerms, Failure> {
        acme::terms(question).await
    }

    /// Whether an order is complete and its key can be kept. Nobody is asked.
    ///
    /// # Errors
    /// `BadInput`, `VaultUnavailable`.
    pub async fn can_order(&self, wish: &AcmeWish) -> Result<(), Failure> {
        acme::check(wish).await?;
        self.outlives().await
    }

    /// Orders a certificate from an authority that speaks ACME. Answers the records to make.
    ///
    /// # Errors
    /// `BadInput`, `Unreachable`, `AuthorityRefused`, `VaultUnavailable`, `FileProblem`.
    pub async fn order_certificate(&self, wish: &AcmeWish) -> Result<AcmeOrder, Failure> {
        self.can_order(wish).await?;
        acme::order(&self.options.home, &self.vault, wish).await
    }

    /// Orders that are not done, as they stood when last looked at.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn certificate_orders(&self) -> Result<Vec<AcmeOrder>, Failure> {
        acme::list(&self.options.home)
    }

    /// Asks the authority how an order stands.
    ///
    /// # Errors
    /// `NotFound`, `Unreachable`, `AuthorityRefused`.
    pub async fn look_at_certificate_order(&self, id: &str) -> Result<AcmeOrder, Failure> {
        self.outlives().await?;
        acme::look(&self.options.home, &self.vault, id).await
    }

    /// Says that the records are there, waits for the authority (minutes at most), and takes the certificate into the
    /// vault.
    ///
    /// # Errors
    /// `NameNotProven`, `StillRunning` (then the same again goes on where it was), `AuthorityRefused`, `Unreachable`.
    pub async fn finish_certificate_order(&self, id: &str) -> Result<CertificateReport, Failure> {
        self.outlives().await?;
        acme::finish(&self.options.home, &self.vault, id).await
    }

    /// Gives an order up, with its key.
    ///
    /// # Errors
    /// `NotFound`, `FileProblem`, `VaultUnavailable`.
    pub async fn drop_certificate_order(&self, id: &str) -> Result<(), Failure> {
        self.outlives().await?;
        acme::forget(&self.options.home, &self.vault, id).await
    }

    /// Authorities that there is an ACME account with.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn acme_accounts(&self) -> Result<Vec<AcmeAccount>, Failure> {
        acme::accounts::list(&self.options.home)
    }

    /// Removes the key of the account with an authority. The authority keeps the account, which nobody can use any more.
    ///
    /// # Errors
    /// `NotFound`; `BadInput` while an order needs it; `VaultUnavailable`, `FileProblem`.
    pub async fn remove_acme_account(&self, directory: &str) -> Result<(), Failure> {
        self.outlives().await?;
        acme::accounts::remove(&self.options.home, &self.vault, directory).await
    }
}
