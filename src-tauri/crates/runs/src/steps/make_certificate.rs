//! The certificate that the specification describes, made into the vault. Its id is fixed when the run is recorded, so
//! doing it twice is doing it once.

use berth_certs::Pair;
use berth_certstore::CertificateStore;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::spec::{PairRef, Recipe};

/// The pair under its id, made where the vault has none. True when it was there.
///
/// # Errors
/// `VaultUnavailable`, `BadInput`, `Internal`.
pub(crate) async fn ensure(
    certificates: &CertificateStore,
    place: &PairRef,
    cname: &str,
    recipe: &Recipe,
) -> Result<(Pair, bool), Failure> {
    let PairRef::Vault { id } = place else {
        return Err(Failure::new(FailureCode::Internal, Remedy::ReportBug));
    };
    certificates.find_or_make(id, &[cname.to_owned()], recipe).await
}
