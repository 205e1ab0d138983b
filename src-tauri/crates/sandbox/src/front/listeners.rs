//! Sockets of the front ends: opened, moved and closed as the world says.

use super::{FrontEnd, listens, serving, tls_config};
use crate::inside::answers;
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

/// Which front end a socket is for.
type Place = (String, String);

/// An open socket.
struct Open {
    address: Ipv4Addr,
    port: u16,
    tls: Option<PemPair>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Keeps the sockets in line with the world until `stop`.
pub(crate) async fn run(shared: Shared, stop: CancellationToken) {
    let mut changes = shared.changes();
    let mut open: BTreeMap<Place, Open> = BTreeMap::new();
    loop {
        changes.mark_unchanged();
        let (wanted, generation) = shared.read(|world, _| {
            let up = |front: &&FrontEnd| world.resource(&front.cluster).is_some_and(answers);
            let wanted = world.fronts.values().filter(up).cloned().collect::<Vec<_>>();
            (wanted, world.generation())
        });
        reconcile(&mut open, wanted, &shared, &stop).await;
        shared.followed(generation);
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
    open: &mut BTreeMap<Place, Open>,
    wanted: Vec<FrontEnd>,
    shared: &Shared,
    stop: &CancellationToken,
) {
    let place = |front: &FrontEnd| (front.cluster.to_ascii_lowercase(), front.namespace.clone());
    let fits = |place_of: &Place, socket: &Open| {
        let same = |front: &&FrontEnd| {
            place(front) == *place_of && front.address == socket.address && front.tls == socket.tls
        };
        wanted.iter().any(|front| same(&front))
    };
    let stale: Vec<Place> = open
        .iter()
        .filter(|(place, socket)| !fits(place, socket))
        .map(|(place, _)| place.clone())
        .collect();
    for place in stale {
        if let Some(socket) = open.remove(&place) {
            socket.close().await;
        }
    }
    for front in wanted {
        let place = place(&front);
        let socket = match open.entry(place) {
            Entry::Occupied(socket) => socket.into_mut(),
            Entry::Vacant(free) => match listen(&front, shared, stop.child_token()).await {
                Ok(socket) => free.insert(socket),
                Err(error) => {
                    tracing::error!(cluster = front.cluster, %error, "the front end does not listen");
                    continue;
                }
            },
        };
        let (address, port) = (socket.address, socket.port);
        if front.port != Some(port) || front.address != address {
            let _ = shared.change(|world, _| listens(world, &front.cluster, &front.namespace, address, port));
        }
    }
}

impl Open {
    /// Stops listening; open connections end first.
    async fn close(self) {
        self.stop.cancel();
        let _ = self.task.await;
    }
}

async fn listen(front: &FrontEnd, shared: &Shared, stop: CancellationToken) -> std::io::Result<Open> {
    let tls = front
        .tls
        .as_ref()
        .map(tls_config)
        .transpose()
        .map_err(std::io::Error::other)?;
    let listener = bind(front.address, front.port.unwrap_or(0)).await?;
    let local = listener.local_addr()?;
    let IpAddr::V4(address) = local.ip() else {
        return Err(std::io::ErrorKind::AddrNotAvailable.into());
    };
    let (shared, served) = (shared.clone(), front.clone());
    let handler = move |request: Request<Bytes>| {
        let answer = shared.read(|world, now| serving::answer(world, &served, &request, now));
        async move { Ok(answer) }
    };
    let task = tokio::spawn(transport::serve(
        listener,
        tls.map(TlsAcceptor::from),
        stop.clone(),
        handler,
    ));
    Ok(Open {
        address,
        port: local.port(),
        tls: front.tls.clone(),
        stop,
        task,
    })
}

/// The wished address and port; any port if that one is taken; `127.0.0.1` where a system has no other loopback
/// address (macOS).
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
