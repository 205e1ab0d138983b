//! Calls to online endpoints: the split, one deployment by name, keys, tokens, errors and delays of scripts.

use crate::container::code;
use crate::endpoint::{Site, scored};
use crate::near::ML;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[tokio::test]
async fn calls_are_split_as_the_traffic_says() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    for (name, model) in [("blue", "azureml:linear:1"), ("green", "azureml:echo:1")] {
        site.deploy("fraud", name, json!({ "model": model })).await;
    }
    site.write("fraud", json!({ "BLUE": 80, "green": 20 })).await;
    let key = site.key("fraud").await;
    let blue = site.ask("fraud", &key, Some("Blue")).await;
    assert_eq!(
        (blue.by.as_str(), blue.body),
        ("blue", json!({ "predictions": [5.5] }))
    );
    let shown = site
        .az
        .get(&format!("{}?{ML}", site.endpoint("fraud")))
        .await
        .body;
    let uri = shown["properties"]["scoringUri"].as_str().unwrap().to_owned();
    let mut counted: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..500 {
        let answer = scored(site.call(&uri, &key, None)).await;
        *counted.entry(answer.by).or_default() += 1;
    }
    // 100 of 500 are expected; 5 standard deviations are 45.
    assert!((55..145).contains(&counted["green"]), "{counted:?}");
    assert_eq!(site.ask("fraud", &key, Some("none")).await.status, 404);
    site.write("fraud", json!({})).await;
    assert_eq!(
        site.ask("fraud", &key, None).await.status,
        404,
        "nobody gets traffic"
    );
}

#[tokio::test]
async fn keys_and_tokens_are_verified() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    site.deploy("fraud", "blue", json!({ "model": "azureml:echo:1" }))
        .await;
    site.write("fraud", json!({ "blue": 100 })).await;
    let key = site.key("fraud").await;
    assert_eq!(site.ask("fraud", "wrong", None).await.status, 401);
    assert_eq!(site.ask("fraud", &key, None).await.status, 200);
    let regenerate = format!("{}/regenerateKeys?{ML}", site.endpoint("fraud"));
    site.az
        .post(&regenerate, json!({ "keyType": "Primary" }))
        .await
        .expect(200);
    assert_eq!(site.ask("fraud", &key, None).await.status, 401);
    let present = site.key("fraud").await;
    assert_eq!(site.ask("fraud", &present, None).await.status, 200);
    // As azure-ai-ml asks.
    let body = json!({ "keyType": "Primary", "keyValue": present });
    site.az.post(&regenerate, body).await.expect(200);
    assert_ne!(site.key("fraud").await, present);
    let token = format!("{}/token?{ML}", site.endpoint("fraud"));
    site.az.post(&token, Value::Null).await.expect(400);
    let mut body = site.body(json!({ "blue": 100 }));
    body["properties"]["authMode"] = json!("AMLToken");
    let seen = site
        .az
        .put(&format!("{}?{ML}", site.endpoint("fraud")), body)
        .await
        .expect(201);
    site.az.finish(&seen).await;
    let token = site.az.post(&token, Value::Null).await.expect(200).body;
    let (expiry, refresh) = (
        token["expiryTimeUtc"].as_i64().unwrap(),
        token["refreshAfterTimeUtc"].as_i64().unwrap(),
    );
    assert_eq!(expiry - refresh, 12 * 3600);
    assert_eq!(
        site.ask("fraud", token["accessToken"].as_str().unwrap(), None)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_script_decides_about_errors_and_delays() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    let script = |run: &str| format!("def init():\n  pass\ndef run(x):\n{run}  return x\n");
    let deploy = async |name: &str, text: String, settings: Value| {
        let id = code(&site.az, &[("score.py", &text)]).await;
        let properties = json!({ "model": "azureml:echo:1", "requestSettings": settings,
            "codeConfiguration": { "codeId": id, "scoringScript": "score.py" } });
        let ended = site.deploy("fraud", name, properties).await;
        assert_eq!(ended["status"], "Succeeded", "{ended}");
    };
    deploy("raises", script("  raise ValueError()\n"), json!({})).await;
    deploy(
        "hangs",
        script("  time.sleep(2)\n"),
        json!({ "requestTimeout": "PT0.2S" }),
    )
    .await;
    deploy(
        "some",
        script("  if random.random() < 0.5:\n    raise ValueError()\n"),
        json!({}),
    )
    .await;
    let counting = "  global calls\n  calls += 1\n  if calls > 3:\n    raise ValueError()\n";
    deploy("lasts", script(counting), json!({})).await;
    let key = site.key("fraud").await;
    for round in 0..2 {
        for status in [200, 200, 200, 502, 502] {
            assert_eq!(site.ask("fraud", &key, Some("lasts")).await.status, status);
        }
        // New containers count from the beginning.
        let again = format!("{}# {round}\n", script(counting));
        deploy("lasts", again, json!({})).await;
    }
    let raised = site.ask("fraud", &key, Some("raises")).await;
    assert_eq!((raised.status, raised.by.as_str()), (502, "raises"));
    assert_eq!(site.ask("fraud", &key, Some("hangs")).await.status, 504);
    let mut failed = 0;
    for _ in 0..60 {
        failed += u32::from(site.ask("fraud", &key, Some("some")).await.status == 502);
    }
    assert!((10..50).contains(&failed), "{failed} of 60");
}

#[tokio::test]
async fn a_payload_may_be_large_but_not_endless() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    site.deploy("fraud", "blue", json!({ "model": "azureml:echo:1" }))
        .await;
    let key = site.key("fraud").await;
    let shown = site
        .az
        .get(&format!("{}?{ML}", site.endpoint("fraud")))
        .await
        .body;
    let uri = shown["properties"]["scoringUri"].as_str().unwrap();
    let request = |bytes: usize| {
        let text = format!("\"{}\"", "a".repeat(bytes));
        site.call(uri, &key, Some("blue")).body(text)
    };
    assert_eq!(scored(request(9 << 20)).await.status, 200);
    let refused = request(101 << 20).send().await;
    assert!(refused.is_err() || refused.is_ok_and(|seen| seen.status() == 413));
    let odd = site.call(uri, &key, Some("blue")).body("no JSON");
    assert_eq!(scored(odd).await.status, 400);
}
