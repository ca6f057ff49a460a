//! Linux: the session, and the helper's side of it.

mod channel;
mod helper;
mod kernel;
mod layering;
mod probing;
mod room;
mod running;
mod session;
mod snapshots;
mod sub_ids;
mod terminal;
mod wire;

pub use helper::helper_main;
pub use probing::probe;
pub use room::Room;
pub use session::Session;
pub use snapshots::{Snapshot, Snapshots};
pub use terminal::Terminal;
