//! Dockerfiles rebuilt from histories in the form that builders leave them.
#![allow(clippy::unwrap_used)]

mod checks;
mod growth;
mod ignored;
mod mutated;
mod shell_words;
mod vectors;

use proptest::prelude::*;
use strata_dockerfile::{Facts, HistoryLine, RebuiltLine, Unknown, rebuild};

fn lines(history: &[(&str, bool)], facts: &Facts<'_>) -> Vec<RebuiltLine> {
    let history: Vec<HistoryLine<'_>> = history
        .iter()
        .map(|&(created_by, has_layer)| HistoryLine { created_by, has_layer })
        .collect();
    rebuild(&history, facts)
}

fn text(history: &[(&str, bool)], facts: &Facts<'_>) -> String {
    lines(history, facts).into_iter().map(|line| line.text + "\n").collect()
}

#[test]
fn a_classic_history_becomes_a_dockerfile() {
    let history = [
        ("/bin/sh -c #(nop) ADD file:5aaace706aa00ff97d243daa3c29ba88de7f17a6 in / ", true),
        ("/bin/sh -c #(nop)  CMD [\"bash\"]", false),
        ("/bin/sh -c #(nop)  LABEL maintainer=Someone <a@example.com>", false),
        ("/bin/sh -c #(nop)  ENV NGINX_VERSION=1.25.3", false),
        ("/bin/sh -c set -x     && groupadd nginx     && useradd nginx", true),
        (
            "/bin/sh -c #(nop) COPY file:01e75c6dd0ce317d516928a17584d111 in /docker-entrypoint.sh ",
            true,
        ),
        ("/bin/sh -c #(nop) COPY --chown=nginx:nginx dir:77 in /usr/share/nginx/html ", true),
        ("/bin/sh -c #(nop)  EXPOSE map[443/tcp:{} 80/tcp:{}]", false),
        (
            "/bin/sh -c #(nop)  HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f localhost\"] \"30s\" \"3s\" \"0s\" \"0s\" '\\x03'}",
            false,
        ),
        ("/bin/sh -c #(nop)  STOPSIGNAL SIGQUIT", false),
        ("/bin/sh -c #(nop)  CMD [\"nginx\" \"-g\" \"daemon off;\"]", false),
    ];
    let facts = Facts { labels: vec!["maintainer"], ..Facts::default() };
    let expected = r#"FROM scratch
ADD … /
CMD ["bash"]
LABEL maintainer="Someone <a@example.com>"
ENV NGINX_VERSION=1.25.3
RUN set -x \
    && groupadd nginx \
    && useradd nginx
COPY … /docker-entrypoint.sh
COPY --chown=nginx:nginx … /usr/share/nginx/html
EXPOSE 443/tcp 80/tcp
HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD curl -f localhost
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
"#;
    assert_eq!(text(&history, &facts), expected);
}

#[test]
fn a_history_of_buildkit_keeps_names_and_the_base_becomes_from() {
    let history = [
        ("# debian.sh --arch 'amd64' out/ 'bookworm'", true),
        ("ENV PATH=/usr/local/bin:/usr/bin LANG=C.UTF-8", false),
        ("WORKDIR /app", true),
        ("COPY /out/app /usr/bin/app # buildkit", true),
        ("ARG VERSION", false),
        ("RUN |1 VERSION=1.2 /bin/sh -c make VERSION=$VERSION # buildkit", true),
        ("RUN /bin/sh -c set -e\necho one\n # buildkit", true),
        ("SHELL [/bin/bash -o pipefail -c]", false),
        ("RUN /bin/bash -o pipefail -c curl x | sh # buildkit", true),
        ("EXPOSE [8000/tcp]", false),
        ("ENTRYPOINT [\"app\"]", false),
    ];
    let facts = Facts {
        base: Some("debian:12"),
        base_steps: 1,
        env: vec!["PATH", "LANG"],
        ..Facts::default()
    };
    let expected = r#"FROM debian:12
ENV PATH=/usr/local/bin:/usr/bin LANG=C.UTF-8
WORKDIR /app
COPY /out/app /usr/bin/app
ARG VERSION
RUN make VERSION=$VERSION
RUN <<EOF
set -e
echo one
EOF
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl x | sh
EXPOSE 8000/tcp
ENTRYPOINT ["app"]
"#;
    assert_eq!(text(&history, &facts), expected);
    let lines = lines(&history, &facts);
    assert_eq!(lines[3].unknown, [Unknown::Files, Unknown::Stage]);
    assert_eq!(lines[5].unknown, [Unknown::Arguments, Unknown::Mounts]);
    assert_eq!(lines[1].step, Some(1));
}

#[test]
fn a_shell_that_no_line_names_is_written_down() {
    let found = text(&[("/bin/bash -o pipefail -c a | b", true)], &Facts::default());
    let expected = "FROM scratch\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN a | b\n";
    assert_eq!(found, expected);
}

#[test]
fn layers_of_other_tools_are_remarks() {
    let history = [("bazel build @distroless//base", true), ("", true), ("ko build ko://x", true)];
    let found = lines(&history, &Facts::default());
    let texts: Vec<&str> = found.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        texts,
        ["FROM scratch", "# bazel build @distroless//base", "#", "# ko build ko://x"]
    );
    assert!(found[1..].iter().all(|line| line.unknown == [Unknown::Foreign]));
}

#[test]
fn a_history_that_lacks_steps_says_so() {
    let history = [("COPY a /", true)];
    let facts = Facts { layers: Some(2), ..Facts::default() };
    let found = lines(&history, &facts);
    assert_eq!((found[1].text.as_str(), &found[1].unknown[..]), ("# …", &[Unknown::Steps][..]));
    let whole = lines(&history, &Facts { layers: Some(1), ..Facts::default() });
    assert!(whole.iter().all(|line| !line.unknown.contains(&Unknown::Steps)));
}

#[test]
fn a_base_without_a_name_is_a_gap() {
    let facts = Facts { base_steps: 1, ..Facts::default() };
    let found = lines(&[("ADD x /", true), ("CMD [\"a\"]", false)], &facts);
    assert_eq!(
        (found[0].text.as_str(), found[0].unknown.as_slice()),
        ("FROM …", &[Unknown::Base][..])
    );
    assert_eq!(found.len(), 2);
}

proptest! {
    #[test]
    fn any_history_gives_a_line_for_each_of_its_steps(
        history in prop::collection::vec((".{0,80}", any::<bool>()), 0..8)
    ) {
        let history: Vec<(&str, bool)> =
            history.iter().map(|(text, layer)| (text.as_str(), *layer)).collect();
        let found = lines(&history, &Facts::default());
        let steps: Vec<usize> = found.iter().filter_map(|line| line.step).collect();
        prop_assert_eq!(steps, (0..history.len()).collect::<Vec<_>>());
    }
}
