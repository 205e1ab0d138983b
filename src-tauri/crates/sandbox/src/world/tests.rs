use super::*;
use serde_json::json;

#[test]
fn ids_ignore_case_and_removal_includes_children() {
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

#[test]
fn a_state_with_the_member_names_of_an_earlier_version_is_read() {
    let mut earlier = serde_json::to_value(World::default()).unwrap();
    let members = earlier.as_object_mut().unwrap();
    for (old, new, content) in [
        (
            "insides",
            "cluster_objects",
            json!({ "/k": { "objects": {}, "version": 7 } }),
        ),
        ("fronts", "front_ends", json!({})),
        ("ended", "times_deleted", json!({ "/k": 2 })),
    ] {
        members.remove(new).unwrap();
        members.insert(old.to_owned(), content);
    }
    let world: World = serde_json::from_value(earlier).unwrap();
    assert_eq!(world.objects("/k").unwrap().version(), 7);
    assert_eq!(world.times_deleted("/k"), 2);
}
