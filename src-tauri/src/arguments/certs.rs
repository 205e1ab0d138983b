//! The arguments of `berth certs`.

use berth_app::LETS_ENCRYPT;
use berth_domain::spec::{KeyKind, RecipeIssuer};
use clap::builder::NonEmptyStringValueParser;
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// Subcommands of `berth certs`.
#[derive(Debug, Subcommand)]
pub(crate) enum CertAction {
    /// Check a certificate and its key. Exit code 1 if a finding blocks its use.
    Check {
        /// Files with certificate, chain and key in any order: PEM, DER or PKCS#12 (.pfx).
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Host name that clients use.
        #[arg(long, value_name = "NAME")]
        cname: String,
        /// Environment variable with the passphrase of an encrypted key or PKCS#12 file.
        #[arg(long, value_name = "VAR")]
        passphrase_env: Option<String>,
    },
    /// Create a certificate and its key in the keychain and in files. Without a keychain, a self-signed one is written to files
    /// only.
    Make {
        /// Host name that clients use.
        #[arg(long, value_name = "NAME")]
        cname: String,
        /// Issuer of the certificate.
        #[arg(long, value_enum, default_value_t = CertIssuer::SelfSigned)]
        issuer: CertIssuer,
        /// Kind of key.
        #[arg(long, value_enum, default_value_t = CertKey::Rsa2048)]
        key: CertKey,
        /// Validity in days.
        #[arg(long, value_name = "N", default_value_t = 397)]
        days: u32,
        /// Folder for the files. Only you can read the key file. Existing files are not replaced.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Create a certificate signing request. Its key stays in the keychain.
    Request {
        /// Host name that clients use. May be repeated.
        #[arg(long, value_name = "NAME", required = true)]
        cname: Vec<String>,
        /// Kind of key.
        #[arg(long, value_enum, default_value_t = CertKey::Rsa2048)]
        key: CertKey,
        /// File for the request (PKCS#10, PEM).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Import the certificate issued for a request and pair it with the request's key.
    Answer {
        /// Files with certificate and chain in any order: PEM, DER or PKCS#7 (.p7b).
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Also write certificate and key to this folder.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Import a certificate and its key into the keychain.
    Take {
        /// Files with certificate, chain and key in any order: PEM, DER or PKCS#12 (.pfx).
        #[arg(value_name = "FILE", required_unless_present = "key_vault")]
        files: Vec<PathBuf>,
        /// Identifier of a secret or certificate in an Azure Key Vault, instead of files.
        #[arg(long, value_name = "URL", conflicts_with = "files")]
        key_vault: Option<String>,
        /// Host name that clients use.
        #[arg(long, value_name = "NAME")]
        cname: String,
        /// Environment variable with the passphrase of an encrypted key or PKCS#12 file.
        #[arg(long, value_name = "VAR")]
        passphrase_env: Option<String>,
    },
    /// List every certificate of a subscription and in the keychain. Exit code 1 if one is due for renewal, differs between
    /// places or could not be read.
    List {
        /// Subscription id. Defaults to the account's first subscription.
        #[arg(long)]
        subscription: Option<String>,
        /// Show the last saved list without using the network.
        #[arg(long)]
        last: bool,
    },
    /// Renew certificates that Berth can issue itself: self-signed, or from this computer's local authority. Waits for each run.
    Renew {
        /// Resource ids of the computes whose certificates to renew.
        #[arg(value_name = "COMPUTE_ID", required_unless_present = "due")]
        ids: Vec<String>,
        /// Renew every certificate of the subscription that is due.
        #[arg(long, conflicts_with = "ids")]
        due: bool,
        /// Subscription id for --due. Defaults to the account's first subscription.
        #[arg(long)]
        subscription: Option<String>,
    },
    /// Order a certificate from an ACME authority with DNS validation. Prints the DNS records to create, and waits for them.
    Order {
        /// Host name that clients use. May be repeated.
        #[arg(long, value_name = "NAME", required = true)]
        cname: Vec<String>,
        /// URL of the authority's directory.
        #[arg(long, value_name = "URL", default_value = LETS_ENCRYPT)]
        directory: String,
        /// PEM file with additional CA certificates to trust for the connection to the authority.
        #[arg(long, value_name = "FILE")]
        roots: Option<PathBuf>,
        /// Contact email address for the authority.
        #[arg(long, value_name = "ADDRESS")]
        mail: Option<String>,
        /// Agree to the authority's terms of service. Without it, prints the address of the terms and orders nothing.
        #[arg(long)]
        agree: bool,
        /// Kind of key.
        #[arg(long, value_enum, default_value_t = CertKey::Rsa2048)]
        key: CertKey,
        /// Print the records and exit; continue later with `berth certs finish`.
        #[arg(long)]
        no_wait: bool,
    },
    /// List open orders and requests, and accounts with ACME authorities.
    Waiting,
    /// Complete an order whose DNS records exist.
    Finish {
        /// Id of the order.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Delete an order, a request or a certificate from the keychain, or the account with an ACME authority.
    Forget {
        /// Id of the order, request or certificate; for an account, the URL of the directory.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Write a certificate and its key from the keychain to files.
    Save {
        /// Id of the certificate.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
        /// Folder for the files. Only you can read the key file. Existing files are not replaced.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Print a DNS record as common providers expect it, and check whether it exists. Exit code 1 if it does not.
    Dns {
        /// Full name of the record.
        name: String,
        /// Value of the record: an IP address, a host name or text.
        value: String,
        /// DNS zone of the record.
        #[arg(long, value_name = "ZONE")]
        zone: Option<String>,
        /// Make it a TXT record.
        #[arg(long)]
        txt: bool,
        /// Wait until the record exists.
        #[arg(long)]
        wait: bool,
    },
    /// Write renewal reminders for a subscription's certificates to a calendar file.
    Calendar {
        /// Subscription id. Defaults to the account's first subscription.
        #[arg(long)]
        subscription: Option<String>,
        /// Calendar file (.ics).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Write the root certificate of this computer's local authority to a file, and print how to trust it.
    Root {
        /// File for the root certificate (PEM).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// Issuers of certificates that Berth creates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CertIssuer {
    /// Self-signed.
    #[value(name = "self")]
    SelfSigned,
    /// The local authority on this computer.
    LocalCa,
}

/// Kinds of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CertKey {
    /// ECDSA on P-256.
    #[value(name = "ecdsa-p256")]
    EcdsaP256,
    /// ECDSA on P-384.
    #[value(name = "ecdsa-p384")]
    EcdsaP384,
    /// RSA, 2048 bits.
    #[value(name = "rsa-2048")]
    Rsa2048,
    /// RSA, 3072 bits.
    #[value(name = "rsa-3072")]
    Rsa3072,
    /// RSA, 4096 bits.
    #[value(name = "rsa-4096")]
    Rsa4096,
}

impl From<CertIssuer> for RecipeIssuer {
    fn from(issuer: CertIssuer) -> Self {
        match issuer {
            CertIssuer::SelfSigned => Self::SelfSigned,
            CertIssuer::LocalCa => Self::LocalCa,
        }
    }
}

impl From<CertKey> for KeyKind {
    fn from(key: CertKey) -> Self {
        match key {
            CertKey::EcdsaP256 => Self::EcdsaP256,
            CertKey::EcdsaP384 => Self::EcdsaP384,
            CertKey::Rsa2048 => Self::Rsa2048,
            CertKey::Rsa3072 => Self::Rsa3072,
            CertKey::Rsa4096 => Self::Rsa4096,
        }
    }
}
