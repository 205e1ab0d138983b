//! The window's permissions: one list of commands in three places, and nothing else.

use crate::tree::{assert_same, between, files_below, non_empty, read};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn set(what: &str, names: Vec<String>) -> BTreeSet<String> {
    let all = non_empty(what, names);
    let once: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(all.len(), once.len(), "{what} are listed twice");
    once
}

#[test]
fn each_handler_has_the_types_of_its_own_command() {
    let files = files_below("src-tauri/src/commands", &["rs"]);
    let texts: String = files.iter().map(read).collect();
    for name in berth_contract::commands::COMMAND_NAMES {
        let start = texts
            .find(&format!("fn {name}("))
            .unwrap_or_else(|| panic!("no handler {name}"));
        let handler = texts[start..].split_once('{').map_or("", |(head, _)| head);
        for wanted in [
            format!("Args<command::{name}>"),
            format!("Reply<command::{name}>"),
        ] {
            assert!(handler.contains(&wanted), "{name} is declared without {wanted}");
        }
    }
}

#[test]
fn the_three_lists_of_commands_agree() {
    let contract = berth_contract::commands::COMMAND_NAMES
        .iter()
        .map(|&name| name.to_owned());
    let handlers = read("src-tauri/src/commands/mod.rs");
    let handled = between(&handlers, "generate_handler![", "]")
        .split(',')
        .map(str::trim)
        .filter(|path| !path.is_empty())
        .map(|path| path.rsplit("::").next().unwrap_or(path).to_owned());
    let permissions: toml::Table = read("src-tauri/permissions/commands.toml").parse().expect("TOML");
    let permissions = permissions["permission"].as_array().expect("permissions");
    let allowed = permissions.iter().flat_map(|one| {
        let commands = one["commands"]["allow"].as_array().expect("commands").iter();
        commands.map(|name| name.as_str().expect("a name").to_owned())
    });
    let contract = set("commands of the contract", contract.collect());
    assert_same(
        "handlers, against the contract",
        &set("handlers", handled.collect()),
        &contract,
    );
    assert_same(
        "permissions, against the contract",
        &set("permissions", allowed.collect()),
        &contract,
    );
}

fn members(object: &Value) -> BTreeSet<&str> {
    object
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

/// Other members could disable protection or widen access: `withGlobalTauri`, `capabilities`, `assetProtocol`.
#[test]
fn the_window_configuration_has_no_unexpected_members() {
    let configuration: Value = serde_json::from_str(&read("tauri.conf.json")).expect("JSON");
    let app = &configuration["app"];
    assert_same("members of app", &members(app), &["security", "windows"].into());
    assert_same(
        "members of app.security",
        &members(&app["security"]),
        &["csp"].into(),
    );
}

#[test]
fn the_page_may_only_call_berth() {
    let capability: Value = serde_json::from_str(&read("src-tauri/capabilities/main.json")).expect("JSON");
    let permissions = capability["permissions"].as_array().expect("permissions");
    let permissions: BTreeSet<&str> = permissions
        .iter()
        .map(|one| one.as_str().expect("a name"))
        .collect();
    let allowed = [
        "core:event:allow-listen",
        "core:event:allow-unlisten",
        "berth-commands",
    ];
    assert_same("permissions of the page", &permissions, &allowed.into());
    let of_capability = ["$schema", "description", "identifier", "permissions", "windows"];
    assert_same(
        "members of the capability",
        &members(&capability),
        &of_capability.into(),
    );
    assert_eq!(
        capability["windows"],
        json!(["main"]),
        "windows with that capability"
    );
    let lists = files_below("src-tauri/capabilities", &["json", "toml"]);
    assert_eq!(lists.len(), 1, "one list of what the page may do: {lists:?}");
}

/// The sources that the page may load each kind of resource from.
fn may_load(directive: &str, source: &str) -> bool {
    match source {
        "'self'" | "'none'" => true,
        "data:" => matches!(directive, "img-src" | "font-src"),
        "ipc:" | "http://ipc.localhost" => directive == "connect-src",
        _ => false,
    }
}

#[test]
fn the_content_security_policy_is_strict() {
    let configuration: Value = serde_json::from_str(&read("tauri.conf.json")).expect("JSON");
    let policy = &configuration["app"]["security"]["csp"];
    assert_eq!(
        policy["default-src"], "'self'",
        "the default for all other directives"
    );
    for (directive, sources) in policy.as_object().expect("directives") {
        for source in sources.as_str().expect("sources").split(' ') {
            assert!(may_load(directive, source), "{directive} lets {source} in");
        }
    }
}
