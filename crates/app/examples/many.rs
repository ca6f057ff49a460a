//! An image of very many files, to measure with: `many FOLDER FILES` writes it as an OCI image layout, tagged `many`. For
//! `cargo xtask bench tree`.
//!
//! Three layers: all files, empty, in folders of some dozens, with names of letters and digits; each thousandth of them
//! once more; a deletion of each ten-thousandth.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::json;
use strata_testkit::{BuiltImage, Image, Layer, Packing};

/// Files in one folder.
const FOLDER: usize = 40;
/// Folders in one folder.
const FOLDERS: usize = 100;

fn main() {
    let mut words = std::env::args().skip(1);
    let folder = words.next();
    let files = words.next().and_then(|word| word.parse().ok());
    let (Some(folder), Some(files)) = (folder, files) else {
        eprintln!("usage: many FOLDER FILES");
        std::process::exit(2);
    };
    if let Err(error) = write(Path::new(&folder), &image(files)) {
        eprintln!("The image could not be written to `{folder}`: {error}.");
        std::process::exit(1);
    }
}

fn image(files: usize) -> BuiltImage {
    let some = |every: usize| (0..files).step_by(every).map(path);
    let all = some(1).fold(Layer::new(), |layer, path| layer.file(path, b""));
    let again = some(1000).fold(Layer::new(), |layer, path| layer.file(path, b"again"));
    let gone = some(10_000).fold(Layer::new(), |layer, path| layer.whiteout(&path));
    Image::new()
        .layer(all.tar(), Packing::Gzip, "COPY files /srv")
        .layer(again.tar(), Packing::Gzip, "COPY newer /srv")
        .layer(gone.tar(), Packing::Gzip, "RUN rm some")
        .build()
}

/// The path of a file: the same number has the same one in every image.
fn path(number: usize) -> String {
    const WORDS: [&str; 8] =
        ["index", "README", "util", "stream", "parser", "types", "config", "lib"];
    const ENDS: [&str; 4] = ["js", "py", "md", "so"];
    let folder = number / FOLDER;
    let mixed = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24;
    format!(
        "srv/{:03}/package-{:02}/{}-{mixed:010x}.{}",
        folder / FOLDERS,
        folder % FOLDERS,
        WORDS[number % WORDS.len()],
        ENDS[number / 3 % ENDS.len()]
    )
}

fn write(folder: &Path, image: &BuiltImage) -> io::Result<()> {
    let blobs = folder.join("blobs").join("sha256");
    fs::create_dir_all(&blobs)?;
    for (digest, bytes) in &image.blobs {
        fs::write(blobs.join(digest.hex()), bytes)?;
    }
    fs::write(blobs.join(image.manifest_digest.hex()), &image.manifest)?;
    let index = json!({ "schemaVersion": 2, "manifests": [{
        "mediaType": image.media_type,
        "digest": image.manifest_digest,
        "size": image.manifest.len(),
        "annotations": { "org.opencontainers.image.ref.name": "many" },
    }] });
    fs::write(folder.join("index.json"), index.to_string())?;
    fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)
}
