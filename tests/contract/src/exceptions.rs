//! Operations without a description and errors in descriptions, each with a reason and a source. Anything that a change
//! to Berth or the sandbox could fix does not belong here, nor does an entry that no recorded exchange needs.

use crate::template::Template;
use std::fmt::{self, Display, Formatter};

pub(crate) static EXCEPTIONS: &[Exception] = &[
    Exception::finding(
        "Subscriptions_List",
        "\"nextLink\" is a required property",
        "required even on the last page, where Azure returns only value and count",
        "Azure/azure-cli-extensions, src/machinelearningservices, recordings/test_virtual_cluster.yaml",
    ),
    Exception::finding(
        "OnlineDeployments_CreateOrUpdate",
        "\"PT0.5S\" is not a \"duration\"",
        "a fractional second, which ISO 8601 allows and RFC 3339 does not; the default is half a second",
        "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-managed-online, request_settings.max_queue_wait_ms",
    ),
    Exception::finding(
        "OnlineDeployments_Get",
        "\"PT0.5S\" is not a \"duration\"",
        "a fractional second, which ISO 8601 allows and RFC 3339 does not; the default is half a second",
        "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-managed-online, request_settings.max_queue_wait_ms",
    ),
    Exception::finding(
        "OnlineDeployments_List",
        "\"PT0.5S\" is not a \"duration\"",
        "a fractional second, which ISO 8601 allows and RFC 3339 does not; the default is half a second",
        "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-managed-online, request_settings.max_queue_wait_ms",
    ),
    Exception::finding(
        "EnvironmentVersions_Get",
        "\"/\" does not match \"[a-zA-Z0-9_]\"",
        "the root path, which curated environments answer probes at",
        "Azure/azureml-assets, assets/inference/environments, inference_config",
    ),
    Exception::operation(
        "POST",
        "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/datastores/{d}/listSecrets",
        NOT_IN_THE_COPY,
        "azure-ai-ml 1.35.2, azure/ai/ml/_restclient, DatastoresOperations.list_secrets",
    ),
    Exception::operation(
        "HEAD",
        "/{container}/LocalUpload/{hash}/{scope}",
        BLOB_STORAGE,
        "learn.microsoft.com/rest/api/storageservices/blob-service-rest-api",
    ),
    Exception::operation(
        "GET",
        "/{container}/LocalUpload/{hash}/{scope}",
        BLOB_STORAGE,
        "learn.microsoft.com/rest/api/storageservices/get-blob",
    ),
    Exception::operation(
        "PUT",
        "/{container}/LocalUpload/{hash}/{scope}",
        BLOB_STORAGE,
        "learn.microsoft.com/rest/api/storageservices/blob-service-rest-api",
    ),
    Exception::operation(
        "HEAD",
        "/{account}/{container}/src/{scope}",
        BLOB_STORAGE,
        "learn.microsoft.com/rest/api/storageservices/blob-service-rest-api",
    ),
    Exception::operation(
        "PUT",
        "/{account}/{container}/src/{scope}",
        BLOB_STORAGE,
        "learn.microsoft.com/rest/api/storageservices/blob-service-rest-api",
    ),
    // A folder with code has any name.
    Exception::operation(
        "HEAD",
        "/stmlprod/{container}/{folder}/{scope}",
        BLOB_STORAGE,
        "learn.microsoft.com/rest/api/storageservices/blob-service-rest-api",
    ),
    Exception::operation(
        "PUT",
        "/stmlprod/{container}/{folder}/{scope}",
        BLOB_STORAGE,
        "learn.microsoft.com/rest/api/storageservices/blob-service-rest-api",
    ),
    Exception::operation(
        "POST",
        "/{tenant}/oauth2/v2.0/token",
        "Entra ID is specified by protocols, not by OpenAPI",
        "RFC 6749; learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
    ),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/providers/Microsoft.ContainerService/locations/{location}/operations/{id}",
        ADDRESS_OF_OPERATION,
        ASYNC_OPERATIONS,
    )
    .answering(OPERATION_STATUS),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/providers/Microsoft.MachineLearningServices/locations/{location}/computeOperationsStatus/{id}",
        ADDRESS_OF_OPERATION,
        ASYNC_OPERATIONS,
    )
    .answering(OPERATION_STATUS),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/providers/Microsoft.MachineLearningServices/locations/{location}/mfeOperationsStatus/{id}",
        ADDRESS_OF_OPERATION,
        ASYNC_OPERATIONS,
    )
    .answering(OPERATION_STATUS),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Authorization/locks",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/resources/management-locks/list-at-resource-group-level",
    ),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/operationresults/{id}",
        ADDRESS_OF_OPERATION,
        ASYNC_OPERATIONS,
    ),
    Exception::operation(
        "DELETE",
        "/subscriptions/{s}/resourceGroups/{g}",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/resources/resource-groups/delete",
    ),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/resourceGroups/{g}/resources",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/resources/resources/list-by-resource-group",
    ),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/providers/Microsoft.Authorization/permissions",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/authorization/permissions; the copy has the group and the resource as scopes",
    ),
    Exception::operation(
        "PUT",
        "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/azureml/workspaces/create-or-update",
    ),
    Exception::operation(
        "PUT",
        "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Network/virtualNetworks/{v}",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/create-or-update",
    ),
    Exception::operation(
        "PUT",
        "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Network/virtualNetworks/{v}/subnets/{n}",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/virtualnetwork/subnets/create-or-update",
    ),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/providers/Microsoft.Network/locations/{location}/operations/{id}",
        ADDRESS_OF_OPERATION,
        ASYNC_OPERATIONS,
    )
    .answering(OPERATION_STATUS),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Network/routeTables/{t}",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/virtualnetwork/route-tables/get",
    ),
    Exception::operation(
        "PUT",
        "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Network/routeTables/{t}",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/virtualnetwork/route-tables/create-or-update",
    ),
    Exception::operation(
        "DELETE",
        "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Network/virtualNetworks/{v}",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/delete",
    ),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/providers/Microsoft.KeyVault/vaults",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/keyvault/keyvault/vaults/list-by-subscription",
    ),
    Exception::operation(
        "GET",
        "/keyvault/{vault}/certificates",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/keyvault/certificates/get-certificates",
    ),
    Exception::operation(
        "POST",
        "/keyvault/{vault}/certificates/{name}/import",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/keyvault/certificates/import-certificate",
    ),
    Exception::operation(
        "GET",
        "/keyvault/{vault}/secrets/{name}",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/keyvault/secrets/get-secret",
    ),
    Exception::operation(
        "GET",
        "/discovery",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/_base_sdk_common/service_discovery.py",
    ),
    Exception::operation(
        "POST",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/assets",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/_restclient/assets_client.py",
    ),
    Exception::operation(
        "POST",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/models",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/_restclient/operations/ml_models_operations.py",
    ),
    Exception::operation(
        "GET",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/models/{name}",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/_restclient/operations/ml_models_operations.py",
    ),
    Exception::operation(
        "POST",
        "/artifact/v2.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/artifacts/batch/metadata/LocalUpload/{container}",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/_restclient/artifacts_client.py",
    ),
    Exception::operation(
        "GET",
        "/artifact/v2.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/artifacts/contentinfo/LocalUpload/{container}/{scope}",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/_restclient/artifacts_client.py, get_file_uri",
    ),
    Exception::operation(
        "GET",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/services",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/core/webservice/webservice.py",
    ),
    Exception::operation(
        "POST",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/services",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/core/webservice/webservice.py",
    ),
    Exception::operation(
        "GET",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/services/{name}",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/core/webservice/webservice.py",
    ),
    Exception::operation(
        "GET",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/services/{name}/logs",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/core/webservice/webservice.py",
    ),
    Exception::operation(
        "PATCH",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/services/{name}",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/core/webservice/webservice.py",
    ),
    Exception::operation(
        "DELETE",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/services/{name}",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/core/webservice/webservice.py",
    ),
    Exception::operation(
        "POST",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/services/{name}/listkeys",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/core/webservice/webservice.py, get_keys",
    ),
    Exception::operation(
        "POST",
        "/modelmanagement/v1.0/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/{w}/services/{name}/regenerateKeys",
        CLASSIC_PLANE,
        "azureml-core 1.61.0, azureml/core/webservice/webservice.py, regen_key",
    ),
];

const BLOB_STORAGE: &str = "Blob Storage is described in prose; its official crate builds the requests";
const NOT_IN_THE_COPY: &str = "documented but missing in the copy of the descriptions";
const CLASSIC_PLANE: &str = "never described by OpenAPI: only the SDK shows it";
const ADDRESS_OF_OPERATION: &str = "the URL of a long-running operation, taken from a header";
const ASYNC_OPERATIONS: &str = "learn.microsoft.com/azure/azure-resource-manager/management/async-operations";

/// The common form of an operation status, from the one provider that describes it.
const OPERATION_STATUS: &str = "kubernetesconfiguration/Microsoft.KubernetesConfiguration/common/2022-03-01/definitions.json#/definitions/OperationStatusResult";

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exception {
    covers: Covers,
    reason: &'static str,
    source: &'static str,
    /// The definition, below `specs`, that a successful response must match.
    answer: Option<&'static str>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Covers {
    /// An operation without a description.
    Operation {
        method: &'static str,
        path: &'static str,
    },
    /// A finding about a described operation.
    Finding {
        operation: &'static str,
        contains: &'static str,
    },
}

impl Exception {
    /// An exception for an operation without a description.
    pub(crate) const fn operation(
        method: &'static str,
        path: &'static str,
        reason: &'static str,
        source: &'static str,
    ) -> Self {
        Self {
            covers: Covers::Operation { method, path },
            reason,
            source,
            answer: None,
        }
    }

    /// An exception for a finding about a described operation.
    pub(crate) const fn finding(
        operation: &'static str,
        contains: &'static str,
        reason: &'static str,
        source: &'static str,
    ) -> Self {
        Self {
            covers: Covers::Finding { operation, contains },
            reason,
            source,
            answer: None,
        }
    }

    /// Adds the definition that a successful response must match.
    const fn answering(mut self, definition: &'static str) -> Self {
        self.answer = Some(definition);
        self
    }

    /// The definition, below `specs`, that a successful response must match.
    pub(crate) fn answer(&self) -> Option<&'static str> {
        self.answer
    }

    /// Method and path template of the undescribed operation, if this exception covers the request.
    pub(crate) fn undescribed_operation(&self, method: &str, path: &str) -> Option<String> {
        match self.covers {
            Covers::Operation {
                method: wanted,
                path: template,
            } if wanted == method && Template::parse(template).fits(path) => {
                Some(format!("{method} {template}"))
            }
            _ => None,
        }
    }

    /// Whether this exception covers a finding of an operation.
    pub(crate) fn covers_finding(&self, operation: &str, finding: &str) -> bool {
        matches!(self.covers, Covers::Finding { operation: wanted, contains }
            if wanted == operation && finding.contains(contains))
    }
}

impl Display for Exception {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.covers {
            Covers::Operation { method, path } => write!(f, "{method} {path}")?,
            Covers::Finding { operation, contains } => write!(f, "{operation}, {contains:?}")?,
        }
        write!(f, ": {} ({})", self.reason, self.source)
    }
}
