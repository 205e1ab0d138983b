//! Sockets of the front ends, opened, moved and closed to match the world.

use super::{FrontEnd, serving, set_listening, tls_config};
use crate::kubernetes::api_available;
use crate::pki::PemPair;
use crate::shared::Shared;
use crate::transport;
use bytes::Bytes;
use http::Request;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// Largest payload of a scoring request
/// (learn.microsoft.com/azure/machine-learning/v1/how-to-deploy-azure-kubernetes-service).
const PAYLOAD_LIMIT: usize = 100 << 20;

/// Cluster id and namespace of a front end.
type FrontEndKey = (String, String);

struct OpenSocket {
    address: Ipv4Addr,
    port: u16,
    tls: Option<PemPair>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Keeps the sockets in line with the world until `stop`.
pub(crate) async fn run(shared: Shared, stop: CancellationToken) {
    let mut changes = shared.changes();
    let mut open: BTreeMap<FrontEndKey, OpenSocket> = BTreeMap::new();
    loop {
        changes.mark_unchanged();
        let (wanted, generation) = shared.read(|world, _| {
            let up = |front_end: &&FrontEnd| world.resource(&front_end.cluster).is_some_and(api_available);
            let wanted = world.front_ends.values().filter(up).cloned().collect::<Vec<_>>();
            (wanted, world.generation())
        });
        reconcile(&mut open, wanted, &shared, &stop).await;
        shared.front_ends_synced(generation);
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { break },
            () = stop.cancelled() => break,
        }
    }
    for (_, socket) in open {
        socket.close().await;
    }
}

async fn reconcile(
    open: &mut BTreeMap<FrontEndKey, OpenSocket>,
    wanted: Vec<FrontEnd>,
    shared: &Shared,
    stop: &CancellationToken,
) {
    let place = |front_end: &FrontEnd| {
        (
            front_end.cluster.to_ascii_lowercase(),
            front_end.namespace.clone(),
        )
    };
    let fits = |place_of: &FrontEndKey, socket: &OpenSocket| {
        let same = |front_end: &&FrontEnd| {
            place(front_end) == *place_of
                && front_end.address == socket.address
                && front_end.tls == socket.tls
        };
        wanted.iter().any(|front_end| same(&front_end))
    };
    let stale: Vec<FrontEndKey> = open
        .iter()
        .filter(|(place, socket)| !fits(place, socket))
        .map(|(place, _)| place.clone())
        .collect();
    for place in stale {
        if let Some(socket) = open.remove(&place) {
            socket.close().await;
        }
    }
    for front_end in wanted {
        let place = place(&front_end);
        let socket = match open.entry(place) {
            Entry::Occupied(socket) => socket.into_mut(),
            Entry::Vacant(free) => match listen(&front_end, shared, stop.child_token()).await {
                Ok(socket) => free.insert(socket),
                Err(error) => {
                    tracing::error!(cluster = front_end.cluster, %error, "the front end could not start listening");
                    continue;
                }
            },
        };
        let (address, port) = (socket.address, socket.port);
        if front_end.port != Some(port) || front_end.address != address {
            let _ = shared.change(|world, _| {
                set_listening(world, &front_end.cluster, &front_end.namespace, address, port)
            });
        }
    }
}

impl OpenSocket {
    /// Stops listening, after the open connections end.
    async fn close(self) {
        self.stop.cancel();
        let _ = self.task.await;
    }
}

async fn listen(
    front_end: &FrontEnd,
    shared: &Shared,
    stop: CancellationToken,
) -> std::io::Result<OpenSocket> {
    let tls = front_end
        .tls
        .as_ref()
        .map(tls_config)
        .transpose()
        .map_err(std::io::Error::other)?;
    let listener = bind(front_end.address, front_end.port.unwrap_or(0)).await?;
    let local = listener.local_addr()?;
    let IpAddr::V4(address) = local.ip() else {
        return Err(std::io::ErrorKind::AddrNotAvailable.into());
    };
    let (shared, served) = (shared.clone(), front_end.clone());
    let handler = move |request: Request<Bytes>| {
        let decision = shared.read(|world, now| serving::decide(world, &served, &request, now));
        let (answer, delay) = serving::answer(decision, &request);
        async move {
            tokio::time::sleep(delay).await;
            Ok(answer)
        }
    };
    let task = tokio::spawn(transport::serve(
        listener,
        tls.map(TlsAcceptor::from),
        |_| PAYLOAD_LIMIT,
        stop.clone(),
        handler,
    ));
    Ok(OpenSocket {
        address,
        port: local.port(),
        tls: front_end.tls.clone(),
        stop,
        task,
    })
}

/// Binds the wanted address and port, any port if that one is taken, or `127.0.0.1` on systems with no other
/// loopback address (macOS).
async fn bind(address: Ipv4Addr, port: u16) -> std::io::Result<TcpListener> {
    let candidates = [(address, port), (address, 0), (Ipv4Addr::LOCALHOST, 0)];
    let mut last = None;
    for (address, port) in candidates {
        match TcpListener::bind(SocketAddr::from((address, port))).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| std::io::ErrorKind::AddrNotAvailable.into()))
}
