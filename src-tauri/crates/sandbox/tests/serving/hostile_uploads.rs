//! What Blob Storage refuses, and how.

use crate::common::{Az, fast};
use crate::container::{Container, told, workspace};
use crate::near::ML;
use berth_sandbox::Options;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_sas_holds_for_its_container_time_and_permissions_only() {
    let az = Az::start().await;
    let container = Container::for_code(&az).await;
    container.upload(&[("a", "b")]).await;
    let other = Container::for_code(&az).await;
    let foreign = container.with_sas(&other.sas);
    let longer = container.sas.replace("sp=rcwl", "sp=racwdl");
    let later = container.sas.replace("se=20", "se=21");
    for sas in [
        foreign.sas.as_str(),
        &longer,
        &later,
        "sv=2023-11-03&sr=c&sp=r&se=2099-01-01T00:00:00Z&sig=AAAA",
        "sig=",
        "sig=%00",
    ] {
        let seen = container.with_sas(sas).get("/a").await.expect(403);
        assert_eq!(seen.code(), "AuthorizationFailure", "{sas}");
        assert!(
            seen.text().contains("<Code>AuthorizationFailure</Code>"),
            "{}",
            seen.text()
        );
    }
    let none = told(az.http.get(format!("{}/a", container.address)))
        .await
        .expect(401);
    assert_eq!(none.code(), "NoAuthenticationInformation");
    let token = told(
        az.http
            .get(format!("{}/a", container.address))
            .bearer_auth(&az.token),
    );
    token.await.expect(401);
    let delete = told(container.ask(Method::DELETE, "/a", "")).await.expect(403);
    assert_eq!(delete.code(), "AuthorizationPermissionMismatch");
    let create = told(container.ask(Method::PUT, "", "restype=container&"))
        .await
        .expect(403);
    assert_eq!(create.code(), "AuthorizationFailure");
}

#[tokio::test]
async fn keys_that_are_off_refuse_sas_and_secrets_and_a_data_role_lets_in() {
    let az = Az::start().await;
    let container = Container::for_code(&az).await;
    container.upload(&[("a", "b")]).await;
    let account =
        az.get(&format!("{}?{ML}", workspace(&az))).await.expect(200).body["properties"]["storageAccount"]
            .as_str()
            .unwrap()
            .to_owned();
    let version = "api-version=2023-01-01";
    let off = json!({ "properties": { "allowSharedKeyAccess": false } });
    az.patch(&format!("{account}?{version}"), off).await.expect(200);
    let refused = container.get("/a").await.expect(403);
    assert_eq!(refused.code(), "KeyBasedAuthenticationNotPermitted");
    let store = format!("{}/datastores/workspaceblobstore", workspace(&az));
    let wish = json!({ "expirableSecret": true });
    let secrets = az
        .post(&format!("{store}/listSecrets?{ML}"), wish)
        .await
        .expect(403);
    assert_eq!(secrets.code(), "KeyBasedAuthenticationNotPermitted");
    let kind = &az.get(&format!("{store}?{ML}")).await.body["properties"]["credentials"]["credentialsType"];
    assert_eq!(kind, "None");

    let token = az
        .ask_token("https://storage.azure.com/.default")
        .await
        .expect(200)
        .body["access_token"]
        .clone();
    let get = || {
        let url = format!("{}/a", container.address);
        told(az.http.get(url).bearer_auth(token.as_str().unwrap()))
    };
    assert_eq!(get().await.expect(403).code(), "AuthorizationPermissionMismatch");
    let role = format!(
        "{}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        az.prod()
    );
    let own = "3f8a6b1d-20c9-4e57-a4d2-96be1c07f5a8";
    let path = format!(
        "{account}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-1111-1111-111111111111?api-version=2022-04-01"
    );
    let body = json!({ "properties": { "roleDefinitionId": role, "principalId": own, "principalType": "ServicePrincipal" } });
    az.put(&path, body).await.expect(201);
    assert_eq!(get().await.expect(200).text(), "b");
}

#[tokio::test]
async fn malformed_uploads_are_refused_in_words() {
    let az = Az::start().await;
    let container = Container::for_code(&az).await;
    let put = |query: &str, body: &'static str| container.ask(Method::PUT, "/a", query).body(body);
    for (request, status, code) in [
        (put("", "x"), 400, "MissingRequiredHeader"),
        (
            put("", "x").header("x-ms-blob-type", "PageBlob"),
            400,
            "InvalidHeaderValue",
        ),
        (
            put("", "x").header("x-ms-version", "soon"),
            400,
            "InvalidHeaderValue",
        ),
        (
            container
                .put("/a", "x")
                .header("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
            400,
            "Md5Mismatch",
        ),
        (
            container.put("/a", "x").header("content-md5", "no"),
            400,
            "InvalidMd5",
        ),
        (
            container.put("/a", "x").header("x-ms-meta-a-b", "c"),
            400,
            "InvalidMetadata",
        ),
        (
            container.put("/a", "x").header("x-ms-meta-a", "c".repeat(9000)),
            400,
            "MetadataTooLarge",
        ),
        (container.put("/%FF", "x"), 400, "InvalidUri"),
        (put("comp=block&", "x"), 400, "InvalidBlockId"),
        (put("comp=block&blockid=%21%21&", "x"), 400, "InvalidBlockId"),
        (put("comp=blocklist&", "<BlockList>"), 400, "InvalidXmlDocument"),
        (
            put("comp=blocklist&", "<BlockList><Latest>QQ==</Latest></BlockList>"),
            400,
            "InvalidBlockList",
        ),
        (put("comp=lease&", ""), 400, "InvalidQueryParameterValue"),
        (container.ask(Method::POST, "/a", ""), 405, "UnsupportedHttpVerb"),
        (
            container.ask(Method::GET, "/a", "comp=blocklist&"),
            404,
            "BlobNotFound",
        ),
    ] {
        let seen = told(request).await.expect(status);
        assert_eq!(seen.code(), code, "{}", seen.text());
    }
    container.put_block("/b", 1, b"x").await.expect(201);
    let shorter = container
        .ask(Method::PUT, "/b", "comp=block&blockid=QQ%3D%3D&")
        .body("x");
    assert_eq!(told(shorter).await.expect(400).code(), "InvalidBlobOrBlock");
    container.upload(&[("a", "abc")]).await;
    let beyond = container.ask(Method::GET, "/a", "").header("range", "bytes=3-");
    assert_eq!(told(beyond).await.expect(416).code(), "InvalidRange");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_and_the_sandbox_lives() {
    let az = Az::start().await;
    let container = Container::for_code(&az).await;
    let large = vec![0_u8; 9 << 20];
    // Who shows no permission may not send much.
    let anonymous = az
        .http
        .put(format!("{}/a", container.address))
        .header("x-ms-blob-type", "BlockBlob");
    let sent = anonymous.body(large.clone()).send().await;
    assert!(sent.is_err() || sent.is_ok_and(|seen| seen.status() == 413));
    told(container.put("/a", large)).await.expect(201);
}

#[tokio::test]
async fn signatures_and_contents_are_not_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wire.jsonl");
    let az = Az::with(Options {
        record: Some(file.clone()),
        ..fast()
    })
    .await;
    let mut requests = az.sandbox.requests();
    let container = Container::for_code(&az).await;
    container.upload(&[("a", "MARKER")]).await;
    assert_eq!(container.get("/a").await.expect(200).text(), "MARKER");
    let store = format!(
        "{}/datastores/workspaceblobstore/listSecrets?{ML}",
        workspace(&az)
    );
    let key = az.post(&store, json!({})).await.expect(200).body["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let sas = az
        .post(&store, json!({ "expirableSecret": true }))
        .await
        .expect(200)
        .body["sasToken"]
        .clone();
    let signature = |sas: &str| sas.rsplit_once("sig=").unwrap().1.to_owned();
    let text = std::fs::read_to_string(&file).unwrap();
    for secret in [
        "MARKER",
        &key,
        &signature(&container.sas),
        &signature(sas.as_str().unwrap()),
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    while let Ok(request) = requests.try_recv() {
        assert!(
            !request.path.contains(&signature(&container.sas)),
            "{}",
            request.path
        );
    }
}
