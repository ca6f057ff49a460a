//! What a pull needs of memory, measured in a process of its own.

use std::process::Command;

use strata_testkit::{BuiltImage, Image, Layer, Packing, noise};

use crate::site::Site;

/// Tells the other process to be one.
const ROLE: &str = "STRATA_TEST_MEMORY";
const LAYER_BYTES: usize = 160 << 20;
/// Far less than the layer, far more than a pull should need, for registry and client together.
const ALLOWED_BYTES: u64 = 64 << 20;
/// A layer with a window of 128 MiB, and what fills the window.
const WIDE_BYTES: usize = 132 << 20;
/// One such window beside what a pull needs otherwise; two would not fit.
const ALLOWED_WITH_A_WINDOW: u64 = ALLOWED_BYTES + (132 << 20);

#[test]
fn a_large_layer_passes_through_little_memory() {
    in_a_process_of_its_own("memory::a_large_layer_passes_through_little_memory", || {
        let tar = Layer::new().file("big", noise(1, LAYER_BYTES)).tar();
        let image = Image::new().layer(tar, Packing::Zstd, "COPY").build();
        (image, ALLOWED_BYTES)
    });
}

#[test]
fn layers_with_large_windows_take_the_memory_of_one() {
    in_a_process_of_its_own("memory::layers_with_large_windows_take_the_memory_of_one", || {
        let mut image = Image::new();
        // Two that arrive in pieces, and two that arrive whole.
        for (number, noisy) in [(1, 100_000), (2, 100_000), (3, 10), (4, 10)] {
            let mut content = noise(number, noisy);
            content.resize(WIDE_BYTES, 7);
            let tar = Layer::new().file("zeros", content).tar();
            image = image.layer(tar, Packing::ZstdWide, "COPY");
        }
        (image.build(), ALLOWED_WITH_A_WINDOW)
    });
}

/// Pulls an image in another process, and looks that it took no more memory than allowed.
fn in_a_process_of_its_own(name: &str, make: impl FnOnce() -> (BuiltImage, u64)) {
    if std::env::var_os(ROLE).is_some() {
        return measure(make);
    }
    if !cfg!(target_os = "linux") {
        println!("skipped: only Linux tells the peak of a process");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let output =
        Command::new(this).args([name, "--exact", "--nocapture"]).env(ROLE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("measured"), "{said}");
}

fn measure(make: impl FnOnce() -> (BuiltImage, u64)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let site = Site::open().await;
        let allowed = {
            let (image, allowed) = make();
            site.serve("big:1", &image);
            allowed
        };
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = peak();
        site.pull("big:1").await.unwrap();
        let grown = peak().saturating_sub(before);
        assert!(grown < allowed, "{grown} bytes where {allowed} are allowed");
        println!("measured: {grown} bytes");
    });
}

/// The most memory that this process had since it was last asked to forget.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}
