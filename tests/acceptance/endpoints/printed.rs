//! `berth endpoints`: tables, JSON and exit codes.

use super::*;
use crate::command_line::berth;
use std::process::Output;

impl Serving {
    fn berth(&self, arguments: &[&str]) -> Output {
        let folder = self.world().folder.path();
        let ready = folder.join("ready.json").display().to_string();
        berth(
            &folder.join("cli"),
            &[&["endpoints"], arguments, &["--sandbox", &ready]].concat(),
        )
    }

    #[track_caller]
    pub(super) fn text(&self, arguments: &[&str], code: i32) -> (String, String) {
        let output = self.berth(arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {stdout}{stderr}"
        );
        (stdout, stderr)
    }

    #[track_caller]
    pub(super) fn json<T: serde::de::DeserializeOwned>(&self, arguments: &[&str]) -> T {
        let (stdout, stderr) = self.text(&[arguments, &["--json"]].concat(), 0);
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stdout}{stderr}"))
    }
}

/// The cells of the row that begins with a name.
#[track_caller]
fn row<'a>(table: &'a str, name: &str) -> Vec<&'a str> {
    let line = table.lines().find(|line| line.split("  ").next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no row {name} in: {table}"));
    line.split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn endpoints_are_printed_as_table_and_as_json() {
    let serving = Serving::new("endpoints-printed").await;
    let (table, _) = serving.text(&["list"], 0);
    assert!(table.starts_with("NAME "), "{table}");
    assert_eq!(
        row(&table, "scores"),
        [
            "scores",
            "ml-germanywestcentral",
            "hub-prod",
            "extension",
            "key",
            "Succeeded",
            "blue 90 % · green 10 %"
        ]
    );
    assert_eq!(
        row(&table, "churn"),
        [
            "churn",
            "ml-westeurope",
            "churn-prod",
            "classic",
            "none",
            "Healthy",
            "churn 100 %"
        ]
    );
    // The default version gets the rest.
    assert!(row(&table, "trial").contains(&"one 90 % · two 10 %"), "{table}");
    assert_eq!(
        serving.text(&[], 0).0.lines().count(),
        table.lines().count(),
        "list is the default"
    );
    let list: EndpointList = serving.json(&["list"]);
    assert_eq!(names(&list), ["churn", "scores", "trial"]);

    let workspace = serving.fleet.workspace(ONLINE.0);
    let own: EndpointList = serving.json(&["list", "--workspace", &workspace]);
    assert_eq!(own.endpoints, [named(&list, "scores").clone()]);

    let (text, _) = serving.text(&["show", &serving.online("scores")], 0);
    let version = row(&text, "blue");
    assert_eq!(
        version,
        [
            "blue",
            "90 %",
            "Succeeded",
            "2",
            "scores:1",
            "sklearn:12",
            "defaultinstancetype"
        ]
    );
    assert!(
        text.contains("ml-germanywestcentral (germanywestcentral)"),
        "{text}"
    );
    let details: EndpointDetails = serving.json(&["show", &serving.service("trial")]);
    assert_eq!(details.endpoint, *named(&list, "trial"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_read_is_printed_and_changes_the_exit_code() {
    let serving = Serving::new("endpoints-printed-unread").await;
    serving
        .fleet
        .refuse("*workspaces/ml-westeurope/services?*", json!({ "status": 403 }))
        .await;
    serving
        .fleet
        .refuse("*/scores/deployments?*", json!({ "status": 403 }))
        .await;
    let (table, stderr) = serving.text(&["list"], 1);
    let scores = row(&table, "scores");
    assert_eq!(scores[6..], ["unknown", "versions not read"], "{table}");
    for place in [
        "Not read: ml-westeurope: services: ",
        "Not read: versions of scores: ",
    ] {
        assert!(stderr.lines().any(|line| line.starts_with(place)), "{stderr}");
    }
    let (text, stderr) = serving.text(&["show", &serving.online("scores")], 1);
    assert!(
        text.contains("hub-prod") && stderr.starts_with("Not read: versions of scores: "),
        "{text}{stderr}"
    );
    for wrong in [
        &["show", "scores"][..],
        &["list", "--workspace", "ml"],
        &["list", "--workspace", &serving.online("scores")],
        &["show"],
    ] {
        serving.text(wrong, 2);
    }
    serving.text(&["show", &serving.online("nothing")], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_from_azure_cannot_forge_output() {
    let serving = Serving::new("endpoints-printed-odd").await;
    let evil = "\u{1b}[31mSucceeded\nforged  ml  x\u{202e}";
    let error = json!({ "code": evil, "message": evil });
    let compute = serving.fleet.compute(ONLINE.0, ONLINE.1);
    let endpoint = json!({ "id": serving.online("scores"), "name": "scores",
        "properties": { "provisioningState": evil, "scoringUri": evil, "compute": compute, "error": error } });
    let of_version = json!({ "value": [{ "name": "blue", "properties": { "provisioningState": evil, "model": evil, "error": error } }] });
    serving
        .fleet
        .refuse("*/scores/deployments?*", json!({ "body": of_version }))
        .await;
    serving
        .fleet
        .refuse("*/onlineEndpoints/scores?*", json!({ "body": endpoint }))
        .await;
    serving
        .fleet
        .refuse(
            "*germanywestcentral/onlineEndpoints?*",
            json!({ "body": { "value": [endpoint] } }),
        )
        .await;
    for arguments in [
        &["list"][..],
        &["list", "--json"],
        &["show", &serving.online("scores")],
    ] {
        let (stdout, stderr) = serving.text(arguments, 0);
        let all = format!("{stdout}{stderr}");
        assert!(!all.contains(['\u{1b}', '\u{202e}']), "{all:?}");
        assert!(!all.lines().any(|line| line.starts_with("forged")), "{all}");
        assert!(all.contains("\\u001b[31mSucceeded"), "{all}");
    }
}
