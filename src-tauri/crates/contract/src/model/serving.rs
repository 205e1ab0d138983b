//! What a workspace offers for serving models.

use berth_domain::deployment_spec::DeploySpec;
use berth_domain::facts::ComputeFacts;
use berth_domain::fit::InstanceType;
use berth_domain::spec::Route;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

model! {
    /// What a workspace offers for a version to deploy. `problems` names what could not be read; a list that could not be read
    /// is `None`.
    ServingCatalogue {
        /// Location of the workspace; `None` if it could not be read.
        location: Option<String>,
        /// Computes of types `Kubernetes` (extension route) and `AKS` (classic route), by name.
        computes: Option<Vec<ServingCompute>>,
        /// Registered models, by name.
        models: Option<Vec<AssetName>>,
        /// Registered and curated environments, by name.
        environments: Option<Vec<AssetName>>,
        /// What could not be read, and why.
        problems: Vec<String>,
    }
}

model! {
    /// A compute that can serve models.
    ServingCompute {
        /// The compute.
        facts: ComputeFacts,
        /// Instance types (type `Kubernetes`), by name; `None` if Azure does not return any.
        instance_types: Option<Vec<InstanceType>>,
    }
}

model! {
    /// A registered model or environment.
    AssetName {
        /// Its name.
        name: String,
        /// Its latest version; `None` if Azure does not say.
        latest: Option<String>,
        /// Whether it is one of Microsoft's environments.
        curated: bool,
    }
}

model! {
    /// A version to deploy.
    DeploySpecOnly {
        /// The specification.
        spec: DeploySpec,
    }
}

model! {
    /// A route.
    RouteOnly {
        /// The route.
        route: Route,
    }
}
