//! Documented rules that no specification can break: its types, or the bodies made from it, leave no way to. They stand
//! here so that nobody looks for them in vain; the tests of bodies and plans hold them.

/// Id of a rule, and what keeps it.
pub const KEPT_BY_CONSTRUCTION: &[(&str, &str)] = &[
    (
        "ATT-03",
        "a cluster that exists is named by its resource id alone",
    ),
    (
        "ATT-28",
        "what the service answers to an attachment is shown whole by the run",
    ),
    ("CPU-06", "only FastProd and DevTest can be asked for"),
    (
        "CPU-16",
        "the pods of a node are left to the service, whose default suits a system pool",
    ),
    ("CPU-21", "sizes are read with vCPUsAvailable before vCPUs"),
    (
        "CPU-07",
        "nothing changes a compute's purpose; made anew it keeps the one it has",
    ),
    ("CPU-27", "nothing changes the size of a pool's nodes"),
    ("EXT-01", "the extension is always asked for inference"),
    (
        "EXT-02",
        "its scope is the cluster, its release namespace azureml",
    ),
    (
        "EXT-03",
        "settings are strings, and certificate and key stand in the protected ones only",
    ),
    ("EXT-04", "no version is pinned"),
    ("EXT-11", "the extension always has a system-assigned identity"),
    ("LBR-01", "an address is public or internal"),
    ("LBR-02", "a subnet belongs to an internal load balancer"),
    (
        "LBR-03",
        "what is written back leaves the former subnet out (written_back)",
    ),
    ("LBR-04", "the same, where Azure ML makes the cluster"),
    (
        "LBR-13",
        "internal load balancers of the extension are of provider azure",
    ),
    ("LBR-14", "the router is always of service type LoadBalancer"),
    ("LBR-16", "the same"),
    ("LBR-17", "new clusters get a Standard load balancer"),
    ("LBR-21", "only AKS clusters are attached (ATT-02)"),
    ("NAM-12", "the node pool is called system"),
    ("TLS-02", "an own certificate and a label are different choices"),
    ("TLS-03", "overwriting belongs to a label"),
    (
        "TLS-18",
        "what is written back leaves TLS out unless it is changed (written_back)",
    ),
    ("TLS-21", "TLS-28 says which address callers need"),
    ("TLS-22", "bodies hold markers in place of certificate and key"),
    ("TLX-02", "the certificate comes from one place"),
    ("TLX-05", "no secret inside the cluster is referred to"),
    (
        "TLX-06",
        "certificate and key go as base64 into the protected settings, checked by TLS-11 to TLS-15",
    ),
    ("TLX-08", "certificate and key are sent together"),
    ("TLX-11", "without TLS no certificate setting is sent"),
];
