//! The window itself: made from `tauri.conf.json`, showing the app's own files and nothing else.

use tauri::webview::NewWindowResponse;
use tauri::{App, Runtime, Url, WebviewWindowBuilder};

/// Opens every window of the configuration.
pub fn open<R: Runtime>(tauri: &App<R>) -> tauri::Result<()> {
    for config in &tauri.config().app.windows {
        WebviewWindowBuilder::from_config(tauri, config)?
            .on_navigation(is_own)
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .build()?;
    }
    Ok(())
}

/// Whether an address is one of the app's own files. What an image says about itself may hold any link.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows has no schemes of one's own.
        "http" => {
            cfg!(windows) && url.host_str() == Some("tauri.localhost") && url.port().is_none()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_window_goes_nowhere_but_to_its_own_files() {
        let is_own = |text: &str| is_own(&Url::parse(text).unwrap());
        assert!(is_own("tauri://localhost/index.html#/images"));
        for other in [
            "https://example.com/",
            "http://localhost:5150/v2/",
            "http://tauri.localhost.example.com/",
            "http://tauri.localhost:8080/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "tauri://elsewhere/",
            "about:blank",
        ] {
            assert!(!is_own(other), "{other}");
        }
    }
}
