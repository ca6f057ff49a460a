use strata_app::api::{BaseHow, ImageDetail, LayerSharersRead, StratumKind};
use strata_testkit::{BuiltImage, Image, Layer, Packing};

use crate::registry::{Registry, architecture};
use crate::site::Site;

/// An image of these layers, a setting after each.
fn stack(layers: &[&str], packing: Packing) -> BuiltImage {
    let mut image = Image::new().platform("linux", architecture());
    for name in layers {
        let tar = Layer::new().file(name, name).tar();
        image = image.layer(tar, packing, &format!("RUN make {name}"));
        image = image.setting(&format!("ENV {name}=1"));
    }
    image.build()
}

async fn pulled(site: &Site, registry: &Registry, name: &str, image: &BuiltImage) -> ImageDetail {
    let reference = registry.push(name, "1", image).await;
    site.pull(&reference).await;
    site.app.image_find(&reference, None).await.unwrap()
}

fn kinds(image: &ImageDetail) -> Vec<StratumKind> {
    image.strata.iter().map(|stratum| stratum.kind).collect()
}

#[tokio::test]
async fn the_base_is_the_local_image_with_the_most_of_the_lowest_layers() {
    use StratumKind::{Base, Run, Settings};
    let (registry, site) = (Registry::start().await, Site::open());
    let alone =
        pulled(&site, &registry, "test/app", &stack(&["a", "b", "c"], Packing::Plain)).await;
    assert_eq!(alone.base, None);
    assert_eq!(kinds(&alone), [Run, Settings, Run, Settings, Run, Settings]);
    pulled(&site, &registry, "test/low", &stack(&["a"], Packing::Plain)).await;
    // Packed in another way it is other bytes on the wire and the same layers.
    let middle = pulled(&site, &registry, "test/middle", &stack(&["a", "b"], Packing::Gzip)).await;
    pulled(&site, &registry, "test/other", &stack(&["a", "x"], Packing::Plain)).await;
    pulled(&site, &registry, "test/twin", &stack(&["a", "b", "c", "d"], Packing::Plain)).await;
    let reference = alone.summary.reference.unwrap();
    let app = site.app.image_find(&reference, None).await.unwrap();
    let base = app.base.clone().unwrap();
    assert_eq!((base.how, base.layers, base.strata), (BaseHow::Local, 2, 4));
    assert_eq!(base.name, Some(middle.summary.familiar));
    assert_eq!(base.reference, middle.summary.reference);
    assert_eq!(base.manifest, Some(middle.summary.manifest));
    assert_eq!(kinds(&app), [Base, Settings, Base, Settings, Run, Settings]);
    let same_again =
        pulled(&site, &registry, "test/again", &stack(&["a", "b"], Packing::Plain)).await;
    let app = site.app.image_find(&reference, None).await.unwrap();
    let base = app.base.unwrap();
    assert_eq!(base.name, Some(same_again.summary.familiar), "the newest is named first");
    assert_eq!(base.other_names.len(), 1);
}

#[tokio::test]
async fn those_who_share_a_layer_are_named() {
    let (registry, site) = (Registry::start().await, Site::open());
    let one = pulled(&site, &registry, "test/one", &stack(&["a", "b"], Packing::Plain)).await;
    let two = pulled(&site, &registry, "test/two", &stack(&["x", "a"], Packing::Plain)).await;
    let ask = |image: &ImageDetail, at: usize| LayerSharersRead {
        manifest: image.summary.manifest.clone(),
        layer: image.strata[at].digest.clone().unwrap(),
    };
    let found = site.app.layer_sharers(ask(&one, 0)).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].layer, &found[0].manifest), (2, &two.summary.manifest));
    assert_eq!(found[0].names, std::slice::from_ref(&two.summary.familiar));
    assert_eq!(found[0].reference, two.summary.reference);
    assert!(site.app.layer_sharers(ask(&one, 2)).await.unwrap().is_empty());
    let named_twice = registry.push("test/two", "2", &stack(&["x", "a"], Packing::Plain)).await;
    site.pull(&named_twice).await;
    let found = site.app.layer_sharers(ask(&one, 0)).await.unwrap();
    assert_eq!((found.len(), found[0].names.len()), (1, 2), "one image with two names");
}
