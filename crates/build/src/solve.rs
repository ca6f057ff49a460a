//! The whole build.

use strata_store::Store;

use crate::{BuildError, BuildRequest, Built, Host, Reporter, Stop};

pub(crate) fn build(
    _store: &Store,
    _request: &BuildRequest,
    _host: &dyn Host,
    _reporter: &dyn Reporter,
    stop: &Stop,
) -> Result<Built, BuildError> {
    stop.check()?;
    Err(BuildError::Worker)
}
