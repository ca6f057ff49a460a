//! Entries below symbolic links land where an unpacker puts them, and never outside.

use strata_testkit::Layer;
use strata_tree::Listing;

use crate::{changes, trees};

fn paths(layers: Vec<Layer>) -> Vec<String> {
    let last = layers.len() - 1;
    let listing = Listing::up_to(trees(layers), last).unwrap();
    changes(&listing).into_iter().map(|(path, _)| path).collect()
}

#[test]
fn a_path_through_a_link_of_a_lower_layer_follows_it() {
    let below = || Layer::new().dir("usr").dir("usr/bin").symlink("bin", "usr/bin");
    assert_eq!(
        paths(vec![below(), Layer::new().file("bin/tool", b"")]),
        ["bin", "usr", "usr/bin", "usr/bin/tool"]
    );
    // A folder that the layer names takes the link's place.
    assert_eq!(
        paths(vec![below(), Layer::new().dir("bin").file("bin/tool", b"")]),
        ["bin", "bin/tool", "usr", "usr/bin"]
    );
    // Deletions go through links too.
    assert_eq!(
        paths(vec![
            below(),
            Layer::new().file("usr/bin/tool", b""),
            Layer::new().whiteout("bin/tool")
        ]),
        ["bin", "usr", "usr/bin"]
    );
}

#[test]
fn links_out_of_the_image_and_in_circles_lead_nowhere_else() {
    let layer = Layer::new()
        .dir("etc")
        .symlink("up", "../../../../etc")
        .symlink("one", "two")
        .symlink("two", "one")
        .symlink("self", "./self/x")
        .symlink("nowhere", "/not/here");
    let above = Layer::new()
        .file("up/a", b"")
        .file("one/b", b"")
        .file("self/c", b"")
        .file("nowhere/d", b"");
    assert_eq!(
        paths(vec![layer, above]),
        ["etc", "etc/a", "nowhere", "nowhere/d", "one", "one/b", "self", "self/c", "two", "up"]
    );
}

#[test]
fn a_chain_of_links_within_one_layer_is_followed_to_its_end() {
    let layer = Layer::new()
        .symlink("a", "b/c")
        .symlink("b", "/d/")
        .dir("d")
        .symlink("d/c", "../z/./y")
        .dir("z")
        .dir("z/y")
        .file("a/found", b"1");
    assert!(paths(vec![layer]).contains(&"z/y/found".to_owned()));
}
