//! Which way WebKit draws, where it would choose wrongly.

/// WebKitGTK's fast path needs a graphics device. Without one it shows an empty window on some systems, so this program
/// starts itself again with that path switched off. Must be called before anything else.
///
/// A person's own choice stands. So does the driver's: its screenshots need the fast path, with a device or without.
pub fn choose() {
    #[cfg(target_os = "linux")]
    linux::choose();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::env;
    use std::fs::{self, File};
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    const DRIVER: &str = "TAURI_WEBVIEW_AUTOMATION";
    /// Says that this is the second start.
    const AGAIN: &str = "STRATA_RENDERER_CHOSEN";

    pub fn choose() {
        let decided = [SWITCH, DRIVER, AGAIN].into_iter().any(|name| env::var_os(name).is_some());
        if decided || has_device(Path::new("/dev/dri")) {
            return;
        }
        let Ok(program) = env::current_exe() else { return };
        let mut again = Command::new(program);
        again.args(env::args_os().skip(1)).env(SWITCH, "1").env(AGAIN, "1");
        // Returns only if it fails; the window may still work.
        drop(again.exec());
    }

    /// Whether there is a device that this user may draw with.
    pub(super) fn has_device(folder: &Path) -> bool {
        let Ok(entries) = fs::read_dir(folder) else { return false };
        entries.flatten().any(|entry| {
            let is_render_node = entry.file_name().to_string_lossy().starts_with("renderD");
            is_render_node && File::options().read(true).write(true).open(entry.path()).is_ok()
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::linux::has_device;

    #[test]
    fn a_device_counts_only_if_it_can_be_drawn_with() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_device(&folder.path().join("missing")));
        assert!(!has_device(folder.path()));
        std::fs::write(folder.path().join("card0"), "").unwrap();
        assert!(!has_device(folder.path()));
        std::fs::write(folder.path().join("renderD128"), "").unwrap();
        assert!(has_device(folder.path()));
    }
}
