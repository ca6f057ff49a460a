//! Somebody does not want the result any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::BuildError;

/// A flag that ends a build. Copies are one flag. Whatever takes long looks at it at least ten times a second.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    flag: Arc<AtomicBool>,
    above: Option<Arc<AtomicBool>>,
}

impl Stop {
    /// A flag that nobody has raised.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks all that look at this flag to end. There is no way back.
    pub fn stop(&self) {
        self.flag.store(true, Ordering::Release);
    }

    /// Whether somebody asked.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        let above = self.above.as_ref().is_some_and(|above| above.load(Ordering::Acquire));
        above || self.flag.load(Ordering::Acquire)
    }

    /// Goes on, or not.
    ///
    /// # Errors
    /// [`BuildError::Stopped`].
    pub fn check(&self) -> Result<(), BuildError> {
        if self.is_stopped() { Err(BuildError::Stopped) } else { Ok(()) }
    }

    /// A flag that is raised with this one, and can be raised without it. It must be asked of one that is no such flag
    /// itself.
    pub(crate) fn below(&self) -> Self {
        Self { flag: Arc::default(), above: Some(Arc::clone(&self.flag)) }
    }
}
