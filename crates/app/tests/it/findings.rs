//! Packages and secrets of an image whose layers replace and delete each other's files.

use strata_app::api::{
    FilePreviewRead, FindingsRead, Outcome, SbomFormat, SbomSave, Scope, SecretPlace,
};
use strata_testkit::{Image, Layer, Packing};

use crate::registry::{Registry, architecture};
use crate::site::Site;

fn status(packages: &[(&str, &str)]) -> String {
    let entry = |(name, version): &(&str, &str)| {
        format!(
            "Package: {name}\nStatus: install ok installed\nVersion: {version}\nArchitecture: amd64\n\n"
        )
    };
    packages.iter().map(entry).collect()
}

async fn site() -> (Site, String) {
    let registry = Registry::start().await;
    // Put together here, so that no scanner takes this file for one that leaks it.
    let key = format!("AKIA{}", "Z7LWQ3NPX2MVTRJH");
    let base = Layer::new()
        .file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n")
        .file("var/lib/dpkg/status", status(&[("libc6", "2.36"), ("old", "1")]))
        .file("root/.env", format!("AWS_ACCESS_KEY_ID={key}\n"));
    let top = Layer::new()
        .file("var/lib/dpkg/status", status(&[("libc6", "2.36"), ("curl", "7.88")]))
        .whiteout("root/.env");
    let image = Image::new()
        .platform("linux", architecture())
        .layer(base.tar(), Packing::Gzip, "ADD rootfs.tar /")
        .layer(top.tar(), Packing::Gzip, "RUN apt-get install curl")
        .build();
    let reference = registry.push("team/app", "1", &image).await;
    let site = Site::open();
    let outcome = site.pull(&reference).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    let manifest = site.app.image_find(&reference, None).await.unwrap().summary.manifest;
    (site, manifest)
}

#[tokio::test]
async fn packages_are_told_with_the_layer_that_brought_them() {
    let (site, manifest) = site().await;
    let id = site.app.inspect_start(&FindingsRead { manifest: manifest.clone() }).unwrap();
    let outcome = site.outcome(id).await;
    assert_eq!(outcome, Outcome::Inspected { manifest: manifest.clone() });
    let found = site.app.findings(FindingsRead { manifest: manifest.clone() }).await.unwrap();
    assert_eq!(found.distribution.as_deref(), Some("Debian 12"));
    let packages: Vec<_> = found
        .packages
        .iter()
        .map(|package| (package.name.as_str(), package.version.as_str(), package.layer))
        .collect();
    assert_eq!(packages, [("curl", "7.88", 2), ("libc6", "2.36", 1)]);
    assert!(found.packages[0].purl.starts_with("pkg:deb/debian/curl@7.88"), "{:?}", found.packages);
    for (format, member) in [(SbomFormat::Spdx, "packages"), (SbomFormat::Cyclonedx, "components")]
    {
        let text = site.app.sbom(&manifest, format).await.unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(document[member].as_array().is_some_and(|all| all.len() >= 2), "{text}");
    }
    let folder = site.folder.path().display().to_string();
    let wanted = SbomSave { manifest, format: SbomFormat::Spdx, folder };
    let saved = site.app.sbom_save(wanted).await.unwrap();
    assert!(saved.path.ends_with(".spdx.json") && saved.bytes > 0, "{saved:?}");
}

#[tokio::test]
async fn lists_for_other_tools_count_layers_from_1() {
    let (site, manifest) = site().await;
    let text = site.app.sbom(&manifest, SbomFormat::Spdx).await.unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let packages = document["packages"].as_array().unwrap();
    let curl = packages.iter().find(|package| package["name"] == "curl").unwrap();
    assert!(curl["comment"].as_str().unwrap().starts_with("layer 2, sha256:"), "{curl}");
    let text = site.app.sbom(&manifest, SbomFormat::Cyclonedx).await.unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let components = document["components"].as_array().unwrap();
    let libc = components.iter().find(|component| component["name"] == "libc6").unwrap();
    let layer = serde_json::json!({ "name": "strata:layer", "value": "1" });
    assert!(libc["properties"].as_array().unwrap().contains(&layer), "{libc}");
}

#[tokio::test]
async fn a_secret_that_a_later_layer_deletes_is_found_and_its_bytes_are_there() {
    let (site, manifest) = site().await;
    let found = site.app.findings(FindingsRead { manifest: manifest.clone() }).await.unwrap();
    let secret = found.secrets.iter().find(
        |secret| matches!(&secret.place, SecretPlace::File { path, .. } if path == "root/.env"),
    );
    let secret = secret.unwrap_or_else(|| panic!("{:?}", found.secrets));
    let SecretPlace::File { layer, row, hidden_by, .. } = &secret.place else {
        panic!("{secret:?}")
    };
    assert_eq!((*layer, *hidden_by), (1, Some(2)));
    assert!(!secret.masked.contains("Z7LWQ3NPX2MVTRJH"), "{}", secret.masked);
    let id = row.unwrap();
    let wanted = FilePreviewRead { manifest, layer: 1, scope: Scope::Layer, id, max_bytes: 1000 };
    let text = site.app.file_preview(wanted).await.unwrap().text.unwrap();
    assert!(text.contains("Z7LWQ3NPX2MVTRJH"));
}
