//! The whole build.

mod commit;
mod copy;
mod key;
mod mounts;
mod reason;
mod run;
mod schedule;
mod session;
mod sources;
mod step;

use strata_store::Store;

use crate::plan::{Images, plan};
use crate::{Base, BuildError, BuildRequest, Built, Host, HostError, Reporter, Stop};
use session::Session;
use strata_spec::{Platform, Reference};

/// The host as a plan sees it.
struct HostImages<'a> {
    host: &'a dyn Host,
    pull: bool,
    stop: &'a Stop,
}

impl Images for HostImages<'_> {
    fn image(&self, reference: &Reference, platform: &Platform) -> Result<Base, HostError> {
        self.host.outside().image(reference, platform, self.pull, self.stop)
    }
}

/// Builds an image and keeps it in the store.
///
/// Steps that an earlier build has done are not done again; those that do not need each other are done at the same time.
///
/// # Errors
/// Anything of [`BuildError`]; [`BuildError::Stopped`] within half a second after `stop`, if the host keeps to it.
pub fn build(
    store: &Store,
    request: &BuildRequest,
    host: &dyn Host,
    reporter: &dyn Reporter,
    stop: &Stop,
) -> Result<Built, BuildError> {
    let options = &request.options;
    let images = HostImages { host, pull: options.pull, stop };
    let plan = plan(&request.dockerfile, options, &images)?;
    stop.check()?;
    reporter.planned(&plan);
    let session = Session::new(store, request, &plan, (host, reporter), stop)?;
    let outcomes = schedule::run(&session);
    session.close();
    let outcomes = outcomes?;
    stop.check()?;
    reporter.committing();
    commit::commit(&session, &outcomes)
}
