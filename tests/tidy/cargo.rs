//! The crates of the workspace, from `cargo metadata`.

use crate::tree::{non_empty, root};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Normal,
    Dev,
    Build,
}

pub(crate) struct Dependency {
    /// The package name.
    pub(crate) name: String,
    /// The name used in code.
    pub(crate) in_code: String,
    pub(crate) kind: Kind,
    pub(crate) features: Vec<String>,
    /// Whether it is a crate of this repository.
    pub(crate) ours: bool,
}

pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    /// Kind and root file of each target: `lib`, `bin`, `test`, `custom-build`, …
    pub(crate) targets: Vec<(String, PathBuf)>,
}

impl Package {
    /// The dependencies of a kind.
    pub(crate) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().filter(move |one| one.kind == kind)
    }
}

pub(crate) fn workspace() -> &'static [Package] {
    static CRATES: LazyLock<Vec<Package>> = LazyLock::new(|| {
        let host = host();
        packages("Cargo.toml", &["--locked", "--filter-platform", &host])
    });
    &CRATES
}

/// The fuzzing crate: a separate workspace, whose dependencies need not be installed.
pub(crate) fn fuzz() -> Vec<Package> {
    packages("src-tauri/crates/certs/fuzz/Cargo.toml", &["--no-deps"])
}

fn packages(manifest: &str, options: &[&str]) -> Vec<Package> {
    let command = ["metadata", "--format-version=1", "--manifest-path", manifest];
    let output = cargo(&[&command, options].concat());
    let metadata: Value = serde_json::from_str(&output).expect("JSON from cargo metadata");
    let members = list(&metadata["workspace_members"]);
    let all = list(&metadata["packages"]).iter();
    let ours = all.filter(|package| members.contains(&package["id"]));
    let found = ours.map(|found| package(found, &metadata["resolve"])).collect();
    non_empty("crates", found)
}

fn package(found: &Value, resolve: &Value) -> Package {
    let nodes = resolve["nodes"].as_array().map_or(&[][..], Vec::as_slice);
    let node = nodes.iter().find(|node| node["id"] == found["id"]);
    let resolved = node.map_or(&[][..], |node| list(&node["deps"]));
    let dependencies = list(&found["dependencies"]).iter();
    let targets = list(&found["targets"]).iter().map(|target| {
        let kind = text(&list(&target["kind"])[0]);
        (kind, PathBuf::from(text(&target["src_path"])))
    });
    Package {
        name: text(&found["name"]),
        manifest: PathBuf::from(text(&found["manifest_path"])),
        dependencies: dependencies.map(|one| dependency(one, resolved)).collect(),
        targets: targets.collect(),
    }
}

fn dependency(one: &Value, resolved: &[Value]) -> Dependency {
    let name = text(&one["name"]);
    Dependency {
        in_code: in_code(one, &name, resolved),
        kind: match one["kind"].as_str() {
            None => Kind::Normal,
            Some("dev") => Kind::Dev,
            Some("build") => Kind::Build,
            Some(other) => panic!("unknown kind of dependency: {other}"),
        },
        features: list(&one["features"]).iter().map(text).collect(),
        ours: one["path"].is_string(),
        name,
    }
}

/// The name in code: the alias of a renamed dependency, otherwise its library's name (`md5` for `md-5`).
fn in_code(one: &Value, name: &str, resolved: &[Value]) -> String {
    if let Some(renamed) = one["rename"].as_str() {
        return renamed.replace('-', "_");
    }
    let id_of = |entry: &Value| {
        let id = text(&entry["pkg"]);
        // `registry+…#name@1.2.3`, or `path+file:///…/folder#1.2.3` if the folder has the package's name.
        let (place, version) = id.rsplit_once('#').expect("a package id");
        let named = version.rsplit_once('@').map(|(name, _)| name.to_owned());
        named.unwrap_or_else(|| place.rsplit('/').next().unwrap_or_default().to_owned())
    };
    let library = resolved.iter().find(|entry| id_of(entry) == name);
    library.map_or_else(|| name.replace('-', "_"), |entry| text(&entry["name"]))
}

fn host() -> String {
    let output = Command::new(std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()))
        .arg("-vV")
        .output()
        .expect("rustc");
    let output = String::from_utf8(output.stdout).expect("UTF-8 from rustc");
    let host = output.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("the host in rustc's output").to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {error}");
    String::from_utf8(output.stdout).expect("UTF-8 from cargo")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list from cargo metadata")
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string from cargo metadata").to_owned()
}
