#![allow(clippy::unwrap_used)]
use super::{Explained, LayerEffect, MEANINGS, Said, explain};
use crate::Dockerfile;

fn of(text: &str) -> Vec<Explained> {
    explain(&Dockerfile::parse(text))
}

fn shown(said: &[Said]) -> Vec<String> {
    let one = |said: &Said| {
        let values: Vec<&str> = said.params.iter().map(|(_, value)| value.as_str()).collect();
        format!("{} {}", said.code, values.join(" | ")).trim_end().to_owned()
    };
    said.iter().map(one).collect()
}

#[test]
fn a_file_is_told_line_by_line() {
    let lines = of(
        "# syntax=docker/dockerfile:1\nARG V=1\nFROM golang:$V AS build\nWORKDIR /src\nCOPY --chown=1 a b ./\nRUN --mount=type=cache,target=/c go build ./...\nFROM scratch\nCOPY --from=build /src/app /app\nUSER 1000\nENTRYPOINT [\"/app\"]\nCMD [\"--help\"]\n",
    );
    let says: Vec<Vec<String>> = lines.iter().map(|line| shown(&line.says)).collect();
    assert_eq!(
        says,
        [
            vec!["directive.syntax docker/dockerfile:1"],
            vec!["arg.default V | 1", "arg.global"],
            vec!["from.variable golang:$V", "from.named build"],
            vec!["workdir /src"],
            vec!["copy.context a b | ./", "copy.chown 1"],
            vec!["run.goBuild", "mount.cache /c"],
            vec!["from.scratch"],
            vec!["copy.stage /src/app | /app | build"],
            vec!["user.other 1000"],
            vec!["entrypoint /app"],
            vec!["cmd.arguments --help"],
        ]
    );
    let layers: Vec<LayerEffect> = lines.iter().map(|line| line.layer).collect();
    use LayerEffect::{Base, Files, Folder, Nothing, Settings};
    assert_eq!(
        layers,
        [Nothing, Nothing, Base, Folder, Files, Files, Base, Files, Settings, Settings, Settings]
    );
}

#[test]
fn usual_commands_are_recognised() {
    let run = "RUN apt-get update && apt-get install -y --no-install-recommends curl=1 git && rm -rf /var/lib/apt/lists/* \\\n && pip install -r list.txt && npm ci && useradd -m app && chmod +x /a /b && curl -fsSL https://example.org/x | tar xz && echo hi > /motd && cd /d && make all || true; weird --x y";
    let lines = of(&format!("FROM a\n{run}\n"));
    assert_eq!(
        shown(&lines[1].says),
        [
            "run.aptUpdate",
            "run.aptInstall curl=1, git",
            "run.remove /var/lib/apt/lists/*",
            "run.pipList",
            "run.npmCi",
            "run.useradd app",
            "run.chmod +x | /a /b",
            "run.download https://example.org/x",
            "run.unpack",
            "run.writes /motd",
            "run.cd /d",
            "run.makeTargets all",
            "run.forgive",
            "run.other weird --x y",
        ]
    );
}

#[test]
fn what_a_line_hangs_on_is_told() {
    let lines = of(
        "FROM a AS b\nARG V\nENV W=$V\nRUN curl https://example.org\nCOPY $W . /d/\nADD https://example.org/x /x\nFROM b\nRUN --mount=type=secret,id=s make\n",
    );
    let depends: Vec<Vec<String>> = lines.iter().map(|line| shown(&line.depends)).collect();
    assert_eq!(
        depends,
        [
            vec!["depends.image a"],
            vec!["depends.use"],
            vec!["depends.variables V"],
            vec!["depends.above", "depends.text", "depends.arguments V", "depends.notTheNet"],
            vec!["depends.above", "depends.files $W, .", "depends.variables W"],
            vec!["depends.above", "depends.remote https://example.org/x"],
            vec!["depends.stage b"],
            vec!["depends.above", "depends.text", "depends.arguments V", "depends.notMounts"],
        ]
    );
}

#[test]
fn wrong_lines_are_told_as_far_as_they_can_be() {
    let lines = of("RUM a\nFROM\nCOPY a\nONBUILD ONBUILD RUN b\nHEALTHCHECK NONE\nRUN\nCMD\n");
    let says: Vec<Vec<String>> = lines.iter().map(|line| shown(&line.says)).collect();
    let none = Vec::<String>::new;
    assert_eq!(says[0], ["unknown RUM"]);
    assert_eq!(says[1..3], [none(), none()]);
    assert_eq!(
        says[3..],
        [vec!["onbuild"], vec!["healthcheck.none"], vec!["run.script"], vec!["nothingToRun"]]
    );
}

#[test]
fn long_values_are_cut() {
    let long = "x".repeat(10_000);
    let lines = of(&format!("FROM a\nENV A={long}\n"));
    assert!(lines[1].says[0].params[1].1.len() < 200);
}

/// Every code that the sources of this module name stands in the list, and the other way round.
#[test]
fn all_codes_stand_in_the_list() {
    let sources = [
        include_str!("mod.rs"),
        include_str!("commands.rs"),
        include_str!("copies.rs"),
        include_str!("depends.rs"),
        include_str!("instructions.rs"),
        include_str!("runs.rs"),
    ];
    for (code, _) in MEANINGS {
        let quoted = format!("\"{code}\"");
        assert!(sources.iter().any(|source| source.contains(&quoted)), "{code} is never said");
    }
}
