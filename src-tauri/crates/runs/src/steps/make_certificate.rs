//! Makes the certificate that the specification describes. Its id in the vault is fixed when the run is recorded, so
//! repeating the step is safe.

use berth_certs::Pair;
use berth_certstore::CertificateStore;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::spec::{PairRef, Recipe};

/// Returns the pair, made unless the vault has it. True when the vault had it.
///
/// # Errors
/// `VaultUnavailable`, `BadInput`, `Internal`.
pub(crate) async fn ensure(
    certificates: &CertificateStore,
    location: &PairRef,
    cname: &str,
    recipe: &Recipe,
) -> Result<(Pair, bool), Failure> {
    let PairRef::Vault { id } = location else {
        return Err(Failure::new(FailureCode::Internal, Remedy::ReportBug));
    };
    certificates.find_or_make(id, &[cname.to_owned()], recipe).await
}
