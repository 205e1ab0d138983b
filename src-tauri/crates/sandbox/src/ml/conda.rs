//! The packages of an environment, from the text of its conda file
//! (docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html). It reads the part of YAML that
//! such files use.

use super::script::of_package;
use crate::reserved_names::never_resolves;
use std::collections::BTreeSet;

/// What a conda file asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Conda {
    /// Packages as written, those for pip too.
    packages: Vec<String>,
    /// Places that packages come from: channels, and indices of pip.
    places: Vec<String>,
}

impl Conda {
    /// Reads a file.
    ///
    /// # Errors
    /// What `conda env create` would say.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut found = Self::default();
        let mut section = String::new();
        for line in text
            .lines()
            .map(|line| line.split(" #").next().unwrap_or_default())
        {
            let code = line.trim();
            if code.is_empty() || code.starts_with('#') || code == "---" {
                continue;
            }
            match code.strip_prefix("- ").map(str::trim) {
                None if line.starts_with([' ', '\t']) => {
                    return Err(format!("EnvironmentFileNotValid: {code}"));
                }
                None => match code.split_once(':') {
                    Some((name, _)) => section = name.to_string(),
                    None => return Err(format!("EnvironmentFileNotValid: {code}")),
                },
                Some(item) if section == "channels" => found.places.push(unquoted(item)),
                Some(item) if section == "dependencies" && item != "pip:" => found.add(&unquoted(item)),
                Some(_) => {}
            }
        }
        found.check()?;
        Ok(found)
    }

    fn add(&mut self, item: &str) {
        let option = ["--extra-index-url", "--index-url", "-i"]
            .iter()
            .find_map(|option| item.strip_prefix(option));
        match option {
            Some(place) => self.places.push(place.trim_start_matches(['=', ' ']).to_string()),
            None if item.starts_with('-') => {}
            None => self.packages.push(item.to_string()),
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.packages.is_empty() {
            return Err("EnvironmentFileEmpty: the file names no dependencies".to_string());
        }
        let host = |place: &String| {
            let host = place.split("://").last()?.split('/').next()?.split(':').next()?;
            never_resolves(host).then(|| host.to_string())
        };
        if let Some(host) = self.places.iter().find_map(host) {
            return Err(format!(
                "CondaHTTPError: HTTP 000 CONNECTION FAILED for url <https://{host}/>: Name or service not known"
            ));
        }
        for package in &self.packages {
            let name = name_of(package);
            let letters =
                |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':');
            if name.is_empty() || !name.chars().all(letters) {
                return Err(format!("ERROR: Invalid requirement: '{package}'"));
            }
        }
        Ok(())
    }

    /// The modules that its packages bring.
    pub(super) fn modules(&self) -> BTreeSet<String> {
        self.packages
            .iter()
            .flat_map(|package| of_package(name_of(package)))
            .collect()
    }

    /// The lines of a build's log, one for each package.
    pub(super) fn collected(&self) -> impl Iterator<Item = String> {
        self.packages
            .iter()
            .map(|package| format!("Collecting {package}"))
    }
}

fn unquoted(text: &str) -> String {
    text.trim_matches(['"', '\'']).to_string()
}

/// A package without version and extras.
fn name_of(package: &str) -> &str {
    package
        .split(['=', '<', '>', '~', '!', '[', ' ', ';'])
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_conda_and_pip_are_read() {
        let text = "name: m\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.12\n  - scikit-learn>=1.5 # models\n  - pip\n  - pip:\n      - azureml-inference-server-http[all]==1.4\n      - 'my-own~=2'\n";
        let conda = Conda::parse(text).unwrap();
        for module in ["sklearn", "numpy", "azureml_inference_server_http", "my_own"] {
            assert!(conda.modules().contains(module), "{module}: {conda:?}");
        }
    }

    #[test]
    fn files_that_cannot_be_built_say_why() {
        for (text, why) in [
            ("", "EnvironmentFileEmpty"),
            ("dependencies:\n  odd\n", "EnvironmentFileNotValid"),
            (
                "channels:\n  - https://conda.invalid/x\ndependencies:\n  - pip\n",
                "conda.invalid",
            ),
            (
                "dependencies:\n  - pip:\n    - --extra-index-url https://pypi.invalid/simple\n    - a\n",
                "pypi.invalid",
            ),
            (
                "dependencies:\n  - a b$c\n  - $x==1\n",
                "Invalid requirement: '$x==1'",
            ),
        ] {
            let said = Conda::parse(text).unwrap_err();
            assert!(said.contains(why), "{said}");
        }
    }
}
