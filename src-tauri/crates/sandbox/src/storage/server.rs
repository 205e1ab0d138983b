//! One request to Blob Storage, from bytes to bytes.

use super::access::{self, Need};
use super::address::{self, Target};
use super::errors::{self, Done, StorageError};
use super::query::Query;
use super::uploads::Upload;
use super::{Storage, blobs, listing, uploads};
use crate::faults::{FaultAction, MatchedFault};
use crate::server::{Received, Server};
use crate::world::World;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use jiff::Timestamp;

/// An answer without what all answers have.
#[derive(Debug)]
pub(super) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    pub(super) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    pub(super) fn xml(text: String) -> Self {
        Self::empty(StatusCode::OK)
            .with("content-type", "application/xml")
            .with_body(text.into())
    }

    #[must_use]
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    #[must_use]
    pub(super) fn with_time(self, name: &str, at: Timestamp) -> Self {
        self.with(name, &http_date(at))
    }

    #[must_use]
    pub(super) fn with_body(mut self, body: Bytes) -> Self {
        self.body = body;
        self
    }
}

/// A time as HTTP writes it.
pub(super) fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Answers a request to Blob Storage; `None` if it is for another service.
pub(crate) fn respond(
    server: &Server,
    received: &Received,
    hit: Option<&MatchedFault>,
) -> Option<Response<Bytes>> {
    let path = received.target.split('?').next().unwrap_or_default();
    let host = received.header("host").unwrap_or_default();
    let (account, rest) = match address::account_in_host(host) {
        Some(account) => (account, path),
        None => {
            let account = address::account_in_path(path)?;
            let known = server
                .shared
                .read(|world, _| world.storage.account(account).is_some());
            if !known {
                return None;
            }
            (account, path.trim_start_matches('/').get(account.len()..)?)
        }
    };
    let request_id = uuid::Uuid::new_v4().to_string();
    let fault = hit.and_then(|hit| faulted(hit.action()));
    let done = match fault {
        Some(error) => Err(error),
        None => Target::of(account, rest).and_then(|target| answer(server, received, &target)),
    };
    let head = received.method == Method::HEAD;
    let mut response = match done {
        Ok(reply) => {
            let mut response = Response::new(reply.body);
            (*response.status_mut(), *response.headers_mut()) = (reply.status, reply.headers);
            response
        }
        Err(error) => error.response(&request_id, Timestamp::now(), head),
    };
    add_common(response.headers_mut(), received, &request_id);
    if let Some(seconds) = hit.and_then(|hit| hit.action().retry_after) {
        response
            .headers_mut()
            .insert(http::header::RETRY_AFTER, seconds.into());
    }
    Some(response)
}

/// The largest body of a request to the main listener: a large one needs to say how it is allowed.
pub(crate) fn body_limit(parts: &http::request::Parts) -> usize {
    let query = parts.uri.query().unwrap_or_default();
    let writes_blob = parts.method == Method::PUT
        && (parts.headers.contains_key("x-ms-blob-type") || query.contains("comp=block"));
    let allowed = query.contains("sig=") || parts.headers.contains_key(http::header::AUTHORIZATION);
    if writes_blob && allowed {
        super::BODY_LIMIT
    } else {
        crate::transport::BODY_LIMIT
    }
}

/// Headers of every answer.
fn add_common(headers: &mut HeaderMap, received: &Received, request_id: &str) {
    let version = received.header("x-ms-version").unwrap_or("2023-11-03");
    let date = http_date(Timestamp::now());
    let mut add = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    add("server", super::SERVER);
    add("x-ms-request-id", request_id);
    add("x-ms-version", version);
    add("date", &date);
    if let Some(id) = received.header("x-ms-client-request-id") {
        add("x-ms-client-request-id", id);
    }
}

/// The refusal that a fault wants.
fn faulted(action: &FaultAction) -> Option<StorageError> {
    let status = StatusCode::from_u16(action.status?).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let code = match status.as_u16() {
        403 => "AuthorizationFailure",
        404 => "BlobNotFound",
        409 => "BlobAlreadyExists",
        412 => "ConditionNotMet",
        429 | 503 => "ServerBusy",
        _ => "InternalError",
    };
    let message = action
        .message
        .as_deref()
        .unwrap_or("The server encountered an error. Please retry the request.");
    Some(StorageError::new(
        status,
        action.code.as_deref().unwrap_or(code),
        message,
    ))
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    CreateContainer,
    ContainerProperties,
    List,
    Get,
    BlockList,
    PutBlob,
    PutBlock,
    PutBlockList,
    PutMetadata,
    Delete,
}

impl Operation {
    fn of(method: &Method, target: &Target, query: &Query) -> Done<Self> {
        let (restype, comp) = (query.get("restype"), query.get("comp"));
        let found = match (method.as_str(), target.blob.is_empty(), restype, comp) {
            (_, true, _, _) if target.container.is_empty() => return Err(errors::bad_uri()),
            ("PUT", true, "container", "") => Self::CreateContainer,
            ("GET", true, "container", "list") => Self::List,
            ("GET" | "HEAD", true, "container", "") => Self::ContainerProperties,
            ("GET" | "HEAD", false, "", "") => Self::Get,
            ("GET", false, "", "blocklist") => Self::BlockList,
            ("PUT", false, "", "") => Self::PutBlob,
            ("PUT", false, "", "block") => Self::PutBlock,
            ("PUT", false, "", "blocklist") => Self::PutBlockList,
            ("PUT", false, "", "metadata") => Self::PutMetadata,
            ("DELETE", false, "", "") => Self::Delete,
            ("GET" | "HEAD" | "PUT" | "DELETE" | "POST", _, _, "") => return Err(errors::wrong_verb()),
            ("GET" | "HEAD" | "PUT" | "DELETE" | "POST", _, _, _) => {
                return Err(StorageError::bad_query("comp"));
            }
            _ => return Err(errors::wrong_verb()),
        };
        Ok(found)
    }

    fn need(self, exists: bool) -> Need {
        match self {
            Self::CreateContainer => access::CREATE_CONTAINER,
            Self::ContainerProperties => access::READ_CONTAINER,
            Self::List => access::LIST,
            Self::Get | Self::BlockList => access::READ,
            Self::PutMetadata => access::WRITE,
            Self::PutBlob | Self::PutBlock | Self::PutBlockList if exists => access::WRITE,
            Self::PutBlob | Self::PutBlock | Self::PutBlockList => access::CREATE,
            Self::Delete => access::DELETE,
        }
    }

    fn writes(self) -> bool {
        !matches!(
            self,
            Self::ContainerProperties | Self::List | Self::Get | Self::BlockList
        )
    }
}

fn answer(server: &Server, received: &Received, target: &Target) -> Done<Reply> {
    if received
        .header("x-ms-version")
        .is_some_and(|version| !is_version(version))
    {
        return Err(StorageError::bad_header("x-ms-version"));
    }
    let query = Query::of(received.query.iter().cloned());
    let upload = Upload::of(received);
    let allowed = |world: &World| -> Done<Operation> {
        let account = world
            .storage
            .account(&target.account)
            .ok_or_else(errors::no_account)?;
        let credential = access::credential(server, world, received, &query, target, account)?;
        let operation = Operation::of(&received.method, target, &query)?;
        let container = world.storage.container(&target.account, &target.container);
        let exists = container.is_some_and(|found| found.blob(&target.blob).is_some());
        credential.check(world, account, operation.need(exists))?;
        Ok(operation)
    };
    let writes = |storage: &mut Storage, operation: Operation, now: Timestamp| match operation {
        Operation::CreateContainer => uploads::create_container(storage, target, now),
        Operation::PutBlob => uploads::put_blob(storage, received, upload, target, now),
        Operation::PutBlock => uploads::put_block(storage, upload, target, &query),
        Operation::PutBlockList => uploads::put_block_list(storage, received, upload, target, now),
        Operation::PutMetadata => uploads::put_metadata(storage, received, target, now),
        Operation::Delete => uploads::delete_blob(storage, received, target),
        Operation::ContainerProperties => blobs::properties(storage, target),
        Operation::List => listing::list(
            storage,
            target,
            &query,
            &address::by_host(&server.base, &target.account),
        ),
        Operation::Get => blobs::get(storage, received, target),
        Operation::BlockList => blobs::block_list(storage, target, &query),
    };
    let changed = server.shared.change(|world, now| {
        let operation = allowed(world)?;
        let reply = writes(&mut world.storage, operation, now.wall)?;
        if operation.writes() {
            world.touch();
        }
        Ok(reply)
    });
    changed.unwrap_or_else(|_| Err(errors::not_saved()))
}

/// A date, as versions are.
fn is_version(version: &str) -> bool {
    version.parse::<jiff::civil::Date>().is_ok() && version >= "2009-09-19"
}
