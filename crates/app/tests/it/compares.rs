use strata_app::api::{
    Change, CompareRead, CompareRowsRead, FileDiffRead, FileKind, LineChange, OpenBase, PairState,
    SettingField, SortBy, TagChangesRead,
};

use crate::site::Site;

async fn two_samples() -> (Site, String, String, String) {
    let (site, address) = Site::with_practice().await;
    let mut manifests = Vec::new();
    for name in ["hello", "greeter"] {
        let reference = format!("{address}/practice/{name}:1.0");
        site.pull(&reference).await;
        let image = site.app.image_find(&reference, None).await.unwrap();
        manifests.push(image.summary.manifest);
    }
    let right = manifests.pop().unwrap();
    (site, address, manifests.pop().unwrap(), right)
}

fn rows(left: &str, right: &str, all: bool) -> CompareRowsRead {
    CompareRowsRead {
        left: left.to_owned(),
        right: right.to_owned(),
        all,
        sort: SortBy::Name,
        filter: String::new(),
        base: OpenBase::Open,
        except: Vec::new(),
        from: 0,
        count: 1000,
    }
}

#[tokio::test]
async fn images_are_compared_by_layers_settings_and_files() {
    let (site, _, left, right) = two_samples().await;
    let asked = CompareRead { left: left.clone(), right: right.clone() };
    let found = site.app.compare(asked).await.unwrap();
    // The samples stand on the same base.
    assert_eq!(found.layers[0].state, PairState::Same);
    assert!(found.shared_bytes > 0 && found.missing_bytes == 0);
    let count = |wanted: PairState| found.layers.iter().filter(|pair| pair.state == wanted).count();
    let sides = |of: fn(&strata_app::api::LayerPair) -> bool| {
        found.layers.iter().filter(|pair| of(pair)).count()
    };
    assert_eq!(sides(|pair| pair.left.is_some()), found.left.layer_count);
    assert_eq!(sides(|pair| pair.right.is_some()), found.right.layer_count);
    assert!(count(PairState::Same) < found.layers.len());
    let command = found.settings.iter().find(|pair| pair.field == SettingField::Command);
    assert!(command.is_some_and(|pair| pair.state != PairState::Same), "{command:?}");
    let files = found.files.unwrap();
    let listed = site.app.compare_rows(rows(&left, &right, false)).await.unwrap();
    let of = |change: Change| listed.rows.iter().filter(|row| row.change == change).count() as u64;
    assert_eq!((of(Change::Deleted), of(Change::Added)), (files.left, files.right));
    assert!(files.left + files.right > 0);
    assert!(
        listed
            .rows
            .iter()
            .all(|row| row.layer <= found.left.layer_count.max(found.right.layer_count))
    );
    let all = site.app.compare_rows(rows(&left, &right, true)).await.unwrap();
    assert!(all.total > listed.total);
    let mut walked = Vec::new();
    site.app
        .compared_files(&left, &right, &mut |entry| {
            walked.push((entry.path, entry.change));
            true
        })
        .unwrap();
    let differing: Vec<_> = listed
        .rows
        .iter()
        .filter(|row| row.change != Change::Unchanged)
        .map(|row| (row.path.clone().into_bytes(), row.change))
        .collect();
    assert_eq!(walked, differing);
}

#[tokio::test]
async fn an_image_and_itself_do_not_differ() {
    let (site, _, left, _) = two_samples().await;
    let asked = CompareRead { left: left.clone(), right: left.clone() };
    let found = site.app.compare(asked).await.unwrap();
    assert!(found.layers.iter().all(|pair| pair.state == PairState::Same));
    assert!(found.settings.iter().all(|pair| pair.state == PairState::Same));
    assert_eq!(found.files.unwrap(), strata_app::api::FileCounts::default());
    assert_eq!(site.app.compare_rows(rows(&left, &left, false)).await.unwrap().total, 0);
}

#[tokio::test]
async fn a_file_of_two_layers_is_compared_line_by_line() {
    let (site, image) = Site::sample("hello").await;
    let query = strata_app::api::FileQuery {
        manifest: image.summary.manifest.clone(),
        layer: 3,
        scope: strata_app::api::Scope::Layer,
        sort: SortBy::Name,
        filter: String::new(),
        base: OpenBase::Open,
        except: Vec::new(),
        from: 0,
        count: 100,
    };
    let listed = site.app.file_rows(query).await.unwrap();
    let changed = listed
        .rows
        .iter()
        .find(|row| row.change == Change::Changed && row.kind == FileKind::File)
        .unwrap();
    let asked = FileDiffRead::Layers {
        manifest: image.summary.manifest,
        layer: 3,
        scope: strata_app::api::Scope::Layer,
        id: changed.id,
        with: changed.was_in.unwrap(),
    };
    let diff = site.app.file_diff(asked).await.unwrap();
    assert!(diff.is_text && !diff.is_same && diff.added > 0 && diff.removed > 0, "{diff:?}");
    let lines: Vec<_> = diff.hunks.iter().flat_map(|hunk| &hunk.lines).collect();
    assert!(
        lines
            .iter()
            .any(|line| line.change == LineChange::Added && line.text.contains("first image"))
    );
}

#[tokio::test]
async fn a_tag_that_has_not_moved_has_nothing_new() {
    let (site, address, left, _) = two_samples().await;
    let reference = format!("{address}/practice/hello:1.0");
    let asked = TagChangesRead { manifest: left.clone(), reference };
    let found = site.app.tag_changes(asked).await.unwrap();
    assert_eq!((found.right.manifest, found.missing_bytes), (left.clone(), 0));
    // A tag of another image: its layers and settings are told, and what would have to come.
    let reference = format!("{address}/practice/toolbox:1.0");
    let asked = TagChangesRead { manifest: left.clone(), reference };
    let found = site.app.tag_changes(asked).await.unwrap();
    assert_ne!(found.right.manifest, left);
    assert!(found.files.is_none() && found.missing_bytes > 0);
    assert_eq!(found.right.size_bytes, None);
    assert!(found.layers.iter().any(|pair| pair.state == PairState::Right));
}
