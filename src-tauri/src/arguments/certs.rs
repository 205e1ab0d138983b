//! What can be written after `berth certs`.

use berth_app::LETS_ENCRYPT;
use berth_domain::spec::{KeyKind, RecipeIssuer};
use clap::builder::NonEmptyStringValueParser;
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// What to do with certificates.
#[derive(Debug, Subcommand)]
pub(crate) enum CertAction {
    /// Check a certificate and its key. Exit code 1 when something blocks.
    Check {
        /// Files with certificate, chain and key, in any order: PEM, DER, PKCS#12 (.pfx).
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Name callers use.
        #[arg(long, value_name = "NAME")]
        cname: String,
        /// Environment variable with the passphrase of an encrypted key or PKCS#12 file.
        #[arg(long, value_name = "VAR")]
        passphrase_env: Option<String>,
    },
    /// Make a certificate and its key, into the keychain and into files. Without a keychain, a self-signed one goes into files alone.
    Make {
        /// Name callers use.
        #[arg(long, value_name = "NAME")]
        cname: String,
        /// Who signs it.
        #[arg(long, value_enum, default_value_t = CertIssuer::SelfSigned)]
        issuer: CertIssuer,
        /// Kind of key.
        #[arg(long, value_enum, default_value_t = CertKey::EcdsaP256)]
        key: CertKey,
        /// Days it is valid.
        #[arg(long, value_name = "N", default_value_t = 397)]
        days: u32,
        /// Folder for the files; the key's is readable by you alone. Nothing there is replaced.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Make a request for an authority. Its key stays in the keychain and waits.
    Request {
        /// Name callers use; may be given more than once.
        #[arg(long, value_name = "NAME", required = true)]
        cname: Vec<String>,
        /// Kind of key.
        #[arg(long, value_enum, default_value_t = CertKey::EcdsaP256)]
        key: CertKey,
        /// File for the request (PKCS#10, PEM).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Join what the authority answered with the key that waits for it.
    Answer {
        /// Files with the certificate and its chain, in any order: PEM, DER, PKCS#7 (.p7b).
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Folder to write certificate and key to as well.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Take a certificate and its key into the keychain.
    Take {
        /// Files with certificate, chain and key, in any order: PEM, DER, PKCS#12 (.pfx).
        #[arg(value_name = "FILE", required_unless_present = "key_vault")]
        files: Vec<PathBuf>,
        /// Identifier of a secret or certificate in an Azure Key Vault, in place of files.
        #[arg(long, value_name = "URL", conflicts_with = "files")]
        key_vault: Option<String>,
        /// Name callers use.
        #[arg(long, value_name = "NAME")]
        cname: String,
        /// Environment variable with the passphrase of an encrypted key or PKCS#12 file.
        #[arg(long, value_name = "VAR")]
        passphrase_env: Option<String>,
    },
    /// Every certificate of a subscription and in the keychain. Exit code 1 when one is due or differs.
    List {
        /// Subscription id; the account's first when left out.
        #[arg(long)]
        subscription: Option<String>,
        /// What was seen last, without asking anybody.
        #[arg(long)]
        last: bool,
    },
    /// Renew certificates that Berth can make: self-signed, or of the authority on this computer. Waits for each run.
    Renew {
        /// Resource ids of computes.
        #[arg(value_name = "COMPUTE_ID", required_unless_present = "due")]
        ids: Vec<String>,
        /// Every one of the subscription that is due.
        #[arg(long, conflicts_with = "ids")]
        due: bool,
        /// Subscription id for --due; the account's first when left out.
        #[arg(long)]
        subscription: Option<String>,
    },
    /// Order a certificate from an authority that speaks ACME, proven by DNS. Prints the records to make, and waits for them.
    Order {
        /// Name callers use; may be given more than once.
        #[arg(long, value_name = "NAME", required = true)]
        cname: Vec<String>,
        /// Address of the authority's directory.
        #[arg(long, value_name = "URL", default_value = LETS_ENCRYPT)]
        directory: String,
        /// File with certificates (PEM) that the connection to the authority trusts too.
        #[arg(long, value_name = "FILE")]
        roots: Option<PathBuf>,
        /// Address for mail of the authority's.
        #[arg(long, value_name = "ADDRESS")]
        mail: Option<String>,
        /// Agree to the authority's terms; their address is printed, and nothing is ordered without this.
        #[arg(long)]
        agree: bool,
        /// Kind of key.
        #[arg(long, value_enum, default_value_t = CertKey::EcdsaP256)]
        key: CertKey,
        /// Print the records and end; `certs finish` goes on.
        #[arg(long)]
        no_wait: bool,
    },
    /// Orders and requests that wait, and accounts with ACME authorities.
    Waiting,
    /// Go on with an order whose records are there.
    Finish {
        /// Id of the order.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Give an order or a request up, take a certificate out of the keychain, or remove the account with an ACME authority.
    Forget {
        /// Its id; the address of the directory for an account.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Write a certificate of the keychain and its key into files.
    Save {
        /// Its id.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
        /// Folder for the files; the key's is readable by you alone. Nothing there is replaced.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Put a DNS record into the words of common providers, and look whether it is there. Exit code 1 when it is not.
    Dns {
        /// Full name of the record.
        name: String,
        /// Its value: an address, another name, or a text.
        value: String,
        /// The zone it is in.
        #[arg(long, value_name = "ZONE")]
        zone: Option<String>,
        /// Treat the value as text (TXT).
        #[arg(long)]
        txt: bool,
        /// Wait until it is there.
        #[arg(long)]
        wait: bool,
    },
    /// Write reminders of a subscription's certificates as a calendar file.
    Calendar {
        /// Subscription id; the account's first when left out.
        #[arg(long)]
        subscription: Option<String>,
        /// File (.ics).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Write the root of the authority on this computer, and say how to trust it.
    Root {
        /// File for the root (PEM).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// Who signs a certificate that Berth makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CertIssuer {
    /// It signs itself.
    #[value(name = "self")]
    SelfSigned,
    /// The small authority on this computer.
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
