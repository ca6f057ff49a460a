//! One image of the store with its documents: what every view of it starts from.

use strata_spec::{
    Descriptor, Digest, ImageConfig, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, Manifest, Platform,
    Reference, ReferenceError,
};
use strata_store::{ImageRecord, Store};

use crate::error::AppError;

/// An image's record and its two documents, read from the store and checked.
#[derive(Debug, Clone)]
pub(crate) struct StoredImage {
    pub record: ImageRecord,
    pub manifest: Manifest,
    pub config: ImageConfig,
}

impl StoredImage {
    /// The image with this manifest, shown under `reference` if that points to it.
    pub fn read(
        store: &Store,
        manifest: &Digest,
        reference: Option<&Reference>,
    ) -> Result<Self, AppError> {
        let unknown = || AppError::ImageUnknown { image: manifest.to_string() };
        let mut record = store.image(manifest)?.ok_or_else(unknown)?;
        if let Some(reference) = reference
            && record.reference.as_ref() != Some(reference)
        {
            let named = store.images_of(reference)?;
            record = named.into_iter().find(|other| other.manifest == *manifest).unwrap_or(record);
        }
        Self::of(store, record)
    }

    /// The image of a record.
    pub fn of(store: &Store, record: ImageRecord) -> Result<Self, AppError> {
        let (manifest, config) = documents(store, &record.manifest)?;
        Ok(Self { record, manifest, config })
    }

    /// What a person calls by a reference, by a digest, or by the first digits of one. Of several platforms, the wanted
    /// one, or else that of this machine, or else the newest in the store.
    pub fn find(store: &Store, text: &str, platform: Option<&Platform>) -> Result<Self, AppError> {
        let unknown = || AppError::ImageUnknown { image: text.to_owned() };
        let parsed = Reference::parse(text);
        let mut candidates = match &parsed {
            Ok(reference) => named(store, reference)?,
            Err(_) => Vec::new(),
        };
        if candidates.is_empty() {
            candidates = by_digits(store, text)?;
        }
        if candidates.is_empty()
            && let Err(source) = parsed
            // All digits of a digest are no name, and no mistake either.
            && !matches!(source, ReferenceError::Identifier { .. })
        {
            return Err(AppError::Reference { text: text.to_owned(), source });
        }
        let mut images = Vec::with_capacity(candidates.len());
        for record in candidates {
            images.push(Self::of(store, record)?);
        }
        let host = Platform::host();
        let fits = |image: &Self, wanted: &Platform| image.config.platform().satisfies(wanted);
        let wanted = platform.unwrap_or(&host);
        let best = (0..images.len())
            .filter_map(|at| Some((fits(&images[at], wanted)?, at)))
            .min()
            .map(|(_, at)| at);
        match (best, platform) {
            (Some(at), _) => Ok(images.swap_remove(at)),
            (None, Some(_)) => Err(unknown()),
            (None, None) => images.into_iter().next().ok_or_else(unknown),
        }
    }

    /// The image's layers as the manifest names them.
    pub fn layers(&self) -> &[Descriptor] {
        self.manifest.layers()
    }
}

/// A stored manifest and its config.
pub(crate) fn documents(
    store: &Store,
    manifest: &Digest,
) -> Result<(Manifest, ImageConfig), AppError> {
    let malformed = |digest: &Digest| {
        let digest = digest.clone();
        move |source| AppError::Document { digest, source }
    };
    let raw = store.read_document(manifest, MAX_MANIFEST_BYTES)?;
    let parsed = Manifest::parse(raw).map_err(malformed(manifest))?;
    let config = &parsed.config().digest;
    let raw = store.read_document(config, MAX_CONFIG_BYTES)?;
    let config = ImageConfig::parse(raw).map_err(malformed(config))?;
    Ok((parsed, config))
}

/// Images of a name. One with a digest names them also where they were pulled by a tag, and be it the digest of an index.
fn named(store: &Store, reference: &Reference) -> Result<Vec<ImageRecord>, AppError> {
    let found = store.images_of(&reference.clone().with_default_tag())?;
    let Some(digest) = reference.digest().filter(|_| found.is_empty()) else { return Ok(found) };
    let is_meant = |record: &ImageRecord| {
        let is_here = record.reference.as_ref().is_some_and(|name| {
            (name.registry(), name.repository()) == (reference.registry(), reference.repository())
        });
        is_here && [&record.manifest, &record.target].contains(&digest)
    };
    Ok(store.images()?.into_iter().filter(is_meant).collect())
}

/// Images whose manifest, target or ID begins with these digits: one image, or those of one index.
fn by_digits(store: &Store, text: &str) -> Result<Vec<ImageRecord>, AppError> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    let is_digits = digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    if digits.is_empty() || !is_digits {
        return Ok(Vec::new());
    }
    let begins = |digest: &Digest| digest.hex().starts_with(digits);
    let mut found: Vec<ImageRecord> = Vec::new();
    for record in store.images()? {
        let mut fits = begins(&record.manifest) || begins(&record.target);
        if !fits {
            let (manifest, _) = documents(store, &record.manifest)?;
            fits = begins(&manifest.config().digest);
        }
        if fits {
            found.push(record);
        }
    }
    let is_one = found.windows(2).all(|pair| pair[0].manifest == pair[1].manifest);
    let is_of_one_index = || {
        found.iter().all(|record| begins(&record.target))
            && found.windows(2).all(|pair| pair[0].target == pair[1].target)
    };
    match is_one || is_of_one_index() {
        true => Ok(found),
        // A few digits that several images share name none of them.
        false => Err(AppError::ImageAmbiguous { digits: text.to_owned() }),
    }
}
