//! Linux: the session, and the helper's side of it.

mod channel;
mod helper;
mod kernel;
mod probing;
mod running;
mod session;
mod sub_ids;
mod wire;

pub use helper::helper_main;
pub use probing::probe;
pub use session::Session;
