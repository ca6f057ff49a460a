//! What builds get from the world: images through pulls, files through the client, repositories through git.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use strata_build::{Base, Fetched, GitSource, GitTree, HostError, Outside, Stop, StoredLayer};
use strata_remote::{DownloadError, Watcher};
use strata_spec::{Platform, Reference};
use strata_transfer::{PullRequest, Silent, TransferError};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::git;
use crate::app::App;
use crate::error::AppError;
use crate::jobs::Job;
use crate::stored_image::StoredImage;

/// How often the stop flag is looked at.
const BEAT: Duration = Duration::from_millis(50);
/// The largest file that is fetched: 16 GiB.
const MAX_FILE_BYTES: u64 = 16 << 30;

/// The world, as one build sees it. Its methods block, and must not be called on a thread of the runtime.
pub(crate) struct World {
    pub app: App,
    pub job: Arc<Job>,
    pub handle: Handle,
    /// Where repositories are checked out; gone with the build.
    pub scratch: PathBuf,
}

impl World {
    /// The image of a name, if the store has one for the platform.
    fn stored(
        &self,
        reference: &Reference,
        platform: &Platform,
    ) -> Result<Option<StoredImage>, AppError> {
        match StoredImage::find(&self.app.inner.store, &reference.to_string(), Some(platform)) {
            Ok(image) => Ok(Some(image)),
            Err(AppError::ImageUnknown { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn pull(
        &self,
        reference: &Reference,
        platform: &Platform,
        stop: &Stop,
    ) -> Result<StoredImage, HostError> {
        let request =
            PullRequest { reference: reference.clone(), platform: platform.clone(), exact: false };
        let client = self.app.client().watched(Arc::clone(&self.job.xray) as Arc<dyn Watcher>);
        let store = &self.app.inner.store;
        let token = CancellationToken::new();
        let pulled = self.handle.block_on(async {
            let pull =
                strata_transfer::pull(store, &client, &request, Arc::new(Silent), token.clone());
            tokio::select! {
                pulled = pull => pulled,
                () = stopped(stop) => Err(TransferError::Stopped),
            }
        });
        match pulled {
            Ok(pulled) => StoredImage::read(store, &pulled.manifest, Some(&pulled.reference))
                .map_err(HostError::new),
            Err(TransferError::Stopped) => Err(HostError::stopped()),
            Err(error) => Err(HostError::new(AppError::from(error))),
        }
    }
}

impl Outside for World {
    fn image(
        &self,
        reference: &Reference,
        platform: &Platform,
        pull: bool,
        stop: &Stop,
    ) -> Result<Base, HostError> {
        let here =
            if pull { None } else { self.stored(reference, platform).map_err(HostError::new)? };
        let image = match here {
            Some(image) => image,
            None => self.pull(reference, platform, stop)?,
        };
        Ok(base(image))
    }

    fn fetch(&self, url: &str, into: &mut dyn Write, stop: &Stop) -> Result<Fetched, HostError> {
        let client = self.app.client();
        // Driven by this thread, which is none of the runtime's: the writer may take its time.
        let done = self.handle.block_on(async {
            let mut each = |bytes: &[u8]| into.write_all(bytes);
            tokio::select! {
                done = client.download(url, MAX_FILE_BYTES, &mut each) => Some(done),
                () = stopped(stop) => None,
            }
        });
        match done {
            Some(Ok(done)) => Ok(Fetched { modified: done.modified, name: done.name }),
            Some(Err(DownloadError::Remote(error))) => Err(HostError::new(AppError::from(error))),
            Some(Err(error)) => Err(HostError::new(error)),
            None => Err(HostError::stopped()),
        }
    }

    fn git(&self, source: &GitSource, stop: &Stop) -> Result<GitTree, HostError> {
        let folder = tempfile::Builder::new().prefix("git-").tempdir_in(&self.scratch);
        let folder = folder.map_err(HostError::new)?.keep();
        git::check_out(source, &folder, stop)
    }
}

pub(super) fn base(image: StoredImage) -> Base {
    let tar_bytes = |at: usize| image.record.layers.get(at).map_or(0, |layer| layer.tar_bytes);
    let layers = image.layers().iter().zip(image.config.diff_ids()).enumerate();
    let layers = layers.map(|(at, (layer, diff_id))| StoredLayer {
        digest: layer.digest.clone(),
        diff_id: diff_id.clone(),
        media_type: layer.media_type.clone(),
        size_bytes: layer.size,
        tar_bytes: tar_bytes(at),
    });
    Base { manifest: image.record.manifest.clone(), layers: layers.collect(), config: image.config }
}

async fn stopped(stop: &Stop) {
    while !stop.is_stopped() {
        tokio::time::sleep(BEAT).await;
    }
}
