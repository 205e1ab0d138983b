//! The exceptions.

use super::Exception;

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
        "/{scope}/providers/Microsoft.Authorization/locks",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/resources/management-locks/list-by-scope",
    ),
    Exception::operation(
        "PUT",
        "/{scope}/providers/Microsoft.Authorization/locks/{name}",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/resources/management-locks/create-or-update-by-scope",
    ),
    Exception::operation(
        "PUT",
        "/{scope}/providers/Microsoft.Authorization/policyAssignments/{name}",
        NOT_IN_THE_COPY,
        "learn.microsoft.com/rest/api/policyauthorization/policy-assignments/create",
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
