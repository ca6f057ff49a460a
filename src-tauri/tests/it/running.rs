use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use strata_app::api::{CHANGED_EVENT, JobState, PullStart};
use strata_app::{App, Options};
use strata_desktop::{Shell, build_app, context};
use tauri::test::mock_builder;
use tauri::{Listener, Manager, RunEvent};

use crate::site::paths;

#[test]
fn closing_the_window_puts_down_what_is_at_work_and_the_page_hears_of_all() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.json"), r#"{ "practiceRegistry": false }"#)
        .unwrap();
    let app = App::open(paths(&folder), Options::default()).unwrap();
    // Who connects here waits for ever.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let reference = format!("{}/app:1", silent.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let shell = build_app(mock_builder(), Shell::new(Ok(app.clone()))).build(context()).unwrap();
    let (pulling, topics) = (app.clone(), Arc::clone(&heard));
    shell.run_return(move |handle, event| match event {
        RunEvent::Ready => {
            let topics = Arc::clone(&topics);
            handle.listen_any(CHANGED_EVENT, move |event| {
                topics.lock().unwrap().push(event.payload().to_owned());
            });
            let wanted = PullStart { reference: reference.clone(), platform: None };
            tauri::async_runtime::block_on(async { pulling.pull_start(wanted) }).unwrap();
            handle.get_webview_window("main").expect("setup opens the window").close().unwrap();
        }
        RunEvent::Exit => assert_eq!(pulling.jobs_running(), 0, "the window went before the job"),
        _ => {}
    });
    assert_eq!(app.jobs_list()[0].state, JobState::Paused, "the next window finds it");
    let heard = heard.lock().unwrap();
    assert!(heard.iter().any(|topic| topic == "\"jobs\""), "{heard:?}");
}
