//! The last list of endpoints of each account and tenant.

use berth_contract::failure::Failure;
use berth_contract::model::EndpointList;
use berth_home::Home;
use berth_home::entries::{Entries, id_of_name};
use serde::{Deserialize, Serialize};

/// A list as saved.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Saved {
    /// Id of the account that read it.
    account: String,
    /// Tenant that it was read from.
    tenant_id: String,
    list: EndpointList,
}

/// Saves the list that an account read. A list from an unknown tenant is not saved.
///
/// # Errors
/// `FileProblem`.
pub(crate) fn save(home: &Home, account: &str, tenant_id: &str, list: &EndpointList) -> Result<(), Failure> {
    if tenant_id.is_empty() {
        return Ok(());
    }
    let saved = Saved {
        account: account.to_owned(),
        tenant_id: tenant_id.to_owned(),
        list: list.clone(),
    };
    entries(home).put(&file_of(account, tenant_id), &saved)
}

/// The list that an account last read from a tenant.
///
/// # Errors
/// `FileProblem`, `CorruptState`.
pub(crate) fn last(home: &Home, account: &str, tenant_id: &str) -> Result<Option<EndpointList>, Failure> {
    let saved = entries(home).get(&file_of(account, tenant_id))?;
    // File names ignore case, ids do not.
    let own = saved.filter(|saved| saved.account == account && saved.tenant_id == tenant_id);
    Ok(own.map(|saved| saved.list))
}

/// Removes the lists that an account read.
///
/// # Errors
/// `FileProblem`.
pub(crate) fn forget(home: &Home, account: &str) -> Result<(), Failure> {
    let entries = entries(home);
    let of_account = |saved: &Saved| saved.account == account;
    for saved in entries.readable().into_iter().filter(of_account) {
        entries.remove(&file_of(account, &saved.tenant_id))?;
    }
    Ok(())
}

fn entries(home: &Home) -> Entries<Saved> {
    Entries::of(home.endpoints())
}

fn file_of(account: &str, tenant_id: &str) -> String {
    id_of_name(&format!("{tenant_id}\n{account}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_contract::failure::FailureCode;

    fn list(read_at: &str) -> EndpointList {
        EndpointList {
            read_at: read_at.to_owned(),
            endpoints: Vec::new(),
            unread: Vec::new(),
        }
    }

    #[test]
    fn a_list_is_returned_only_to_its_account_and_tenant() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        save(&home, "Bot", "t-1", &list("one")).unwrap();
        save(&home, "Bot", "t-2", &list("two")).unwrap();
        for (account, tenant, expected) in [
            ("Bot", "t-1", Some("one")),
            ("Bot", "t-2", Some("two")),
            ("Bot", "t-3", None),
            ("bot", "t-1", None),
            ("azure-cli", "t-1", None),
            ("Bot", "", None),
        ] {
            let found = last(&home, account, tenant).unwrap();
            assert_eq!(found, expected.map(list), "{account} {tenant}");
        }
        forget(&home, "bot").unwrap();
        assert!(last(&home, "Bot", "t-1").unwrap().is_some());
        forget(&home, "Bot").unwrap();
        assert_eq!(last(&home, "Bot", "t-1").unwrap(), None);
        assert_eq!(last(&home, "Bot", "t-2").unwrap(), None);
    }

    #[test]
    fn a_list_of_an_unknown_tenant_is_not_saved() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        save(&home, "azure-cli", "", &list("one")).unwrap();
        assert!(!home.endpoints().exists());
    }

    #[test]
    fn a_damaged_list_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        save(&home, "a", "t", &list("one")).unwrap();
        let file = home.endpoints().join(format!("{}.json", file_of("a", "t")));
        std::fs::write(file, "{").unwrap();
        assert_eq!(last(&home, "a", "t").unwrap_err().code, FailureCode::CorruptState);
    }
}
