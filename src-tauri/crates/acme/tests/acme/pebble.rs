//! Runs Pebble and its DNS server, on ports of their own.

use berth_acme::Directory;
use berth_certs::generate;
use berth_domain::spec::KeyKind;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde_json::json;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub(crate) struct Pebble {
    /// Killed on drop.
    servers: Vec<Child>,
    _folder: tempfile::TempDir,
    root: Vec<u8>,
    port: u16,
    names_port: u16,
    #[allow(dead_code, reason = "not every user of this file asks it")]
    pub(crate) nameserver: std::net::SocketAddr,
}

impl Drop for Pebble {
    fn drop(&mut self) {
        for server in &mut self.servers {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

impl Pebble {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let root = generate::authority("Pebble's own", KeyKind::EcdsaP256, 30, now).unwrap();
        let served = ["127.0.0.1", "localhost"];
        let pair = generate::issued_by(&root, &served, KeyKind::EcdsaP256, 30, now).unwrap();
        let place = |name: &str| folder.path().join(name);
        std::fs::write(place("cert.pem"), pair.chain_pem()).unwrap();
        std::fs::write(place("key.pem"), pair.key_pem().expose_secret()).unwrap();
        let [port, management, names, names_port] = free_ports();
        let config = json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{port}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": place("cert.pem"),
            "privateKey": place("key.pem"),
            "httpPort": 5002,
            "tlsPort": 5001,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
        }});
        std::fs::write(place("config.json"), config.to_string()).unwrap();
        let dns = spawn(Command::new("pebble-challtestsrv").args([
            "-dns01",
            &format!("127.0.0.1:{names}"),
            "-management",
            &format!("127.0.0.1:{names_port}"),
            "-defaultIPv4",
            "",
            "-defaultIPv6",
            "",
            "-http01",
            "",
            "-https01",
            "",
            "-tlsalpn01",
            "",
        ]));
        let server = spawn(
            Command::new("pebble")
                .arg("-config")
                .arg(place("config.json"))
                .args(["-strict", "-dnsserver", &format!("127.0.0.1:{names}")])
                .env("PEBBLE_VA_NOSLEEP", "1")
                // Percentage of valid nonces to refuse, so that clients have to retry: three times the default.
                .env("PEBBLE_WFE_NONCEREJECT", "15")
                .env("PEBBLE_AUTHZREUSE", "0"),
        );
        let pebble = Self {
            servers: vec![dns, server],
            _folder: folder,
            root: root.chain_pem().into_bytes(),
            port,
            names_port,
            nameserver: (Ipv4Addr::LOCALHOST, names).into(),
        };
        for port in [port, names_port] {
            pebble.wait_for(port).await;
        }
        pebble
    }

    /// Its directory, with its certificate trusted.
    pub(crate) fn directory(&self) -> Directory {
        Directory {
            url: format!("https://127.0.0.1:{}/dir", self.port).parse().unwrap(),
            extra_roots: Some(self.root.clone()),
        }
    }

    pub(crate) async fn set_record(&self, name: &str, value: &str) {
        self.manage("set-txt", &json!({ "host": format!("{name}."), "value": value }))
            .await;
    }

    #[allow(dead_code, reason = "not every user of this file makes one")]
    pub(crate) async fn set_address(&self, name: &str, address: &str) {
        self.manage(
            "add-a",
            &json!({ "host": format!("{name}."), "addresses": [address] }),
        )
        .await;
    }

    async fn manage(&self, what: &str, body: &serde_json::Value) {
        let answer = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .post(format!("http://127.0.0.1:{}/{what}", self.names_port))
            .json(body)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    async fn wait_for(&self, port: u16) {
        for _ in 0..200 {
            if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                .await
                .is_ok()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nothing listens on port {port}");
    }
}

fn spawn(command: &mut Command) -> Child {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("Debian package pebble (scripts/system-packages.sh): {error}"))
}

/// Ports that were free a moment ago, reserved together so that they differ.
fn free_ports<const N: usize>() -> [u16; N] {
    let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}
