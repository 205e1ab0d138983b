//! Documented rules that no specification can break, because the types or the request bodies leave no way to. They are
//! listed to show that they were not forgotten; the tests of bodies and plans verify them.

/// Id of a rule, and why it always holds.
pub const SATISFIED_BY_CONSTRUCTION: &[(&str, &str)] = &[
    (
        "ATT-03",
        "an existing cluster is identified only by its resource id",
    ),
    (
        "ATT-28",
        "the run shows the service's complete answer to an attachment",
    ),
    ("CPU-06", "the types allow only FastProd and DevTest"),
    (
        "CPU-16",
        "pods per node are left to the service's default, which suits a system pool",
    ),
    ("CPU-21", "sizes are read with vCPUsAvailable before vCPUs"),
    (
        "CPU-07",
        "no change alters a compute's purpose, and a re-created compute keeps it",
    ),
    ("CPU-27", "no change alters the VM size of a pool"),
    ("EPT-02", "the body of a new endpoint has no traffic"),
    ("EPT-04", "no specification mirrors traffic"),
    (
        "EPT-05",
        "traffic is an edit of the whole endpoint (written_back)",
    ),
    ("EPT-06", "a deployment is changed with a PUT of all of it"),
    (
        "EXT-01",
        "the extension is always installed with inference enabled",
    ),
    (
        "EXT-02",
        "the scope is the cluster and the release namespace is azureml",
    ),
    (
        "EXT-03",
        "all settings are strings, and certificate and key appear only in the protected ones",
    ),
    ("EXT-04", "no version is pinned"),
    ("EXT-11", "the extension always has a system-assigned identity"),
    (
        "LBR-01",
        "the type allows a public or an internal address, not both",
    ),
    ("LBR-02", "only an internal load balancer has a subnet"),
    (
        "LBR-03",
        "the body of an update omits the previous subnet (written_back)",
    ),
    ("LBR-04", "as LBR-03, for clusters that Azure ML creates"),
    (
        "LBR-13",
        "the extension's internal load balancer always has provider azure",
    ),
    ("LBR-14", "the router's service type is always LoadBalancer"),
    ("LBR-16", "as LBR-14"),
    ("LBR-17", "new clusters get a Standard load balancer"),
    ("LBR-21", "only AKS clusters can be attached (ATT-02)"),
    ("NAM-12", "the node pool is always called system"),
    (
        "SVC-05",
        "replicas are either a number or the autoscaler's bounds",
    ),
    (
        "SVC-06",
        "the type allows one way to authenticate, and an update writes both members",
    ),
    ("SVC-10", "a service has an environment or an image"),
    ("SVC-23", "the type allows whole GPUs only"),
    (
        "TLS-02",
        "one's own certificate and a label are separate variants",
    ),
    ("TLS-03", "only a label has the option to overwrite"),
    (
        "TLS-18",
        "the body of an update omits TLS unless TLS changes (written_back)",
    ),
    ("TLS-21", "TLS-28 reports the address that callers need"),
    (
        "TLS-22",
        "bodies contain placeholders in place of certificate and key",
    ),
    ("TLX-02", "the certificate has a single source"),
    ("TLX-05", "no body refers to a secret inside the cluster"),
    (
        "TLX-06",
        "certificate and key are sent as base64 in the protected settings, checked by TLS-11 to TLS-15",
    ),
    ("TLX-08", "certificate and key are always sent together"),
    ("TLX-11", "without TLS no certificate setting is sent"),
];
