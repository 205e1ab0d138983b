//! Tests the checker on a small description: each verdict and each kind of mismatch.

use crate::check::Checker;
use crate::exceptions::Exception;
use crate::operations::Operations;
use crate::outlines;
use crate::recordings;
use crate::report::{Finding, Verdicts};
use crate::schema::Schemas;
use crate::strict::Strict;
use serde_json::{Value, json};
use std::path::Path;

static EXCEPTIONS: [Exception; 2] = [
    Exception::finding(
        "Kinds_List",
        "\"nextLink\" is a required property",
        "last page",
        "docs",
    ),
    Exception::operation(
        "GET",
        "/subscriptions/{s}/providers/Microsoft.X/locks",
        "no description",
        "docs",
    ),
];

const KIND: &str = "/subscriptions/1/resourceGroups/g/providers/Microsoft.X/kinds/k";

fn write(folder: &Path, name: &str, content: &Value) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content.to_string()).unwrap();
}

/// A folder like the one that `AZURE` points to.
fn azure() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.X/kinds";
    let api_version = json!({ "$ref": "common.json#/parameters/ApiVersion" });
    let kind = json!({ "schema": { "$ref": "common.json#/definitions/Kind" } });
    let error = json!({ "schema": { "$ref": "common.json#/definitions/Error" } });
    write(
        folder.path(),
        "specs/kinds.json",
        &json!({ "paths": {
            path: { "get": {
                "operationId": "Kinds_List",
                "parameters": [api_version],
                "responses": { "200": { "schema": { "required": ["value", "nextLink"] } } },
            } },
            format!("{path}/{{k}}"): {
                "parameters": [api_version],
                "get": { "operationId": "Kinds_Get", "responses": { "200": kind, "default": error } },
                "put": {
                    "operationId": "Kinds_Put",
                    "parameters": [{ "in": "body", "name": "kind", "required": true, "schema": kind["schema"] }],
                    "responses": { "200": kind, "201": kind },
                    "x-ms-long-running-operation": true,
                },
            },
            format!("{path}/{{k}}/start"): {
                "post": { "operationId": "Kinds_Start", "parameters": [api_version], "responses": { "204": {} } },
            },
        } }),
    );
    write(
        folder.path(),
        "specs/common.json",
        &json!({
            "parameters": { "ApiVersion": { "in": "query", "name": "api-version", "required": true } },
            "definitions": {
                "Kind": { "properties": { "size": { "$ref": "#/definitions/Size" } }, "required": ["size"] },
                "Size": { "type": "integer" },
                "Error": { "required": ["error"] },
            },
        }),
    );
    let strict = |version: &str, member: &str| {
        let members = json!({ "id": { "readOnly": true }, member: {} });
        let title = format!("Microsoft.X/kinds@{version}");
        let schema = json!({
            "title": title, "properties": members, "required": ["id", member], "additionalProperties": false,
        });
        write(
            folder.path(),
            &format!("schemas/x/{version}/kind.schema.json"),
            &schema,
        );
    };
    strict("2025-01-01", "former");
    strict("2026-01-01", "size");
    write(
        folder.path(),
        "operations.json",
        &json!({ "groups": { "x": { "operations": { "others": {
            "method": "GET",
            "path": "/subscriptions/{s}/providers/Microsoft.X/others",
            "query": ["$filter"],
            "success": [200],
            "lro": false,
        } } } } }),
    );
    folder
}

fn checker(azure: &Path) -> Checker {
    Checker {
        operations: Operations::read(azure).unwrap(),
        schemas: Schemas::default(),
        strict: Strict::read(&azure.join("schemas")).unwrap(),
        exceptions: &EXCEPTIONS,
    }
}

/// A valid exchange for the tests to alter.
fn put() -> Value {
    json!({
        "method": "PUT",
        "url": format!("https://host{KIND}?api-version=1"),
        "request_body": { "size": 1 },
        "status": 201,
        "response_headers": { "Azure-AsyncOperation": "https://host/operation" },
        "response_body": { "size": 1, "unknown": null },
    })
}

fn get(path: &str, status: u16, body: &Value) -> Value {
    json!({
        "method": "GET",
        "url": format!("https://host{path}?api-version=1"),
        "request_body": null,
        "status": status,
        "response_headers": {},
        "response_body": body,
    })
}

/// The operation and findings of an exchange; exceptions as text.
fn check(exchange: &Value) -> (String, Vec<String>) {
    let folder = azure();
    let checked = checker(folder.path()).exchange(exchange);
    let findings = checked.findings.into_iter().map(|finding| match finding {
        Finding::Excepted(exception) => format!("excepted: {exception}"),
        Finding::Wrong(what) => what,
    });
    (checked.operation, findings.collect())
}

#[test]
fn a_valid_exchange_has_no_findings() {
    assert_eq!(check(&put()), ("Kinds_Put".to_owned(), Vec::new()));
    let read = get(
        &KIND.to_uppercase().replace("SUBSCRIPTIONS", "subscriptions"),
        200,
        &json!({ "size": 2 }),
    );
    assert_eq!(check(&read), ("Kinds_Get".to_owned(), Vec::new()));
    let refused = get(KIND, 404, &json!({ "error": { "code": "NotFound" } }));
    assert_eq!(check(&refused).1, Vec::<String>::new());
}

#[test]
fn each_part_of_an_exchange_is_checked() {
    let spoiled = |pointer: &str, value: Value| {
        let mut exchange = put();
        *exchange.pointer_mut(pointer).unwrap() = value;
        check(&exchange).1.join("; ")
    };
    let expected = [
        (
            "/url",
            json!(format!("https://host{KIND}")),
            "the query lacks \"api-version\"",
        ),
        (
            "/url",
            json!(format!("https://host{KIND}?api-version=1&action=Detach")),
            "the query has action, which is not described",
        ),
        ("/request_body", Value::Null, "the body is missing"),
        (
            "/request_body",
            json!({ "size": "1" }),
            "request /size: \"1\" is not of type \"integer\"",
        ),
        (
            "/request_body",
            json!({ "size": 1, "new": 1 }),
            "request at 2026-01-01",
        ),
        ("/status", json!(202), "status 202 is not described"),
        ("/status", json!(409), "409 without an error"),
        (
            "/response_headers",
            json!({}),
            "a long-running operation without a header to poll",
        ),
        (
            "/response_body",
            json!({}),
            "response : \"size\" is a required property",
        ),
        ("/url", json!("no address"), "no URL"),
    ];
    for (pointer, value, words) in expected {
        let found = spoiled(pointer, value);
        assert!(found.contains(words), "{pointer}: {found}");
    }
}

#[test]
fn an_action_takes_no_body_and_a_refusal_has_the_described_form() {
    let act = |body: Value| {
        json!({
            "method": "POST", "url": format!("https://host{KIND}/start?api-version=1"),
            "request_body": body, "status": 204, "response_headers": {}, "response_body": null,
        })
    };
    assert_eq!(check(&act(json!({}))).1, Vec::<String>::new());
    assert_eq!(
        check(&act(json!({ "a": 1 }))).1,
        ["a body was sent but none is described"]
    );
    let refused = get(KIND, 404, &json!({ "code": "NotFound" }));
    assert_eq!(check(&refused).1, ["error : \"error\" is a required property"]);
}

/// A role assignment for a resource is written to a URL that begins with the resource's own.
#[test]
fn a_closed_schema_applies_only_to_its_resource_type() {
    let strict = Strict::read(&azure().path().join("schemas")).unwrap();
    let found = |method: &str, path: &str, body: &Value| strict.request(method, path, body).len();
    let unknown = json!({ "size": 1, "properties": {} });
    assert_eq!(found("PUT", KIND, &unknown), 1);
    let below = format!("{KIND}/providers/Microsoft.Authorization/roleAssignments/a");
    assert_eq!(found("PUT", &below, &unknown), 0);
    assert_eq!(found("PUT", &format!("{KIND}/children/c"), &unknown), 0);
    assert_eq!(found("PATCH", KIND, &unknown), 0, "a PATCH may omit members");
}

#[test]
fn read_only_members_must_not_be_written() {
    let strict = Strict::read(&azure().path().join("schemas")).unwrap();
    let found = strict.request("PUT", KIND, &json!({ "id": KIND, "size": 1 }));
    assert!(found.len() == 1 && found[0].contains("/id"), "{found:?}");
    assert!(strict.request("PUT", KIND, &json!({ "size": 1 })).is_empty());
}

#[test]
fn an_outline_replaces_a_missing_description() {
    let path = "/subscriptions/1/providers/Microsoft.X/others";
    let (operation, found) = check(&get(path, 200, &json!({})));
    assert_eq!((operation.as_str(), found.len()), ("x.others (outline)", 0));
    assert_eq!(
        check(&get(path, 202, &json!({}))).1,
        ["status 202 is not described"]
    );
}

#[test]
fn an_undescribed_operation_needs_an_exception() {
    let unknown = "/subscriptions/1/providers/Microsoft.X/unknown";
    let (operation, found) = check(&get(unknown, 200, &json!({})));
    assert_eq!(operation, "GET /subscriptions/*/providers/Microsoft.X/unknown");
    assert_eq!(found, ["not described and not covered by an exception"]);

    let locks = "/subscriptions/1/providers/Microsoft.X/locks";
    let (operation, found) = check(&get(locks, 200, &json!({})));
    assert_eq!(operation, "GET /subscriptions/{s}/providers/Microsoft.X/locks");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("excepted: "), "{found:?}");
    let refused = check(&get(locks, 500, &json!({}))).1;
    assert_eq!(refused.last().unwrap(), "500 without an error");
}

#[test]
fn an_exception_covers_only_its_own_finding() {
    let list = KIND.strip_suffix("/k").unwrap();
    let found = check(&get(list, 200, &json!({ "value": [] }))).1;
    assert!(
        found.len() == 1 && found[0].starts_with("excepted: "),
        "{found:?}"
    );
    let found = check(&get(list, 200, &json!({}))).1;
    assert_eq!(found[0], "response : \"value\" is a required property");
}

#[test]
fn recordings_are_counted_by_operation_and_an_empty_folder_fails() {
    let (azure, wire) = (azure(), tempfile::tempdir().unwrap());
    let checker = checker(azure.path());
    let error = recordings::check(wire.path(), &checker).unwrap_err();
    assert!(error.contains("no recorded exchanges"), "{error}");

    let mut wrong = put();
    wrong["status"] = json!(202);
    let lines = [put(), wrong, get(KIND, 200, &json!({ "size": 1 }))].map(|line| line.to_string() + "\n");
    std::fs::write(wire.path().join("a.jsonl"), lines.concat()).unwrap();
    std::fs::write(wire.path().join("complete"), "").unwrap();
    let report = recordings::check(wire.path(), &checker).unwrap();
    let expected = Verdicts {
        valid: 2,
        excepted: 0,
        wrong: 1,
    };
    assert_eq!(report.total(), expected);
    assert!(report.summary("all").contains("(first: a.jsonl:2)"));
    assert_eq!(report.unused(&EXCEPTIONS).len(), 2);

    std::fs::write(wire.path().join("b.jsonl"), "{\"method\":").unwrap();
    assert!(
        recordings::check(wire.path(), &checker)
            .unwrap_err()
            .contains("b.jsonl:1")
    );
}

#[test]
fn a_folder_without_descriptions_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Operations::read(folder.path()).unwrap_err().contains("specs"));
    std::fs::create_dir_all(folder.path().join("specs")).unwrap();
    std::fs::create_dir_all(folder.path().join("schemas")).unwrap();
    assert!(
        Operations::read(folder.path())
            .unwrap_err()
            .contains("nothing is described")
    );
    assert!(
        Strict::read(&folder.path().join("schemas"))
            .unwrap_err()
            .contains("no schemas")
    );
}

#[test]
fn outlines_are_empty_only_without_a_file() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(outlines::read(&package.join("no-such-file.json")).is_ok_and(|all| all.is_empty()));
    assert!(outlines::read(&package.join("Cargo.toml/operations.json")).is_err());
}
