//! Several images of one repository, queued together.

use strata_spec::{Platform, Reference};

use crate::api::{PullManyStart, PullOfMany, UserError};
use crate::app::App;
use crate::error::AppError;
use crate::images::parse_reference;
use crate::jobs::NewJob;
use crate::pull_job::PullWork;

impl App {
    /// Queues one pull for each image, all of one batch, and answers with the jobs' numbers. An image is fetched under
    /// the first of its tags and then gets the others. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If the reference, a tag or a platform is none, or an image has no tag; then nothing is queued.
    pub fn pull_many_start(&self, wanted: PullManyStart) -> Result<Vec<u64>, UserError> {
        let repository = parse_reference(&wanted.reference)?.without_digest();
        let works: Result<Vec<PullWork>, AppError> =
            wanted.images.into_iter().map(|image| work(&repository, image)).collect();
        let works = works?;
        let batch = self.inner.jobs.next_batch();
        let title = repository.familiar_name();
        let ids = works.into_iter().map(|work| {
            let batch = Some((batch, title.clone()));
            self.inner.jobs.add(NewJob { batch, ..work.job() }).id
        });
        let ids = ids.collect();
        self.jobs_changed();
        Ok(ids)
    }
}

fn work(repository: &Reference, image: PullOfMany) -> Result<PullWork, AppError> {
    let named = |tag: &str| {
        let text = format!("{}:{tag}", repository.familiar_name());
        let named = repository.clone().with_tag(tag);
        named.map_err(|source| AppError::Reference { text, source })
    };
    let mut tags = image.tags.into_iter();
    let reference = named(&tags.next().unwrap_or_default())?;
    let tags: Vec<String> = tags.collect();
    tags.iter().try_for_each(|tag| named(tag).map(drop))?;
    let platform = image.platform.as_deref().map(Platform::parse).transpose()?;
    Ok(PullWork { reference, platform, tags })
}
