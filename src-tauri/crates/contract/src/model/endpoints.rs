//! Models of the endpoints pages.

use berth_domain::deployment_spec::DeploySpec;
use berth_domain::diagnosis::Unread;
use berth_domain::endpoint::Endpoint;
use berth_domain::endpoint_log::LogContainer;
use berth_domain::endpoint_pods::VersionPods;
use berth_domain::facts::{ComputeFacts, UnreadUsers};
use berth_domain::finding::Finding;
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

model! {
    /// A service of the classic route to export for the extension route.
    ServiceToExport {
        /// Id of the account.
        account: String,
        /// Id of the service.
        service_id: String,
        /// Name of a compute of the same workspace on the extension route.
        compute: String,
        /// File with a request in JSON for the proofs; empty for none.
        sample: String,
    }
}

model! {
    /// The files that deploy a service's versions on the extension route.
    ServiceExport {
        /// In the order in which they are to be deployed.
        versions: Vec<ExportedVersion>,
    }
}

model! {
    /// A version of an exported service.
    ExportedVersion {
        /// Its name on the classic route.
        version: String,
        /// Path of the file that deploys it; `None` if it cannot be carried over.
        file: Option<String>,
        /// What the file has, with absolute paths.
        spec: Option<DeploySpec>,
        /// What is carried over and what is not, and why.
        findings: Vec<Finding>,
    }
}

model! {
    /// The log to read.
    LogQuestion {
        /// Id of the account.
        account: String,
        /// Id of the endpoint or service.
        endpoint_id: String,
        /// Name of the version; a plain service is its own only version.
        version: String,
        /// Which container of its pods.
        container: LogContainer,
        /// How many of the last lines; 1 to 5000.
        lines: u32,
    }
}

model! {
    /// The last lines of a log, without secrets.
    VersionLog {
        /// Time of reading, RFC 3339.
        read_at: String,
        /// How far the instance came, if Azure says so.
        instance: Vec<String>,
        /// Oldest first.
        lines: Vec<String>,
        /// Whether earlier lines were left out because the log was too large.
        cut: bool,
        /// Whether the lines are those of all versions, which Azure does not separate on the classic route.
        of_all_versions: bool,
    }
}

model! {
    /// The log of a scoring front end to read.
    FrontEndLogQuestion {
        /// Id of the account.
        account: String,
        /// Id of an endpoint or service behind it.
        endpoint_id: String,
        /// How many of the last lines of each container; 1 to 5000.
        lines: u32,
    }
}

model! {
    /// What the scoring front end of a cluster wrote for all its endpoints, without secrets.
    FrontEndLogs {
        /// Time of reading, RFC 3339.
        read_at: String,
        /// One for each container of its pods.
        logs: Vec<ContainerLog>,
        /// How many further logs were not read.
        left_out: u32,
        /// Why its pods could not be read; the logs are then unknown.
        unread: Option<String>,
    }
}

model! {
    /// The last lines of a container's log, without secrets.
    ContainerLog {
        /// Its pod, as `namespace/name`.
        pod: String,
        /// Its name.
        container: String,
        /// Oldest first.
        lines: Vec<String>,
        /// Whether earlier lines were left out because the log was too large.
        cut: bool,
        /// Why the log could not be read.
        unread: Option<String>,
    }
}

model! {
    /// A log to save in a file.
    LogToSave {
        /// Suggested name of the file.
        name: String,
        /// Oldest first.
        lines: Vec<String>,
    }
}

model! {
    /// The pods of each version of an endpoint, and why versions do not serve.
    EndpointPods {
        /// Time of reading, RFC 3339.
        read_at: String,
        /// In the order of the endpoint's versions.
        versions: Vec<VersionPods>,
        /// What could not be read, so that pods or causes may be missing.
        unread: Vec<Unread>,
    }
}
