//! Uploads a folder to a container, whose address with its signature is read from `UPLOAD_TO`. Writes what happened as one
//! line of JSON. The certificate of the server is trusted from a file.
//!
//!     UPLOAD_TO=https://127.0.0.1:10000/devstoreaccount1/c?sv=… cargo run --example upload -- FOLDER CA.pem
#![expect(clippy::print_stdout, reason = "the result is the point")]

use berth_arm::cloud::Cloud;
use berth_upload::{Container, Kind, Listing, Mark, Outcome, upload};
use secrecy::{ExposeSecret as _, SecretString};
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(ca)) = (arguments.next(), arguments.next()) else {
        return Err("usage: upload FOLDER CA.pem".into());
    };
    let to = SecretString::from(std::env::var("UPLOAD_TO")?);
    let begun = Instant::now();
    let content = Listing::of(&folder, Kind::Code).await?.hashed(&|_| {}).await?;
    let hashed = begun.elapsed();
    let container = Container::signed(&cloud(&to, std::fs::read(ca)?)?, &to)?;
    let mark = Mark {
        name: "code".to_owned(),
        version: "1".to_owned(),
    };
    let begun = Instant::now();
    let outcome = upload(&content, &container, &mark, &|_| {}).await?;
    let result = serde_json::json!({
        "hash": content.hash(),
        "location": content.location(),
        "alreadyThere": outcome == Outcome::AlreadyThere,
        "bytes": content.listing().bytes(),
        "secondsToHash": hashed.as_secs_f64(),
        "secondsToUpload": begun.elapsed().as_secs_f64(),
    });
    println!("{result}");
    Ok(())
}

/// A cloud that is this one server.
fn cloud(to: &SecretString, ca_pem: Vec<u8>) -> Result<Cloud, Box<dyn Error>> {
    let url: url::Url = to.expose_secret().parse()?;
    let base = url.join("/")?;
    Ok(Cloud::custom("local", base.as_str(), base.as_str(), ca_pem)?)
}
