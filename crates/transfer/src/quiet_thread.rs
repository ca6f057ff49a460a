//! Threads for the heavy work of a layer, which leave the processor to whatever a person is looking at.

use std::thread;

use tokio::sync::oneshot::{self, Receiver};

/// Runs `work` on a thread of its own, with less claim to the processor than others. Its result comes through the
/// receiver, which fails if there is none.
///
/// A thread of its own and not one of the runtime's: a claim that was given up cannot be taken back.
pub(crate) fn quiet_thread<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Receiver<T> {
    let (sender, receiver) = oneshot::channel();
    let started = thread::Builder::new().name(name.to_owned()).spawn(move || {
        #[cfg(target_os = "linux")]
        linux::step_back();
        // Nobody waiting any more is fine.
        sender.send(work()).ok();
    });
    if let Err(error) = started {
        // The sender is gone with the closure: whoever waits is told.
        tracing::error!(%error, "a thread cannot be started");
    }
    receiver
}

#[cfg(target_os = "linux")]
mod linux {
    /// How much is given up, on a scale that ends at 19.
    const NICENESS: i32 = 17;

    /// Lowers the claim of the calling thread alone (setpriority(2): on Linux each thread has its own).
    pub(super) fn step_back() {
        if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
            tracing::debug!(%error, "a thread keeps its priority");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_result_comes_back_and_a_panic_is_told() {
        assert_eq!(quiet_thread("test", || 7).await.unwrap(), 7);
        assert!(quiet_thread::<()>("test", || panic!("on purpose")).await.is_err());
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn only_the_heavy_thread_steps_back() {
        let own = || rustix::process::getpriority_process(None).unwrap();
        let before = own();
        let quiet = quiet_thread("test", own).await.unwrap();
        assert!(quiet > before || before >= 10, "{quiet} and {before}");
        assert_eq!(own(), before);
    }
}
