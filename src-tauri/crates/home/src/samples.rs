//! Requests that the person saved for an endpoint, one private file for each endpoint.

use crate::Home;
use crate::entries::{Entries, id_of_name};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::RequestSample;
use serde::{Deserialize, Serialize};

/// Largest request of a sample, in bytes. Larger ones are sent from their files.
const MOST_BYTES: usize = 1024 * 1024;
/// Longest name, in characters.
const LONGEST_NAME: usize = 80;
/// Most samples of an endpoint.
const MOST_SAMPLES: usize = 100;

/// The samples as saved.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Saved {
    /// In lower case.
    endpoint_id: String,
    samples: Vec<RequestSample>,
}

/// The samples of an endpoint, by name.
///
/// # Errors
/// `FileProblem`, `CorruptState`.
pub fn read(home: &Home, endpoint_id: &str) -> Result<Vec<RequestSample>, Failure> {
    let id = endpoint_id.to_lowercase();
    let saved = entries(home).get(&id_of_name(&id))?;
    let own = saved.filter(|saved| saved.endpoint_id == id);
    Ok(own.map(|saved| saved.samples).unwrap_or_default())
}

/// Saves a sample, in place of one with the same name. Returns all.
///
/// # Errors
/// `BadInput`, `FileProblem`, `CorruptState`.
pub fn save(home: &Home, endpoint_id: &str, sample: &RequestSample) -> Result<Vec<RequestSample>, Failure> {
    let name = sample.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(bad("name", if name.is_empty() { "empty" } else { "too_long" }));
    }
    if sample.request.len() > MOST_BYTES {
        return Err(bad("sample", "too_big")
            .with("bytes", sample.request.len())
            .with("limit", MOST_BYTES));
    }
    let mut samples = read(home, endpoint_id)?;
    samples.retain(|known| known.name != name);
    if samples.len() >= MOST_SAMPLES {
        return Err(bad("samples", "too_many").with("limit", MOST_SAMPLES));
    }
    samples.push(RequestSample {
        name: name.to_owned(),
        request: sample.request.clone(),
    });
    samples.sort_by(|one, other| one.name.cmp(&other.name));
    write(home, endpoint_id, samples)
}

/// Deletes a sample. Returns the others.
///
/// # Errors
/// `FileProblem`, `CorruptState`.
pub fn delete(home: &Home, endpoint_id: &str, name: &str) -> Result<Vec<RequestSample>, Failure> {
    let mut samples = read(home, endpoint_id)?;
    samples.retain(|known| known.name != name);
    write(home, endpoint_id, samples)
}

fn write(home: &Home, endpoint_id: &str, samples: Vec<RequestSample>) -> Result<Vec<RequestSample>, Failure> {
    let endpoint_id = endpoint_id.to_lowercase();
    let file = id_of_name(&endpoint_id);
    let saved = Saved { endpoint_id, samples };
    entries(home).put(&file, &saved)?;
    Ok(saved.samples)
}

fn entries(home: &Home) -> Entries<Saved> {
    Entries::of(home.samples())
}

fn bad(what: &str, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", what)
        .with("why", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(name: &str, request: &str) -> RequestSample {
        RequestSample {
            name: name.to_owned(),
            request: request.to_owned(),
        }
    }

    #[test]
    fn samples_are_kept_for_each_endpoint() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        save(&home, "/w/A", &sample(" b ", "1")).unwrap();
        save(&home, "/W/a", &sample("a", "2")).unwrap();
        save(&home, "/w/a", &sample("b", "3")).unwrap();
        let all = [sample("a", "2"), sample("b", "3")];
        assert_eq!(read(&home, "/w/a").unwrap(), all);
        assert_eq!(read(&home, "/w/b").unwrap(), []);
        assert_eq!(delete(&home, "/w/a", "a").unwrap(), [sample("b", "3")]);
        assert_eq!(read(&home, "/w/a").unwrap(), [sample("b", "3")]);
    }

    #[test]
    fn a_sample_has_a_name_and_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        for (wrong, why) in [
            (sample(" ", "1"), "empty"),
            (sample(&"a".repeat(81), "1"), "too_long"),
            (sample("a", &"1".repeat(MOST_BYTES + 1)), "too_big"),
        ] {
            let failure = save(&home, "/w/a", &wrong).unwrap_err();
            assert_eq!(
                (failure.code, failure.params["why"].as_str()),
                (FailureCode::BadInput, why)
            );
        }
        for at in 0..MOST_SAMPLES {
            save(&home, "/w/a", &sample(&format!("s{at}"), "1")).unwrap();
        }
        let failure = save(&home, "/w/a", &sample("one more", "1")).unwrap_err();
        assert_eq!(failure.params["why"], "too_many");
        assert!(save(&home, "/w/a", &sample("s1", "2")).is_ok());
    }
}
