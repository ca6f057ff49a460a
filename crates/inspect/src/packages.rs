mod apk;
mod cargo;
mod claim;
mod dpkg;
mod gem;
mod go;
mod jar;
mod npm;
mod package;
mod placed;
mod program;
mod python;
mod rpm;
mod stanza;

pub(crate) use claim::{Claim, Found};
pub use package::{Ecosystem, Package, PackageSource};
pub use placed::{PlacedPackage, placed};
