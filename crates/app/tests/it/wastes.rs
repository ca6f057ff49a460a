//! Buried bytes of an image, as they are told with what would help.

use strata_app::api::{WasteFix, WasteRead};
use strata_testkit::{Image, Layer, Packing};

use crate::registry::{Registry, architecture};
use crate::site::Site;

#[tokio::test]
async fn pairs_of_layers_that_hide_no_bytes_need_no_remedy() {
    let registry = Registry::start().await;
    let image = Image::new()
        .platform("linux", architecture())
        .layer(Layer::new().file("a", "12345").file("empty", "").tar(), Packing::Gzip, "COPY . /")
        .layer(Layer::new().whiteout("empty").tar(), Packing::Gzip, "RUN rm /empty")
        .layer(Layer::new().whiteout("a").tar(), Packing::Gzip, "RUN rm /a")
        .build();
    let reference = registry.push("team/app", "1", &image).await;
    let site = Site::open();
    site.pull(&reference).await;
    let manifest = site.app.image_find(&reference, None).await.unwrap().summary.manifest;
    let report = site.app.waste(WasteRead { manifest }).await.unwrap();
    let arcs: Vec<_> =
        report.arcs.iter().map(|arc| (arc.layer, arc.by, arc.bytes, arc.fix)).collect();
    assert_eq!(arcs, [(1, 3, 5, WasteFix::CopyLess)]);
    assert_eq!(report.buried_bytes, 5);
}
