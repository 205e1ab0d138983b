use super::*;
use serde_json::json;

#[test]
fn ids_compare_without_case_and_removal_takes_what_is_below() {
    let mut world = World::default();
    world.put(Resource::new(
        "/subscriptions/S/resourceGroups/G/providers/N/t/A",
        "N/t",
        json!({}),
    ));
    world.put(Resource::new(
        "/subscriptions/S/resourceGroups/G/providers/N/t/A/u/B",
        "N/t/u",
        json!({}),
    ));
    world.put(Resource::new(
        "/subscriptions/S/resourceGroups/G2/providers/N/t/A",
        "N/t",
        json!({}),
    ));
    assert!(
        world
            .resource("/SUBSCRIPTIONS/s/resourcegroups/g/providers/n/T/a/")
            .is_some()
    );
    assert_eq!(world.list("/subscriptions/s/resourcegroups/g", "n/T").count(), 1);
    assert_eq!(world.list("", "N/t").count(), 2);
    world.remove("/subscriptions/S/resourceGroups/G/providers/N/t/a");
    assert_eq!(
        world.resources().count(),
        1,
        "the other group's resource must stay"
    );
}
