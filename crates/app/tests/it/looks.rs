use strata_app::api::ErrorCode;

use crate::site::Site;

#[tokio::test]
async fn a_look_shows_an_image_and_stores_nothing() {
    let (site, address) = Site::with_practice().await;
    let reference = format!("{address}/practice/greeter:1.0");
    let look = site.app.look(&reference, None).await.unwrap();
    assert_eq!(look.plan.strata.iter().filter(|stratum| stratum.layer.is_some()).count(), 4);
    assert_eq!(look.settings.ports, ["8080/tcp"]);
    assert!(look.here.is_empty() && look.offers.is_empty());
    assert!(site.app.images_list().await.unwrap().images.is_empty());
    // hello stands on the same two layers.
    site.pull(&format!("{address}/practice/hello:1.0")).await;
    let look = site.app.look(&reference, None).await.unwrap();
    assert_eq!(look.here.len(), 2);
    assert!(look.plan.already_here_bytes > 0);
    let manifest = site.app.manifest_bytes(&reference, None).await.unwrap();
    assert_eq!(strata_spec::Digest::sha256_of(&manifest).to_string(), look.plan.target);
    let config = site.app.config_bytes(&reference, None).await.unwrap();
    assert!(String::from_utf8(config).unwrap().contains("rootfs"));
    let other = site.app.look(&reference, Some("linux/s390x")).await.unwrap_err();
    assert_eq!(other.code, ErrorCode::PlatformMissing);
}

#[tokio::test]
async fn tags_are_listed_with_what_is_here_and_followed_one_by_one() {
    let (site, address) = Site::with_practice().await;
    let repository = format!("{address}/practice/hello");
    let tags = site.app.tags_list(&repository).await.unwrap();
    assert!(tags.is_complete);
    assert_eq!(tags.repository, repository);
    let names: Vec<_> = tags.tags.iter().map(|tag| (tag.name.as_str(), tag.is_here)).collect();
    assert_eq!(names, [("1.0", false)]);
    let target = site.app.tag_target(&format!("{repository}:1.0")).await.unwrap();
    assert_eq!(target.here, None);
    site.pull(&format!("{repository}:1.0")).await;
    assert!(site.app.tags_list(&repository).await.unwrap().tags[0].is_here);
    let target = site.app.tag_target(&format!("{repository}:1.0")).await.unwrap();
    assert_eq!(target.here, Some(target.digest));
    let unknown = site.app.tags_list(&format!("{address}/practice/nowhere")).await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::RepositoryUnknown);
    let unknown = site.app.tag_target(&format!("{repository}:9")).await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::TagUnknown);
}
