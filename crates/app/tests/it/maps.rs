use strata_app::api::{ErrorCode, FileKind, Scope, Space, SpacePart, SpaceRead};
use strata_testkit::{Image, Layer, Packing};

use crate::registry::{Registry, architecture};
use crate::site::Site;

/// A system whose second layer overwrites a file and whose third deletes one.
async fn site() -> (Site, String) {
    let (registry, site) = (Registry::start().await, Site::open());
    let layers = [
        Layer::new().file("usr/big", [1; 4000]).file("usr/small", [1; 100]).file("etc/a", [1; 50]),
        Layer::new().file("usr/big", [2; 3000]).file("usr/lib/x", [2; 700]),
        Layer::new().whiteout("etc/a"),
    ];
    let image = Image::new().platform("linux", architecture());
    let image = layers
        .into_iter()
        .fold(image, |image, layer| image.layer(layer.tar(), Packing::Gzip, "RUN make"));
    let reference = registry.push("test/app", "1", &image.build()).await;
    site.pull(&reference).await;
    let manifest = site.app.image_find(&reference, None).await.unwrap().summary.manifest;
    (site, manifest)
}

fn whole(manifest: &str) -> SpaceRead {
    let manifest = manifest.to_owned();
    SpaceRead { manifest, layer: None, scope: Scope::UpTo, id: None, buried: true }
}

fn told(parts: &[SpacePart]) -> Vec<(&str, u64, usize)> {
    parts.iter().map(|part| (part.name.as_str(), part.bytes, part.layer)).collect()
}

fn layers(space: &Space) -> Vec<(usize, u64)> {
    space.layers.iter().map(|each| (each.layer, each.bytes)).collect()
}

#[tokio::test]
async fn a_map_tells_the_parts_of_a_folder_and_the_layers_that_brought_them() {
    let (site, manifest) = site().await;
    let root = site.app.space(whole(&manifest)).await.unwrap();
    assert_eq!((root.bytes, root.files, root.all_bytes), (3800, 3, 3800));
    assert_eq!(layers(&root), [(1, 100), (2, 3700)]);
    assert_eq!(told(&root.parts), [("usr", 3800, 2)], "an empty folder takes no space");
    assert!(!root.parts[0].one_layer);
    let inner = [("big", 3000, 2), ("lib", 700, 2), ("small", 100, 1)];
    assert_eq!(told(&root.parts[0].children), inner);
    assert!(root.steps.is_empty());
    let usr = SpaceRead { id: root.parts[0].id, ..whole(&manifest) };
    let usr = site.app.space(usr).await.unwrap();
    assert_eq!(usr.steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(), ["usr"]);
    assert_eq!(told(&usr.parts), inner);
    assert_eq!(told(&usr.parts[1].children), [("x", 700, 2)]);
    assert_eq!(usr.parts[1].path, "usr/lib");
    let share: f64 = usr.parts.iter().map(|part| part.share).sum();
    assert!((share - 1.0).abs() < 1e-9, "{share}");
}

#[tokio::test]
async fn buried_bytes_stand_beside_the_folder_that_they_were_in() {
    let (site, manifest) = site().await;
    let root = site.app.space(whole(&manifest)).await.unwrap();
    assert_eq!(root.buried_bytes, 4050);
    assert_eq!(told(&root.buried), [("usr", 4000, 1), ("etc", 50, 1)]);
    assert_eq!(root.buried.iter().map(|part| part.by).collect::<Vec<_>>(), [Some(2), Some(3)]);
    let usr = SpaceRead { id: root.parts[0].id, ..whole(&manifest) };
    let usr = site.app.space(usr).await.unwrap();
    assert_eq!(told(&usr.buried), [("big", 4000, 1)]);
    assert_eq!(usr.buried[0].kind, FileKind::File);
    let not_wanted = SpaceRead { buried: false, ..whole(&manifest) };
    assert_eq!(site.app.space(not_wanted).await.unwrap().buried_bytes, 0);
}

#[tokio::test]
async fn a_layer_alone_is_what_it_brought() {
    let (site, manifest) = site().await;
    let of = |layer| SpaceRead { layer: Some(layer), scope: Scope::Layer, ..whole(&manifest) };
    let second = site.app.space(of(2)).await.unwrap();
    assert_eq!((second.bytes, layers(&second)), (3700, vec![(2, 3700)]));
    assert!(second.parts[0].one_layer);
    let third = site.app.space(of(3)).await.unwrap();
    assert_eq!((third.bytes, third.parts.len()), (0, 0), "what is deleted is not its own");
    let first = site.app.space(of(1)).await.unwrap();
    assert_eq!((first.bytes, first.buried_bytes), (4150, 4050));
    let error = site.app.space(of(4)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::LayerUnknown);
    let error = site.app.space(SpaceRead { id: Some(99), ..whole(&manifest) }).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::PathUnknown);
}

#[tokio::test]
async fn small_parts_are_told_together() {
    let (registry, site) = (Registry::start().await, Site::open());
    let many = (0..250).fold(Layer::new(), |layer, at| {
        layer.file(format!("d/{at:03}"), vec![1; 1000 - at]).file(format!("e{at:03}"), [1; 10])
    });
    let image = Image::new().platform("linux", architecture());
    let image = image.layer(many.tar(), Packing::Gzip, "RUN make").build();
    let reference = registry.push("test/many", "1", &image).await;
    site.pull(&reference).await;
    let manifest = site.app.image_find(&reference, None).await.unwrap().summary.manifest;
    let root = site.app.space(whole(&manifest)).await.unwrap();
    assert_eq!(root.parts.len(), 201);
    let rest = root.parts.last().unwrap();
    assert_eq!((rest.id, rest.count, rest.bytes, rest.files), (None, 51, 510, 51));
    let inner = &root.parts[0].children;
    assert_eq!((inner.len(), inner[40].count, inner[40].id), (41, 210, None));
    let sum: u64 = inner.iter().map(|part| part.bytes).sum();
    assert_eq!(sum, root.parts[0].bytes);
}
