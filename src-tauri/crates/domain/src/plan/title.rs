//! The title of a step: its key in the catalogue `plan`, and the values for it.

use super::kind::{Changed, Removed, StepKind, ToShow};
use crate::resource_id::last_segment;
use std::collections::BTreeMap;

impl StepKind {
    /// Serialized name of the kind.
    fn name(&self) -> &'static str {
        match self {
            Self::MakeCertificate { .. } => "make_certificate",
            Self::RegisterProvider { .. } => "register_provider",
            Self::EnsureResourceGroup { .. } => "ensure_resource_group",
            Self::CreateCluster { .. } => "create_cluster",
            Self::EnsureNamespace { .. } => "ensure_namespace",
            Self::InstallExtension { .. } => "install_extension",
            Self::AttachCompute { .. } => "attach_compute",
            Self::CreateThroughAml { .. } => "create_through_aml",
            Self::ChangeResource { .. } => "change_resource",
            Self::Canary { .. } => "canary",
            Self::RemoveResource { .. } => "remove_resource",
            Self::RegenerateKey { .. } => "regenerate_key",
            Self::SetPower { .. } => "set_power",
            Self::AssignRole { .. } => "assign_role",
            Self::KeepCertificate { .. } => "keep_certificate",
            Self::RemoveLeftovers { .. } => "remove_leftovers",
            Self::MarkFrontEnd { .. } => "mark_front_end",
            Self::CompareAnswers { .. } => "compare_answers",
            Self::UploadCode { .. } => "upload_code",
            Self::UploadModel { .. } => "upload_model",
            Self::RegisterEnvironment { .. } => "register_environment",
            Self::CreateEndpoint { .. } => "create_endpoint",
            Self::CreateVersion { .. } => "create_version",
            Self::UpdateVersion { .. } => "update_version",
            Self::DeployService { .. } => "deploy_service",
            Self::ProveVersion { .. } => "prove_version",
            Self::ProveKey { .. } => "prove_key",
            Self::Confirm { .. } => "confirm",
            Self::Prove { .. } => "prove",
        }
    }

    /// Key of the step's title in the catalogue `plan`: the kind, and for some kinds what is changed or removed.
    pub fn title(&self) -> String {
        let kind = self.name();
        match self {
            Self::ChangeResource { what, .. } => format!("step.{kind}.{}", what.as_str()),
            Self::RemoveResource { what, .. } => format!("step.{kind}.{}", what.as_str()),
            Self::RegenerateKey { key, .. } => format!("step.{kind}.{}", key.as_str()),
            Self::SetPower { running: true, .. } => format!("step.{kind}.start"),
            Self::SetPower { running: false, .. } => format!("step.{kind}.stop"),
            Self::MarkFrontEnd { upgrade: true, .. } => format!("step.{kind}.on"),
            Self::MarkFrontEnd { upgrade: false, .. } => format!("step.{kind}.off"),
            Self::DeployService { replaces: true, .. } => format!("step.{kind}.update"),
            Self::DeployService { version: None, .. } => format!("step.{kind}.service"),
            Self::DeployService { version: Some(_), .. } => format!("step.{kind}.version"),
            Self::Prove { shows, .. } => match shows {
                ToShow::Applied => format!("step.{kind}"),
                ToShow::Former { .. } => format!("step.{kind}_former"),
                ToShow::Renewed { .. } => format!("step.{kind}_renewed"),
            },
            Self::MakeCertificate { .. }
            | Self::RegisterProvider { .. }
            | Self::EnsureResourceGroup { .. }
            | Self::CreateCluster { .. }
            | Self::EnsureNamespace { .. }
            | Self::InstallExtension { .. }
            | Self::AttachCompute { .. }
            | Self::CreateThroughAml { .. }
            | Self::AssignRole { .. }
            | Self::Canary { .. }
            | Self::KeepCertificate { .. }
            | Self::RemoveLeftovers { .. }
            | Self::CompareAnswers { .. }
            | Self::UploadCode { .. }
            | Self::UploadModel { .. }
            | Self::RegisterEnvironment { .. }
            | Self::CreateEndpoint { .. }
            | Self::CreateVersion { .. }
            | Self::UpdateVersion { .. }
            | Self::ProveVersion { .. }
            | Self::ProveKey { .. }
            | Self::Confirm { .. } => format!("step.{kind}"),
        }
    }

    /// Values for the step's title. `name` is the last part of the resource's id, or of the scope for a role
    /// assignment.
    pub fn params(&self) -> BTreeMap<String, String> {
        let mut params = BTreeMap::new();
        let mut add = |name: &str, value: &str| {
            params.insert(name.to_owned(), value.to_owned());
        };
        let id = match self {
            Self::MakeCertificate { cname, .. } => {
                add("cname", cname);
                ""
            }
            Self::RegisterProvider {
                namespace,
                resource_id,
            } => {
                add("namespace", namespace);
                resource_id
            }
            Self::EnsureNamespace {
                cluster_id,
                namespace,
            } => {
                add("namespace", namespace);
                cluster_id
            }
            Self::AssignRole { scope, role, .. } => {
                add("role", role.display_name());
                scope
            }
            Self::UploadCode {
                resource_id, folder, ..
            } => {
                add("folder", folder);
                resource_id
            }
            Self::UploadModel {
                resource_id, model, ..
            } => {
                add("model", model);
                resource_id
            }
            Self::RegisterEnvironment { resource_id, image } => {
                add("image", image);
                resource_id
            }
            Self::DeployService {
                resource_id, version, ..
            } => {
                add("version", version.as_deref().unwrap_or(last_segment(resource_id)));
                resource_id
            }
            Self::ProveVersion {
                endpoint_id, version, ..
            } => {
                add("version", version);
                endpoint_id
            }
            Self::AttachCompute { resource_id, .. }
            | Self::CreateEndpoint { resource_id }
            | Self::CreateVersion { resource_id }
            | Self::UpdateVersion { resource_id, .. }
            | Self::EnsureResourceGroup { resource_id }
            | Self::CreateCluster { resource_id }
            | Self::InstallExtension { resource_id }
            | Self::CreateThroughAml { resource_id }
            | Self::ChangeResource { resource_id, .. }
            | Self::Canary { resource_id, .. }
            | Self::RemoveResource { resource_id, .. }
            | Self::RegenerateKey { resource_id, .. }
            | Self::SetPower { resource_id, .. } => resource_id,
            Self::KeepCertificate { cluster_id, .. }
            | Self::RemoveLeftovers { cluster_id, .. }
            | Self::MarkFrontEnd { cluster_id, .. }
            | Self::CompareAnswers { cluster_id, .. } => cluster_id,
            Self::ProveKey { endpoint_id, .. } => endpoint_id,
            Self::Prove { compute_id, .. } => compute_id,
            Self::Confirm { .. } => "",
        };
        add("name", last_segment(id));
        params
    }
}

impl Changed {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Nodes => "nodes",
            Self::Autoscaler => "autoscaler",
            Self::ControlPlane => "control_plane",
            Self::PoolVersion => "pool_version",
            Self::WholeVersion => "whole_version",
            Self::Support => "support",
            Self::Tags => "tags",
            Self::LoadBalancer => "load_balancer",
            Self::Tls => "tls",
            Self::FormerTls => "former_tls",
            Self::RenewLabel => "renew_label",
            Self::Extension => "extension",
            Self::StandAlone => "stand_alone",
            Self::Auth => "auth",
            Self::Traffic => "traffic",
            Self::Versions => "versions",
        }
    }
}

impl Removed {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::ComputeAndCluster => "compute_and_cluster",
            Self::Cluster => "cluster",
            Self::Extension => "extension",
            Self::ResourceGroup => "resource_group",
            Self::Version => "version",
            Self::Endpoint => "endpoint",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_consists_of_serialized_names() {
        let kind = StepKind::RemoveResource {
            resource_id: "/subscriptions/s/resourceGroups/rg".to_owned(),
            what: Removed::ResourceGroup,
            only: None,
        };
        let value = serde_json::to_value(&kind).unwrap();
        let (name, what) = (value["kind"].as_str(), value["what"].as_str());
        assert_eq!((name, what), (Some("remove_resource"), Some("resource_group")));
        assert_eq!(kind.title(), "step.remove_resource.resource_group");
        assert_eq!(kind.params()["name"], "rg");
    }
}
