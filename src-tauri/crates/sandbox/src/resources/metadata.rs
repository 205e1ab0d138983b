//! `/metadata/endpoints`: the addresses of a cloud's services, in the formats that real clients request.
//!
//! The Azure CLI expects an object at 2022-09-01 and a list at 2019-05-01 (`ARM_CLOUD_METADATA_URL`).

use crate::answer::Answer;
use serde_json::{Value, json};

pub(crate) const CLOUD: &str = "Berth";
/// The audience of Azure Resource Manager in the public cloud, which clients with the public cloud's settings
/// request.
pub(crate) const ARM_AUDIENCE: &str = "https://management.azure.com/";

pub(crate) fn endpoints(base: &str, api_version: &str) -> Answer {
    if api_version == "2015-01-01" {
        return Answer::ok(json!({
            "galleryEndpoint": format!("{base}/"),
            "graphEndpoint": format!("{base}/"),
            "portalEndpoint": format!("{base}/"),
            "authentication": authentication(base),
        }));
    }
    let cloud = cloud(base);
    Answer::ok(if api_version < "2022-09-01" {
        json!([cloud])
    } else {
        cloud
    })
}

fn authentication(base: &str) -> Value {
    json!({
        "loginEndpoint": base,
        "audiences": ["https://management.core.windows.net/", ARM_AUDIENCE],
        "tenant": "common",
        "identityProvider": "AAD",
    })
}

fn cloud(base: &str) -> Value {
    json!({
        "name": CLOUD,
        "portal": base,
        "resourceManager": format!("{base}/"),
        "authentication": authentication(base),
        "graph": format!("{base}/"),
        "graphAudience": format!("{base}/"),
        "microsoftGraphResourceId": format!("{base}/"),
        "media": base,
        "batch": base,
        "gallery": format!("{base}/"),
        "vmImageAliasDoc": format!("{base}/aliases.json"),
        "sqlManagement": base,
        "activeDirectoryDataLake": base,
        "appInsightsResourceId": base,
        "logAnalyticsResourceId": base,
        "suffixes": {
            "storage": crate::storage::address::suffix(base),
            "keyVaultDns": "vault.azure.net",
            "acrLoginServer": "azurecr.io",
            "sqlServerHostname": "database.windows.net",
            "azureDataLakeStoreFileSystem": "azuredatalakestore.net",
            "azureDataLakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
        },
    })
}
