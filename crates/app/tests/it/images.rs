use strata_app::api::{ErrorCode, ImageRead, StratumKind};

use crate::site::Site;

#[tokio::test]
async fn a_picture_lines_up_history_and_layers() {
    let (_site, image) = Site::sample("hello").await;
    let strata = &image.strata;
    let layers: Vec<_> = strata.iter().filter_map(|stratum| stratum.layer).collect();
    assert_eq!(layers, [1, 2, 3]);
    assert_eq!(strata[0].kind, StratumKind::Base);
    assert_eq!(strata[1].kind, StratumKind::Settings);
    assert_eq!(
        (strata[1].instruction.as_str(), strata[1].size_bytes),
        ("ENV GREETING=en", Some(0))
    );
    assert!(strata[3].instruction.starts_with("RUN echo"));
    assert!(strata.iter().filter(|stratum| stratum.layer.is_some()).all(|stratum| {
        stratum.size_bytes >= Some(1024) && stratum.download_bytes > 0 && stratum.digest.is_some()
    }));
    assert_eq!(image.settings.command, ["cat", "/greetings/en.txt"]);
    assert!(image.settings.env.contains(&"GREETING=en".to_owned()));
    assert_eq!(image.summary.layer_count, 3);
    assert!(image.summary.runs_here);
}

#[tokio::test]
async fn two_images_on_the_same_layers_share_them() {
    let (site, address) = Site::with_practice().await;
    for name in ["hello", "greeter"] {
        site.pull(&format!("{address}/practice/{name}:1.0")).await;
    }
    let list = site.app.images_list().await.unwrap();
    assert_eq!(list.images.len(), 2);
    let all: u64 = list.images.iter().map(|image| image.download_bytes).sum();
    assert_eq!(list.totals.image_bytes, all);
    let shared = list.images[0].shared_bytes;
    assert!(shared > 0 && shared == list.images[1].shared_bytes);
    assert_eq!(list.totals.saved_bytes, shared);
    for image in &list.images {
        assert_eq!(image.only_here_bytes + image.shared_bytes, image.download_bytes);
    }
    let hello = site.app.image_find(&format!("{address}/practice/hello:1.0"), None).await.unwrap();
    let with: Vec<_> = hello.strata.iter().map(|stratum| stratum.shared_with).collect();
    assert_eq!(with, [1, 0, 1, 0, 0]);
}

#[tokio::test]
async fn an_image_is_found_by_name_by_digest_and_by_digits() {
    let (site, image) = Site::sample("greeter").await;
    let summary = &image.summary;
    let reference = summary.reference.clone().unwrap();
    let digits = summary.manifest.strip_prefix("sha256:").unwrap();
    for text in [&reference, &summary.manifest, &digits[..12], &digits[..3], &summary.image_id] {
        let found = site.app.image_find(text, None).await.unwrap();
        assert_eq!(found.summary.manifest, summary.manifest, "{text}");
    }
    for (text, code) in [
        ("nothing:here", ErrorCode::ImageUnknown),
        ("sha256:ffffffff", ErrorCode::ImageUnknown),
        ("", ErrorCode::ReferenceInvalid),
        ("  ", ErrorCode::ReferenceInvalid),
    ] {
        let error = site.app.image_find(text, None).await.unwrap_err();
        assert_eq!(error.code, code, "{text}");
    }
    let elsewhere = site.app.image_find(&reference, Some("linux/s390x")).await.unwrap_err();
    assert_eq!(elsewhere.code, ErrorCode::ImageUnknown);
    let wrong = ImageRead { manifest: "../../etc/passwd".to_owned(), reference: None };
    assert_eq!(site.app.image_read(wrong).await.unwrap_err().code, ErrorCode::ImageUnknown);
}
