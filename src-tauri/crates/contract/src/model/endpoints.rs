//! Models of the endpoints pages.

use berth_domain::endpoint::Endpoint;
use berth_domain::facts::{ComputeFacts, UnreadUsers};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

model! {
    /// The endpoints of every workspace that an account can see, at one point in time. Contains no secrets and is saved, so it can
    /// be shown offline.
    EndpointList {
        /// Time of reading, RFC 3339.
        read_at: String,
        /// Sorted by name, workspace and route.
        endpoints: Vec<Endpoint>,
        /// What could not be read and may hold more endpoints. Versions that could not be read are reported with their endpoint.
        unread: Vec<UnreadUsers>,
    }
}

model! {
    /// Everything that the page of an endpoint shows. `problems` names what could not be read.
    EndpointDetails {
        /// The endpoint.
        endpoint: Endpoint,
        /// The compute it runs on; `None` if it is gone or could not be read.
        compute: Option<ComputeFacts>,
        /// Location of its workspace; `None` if it could not be read.
        workspace_location: Option<String>,
        /// What could not be read, and why.
        problems: Vec<String>,
    }
}
