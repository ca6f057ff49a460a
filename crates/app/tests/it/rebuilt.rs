//! Dockerfiles rebuilt from what an image keeps of its making.

use strata_app::api::{DockerfileRead, Unknown};
use strata_testkit::{Image, Layer, Packing};

use crate::registry::{Registry, architecture};
use crate::site::Site;

#[tokio::test]
async fn a_rebuilt_dockerfile_has_the_settings_that_only_the_config_has() {
    let registry = Registry::start().await;
    let image = Image::new()
        .platform("linux", architecture())
        .layer(Layer::new().file("a", "1").tar(), Packing::Gzip, "COPY . / # buildkit")
        .setting("CMD [\"python3\"]")
        .config(serde_json::json!({
            "Cmd": ["gunicorn", "app:app"], "WorkingDir": "/srv", "OnBuild": ["RUN make"],
            "Healthcheck": { "Test": ["CMD", "curl", "x"], "Interval": 5_000_000_000_u64 },
        }))
        .build();
    let reference = registry.push("team/app", "2", &image).await;
    let site = Site::open();
    site.pull(&reference).await;
    let manifest = site.app.image_find(&reference, None).await.unwrap().summary.manifest;
    let lines = site.app.dockerfile(DockerfileRead { manifest }).await.unwrap();
    let added: Vec<&str> = lines
        .iter()
        .filter(|line| line.unknown == [Unknown::Settings])
        .map(|line| line.text.as_str())
        .collect();
    let expected = [
        "ONBUILD RUN make",
        "WORKDIR /srv",
        "HEALTHCHECK --interval=5s CMD [\"curl\", \"x\"]",
        "CMD [\"gunicorn\", \"app:app\"]",
    ];
    assert_eq!(added, expected);
}
