//! `strata manifest` and `strata config`: documents of a registry, byte for byte.

use std::io::Write;

use crate::arguments::RemoteImage;
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// Prints what a reference points to; with a platform, the manifest of that image.
pub async fn manifest(session: &Session, wanted: &RemoteImage) -> Result<(), Failure> {
    let platform = wanted.platform.as_deref();
    print(&session.app.manifest_bytes(&wanted.reference, platform).await?)
}

/// Prints an image's config.
pub async fn config(session: &Session, wanted: &RemoteImage) -> Result<(), Failure> {
    let platform = wanted.platform.as_deref();
    print(&session.app.config_bytes(&wanted.reference, platform).await?)
}

fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = output::results();
    out.write_all(bytes)?;
    Ok(out.flush()?)
}
