//! Paths as a person types them.

use std::os::unix::fs::MetadataExt;

use strata_testkit::{Image, Layer, Packing};

use crate::site::{Registry, Site, architecture};

/// `/bin` is a link to `usr/bin`, as most distributions have it; a later layer deletes a file.
fn merged_usr() -> (Registry, Site, String) {
    let base = Layer::new()
        .dir("usr")
        .dir("usr/bin")
        .file("usr/bin/bash", "shell")
        .symlink("usr/bin/sh", "bash")
        .file("usr/bin/old", "old")
        .symlink("bin", "usr/bin");
    let above = Layer::new().file("usr/bin/bash", "newer shell").whiteout("usr/bin/old");
    let image = Image::new()
        .platform("linux", architecture())
        .layer(base.tar(), Packing::Gzip, "ADD base /")
        .layer(above.tar(), Packing::Gzip, "RUN upgrade")
        .build();
    let (registry, site) = (Registry::start(), Site::open());
    let reference = registry.push("test/usr", "1", &image);
    site.prints(&["pull", &reference]);
    (registry, site, reference)
}

#[test]
fn links_on_the_way_to_a_path_are_followed_by_every_command() {
    let (_registry, site, reference) = merged_usr();
    let who = site.document(&["who", &reference, "/bin/bash", "--json"]);
    assert_eq!(who.as_array().unwrap().len(), 2, "{who}");
    let deleted = site.document(&["who", &reference, "/bin/old", "--json"]);
    assert_eq!(deleted[1]["change"], "deleted");
    let listed = site.lines(&["files", &reference, "/bin/bash", "--json"]);
    assert_eq!(listed[0]["path"], "usr/bin/bash");
    // The link itself, and what it leads to.
    assert_eq!(site.lines(&["files", &reference, "/bin", "--json"]).len(), 1);
    assert_eq!(site.lines(&["files", &reference, "/bin/", "--json"]).len(), 3);
    let changed = site.lines(&["files", &reference, "/bin/bash", "--layer", "2", "--json"]);
    assert_eq!(changed[0]["change"], "changed");
    for (path, name) in [("/bin", "folder"), ("/bin/bash", "file"), ("/bin/sh", "link")] {
        let out = site.path(name);
        site.prints(&["export", &reference, path, out.to_str().unwrap()]);
        let bash = if name == "folder" { out.join("bash") } else { out };
        assert_eq!(std::fs::read_to_string(bash).unwrap(), "newer shell");
    }
}

#[test]
fn a_path_that_is_not_there_is_told_with_its_image_and_a_deletion_only_where_there_is_one() {
    let (_registry, site, reference) = merged_usr();
    let out = site.path("out");
    let out = out.to_str().unwrap();
    let commands: [&[&str]; 3] = [&["files"], &["cat"], &["export"]];
    for command in commands {
        let asked = |path: &str, more: &[&str]| {
            let place: &[&str] = if command[0] == "export" { &[out] } else { &[] };
            let ended = site.run(&[command, &[&reference, path], place, more].concat());
            assert_eq!(ended.code, Some(1), "{}", ended.said);
            ended.said
        };
        let nowhere = asked("usr/nothing", &[]);
        assert!(nowhere.contains(&format!("{reference} has no usr/nothing.")), "{nowhere}");
        assert!(!nowhere.contains("layer"), "{nowhere}");
        let deleted = asked("usr/bin/old", &[]);
        assert!(
            deleted.contains("layer 2 deletes it") && deleted.contains("--layer 1"),
            "{deleted}"
        );
        let early = asked("usr/nothing", &["--layer", "1"]);
        assert!(early.contains("has no usr/nothing"), "{early}");
    }
    let who = site.run(&["who", &reference, "usr/nothing"]).said;
    assert!(who.contains(&reference) && !who.contains("--layer"), "{who}");
    for path in ["", "/"] {
        let folder = site.run(&["cat", &reference, path]);
        assert_eq!(folder.code, Some(1));
        assert!(folder.said.starts_with("strata: / has no content"), "{}", folder.said);
    }
}

#[test]
fn a_destination_that_is_taken_is_told_so_and_left_as_it_is() {
    let (_registry, site, reference) = merged_usr();
    std::fs::write(site.path("file"), "mine").unwrap();
    std::fs::create_dir(site.path("folder")).unwrap();
    std::fs::write(site.path("folder/mine"), "mine").unwrap();
    for (path, name) in [("/usr/bin/bash", "file"), ("/", "folder")] {
        let out = site.path(name);
        let ended = site.run(&["export", &reference, path, out.to_str().unwrap()]);
        assert_eq!(ended.code, Some(1));
        assert!(
            ended.said.contains(name) && ended.said.contains("Nothing was written"),
            "{}",
            ended.said
        );
        assert!(!ended.said.contains("entity"), "{}", ended.said);
    }
    assert_eq!(std::fs::read_to_string(site.path("file")).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(site.path("folder")).unwrap().count(), 1);
}

#[test]
fn what_is_exported_keeps_the_times_of_links_and_for_root_the_owners() {
    let layer = Layer::new()
        .time(86_400)
        .owner(1234, 42)
        .file("a", "text")
        .symlink("link", "a")
        .dir("folder");
    let image = Image::new().platform("linux", architecture());
    let image = image.layer(layer.tar(), Packing::Gzip, "COPY . /").build();
    let (registry, site) = (Registry::start(), Site::open());
    let reference = registry.push("test/owned", "1", &image);
    site.prints(&["pull", &reference]);
    let out = site.path("out");
    site.prints(&["export", &reference, "/", out.to_str().unwrap()]);
    let is_root = out.metadata().unwrap().uid() == 0;
    for name in ["a", "link", "folder"] {
        let data = out.join(name).symlink_metadata().unwrap();
        assert_eq!(data.mtime(), 86_400, "{name}");
        if is_root {
            assert_eq!((data.uid(), data.gid()), (1234, 42), "{name}");
        }
    }
}
