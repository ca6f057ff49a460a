//! What looking at a stored image takes: `explore STORE REFERENCE`. Prints one JSON object: milliseconds, processor
//! milliseconds, megabytes above a handle that has only been opened. For `cargo xtask bench tree`.

use std::time::Instant;

use strata_app::api::{
    FileQuery, FilesSearch, ImageDetail, OpenBase, Scope, SortBy, UserError, WasteRead,
};
use strata_app::{App, Options, Paths};

/// Words that are typed letter by letter.
const WORDS: [&str; 4] = ["readme.md", "libssl", "index.js", "zzz-nowhere"];

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let (Some(store), Some(reference)) = (words.next(), words.next()) else {
        eprintln!("usage: explore STORE REFERENCE");
        std::process::exit(2);
    };
    match explore(store.into(), &reference).await {
        Ok(text) => println!("{text}"),
        Err(error) => {
            eprintln!("{error:?}");
            std::process::exit(1);
        }
    }
}

async fn explore(store: std::path::PathBuf, reference: &str) -> Result<String, UserError> {
    let app = App::open(Paths::from_environment(Some(store)), Options::default())?;
    let idle = megabytes();
    let begun = Meter::begin();
    let image = app.image_find(reference, None).await?;
    let layers = image.summary.layer_count;
    app.file_rows(query(&image, layers, Scope::Layer)).await?;
    let (open_ms, open_cpu_ms) = begun.end();
    let open_megabytes = megabytes() - idle;
    let begun = Meter::begin();
    let rows = app.file_rows(query(&image, layers, Scope::UpTo)).await?;
    let (system_ms, system_cpu_ms) = begun.end();
    let system_megabytes = megabytes() - idle;
    let begun = Meter::begin();
    let manifest = image.summary.manifest.clone();
    let waste = app.waste(WasteRead { manifest }).await?;
    let (waste_ms, waste_cpu_ms) = begun.end();
    let mut keys = Vec::new();
    for word in WORDS {
        for end in 1..=word.len() {
            let manifest = image.summary.manifest.clone();
            let begun = Instant::now();
            app.files_search(FilesSearch { manifest, text: word[..end].to_owned(), limit: 100 })
                .await?;
            keys.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
    }
    keys.sort_by(f64::total_cmp);
    let key = |part: usize| keys[(keys.len() - 1) * part / 100];
    Ok(serde_json::json!({
        "files": rows.files,
        "openMs": open_ms, "openCpuMs": open_cpu_ms, "openMegabytes": open_megabytes,
        "systemMs": system_ms, "systemCpuMs": system_cpu_ms, "systemMegabytes": system_megabytes,
        "wasteMs": waste_ms, "wasteCpuMs": waste_cpu_ms,
        "diveWastedBytes": waste.dive_wasted_bytes,
        "keyMedianMs": key(50), "key95Ms": key(95), "keyWorstMs": key(100),
    })
    .to_string())
}

fn query(image: &ImageDetail, layer: usize, scope: Scope) -> FileQuery {
    FileQuery {
        manifest: image.summary.manifest.clone(),
        layer,
        scope,
        sort: SortBy::Name,
        filter: String::new(),
        base: OpenBase::Closed,
        except: Vec::new(),
        from: 0,
        count: 100,
    }
}

/// From a moment to another, by the clock and by the processor.
struct Meter {
    begun: Instant,
    processor: f64,
}

impl Meter {
    fn begin() -> Self {
        Self { begun: Instant::now(), processor: processor_ms() }
    }

    fn end(&self) -> (f64, f64) {
        (self.begun.elapsed().as_secs_f64() * 1000.0, processor_ms() - self.processor)
    }
}

/// Processor time of all threads that are alive, from Linux's own books.
#[allow(clippy::cast_precision_loss)] // Milliseconds with some digits are enough.
fn processor_ms() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let time = |path: std::path::PathBuf| -> Option<u64> {
        std::fs::read_to_string(path.join("schedstat")).ok()?.split(' ').next()?.parse().ok()
    };
    let sum: u64 = tasks.flatten().filter_map(|task| time(task.path())).sum();
    sum as f64 / 1_000_000.0
}

/// What of this process is in memory, without files that are only mapped.
#[allow(clippy::cast_precision_loss)]
fn megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kibibytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kibibytes.unwrap_or(0) as f64 / 1024.0
}
