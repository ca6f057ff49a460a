use strata_app::FileSelection;
use strata_app::api::{FileQuery, FileRow, OpenBase, OwnerName, OwnersRead, Scope, SortBy};
use strata_testkit::{BuiltImage, Image, Layer, Packing};

use crate::registry::{Registry, architecture};
use crate::site::Site;

/// `cap_net_raw+ep`.
const NET_RAW: [u8; 20] = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

fn image() -> BuiltImage {
    let system = Layer::new()
        .file("etc/passwd", "root:x:0:0::/:\napp:x:1000:1000::/:\n")
        .file("etc/group", "root:x:0:\nstaff:x:50:\n")
        .pax(&[("SCHILY.xattr.security.capability", &NET_RAW), ("SCHILY.xattr.user.note", b"x")])
        .file("usr/bin/ping", "ping")
        .owner(1000, 50)
        .file("srv/app", [0; 3000])
        .mode(0o4755)
        .owner(0, 0)
        .file("usr/bin/su", "su");
    let image = Image::new().platform("linux", architecture());
    let image = image.layer(system.tar(), Packing::Gzip, "ADD system /");
    // A later layer knows one user more.
    let users = Layer::new().file("etc/passwd", "root:x:0:0::/:\nweb:x:1000:1000::/:\n");
    image.layer(users.tar(), Packing::Gzip, "RUN adduser web").build()
}

struct Pulled {
    site: Site,
    reference: String,
    manifest: String,
}

async fn pulled() -> Pulled {
    let (registry, site) = (Registry::start().await, Site::open());
    let reference = registry.push("test/app", "1", &image()).await;
    site.pull(&reference).await;
    let manifest = site.app.image_find(&reference, None).await.unwrap().summary.manifest;
    Pulled { site, reference, manifest }
}

impl Pulled {
    async fn rows(&self, filter: &str, sort: SortBy) -> Vec<FileRow> {
        let query = FileQuery {
            manifest: self.manifest.clone(),
            layer: 2,
            scope: Scope::UpTo,
            sort,
            filter: filter.to_owned(),
            base: OpenBase::Open,
            except: Vec::new(),
            from: 0,
            count: 100,
        };
        self.site.app.file_rows(query).await.unwrap().rows
    }

    async fn paths(&self, filter: &str) -> Vec<String> {
        let rows = self.rows(filter, SortBy::Name).await;
        rows.into_iter().filter(|row| !row.has_children).map(|row| row.path).collect()
    }
}

#[tokio::test]
async fn users_and_groups_are_those_of_the_whole_image() {
    let pulled = pulled().await;
    let asked = OwnersRead { manifest: pulled.manifest.clone() };
    let owners = pulled.site.app.owners(asked).await.unwrap();
    let name = |id, name: &str| OwnerName { id, name: name.to_owned() };
    assert_eq!(owners.users, [name(0, "root"), name(1000, "web")]);
    assert_eq!(owners.groups, [name(0, "root"), name(50, "staff")]);
}

#[tokio::test]
async fn a_row_tells_capabilities_and_attributes() {
    let pulled = pulled().await;
    let rows = pulled.rows("", SortBy::Name).await;
    let row = |path: &str| rows.iter().find(|row| row.path == path).unwrap();
    let ping = row("usr/bin/ping");
    assert_eq!(ping.capabilities.as_deref(), Some("cap_net_raw+ep"));
    assert_eq!(ping.xattrs, ["security.capability", "user.note"]);
    let su = row("usr/bin/su");
    assert_eq!((su.mode.as_str(), &su.capabilities, su.device), ("4755", &None, None));
}

#[tokio::test]
async fn filters_take_names_of_owners_in_the_window_and_in_the_command() {
    let pulled = pulled().await;
    assert_eq!(pulled.paths("owner:web").await, ["srv/app"]);
    assert_eq!(pulled.paths("owner:1000:staff").await, ["srv/app"]);
    assert_eq!(pulled.paths("mode:setuid owner:root").await, ["usr/bin/su"]);
    assert_eq!(pulled.paths("mode:capability").await, ["usr/bin/ping"]);
    assert!(pulled.paths("owner:app").await.is_empty(), "no user of the image any more");
    let selection = FileSelection {
        image: pulled.reference.clone(),
        find: Some("owner:web size:>2k".to_owned()),
        ..FileSelection::default()
    };
    let mut found = Vec::new();
    let listed = pulled.site.app.files(&selection, &mut |entry| {
        found.push(String::from_utf8(entry.path).unwrap());
        true
    });
    listed.unwrap();
    assert_eq!(found, ["srv/app"]);
}

#[tokio::test]
async fn rows_are_sorted_by_owner_and_by_mode() {
    let pulled = pulled().await;
    let first = |rows: Vec<FileRow>| {
        let mut rows = rows.into_iter().filter(|row| row.path.starts_with("usr/bin/"));
        rows.next().unwrap().name
    };
    assert_eq!(first(pulled.rows("", SortBy::Mode).await), "su");
    assert_eq!(first(pulled.rows("", SortBy::Owner).await), "ping");
    assert_eq!(first(pulled.rows("", SortBy::Change).await), "ping");
}
