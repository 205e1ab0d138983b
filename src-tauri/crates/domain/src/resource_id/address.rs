//! Resource ids inside addresses of the portal, of Azure ML studio or of Resource Manager.

use super::ResourceId;

const START: &str = "/subscriptions/";
/// Where an id in an address ends at the latest.
const ENDS: [char; 4] = ['?', '#', '&', ' '];

/// Finds the resource id that a web address contains: the longest one that is followed only by the names of pages. `None`
/// if the text is no web address, or contains no id.
pub fn id_in_address(text: &str) -> Option<String> {
    let text = text.trim();
    let scheme = text.split_once("://")?.0;
    if !["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return None;
    }
    let text = text.replace("%2F", "/").replace("%2f", "/");
    // Only ASCII changes case here, so positions stay.
    let start = text.to_ascii_lowercase().find(START)?;
    let id = text[start..].split(ENDS).next()?;
    let mut segments: Vec<&str> = id.split('/').collect();
    while segments.len() > 3 {
        let id = segments.join("/");
        if ResourceId::parse(&id).is_some() {
            return Some(id);
        }
        segments.pop();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::id_in_address;

    const ID: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/a";

    #[test]
    fn an_id_is_found_in_addresses_of_azure() {
        for address in [
            format!("https://portal.azure.com/#@contoso.com/resource{ID}/overview"),
            format!("https://portal.azure.com/#@contoso.com/resource{ID}"),
            format!("https://management.azure.com{ID}?api-version=2026-05-01"),
            format!(
                "HTTPS://portal.azure.com/#view/Blade/id/{}",
                ID.replace('/', "%2F")
            ),
            format!("https://ml.azure.com/compute/list?wsid={ID}&tid=t"),
        ] {
            assert_eq!(id_in_address(&address).as_deref(), Some(ID), "{address}");
        }
    }

    #[test]
    fn other_texts_contain_none() {
        for text in [
            ID.to_owned(),
            "aks-there".to_owned(),
            "https://portal.azure.com/".to_owned(),
            "https://portal.azure.com/#resource/subscriptions/s".to_owned(),
            format!("ftp://x{ID}"),
            format!(
                "https://portal.azure.com/#resource{}",
                ID.replace("resourceGroups/g", "resourceGroups/..")
            ),
        ] {
            assert_eq!(id_in_address(&text), None, "{text}");
        }
    }
}
