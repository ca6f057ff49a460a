//! The history of builds.

use strata_store::Store;

#[test]
fn builds_are_listed_newest_first_by_file_and_target_and_the_oldest_are_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    for number in 0..205 {
        store.keep_build("/a/Dockerfile", "", &number.to_string()).unwrap();
    }
    store.keep_build("/a/Dockerfile", "test", "t").unwrap();
    store.keep_build("/b/Dockerfile", "", "b").unwrap();
    let list = |file, target, limit| store.builds(file, target, limit).unwrap();
    assert_eq!(list(None, None, 3), ["b", "t", "204"]);
    assert_eq!(list(Some("/a/Dockerfile"), Some(""), 2), ["204", "203"]);
    assert_eq!(list(Some("/a/Dockerfile"), Some("test"), 9), ["t"]);
    let all = list(Some("/a/Dockerfile"), None, 1000);
    assert_eq!((all.len(), all.last().map(String::as_str)), (200, Some("6")));
    let again = Store::open(folder.path()).unwrap();
    assert_eq!(again.builds(None, None, 1).unwrap(), ["b"]);
}
