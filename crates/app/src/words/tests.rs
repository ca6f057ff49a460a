#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;

use super::*;

/// Every code. The match has no wildcard: a new code breaks it until it stands in the list too.
fn codes() -> Vec<ErrorCode> {
    use ErrorCode as E;
    let known = |code: E| match code {
        E::ReferenceInvalid
        | E::HostUnknown
        | E::Unreachable
        | E::TlsFailed
        | E::SignInNeeded
        | E::PasswordWrong
        | E::LoginRefused
        | E::Denied
        | E::RepositoryUnknown
        | E::TagUnknown
        | E::DigestUnknown
        | E::BlobUnknown
        | E::PlatformMissing
        | E::IndexEmpty
        | E::RateLimited
        | E::RegistryFailed
        | E::RegistriesFile
        | E::NotARegistry
        | E::ContentMismatch
        | E::DocumentInvalid
        | E::LayerInvalid
        | E::TooLarge
        | E::Interrupted
        | E::TooSlow
        | E::PullLimit
        | E::DiskFull
        | E::StoreUnwritable
        | E::StoreNewer
        | E::StoreDamaged
        | E::ImageUnknown
        | E::ImageAmbiguous
        | E::LayerUnknown
        | E::PathUnknown
        | E::PathAbsent
        | E::PathDeleted
        | E::PathNotInLayer
        | E::ExportFailed
        | E::ExportTaken
        | E::NotAFile
        | E::FilterInvalid
        | E::Artifact
        | E::Stopped
        | E::RealmUnknown
        | E::RegistryBlocked
        | E::CatalogMissing
        | E::KeychainMissing
        | E::NoTerminal
        | E::HelperFailed
        | E::CertificateInvalid
        | E::SearchFailed
        | E::PracticeFailed
        | E::DockerfileMissing
        | E::DockerfileChanged
        | E::DockerfileInvalid
        | E::BuildTargetUnknown
        | E::BuildContextUnreadable
        | E::BuildFileMissing
        | E::BuildFileIgnored
        | E::BuildDestination
        | E::BuildUserUnknown
        | E::BuildSecretMissing
        | E::BuildNotAllowed
        | E::BuildFetchFailed
        | E::BuildStepFailed
        | E::BuildStepKilled
        | E::RunUnavailable
        | E::OptionInvalid
        | E::FileUnread
        | E::RuleUnknown
        | E::Internal => code,
    };
    let all = [
        E::ReferenceInvalid,
        E::HostUnknown,
        E::Unreachable,
        E::TlsFailed,
        E::SignInNeeded,
        E::PasswordWrong,
        E::LoginRefused,
        E::Denied,
        E::RepositoryUnknown,
        E::TagUnknown,
        E::DigestUnknown,
        E::BlobUnknown,
        E::PlatformMissing,
        E::IndexEmpty,
        E::RateLimited,
        E::RegistryFailed,
        E::RegistriesFile,
        E::NotARegistry,
        E::ContentMismatch,
        E::DocumentInvalid,
        E::LayerInvalid,
        E::TooLarge,
        E::Interrupted,
        E::TooSlow,
        E::PullLimit,
        E::DiskFull,
        E::StoreUnwritable,
        E::StoreNewer,
        E::StoreDamaged,
        E::ImageUnknown,
        E::ImageAmbiguous,
        E::LayerUnknown,
        E::PathUnknown,
        E::PathAbsent,
        E::PathDeleted,
        E::PathNotInLayer,
        E::ExportFailed,
        E::ExportTaken,
        E::NotAFile,
        E::FilterInvalid,
        E::Artifact,
        E::Stopped,
        E::RealmUnknown,
        E::RegistryBlocked,
        E::CatalogMissing,
        E::KeychainMissing,
        E::NoTerminal,
        E::HelperFailed,
        E::CertificateInvalid,
        E::SearchFailed,
        E::PracticeFailed,
        E::DockerfileMissing,
        E::DockerfileChanged,
        E::DockerfileInvalid,
        E::BuildTargetUnknown,
        E::BuildContextUnreadable,
        E::BuildFileMissing,
        E::BuildFileIgnored,
        E::BuildDestination,
        E::BuildUserUnknown,
        E::BuildSecretMissing,
        E::BuildNotAllowed,
        E::BuildFetchFailed,
        E::BuildStepFailed,
        E::BuildStepKilled,
        E::RunUnavailable,
        E::OptionInvalid,
        E::FileUnread,
        E::RuleUnknown,
        E::Internal,
    ];
    all.into_iter().map(known).collect()
}

fn failure(code: ErrorCode, subject: &str, params: &[(&str, &str)]) -> UserError {
    UserError {
        code,
        subject: Some(subject.to_owned()),
        params: params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect::<BTreeMap<_, _>>(),
        actions: Vec::new(),
        causes: Vec::new(),
        retryable: false,
    }
}

#[test]
fn every_failure_has_its_sentences_in_both_languages() {
    let mut missing = Vec::new();
    for language in ["en", "ko"] {
        let words = Words::of(language);
        for code in codes() {
            for part in ["title", "what", "todo"] {
                let key = format!("errors.{}.{part}", code_name(code));
                if words.entry(&key).is_none_or(str::is_empty) {
                    missing.push(format!("{language}: {key}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn no_sentence_about_a_failure_is_for_a_code_that_does_not_exist() {
    let known: Vec<String> = codes().into_iter().map(code_name).collect();
    for catalogue in [&ENGLISH, &KOREAN] {
        let sentences = catalogue["errors"].as_object().unwrap();
        for (code, sentence) in sentences.iter().filter(|(_, sentence)| sentence.is_object()) {
            assert!(known.contains(code) || sentence.get("title").is_none(), "{code}");
        }
    }
}

#[test]
fn a_full_disk_is_told_in_readable_bytes() {
    let params = [("neededBytes", "412000000"), ("freeBytes", "90000000")];
    let error = failure(ErrorCode::DiskFull, "/data/strata", &params);
    for language in ["en", "ko"] {
        let Sentence { title, what, todo } = Words::of(language).error(&error);
        let all = [title, what, todo].join("\n");
        assert!(all.contains("412 MB") && all.contains("90.0 MB"), "{all}");
        assert!(!all.contains("412000000") && !all.contains('{'), "{all}");
    }
}

#[test]
fn only_korean_is_korean() {
    let is_korean = |tag: &str| std::ptr::eq(Words::of(tag).catalogue, &*KOREAN);
    for tag in ["ko", "ko-KR", "KO", "ko_KR.UTF-8"] {
        assert!(is_korean(tag), "{tag}");
    }
    for tag in ["en", "kok", "de-DE", ""] {
        assert!(!is_korean(tag), "{tag}");
    }
}

#[test]
fn count_chooses_the_form() {
    let layers = |language: &str, count: &str| {
        Words::of(language).text("image.header.layers", &[("count", count)])
    };
    assert_eq!(layers("en", "1"), "1 layer");
    assert_eq!(layers("en", "0"), "0 layers");
    assert_eq!(layers("ko", "1"), "레이어 1개");
    assert_eq!(Words::of("en").text("no.such.key", &[("count", "1")]), "no.such.key");
}

#[test]
fn values_fill_the_gaps_and_are_not_read_as_gaps() {
    assert_eq!(filled("{a} and {b}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
    assert_eq!(filled("to {absent}.", &[]), "to .");
    assert_eq!(filled("an open { brace", &[]), "an open { brace");
}

/// A sentence of the catalogue must be there in both languages, with no gap that nothing fills.
fn owed(missing: &mut Vec<String>, key: &str, gaps: &[&str]) {
    for language in ["en", "ko"] {
        let Some(text) = Words::of(language).entry(key) else {
            missing.push(format!("{language}: {key}"));
            continue;
        };
        let found = text.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        let unknown: Vec<&str> = found.filter(|name| !gaps.contains(name)).collect();
        if !unknown.is_empty() {
            missing.push(format!("{language}: {key} has gaps for {unknown:?}"));
        }
    }
}

#[test]
fn what_is_said_of_dockerfiles_stands_in_both_languages_and_nothing_more() {
    let mut missing = Vec::new();
    for (code, gaps) in strata_dockerfile::PROBLEM_CODES {
        owed(&mut missing, &format!("dockerfile.problem.{code}"), gaps);
    }
    for (code, gaps) in strata_dockerfile::MEANINGS {
        owed(&mut missing, &format!("explain.{code}"), gaps);
    }
    for rule in strata_dockerfile::HintRule::all() {
        owed(&mut missing, &format!("lint.{}.message", rule.id), rule.params);
        for part in ["title", "why", "fix"] {
            owed(&mut missing, &format!("lint.{}.{part}", rule.id), &[]);
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    let leaves = |top: &str| {
        fn count(value: &Value) -> usize {
            value.as_object().map_or(1, |fields| fields.values().map(count).sum())
        }
        count(&ENGLISH[top])
    };
    // Five kinds of layer; “meant” and four severities.
    assert_eq!(leaves("explain"), strata_dockerfile::MEANINGS.len() + 5);
    assert_eq!(leaves("lint"), strata_dockerfile::HintRule::all().len() * 4 + 5);
}

#[test]
fn every_rule_for_secrets_has_words_in_every_language() {
    for language in ["en", "ko"] {
        let words = Words::of(language);
        for rule in strata_inspect::secrets::rules() {
            let mut parts = rule.id.split('-');
            let mut name = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let (first, rest) = part.split_at(1);
                name.push_str(&first.to_uppercase());
                name.push_str(rest);
            }
            let key = format!("secrets.rule.{name}");
            assert_ne!(words.text(&key, &[]), key, "{language}");
        }
    }
}
