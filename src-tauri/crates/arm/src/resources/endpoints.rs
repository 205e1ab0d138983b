//! Endpoints of a workspace, on both routes. An endpoint of the extension route is listed without its deployments, which are a
//! list of their own; a service of the classic route is listed with its versions.

mod classic;
mod credentials;
mod logs;
mod online;
mod words;

pub(crate) use classic::discovered;
pub use classic::{
    get_service, list_services, model_management, plane_of_service, service_resource, service_resources,
    service_versions,
};
pub use credentials::{EndpointKeys, EndpointToken, get_token, list_keys};
pub use logs::{deployment_log, service_log};
pub use online::{get_online, list_deployments, list_online, online};

use super::errors;
use crate::{Arm, ArmError};
use berth_domain::diagnosis::ReportedError;
use berth_domain::endpoint::{Endpoint, EndpointVersion};
use berth_domain::resource_id::{check_part, is_service_id};
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::{self, Write};

/// Reads a resource in Azure's JSON: a service of the classic route from its own API, anything else from Azure Resource
/// Manager. `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn resource(arm: &Arm, id: &str) -> Result<Option<Value>, ArmError> {
    if is_service_id(id) {
        return service_resource(&plane_of_service(arm, id).await?, id).await;
    }
    arm.resource(&arm.path(id)).await
}

/// An endpoint as listed.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    /// The endpoint; without versions on the extension route.
    pub endpoint: Endpoint,
    /// Percent by deployment (extension route); `None` if Azure does not say.
    traffic: Option<Map<String, Value>>,
}

impl Listed {
    /// Adds the versions that were read, and why others were not. A version without a usable name counts as not read.
    #[must_use]
    pub fn with_versions(self, versions: Vec<EndpointVersion>, unread: Option<String>) -> Endpoint {
        let (versions, nameless) = by_name(versions);
        Endpoint {
            versions,
            versions_unread: unread.or(nameless),
            ..self.endpoint
        }
    }
}

/// Sorts versions by name. Drops those without a usable name; then the reason why they are missing is returned too.
fn by_name(mut versions: Vec<EndpointVersion>) -> (Vec<EndpointVersion>, Option<String>) {
    let all = versions.len();
    versions.retain(|version| check_part(&version.name).is_ok());
    let nameless = (versions.len() < all).then(|| "a version has no usable name".to_owned());
    versions.sort_by(|one, other| one.name.cmp(&other.name));
    versions.dedup_by(|one, other| one.name == other.name);
    (versions, nameless)
}

/// Collects the errors that Azure reports in any of the usual places.
fn reported(value: &Value) -> Vec<ReportedError> {
    let places = ["/properties/provisioningErrors", "/properties/error", "/error"];
    let mut all: Vec<ReportedError> = Vec::new();
    for error in places.into_iter().flat_map(|place| errors(value, place)) {
        if !all.contains(&error) {
            all.push(error);
        }
    }
    all
}

/// Approximate size of an endpoint or a version in memory, in bytes: twice its length as JSON.
fn memory_size(value: &impl Serialize) -> usize {
    let mut length = Length(0);
    // Counting cannot fail.
    let _ = serde_json::to_writer(&mut length, value);
    2 * length.0
}

/// Counts the bytes written to it.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Builds an endpoint's id from its name, because the id in a response may be anything.
fn id_of(workspace: &str, list: &str, name: &str) -> String {
    format!("{workspace}/{list}/{name}")
}
