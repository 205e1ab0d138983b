//! Makes the certificate that the specification describes. Its id in the vault is fixed when the run is recorded, so
//! repeating the step is safe.

use crate::pair;
use berth_certs::Pair;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::spec::{PairRef, Recipe};
use berth_vault::Vault;

/// Returns the pair, made unless the vault has it. True when the vault had it.
///
/// # Errors
/// `VaultUnavailable`, `BadInput`, `Internal`.
pub(crate) async fn ensure(
    vault: &Vault,
    location: &PairRef,
    cname: &str,
    recipe: &Recipe,
) -> Result<(Pair, bool), Failure> {
    let PairRef::Vault { id } = location else {
        return Err(Failure::new(FailureCode::Internal, Remedy::ReportBug));
    };
    match pair::find(vault, id).await? {
        Some(pair) => Ok((pair, true)),
        None => Ok((pair::make(vault, id, cname, recipe).await?, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pair_is_made_only_once() {
        let vault = Vault::memory();
        let place = PairRef::Vault {
            id: "run-1".to_owned(),
        };
        let recipe = Recipe::default();
        let (first, there) = ensure(&vault, &place, "ml.contoso.com", &recipe).await.unwrap();
        assert!(!there);
        let (second, there) = ensure(&vault, &place, "ml.contoso.com", &recipe).await.unwrap();
        assert!(there);
        assert_eq!(first.leaf_sha256(), second.leaf_sha256());
    }
}
