//! Names in all layers, against a look at every path by hand.

use proptest::prelude::*;
use strata_testkit::Layer;
use strata_tree::{NodeId, Search, Tree};

use crate::trees;

fn found(trees: &[Tree<Vec<u8>>], text: &str) -> Vec<(String, usize)> {
    let search = Search::of(trees, text, 100);
    let shown = |found: &strata_tree::Found| {
        (String::from_utf8(trees[found.layer].path(found.node)).unwrap(), found.layer)
    };
    assert!(search.total >= search.found.len());
    search.found.iter().map(shown).collect()
}

fn paths(found: &[(String, usize)]) -> Vec<&str> {
    found.iter().map(|(path, _)| path.as_str()).collect()
}

#[test]
fn the_name_itself_comes_first_then_what_begins_with_it_and_the_newest_layer_before_the_older() {
    let trees = trees(vec![
        Layer::new().file("usr/bin/six.py", "1").file("opt/six", "1").file("a/basix", "1"),
        Layer::new().file("opt/six", "2").whiteout("a/basix"),
    ]);
    let all = found(&trees, "SIX");
    let expected =
        [("opt/six", 1), ("opt/six", 0), ("usr/bin/six.py", 0), ("a/basix", 1), ("a/basix", 0)];
    assert_eq!(all, expected.map(|(path, layer)| (path.to_owned(), layer)));
    assert_eq!(Search::of(&trees, "six", 2).total, 5);
    assert_eq!(Search::of(&trees, "six", 2).found.len(), 2);
}

#[test]
fn a_slash_is_held_against_the_path_and_stars_make_a_glob() {
    let trees = trees(vec![
        Layer::new().file("usr/bin/sh", "1").file("bin/sh", "1").file("usr/sbin/shadow", "1"),
    ]);
    assert_eq!(paths(&found(&trees, "bin/sh")), ["bin/sh", "usr/bin/sh", "usr/sbin/shadow"]);
    assert_eq!(paths(&found(&trees, "/bin/sh")), ["bin/sh"]);
    assert_eq!(paths(&found(&trees, "usr/bin/")), ["usr/bin/sh"]);
    assert_eq!(paths(&found(&trees, "sh*")), ["bin/sh", "usr/bin/sh", "usr/sbin/shadow"]);
    assert_eq!(paths(&found(&trees, "usr/*/sh*")), ["usr/bin/sh", "usr/sbin/shadow"]);
    for nothing in ["", "/", "zsh", "bin//sh"] {
        assert_eq!(found(&trees, nothing), [], "{nothing}");
    }
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let name = prop::collection::vec(prop::sample::select(vec!["a", "b", "A", "ab", "."]), 1..3)
        .prop_map(|parts| parts.concat())
        .prop_filter("a name of its own", |name| !matches!(name.as_str(), "." | ".."));
    let path = prop::collection::vec(name, 1..4).prop_map(|names| names.join("/"));
    prop::collection::vec(path.prop_map(|path| format!("{path}/f")), 1..10)
}

proptest! {
    #[test]
    fn every_name_with_the_text_in_it_is_found(layers in prop::collection::vec(names(), 1..4), text in "[aAbf]{1,3}") {
        let made = layers.iter().map(|paths| {
            paths.iter().fold(Layer::new(), |layer, path| layer.file(path, "x"))
        });
        let trees = trees(made.collect());
        let search = Search::of(&trees, &text, 10_000);
        let lower = text.to_ascii_lowercase();
        let mut expected = Vec::new();
        for (layer, tree) in trees.iter().enumerate() {
            for at in 1..tree.len() {
                let id = NodeId(u32::try_from(at).unwrap());
                let name = String::from_utf8_lossy(tree.node(id).name()).to_ascii_lowercase();
                if let Some(at) = name.find(&lower) {
                    let rank = (at > 0, name.len() > lower.len());
                    let rank = if rank.0 { (true, true) } else { rank };
                    let path = String::from_utf8(tree.path(id)).unwrap();
                    expected.push((rank, path, std::cmp::Reverse(layer)));
                }
            }
        }
        expected.sort();
        let expected: Vec<_> =
            expected.into_iter().map(|(_, path, layer)| (path, layer.0)).collect();
        prop_assert_eq!(search.total, expected.len());
        prop_assert_eq!(found(&trees, &text), &expected[..expected.len().min(100)]);
        let few = Search::of(&trees, &text, 3).found;
        prop_assert_eq!(&few, &search.found[..few.len()]);
        prop_assert_eq!(few.len(), expected.len().min(3));
    }
}
