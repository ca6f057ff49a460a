//! The practice registry of this window: started with it, switched off and on, never reached from another machine.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use strata_registry::{Server, ServerOptions, WriteToken};
use strata_remote::{Login, Secret};
use strata_store::Store;

use crate::api::{PracticeImage, PracticeState, PracticeStatus, Topic, UserError};
use crate::app::{App, on_thread};
use crate::error::AppError;
use crate::samples;

/// How many ports are tried from the first one on.
const PORTS_TRIED: u16 = 20;

/// Whether it serves, and the server if it does.
#[derive(Debug, Default)]
pub(crate) struct Practice {
    phase: Mutex<Phase>,
    /// Held while it is switched, so that two switches come one after the other.
    switching: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
enum Phase {
    #[default]
    Off,
    Starting,
    Running {
        server: Server,
        address: String,
        images: Vec<PracticeImage>,
    },
    Failed(UserError),
}

impl Practice {
    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Whether the practice registry serves, where, and what it holds.
    #[must_use]
    pub fn practice_status(&self) -> PracticeStatus {
        let status =
            |state| PracticeStatus { state, address: None, images: Vec::new(), error: None };
        match &*self.inner.practice.phase() {
            Phase::Off => status(PracticeState::Off),
            Phase::Starting => status(PracticeState::Starting),
            Phase::Running { address, images, .. } => PracticeStatus {
                address: Some(address.clone()),
                images: images.clone(),
                ..status(PracticeState::Running)
            },
            Phase::Failed(error) => {
                PracticeStatus { error: Some(error.clone()), ..status(PracticeState::Failed) }
            }
        }
    }

    /// Starts or stops the practice registry, and answers with what it is now.
    pub async fn practice_switch(&self, on: bool) -> PracticeStatus {
        let practice = &self.inner.practice;
        let _one = practice.switching.lock().await;
        let is_on = matches!(&*practice.phase(), Phase::Running { .. });
        if on && !is_on {
            self.practice_is(Phase::Starting);
            let started = self.start_practice().await;
            self.practice_is(started.unwrap_or_else(Phase::Failed));
        } else if !on {
            let before = std::mem::take(&mut *practice.phase());
            if let Phase::Running { server, .. } = before {
                server.stop().await;
            }
            self.tell(Topic::Practice);
        }
        self.practice_status()
    }

    fn practice_is(&self, phase: Phase) {
        *self.inner.practice.phase() = phase;
        self.tell(Topic::Practice);
    }

    async fn start_practice(&self) -> Result<Phase, UserError> {
        let folder = self.inner.paths.practice.clone();
        let store = on_thread("the practice registry's store", move || {
            let store = Store::open(&folder)?;
            samples::ensure(&store)?;
            Ok(store)
        })
        .await?;
        let token = write_token()?;
        let options = ServerOptions {
            bind: addresses(self.inner.paths.practice_port),
            registry: samples::REGISTRY.to_owned(),
            write_token: Some(WriteToken::new(token.clone())),
            ..ServerOptions::default()
        };
        let server = Server::start(store.clone(), options)
            .await
            .map_err(|source| AppError::Practice { source })?;
        let address = format!("localhost:{}", server.address().port());
        // Who may write there is whoever has the token: this process, as long as it runs.
        let password = Secret::new(token);
        self.remember(&address, Login::Password { username: "practice".to_owned(), password });
        let at = address.clone();
        let images = on_thread("the samples", move || samples::list(&store, &at)).await?;
        Ok(Phase::Running { server, address, images })
    }
}

/// 256 random bits, as text.
fn write_token() -> Result<String, AppError> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits).map_err(|source| AppError::Random { reason: source.to_string() })?;
    Ok(bits.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The port and those after it; then any that is free.
fn addresses(first: u16) -> Vec<SocketAddr> {
    let at = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
    if first == 0 {
        return vec![at(0)];
    }
    let tried = (0..PORTS_TRIED).filter_map(|step| first.checked_add(step));
    tried.chain([0]).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_free_port_is_tried_and_any_at_last() {
        let ports: Vec<u16> = addresses(5150).iter().map(SocketAddr::port).collect();
        assert_eq!((ports[0], ports[1], ports.last()), (5150, 5151, Some(&0)));
        assert_eq!(addresses(u16::MAX).len(), 2);
        assert_eq!(addresses(0).len(), 1);
        assert!(addresses(5150).iter().all(|address| address.ip().is_loopback()));
    }
}
