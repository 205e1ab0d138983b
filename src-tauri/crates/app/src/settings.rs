//! The person's settings: language, theme and reminders.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::Settings;
use berth_home::Home;
use berth_home::json_file;

const LANGUAGES: [&str; 5] = ["system", "en", "es", "pt-BR", "sv"];
const THEMES: [&str; 3] = ["system", "light", "dark"];

/// Reads the stored settings, or returns the defaults. An unreadable file counts as absent: settings must never prevent
/// Berth from starting.
pub fn read(home: &Home) -> Settings {
    json_file::read(&home.settings())
        .ok()
        .flatten()
        .filter(|settings| check(settings).is_ok())
        .unwrap_or_else(|| Settings {
            language: "system".to_owned(),
            theme: "system".to_owned(),
            reminders: true,
        })
}

/// Stores settings.
///
/// # Errors
/// `BadInput` for an unknown language or theme, `FileProblem`.
pub fn write(home: &Home, settings: &Settings) -> Result<(), Failure> {
    check(settings)?;
    json_file::write(&home.settings(), settings)
}

fn check(settings: &Settings) -> Result<(), Failure> {
    let refuse = |what: &str, value: &str, known: &[&str]| {
        Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", what)
            .with("why", format!("\"{value}\" is not one of {}", known.join(", ")))
    };
    if !LANGUAGES.contains(&settings.language.as_str()) {
        return Err(refuse("language", &settings.language, &LANGUAGES));
    }
    if !THEMES.contains(&settings.theme.as_str()) {
        return Err(refuse("theme", &settings.theme, &THEMES));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_known_values_and_refuses_others() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        assert_eq!(read(&home).language, "system");
        write(
            &home,
            &Settings {
                language: "sv".to_owned(),
                theme: "dark".to_owned(),
                reminders: false,
            },
        )
        .unwrap();
        assert_eq!(read(&home).language, "sv");
        let refused = write(
            &home,
            &Settings {
                language: "tlh".to_owned(),
                theme: "dark".to_owned(),
                reminders: false,
            },
        )
        .unwrap_err();
        assert_eq!(refused.code, FailureCode::BadInput);
        assert_eq!(read(&home).language, "sv");
    }
}
