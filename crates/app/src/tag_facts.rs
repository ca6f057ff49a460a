//! What a registry tells of tags beside their names: dates and sizes, where it does.

use strata_remote::HubTag;
use strata_spec::Platform;

use crate::api::{TagFacts, TagFactsPage, TagFactsRead, UserError};
use crate::app::App;
use crate::error::AppError;
use crate::images::parse_reference;

/// Docker's registry, as references name it: the only one that tells.
const DOCKER_HUB: &str = "docker.io";

impl App {
    /// A page of facts of tags, those that were pushed last first. Empty where the registry tells nothing.
    ///
    /// # Errors
    /// If what was typed is no reference, or Docker Hub does not answer.
    pub async fn tag_facts(&self, wanted: TagFactsRead) -> Result<TagFactsPage, UserError> {
        let reference = parse_reference(&wanted.reference)?;
        if reference.registry() != DOCKER_HUB {
            return Ok(TagFactsPage { tags: Vec::new(), next: None });
        }
        let client = self.observed(&self.client());
        let page = client.hub_tags(reference.repository(), wanted.next.as_deref()).await;
        let page = page.map_err(AppError::from)?;
        let host = Platform::host();
        let tags = page.tags.into_iter().map(|tag| facts(tag, &host)).collect();
        Ok(TagFactsPage { tags, next: page.next })
    }
}

fn facts(tag: HubTag, host: &Platform) -> TagFacts {
    let is_ours = |image: &&strata_remote::HubImage| {
        image.os == host.os && image.architecture == host.architecture
    };
    let size = match &*tag.images {
        [only] => Some(only.size),
        images => images.iter().find(is_ours).map(|image| image.size),
    };
    TagFacts {
        name: tag.name,
        digest: tag.digest,
        size_bytes: size.filter(|size| *size > 0),
        updated_at: tag.last_updated,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use strata_remote::HubImage;

    use super::*;

    fn image(architecture: &str, size: u64) -> HubImage {
        let (os, variant, digest) = ("linux".to_owned(), None, None);
        HubImage { os, architecture: architecture.to_owned(), variant, digest, size }
    }

    #[test]
    fn the_size_is_that_of_this_machine_s_image_or_of_the_only_one() {
        let host = Platform::parse("linux/arm64").unwrap();
        let size = |images: Vec<HubImage>| {
            let name = "1".to_owned();
            let (digest, last_updated) = (None, None);
            facts(HubTag { name, digest, full_size: 99, last_updated, images }, &host).size_bytes
        };
        assert_eq!(size(vec![image("amd64", 1), image("arm64", 2)]), Some(2));
        assert_eq!(size(vec![image("amd64", 1)]), Some(1));
        assert_eq!(size(vec![image("amd64", 1), image("s390x", 2)]), None);
        assert_eq!(size(vec![image("arm64", 0)]), None);
        assert_eq!(size(Vec::new()), None);
    }
}
