use strata_app::api::PracticeState;

use crate::site::Site;

#[tokio::test]
async fn it_serves_while_it_is_on_and_keeps_its_samples() {
    let (site, address) = Site::with_practice().await;
    let images = site.app.practice_status().images;
    assert!(images.iter().all(|image| image.reference.starts_with(&address)));
    assert!(images.iter().all(|image| image.layer_count >= 3 && image.download_bytes > 0));
    let off = site.app.practice_switch(false).await;
    assert_eq!((off.state, off.address), (PracticeState::Off, None));
    let on = site.app.practice_switch(true).await;
    assert_eq!(on.images.len(), images.len());
    let again = site.app.practice_switch(true).await;
    assert_eq!(again.address, on.address, "switching on twice changes nothing");
}

#[tokio::test]
async fn a_store_that_cannot_be_made_is_told_and_can_be_tried_again() {
    let site = Site::open();
    let place = site.folder.path().join("practice");
    std::fs::write(&place, "in the way").unwrap();
    let failed = site.app.practice_switch(true).await;
    assert_eq!(failed.state, PracticeState::Failed);
    assert!(failed.error.is_some());
    std::fs::remove_file(&place).unwrap();
    assert_eq!(site.app.practice_switch(true).await.state, PracticeState::Running);
}
