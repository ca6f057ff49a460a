//! What changed, as far as a view must know to ask again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The name of the event that carries a [`Topic`] to every window.
pub const CHANGED_EVENT: &str = "strata://changed";

/// Something that views show, and that has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// The images of the store, by this process or another.
    Images,
    /// A job began, ended, paused, or stands elsewhere in line.
    Jobs,
    /// The practice registry.
    Practice,
    /// What a person has set.
    Settings,
    /// Registries: logins, limits, warnings.
    Registries,
}
