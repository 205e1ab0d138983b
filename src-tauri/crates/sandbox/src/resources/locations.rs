//! The sandbox's locations, with the names and facts of the real ones
//! (learn.microsoft.com/azure/reliability/regions-list).

use serde_json::{Value, json};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Location {
    /// Short name, such as `westeurope`.
    pub(crate) name: &'static str,
    /// Display name, such as `West Europe`.
    pub(crate) display_name: &'static str,
    /// Prefix of the regional display name, such as `Europe`.
    pub(crate) geography_group: &'static str,
    pub(crate) geography: &'static str,
    pub(crate) physical_location: &'static str,
    /// Paired location; empty if there is none.
    pub(crate) pair: &'static str,
    /// Whether it has availability zones.
    pub(crate) zones: bool,
    /// Latitude and longitude.
    pub(crate) at: (&'static str, &'static str),
}

macro_rules! locations {
    ($($name:literal, $display:literal, $group:literal, $geography:literal, $place:literal, $pair:literal, $zones:literal, $lat:literal, $long:literal;)*) => {
        pub(crate) const LOCATIONS: &[Location] = &[$(Location {
            name: $name, display_name: $display, geography_group: $group, geography: $geography,
            physical_location: $place, pair: $pair, zones: $zones, at: ($lat, $long),
        }),*];
    };
}

locations! {
    "eastus", "East US", "US", "United States", "Virginia", "westus", true, "37.3719", "-79.8164";
    "eastus2", "East US 2", "US", "United States", "Virginia", "centralus", true, "36.6681", "-78.3889";
    "centralus", "Central US", "US", "United States", "Iowa", "eastus2", true, "41.5908", "-93.6208";
    "southcentralus", "South Central US", "US", "United States", "Texas", "northcentralus", true, "29.4167", "-98.5";
    "northcentralus", "North Central US", "US", "United States", "Illinois", "southcentralus", false, "41.8819", "-87.6278";
    "westus", "West US", "US", "United States", "California", "eastus", false, "37.783", "-122.417";
    "westus2", "West US 2", "US", "United States", "Washington", "westcentralus", true, "47.233", "-119.852";
    "westus3", "West US 3", "US", "United States", "Phoenix", "eastus", true, "33.448376", "-112.074036";
    "westcentralus", "West Central US", "US", "United States", "Wyoming", "westus2", false, "40.89", "-110.234";
    "canadacentral", "Canada Central", "Canada", "Canada", "Toronto", "canadaeast", true, "43.653", "-79.383";
    "canadaeast", "Canada East", "Canada", "Canada", "Quebec", "canadacentral", false, "46.817", "-71.217";
    "brazilsouth", "Brazil South", "South America", "Brazil", "Sao Paulo State", "southcentralus", true, "-23.55", "-46.633";
    "westeurope", "West Europe", "Europe", "Europe", "Netherlands", "northeurope", true, "52.3667", "4.9";
    "northeurope", "North Europe", "Europe", "Europe", "Ireland", "westeurope", true, "53.3478", "-6.2597";
    "swedencentral", "Sweden Central", "Europe", "Sweden", "Gävle", "swedensouth", true, "60.67488", "17.14127";
    "uksouth", "UK South", "Europe", "United Kingdom", "London", "ukwest", true, "50.941", "-0.799";
    "ukwest", "UK West", "Europe", "United Kingdom", "Cardiff", "uksouth", false, "53.427", "-3.084";
    "francecentral", "France Central", "Europe", "France", "Paris", "francesouth", true, "46.3772", "2.373";
    "germanywestcentral", "Germany West Central", "Europe", "Germany", "Frankfurt", "germanynorth", true, "50.110924", "8.682127";
    "switzerlandnorth", "Switzerland North", "Europe", "Switzerland", "Zurich", "switzerlandwest", true, "47.451542", "8.564572";
    "norwayeast", "Norway East", "Europe", "Norway", "Norway", "norwaywest", true, "59.913868", "10.752245";
    "spaincentral", "Spain Central", "Europe", "Spain", "Madrid", "", true, "40.4259", "-3.4209";
    "italynorth", "Italy North", "Europe", "Italy", "Milan", "", true, "45.46888", "9.18109";
    "southeastasia", "Southeast Asia", "Asia Pacific", "Asia Pacific", "Singapore", "eastasia", true, "1.283", "103.833";
    "eastasia", "East Asia", "Asia Pacific", "Asia Pacific", "Hong Kong", "southeastasia", true, "22.267", "114.188";
    "japaneast", "Japan East", "Asia Pacific", "Japan", "Tokyo, Saitama", "japanwest", true, "35.68", "139.77";
    "koreacentral", "Korea Central", "Asia Pacific", "Korea", "Seoul", "koreasouth", true, "37.5665", "126.978";
    "centralindia", "Central India", "Asia Pacific", "India", "Pune", "southindia", true, "18.5822", "73.9197";
    "australiaeast", "Australia East", "Asia Pacific", "Australia", "New South Wales", "australiasoutheast", true, "-33.86", "151.2094";
    "southafricanorth", "South Africa North", "Africa", "South Africa", "Johannesburg", "southafricawest", true, "-25.73134", "28.21837";
    "uaenorth", "UAE North", "Middle East", "UAE", "Dubai", "uaecentral", true, "25.266666", "55.316666";
}

/// Normalizes a location: `West Europe` becomes `westeurope`.
pub(crate) fn normal(written: &str) -> String {
    written
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase()
}

/// Finds a location by any spelling.
pub(crate) fn find(written: &str) -> Option<&'static Location> {
    let name = normal(written);
    LOCATIONS.iter().find(|location| location.name == name)
}

impl Location {
    /// As `GET /subscriptions/{id}/locations` lists it (Microsoft.Resources 2022-12-01).
    pub(crate) fn body(&self, subscription: &str) -> Value {
        let id = |name: &str| format!("/subscriptions/{subscription}/locations/{name}");
        let pairs: Vec<Value> = [self.pair]
            .iter()
            .filter(|pair| !pair.is_empty())
            .map(|pair| json!({"name": pair, "id": id(pair)}))
            .collect();
        let mut body = json!({
            "id": id(self.name),
            "name": self.name,
            "type": "Region",
            "displayName": self.display_name,
            "regionalDisplayName": format!("({}) {}", self.geography_group, self.display_name),
            "metadata": {
                "regionType": "Physical",
                "regionCategory": if self.zones { "Recommended" } else { "Other" },
                "geography": self.geography,
                "geographyGroup": self.geography_group,
                "longitude": self.at.1,
                "latitude": self.at.0,
                "physicalLocation": self.physical_location,
                "pairedRegion": pairs,
            },
        });
        if self.zones {
            let zone =
                |n: u8| json!({"logicalZone": n.to_string(), "physicalZone": format!("{}-az{n}", self.name)});
            body["availabilityZoneMappings"] = (1..=3).map(zone).collect();
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_finds_a_location_and_pairs_are_mutual() {
        assert_eq!(find("West Europe").map(|l| l.name), Some("westeurope"));
        assert_eq!(find("WestEurope").map(|l| l.display_name), Some("West Europe"));
        assert!(find("atlantis").is_none());
    }
}
