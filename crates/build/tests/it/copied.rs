//! What `COPY`, `ADD` and `WORKDIR` make of files.

use std::os::unix::fs::{PermissionsExt, symlink};

use strata_testkit::Layer;

use crate::host::{Site, history};

fn has(files: &str, line: &str) {
    assert!(files.lines().any(|found| found == line), "`{line}` is not in\n{files}");
}

fn has_not(files: &str, path: &str) {
    let end = format!(" {path}");
    assert!(!files.lines().any(|found| found.ends_with(&end)), "`{path}` is in\n{files}");
}

#[test]
fn files_and_folders_go_where_a_builder_puts_them() {
    let site = Site::new();
    site.write("a.txt", "aaa");
    site.write("dir/b.txt", "bb");
    site.write("dir/deep/c.txt", "c");
    let built = site
        .build(
            "FROM base\nWORKDIR /app\nCOPY a.txt .\nCOPY a.txt renamed\nCOPY dir dest\nCOPY dir/ /into/\n\
             COPY a.txt dir/b.txt /several/\nCOPY d*/*.txt /globbed/\nCOPY a.txt /srv\n",
        )
        .unwrap();
    let files = site.files(&built);
    for line in [
        "directory 755 0:0 0 app",
        "file 644 0:0 3 app/a.txt",
        "file 644 0:0 3 app/renamed",
        "file 644 0:0 2 app/dest/b.txt",
        "file 644 0:0 1 app/dest/deep/c.txt",
        "file 644 0:0 2 into/b.txt",
        "file 644 0:0 3 several/a.txt",
        "file 644 0:0 2 several/b.txt",
        "file 644 0:0 2 globbed/b.txt",
        "file 644 0:0 3 srv/a.txt",
        "file 644 0:0 3 srv/old.txt",
    ] {
        has(&files, line);
    }
    assert_eq!(site.content(&built, "app/dest/b.txt").unwrap(), "bb");
    assert_eq!(built.layers.len(), 9);
}

#[test]
fn links_of_the_image_lead_the_copy_and_never_out_of_it() {
    let site = Site::new();
    site.write("x", "new");
    let built = site.build("FROM base\nCOPY x /data/\nCOPY x /data/old.txt\n").unwrap();
    let files = site.files(&built);
    has(&files, "file 644 0:0 3 srv/x");
    has(&files, "symlink 777 0:0 0 data -> srv");
    assert_eq!(site.content(&built, "srv/old.txt").unwrap(), "new");
    let error = site.build("FROM base\nCOPY x /etc/passwd/\n").unwrap_err();
    assert_eq!(error.code(), "build_destination", "{error}");
}

#[test]
fn links_of_the_context_lead_to_nothing_outside() {
    let site = Site::new();
    std::fs::write(site.folder.path().join("outside"), "canary").unwrap();
    site.write("in/file", "inside");
    symlink("../outside", site.context().join("relative")).unwrap();
    symlink("/etc/passwd", site.context().join("absolute")).unwrap();
    symlink("in/file", site.context().join("good")).unwrap();
    symlink("..", site.context().join("in/up")).unwrap();
    for path in ["relative", "absolute", "../outside", "in/up/../outside", "/outside"] {
        let error = site.build(&format!("FROM scratch\nCOPY {path} /x\n")).unwrap_err();
        assert_eq!(error.code(), "build_not_found", "{path}: {error}");
    }
    // Within a folder they are copied as they are; by themselves they are followed.
    let built = site.build("FROM scratch\nCOPY good /x\nCOPY . /all\n").unwrap();
    let files = site.files(&built);
    has(&files, "file 644 0:0 6 x");
    has(&files, "symlink 777 0:0 0 all/relative -> ../outside");
    has(&files, "symlink 777 0:0 0 all/absolute -> /etc/passwd");
    has(&files, "symlink 777 0:0 0 all/in/up -> ..");
    assert_eq!(site.content(&built, "x").unwrap(), "inside");
}

#[test]
fn ignored_files_are_in_no_layer_and_the_rule_is_told() {
    let site = Site::new();
    site.write(".dockerignore", "secret*\n!secret-not\nnode_modules\n!node_modules/keep/x\n");
    site.write("secret.txt", "do not tell");
    site.write("secret-not", "tell");
    site.write("node_modules/a", "a");
    site.write("node_modules/keep/x", "x");
    let built = site.build("FROM scratch\nCOPY . /\n").unwrap();
    let files = site.files(&built);
    has_not(&files, "secret.txt");
    has_not(&files, "node_modules/a");
    has(&files, "file 644 0:0 4 secret-not");
    has(&files, "file 644 0:0 1 node_modules/keep/x");
    let error = site.build("FROM scratch\nCOPY secret.txt /\n").unwrap_err();
    assert_eq!(error.code(), "build_ignored");
    assert!(
        matches!(error, strata_build::BuildError::NotFound { ignored_by: Some((rule, 1)), .. } if rule == "secret*")
    );
    // The Dockerfile's own rules come first.
    site.write("Dockerfile.dockerignore", "*\n!secret.txt\n");
    let built = site.build("FROM scratch\nCOPY . /\n").unwrap();
    assert_eq!(site.files(&built), "file 644 0:0 11 secret.txt\n");
}

#[test]
fn owners_and_modes_are_as_the_flags_say() {
    let site = Site::new();
    site.write("run.sh", "x");
    site.write("d/f", "x");
    let path = site.context().join("run.sh");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    let built = site
        .build(
            "FROM base\nCOPY --chown=app run.sh /a\nCOPY --chown=app:web d /b\n\
             COPY --chown=5 run.sh /c\nCOPY --chown=5:6 --chmod=u=rwX,go=rX run.sh /e\n\
             COPY --chmod=0751 d /f\nUSER app\nWORKDIR /home/app\nCOPY d/f /g\n",
        )
        .unwrap();
    let files = site.files(&built);
    for line in [
        "file 700 1000:1001 1 a",
        "directory 755 1000:33 0 b",
        "file 644 1000:33 1 b/f",
        "file 700 5:5 1 c",
        "file 755 5:6 1 e",
        "file 751 0:0 1 f/f",
        "directory 755 1000:1001 0 home/app",
        "file 644 0:0 1 g",
    ] {
        has(&files, line);
    }
    let error = site.build("FROM base\nCOPY --chown=nobody run.sh /a\n").unwrap_err();
    assert_eq!((error.code(), error.line()), ("build_user_unknown", Some(2)));
}

#[test]
fn parents_excludes_and_bodies() {
    let site = Site::new();
    for path in ["src/a/x.go", "src/a/x.md", "src/b/c/y.go", "top.txt"] {
        site.write(path, "1");
    }
    let built = site
        .build(
            "FROM scratch\nARG WHO=world\nCOPY --parents src/**/*.go /p/\nCOPY --parents src/./b/c /q/\n\
             COPY --exclude=**/*.md src /r\nCOPY <<EOF <<\"RAW\" /s/\nhello $WHO\nEOF\nraw $WHO\nRAW\n",
        )
        .unwrap();
    let files = site.files(&built);
    for path in ["p/src/a/x.go", "p/src/b/c/y.go", "q/b/c/y.go", "r/a/x.go", "r/b/c/y.go"] {
        has(&files, &format!("file 644 0:0 1 {path}"));
    }
    has_not(&files, "p/src/a/x.md");
    has_not(&files, "r/a/x.md");
    has_not(&files, "q/src");
    assert_eq!(site.content(&built, "s/EOF").unwrap(), "hello world\n");
    assert_eq!(site.content(&built, "s/RAW").unwrap(), "raw $WHO\n");
    let lines = history(&site.config(&built));
    assert_eq!(lines[1], "+ COPY --parents src/**/*.go /p/ # buildkit");
    assert_eq!(lines[4], "+ COPY <<EOF <<RAW /s/ # buildkit");
}

#[test]
fn archives_are_unpacked_by_content_and_links_in_them_stay_inside() {
    let site = Site::new();
    let tar = Layer::new()
        .dir("pkg/")
        .file("pkg/tool", "binary")
        .symlink("evil", "/etc")
        .file("evil/through", "inside the image")
        .tar();
    std::fs::write(site.context().join("a.bin"), strata_testkit::gzip(&tar)).unwrap();
    std::fs::write(site.context().join("b.tar"), &tar).unwrap();
    site.write("not.tar.gz", "no archive");
    let built = site
        .build("FROM base\nADD a.bin /opt/\nADD not.tar.gz /opt/\nCOPY b.tar /kept.tar\n")
        .unwrap();
    let files = site.files(&built);
    has(&files, "file 644 0:0 6 opt/pkg/tool");
    has(&files, "file 644 0:0 16 etc/through");
    has(&files, "symlink 777 0:0 0 opt/evil -> /etc");
    has(&files, "file 644 0:0 10 opt/not.tar.gz");
    has(&files, &format!("file 644 0:0 {} kept.tar", tar.len()));
    assert!(!std::path::Path::new("/etc/through").exists());
    let mut packed = bzip2::read::BzEncoder::new(&tar[..], bzip2::Compression::fast());
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut packed, &mut bytes).unwrap();
    std::fs::write(site.context().join("c"), &bytes).unwrap();
    let xz = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/hello.tar.xz");
    std::fs::copy(xz, site.context().join("d")).unwrap();
    site.write("e", "BZh9 is no archive");
    let built = site.build("FROM scratch\nADD c d e /x/\n").unwrap();
    let files = site.files(&built);
    has(&files, "file 644 0:0 6 x/pkg/tool");
    has(&files, "file 644 0:0 18 x/e");
    assert_eq!(site.content(&built, "x/hello.txt").unwrap(), "hello\n");
    // A file whose name would delete another in a layer is refused.
    site.write(".wh.x", "");
    let error = site.build("FROM base\nCOPY .wh.x /\n").unwrap_err();
    assert_eq!(error.code(), "build_destination");
}

#[test]
fn what_comes_from_the_net_is_compared_and_kept_as_it_is() {
    let mut site = Site::new();
    let url = "https://user:word@example.com/d/file.bin?token=1";
    site.urls.insert(url.to_owned(), (b"payload".to_vec(), Some(86_400)));
    let digest = strata_spec::Digest::sha256_of(b"payload");
    let built = site.build(&format!("FROM scratch\nADD --checksum={digest} {url} /x/\n")).unwrap();
    has(&site.files(&built), "file 600 0:0 7 x/file.bin");
    let other = strata_spec::Digest::sha256_of(b"other");
    let error = site.build(&format!("FROM scratch\nADD --checksum={other} {url} /\n")).unwrap_err();
    assert_eq!(error.code(), "build_checksum");
    assert!(!error.to_string().contains("word") && !error.to_string().contains("token"), "{error}");
    site.repository = Some(site.folder.path().join("repo"));
    let repo = site.folder.path().join("repo");
    std::fs::create_dir_all(repo.join(".git")).unwrap();
    std::fs::create_dir_all(repo.join("docs")).unwrap();
    std::fs::write(repo.join("docs/a"), "1").unwrap();
    std::fs::write(repo.join(".git/config"), "1").unwrap();
    let git = "https://example.com/r.git";
    let built =
        site.build(&format!("FROM scratch\nADD {git} /r\nADD {git}#main:docs /d\n")).unwrap();
    let files = site.files(&built);
    has(&files, "file 644 0:0 1 r/docs/a");
    has(&files, "file 644 0:0 1 d/a");
    has_not(&files, "r/.git/config");
}

#[test]
fn a_stage_gives_its_own_files_whatever_its_links_say() {
    let mut site = Site::new();
    let layer = Layer::new()
        .dir("etc/")
        .file("etc/hostname", "the stage's")
        .symlink("r", "/")
        .symlink("up", "../../../../etc/hostname");
    site.base("evil", &serde_json::json!({}), vec![layer]);
    let built = site
        .build("FROM evil AS a\nFROM scratch\nCOPY --from=a /r/etc/hostname /x\nCOPY --from=0 /up /y\nCOPY --from=evil /etc /z\n")
        .unwrap();
    for path in ["x", "y", "z/hostname"] {
        assert_eq!(site.content(&built, path).unwrap(), "the stage's", "{path}");
    }
    let error = site.build("FROM scratch\nCOPY --from=evil /nowhere /\n").unwrap_err();
    assert_eq!(error.code(), "build_not_found");
}

#[test]
fn a_context_that_is_an_archive_or_nothing() {
    use strata_build::{BuildOptions, ContextSource, Stop, build};
    let site = Site::new();
    let tar = Layer::new().file("a", "1").file("b", "22").file(".dockerignore", "b\n").tar();
    let path = site.folder.path().join("context.tar.gz");
    std::fs::write(&path, strata_testkit::gzip(&tar)).unwrap();
    let mut request = site.request("FROM scratch\nCOPY . /\n", BuildOptions::default());
    request.context = ContextSource::Archive(path);
    let told = crate::host::Told::default();
    let built = build(&site.store, &request, &site, &told, &Stop::new()).unwrap();
    assert_eq!(
        site.files(&built),
        "file 644 0:0 7 .dockerignore\nfile 644 0:0 1 a\n".replace(" 7 ", " 2 ")
    );
    request.context = ContextSource::Empty;
    let error = build(&site.store, &request, &site, &told, &Stop::new()).unwrap_err();
    assert_eq!(error.code(), "build_not_found");
}
