mod config;
mod finding;
mod judge;
mod mask;
mod names;
mod private_key;
mod quiet;
mod rules;
mod scan;

pub use config::in_config;
pub use finding::{Place, Secret, Severity};
pub(crate) use names::NameRule;
pub(crate) use quiet::Surroundings;
pub use rules::{RuleFacts, rules};
pub(crate) use scan::in_file;
pub use scan::in_text;
