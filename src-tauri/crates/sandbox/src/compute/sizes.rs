//! VM sizes with their real names, families and figures
//! (learn.microsoft.com/azure/virtual-machines/sizes/overview).
//!
//! Where a size is offered is the sandbox's own choice, so that each case occurs: offered everywhere, not in
//! this location, not to this subscription, not in one zone.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arch {
    X64,
    Arm64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// For example `Standard_D4s_v5`.
    pub(crate) name: &'static str,
    /// Quota family, such as `standardDSv5Family`.
    pub(crate) family: &'static str,
    pub(crate) vcpus: u64,
    /// Usable vCPU; fewer than `vcpus` in constrained sizes.
    pub(crate) vcpus_available: u64,
    pub(crate) memory_gb: f64,
    pub(crate) gpus: u64,
    pub(crate) arch: Arch,
    /// Temporary disk in GiB; 0 if there is none.
    pub(crate) temp_gb: u64,
    /// Maximum data disks.
    pub(crate) disks: u64,
}

/// Why a size is not available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Restriction {
    /// Not in the location, for this subscription.
    NotAvailableForSubscription,
    /// Not for this kind of subscription.
    QuotaId,
    /// Not in these zones.
    Zones(&'static [&'static str]),
}

macro_rules! sizes {
    ($($name:literal, $family:literal, $vcpus:literal / $available:literal, $memory:literal, $gpus:literal, $arch:ident, $temp:literal, $disks:literal;)*) => {
        pub(crate) const SIZES: &[Size] = &[$(Size {
            name: $name, family: $family, vcpus: $vcpus, vcpus_available: $available, memory_gb: $memory as f64, gpus: $gpus,
            arch: Arch::$arch, temp_gb: $temp, disks: $disks,
        }),*];
    };
}

sizes! {
    "Standard_B2s", "standardBSFamily", 2 / 2, 4, 0, X64, 8, 4;
    "Standard_B2ms", "standardBSFamily", 2 / 2, 8, 0, X64, 16, 4;
    "Standard_B4ms", "standardBSFamily", 4 / 4, 16, 0, X64, 32, 8;
    "Standard_B8ms", "standardBSFamily", 8 / 8, 32, 0, X64, 64, 16;
    "Standard_A2_v2", "standardAv2Family", 2 / 2, 4, 0, X64, 20, 4;
    "Standard_D2_v2", "standardDv2Family", 2 / 2, 7, 0, X64, 100, 8;
    "Standard_D3_v2", "standardDv2Family", 4 / 4, 14, 0, X64, 200, 16;
    "Standard_D4_v2", "standardDv2Family", 8 / 8, 28, 0, X64, 400, 32;
    "Standard_DS2_v2", "standardDSv2Family", 2 / 2, 7, 0, X64, 14, 8;
    "Standard_DS3_v2", "standardDSv2Family", 4 / 4, 14, 0, X64, 28, 16;
    "Standard_D2s_v3", "standardDSv3Family", 2 / 2, 8, 0, X64, 16, 4;
    "Standard_D4s_v3", "standardDSv3Family", 4 / 4, 16, 0, X64, 32, 8;
    "Standard_D8s_v3", "standardDSv3Family", 8 / 8, 32, 0, X64, 64, 16;
    "Standard_D2s_v5", "standardDSv5Family", 2 / 2, 8, 0, X64, 0, 4;
    "Standard_D4s_v5", "standardDSv5Family", 4 / 4, 16, 0, X64, 0, 8;
    "Standard_D8s_v5", "standardDSv5Family", 8 / 8, 32, 0, X64, 0, 16;
    "Standard_D16s_v5", "standardDSv5Family", 16 / 16, 64, 0, X64, 0, 32;
    "Standard_D32s_v5", "standardDSv5Family", 32 / 32, 128, 0, X64, 0, 32;
    "Standard_D4ds_v5", "standardDDSv5Family", 4 / 4, 16, 0, X64, 150, 8;
    "Standard_D8ds_v5", "standardDDSv5Family", 8 / 8, 32, 0, X64, 300, 16;
    "Standard_D4as_v5", "standardDASv5Family", 4 / 4, 16, 0, X64, 0, 8;
    "Standard_D8as_v5", "standardDASv5Family", 8 / 8, 32, 0, X64, 0, 16;
    "Standard_D2ps_v5", "standardDPSv5Family", 2 / 2, 8, 0, Arm64, 0, 4;
    "Standard_D4ps_v5", "standardDPSv5Family", 4 / 4, 16, 0, Arm64, 0, 8;
    "Standard_D8ps_v5", "standardDPSv5Family", 8 / 8, 32, 0, Arm64, 0, 16;
    "Standard_E2s_v5", "standardESv5Family", 2 / 2, 16, 0, X64, 0, 4;
    "Standard_E4s_v5", "standardESv5Family", 4 / 4, 32, 0, X64, 0, 8;
    "Standard_E8s_v5", "standardESv5Family", 8 / 8, 64, 0, X64, 0, 16;
    "Standard_E8-4s_v5", "standardESv5Family", 8 / 4, 64, 0, X64, 0, 16;
    "Standard_E16-8s_v5", "standardESv5Family", 16 / 8, 128, 0, X64, 0, 32;
    "Standard_F2s_v2", "standardFSv2Family", 2 / 2, 4, 0, X64, 16, 4;
    "Standard_F4s_v2", "standardFSv2Family", 4 / 4, 8, 0, X64, 32, 8;
    "Standard_F8s_v2", "standardFSv2Family", 8 / 8, 16, 0, X64, 64, 16;
    "Standard_F16s_v2", "standardFSv2Family", 16 / 16, 32, 0, X64, 128, 32;
    "Standard_L8s_v3", "standardLSv3Family", 8 / 8, 64, 0, X64, 80, 16;
    "Standard_NC4as_T4_v3", "Standard NCASv3_T4 Family", 4 / 4, 28, 1, X64, 176, 8;
    "Standard_NC8as_T4_v3", "Standard NCASv3_T4 Family", 8 / 8, 56, 1, X64, 352, 16;
    "Standard_NC64as_T4_v3", "Standard NCASv3_T4 Family", 64 / 64, 440, 4, X64, 2816, 32;
    "Standard_NC6s_v3", "standardNCSv3Family", 6 / 6, 112, 1, X64, 736, 12;
    "Standard_NC24ads_A100_v4", "StandardNCADSA100v4Family", 24 / 24, 220, 1, X64, 64, 8;
    "Standard_NC48ads_A100_v4", "StandardNCADSA100v4Family", 48 / 48, 440, 2, X64, 128, 16;
    "Standard_NV6ads_A10_v5", "StandardNVADSA10v5Family", 6 / 6, 55, 1, X64, 180, 4;
    "Standard_ND96asr_v4", "standardNDASv4_A100Family", 96 / 96, 900, 8, X64, 6000, 16;
}

/// Finds a size by name, ignoring case.
pub(crate) fn find(name: &str) -> Option<&'static Size> {
    SIZES.iter().find(|size| size.name.eq_ignore_ascii_case(name))
}

impl Size {
    /// Whether it is a B-series size, which system pools do not allow
    /// (learn.microsoft.com/azure/aks/use-system-pools).
    pub(crate) fn burstable(&self) -> bool {
        self.family == "standardBSFamily"
    }

    /// Whether a location offers the size at all.
    pub(crate) fn offered_in(&self, location: &str) -> bool {
        match self.family {
            "standardNDASv4_A100Family" => matches!(location, "eastus" | "southcentralus" | "westeurope"),
            "StandardNCADSA100v4Family" => matches!(
                location,
                "eastus" | "eastus2" | "westeurope" | "swedencentral" | "uksouth"
            ),
            "standardNCSv3Family" => !matches!(
                location,
                "spaincentral" | "italynorth" | "norwayeast" | "swedencentral"
            ),
            "standardDPSv5Family" => !matches!(location, "westcentralus" | "ukwest" | "canadaeast"),
            _ => true,
        }
    }

    /// What restricts the size in a location that offers it.
    pub(crate) fn restriction(&self, location: &str) -> Option<Restriction> {
        match (self.family, location) {
            ("standardNCSv3Family", _) => Some(Restriction::NotAvailableForSubscription),
            ("standardNDASv4_A100Family", _) => Some(Restriction::QuotaId),
            ("standardLSv3Family", "northeurope" | "eastus") => {
                Some(Restriction::NotAvailableForSubscription)
            }
            ("standardDv2Family" | "standardAv2Family", "swedencentral") => {
                Some(Restriction::NotAvailableForSubscription)
            }
            ("standardESv5Family", "northeurope") => Some(Restriction::Zones(&["3"])),
            ("standardFSv2Family", "westeurope") => Some(Restriction::Zones(&["2"])),
            ("StandardNVADSA10v5Family", "westeurope") => Some(Restriction::Zones(&["1", "3"])),
            _ => None,
        }
    }

    /// Whether machines of this size can be created in a location.
    pub(crate) fn available_in(&self, location: &str) -> bool {
        let open = matches!(self.restriction(location), None | Some(Restriction::Zones(_)));
        self.offered_in(location) && open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_size_table_covers_every_restriction() {
        let names: BTreeSet<&str> = SIZES.iter().map(|size| size.name).collect();
        assert_eq!(names.len(), SIZES.len(), "a size must stand once");
        assert!(SIZES.len() >= 40);
        assert!(SIZES.iter().any(|size| size.gpus > 0) && SIZES.iter().any(|size| size.arch == Arch::Arm64));
        assert!(
            SIZES.iter().any(Size::burstable) && SIZES.iter().any(|size| size.vcpus_available < size.vcpus)
        );
        let d4 = find("standard_d4S_v5").unwrap();
        assert_eq!((d4.vcpus, d4.family), (4, "standardDSv5Family"));
        assert!(
            d4.available_in("westeurope") && !find("Standard_NC6s_v3").unwrap().available_in("westeurope")
        );
    }
}
