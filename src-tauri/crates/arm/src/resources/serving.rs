//! What computes of type Kubernetes offer for serving (machinelearningservices 2025-12-01, Kubernetes).

use super::pairs;
use berth_domain::fit::{Amounts, InstanceType};
use serde_json::Value;

/// The instance types of a compute in Azure's JSON, by name; `None` if it names none, or one cannot be read.
pub fn instance_types(compute: &Value) -> Option<Vec<InstanceType>> {
    let all = compute
        .pointer("/properties/properties/instanceTypes")?
        .as_object()?;
    let read = |(name, found): (&String, &Value)| {
        let amounts = |list: &str| Amounts::read(found.pointer(list).unwrap_or(&Value::Null)).ok();
        Some(InstanceType {
            name: name.clone(),
            requests: amounts("/resources/requests")?,
            limits: amounts("/resources/limits")?,
            selector: pairs(found, "/nodeSelector"),
        })
    };
    let mut types = all.iter().map(read).collect::<Option<Vec<_>>>()?;
    types.sort_by(|one, other| one.name.cmp(&other.name));
    (!types.is_empty()).then_some(types)
}
