//! Tests each row of the table, and the values extracted from Azure's messages.

use super::*;

fn fault(code: &str, message: &str) -> AzureFault {
    AzureFault {
        code: code.to_owned(),
        message: message.to_owned(),
        ..AzureFault::default()
    }
}

/// Each row by its own code and message: none may be hidden by an earlier one.
#[test]
fn every_row_is_reached() {
    for row in TABLE {
        let code = match row.code {
            ANY => "SomethingElse",
            HEALTH => "E45003",
            code => code,
        };
        let words = match row.says {
            RUNNING => "another operation is in progress",
            words => words,
        };
        let failure = from_fault(&fault(code, &format!("Well: {words}.")));
        assert_eq!(
            (
                failure.code,
                failure.remedy,
                failure.params.get("step").map(String::as_str).unwrap_or_default()
            ),
            (row.means, row.remedy, row.step),
            "{} {:?}",
            row.code,
            row.says
        );
    }
}

/// Verbatim messages of services.
#[test]
fn verbatim_messages_of_services_are_classified() {
    let said: &[(&str, &str, FailureCode)] = &[
        (
            "ErrCode_InsufficientVCPUQuota",
            "Insufficient vcpu quota requested 12, remaining 4 for family standardDSv5Family for region westeurope.",
            F::QuotaExceeded,
        ),
        (
            "OperationNotAllowed",
            "Operation could not be completed as it results in exceeding approved Total Regional Cores quota.",
            F::QuotaExceeded,
        ),
        (
            "OperationNotAllowed",
            "Operation is not allowed because there's an in progress create managed cluster operation on the managed cluster.",
            F::Busy,
        ),
        (
            "BadRequest",
            "Cluster should have at least 12 cores to operate",
            F::TooSmall,
        ),
        (
            "BadRequest",
            "At least 3 machine(s) are required for cluster with purpose 'FastProd'. Available machine(s) : 2",
            F::TooSmall,
        ),
        (
            "BadRequest",
            "The VM size of Standard_D4s_v5 is not allowed in your subscription in location 'westeurope'.",
            F::SizeUnavailable,
        ),
        (
            "ExtensionOperationFailed",
            "The extension operation failed with the following error: Error: {failed to install chart: E40002 INSUFFICIENT_NODE}",
            F::TooSmall,
        ),
        (
            "InstallationFailed",
            "healthcheck: E45003, BAD_NETWORK_CONNECTIVITY",
            F::ExtensionUnhealthy,
        ),
        (
            "InstallationFailed",
            "AZUREML_FE_ROLE_CONFLICT (E45004)",
            F::Leftovers,
        ),
    ];
    for (code, message, means) in said {
        assert_eq!(
            from_fault(&fault(code, message)).code,
            *means,
            "{code}: {message}"
        );
    }
}

/// Waiting helps only for a refusal that names a running operation.
#[test]
fn a_permanent_state_is_not_a_running_operation() {
    for (code, message) in [
        (
            "OperationNotAllowed",
            "Operation is not allowed: Another operation (Updating) is in progress, please wait for it to finish before starting a new operation.",
        ),
        (
            "OperationNotAllowed",
            "There is an ongoing operation (scale) on agent pool system.",
        ),
        ("Conflict", "A PUT operation is in progress on this extension."),
        (
            "NobodyKnowsIt",
            "Cannot do this: another operation is in progress.",
        ),
        ("UpgradeInProgress", ""),
    ] {
        let mut refused = fault(code, message);
        refused.status = Some(409);
        assert_eq!(from_fault(&refused).code, F::Busy, "{code}: {message}");
    }
    for (code, message) in [
        (
            "OperationNotAllowed",
            "Operation is not allowed while cluster is being upgrading or failed in upgrade",
        ),
        (
            "OperationNotAllowed",
            "Upgrade operations are not allowed while the cluster is in a failed state.",
        ),
        (
            "OperationNotAllowed",
            "Managed cluster is in Stopped state; start it first.",
        ),
        (
            "OperationNotAllowed",
            "no operation is in progress on this cluster",
        ),
        (
            "OperationNotAllowed",
            ".properties.enableAutoScaling cannot be true when provisioning mode is Auto",
        ),
        ("Conflict", "The resource has a dependent."),
        ("NobodyKnowsIt", "Two of them cannot be."),
    ] {
        let mut refused = fault(code, message);
        refused.status = Some(409);
        assert_eq!(from_fault(&refused).code, F::WrongState, "{code}: {message}");
    }
}

#[test]
fn the_missing_right_is_extracted() {
    let failure = from_fault(&fault(
        "AuthorizationFailed",
        "The client 'a@b.c' with object id '1' does not have authorization to perform action \
         'Microsoft.ContainerService/managedClusters/write' over scope '/subscriptions/s/resourceGroups/g' or the \
         scope is invalid.",
    ));
    assert_eq!(
        failure.params["action"],
        "Microsoft.ContainerService/managedClusters/write"
    );
    assert_eq!(failure.params["scope"], "/subscriptions/s/resourceGroups/g");
}

#[test]
fn other_values_are_extracted() {
    let unregistered = from_fault(&fault(
        "MissingSubscriptionRegistration",
        "The subscription is not registered to use namespace 'Microsoft.KubernetesConfiguration'. See …",
    ));
    assert_eq!(
        unregistered.params["namespace"],
        "Microsoft.KubernetesConfiguration"
    );
    let mut denied = fault(
        "RequestDisallowedByPolicy",
        "Resource 'k' was disallowed by policy.",
    );
    denied.policy = Some("No public addresses".to_owned());
    assert_eq!(from_fault(&denied).params["policy"], "No public addresses");
    let unhealthy = from_fault(&fault("InstallationFailed", "code: E45003"));
    assert_eq!(unhealthy.params["health"], "E45003");
}

#[test]
fn the_outer_code_is_used_when_the_inner_is_unknown() {
    let mut inner = fault("SomethingNobodyHasSeen", "no");
    inner.outer_code = Some("SkuNotAvailable".to_owned());
    assert_eq!(from_fault(&inner).code, F::SizeUnavailable);
    inner.outer_code = Some("OperationNotAllowed".to_owned());
    inner.outer_message = Some("Another operation is in progress.".to_owned());
    assert!(is_about_another_operation(&from_fault(&inner)));
}

#[test]
fn unknown_errors_are_shown_verbatim() {
    let failure = from_fault(&fault("BrandNew", "Nobody expected this."));
    assert_eq!(failure.code, F::Unclassified);
    let azure = failure.azure.expect("Azure's own words");
    assert_eq!(
        (azure.code.as_str(), azure.message.as_str()),
        ("BrandNew", "Nobody expected this.")
    );
    assert_eq!(failure.detail, "BrandNew: Nobody expected this.");
}

#[test]
fn the_status_is_used_when_the_code_is_unknown() {
    for (status, means) in [
        (401, F::SignInNeeded),
        (403, F::Forbidden),
        (404, F::ResourceGone),
        (409, F::WrongState),
        (412, F::Busy),
        (429, F::Throttled),
        (503, F::ServiceFailed),
        (400, F::Unclassified),
    ] {
        let mut plain = fault("BrandNew", "");
        plain.status = Some(status);
        assert_eq!(from_fault(&plain).code, means, "{status}");
    }
    let mut plain = fault("BrandNew", "");
    for (status, remedy) in [(400, R::ChangePlan), (422, R::ChangePlan), (500, R::TryAgain)] {
        plain.status = Some(status);
        assert_eq!(from_fault(&plain).remedy, remedy, "{status}");
    }
}

#[test]
fn only_another_operation_is_worth_sending_again() {
    let refused = |code: &str, status: u16| {
        let mut fault = fault(code, "");
        fault.status = Some(status);
        is_about_another_operation(&from_fault(&fault))
    };
    assert!(refused("AnotherOperationInProgress", 409));
    assert!(refused("BrandNewOperationInProgress", 409));
    for (code, status) in [
        ("EtagMismatch", 412),
        ("PreconditionFailed", 412),
        ("BrandNew", 412),
        ("Conflict", 409),
        ("TooManyRequests", 429),
        ("ServerBusy", 503),
        ("BadRequest", 400),
    ] {
        assert!(!refused(code, status), "{code} {status}");
    }
}

#[test]
fn a_failed_operation_is_not_a_refusal() {
    assert_eq!(from_operation(&fault("", ""), false).code, F::OperationFailed);
    assert_eq!(from_operation(&fault("", ""), true).code, F::OperationCancelled);
    assert_eq!(
        from_operation(&fault("SkuNotAvailable", ""), false).code,
        F::SizeUnavailable
    );
}
