//! The facts that rules depend on, for reporting those that could not be read.

use super::Case;

/// One fact: its name in the catalogue, and the reason if it could not be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read {
    pub(super) name: &'static str,
    pub(super) why: for<'a> fn(&Case<'a>) -> Option<&'a str>,
}

macro_rules! reads {
    ($($constant:ident = $field:ident;)*) => {
        $(pub(super) const $constant: Read =
            Read { name: stringify!($field), why: |case| case.facts.$field.why_unknown() };)*
    };
}

reads! {
    CERTIFICATE = certificate;
    EXTENSIONS = extensions;
    SOFTWARE = software;
    USAGES = usages;
    VERSIONS = versions;
    VM_SIZES = vm_sizes;
    VNET = vnet;
    WORKSPACE = workspace;
}

/// The existing cluster. Only NAM-16 asks whether a new cluster exists already.
pub(super) const CLUSTER: Read = Read {
    name: "cluster",
    why: |case| case.facts.cluster.why_unknown().filter(|_| case.uses_existing()),
};
