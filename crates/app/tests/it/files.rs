use strata_app::api::{
    Change, ContentKind, ErrorCode, FileAt, FileDetails, FileHexRead, FileKind, FilePreviewRead,
    FileQuery, FileRow, FileRows, FileSave, ImageDetail, OpenBase, Scope, SortBy,
};
use strata_app::{FileEntry, FileSelection};

use strata_testkit::{Image, Layer, Packing};

use crate::registry::{Registry, architecture};
use crate::site::Site;

fn query(image: &ImageDetail, layer: usize, scope: Scope) -> FileQuery {
    FileQuery {
        manifest: image.summary.manifest.clone(),
        layer,
        scope,
        sort: SortBy::Name,
        filter: String::new(),
        base: OpenBase::Open,
        except: Vec::new(),
        from: 0,
        count: 500,
    }
}

fn row<'a>(rows: &'a FileRows, path: &str) -> &'a FileRow {
    rows.rows.iter().find(|row| row.path == path).unwrap_or_else(|| panic!("no {path}: {rows:?}"))
}

#[tokio::test]
async fn a_layer_says_what_it_added_changed_and_deleted() {
    let (site, image) = Site::sample("hello").await;
    let rows = site.app.file_rows(query(&image, 3, Scope::Layer)).await.unwrap();
    let greeting = row(&rows, "greetings/en.txt");
    assert_eq!((greeting.change, greeting.was_in, greeting.layer), (Change::Changed, Some(2), 3));
    assert_eq!(greeting.mode, "0644");
    assert_eq!(row(&rows, "usr/share/doc/practice/README").change, Change::Deleted);
    assert_eq!((rows.counts.added, rows.counts.changed, rows.counts.deleted), (0, 1, 1));
    let all = site.app.file_rows(query(&image, 3, Scope::UpTo)).await.unwrap();
    assert!(all.rows.iter().all(|row| !row.path.contains("README")));
    assert_eq!(row(&all, "greetings/ko.txt").layer, 2);
    assert_eq!(all.total, all.rows.len());
}

#[tokio::test]
async fn pages_orders_and_filters_agree() {
    let (site, image) = Site::sample("hello").await;
    let whole = site.app.file_rows(query(&image, 3, Scope::UpTo)).await.unwrap();
    let mut paged = Vec::new();
    for from in 0..whole.total {
        let page = FileQuery { from, count: 1, ..query(&image, 3, Scope::UpTo) };
        paged.extend(site.app.file_rows(page).await.unwrap().rows);
    }
    assert_eq!(paged, whole.rows);
    let closed = FileQuery { base: OpenBase::Closed, ..query(&image, 3, Scope::UpTo) };
    let closed = site.app.file_rows(closed).await.unwrap();
    assert!(
        closed.rows.iter().all(|row| row.depth == 0 && !row.open) && closed.total < whole.total
    );
    let filter = FileQuery { filter: "*.txt".to_owned(), ..query(&image, 3, Scope::UpTo) };
    let found = site.app.file_rows(filter).await.unwrap();
    let files: Vec<_> = found.rows.iter().filter(|row| row.kind == FileKind::File).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    let sized = FileQuery { sort: SortBy::Size, ..query(&image, 3, Scope::UpTo) };
    let sized = site.app.file_rows(sized).await.unwrap();
    let top: Vec<_> =
        sized.rows.iter().filter(|row| row.depth == 0).map(|row| row.size_bytes).collect();
    assert!(top.windows(2).all(|pair| pair[0] >= pair[1]), "{top:?}");
}

#[tokio::test]
async fn a_file_s_bytes_are_those_of_its_layer() {
    let (site, image) = Site::sample("hello").await;
    let reference = image.summary.reference.clone().unwrap();
    let cat = |layer| {
        let mut out = Vec::new();
        site.app.cat(&reference, None, b"/greetings/en.txt", layer, &mut out).map(|()| out)
    };
    assert_eq!(cat(None).unwrap(), b"Hello from your first image!\n");
    assert_eq!(cat(Some(2)).unwrap(), b"Hello!\n");
    assert_eq!(cat(Some(1)).unwrap_err().code, ErrorCode::PathNotInLayer);
    assert_eq!(cat(Some(9)).unwrap_err().code, ErrorCode::LayerUnknown);
    assert_eq!(cat(Some(0)).unwrap_err().code, ErrorCode::LayerUnknown);
    let folder = site.app.cat(&reference, None, b"greetings", None, &mut Vec::new()).unwrap_err();
    assert_eq!(folder.code, ErrorCode::NotAFile);
    let rows = site.app.file_rows(query(&image, 3, Scope::Layer)).await.unwrap();
    let preview = |id, max_bytes| FilePreviewRead {
        manifest: image.summary.manifest.clone(),
        layer: 3,
        scope: Scope::Layer,
        id,
        max_bytes,
    };
    let id = row(&rows, "greetings/en.txt").id;
    let text = site.app.file_preview(preview(id, 5)).await.unwrap();
    assert_eq!((text.text.as_deref(), text.truncated, text.size_bytes), (Some("Hello"), true, 29));
    let gone = row(&rows, "usr/share/doc/practice/README").id;
    assert!(
        site.app.file_preview(preview(gone, 5)).await.is_ok_and(|below| below.text.is_some())
            || site.app.file_preview(preview(gone, 5)).await.is_err()
    );
    assert!(site.app.file_preview(preview(u32::MAX, 5)).await.is_err());
}

#[tokio::test]
async fn the_command_s_list_names_everything_in_order() {
    let (site, image) = Site::sample("hello").await;
    let list = |layer, path: Option<&str>, find: Option<&str>, changed| {
        let selection = FileSelection {
            image: image.summary.manifest.clone(),
            layer,
            path: path.map(|path| path.as_bytes().to_vec()),
            find: find.map(str::to_owned),
            changed,
            ..FileSelection::default()
        };
        let mut paths = Vec::new();
        let listed = site.app.files(&selection, &mut |entry| {
            paths.push(String::from_utf8(entry.path).unwrap());
            true
        });
        listed.map(|()| paths)
    };
    let greetings = ["greetings", "greetings/en.txt", "greetings/ko.txt", "greetings/strata.png"];
    assert_eq!(list(None, Some("/greetings/"), None, false).unwrap(), greetings);
    assert_eq!(list(Some(2), None, None, false).unwrap(), greetings);
    assert_eq!(list(None, None, Some("*.png"), false).unwrap(), ["greetings/strata.png"]);
    let third = list(Some(3), None, None, true).unwrap();
    assert!(third.contains(&"usr/share/doc/practice/README".to_owned()), "{third:?}");
    let unknown = list(None, Some("nowhere"), None, false).unwrap_err();
    assert_eq!(unknown.code, ErrorCode::PathAbsent);
    assert_eq!(list(Some(4), None, None, false).unwrap_err().code, ErrorCode::LayerUnknown);
}

#[tokio::test]
async fn a_list_that_was_lost_is_made_anew() {
    let (site, image) = Site::sample("greeter").await;
    let before = site.app.file_rows(query(&image, 4, Scope::UpTo)).await.unwrap();
    let trees = site.folder.path().join("store/trees");
    let mut lost = 0;
    let mut folders = vec![trees];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                std::fs::remove_file(path).unwrap();
                lost += 1;
            }
        }
    }
    // Four layers, and the key of their fingerprints.
    assert_eq!(lost, 5);
    let options = strata_app::Options::default();
    let again = strata_app::App::open(crate::site::paths(&site.folder), options).unwrap();
    assert_eq!(again.file_rows(query(&image, 4, Scope::UpTo)).await.unwrap(), before);
}

#[tokio::test]
async fn a_layer_that_turns_out_damaged_comes_anew_with_the_next_pull() {
    let (site, image) = Site::sample("hello").await;
    let reference = image.summary.reference.clone().unwrap();
    let digest = image.strata[2].digest.clone().unwrap();
    let blob = site.folder.path().join("store/blobs/sha256").join(&digest["sha256:".len()..]);
    let sound = std::fs::read(&blob).unwrap();
    let mut changed = sound.clone();
    changed[40..200].fill(0xff);
    std::fs::write(&blob, &changed).unwrap();
    let cat = || {
        let mut out = Vec::new();
        let done = site.app.cat(&reference, None, b"greetings/ko.txt", None, &mut out);
        done.map(|()| out)
    };
    assert_eq!(cat().unwrap_err().code, ErrorCode::StoreDamaged);
    site.pull(&reference).await;
    assert!(std::fs::read(&blob).unwrap() == sound, "the damage is still there");
    assert_eq!(cat().unwrap(), "안녕하세요!\n".as_bytes());
}

fn at(image: &ImageDetail, layer: usize, row: &FileRow) -> FileAt {
    FileAt { manifest: image.summary.manifest.clone(), layer, scope: Scope::Layer, id: row.id }
}

#[tokio::test]
async fn what_a_layer_deleted_can_still_be_read_and_saved() {
    let (site, image) = Site::sample("hello").await;
    let rows = site.app.file_rows(query(&image, 3, Scope::Layer)).await.unwrap();
    let gone = row(&rows, "usr/share/doc/practice/README");
    assert_eq!(gone.change, Change::Deleted);
    let FileAt { manifest, layer, scope, id } = at(&image, 3, gone);
    let wanted = FilePreviewRead { manifest, layer, scope, id, max_bytes: 1000 };
    let preview = site.app.file_preview(wanted).await.unwrap();
    assert_eq!((preview.kind, preview.encoding.as_deref()), (ContentKind::Text, Some("UTF-8")));
    let text = preview.text.unwrap();
    let folder = site.folder.path().join("saved");
    std::fs::create_dir(&folder).unwrap();
    for expected in ["README", "README (2)"] {
        let wanted = FileSave { at: at(&image, 3, gone), folder: folder.display().to_string() };
        let saved = site.app.file_save(wanted).await.unwrap();
        assert_eq!((saved.files, saved.skipped), (1, 0));
        assert_eq!(std::fs::read_to_string(folder.join(expected)).unwrap(), text);
    }
    // A folder is saved with all that is in it.
    let greetings = row(&rows, "greetings");
    let wanted = FileSave { at: at(&image, 3, greetings), folder: folder.display().to_string() };
    let saved = site.app.file_save(wanted).await.unwrap();
    assert!(saved.files > 1 && folder.join("greetings/ko.txt").is_file(), "{saved:?}");
}

#[tokio::test]
async fn bytes_are_read_a_page_at_a_time() {
    let (site, image) = Site::sample("hello").await;
    let rows = site.app.file_rows(query(&image, 2, Scope::Layer)).await.unwrap();
    let file =
        rows.rows.iter().filter(|row| row.kind == FileKind::File).max_by_key(|row| row.size_bytes);
    let file = file.unwrap();
    let page = |offset| {
        let wanted = FileHexRead { at: at(&image, 2, file), offset, count: 32 };
        let app = site.app.clone();
        async move { app.file_hex(wanted).await.unwrap() }
    };
    let first = page(0).await;
    assert_eq!(
        (first.offset, first.text.lines().count(), first.size_bytes),
        (0, 2, file.size_bytes)
    );
    let second = page(20).await;
    assert_eq!(second.offset, 16);
    assert_eq!(second.text.lines().next(), first.text.lines().nth(1));
    assert_eq!(
        page(file.size_bytes + 99).await.text.lines().count(),
        usize::from(file.size_bytes % 16 > 0)
    );
}

#[tokio::test]
async fn programs_say_what_they_need() {
    if !cfg!(target_os = "linux") {
        println!("skipped: only on Linux is there a sample with programs of the machine");
        return;
    }
    let (site, image) = Site::sample("toolbox").await;
    let mut programs = 0;
    for layer in 1..=image.summary.layer_count {
        let rows = site.app.file_rows(query(&image, layer, Scope::Layer)).await.unwrap();
        for file in rows.rows.iter().filter(|row| row.kind == FileKind::File) {
            if let FileDetails::Elf { facts } =
                site.app.file_details(at(&image, layer, file)).await.unwrap()
            {
                assert!(facts.runs_here && facts.bits == 64, "{facts:?}");
                programs += 1;
            }
        }
    }
    assert!(programs > 0);
}

/// An image whose second layer adds a file to a folder that it names, and deletes what never was.
async fn site_with_folders() -> (Site, String) {
    let registry = Registry::start().await;
    let capabilities: &[u8] = &[1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let top = Layer::new()
        .time(2)
        .dir("a")
        .pax(&[("SCHILY.xattr.security.capability", capabilities)])
        .file("a/y", "2")
        .whiteout("never");
    let image = Image::new()
        .platform("linux", architecture())
        .layer(Layer::new().time(1).dir("a").file("a/x", "1").tar(), Packing::Gzip, "ADD x /")
        .layer(top.tar(), Packing::Gzip, "RUN y")
        .build();
    let reference = registry.push("team/app", "1", &image).await;
    let site = Site::open();
    site.pull(&reference).await;
    (site, reference)
}

fn listed(site: &Site, selection: &FileSelection) -> Vec<FileEntry> {
    let mut found = Vec::new();
    site.app
        .files(selection, &mut |entry| {
            found.push(entry);
            true
        })
        .unwrap();
    found
}

#[tokio::test]
async fn what_a_layer_changed_leaves_out_folders_that_only_lead_there() {
    let (site, image) = site_with_folders().await;
    let selection = FileSelection { image, layer: Some(2), changed: true, ..Default::default() };
    let paths: Vec<_> = listed(&site, &selection)
        .into_iter()
        .map(|entry| (String::from_utf8(entry.path).unwrap(), entry.of_nothing))
        .collect();
    assert_eq!(paths, [("a/y".to_owned(), false), ("never".to_owned(), true)]);
    let all = listed(&site, &FileSelection { changed: false, ..selection });
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn listed_files_have_their_attributes_and_capabilities() {
    let (site, image) = site_with_folders().await;
    let selection =
        FileSelection { image, path: Some(b"a/y".to_vec()), ..FileSelection::default() };
    let found = listed(&site, &selection);
    assert_eq!(found[0].capabilities.as_deref(), Some("cap_net_raw+ep"));
    assert_eq!(found[0].xattrs[0].0, b"security.capability");
}
