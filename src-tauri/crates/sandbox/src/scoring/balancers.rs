//! Load balancers and public addresses in a cluster's node resource group, as AKS manages them: `kubernetes`
//! for public ones, `kubernetes-internal` for internal ones
//! (learn.microsoft.com/azure/aks/load-balancer-standard).

use super::{FrontEnd, of_cluster};
use crate::aks::nodes::node_group;
use crate::network::{LOAD_BALANCER, PUBLIC_IP};
use crate::resource_id::stable_uuid;
use crate::world::{Resource, World};
use serde_json::{Value, json};

/// Updates both load balancers and the public addresses to match the front ends.
pub(crate) fn reconcile(world: &mut World, cluster: &str) {
    let Some(found) = world.resource(cluster) else {
        return;
    };
    let place = Place::of(found);
    let front_ends: Vec<FrontEnd> = of_cluster(world, cluster).cloned().collect();
    let mut addresses = Vec::new();
    let mut public = Vec::new();
    let mut internal = Vec::new();
    if place.outbound {
        let name = stable_uuid(cluster).to_string();
        let last = 1 + name.bytes().fold(0_u8, u8::wrapping_add) % 254;
        addresses.push(place.public_ip(&name, &format!("203.0.113.{last}"), None));
        public.push(place.public_front(&name, &name));
    }
    for front_end in &front_ends {
        let name = frontend_name(front_end);
        match &front_end.internal {
            Some(subnet) => internal.push(json!({ "name": name, "id": place.front_id("kubernetes-internal", &name), "properties": {
                "provisioningState": "Succeeded", "privateIPAddress": front_end.address.to_string(), "privateIPAllocationMethod": "Dynamic",
                "privateIPAddressVersion": "IPv4", "subnet": { "id": subnet } } })),
            None => {
                let address = format!("kubernetes-{name}");
                addresses.push(place.public_ip(&address, &front_end.address.to_string(), front_end.label.as_deref()));
                public.push(place.public_front(&name, &address));
            }
        }
    }
    place.replace(world, PUBLIC_IP, addresses);
    let balancers = [("kubernetes", public), ("kubernetes-internal", internal)];
    let balancers = balancers
        .into_iter()
        .filter(|(_, front_ends)| !front_ends.is_empty());
    let balancers = balancers
        .map(|(name, front_ends)| place.balancer(name, front_ends))
        .collect();
    place.replace(world, LOAD_BALANCER, balancers);
}

/// `a` and 31 characters of the Service's uid, as the cloud provider names them.
fn frontend_name(front_end: &FrontEnd) -> String {
    let uid = stable_uuid(&format!("{}#{}", front_end.cluster, front_end.namespace));
    let uid = uid.simple().to_string();
    format!("a{}", &uid[..31])
}

/// The location and resource group of the resources.
struct Place {
    group: String,
    location: String,
    outbound: bool,
}

impl Place {
    fn of(cluster: &Resource) -> Self {
        Self {
            group: node_group(cluster),
            location: cluster.location(),
            outbound: cluster.body["properties"]["networkProfile"]["outboundType"] == "loadBalancer",
        }
    }

    fn id(&self, kind: &str, name: &str) -> String {
        format!("{}/providers/{kind}/{name}", self.group)
    }

    fn front_id(&self, balancer: &str, name: &str) -> String {
        format!(
            "{}/frontendIPConfigurations/{name}",
            self.id(LOAD_BALANCER, balancer)
        )
    }

    fn public_ip(&self, name: &str, address: &str, label: Option<&str>) -> Value {
        let mut body = json!({
            "id": self.id(PUBLIC_IP, name), "name": name, "type": PUBLIC_IP, "location": self.location,
            "sku": { "name": "Standard", "tier": "Regional" },
            "properties": { "provisioningState": "Succeeded", "ipAddress": address, "publicIPAddressVersion": "IPv4", "publicIPAllocationMethod": "Static" },
        });
        if let Some(label) = label {
            let fqdn = format!("{label}.{}.cloudapp.azure.com", self.location);
            body["properties"]["dnsSettings"] = json!({ "domainNameLabel": label, "fqdn": fqdn });
        }
        body
    }

    fn public_front(&self, name: &str, address: &str) -> Value {
        json!({ "name": name, "id": self.front_id("kubernetes", name), "properties": {
            "provisioningState": "Succeeded", "privateIPAllocationMethod": "Dynamic",
            "publicIPAddress": { "id": self.id(PUBLIC_IP, address) } } })
    }

    fn balancer(&self, name: &str, front_ends: Vec<Value>) -> Value {
        json!({
            "id": self.id(LOAD_BALANCER, name), "name": name, "type": LOAD_BALANCER, "location": self.location,
            "sku": { "name": "Standard", "tier": "Regional" },
            "properties": { "provisioningState": "Succeeded", "frontendIPConfigurations": front_ends },
        })
    }

    /// Replaces all resources of a kind in the group.
    fn replace(&self, world: &mut World, kind: &str, bodies: Vec<Value>) {
        let id = |body: &Value| body["id"].as_str().unwrap_or_default().to_string();
        let wanted: Vec<String> = bodies.iter().map(id).collect();
        let stale: Vec<String> = world
            .list(&self.group, kind)
            .map(|found| found.id.clone())
            .filter(|id| !wanted.contains(id))
            .collect();
        for id in stale {
            world.remove(&id);
        }
        for body in bodies {
            let unchanged = world.resource(&id(&body)).is_some_and(|old| old.body == body);
            if !unchanged {
                world.put(Resource::new(id(&body), kind, body));
            }
        }
    }
}
