use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::builds::project;
use crate::site::{Site, is_on_path, prints, shell};

/// Dockerfiles as people write them. Each builds on this machine's own shell, so none needs a network.
const DOCKERFILES: &[(&str, &str)] = &[
    (
        "copies",
        "FROM scratch\nADD root.tar /\nCOPY one.txt /a/\nCOPY one.txt two.txt /b/c/\nCOPY one.txt /d\nCOPY dir /e\nCOPY dir /f/\nCOPY *.txt /g/\n",
    ),
    (
        "stages",
        "FROM scratch AS one\nADD root.tar /\nRUN mkdir /out && cat /etc/passwd > /out/made && ln -s made /out/link\nFROM one AS two\nRUN rm /out/link && chmod 600 /out/made\nFROM scratch\nCOPY --from=two /out /result/\nCOPY --from=0 /bin/sh /bin/sh\nCOPY --from=one /etc/group /groups\n",
    ),
    (
        "users",
        "FROM scratch\nADD root.tar /\nUSER ann\nWORKDIR /srv/app\nRUN id > /tmp/who\nUSER 1000:0\nRUN id > /tmp/who-else && touch /tmp/mine\nUSER root\nRUN chown ann:ann /srv/app && chmod 2750 /srv/app\n",
    ),
    (
        "owners",
        "FROM scratch\nADD root.tar /\nCOPY --chown=ann one.txt /by-name\nCOPY --chown=ann:root one.txt /by-both\nCOPY --chown=12:34 dir /by-number/\nCOPY --chmod=640 two.txt /mode\n",
    ),
    (
        "variables",
        "ARG TAG=x\nFROM scratch\nARG TAG\nARG NAME=one\nENV A=1 B=\"two words\" C=$NAME\nENV OLD form of it\nENV D=${A:-no}${MISSING:+yes}\nADD root.tar /\nRUN echo \"$A $B $C $D $OLD $TAG\" > /said\nCOPY ${NAME}.txt /named-$C\nWORKDIR /w/$A\n",
    ),
    (
        "shells",
        "FROM scratch\nADD root.tar /\nSHELL [\"/bin/sh\", \"-e\", \"-c\"]\nRUN false || touch /shell\nRUN [\"/bin/touch\", \"/exec form\"]\nRUN cd /tmp && \\\n    # a comment within\n    touch here\n",
    ),
    (
        "settings",
        "FROM scratch\nADD root.tar /\nLABEL a=1 b=\"x y\"\nEXPOSE 80 53/udp\nVOLUME /data\nVOLUME [\"/more\"]\nSTOPSIGNAL SIGINT\nENTRYPOINT [\"/bin/sh\", \"-c\"]\nCMD [\"id\"]\nUSER ann\nWORKDIR /srv\nWORKDIR app\n",
    ),
    ("commands", "FROM scratch\nADD root.tar /\nCMD cat /etc/passwd\nENTRYPOINT /bin/sh\n"),
    (
        "deletions",
        "FROM scratch\nADD root.tar /\nCOPY dir /keep/\nRUN rm -r /keep/inner && mkdir /keep/inner && touch /keep/inner/again\nRUN rm /keep/a.txt && ln -s gone /keep/a.txt\nRUN mkdir -p /deep/er && touch /deep/er/file && rm -r /deep\n",
    ),
    (
        "links",
        "FROM scratch\nADD root.tar /\nRUN mkdir -p /real && ln -s real /alias && touch /real/x && ln /real/x /real/y\nCOPY one.txt /alias/\nWORKDIR /alias/below\n",
    ),
    ("ignored", "FROM scratch\nADD root.tar /\nCOPY . /all/\n"),
    (
        "archives",
        "FROM scratch\nADD root.tar /\nADD packed.tar.gz /unpacked/\nADD one.txt /plain\nCOPY packed.tar.gz /kept/\n",
    ),
    (
        "mounts",
        "FROM scratch\nADD root.tar /\nRUN --mount=type=bind,source=dir,target=/mnt cat /mnt/a.txt > /bound\nRUN --mount=type=cache,target=/cache touch /cache/x && ls /cache > /cached\nRUN --mount=type=tmpfs,target=/scratch touch /scratch/x\n",
    ),
];

/// What buildah leaves of its own in an image: where commands find names and devices. Strata takes its own away again.
const THEIRS: [&str; 9] = [
    "dev",
    "proc",
    "sys",
    "run",
    "etc/hosts",
    "etc/resolv.conf",
    "etc/hostname",
    "run/.containerenv",
    "run/secrets",
];

/// Where ours is another on purpose: the Dockerfile, the path, why.
const ON_PURPOSE: [(&str, &str, &str); 1] = [(
    "ignored",
    "all/dir/inner",
    "a folder that is kept out, of which a rule lets a file in, keeps its own mode, as BuildKit has it",
)];

#[test]
fn images_are_what_buildah_makes_of_the_same_dockerfiles() {
    let Some(site) = Site::open() else { return };
    if !is_on_path("buildah") {
        println!("skipped: there is no `buildah`");
        return;
    }
    let folder = project(&site, "parity", "");
    let context = "echo one > one.txt; echo two > two.txt; mkdir -p dir/inner; echo a > dir/a.txt; echo b > dir/inner/b.txt; \
        chmod 750 dir/inner; chmod 600 two.txt; ln -s a.txt dir/to-a; echo no > kept.log; \
        printf '*.log\\ndir/inner\\n!dir/inner/b.txt\\nroot.tar\\n' > ignore; tar -czf packed.tar.gz dir";
    shell(&folder, context);
    let mut wrong = Vec::new();
    for (name, dockerfile) in DOCKERFILES {
        fs::write(folder.join("Dockerfile"), dockerfile).unwrap();
        fs::remove_file(folder.join(".dockerignore")).ok();
        if *name == "ignored" {
            // What is needed to build on is added all the same.
            shell(&folder, "grep -v root.tar ignore > .dockerignore");
        }
        let ours = format!("parity-{name}:1");
        site.strata_prints(&["build", "--quiet", "-t", &ours, &folder.display().to_string()]);
        let theirs = by_buildah(&site, &folder, name);
        wrong.extend(
            differences(&site, name, &ours, &theirs)
                .into_iter()
                .map(|one| format!("{name}: {one}")),
        );
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Builds by buildah, sends it to the registry and pulls it from there.
fn by_buildah(site: &Site, folder: &Path, name: &str) -> String {
    let reference = format!("{}/parity/{name}:1", site.registry.address);
    let buildah = || {
        let mut buildah = Command::new("buildah");
        buildah
            .arg("--root")
            .arg(site.path("buildah"))
            .arg("--runroot")
            .arg(site.path("buildah-run"));
        buildah.args(["--storage-driver", "vfs"]).current_dir(folder);
        buildah
    };
    prints(buildah().args(["bud", "--isolation", "chroot", "--quiet", "-t", &reference, "."]));
    prints(buildah().args(["push", "--quiet", "--tls-verify=false", &reference]));
    site.strata_prints(&["pull", "--quiet", &reference]);
    reference
}

fn differences(site: &Site, name: &str, ours: &str, theirs: &str) -> Vec<String> {
    let (left, right) = (files(site, ours), files(site, theirs));
    let mut wrong = Vec::new();
    let is_compared = |path: &&String| {
        let is_ours =
            ON_PURPOSE.iter().any(|(file, known, _)| *file == name && *known == path.as_str());
        !is_ours && !THEIRS.contains(&path.as_str())
    };
    let paths = left.keys().chain(right.keys()).filter(is_compared);
    let paths: std::collections::BTreeSet<&String> = paths.collect();
    for path in paths {
        if left.get(path) != right.get(path) {
            wrong.push(format!("`{path}`: {:?}, by buildah {:?}", left.get(path), right.get(path)));
        }
    }
    let (left, right) = (settings(site, ours), settings(site, theirs));
    for key in [
        "Env",
        "Cmd",
        "Entrypoint",
        "WorkingDir",
        "User",
        "ExposedPorts",
        "Volumes",
        "StopSignal",
        "Labels",
    ] {
        if left[key] != right[key] {
            wrong.push(format!("{key}: {}, by buildah {}", left[key], right[key]));
        }
    }
    wrong
}

/// Kind, mode, owner, size and target of each path.
fn files(site: &Site, reference: &str) -> BTreeMap<String, String> {
    let printed = site.strata_prints(&["files", reference, "--json"]);
    let rows = String::from_utf8(printed).unwrap();
    let rows = rows.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let rows = rows.flat_map(|row| match row {
        Value::Array(rows) => rows,
        row => vec![row],
    });
    let told = |row: &Value| {
        let is_folder = row["kind"] == "directory";
        let size = if is_folder { Value::Null } else { row["sizeBytes"].clone() };
        // Which of two names of one file is the link is each builder's own business.
        let kind = if row["kind"] == "hardlink" { "file".into() } else { row["kind"].clone() };
        let size = if row["kind"] == "hardlink" { Value::Null } else { size };
        format!("{kind} {} {}:{} {size}", row["mode"], row["uid"], row["gid"])
    };
    rows.map(|row| (row["path"].as_str().unwrap_or_default().to_owned(), told(&row))).collect()
}

fn settings(site: &Site, reference: &str) -> Value {
    let name = if reference.contains('/') {
        reference.to_owned()
    } else {
        format!("docker.io/library/{reference}")
    };
    let layout = format!("oci:{}:{name}", site.store().display());
    let printed = prints(Command::new("skopeo").args(["inspect", "--config", &layout]));
    let mut config: Value = serde_json::from_slice::<Value>(&printed).unwrap()["config"].take();
    // BuildKit, and Strata, note the root where buildah notes nothing; it means the same.
    if config["WorkingDir"].is_null() {
        config["WorkingDir"] = "/".into();
    }
    if let Some(labels) = config["Labels"].as_object_mut() {
        labels.remove("io.buildah.version");
        if labels.is_empty() {
            config["Labels"] = Value::Null;
        }
    }
    config
}
