use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::image::{self, Image, ODDITIES, Packing};
use crate::proxy::Proxy;
use crate::site::{Site, output, prints};

/// How often a pull is killed, unless `STRATA_KILLS` says more.
const KILLS: u32 = 5;
const SLACK: u64 = 64 * 1024;
const A_LAYER: u64 = 1024 * 1024;

fn some_megabytes(site: &Site) -> Image {
    let (first, second) =
        (image::packages("coreutils bash", "gnu"), image::packages("perl-base dpkg", "posix"));
    image::push(
        site,
        "large",
        &[(&first, Packing::Gzip), (&second, Packing::Zstd), (ODDITIES, Packing::Plain)],
        false,
    )
}

#[test]
fn a_killed_pull_leaves_the_store_whole_and_the_next_one_goes_on() {
    let Some(site) = Site::open() else { return };
    let image = some_megabytes(&site);
    let proxy = Proxy::before(&site.registry.address, Some(4_000_000));
    let reference = image.reference.replace(&site.registry.address, &proxy.address);
    let begun = Instant::now();
    site.strata_prints(&["pull", &reference]);
    let whole = begun.elapsed();
    let kills =
        std::env::var("STRATA_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let mut random = Random::start();
    for round in 0..kills {
        fs::remove_dir_all(site.store()).unwrap();
        let after = whole.mul_f64(random.below_one());
        kill_a_pull(&site, &reference, after);
        proxy.take_answered();
        let said =
            format!("round {round}, killed after {after:?} of {whole:?}, seed {}", random.seed);
        holds_no_half_image(&site, &reference, &said);
        let kept =
            bytes_below(&site.store().join("ingest")) + bytes_below(&site.store().join("blobs"));
        prints(&mut site.strata(&["pull", &reference]));
        let layers = image.layers.len() as u64;
        let most = image.layer_bytes.saturating_sub(kept) + layers * A_LAYER + SLACK;
        let answered = proxy.take_answered();
        assert!(
            answered <= most,
            "{said}: {answered} bytes came, {most} were enough, {kept} were kept"
        );
        is_whole(&site, &reference, &said);
    }
}

#[test]
fn two_pulls_of_one_image_share_the_work_and_both_succeed() {
    let Some(site) = Site::open() else { return };
    let image = some_megabytes(&site);
    let proxy = Proxy::before(&site.registry.address, Some(8_000_000));
    let reference = image.reference.replace(&site.registry.address, &proxy.address);
    let start = || {
        site.strata(&["pull", &reference])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let (one, two) = (start(), start());
    for pull in [one, two] {
        let ended = pull.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    let most = image.layer_bytes + A_LAYER + SLACK;
    let answered = proxy.take_answered();
    assert!(answered <= most, "{answered} bytes came for both, {most} were enough");
    is_whole(&site, &reference, "two at once");
}

fn kill_a_pull(site: &Site, reference: &str, after: Duration) {
    let mut pull = site
        .strata(&["pull", reference])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(after);
    pull.kill().unwrap();
    pull.wait().unwrap();
}

/// The store is read by both, and either has all of the image or nothing of it.
fn holds_no_half_image(site: &Site, reference: &str, said: &str) {
    let images = String::from_utf8(site.strata_prints(&["images", "--json"])).unwrap();
    if images.contains(reference) {
        is_whole(site, reference, said);
        return;
    }
    let place = format!("oci:{}:{reference}", site.store().display());
    let inspected = output(Command::new("skopeo").args(["inspect", "--raw", &place]));
    assert!(!inspected.status.success(), "{said}: skopeo sees an image that is not there");
    let index = fs::read(site.store().join("index.json")).unwrap();
    assert!(
        serde_json::from_slice::<serde_json::Value>(&index).is_ok(),
        "{said}: index.json is broken"
    );
}

fn is_whole(site: &Site, reference: &str, said: &str) {
    let copy = site.path("copied");
    if copy.exists() {
        fs::remove_dir_all(&copy).unwrap();
    }
    let place = format!("oci:{}:{reference}", site.store().display());
    let copied = output(Command::new("skopeo").args([
        "copy",
        "-q",
        &place,
        &format!("dir:{}", copy.display()),
    ]));
    assert!(copied.status.success(), "{said}: {}", String::from_utf8_lossy(&copied.stderr));
}

fn bytes_below(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => bytes_below(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Enough of chance to pick moments with.
struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    fn start() -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let seed = u64::from(now.subsec_nanos()) | 1;
        Self { seed, state: seed }
    }

    fn below_one(&mut self) -> f64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        f64::from(u32::try_from(self.state >> 32).unwrap()) / f64::from(u32::MAX)
    }
}
