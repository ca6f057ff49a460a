mod cyclonedx;
mod document;
mod spdx;

pub use cyclonedx::cyclonedx;
pub use document::{Sbom, SbomLayer, SbomPackage};
pub use spdx::spdx;
