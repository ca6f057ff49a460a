use std::sync::Arc;

use strata_registry::{Fault, Faults};
use strata_transfer::TransferError;
use tokio_util::sync::CancellationToken;

use crate::reporter::Told;
use crate::resuming::large;
use crate::site::Site;

/// Where the registry falls silent.
const SILENT: u64 = 2_500_000;

async fn stalled() -> (Site, strata_testkit::BuiltImage) {
    let site = Site::open().await;
    let image = large();
    site.serve("app:1", &image);
    let blob = format!("GET /blobs/{}", image.layers[0].0);
    site.fail(Faults::none().always(&blob, Fault::Stall { after: SILENT }));
    (site, image)
}

#[tokio::test]
async fn a_stopped_pull_keeps_what_came_and_the_next_goes_on() {
    let (site, image) = stalled().await;
    let (told, stop) = (Arc::new(Told::new()), CancellationToken::new());
    let pulling = site.pull_telling("app:1", told.clone(), stop.clone());
    let stopping = async {
        told.has_come(SILENT).await;
        stop.cancel();
    };
    let (ended, ()) = tokio::join!(pulling, stopping);
    let error = ended.unwrap_err();
    assert!(matches!(error, TransferError::Stopped), "{error:?}");
    site.has_nothing_of(&image);
    site.fail(Faults::none());
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
    let expected = [None, Some(format!("bytes={SILENT}-"))];
    assert_eq!(site.asked(&image.layers[0].0), expected);
}

#[tokio::test]
async fn a_pull_that_nobody_waits_for_keeps_what_came() {
    let (site, image) = stalled().await;
    let told = Arc::new(Told::new());
    tokio::select! {
        ended = site.pull_telling("app:1", told.clone(), CancellationToken::new()) => panic!("{ended:?}"),
        () = told.has_come(SILENT) => {}
    }
    site.has_nothing_of(&image);
    site.fail(Faults::none());
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
    let expected = [None, Some(format!("bytes={SILENT}-"))];
    assert_eq!(site.asked(&image.layers[0].0), expected);
}

#[tokio::test]
async fn a_pull_that_waits_for_another_can_be_stopped_alone() {
    let (site, image) = stalled().await;
    let (told, first_stop) = (Arc::new(Told::new()), CancellationToken::new());
    let second_stop = CancellationToken::new();
    let first = site.pull_telling("app:1", told.clone(), first_stop.clone());
    let second = async {
        told.has_come(SILENT).await;
        let waiting = Arc::new(Told::new());
        let pulling = site.pull_telling("app:1", waiting.clone(), second_stop.clone());
        let stopping = async {
            // The plan is there: the layer is being asked for, and another has it.
            while waiting.states(&image.layers[0].0).is_empty() {
                tokio::task::yield_now().await;
            }
            second_stop.cancel();
        };
        let (ended, ()) = tokio::join!(pulling, stopping);
        first_stop.cancel();
        ended
    };
    let (first, second) = tokio::join!(first, second);
    assert!(matches!(first, Err(TransferError::Stopped)), "{first:?}");
    assert!(matches!(second, Err(TransferError::Stopped)), "{second:?}");
    assert_eq!(site.asked(&image.layers[0].0).len(), 1);
}

#[tokio::test]
async fn a_pull_that_is_stopped_before_it_begins_asks_nothing() {
    let (site, _) = stalled().await;
    let stop = CancellationToken::new();
    stop.cancel();
    let ended = site.pull_telling("app:1", Arc::new(Told::new()), stop).await;
    assert!(matches!(ended, Err(TransferError::Stopped)), "{ended:?}");
    assert_eq!(site.server.log(), []);
}

#[test]
fn after_a_stop_no_thread_goes_on_working() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let site = runtime.block_on(async {
        let (site, _) = stalled().await;
        let (told, stop) = (Arc::new(Told::new()), CancellationToken::new());
        let pulling = site.pull_telling("app:1", told.clone(), stop.clone());
        let stopping = async {
            told.has_come(SILENT).await;
            stop.cancel();
        };
        let (ended, ()) = tokio::join!(pulling, stopping);
        ended.unwrap_err();
        site
    });
    // To end a runtime is to wait for all its threads; the server still holds its end of the connection open.
    drop(runtime);
    drop(site);
}
