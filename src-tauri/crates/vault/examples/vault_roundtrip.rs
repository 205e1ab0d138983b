//! Stores, reads and removes a secret of 8 kB in the real keychain. The desktop tests run it in a session that has
//! one.

use berth_vault::{Storage, Vault};
use secrecy::{ExposeSecret as _, SecretString};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vault = Vault::open("Berth keychain check");
    if let Storage::Memory { why } = vault.storage().await {
        return Err(format!("no keychain: {why}").into());
    }
    let secret = SecretString::from("0123456789abcdef".repeat(512));
    vault.put("check", &secret).await?;
    let read = Vault::open("Berth keychain check")
        .get("check")
        .await?
        .ok_or("it is not there")?;
    if read.expose_secret() != secret.expose_secret() {
        return Err("it came back changed".into());
    }
    vault.delete("check").await?;
    if vault.get("check").await?.is_some() {
        return Err("it is still there".into());
    }
    Ok(())
}
