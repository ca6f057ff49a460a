use std::path::{Path, PathBuf};

use crate::site::{Site, shell};

/// How a layer is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// An image on the test's registry, and the plain tar files of its layers, oldest first.
pub struct Image {
    pub reference: String,
    pub layers: Vec<PathBuf>,
    /// Compressed bytes of all layers.
    pub layer_bytes: u64,
}

/// Files of installed packages, as `dpkg` lists them.
pub const PACKAGE_FILES: &str = r"
    merged='s#^$#&#'; [ -L /bin ] && merged='s#^/(bin|sbin|lib|lib32|lib64)/#/usr/\1/#'
    for package in PACKAGES; do dpkg-query --listfiles $package; done | sed -E $merged | sort -u | while IFS= read -r file; do
      [ -e $file ] && printf '%s\n' ${file#/}; done >list || true
    sed -i '/^\.$/d;/^$/d' list
    tar -cf OUT -C / --no-recursion --format=FORMAT -T list
";

/// Odd names, kinds, owners, modes and times.
pub const ODDITIES: &str = r"
    mkdir -p odd/srv/odd; cd odd/srv/odd
    printf one >plain; ln plain hard; ln -s plain soft; ln -s /nowhere/at/all broken; mkfifo pipe
    printf x >'with space'; printf x >$'with\nnewline'; printf x >$'with\ttab'; printf x >한글.txt; printf x >$'bad\xff\xfename'
    printf x >'back\slash'; printf x >'quo\x22te'; printf x >'dollar$'; printf x >'-dash'
    mkdir sticky setgid; chmod 1777 sticky; chmod 2755 setgid; printf x >suid; chmod 4755 suid; printf x >none; chmod 0 none
    deep=$(printf 'folder-with-a-long-name-%03d/' $(seq 12)); mkdir -p $deep; printf deep >${deep}file
    printf x >$(printf 'n%.0s' $(seq 200)); ln -s $(printf 't%.0s' $(seq 180)) long-link
    touch -d '2024-02-29 12:34:56.123456789 UTC' with\ space; touch -d '1969-12-31 23:59:59 UTC' plain; touch -d '2040-01-01 UTC' none
    head -c 300000 /dev/urandom >random; : >empty
    cd ../../..; tar -cf OUT -C odd --format=posix --owner=:3000000 --group=:42 --sort=name .
";

/// Changes to what the oddities brought: overwritten, deleted, a folder emptied, a file where a folder was.
pub const CHANGES: &str = r"
    mkdir -p change/srv/odd/setgid change/srv/new; cd change/srv
    printf two >odd/plain; : >odd/.wh.soft; : >odd/setgid/.wh..wh..opq; printf in >odd/setgid/inside; : >odd/.wh.folder-with-a-long-name-001
    printf now >odd/sticky; printf new >new/file; printf x >'odd/with space'; chmod 600 'odd/with space'
    cd ../..; tar -cf OUT -C change --format=gnu --owner=:0 --group=:0 --sort=name --mtime='2025-01-01 UTC' srv
";

/// Makes the layers' tars with these scripts and pushes them as one image, with OCI media types or with Docker's.
pub fn push(site: &Site, name: &str, layers: &[(&str, Packing)], docker: bool) -> Image {
    let folder = site.path(&format!("make-{name}"));
    std::fs::create_dir_all(folder.join("oci/blobs/sha256")).unwrap();
    let (mut tars, mut descriptors, mut diff_ids, mut layer_bytes) =
        (Vec::new(), Vec::new(), Vec::new(), 0);
    for (number, (script, packing)) in layers.iter().enumerate() {
        let work = folder.join(format!("layer-{number}"));
        std::fs::create_dir_all(&work).unwrap();
        let tar = work.join("layer.tar");
        shell(&work, &script.replace("OUT", &tar.display().to_string()));
        let (command, kind) = match packing {
            Packing::Plain => ("cat", ""),
            Packing::Gzip => ("gzip -nc", "+gzip"),
            Packing::Zstd => ("zstd -qc", "+zstd"),
        };
        let packed = work.join("packed");
        shell(&work, &format!("{command} layer.tar >packed"));
        let media_type = format!("application/vnd.oci.image.layer.v1.tar{kind}");
        let (descriptor, size) = blob(&folder, &packed, &media_type);
        descriptors.push(descriptor);
        layer_bytes += size;
        diff_ids.push(format!("\"sha256:{}\"", hex(&tar)));
        tars.push(tar);
    }
    let config = config(&diff_ids);
    let reference = publish(site, &folder, name, &config, &descriptors, docker);
    Image { reference, layers: tars, layer_bytes }
}

fn publish(
    site: &Site,
    folder: &Path,
    name: &str,
    config: &str,
    layers: &[String],
    docker: bool,
) -> String {
    let config = document(folder, config, "application/vnd.oci.image.config.v1+json");
    let media_type = "application/vnd.oci.image.manifest.v1+json";
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{media_type}","config":{config},"layers":[{}]}}"#,
        layers.join(",")
    );
    let manifest = document(folder, &manifest, media_type);
    let oci = folder.join("oci");
    std::fs::write(oci.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{manifest}]}}"#);
    std::fs::write(oci.join("index.json"), index).unwrap();
    let reference = format!("{}/test/{name}:1", site.registry.address);
    // Docker's manifests cannot name zstd or plain layers; skopeo would pack those anew without the first option.
    let form = if docker { "--format v2s2" } else { "--preserve-digests" };
    let copy =
        format!("skopeo copy -q --dest-tls-verify=false {form} oci:oci docker://{reference}");
    shell(folder, &copy);
    reference
}

fn config(diff_ids: &[String]) -> String {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let history: Vec<String> = (0..diff_ids.len())
        .map(|number| {
            format!(r#"{{"created":"2025-01-01T00:00:00Z","created_by":"COPY layer-{number} /"}}"#)
        })
        .collect();
    format!(
        r#"{{"architecture":"{architecture}","os":"linux","config":{{"Cmd":["/bin/sh"]}},"rootfs":{{"type":"layers","diff_ids":[{}]}},"history":[{}]}}"#,
        diff_ids.join(","),
        history.join(",")
    )
}

fn document(folder: &Path, text: &str, media_type: &str) -> String {
    let file = folder.join("document");
    std::fs::write(&file, text).unwrap();
    blob(folder, &file, media_type).0
}

/// Moves a file among the blobs and returns its descriptor and size.
fn blob(folder: &Path, file: &Path, media_type: &str) -> (String, u64) {
    let (hex, size) = (hex(file), std::fs::metadata(file).unwrap().len());
    std::fs::rename(file, folder.join("oci/blobs/sha256").join(&hex)).unwrap();
    (format!(r#"{{"mediaType":"{media_type}","digest":"sha256:{hex}","size":{size}}}"#), size)
}

fn hex(file: &Path) -> String {
    let folder = file.parent().unwrap();
    let printed = shell(folder, &format!("sha256sum <'{}'", file.display()));
    printed.split(' ').next().unwrap().to_owned()
}

/// A script that takes the files of installed packages.
pub fn packages(names: &str, format: &str) -> String {
    PACKAGE_FILES.replace("PACKAGES", names).replace("FORMAT", format)
}
