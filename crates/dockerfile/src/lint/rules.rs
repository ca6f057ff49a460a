//! All rules.

use super::HintRule;
use super::Severity::{self, Advice, Style, Warning};

const fn buildkit(
    id: &'static str,
    severity: Severity,
    params: &'static [&'static str],
    bad: &'static str,
    good: &'static str,
) -> HintRule {
    HintRule { id, numbers: &[], is_buildkit: true, severity, params, bad, good }
}

const fn own(
    id: &'static str,
    numbers: &'static [&'static str],
    severity: Severity,
    params: &'static [&'static str],
    examples: [&'static str; 2],
) -> HintRule {
    let [bad, good] = examples;
    HintRule { id, numbers, is_buildkit: false, severity, params, bad, good }
}

macro_rules! rules {
    ($($name:ident = $rule:expr;)+) => {
        $(pub(super) static $name: HintRule = $rule;)+
        pub(super) static RULES: &[HintRule] = &[$($rule),+];
    };
}

rules! {
    STAGE_NAME_CASING = buildkit("StageNameCasing", Style, &["name"], "FROM alpine:3.20 AS Builder\n", "FROM alpine:3.20 AS builder\n");
    FROM_AS_CASING = buildkit("FromAsCasing", Style, &["from", "as"], "FROM alpine:3.20 as builder\n", "FROM alpine:3.20 AS builder\n");
    NO_EMPTY_CONTINUATION = buildkit("NoEmptyContinuation", Warning, &[], "FROM alpine:3.20\nRUN echo one && \\\n\n    echo two\n", "FROM alpine:3.20\nRUN echo one && \\\n    echo two\n");
    CONSISTENT_INSTRUCTION_CASING = buildkit("ConsistentInstructionCasing", Style, &["found", "expected"], "FROM alpine:3.20\nRUN make\nuser 1000\n", "FROM alpine:3.20\nRUN make\nUSER 1000\n");
    DUPLICATE_STAGE_NAME = buildkit("DuplicateStageName", Warning, &["name", "line"], "FROM alpine:3.20 AS tools\nFROM debian:12 AS tools\n", "FROM alpine:3.20 AS tools\nFROM debian:12 AS runtime\n");
    RESERVED_STAGE_NAME = buildkit("ReservedStageName", Warning, &["name"], "FROM alpine:3.20 AS scratch\n", "FROM alpine:3.20 AS empty\n");
    JSON_ARGS_RECOMMENDED = HintRule { id: "JSONArgsRecommended", numbers: &["DL3025"], is_buildkit: true, severity: Warning, params: &["instruction"], bad: "FROM alpine:3.20\nCMD server --port 80\n", good: "FROM alpine:3.20\nCMD [\"server\", \"--port\", \"80\"]\n" };
    MAINTAINER_DEPRECATED = buildkit("MaintainerDeprecated", Style, &["found"], "FROM alpine:3.20\nMAINTAINER me@example.org\n", "FROM alpine:3.20\nLABEL org.opencontainers.image.authors=\"me@example.org\"\n");
    UNDEFINED_ARG_IN_FROM = buildkit("UndefinedArgInFrom", Warning, &["name"], "ARG VERSION=3.20\nFROM alpine:$VERSOIN\n", "ARG VERSION=3.20\nFROM alpine:$VERSION\n");
    WORKDIR_RELATIVE_PATH = buildkit("WorkdirRelativePath", Warning, &["path"], "FROM alpine:3.20\nWORKDIR app\n", "FROM alpine:3.20\nWORKDIR /app\n");
    UNDEFINED_VAR = buildkit("UndefinedVar", Warning, &["name"], "FROM alpine:3.20\nARG SOURCE=src\nCOPY $SUORCE /app/\n", "FROM alpine:3.20\nARG SOURCE=src\nCOPY $SOURCE /app/\n");
    MULTIPLE_INSTRUCTIONS_DISALLOWED = buildkit("MultipleInstructionsDisallowed", Warning, &["instruction", "line"], "FROM alpine:3.20\nCMD [\"one\"]\nCMD [\"two\"]\n", "FROM alpine:3.20\nCMD [\"two\"]\n");
    LEGACY_KEY_VALUE_FORMAT = buildkit("LegacyKeyValueFormat", Style, &["instruction", "name"], "FROM alpine:3.20\nENV MODE fast\n", "FROM alpine:3.20\nENV MODE=fast\n");
    REDUNDANT_TARGET_PLATFORM = buildkit("RedundantTargetPlatform", Style, &["variable"], "FROM --platform=$TARGETPLATFORM alpine:3.20\n", "FROM alpine:3.20\n");
    SECRETS_USED_IN_ARG_OR_ENV = buildkit("SecretsUsedInArgOrEnv", Warning, &["instruction", "name"], "FROM alpine:3.20\nARG API_TOKEN\n", "FROM alpine:3.20\nRUN --mount=type=secret,id=api_token \\\n    deploy --token-file /run/secrets/api_token\n");
    INVALID_DEFAULT_ARG_IN_FROM = buildkit("InvalidDefaultArgInFrom", Warning, &["image", "value"], "ARG TAG\nFROM alpine:$TAG\n", "ARG TAG=3.20\nFROM alpine:$TAG\n");
    FROM_PLATFORM_FLAG_CONST_DISALLOWED = buildkit("FromPlatformFlagConstDisallowed", Warning, &["platform"], "FROM --platform=linux/amd64 alpine:3.20\n", "FROM alpine:3.20\n");
    COPY_IGNORED_FILE = buildkit("CopyIgnoredFile", Warning, &["path", "rule", "line"], "FROM alpine:3.20\nCOPY notes.txt /app/\n", "FROM alpine:3.20\nCOPY app.txt /app/\n");
    INVALID_DEFINITION_DESCRIPTION = buildkit("InvalidDefinitionDescription", Style, &["name"], "# check=experimental=InvalidDefinitionDescription\n# which alpine\nARG VERSION=3.20\nFROM alpine:$VERSION\n", "# check=experimental=InvalidDefinitionDescription\n# VERSION which alpine\nARG VERSION=3.20\nFROM alpine:$VERSION\n");
    EXPOSE_PROTO_CASING = buildkit("ExposeProtoCasing", Style, &["port", "protocol"], "FROM alpine:3.20\nEXPOSE 53/UDP\n", "FROM alpine:3.20\nEXPOSE 53/udp\n");
    EXPOSE_INVALID_FORMAT = buildkit("ExposeInvalidFormat", Warning, &["port"], "FROM alpine:3.20\nEXPOSE 127.0.0.1:8080:80\n", "FROM alpine:3.20\nEXPOSE 80\n");
    ROOT_USER = own("RootUser", &["DL3002"], Warning, &["user"], ["FROM alpine:3.20\nUSER 1000\nRUN make\nUSER root\n", "FROM alpine:3.20\nRUN make\nUSER 1000\n"]);
    CD_IN_RUN = own("CdInRun", &["DL3003"], Advice, &["folder"], ["FROM alpine:3.20\nRUN cd /src && make\n", "FROM alpine:3.20\nWORKDIR /src\nRUN make\n"]);
    SUDO_IN_RUN = own("SudoInRun", &["DL3004"], Warning, &[], ["FROM debian:12\nRUN sudo make install\n", "FROM debian:12\nRUN make install\n"]);
    UNTAGGED_IMAGE = own("UntaggedImage", &["DL3006"], Warning, &["image"], ["FROM alpine\n", "FROM alpine:3.20\n"]);
    LATEST_TAG = own("LatestTag", &["DL3007"], Warning, &["image"], ["FROM alpine:latest\n", "FROM alpine:3.20\n"]);
    UNPINNED_APT_PACKAGES = own("UnpinnedAptPackages", &["DL3008"], Advice, &["packages"], ["FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl \\\n    && rm -rf /var/lib/apt/lists/*\n", "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.* \\\n    && rm -rf /var/lib/apt/lists/*\n"]);
    APT_LISTS_LEFT = own("AptListsLeft", &["DL3009"], Advice, &[], ["FROM debian:12\nRUN apt-get update \\\n    && apt-get install -y --no-install-recommends curl=7.88.*\n", "FROM debian:12\nRUN apt-get update \\\n    && apt-get install -y --no-install-recommends curl=7.88.* \\\n    && rm -rf /var/lib/apt/lists/*\n"]);
    UNPINNED_PIP_PACKAGES = own("UnpinnedPipPackages", &["DL3013"], Advice, &["packages"], ["FROM python:3.12-slim\nRUN pip install --no-cache-dir flask\n", "FROM python:3.12-slim\nRUN pip install --no-cache-dir flask==3.0.3\n"]);
    APT_RECOMMENDS = own("AptRecommends", &["DL3015"], Advice, &[], ["FROM debian:12\nRUN apt-get update && apt-get install -y curl=7.88.* \\\n    && rm -rf /var/lib/apt/lists/*\n", "FROM debian:12\nRUN apt-get update && apt-get install --no-install-recommends -y curl=7.88.* \\\n    && rm -rf /var/lib/apt/lists/*\n"]);
    UNPINNED_APK_PACKAGES = own("UnpinnedApkPackages", &["DL3018"], Advice, &["packages"], ["FROM alpine:3.20\nRUN apk add --no-cache curl\n", "FROM alpine:3.20\nRUN apk add --no-cache curl=~8.9\n"]);
    APK_CACHE_LEFT = own("ApkCacheLeft", &["DL3019"], Advice, &[], ["FROM alpine:3.20\nRUN apk add curl=~8.9\n", "FROM alpine:3.20\nRUN apk add --no-cache curl=~8.9\n"]);
    ADD_INSTEAD_OF_COPY = own("AddInsteadOfCopy", &["DL3020"], Warning, &["source"], ["FROM alpine:3.20\nADD src /app/src/\n", "FROM alpine:3.20\nCOPY src /app/src/\n"]);
    PIP_CACHE_LEFT = own("PipCacheLeft", &["DL3042"], Advice, &[], ["FROM python:3.12-slim\nRUN pip install flask==3.0.3\n", "FROM python:3.12-slim\nRUN pip install --no-cache-dir flask==3.0.3\n"]);
    COPY_WITHOUT_WORKDIR = own("CopyWithoutWorkdir", &["DL3045"], Warning, &["destination"], ["FROM alpine:3.20\nCOPY src app/\n", "FROM alpine:3.20\nWORKDIR /srv\nCOPY src app/\n"]);
    USERADD_HIGH_UID = own("UseraddHighUid", &["DL3046"], Warning, &["uid"], ["FROM debian:12\nRUN useradd -u 1234567 app\n", "FROM debian:12\nRUN useradd -l -u 1234567 app\n"]);
    CONSECUTIVE_RUNS = own("ConsecutiveRuns", &["DL3059"], Style, &["count"], ["FROM alpine:3.20\nRUN adduser -D app\nRUN mkdir /data\n", "FROM alpine:3.20\nRUN adduser -D app \\\n    && mkdir /data\n"]);
    USER_BY_NAME = own("UserByName", &["DL3066"], Advice, &["user"], ["FROM alpine:3.20\nRUN adduser -D -u 1000 app\nUSER app\n", "FROM alpine:3.20\nRUN adduser -D -u 1000 app\nUSER 1000\n"]);
    WGET_AND_CURL = own("WgetAndCurl", &["DL4001"], Advice, &["first", "second"], ["FROM alpine:3.20\nRUN wget https://example.org/a \\\n    && curl -O https://example.org/b\n", "FROM alpine:3.20\nRUN wget https://example.org/a \\\n    && wget https://example.org/b\n"]);
    PIPE_FAILURE_HIDDEN = own("PipeFailureHidden", &["DL4006"], Warning, &[], ["FROM debian:12\nRUN wget -O - https://example.org/list | sort > /list\n", "FROM debian:12\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN wget -O - https://example.org/list | sort > /list\n"]);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_can_be_found_by_all_its_names() {
        let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!((names.len(), RULES.iter().filter(|rule| rule.is_buildkit).count()), (40, 21));
        for rule in RULES {
            for name in rule.numbers.iter().chain([&rule.id]) {
                assert_eq!(HintRule::find(&name.to_lowercase()), Some(rule), "{name}");
            }
        }
    }
}
