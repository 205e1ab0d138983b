//! The accounts a person can choose: the sandbox, the Azure CLI's login, and service principals they added.
//! A service principal's secret is in the keychain; its file holds only its ids.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{AccountInfo, AccountKind, NewServicePrincipal};
use berth_failures::from_vault;
use berth_home::entries::{Entries, id_of_name};
use berth_home::{Home, Secrets};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// Id of the embedded sandbox's account.
pub const SANDBOX: &str = "sandbox";
/// Id of the stand-alone sandbox's account.
pub const RUNNING_SANDBOX: &str = "running-sandbox";
/// Id of the account that uses the Azure CLI's login.
pub const AZURE_CLI: &str = "azure-cli";

/// A service principal as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Principal {
    pub(crate) id: String,
    pub(crate) tenant_id: String,
    pub(crate) client_id: String,
}

/// Lists the accounts in display order. `running_sandbox` adds the stand-alone sandbox named on the command line.
///
/// # Errors
/// `FileProblem` or `CorruptState` for the account files.
pub fn list(home: &Home, running_sandbox: bool) -> Result<Vec<AccountInfo>, Failure> {
    let mut accounts = vec![built_in(SANDBOX, AccountKind::Sandbox, "Sandbox")];
    if running_sandbox {
        accounts.push(built_in(
            RUNNING_SANDBOX,
            AccountKind::RunningSandbox,
            "Running sandbox",
        ));
    }
    accounts.push(built_in(AZURE_CLI, AccountKind::AzureCli, "Azure CLI"));
    let mut added = principals(home)?.all()?;
    added.sort_by(|one, other| one.id.cmp(&other.id));
    accounts.extend(added.iter().map(info));
    Ok(accounts)
}

/// Adds a service principal. Its file is written before its secret is stored, so that every secret has an account it
/// can be removed with.
///
/// # Errors
/// `BadInput` for an empty or taken field, `VaultUnavailable`, `FileProblem`.
pub async fn add(secrets: &Secrets, new: NewServicePrincipal) -> Result<AccountInfo, Failure> {
    let principal = Principal {
        id: new.label.trim().to_owned(),
        tenant_id: new.tenant_id.trim().to_owned(),
        client_id: new.client_id.trim().to_owned(),
    };
    let (home, secret) = (secrets.home(), new.client_secret);
    check(home, &principal, &secret)?;
    let (all, file) = (principals(home)?, id_of_name(&principal.id));
    if !all.add(&file, &principal)? {
        return Err(refuse("label", "taken"));
    }
    secrets.cancel_deletion(&secret_key(&principal.id))?;
    if let Err(error) = secrets.vault().put(&secret_key(&principal.id), &secret).await {
        all.remove(&file)?;
        return Err(from_vault(&error));
    }
    Ok(info(&principal))
}

/// Removes a service principal and its secret. The secret goes first, so that a failed removal can be retried.
///
/// # Errors
/// `NotFound` if there is no such account, `VaultUnavailable`, `FileProblem`.
pub async fn remove(secrets: &Secrets, id: &str) -> Result<(), Failure> {
    principal(secrets.home(), id)?;
    secrets.delete(&secret_key(id)).await?;
    principals(secrets.home())?.remove(&id_of_name(id))
}

/// Reads a service principal.
pub(crate) fn principal(home: &Home, id: &str) -> Result<Principal, Failure> {
    let found = principals(home)?.get(&id_of_name(id))?;
    // File names ignore case, ids do not.
    found
        .filter(|principal| principal.id == id)
        .ok_or_else(|| not_found(id))
}

/// Returns the keychain entry of a service principal's secret.
pub(crate) fn secret_key(id: &str) -> String {
    format!("account/{id}/client-secret")
}

/// The failure for an unknown account.
pub(crate) fn not_found(id: &str) -> Failure {
    Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", format!("account \"{id}\""))
}

fn principals(home: &Home) -> Result<Entries<Principal>, Failure> {
    Entries::migrating(home.accounts(), |one: &Principal| id_of_name(&one.id))
}

fn refuse(what: &str, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", what)
        .with("why", why)
}

fn info(principal: &Principal) -> AccountInfo {
    AccountInfo {
        id: principal.id.clone(),
        kind: AccountKind::ServicePrincipal,
        label: principal.id.clone(),
        cloud: "AzureCloud".to_owned(),
        tenant_id: Some(principal.tenant_id.clone()),
    }
}

fn built_in(id: &str, kind: AccountKind, label: &str) -> AccountInfo {
    let cloud = if kind == AccountKind::AzureCli {
        "AzureCloud"
    } else {
        "Sandbox"
    };
    AccountInfo {
        id: id.to_owned(),
        kind,
        label: label.to_owned(),
        cloud: cloud.to_owned(),
        tenant_id: None,
    }
}

fn check(home: &Home, principal: &Principal, secret: &SecretString) -> Result<(), Failure> {
    use secrecy::ExposeSecret as _;
    let fields = [
        ("label", principal.id.as_str()),
        ("tenantId", principal.tenant_id.as_str()),
        ("clientId", principal.client_id.as_str()),
        ("clientSecret", secret.expose_secret()),
    ];
    if let Some((what, _)) = fields.into_iter().find(|(_, value)| value.is_empty()) {
        return Err(refuse(what, "empty"));
    }
    if uuid::Uuid::parse_str(&principal.client_id).is_err() {
        return Err(refuse("clientId", "not_a_guid"));
    }
    let is_domain = principal.tenant_id.contains('.');
    if !is_domain && uuid::Uuid::parse_str(&principal.tenant_id).is_err() {
        return Err(refuse("tenantId", "not_a_tenant"));
    }
    if list(home, true)?
        .iter()
        .any(|account| account.id.eq_ignore_ascii_case(&principal.id))
    {
        return Err(refuse("label", "taken"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_home::Lifetime;
    use berth_vault::{StoreError, Vault};
    use zeroize::Zeroizing;

    fn order(label: &str) -> NewServicePrincipal {
        NewServicePrincipal {
            label: label.to_owned(),
            tenant_id: "contoso.onmicrosoft.com".to_owned(),
            client_id: "04b07795-8ddb-461a-bbee-02f9e1bf7b46".to_owned(),
            client_secret: SecretString::from("canary-secret"),
        }
    }

    fn secrets(home: &Home, vault: Vault) -> Secrets {
        Secrets::new(home.clone(), vault, Lifetime::Window)
    }

    #[tokio::test]
    async fn the_secret_is_stored_only_in_the_keychain() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let secrets = secrets(&home, Vault::memory());
        add(&secrets, order("Deploy bot")).await.unwrap();
        let file = home.accounts().join(format!("{}.json", id_of_name("Deploy bot")));
        let file = std::fs::read_to_string(file).unwrap();
        assert!(!file.contains("canary-secret"), "{file}");
        assert!(
            secrets
                .vault()
                .get(&secret_key("Deploy bot"))
                .await
                .unwrap()
                .is_some()
        );
        assert!(
            list(&home, false)
                .unwrap()
                .iter()
                .any(|account| account.id == "Deploy bot")
        );
        remove(&secrets, "Deploy bot").await.unwrap();
        assert!(
            secrets
                .vault()
                .get(&secret_key("Deploy bot"))
                .await
                .unwrap()
                .is_none()
        );
    }

    #[tokio::test]
    async fn refuses_taken_and_unusable_input() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let secrets = secrets(&home, Vault::memory());
        for (wrong, what) in [
            (order("sandbox"), "label"),
            (
                NewServicePrincipal {
                    client_id: "x".to_owned(),
                    ..order("a")
                },
                "clientId",
            ),
            (
                NewServicePrincipal {
                    tenant_id: "x".to_owned(),
                    ..order("a")
                },
                "tenantId",
            ),
            (
                NewServicePrincipal {
                    client_secret: SecretString::from(""),
                    ..order("a")
                },
                "clientSecret",
            ),
        ] {
            let failure = add(&secrets, wrong).await.unwrap_err();
            assert_eq!(
                (failure.code, failure.params["what"].as_str()),
                (FailureCode::BadInput, what)
            );
        }
        assert!(!home.accounts().exists());
    }

    #[tokio::test]
    async fn a_label_that_differs_only_in_case_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let secrets = secrets(&home, Vault::memory());
        add(&secrets, order("Bot")).await.unwrap();
        let failure = add(&secrets, order("bot")).await.unwrap_err();
        assert_eq!(failure.params["why"], "taken");
        assert_eq!(
            remove(&secrets, "bot").await.unwrap_err().code,
            FailureCode::NotFound
        );
    }

    /// A keychain that refuses to store or delete anything.
    struct Full;

    impl berth_vault::Store for Full {
        fn put(&self, _: &str, _: &str) -> Result<(), StoreError> {
            Err(StoreError::Unavailable {
                source: "full".into(),
            })
        }

        fn get(&self, _: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
            Ok(None)
        }

        fn delete(&self, _: &str) -> Result<(), StoreError> {
            Err(StoreError::Unavailable {
                source: "full".into(),
            })
        }
    }

    #[tokio::test]
    async fn an_operation_the_keychain_refused_can_be_retried() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let full = Vault::on(std::sync::Arc::new(Full), std::time::Duration::from_secs(3));
        let full = secrets(&home, full);
        let working = secrets(&home, Vault::memory());
        let failure = add(&full, order("Bot")).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::VaultUnavailable);
        assert!(principals(&home).unwrap().all().unwrap().is_empty());
        add(&working, order("Bot")).await.unwrap();
        for _ in 0..2 {
            let failure = remove(&full, "Bot").await.unwrap_err();
            assert_eq!(failure.code, FailureCode::VaultUnavailable);
        }
        remove(&working, "Bot").await.unwrap();
    }
}
