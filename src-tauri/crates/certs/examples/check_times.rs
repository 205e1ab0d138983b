//! Measures reading and checking the test files: p50 and p95 in milliseconds, for each kind of input.
//!
//!     cargo run --release -p berth-certs --example check_times
#![expect(clippy::print_stdout, reason = "the figures are the point")]

use berth_certs::Material;
use jiff::Timestamp;
use secrecy::SecretString;
use std::path::Path;
use std::time::{Duration, Instant};

/// Files that are read together.
type Input = Vec<(String, Vec<u8>)>;

fn main() -> std::io::Result<()> {
    let pairs = inputs(&[
        &["fullchain.pem", "server.key"],
        &["reversed.pem", "server.pkcs1.key"],
        &["bag-attributes.pem"],
        &["server.der", "key.pkcs8.der"],
        &["server.p7b", "server.key"],
        &["ec.pem", "intermediate.pem", "root.pem", "ec.key"],
        &["p521.pem", "p521.key"],
        &["public.pem"],
    ])?;
    let locked = inputs(&[&["server.pfx"], &["fullchain.pem", "encrypted.key"]])?;
    let mut alone: Vec<Input> = Vec::new();
    for folder in ["corpus", "hostile"] {
        for entry in std::fs::read_dir(tests().join(folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            alone.push(vec![(name, std::fs::read(entry.path())?)]);
        }
    }
    let test = SecretString::from("test");
    report("pairs", &pairs, 200, None);
    report(
        "pairs with a passphrase of 2,048 rounds",
        &locked,
        200,
        Some(&test),
    );
    report("each test file by itself, no passphrase", &alone, 10, None);
    Ok(())
}

fn tests() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn inputs(names: &[&[&str]]) -> std::io::Result<Vec<Input>> {
    let read = |name: &&str| {
        std::fs::read(tests().join("corpus").join(name)).map(|bytes| ((*name).to_owned(), bytes))
    };
    names
        .iter()
        .map(|names| names.iter().map(read).collect())
        .collect()
}

fn report(what: &str, inputs: &[Input], rounds: usize, passphrase: Option<&SecretString>) {
    let now = Timestamp::now();
    let mut times: Vec<(Duration, &str)> = Vec::new();
    for files in inputs {
        for _ in 0..rounds {
            let start = Instant::now();
            if let Ok(material) = Material::from_files_with(files, passphrase) {
                std::hint::black_box(material.inspect(Some("ml.contoso.com"), now));
            }
            times.push((start.elapsed(), files.first().map_or("", |(name, _)| name)));
        }
    }
    times.sort();
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).copied().unwrap_or_default()
    };
    let ms = |percent| at(percent).0.as_secs_f64() * 1000.0;
    println!(
        "{what}: {} inputs, {} checks, p50 {:.2} ms, p95 {:.2} ms, most {:.2} ms ({})",
        inputs.len(),
        times.len(),
        ms(50),
        ms(95),
        ms(100),
        at(100).1
    );
}
