//! Two matrices. Killed before, during and after each request of each plan, a run goes on to the same end: nothing lost,
//! nothing doubled, nothing made that it does not know of. And under each fault at each request it comes to the same end,
//! or fails clearly and then goes on to it.
//!
//! Time stands still in the sandbox but for Berth's own waits, so that no case waits.
//!
//! A plan enters both by one line of [`plans!`]. By default every write and every fourth read is tried; all of them with
//! `BERTH_MATRIX=full` (`make matrix`).

mod child;
mod end_state;
mod figures;
mod ground;
mod here;
mod kill;
mod order;
mod time;
mod trace;
mod trouble;

use crate::harness::{World, own_pair};
use berth_domain::spec::{PairRef, Route, Spec, Tls};
use order::Order;

/// Both matrices of each plan: a name, and how the world is prepared and what is then ordered.
macro_rules! plans {
    ($($name:ident: $prepare:expr;)*) => {
        mod killed {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    kill::matrix(stringify!($name), $prepare).await;
                }
            )*
        }

        mod troubled {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    trouble::matrix(stringify!($name), $prepare).await;
                }
            )*
        }
    };
}

plans! {
    production_extension: async |world: &World| Order::set_up(world.production_extension());
    devtest_classic: async |world: &World| Order::set_up(classic_with_files(world));
    existing_extension: async |world: &World| Order::set_up(world.attach_existing(Route::Extension));
    existing_classic: async |world: &World| Order::set_up(world.attach_existing(Route::Classic));
}

/// With a certificate in files: one in memory goes with the program that is killed.
fn classic_with_files(world: &World) -> Spec {
    let (certificate, key) = own_pair(world.folder.path(), "dev.contoso.com");
    Spec {
        tls: Some(Tls::Own {
            cname: "dev.contoso.com".to_owned(),
            pair: Some(PairRef::Files {
                certificate: certificate.display().to_string(),
                key: key.display().to_string(),
            }),
        }),
        ..world.devtest_classic()
    }
}
