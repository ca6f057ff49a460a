use strata_run::{Fix, Mode, Probed, SessionOptions, probe};

use crate::world::{helper, sessions};

#[test]
fn what_works_is_found_by_trying() {
    let folder = tempfile::tempdir().unwrap();
    let found = probe(&helper(), folder.path()).unwrap();
    println!("{found:#?}");
    let of = |what: Probed| found.iter().find(|probe| probe.what == what);
    let modes: Vec<Mode> = sessions().iter().map(strata_run::Session::mode).collect();
    let works = |what| of(what).is_some_and(|probe| probe.works);
    assert_eq!(works(Probed::Root), modes.contains(&Mode::Root));
    assert_eq!(works(Probed::MappedNamespace), modes.contains(&Mode::SubIds));
    assert_eq!(works(Probed::UserNamespace), modes.contains(&Mode::SingleId));
    for probe in &found {
        assert_eq!(probe.works, probe.errno.is_none(), "{probe:?}");
        assert!(!probe.works || probe.fix.is_none(), "{probe:?}");
    }
    if !modes.contains(&Mode::SubIds) {
        assert_eq!(of(Probed::SubIds).unwrap().fix, Some(Fix::AddSubIds));
    }
    if !modes.is_empty() {
        assert!(works(Probed::Overlay) && works(Probed::Seccomp) && works(Probed::Namespaces));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "probes leave nothing");
}

#[test]
fn where_no_overlay_can_be_the_store_should_move() {
    let found = probe(&helper(), "/proc/no-such-folder".as_ref()).unwrap();
    if let Some(overlay) = found.iter().find(|probe| probe.what == Probed::Overlay) {
        assert!(!overlay.works);
        assert_eq!(overlay.fix, Some(Fix::MoveStore));
    }
}

#[test]
fn a_helper_that_is_missing_is_named() {
    let options = SessionOptions { helper: "/no/helper".into(), mode: None };
    let error = strata_run::Session::start(&options).unwrap_err();
    assert!(error.to_string().contains("/no/helper"), "{error}");
    let options = SessionOptions { helper: "/bin/false".into(), mode: None };
    assert!(strata_run::Session::start(&options).is_err());
}
