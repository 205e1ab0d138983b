//! The schemas of files, and whether the types that read them agree.

mod generate;

use berth_domain::change::{Change, Goal};
use berth_domain::deployment_spec::{
    DeploySpec, EndpointChoice, EnvironmentSource, ModelSource, Scale, Serving,
};
use berth_domain::schema::{ChangeFile, FileKind, Problem, SCHEMA_MEMBER};
use berth_domain::spec::{ClusterChoice, LoadBalancer, PairRef, Spec, Tls};
use generate::{WAYS, fitting, places, resolved, spoil};
use proptest::prelude::*;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn parses<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

fn deserializes(kind: FileKind, file: &Value) -> bool {
    let mut file = file.clone();
    if let Some(members) = file.as_object_mut() {
        members.shift_remove(SCHEMA_MEMBER);
    }
    match kind {
        FileKind::Spec => parses::<Spec>(&file),
        FileKind::Change => parses::<ChangeFile>(&file),
        FileKind::Deploy => parses::<DeploySpec>(&file),
    }
}

/// A file of any kind that fits its schema.
fn files() -> impl Strategy<Value = (FileKind, Value)> {
    prop::sample::select(FileKind::ALL.to_vec()).prop_flat_map(|kind| {
        let schema = kind.schema();
        fitting(&schema, &schema).prop_map(move |file| (kind, file))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_fits_the_schema_is_read(file in files()) {
        let (kind, file) = file;
        prop_assert_eq!(kind.check(&file), Ok(()));
        prop_assert!(deserializes(kind, &file), "{}", file);
    }

    #[test]
    fn schema_and_check_agree_on_any_file(
        file in files(), spoilt in prop::collection::vec((any::<prop::sample::Index>(), 0..WAYS), 1..3)
    ) {
        let (kind, mut file) = file;
        for (at, how) in &spoilt {
            spoil(&mut file, at, *how);
        }
        let schema = jsonschema::validator_for(&kind.schema()).expect("a schema");
        let checked = kind.check(&file);
        prop_assert_eq!(schema.is_valid(&file), checked.is_ok(), "{:?} {}", checked, file);
        prop_assert!(checked.is_err() || deserializes(kind, &file), "{}", file);
    }

    #[test]
    fn an_unknown_member_is_refused_with_its_path(file in files(), at in any::<prop::sample::Index>()) {
        let (kind, mut file) = file;
        let objects: Vec<String> = places(&file)
            .into_iter()
            .filter(|place| file.pointer(place).is_some_and(Value::is_object) && !is_map(place))
            .collect();
        let place = &objects[at.index(objects.len())];
        file.pointer_mut(place).expect("an object")["strange"] = json!(1);
        let misfit = kind.check(&file).expect_err("an unknown member");
        prop_assert!(misfit.path.ends_with("strange"), "{}", misfit.path);
        prop_assert_eq!(misfit.path.matches(['.', '[']).count(), place.matches('/').count(), "{} {}", misfit.path, place);
        prop_assert!(matches!(misfit.problem, Problem::Unknown { .. }), "{:?}", misfit);
    }
}

/// Whether the members of the object have names of the person's choice.
fn is_map(place: &str) -> bool {
    ["/tags", "/traffic", "/environmentVariables"]
        .iter()
        .any(|map| place.ends_with(map))
}

type Parses = fn(&Value) -> bool;

/// Every tagged enum that a person's file or the window's goal contains.
const TAGGED: [(&str, Parses); 11] = [
    ("Goal", parses::<Goal>),
    ("Change", parses::<Change>),
    ("ClusterChoice", parses::<ClusterChoice>),
    ("LoadBalancer", parses::<LoadBalancer>),
    ("Tls", parses::<Tls>),
    ("PairRef", parses::<PairRef>),
    ("EndpointChoice", parses::<EndpointChoice>),
    ("ModelSource", parses::<ModelSource>),
    ("Serving", parses::<Serving>),
    ("EnvironmentSource", parses::<EnvironmentSource>),
    ("Scale", parses::<Scale>),
];

fn variants(schema: &Value) -> Vec<&Value> {
    let options = schema["oneOf"].as_array().into_iter().flatten();
    options.filter(|option| option["type"] == "object").collect()
}

#[test]
fn no_variant_of_a_tagged_enum_takes_a_foreign_member() {
    let generator = SchemaSettings::draft07().into_generator();
    let root = generator.into_root_schema_for::<Goal>().to_value();
    let definitions = root["definitions"].as_object().expect("definitions");
    let mut enums: Vec<(&str, &Value)> = definitions
        .iter()
        .map(|(name, schema)| (name.as_str(), schema))
        .collect();
    enums.push(("Goal", &root));
    enums.retain(|(_, schema)| !variants(schema).is_empty());
    let names: BTreeSet<&str> = enums.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, TAGGED.iter().map(|(name, _)| *name).collect());

    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for (name, schema) in enums {
        let (_, parses) = TAGGED.iter().find(|(known, _)| *known == name).expect("listed");
        for variant in variants(schema) {
            let variant = resolved(&root, variant);
            let all = fitting(&root, variant);
            let mut value = all.new_tree(&mut runner).expect("a value").current();
            assert!(parses(&value), "{name}: {value}");
            value["strange"] = json!(1);
            assert!(!parses(&value), "{name}: {value}");
        }
    }
}

#[test]
fn a_misfit_names_the_member_with_its_path() {
    let spec = |member: &str, value: Value| {
        let mut file = json!({});
        file[member] = value;
        FileKind::Spec.check(&file).expect_err("a misfit").path
    };
    assert_eq!(spec("size", json!({ "nodes": -1 })), "size.nodes");
    assert_eq!(
        spec("size", json!({ "autoscale": { "min": 1 } })),
        "size.autoscale.max"
    );
    assert_eq!(
        spec("cluster", json!({ "kind": "create", "resourceId": "/x" })),
        "cluster.resourceId"
    );
    assert_eq!(spec("cluster", json!({})), "cluster.kind");
    assert_eq!(spec("waived", json!(["a", 1])), "waived[1]");
    assert_eq!(spec("route", json!("clasic")), "route");
    assert_eq!(
        spec(
            "tls",
            json!({ "kind": "own", "cname": "a", "pair": { "kind": "paper" } })
        ),
        "tls.pair.kind"
    );
    let change =
        json!({ "schema": 1, "change": { "kind": "tags", "resourceId": "/x", "tags": { "a.b": 1 } } });
    let misfit = FileKind::Change.check(&change).expect_err("a misfit");
    assert_eq!(misfit.path, "change.tags[\"a.b\"]");
}

#[test]
fn an_editor_gets_the_schema_and_texts_without_rust_terms() {
    for kind in FileKind::ALL {
        let schema = kind.schema();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        assert_eq!(schema["properties"]["schema"]["const"], kind.version());
        assert!(schema["properties"][SCHEMA_MEMBER].is_object());
        let text = schema.to_string();
        for term in ["[`", "`None`", "crate::", "Self::"] {
            assert!(!text.contains(term), "{term}: {text}");
        }
    }
}
