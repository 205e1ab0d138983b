use super::*;

fn send(objects: &mut ClusterObjects, method: Method, path: &str, body: Value) -> Reply {
    let body = if body.is_null() {
        Vec::new()
    } else {
        body.to_string().into_bytes()
    };
    answer(
        objects,
        &Resource::new("/k", "k", json!({})),
        Request {
            method: &method,
            path,
            query: &[],
            metadata_only: false,
            body: &body,
        },
    )
}

#[test]
fn objects_can_be_created_changed_and_deleted() {
    let mut objects = ClusterObjects::default();
    let secret = json!({ "metadata": { "name": "tls" }, "data": { "cert.pem": "YQ==" } });
    let (code, body) = send(
        &mut objects,
        Method::POST,
        "/api/v1/namespaces/azureml/secrets",
        secret.clone(),
    );
    assert_eq!(
        (code.as_u16(), body["message"].as_str()),
        (404, Some("namespaces \"azureml\" not found"))
    );
    let namespace = json!({ "metadata": { "name": "azureml" } });
    assert_eq!(
        send(
            &mut objects,
            Method::POST,
            "/api/v1/namespaces",
            namespace.clone()
        )
        .0
        .as_u16(),
        201
    );
    assert_eq!(
        send(&mut objects, Method::POST, "/api/v1/namespaces", namespace).1["reason"],
        "AlreadyExists"
    );
    assert_eq!(
        send(
            &mut objects,
            Method::POST,
            "/api/v1/namespaces/azureml/secrets",
            secret
        )
        .0
        .as_u16(),
        201
    );
    let at = "/api/v1/namespaces/azureml/secrets/tls";
    let (_, patched) = send(
        &mut objects,
        Method::PATCH,
        at,
        json!({ "data": { "cert.pem": null, "key.pem": "Yg==" } }),
    );
    assert_eq!(patched["data"], json!({ "key.pem": "Yg==" }));
    let stale = json!({ "metadata": { "resourceVersion": "1" } });
    assert_eq!(send(&mut objects, Method::PUT, at, stale).0.as_u16(), 409);
    let (_, list) = send(&mut objects, Method::GET, "/api/v1/secrets", Value::Null);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        send(&mut objects, Method::DELETE, at, Value::Null).0.as_u16(),
        200
    );
    assert_eq!(send(&mut objects, Method::GET, at, Value::Null).0.as_u16(), 404);
}

#[test]
fn bad_names_and_unknown_paths_are_refused() {
    let mut objects = ClusterObjects::default();
    let (code, body) = send(
        &mut objects,
        Method::POST,
        "/api/v1/namespaces",
        json!({ "metadata": { "name": "Not_ok" } }),
    );
    assert_eq!((code.as_u16(), body["reason"].as_str()), (422, Some("Invalid")));
    for path in [
        "/apis/batch/v1/jobs",
        "/api/v2/namespaces",
        "/",
        "/api/v1/namespaces/default/namespaces",
    ] {
        let code = send(&mut objects, Method::GET, path, Value::Null).0.as_u16();
        assert_eq!(code, 404, "{path}");
    }
}

#[test]
fn a_list_is_paged_on_request() {
    let mut objects = ClusterObjects::default();
    for name in ["a", "b", "c"] {
        objects.put(kinds::CONFIG_MAP, "default", name, json!({}));
    }
    let mut page = |query: &[(&str, &str)]| {
        let query: Vec<(String, String)> = query
            .iter()
            .map(|(name, value)| ((*name).to_string(), (*value).to_string()))
            .collect();
        let request = Request {
            method: &Method::GET,
            path: "/api/v1/namespaces/default/configmaps",
            query: &query,
            metadata_only: false,
            body: &[],
        };
        let (_, body) = answer(&mut objects, &Resource::new("/k", "k", json!({})), request);
        let next = body["metadata"]["continue"].as_str().map(str::to_string);
        (body["items"].as_array().map_or(0, Vec::len), next)
    };
    assert_eq!(page(&[]), (3, None));
    assert_eq!(page(&[("limit", "500")]), (3, None));
    let (count, next) = page(&[("limit", "2")]);
    let next = next.expect("there is more");
    assert_eq!(count, 2);
    assert_eq!(page(&[("limit", "2"), ("continue", &next)]), (1, None));
}
