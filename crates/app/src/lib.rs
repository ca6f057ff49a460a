//! Use cases, jobs, and the types that cross to the window: all that the window and the command can do.
//!
//! [`App`] is the one handle. What it answers is made of the types in [`api`]; what goes wrong is an
//! [`api::UserError`], a code that [`words`] and the window put into sentences of the same catalogue.
//!
//! What this crate is not: it draws nothing, prints nothing, and knows no window.
//!
//! ```
//! use strata_app::{App, Options, Paths};
//!
//! # fn example() -> Result<(), strata_app::api::UserError> {
//! let app = App::open(Paths::from_environment(None), Options::default())?;
//! let parts = app.reference_explain("nginx")?;
//! assert_eq!(parts.full, "docker.io/library/nginx:latest");
//! # Ok(())
//! # }
//! ```

mod alignment;
pub mod api;
mod app;
mod base_image;
mod build;
mod capabilities;
mod certificates;
mod chain;
mod clock;
mod compare;
mod compared_files;
mod compared_settings;
mod connection;
mod content;
mod doctor;
mod emulation;
mod error;
mod escape;
#[cfg(unix)]
mod export;
mod failure;
mod file_diff;
mod file_rows;
mod files;
mod findings;
mod hex_dump;
mod images;
mod inspect_job;
mod job_news;
mod jobs;
mod kept_logins;
mod keychain;
mod layer_findings;
mod layer_reading;
mod layer_table;
mod lint;
mod listings;
mod logins;
mod look;
mod offer_sizes;
mod owners;
mod package_pairs;
mod packed_layer;
mod paths;
mod peek;
mod peeked;
mod practice;
mod pull_job;
mod pull_many;
mod queue;
mod queue_file;
mod rebuilt;
mod registries;
mod samples;
#[cfg(unix)]
mod saving;
mod search;
mod settings_file;
mod sharers;
mod sign_in;
mod space_map;
mod stored_image;
mod strata;
mod summaries;
mod survey;
mod tag_facts;
mod tag_order;
mod text_spans;
mod typed_path;
mod viewing;
mod waste;
mod waste_fix;
mod who;
pub mod words;
mod xray;

pub use app::{App, Options};
pub use build::BuildExtras;
pub use escape::escape;
#[cfg(unix)]
pub use export::{ExportRequest, Exported, SkipReason, Skipped};
pub use files::{FileEntry, FileSelection};
pub use jobs::Job;
pub use keychain::Keychain;
pub use lint::mended;
pub use package_pairs::{PackagePair, package_pairs};
pub use paths::{PRACTICE_PORT, Paths, locale};
pub use strata_spec::Platform;
