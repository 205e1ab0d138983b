//! The location's offer: versions, sizes and quota.

use berth_domain::facts::{OfferedPatch, OfferedVersion, Usage, VmSize};

pub(crate) fn versions() -> Vec<OfferedVersion> {
    let (community, long_term) = ("KubernetesOfficial", "AKSLongTermSupport");
    [
        ("1.32", vec![long_term], false),
        ("1.34", vec![community, long_term], false),
        ("1.35", vec![community, long_term], false),
        ("1.36", vec![community, long_term], false),
        ("1.37", vec![community], true),
    ]
    .map(|(minor, plans, is_preview)| OfferedVersion {
        minor: minor.into(),
        is_default: minor == "1.35",
        is_preview,
        support_plans: plans.into_iter().map(str::to_owned).collect(),
        patches: vec![OfferedPatch {
            version: format!("{minor}.2"),
            upgrades: vec![],
        }],
    })
    .to_vec()
}

pub(crate) fn vm_size(name: &str, family: &str, vcpus: u32, memory_gib: f64) -> VmSize {
    VmSize {
        name: name.into(),
        family: family.into(),
        vcpus,
        memory_gib,
        gpus: 0,
        architecture: "x64".into(),
        zones: vec!["1".into(), "2".into(), "3".into()],
        restricted: None,
        premium_io: true,
    }
}

pub(crate) fn vm_sizes() -> Vec<VmSize> {
    vec![
        vm_size("Standard_A1_v2", "standardAv2Family", 1, 2.0),
        vm_size("Standard_B4ms", "standardBSFamily", 4, 16.0),
        vm_size("Standard_D2s_v5", "standardDSv5Family", 2, 8.0),
        vm_size("Standard_D4s_v5", "standardDSv5Family", 4, 16.0),
        vm_size("Standard_D8s_v5", "standardDSv5Family", 8, 32.0),
        vm_size("Standard_E4s_v5", "standardESv5Family", 4, 32.0),
        vm_size("Standard_F8s_v2", "standardFSv2Family", 8, 16.0),
        VmSize {
            architecture: "Arm64".into(),
            ..vm_size("Standard_D4ps_v5", "standardDPSv5Family", 4, 16.0)
        },
        VmSize {
            gpus: 1,
            ..vm_size("Standard_NC4as_T4_v3", "standardNCASv3_T4Family", 4, 28.0)
        },
        VmSize {
            restricted: Some("NotAvailableForSubscription".into()),
            ..vm_size("Standard_D4s_v6", "standardDSv6Family", 4, 16.0)
        },
        VmSize {
            zones: vec![],
            ..vm_size("Standard_D4as_v4", "standardDASv4Family", 4, 16.0)
        },
    ]
}

/// The same limit for the location and every family, nothing used.
pub(crate) fn usages(limit: u32) -> Vec<Usage> {
    let families = vm_sizes().into_iter().map(|size| size.family);
    let mut names: Vec<String> = families.chain(["cores".to_owned()]).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|name| Usage {
            label: format!("{name} vCPUs"),
            name,
            used: 0,
            limit,
        })
        .collect()
}
