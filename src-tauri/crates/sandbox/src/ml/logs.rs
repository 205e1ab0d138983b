//! Logs of a deployment's containers, as public recordings of the Azure CLI's tests show them
//! (Azure/azure-cli-extensions, src/machinelearningservices).

use super::rollout::Stage;

const STAGES: [(&str, Stage); 4] = [
    ("SystemSetup", Stage::Schedule),
    ("UserContainerImagePull", Stage::Pull),
    ("ModelDownload", Stage::Download),
    ("UserContainerStart", Stage::Start),
];

/// The content of `getLogs`: how far the instance came, and the last lines of the container.
pub(super) fn content(name: &str, known: Option<(Stage, &str)>, tail: u64) -> String {
    let stage = known.map_or(Stage::Ready, |(stage, _)| stage);
    let lines = STAGES.iter().map(|(name, own)| {
        let state = match own.cmp(&stage) {
            std::cmp::Ordering::Less => "Succeeded",
            std::cmp::Ordering::Equal => "Failed",
            std::cmp::Ordering::Greater => "Waiting",
        };
        format!("{name}: {state}\n")
    });
    let status: String = lines.collect();
    let last = container(name, known, tail);
    format!("Instance status:\n{status}\nContainer logs:\n{last}\n")
}

/// The last lines of a container.
pub(super) fn container(name: &str, known: Option<(Stage, &str)>, tail: u64) -> String {
    let (stage, log) = known.unwrap_or((Stage::Ready, "200 /\n"));
    let text = if name.eq_ignore_ascii_case("StorageInitializer") {
        initializer(stage)
    } else {
        log.to_string()
    };
    let all: Vec<&str> = text.lines().collect();
    let skipped = all
        .len()
        .saturating_sub(usize::try_from(tail).unwrap_or(usize::MAX));
    all.get(skipped..).unwrap_or_default().join("\n")
}

fn initializer(stage: Stage) -> String {
    if stage < Stage::Download {
        return String::new();
    }
    let line = |level: &str, caller: &str, message: &str| {
        format!(
            "{{\"level\":\"[{level}]\",\"logger\":\"VMagent.storage initializer\",\"caller\":\"{caller}\",\"msg\":\"{message}\"}}\n"
        )
    };
    let begin = line("INFO", "storageinit/manifest.go:136", "Start to resolve manifest");
    let end = if stage == Stage::Download {
        line(
            "ERROR",
            "storageinit/jobmanager.go:290",
            "Failed to download: 404 BlobNotFound",
        )
    } else {
        line(
            "INFO",
            "storageinit/manifest.go:148",
            "Successfully downloaded manifest file from remote",
        ) + &line(
            "INFO",
            "storageinit/service.go:130",
            "Mark job status as completed",
        )
    };
    begin + &end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_that_failed_is_shown_and_the_log_cut() {
        let text = content("InferenceServer", Some((Stage::Start, "a\nb\nc\n")), 2);
        assert!(
            text.contains("ModelDownload: Succeeded\nUserContainerStart: Failed\n"),
            "{text}"
        );
        assert!(text.ends_with("Container logs:\nb\nc\n"), "{text}");
        let text = content("StorageInitializer", Some((Stage::Pull, "a")), 500);
        assert!(
            text.contains("UserContainerImagePull: Failed\nModelDownload: Waiting\n"),
            "{text}"
        );
        let ready = content("StorageInitializer", None, 500);
        assert!(
            ready.contains("UserContainerStart: Succeeded") && ready.contains("completed"),
            "{ready}"
        );
    }
}
