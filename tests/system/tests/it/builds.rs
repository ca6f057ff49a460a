use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::site::{Site, output, prints, shell};

/// How often a build is killed, unless `STRATA_KILLS` says more.
const KILLS: u32 = 4;

/// A folder with a root file system to build on, made of this machine's own shell and tools.
pub fn project(site: &Site, name: &str, dockerfile: &str) -> std::path::PathBuf {
    let folder = site.path(name);
    fs::create_dir_all(&folder).unwrap();
    let script = r#"
        mkdir -p root/bin root/etc root/tmp; chmod 1777 root/tmp
        for tool in sh cat cp ls mkdir rm sleep id touch chmod chown ln base64; do
            path=$(readlink -f "$(command -v $tool)")
            cp "$path" root/bin/$tool
            for library in $(ldd "$path" | grep -o '/[^ ]*' || true); do
                mkdir -p "root$(dirname "$library")"
                cp -nL "$library" "root$library"
            done
        done
        printf 'root:x:0:0::/:/bin/sh\nann:x:1000:1000::/:/bin/sh\n' > root/etc/passwd
        printf 'root:x:0:\nann:x:1000:\n' > root/etc/group
        tar -C root -cf root.tar . && rm -r root
    "#;
    shell(&folder, script);
    fs::write(folder.join("Dockerfile"), dockerfile).unwrap();
    folder
}

fn build(site: &Site, folder: &Path, more: &[&str]) -> Value {
    let mut arguments = vec!["build", "--json", "--progress=none"];
    arguments.extend(more);
    let folder = folder.display().to_string();
    arguments.push(&folder);
    serde_json::from_slice(&site.strata_prints(&arguments)).unwrap()
}

fn states(built: &Value) -> Vec<(String, String)> {
    let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    let lines = built["build"]["lines"].as_array().unwrap();
    lines.iter().map(|line| (text(line, "keyword"), text(line, "state"))).collect()
}

const DOCKERFILE: &str = "FROM scratch AS base\nADD root.tar /\nUSER ann\nWORKDIR /srv/app\n\
    COPY --chown=ann one.txt two.txt ./\nRUN cat one.txt two.txt > both.txt && ln -s both.txt link && mkdir -m 700 d\n\
    FROM base\nUSER root\nCOPY --from=base /srv/app/both.txt /both\nRUN rm /srv/app/one.txt\n\
    ENV A=1 B=\"two words\"\nEXPOSE 80\nENTRYPOINT [\"/bin/cat\"]\nCMD [\"/both\"]\n";

#[test]
fn a_dockerfile_becomes_an_image_that_other_tools_read_and_is_not_made_twice() {
    let Some(site) = Site::open() else { return };
    let folder = project(&site, "shop", DOCKERFILE);
    fs::write(folder.join("one.txt"), "one\n").unwrap();
    fs::write(folder.join("two.txt"), "two\n").unwrap();
    let first = build(&site, &folder, &["-t", "shop:1"]);
    assert!(states(&first).iter().all(|(_, state)| state != "failed" && state != "waiting"));
    assert_eq!(site.strata_prints(&["cat", "shop:1", "/both"]), b"one\ntwo\n");
    let listed = String::from_utf8(site.strata_prints(&["files", "shop:1", "/srv/app/"])).unwrap();
    assert!(!listed.contains("one.txt") && listed.contains("link"), "{listed}");

    let layout = format!("oci:{}:docker.io/library/shop:1", site.store().display());
    let mut skopeo = std::process::Command::new("skopeo");
    let config = prints(skopeo.args(["inspect", "--config", &layout]));
    let config: Value = serde_json::from_slice(&config).unwrap();
    assert_eq!(config["config"]["Entrypoint"], serde_json::json!(["/bin/cat"]));
    assert_eq!(config["config"]["WorkingDir"], "/srv/app");
    assert_eq!(config["config"]["User"], "root");
    let env = config["config"]["Env"].as_array().unwrap();
    assert!(env.contains(&"A=1".into()) && env.contains(&"B=two words".into()));

    let again = build(&site, &folder, &["-t", "shop:1"]);
    assert_eq!(again["manifest"], first["manifest"]);
    let anew = |built: &Value| {
        let lines = states(built);
        let made = lines.into_iter().filter(|(keyword, state)| {
            state == "done" && ["ADD", "COPY", "RUN", "WORKDIR"].contains(&&**keyword)
        });
        made.map(|(keyword, _)| keyword).collect::<Vec<_>>()
    };
    assert_eq!(anew(&again), Vec::<String>::new());

    fs::write(folder.join("two.txt"), "changed\n").unwrap();
    let changed = build(&site, &folder, &["-t", "shop:1"]);
    assert_eq!(anew(&changed)[..2], ["COPY", "RUN"]);
    let copy = &changed["build"]["lines"][4];
    assert_eq!(copy["why"]["type"], "files", "{copy}");
    assert_eq!(copy["why"]["changed"], serde_json::json!(["two.txt"]));
    assert_eq!(site.strata_prints(&["cat", "shop:1", "/both"]), b"one\nchanged\n");
}

#[test]
fn with_an_epoch_two_builds_in_two_stores_have_one_digest() {
    let Some(site) = Site::open() else { return };
    let folder =
        project(&site, "twice", "FROM scratch\nADD root.tar /\nRUN id > /who && mkdir /new\n");
    let epoch = ["--build-arg", "SOURCE_DATE_EPOCH=1700000000"];
    let first = build(&site, &folder, &epoch);
    fs::rename(site.store(), site.path("store-before")).unwrap();
    thread::sleep(Duration::from_millis(1100));
    let second = build(&site, &folder, &epoch);
    assert_eq!(first["manifest"], second["manifest"]);
}

#[test]
fn a_secret_is_in_no_layer_log_or_file_after_the_build_that_used_it() {
    let Some(site) = Site::open() else { return };
    let dockerfile = "FROM scratch\nADD root.tar /\n\
        RUN --mount=type=secret,id=token cat /run/secrets/token && base64 /run/secrets/token && cp /run/secrets/token /dev/shm/x\n\
        RUN --mount=type=secret,id=token,env=TOKEN [\"/bin/sh\", \"-c\", \"test -n \\\"$TOKEN\\\" && touch /used\"]\n";
    let folder = project(&site, "secret", dockerfile);
    let secret = "Zx81-kept-by-nobody-4711";
    let file = site.path("token");
    fs::write(&file, secret).unwrap();
    let given = format!("id=token,src={}", file.display());
    let folder_name = folder.display().to_string();
    let built = output(&mut site.strata(&["build", "--secret", &given, "-t", "s:1", &folder_name]));
    let said = String::from_utf8_lossy(&built.stderr).into_owned();
    assert!(built.status.success(), "{said}");
    fs::remove_file(&file).unwrap();
    let encoded = "Wng4MS1rZXB0LWJ5LW5vYm9keS00NzEx";
    for value in [secret, encoded] {
        assert!(!said.contains(value), "{said}");
        let find = format!(
            "! grep -rl -- '{value}' . && for blob in store/blobs/sha256/*; do \
             (gzip -dc \"$blob\" 2>/dev/null || cat \"$blob\") | grep -q -- '{value}' && exit 1; done; true"
        );
        shell(site.folder(), &find);
    }
}

#[test]
fn a_killed_build_leaves_no_mount_no_process_and_no_image() {
    let Some(site) = Site::open() else { return };
    let folder =
        project(&site, "killed", "FROM scratch\nADD root.tar /\nRUN touch /a && sleep 20\n");
    let kills = std::env::var("STRATA_KILLS").ok().and_then(|text| text.parse().ok());
    let folder_name = folder.display().to_string();
    let mut build = site.strata(&["build", "--no-cache", "-t", "killed:1", &folder_name]);
    build.stdout(Stdio::null()).stderr(Stdio::null());
    for round in 0..kills.unwrap_or(KILLS) {
        let mut running = build.spawn().unwrap();
        thread::sleep(Duration::from_millis(150 + u64::from(round) * 350));
        running.kill().unwrap();
        running.wait().unwrap();
        let store = site.store().display().to_string();
        let left = || {
            let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
            let processes = shell(site.folder(), "ps -eo args | grep -c '[s]leep 20$' || true");
            mounts.contains(&store) || processes.trim() != "0"
        };
        let begun = Instant::now();
        while left() && begun.elapsed() < Duration::from_secs(5) {
            thread::sleep(Duration::from_millis(50));
        }
        assert!(!left(), "round {round}: something of the build is left");
        let images: Value =
            serde_json::from_slice(&site.strata_prints(&["images", "--json"])).unwrap();
        assert_eq!(images["images"], serde_json::json!([]));
    }
}

#[test]
fn a_command_that_fails_is_told_with_its_line_and_its_code_and_leaves_no_image() {
    let Some(site) = Site::open() else { return };
    let folder =
        project(&site, "fails", "FROM scratch\nADD root.tar /\nRUN echo before && exit 42\n");
    let folder_name = folder.display().to_string();
    let failed = output(&mut site.strata(&["build", "-t", "fails:1", &folder_name]));
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert_eq!(failed.status.code(), Some(1), "{said}");
    assert!(said.contains("before") && said.contains("42"), "{said}");
    let missing = site.strata(&["inspect", "fails:1"]).output().unwrap();
    assert!(!missing.status.success());
    fs::write(folder.join("Dockerfile"), "FROM scratch\nCOPY nothing.txt /\n").unwrap();
    let absent = output(&mut site.strata(&["build", &folder_name]));
    let said = String::from_utf8_lossy(&absent.stderr).into_owned();
    assert_eq!(absent.status.code(), Some(1));
    assert!(said.contains("nothing.txt"), "{said}");
}
