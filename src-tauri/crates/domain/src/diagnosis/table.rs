//! The table of known causes: code, severity, remedy, the causes it explains, source, and how it is detected. The texts of
//! codes and remedies are in the catalogue `diagnosis`.

use super::symptoms::Symptoms;
use super::{answering, certificates, clusters, computes, extensions, front_ends, pods};
use crate::finding::Severity::{self, Blocking, Information, Warning};
use std::collections::BTreeMap;

/// A known cause.
pub(super) struct Entry {
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    pub(super) remedy: &'static str,
    /// Codes of causes that follow from this one and are not reported with it.
    pub(super) explains: &'static [&'static str],
    pub(super) source: &'static str,
    pub(super) check: Check,
}

/// How a cause is detected.
pub(super) enum Check {
    /// Azure or the health check reports its code.
    Reported,
    /// A function finds it in the symptoms.
    Seen(fn(&Symptoms) -> Vec<Found>),
}

/// A detected cause.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// Overrides the severity of the entry.
    pub(super) severity: Option<Severity>,
    /// Further codes explained by this cause, in addition to those of the entry.
    pub(super) also_explains: &'static [&'static str],
    pub(super) params: BTreeMap<String, String>,
    pub(super) evidence: Vec<String>,
}

/// A detected cause with its evidence.
pub(super) fn found(evidence: Vec<String>) -> Found {
    Found {
        evidence,
        ..Found::default()
    }
}

impl Found {
    /// Adds a value for the text.
    pub(super) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Overrides the severity.
    pub(super) fn matters(self, severity: Severity) -> Self {
        Self {
            severity: Some(severity),
            ..self
        }
    }

    /// Adds codes that this cause explains.
    pub(super) fn explaining(self, codes: &'static [&'static str]) -> Self {
        Self {
            also_explains: codes,
            ..self
        }
    }
}

/// learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension#error-code-of-healthcheck.
const HEALTH: &str = "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension";
/// learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-compute.
const COMPUTE: &str = "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-compute";
const DEPLOYMENTS: &str = "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const CLASSIC_TLS: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service";
const EXTENSION: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const SECURE: &str = "learn.microsoft.com/azure/machine-learning/how-to-secure-kubernetes-online-endpoint";
const STOP: &str = "learn.microsoft.com/azure/aks/start-stop-cluster";
const NODES: &str = "learn.microsoft.com/troubleshoot/azure/azure-kubernetes/availability-performance/node-not-ready-basic-troubleshooting";
const PODS: &str = "kubernetes.io/docs/tasks/debug/debug-application/debug-pods";
const SERVICES: &str = "kubernetes.io/docs/tasks/debug/debug-application/debug-service";

/// Consequences of a failed installation.
const AFTER_EXTENSION: &[&str] = &[
    "extension_failed",
    "extension_stuck",
    "front_end_missing",
    "address_pending",
    "no_backends",
    "compute_failed",
];
/// Consequences of an installation blocked by leftovers.
const AFTER_CONFLICT: &[&str] = &[
    "leftovers",
    "extension_failed",
    "extension_stuck",
    "front_end_missing",
    "compute_failed",
];
/// Consequences of an unusable certificate.
const AFTER_CERTIFICATE: &[&str] = &[
    "extension_failed",
    "front_end_missing",
    "tls_fails",
    "compute_failed",
];
/// Consequences of a missing or stopped cluster.
const AFTER_CLUSTER: &[&str] = &[
    "GenericComputeError",
    "ComputeNotAccessible",
    "InvalidComputeInformation",
    "GenericClusterError",
    "ClusterNotReachable",
    "ClusterNotFound",
    "ClusterServiceNotFound",
    "compute_failed",
    "extension_failed",
    "extension_stuck",
    "extension_missing",
    "front_end_missing",
    "address_pending",
    "front_end_silent",
    "no_backends",
    "below_minimum",
    "pool_stopped",
    "cluster_unfinished",
];
const COMPUTE_FAILED: &[&str] = &["compute_failed"];

macro_rules! causes {
    ($($code:literal $severity:ident $remedy:literal $source:ident $check:expr, $explains:expr;)*) => {
        /// Every cause, most specific first.
        pub(super) const CAUSES: &[Entry] = &[$(Entry {
            code: $code, severity: $severity, remedy: $remedy, source: $source, check: $check, explains: $explains,
        }),*];
    };
}

use Check::{Reported, Seen};

causes! {
    // The cluster.
    "cluster_gone" Blocking "detach" COMPUTE Seen(clusters::gone), AFTER_CLUSTER;
    "cluster_stopped" Blocking "start_cluster" STOP Seen(clusters::stopped), AFTER_CLUSTER;
    "cluster_failed" Warning "repair_cluster" STOP Seen(clusters::failed), &["ClusterNotReachable", "GenericClusterError"];
    "cluster_unfinished" Information "wait" STOP Seen(clusters::unfinished), &[];
    "pool_stopped" Warning "start_pool" STOP Seen(clusters::pool_stopped), &[];
    "nodes_not_ready" Warning "mend_nodes" NODES Seen(clusters::nodes_not_ready), &[];
    "command_unplaced" Warning "mend_taints" NODES Seen(clusters::command_unplaced), &[];
    "local_accounts_off" Warning "turn_local_accounts_on" CLASSIC Seen(clusters::local_accounts_off), &["ComputeNotAccessible"];
    // The extension's health check.
    "E40001" Blocking "other_service_type" HEALTH Reported, AFTER_EXTENSION;
    "E40002" Blocking "nodes_for_availability" HEALTH Reported, &[
        "below_minimum", "extension_failed", "extension_stuck", "front_end_missing", "address_pending", "no_backends", "compute_failed",
    ];
    "E40003" Blocking "internal_provider" HEALTH Reported, AFTER_EXTENSION;
    "E40007" Blocking "replace_certificate" HEALTH Reported, AFTER_CERTIFICATE;
    "E45002" Blocking "one_prometheus" HEALTH Reported, AFTER_EXTENSION;
    "E45003" Blocking "open_network" HEALTH Reported, AFTER_EXTENSION;
    "E45004" Blocking "remove_leftovers" HEALTH Reported, AFTER_CONFLICT;
    "E45005" Blocking "remove_leftovers" HEALTH Reported, AFTER_CONFLICT;
    "RefreshExtensionIdentityNotSet" Blocking "reinstall_extension" COMPUTE Reported, AFTER_EXTENSION;
    // Attachments.
    "attached_twice" Blocking "detach_all_but_one" CLASSIC Seen(computes::attached_twice), &[
        "ClusterUnauthorized", "GenericComputeError", "compute_failed",
    ];
    "ClusterNotFound" Blocking "detach" COMPUTE Reported, COMPUTE_FAILED;
    "ClusterNotReachable" Blocking "reach_cluster" COMPUTE Reported, COMPUTE_FAILED;
    "ClusterServiceNotFound" Blocking "mend_ingress" COMPUTE Reported, COMPUTE_FAILED;
    "ClusterUnauthorized" Blocking "try_later" COMPUTE Reported, COMPUTE_FAILED;
    "ComputeNotFound" Blocking "make_endpoint_again" COMPUTE Reported, COMPUTE_FAILED;
    "ComputeNotAccessible" Blocking "grant_access" COMPUTE Reported, COMPUTE_FAILED;
    "InvalidComputeInformation" Blocking "attach_again" COMPUTE Reported, COMPUTE_FAILED;
    "InvalidComputeNoKubernetesConfiguration" Blocking "attach_again" COMPUTE Reported, COMPUTE_FAILED;
    "GenericClusterError" Blocking "reach_cluster" COMPUTE Reported, COMPUTE_FAILED;
    "GenericComputeError" Blocking "attach_again" COMPUTE Reported, COMPUTE_FAILED;
    "compute_failed" Blocking "attach_again" COMPUTE Seen(computes::failed), &[];
    "compute_unfinished" Information "wait" COMPUTE Seen(computes::unfinished), &[];
    // Endpoints, deployments and services.
    "version_timed_out" Blocking "deploy_again" DEPLOYMENTS Seen(answering::timed_out), &[];
    "version_build" Blocking "deploy_again" DEPLOYMENTS Seen(answering::build), &[];
    "version_no_room" Blocking "make_room" DEPLOYMENTS Seen(answering::no_room), &[];
    "version_out_of_memory" Blocking "more_memory" DEPLOYMENTS Seen(answering::out_of_memory), &[];
    "version_image" Blocking "mend_image" DEPLOYMENTS Seen(answering::image), &[];
    "version_model" Blocking "mend_model" DEPLOYMENTS Seen(answering::model), &[];
    "version_script" Blocking "mend_script" DEPLOYMENTS Seen(answering::script), &[];
    "version_probe" Blocking "longer_probe" DEPLOYMENTS Seen(answering::probe), &[];
    "version_crashes" Blocking "read_log" DEPLOYMENTS Seen(answering::crashes), &[];
    "version_not_ready" Blocking "read_log" DEPLOYMENTS Seen(answering::not_ready), &[];
    "version_token" Blocking "refresh_identity" DEPLOYMENTS Seen(answering::token), &[];
    "version_namespace" Blocking "attach_again" DEPLOYMENTS Seen(answering::namespace), &[];
    "version_endpoint_missing" Blocking "make_endpoint_again" DEPLOYMENTS Seen(answering::endpoint_missing), &[];
    "version_endpoint_exists" Blocking "remove_endpoint_object" DEPLOYMENTS Seen(answering::endpoint_exists), &[];
    "version_router" Blocking "check_front_end" DEPLOYMENTS Seen(answering::router), &[];
    "version_not_callable" Blocking "check_address" DEPLOYMENTS Seen(answering::not_callable), &[];
    "version_unreachable" Blocking "reach_cluster" DEPLOYMENTS Seen(answering::unreachable), &[];
    "version_cancelled" Blocking "try_later" DEPLOYMENTS Seen(answering::cancelled), &[];
    "version_invalid" Blocking "correct_settings" DEPLOYMENTS Seen(answering::invalid), &[];
    "version_extension" Blocking "check_extension" DEPLOYMENTS Seen(answering::extension), &[];
    "answering_failed" Blocking "deploy_again" DEPLOYMENTS Seen(answering::failed), &[];
    "answering_unfinished" Information "wait" DEPLOYMENTS Seen(answering::unfinished), &[];
    // The extension.
    "extension_missing" Blocking "install_extension" EXTENSION Seen(extensions::missing), &[
        "front_end_missing", "compute_failed", "InvalidComputeInformation",
    ];
    "extension_stuck" Blocking "reinstall_extension" EXTENSION Seen(extensions::stuck), &["front_end_missing", "compute_failed"];
    "extension_failed" Blocking "reinstall_extension" EXTENSION Seen(extensions::failed), &[
        "front_end_missing", "address_pending", "no_backends", "compute_failed",
    ];
    "extension_unfinished" Information "wait" EXTENSION Seen(extensions::unfinished), &[];
    // Pods.
    "pod_image" Blocking "mend_image" PODS Seen(pods::image), &[];
    "pod_out_of_memory" Blocking "more_memory" PODS Seen(pods::out_of_memory), &[];
    "pod_crashes" Blocking "read_log" PODS Seen(pods::crashes), &[];
    "pod_not_started" Blocking "read_events" PODS Seen(pods::not_started), &[];
    "pod_no_cpu" Blocking "make_room" PODS Seen(pods::no_cpu), &[];
    "pod_no_memory" Blocking "make_room" PODS Seen(pods::no_memory), &[];
    "pod_tainted" Blocking "mend_taints" PODS Seen(pods::tainted), &[];
    "pod_unplaced" Blocking "read_events" PODS Seen(pods::unplaced), &[];
    "pod_evicted" Warning "make_room" PODS Seen(pods::evicted), &[];
    "pod_not_ready" Warning "read_log" PODS Seen(pods::not_ready), &[];
    "pod_waiting" Information "wait" PODS Seen(pods::waiting), &[];
    // The front end.
    "leftovers" Warning "remove_leftovers" CLASSIC Seen(clusters::leftovers), &[];
    "front_end_missing" Blocking "attach_again" EXTENSION Seen(front_ends::missing), &["ClusterServiceNotFound", "no_backends"];
    "address_pending" Blocking "free_address" SERVICES Seen(front_ends::address_pending), &[];
    "no_backends" Blocking "read_events" SERVICES Seen(front_ends::no_backends), &["front_end_silent", "ClusterServiceNotFound"];
    "front_end_silent" Blocking "open_port" SERVICES Seen(front_ends::silent), &[];
    "certificate_expired" Blocking "replace_certificate" SECURE Seen(certificates::expired), &["tls_fails"];
    "certificate_other_name" Blocking "replace_certificate" SECURE Seen(certificates::other_name), &[];
    "certificate_not_yet_valid" Blocking "replace_certificate" SECURE Seen(certificates::not_yet_valid), &[];
    "certificate_not_applied" Warning "restart_front_end" SECURE Seen(certificates::not_applied), &[];
    "certificate_missing" Blocking "replace_certificate" SECURE Seen(certificates::missing), &["tls_fails"];
    "certificate_ends_soon" Warning "replace_certificate" CLASSIC_TLS Seen(certificates::ends_soon), &[];
    "tls_fails" Blocking "replace_certificate" SECURE Seen(front_ends::tls_fails), &[];
    "name_elsewhere" Blocking "make_record" SECURE Seen(front_ends::name_elsewhere), &[];
    "name_missing" Blocking "make_record" SECURE Seen(front_ends::name_missing), &[];
    "below_minimum" Warning "add_nodes" CLASSIC Seen(clusters::below_minimum), &[];
}
