//! The file lists of images, made once and kept while they are looked at.

use std::collections::VecDeque;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use strata_layer::{FingerprintKey, Limits};
use strata_spec::{DiffId, Digest};
use strata_store::{Mapped, Store};
use strata_tree::{Listing, Sort, Tree, TreeBuilder};

use crate::api::{Owners, Scope};
use crate::error::AppError;
use crate::stored_image::documents;

/// The trees of an image's layers, the oldest first.
pub(crate) type Trees = Arc<[Tree<Mapped>]>;
/// A list of files, shared by those who page through it.
pub(crate) type Files = Arc<Listing<Mapped>>;

/// Lists that are kept. One of a million files takes some fifty megabytes once it is sorted or filtered.
const KEPT: usize = 4;

/// Which list: image, layer (from 0), and whether its changes or the whole system up to it.
pub(crate) type ListKey = (Digest, usize, Scope);
/// Two images: the left one's manifest, and the right one's.
pub(crate) type ComparedKey = (Digest, Digest);
/// The same list in another order, or only what fits a filter.
type ViewKey = (ListKey, Sort, String);
/// The same of two images, all of it or the differences.
type ComparedViewKey = ((ComparedKey, bool), Sort, String);

/// Trees and lists that were asked for lately.
#[derive(Debug, Default)]
pub(crate) struct Listings {
    trees: Recent<Digest, Trees>,
    lists: Recent<ListKey, Files>,
    views: Recent<ViewKey, Files>,
    compared: Recent<ComparedKey, (usize, Files)>,
    compared_views: Recent<ComparedViewKey, Files>,
    owners: Recent<Digest, Arc<Owners>>,
}

impl Listings {
    /// The files of two images beside each other, with how many layers the left one has.
    pub fn compared(&self, store: &Store, key: &ComparedKey) -> Result<(usize, Files), AppError> {
        self.compared.get_or_make(key, || {
            let (mut trees, right) = (opened(store, &key.0)?, opened(store, &key.1)?);
            let left = trees.len();
            trees.extend(right);
            let listing = Listing::compared(trees.into(), left);
            Ok((left, Arc::new(listing.map_err(|source| no_list(&key.0, source))?)))
        })
    }

    /// The same in an order, with only what fits a filter; of the pair's second half, whether what is the same is
    /// listed too.
    pub fn compared_view(
        &self,
        store: &Store,
        view: &(ComparedKey, bool),
        sort: Sort,
        filter: &str,
    ) -> Result<(usize, Files), AppError> {
        let (left, all) = self.compared(store, &view.0)?;
        let key = (view.clone(), sort, filter.to_owned());
        let made = self.compared_views.get_or_make(&key, || {
            let list = if view.1 { all } else { Arc::new(all.differences()) };
            let list = if filter.is_empty() { list } else { Arc::new(list.filtered(filter)) };
            Ok(Arc::new(list.sorted(sort)))
        })?;
        Ok((left, made))
    }

    /// The users and groups of an image, read once.
    pub fn owners(
        &self,
        manifest: &Digest,
        read: impl FnOnce() -> Result<Owners, AppError>,
    ) -> Result<Arc<Owners>, AppError> {
        self.owners.get_or_make(manifest, || read().map(Arc::new))
    }

    /// The trees of an image's layers. One that is missing or damaged is made anew from its layer.
    pub fn trees(&self, store: &Store, manifest: &Digest) -> Result<Trees, AppError> {
        self.trees.get_or_make(manifest, || Ok(opened(store, manifest)?.into()))
    }

    /// A list in the order of names, complete.
    pub fn list(&self, store: &Store, key: &ListKey) -> Result<Files, AppError> {
        let (manifest, layer, scope) = key;
        self.lists.get_or_make(key, || {
            let trees = self.trees(store, manifest)?;
            if *layer >= trees.len() {
                return Err(AppError::LayerUnknown { layer: layer + 1, count: trees.len() });
            }
            let made = match scope {
                Scope::Layer => Listing::of_layer(trees, *layer),
                Scope::UpTo => Listing::up_to(trees, *layer),
            };
            made.map(Arc::new).map_err(|source| no_list(manifest, source))
        })
    }

    /// A list in an order, with only what fits a filter.
    pub fn view(
        &self,
        store: &Store,
        key: &ListKey,
        sort: Sort,
        filter: &str,
    ) -> Result<Files, AppError> {
        let by_name = sort == Sort::ByName { descending: false };
        if by_name && filter.is_empty() {
            return self.list(store, key);
        }
        self.views.get_or_make(&(key.clone(), sort, filter.to_owned()), || {
            let list = self.list(store, key)?;
            let list = if filter.is_empty() { list } else { Arc::new(list.filtered(filter)) };
            Ok(if by_name { list } else { Arc::new(list.sorted(sort)) })
        })
    }
}

/// The trees of an image's layers, opened anew.
fn opened(store: &Store, manifest: &Digest) -> Result<Vec<Tree<Mapped>>, AppError> {
    let (parsed, config) = documents(store, manifest)?;
    let layers = parsed.layers().iter().zip(config.diff_ids());
    layers.map(|(layer, diff_id)| tree(store, manifest, &layer.digest, diff_id)).collect()
}

/// The kept tree of a layer, if it is there and whole.
pub(crate) fn kept_tree(store: &Store, diff_id: &DiffId) -> Result<Option<Mapped>, AppError> {
    let key = fingerprint_key(store)?;
    let is_whole = |mapped: &Mapped| Tree::open(mapped).is_ok_and(|tree| tree.is_of(diff_id, &key));
    Ok(store.tree(diff_id)?.filter(is_whole))
}

fn tree(
    store: &Store,
    manifest: &Digest,
    layer: &Digest,
    diff_id: &DiffId,
) -> Result<Tree<Mapped>, AppError> {
    let key = fingerprint_key(store)?;
    if let Some(mapped) = store.tree(diff_id)?
        && let Ok(tree) = Tree::open(mapped)
        && tree.is_of(diff_id, &key)
    {
        return Ok(tree);
    }
    tracing::warn!(layer = %layer, "the list of a layer's files is made anew");
    let scratch = store.clone();
    let mut builder =
        TreeBuilder::spilling(Box::new(move || Ok(Box::new(scratch.scratch()?)))).keyed(key);
    let wrong = |source| AppError::Layer { digest: layer.clone(), source };
    let scanned = strata_layer::scan(store.open_blob(layer)?, &Limits::default(), &mut builder)
        .map_err(wrong)?;
    if scanned.diff_id != *diff_id {
        let reason = "its content is not what the config says";
        return Err(strata_store::StoreError::Damaged { digest: layer.clone(), reason }.into());
    }
    let tree = store
        .take_tree(|out| builder.write(diff_id, out).map_err(|source| no_list(manifest, source)))?;
    store.keep_tree(diff_id, tree)?;
    let missing = || strata_store::StoreError::BlobUnknown { digest: diff_id.0.clone() };
    let mapped = store.tree(diff_id)?.ok_or_else(missing)?;
    Tree::open(mapped).map_err(|source| no_list(manifest, source))
}

fn fingerprint_key(store: &Store) -> Result<FingerprintKey, AppError> {
    Ok(FingerprintKey(store.fingerprint_key()?))
}

fn no_list(manifest: &Digest, source: strata_tree::TreeError) -> AppError {
    AppError::Tree { manifest: manifest.clone(), source }
}

/// A slot that is filled once, by whoever comes first; the others wait for it.
type Slot<V> = Arc<Mutex<Option<V>>>;

/// The last few things that were made.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    slots: Mutex<VecDeque<(K, Slot<V>)>>,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { slots: Mutex::default() }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Recent<K, V> {
    /// What was made for a key, or what is made now.
    pub fn get_or_make(
        &self,
        key: &K,
        make: impl FnOnce() -> Result<V, AppError>,
    ) -> Result<V, AppError> {
        let slot = self.slot(key);
        // Only those who want this very thing wait while it is made.
        let mut made = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = &*made {
            return Ok(value.clone());
        }
        let value = make()?;
        *made = Some(value.clone());
        Ok(value)
    }

    /// The slot of a key, now the most recent one.
    fn slot(&self, key: &K) -> Slot<V> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let known = slots.iter().position(|(other, _)| other == key);
        let slot =
            known.and_then(|at| slots.remove(at)).map_or_else(Slot::default, |(_, slot)| slot);
        slots.push_front((key.clone(), Arc::clone(&slot)));
        slots.truncate(KEPT);
        slot
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_made_lately_is_not_made_again_and_the_oldest_goes_first() {
        let recent: Recent<usize, usize> = Recent::default();
        let mut made = Vec::new();
        for key in [0, 1, 2, 3, 0, 4, 0, 1] {
            let value = recent.get_or_make(&key, || {
                made.push(key);
                Ok(key * 10)
            });
            assert_eq!(value.unwrap(), key * 10);
        }
        assert_eq!(made, [0, 1, 2, 3, 4, 1]);
    }

    #[test]
    fn a_failure_is_not_kept() {
        let recent: Recent<u8, u8> = Recent::default();
        assert!(recent.get_or_make(&1, || Err(AppError::Worker { what: "a test" })).is_err());
        assert_eq!(recent.get_or_make(&1, || Ok(7)).unwrap(), 7);
    }
}
