//! What a pull needs of memory, measured in a process of its own.

use std::process::Command;

use strata_testkit::{Image, Layer, Packing, noise};

use crate::site::Site;

/// Tells the other process to be one.
const ROLE: &str = "STRATA_TEST_MEMORY";
/// The test that is run there.
const NAME: &str = "memory::a_large_layer_passes_through_little_memory";
const LAYER_BYTES: usize = 160 << 20;
/// Far less than the layer, far more than a pull should need, for registry and client together.
const ALLOWED_BYTES: u64 = 64 << 20;

#[test]
fn a_large_layer_passes_through_little_memory() {
    if std::env::var_os(ROLE).is_some() {
        return measure();
    }
    if !cfg!(target_os = "linux") {
        println!("skipped: only Linux tells the peak of a process");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let output =
        Command::new(this).args([NAME, "--exact", "--nocapture"]).env(ROLE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("measured"), "{said}");
}

fn measure() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let site = Site::open().await;
        {
            let tar = Layer::new().file("big", noise(1, LAYER_BYTES)).tar();
            site.serve("big:1", &Image::new().layer(tar, Packing::Zstd, "COPY").build());
        }
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = peak();
        site.pull("big:1").await.unwrap();
        let grown = peak().saturating_sub(before);
        assert!(grown < ALLOWED_BYTES, "{grown} bytes for a layer of {LAYER_BYTES}");
        println!("measured: {grown} bytes");
    });
}

/// The most memory that this process had since it was last asked to forget.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}
