//! The service's errors: XML with a code, repeated in a header
//! (learn.microsoft.com/rest/api/storageservices/status-and-error-codes2). The codes for a SAS are Azurite's.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use jiff::Timestamp;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StorageError {
    pub(super) status: StatusCode,
    pub(super) code: String,
    pub(super) message: String,
}

pub(super) type Done<T> = Result<T, StorageError>;

macro_rules! errors {
    ($($name:ident = $status:literal $code:literal $message:literal;)*) => {
        $(
            pub(super) fn $name() -> StorageError {
                StorageError::new(StatusCode::from_u16($status).unwrap_or(StatusCode::BAD_REQUEST), $code, $message)
            }
        )*
    };
}

errors! {
    no_authentication = 401 "NoAuthenticationInformation" "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
    authorization_failure = 403 "AuthorizationFailure" "This request is not authorized to perform this operation.";
    permission_mismatch = 403 "AuthorizationPermissionMismatch" "This request is not authorized to perform this operation using this permission.";
    keys_off = 403 "KeyBasedAuthenticationNotPermitted" "Key based authentication is not permitted on this storage account.";
    no_account = 404 "ResourceNotFound" "The specified resource does not exist.";
    no_container = 404 "ContainerNotFound" "The specified container does not exist.";
    no_blob = 404 "BlobNotFound" "The specified blob does not exist.";
    container_exists = 409 "ContainerAlreadyExists" "The specified container already exists.";
    blob_exists = 409 "BlobAlreadyExists" "The specified blob already exists.";
    condition_not_met = 412 "ConditionNotMet" "The condition specified using HTTP conditional header(s) is not met.";
    not_modified = 304 "ConditionNotMet" "The condition specified using HTTP conditional header(s) is not met.";
    md5_mismatch = 400 "Md5Mismatch" "The MD5 value specified in the request did not match with the MD5 value calculated by the server.";
    bad_md5 = 400 "InvalidMd5" "The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64-encoded.";
    bad_block_list = 400 "InvalidBlockList" "The specified block list is invalid.";
    bad_block = 400 "InvalidBlobOrBlock" "The specified blob or block content is invalid.";
    bad_block_id = 400 "InvalidBlockId" "The specified block ID is invalid. The block ID must be Base64-encoded.";
    too_many_blocks = 400 "BlockListTooLong" "The block list may not contain more than 50,000 blocks.";
    too_many_uncommitted = 409 "BlockCountExceedsLimit" "The uncommitted block count cannot exceed the maximum limit of 100,000 blocks.";
    bad_xml = 400 "InvalidXmlDocument" "XML specified is not syntactically valid.";
    bad_metadata = 400 "InvalidMetadata" "The metadata specified is invalid. It has characters that are not permitted.";
    metadata_too_large = 400 "MetadataTooLarge" "The size of the specified metadata exceeds the maximum size permitted.";
    bad_range = 416 "InvalidRange" "The range specified is invalid for the current size of the resource.";
    bad_uri = 400 "InvalidUri" "The requested URI does not represent any resource on the server.";
    bad_container_name = 400 "InvalidResourceName" "The specified resource name contains invalid characters.";
    wrong_verb = 405 "UnsupportedHttpVerb" "The resource doesn't support specified Http Verb.";
    no_blob_type = 400 "MissingRequiredHeader" "An HTTP header that's mandatory for this request is not specified: x-ms-blob-type.";
    full = 507 "InsufficientStorage" "The sandbox keeps at most 512 MiB of blobs.";
    not_saved = 500 "InternalError" "The sandbox could not save its state.";
}

impl StorageError {
    pub(super) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_string(),
            message: message.into(),
        }
    }

    pub(super) fn bad_header(name: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "InvalidHeaderValue",
            format!("The value for one of the HTTP headers is not in the correct format: {name}."),
        )
    }

    pub(super) fn bad_query(name: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "InvalidQueryParameterValue",
            format!("Value for one of the query parameters specified in the request URI is invalid: {name}."),
        )
    }

    /// The answer; one to HEAD has only the headers.
    pub(super) fn response(&self, request_id: &str, wall: Timestamp, head: bool) -> Response<Bytes> {
        let body = if head || self.status == StatusCode::NOT_MODIFIED {
            Bytes::new()
        } else {
            let message = format!("{}\nRequestId:{request_id}\nTime:{wall:.7}", self.message);
            Bytes::from(format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{}</Code><Message>{}</Message></Error>",
                escape(&self.code),
                escape(&message)
            ))
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            http::header::CONTENT_TYPE,
            HeaderValue::from_static("application/xml"),
        );
        if let Ok(code) = HeaderValue::from_str(&self.code) {
            headers.insert("x-ms-error-code", code);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static(
                "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize resource_id=https://storage.azure.com",
            );
            headers.insert(http::header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Escapes text for XML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}
