//! What was measured, as Markdown tables of ratios: times are those of one machine on one day.

use std::fmt::Write;
use std::time::Duration;

use super::cost::{Cost, median_cost, spread};
use super::pull::Measured;
use super::recorded::recorded;
use super::tool::Tool;

/// How it was measured.
#[derive(Debug)]
pub struct Frame {
    /// Pulls by each tool that count.
    pub rounds: usize,
    /// How long bytes travelled, each way.
    pub delay: Option<Duration>,
    /// What the pulls were written to.
    pub place: &'static str,
    /// What else the machine had to do.
    pub load: String,
}

/// Marks a ratio to what was not measured here.
const RECORDED: &str = "†";
const NOT_MEASURED: &str = "–";

/// The whole report.
pub fn report(frame: &Frame, all: &[Measured]) -> String {
    let distance = frame.delay.map_or_else(
        || "loopback".to_owned(),
        |delay| format!("{} ms away, each way", delay.as_millis()),
    );
    let mut text = format!(
        "Medians of {} interleaved rounds after one that is not counted; an empty store each time, on {}; registry: {distance}; load {}.\n",
        frame.rounds, frame.place, frame.load
    );
    text.push_str(
        "`strata pull` checks digests and diff IDs and lists every file; skopeo and crane check digests; docker and ctr unpack.\n",
    );
    cpu_table(&mut text, all);
    wall_table(&mut text, all);
    rest_table(&mut text, all);
    text
}

fn cpu_table(text: &mut String, all: &[Measured]) {
    text.push_str("\nProcessor time, strata to the other (lower is better):\n\n");
    row(text, ["image", "bound", "skopeo", "docker", "crane", "ctr", "spread"]);
    row(text, ["---"; 7]);
    for measured in all {
        let own = median_cost(&measured.costs[0].1).cpu_seconds;
        let ratio = |named: fn(&Tool) -> bool| {
            measured.cost(named).map(|cost| format!("{:.2}", own / cost.cpu_seconds))
        };
        let scaled = |of: Scaled| {
            let recorded = recorded(&measured.subject.name)?;
            let skopeo = measured.cost(|tool| *tool == Tool::Skopeo)?;
            let seconds = match of {
                Scaled::Crane => recorded.crane,
                Scaled::Containerd => recorded.containerd,
            };
            let there = seconds * recorded.scale(skopeo.cpu_seconds);
            Some(format!("{:.2} {RECORDED}", own / there))
        };
        let cell = |cell: Option<String>| cell.unwrap_or_else(|| NOT_MEASURED.to_owned());
        let crane = ratio(|tool| matches!(tool, Tool::Crane(_)));
        let ctr = ratio(|tool| matches!(tool, Tool::Ctr(_)));
        row(
            text,
            [
                &measured.subject.name,
                &format!("{:.2}", own / measured.bound),
                &cell(ratio(|tool| *tool == Tool::Skopeo)),
                &cell(ratio(|tool| *tool == Tool::Docker)),
                &cell(crane.or_else(|| scaled(Scaled::Crane))),
                &cell(ctr.or_else(|| scaled(Scaled::Containerd))),
                &format!("±{:.0} %", spread(&measured.costs[0].1) * 50.0),
            ],
        );
    }
    text.push_str(
        "\nbound: the same layers from a socket to a file, decompressed by the same library, hashed \
         twice, their names kept; one thread, nothing else.\n",
    );
    let _ = writeln!(
        text,
        "{RECORDED} recorded, scaled: not run here; the time of crane (August 2026) or containerd 2.4 on another day, times skopeo's time now over its time then."
    );
}

/// A tool whose time is recorded.
#[derive(Clone, Copy)]
enum Scaled {
    Crane,
    Containerd,
}

fn wall_table(text: &mut String, all: &[Measured]) {
    text.push_str("\nTime from start to end, strata to the other:\n\n");
    row(text, ["image", "skopeo", "docker", "crane", "ctr"]);
    row(text, ["---"; 5]);
    for measured in all {
        let own = median_cost(&measured.costs[0].1).wall_seconds;
        let cell = |named: fn(&Tool) -> bool| {
            measured.cost(named).map_or_else(
                || NOT_MEASURED.to_owned(),
                |cost| format!("{:.2}", own / cost.wall_seconds),
            )
        };
        row(
            text,
            [
                &measured.subject.name,
                &cell(|tool| *tool == Tool::Skopeo),
                &cell(|tool| *tool == Tool::Docker),
                &cell(|tool| matches!(tool, Tool::Crane(_))),
                &cell(|tool| matches!(tool, Tool::Ctr(_))),
            ],
        );
    }
}

fn rest_table(text: &mut String, all: &[Measured]) {
    text.push_str("\nMemory, disk, and how soon files are known:\n\n");
    row(
        text,
        [
            "image",
            "peak memory, MB",
            "peak to skopeo",
            "disk to compressed",
            "kept to crane",
            "first file, ms",
            "tree after last byte, ms",
        ],
    );
    row(text, ["---"; 7]);
    for measured in all {
        let own = median_cost(&measured.costs[0].1);
        let skopeo = measured.cost(|tool| *tool == Tool::Skopeo);
        // What crane keeps is the image as the registry has it.
        let kept = measured
            .cost(|tool| matches!(tool, Tool::Crane(_)))
            .map_or(measured.subject.kept_bytes, |crane| crane.disk_bytes);
        let peak = skopeo.map_or(f64::NAN, |skopeo| own.peak_megabytes / skopeo.peak_megabytes);
        row(
            text,
            [
                &measured.subject.name,
                &format!("{:.0}", own.peak_megabytes),
                &format!("{peak:.2}"),
                &format!("{:.3}", parts(own.disk_bytes, measured.subject.compressed_bytes)),
                &format!("{:.3}", parts(own.disk_bytes, kept)),
                &format!("{:.0}", measured.moments.first_entry),
                &format!("{:.0}", measured.moments.last_tree),
            ],
        );
    }
    text.push_str(
        "\nfirst file: from the first byte of any layer; tree: of the layer that took longest, its \
         own bytes all here; both on a line of 1 Gbit/s.\n",
    );
}

impl Measured {
    fn cost(&self, is_it: fn(&Tool) -> bool) -> Option<Cost> {
        self.costs.iter().find(|(tool, _)| is_it(tool)).map(|(_, costs)| median_cost(costs))
    }
}

/// A ratio of bytes; below 2^53 of them nothing is lost.
fn parts(of: u64, whole: u64) -> f64 {
    let number = |bytes: u64| Duration::from_micros(bytes).as_secs_f64();
    number(of) / number(whole)
}

fn row<const COUNT: usize>(text: &mut String, cells: [&str; COUNT]) {
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::bench::own::Moments;
    use crate::bench::subject::Subject;

    fn measured() -> Measured {
        let cost = |cpu_seconds, disk_bytes| Cost {
            wall_seconds: cpu_seconds / 2.0,
            cpu_seconds,
            peak_megabytes: 20.0,
            disk_bytes,
        };
        Measured {
            subject: Subject { name: "py:gz".to_owned(), compressed_bytes: 1000, kept_bytes: 1010 },
            costs: vec![
                (Tool::Strata("strata".into()), vec![cost(1.0, 1020)]),
                (Tool::Skopeo, vec![cost(0.47, 1010)]),
            ],
            bound: 0.8,
            moments: Moments { first_entry: 4.0, last_tree: 12.0 },
        }
    }

    #[test]
    fn every_figure_is_a_ratio_and_recorded_ones_say_so() {
        let frame = Frame { rounds: 5, delay: None, place: "tmpfs", load: "0.1".to_owned() };
        let text = report(&frame, &[measured()]);
        assert!(text.contains("| py:gz | 1.25 | 2.13 | – | 4.76 † | 0.32 † | ±0 % |"), "{text}");
        assert!(text.contains("| py:gz | 2.13 | – | – | – |"), "{text}");
        assert!(text.contains("| py:gz | 20 | 1.00 | 1.020 | 1.010 | 4 | 12 |"), "{text}");
    }
}
