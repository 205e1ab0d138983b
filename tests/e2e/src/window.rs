//! A Berth window controlled through tauri-driver.

use crate::driver::{Server, Start};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

/// Any error fails the test with its text.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Default time limit for a state to appear.
pub const SOON: Duration = Duration::from_secs(30);
/// Time limit for a run in the sandbox.
pub const RUN: Duration = Duration::from_secs(240);

pub struct Window {
    driver: WebDriver,
    _server: Server,
    shots: Option<PathBuf>,
    home: PathBuf,
}

impl Window {
    /// Opens Berth on a folder. `shots` receives the screenshots.
    pub async fn open(home: &Path, shots: Option<&Path>, arguments: &[&str]) -> Outcome<Self> {
        Self::open_in(home, shots, arguments, &[]).await
    }

    /// Like [`Self::open`], with environment variables.
    pub async fn open_in(
        home: &Path,
        shots: Option<&Path>,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Outcome<Self> {
        let start = Start {
            home,
            arguments,
            environment,
        };
        let (server, driver) = start.session().await?;
        driver.set_window_rect(0, 0, 1180, 780).await?;
        Ok(Self {
            driver,
            _server: server,
            shots: shots.map(Path::to_owned),
            home: home.to_owned(),
        })
    }

    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The driver, for what has no method here.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Waits until an element is visible.
    pub async fn find(&self, test_id: &str) -> Outcome<WebElement> {
        self.find_within(test_id, SOON).await
    }

    /// Waits until an element is visible, with a time limit.
    pub async fn find_within(&self, test_id: &str, limit: Duration) -> Outcome<WebElement> {
        let until = Instant::now() + limit;
        loop {
            if let Ok(element) = self.driver.find(By::Css(selector(test_id))).await
                && self.shows(&element).await
            {
                return Ok(element);
            }
            if Instant::now() > until {
                return Err(format!(
                    "\"{test_id}\" did not appear. The page says:\n{}",
                    self.text().await
                )
                .into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whether an element has a size. WebKit itself reports elements outside the viewport as not displayed.
    async fn shows(&self, element: &WebElement) -> bool {
        let Ok(element) = element.to_json() else {
            return false;
        };
        let displayed = self
            .driver
            .execute("return arguments[0].getClientRects().length > 0", vec![element]);
        displayed
            .await
            .is_ok_and(|shown| shown.json() == &serde_json::Value::Bool(true))
    }

    /// Whether an element exists now.
    pub async fn has(&self, test_id: &str) -> bool {
        self.driver.find(By::Css(selector(test_id))).await.is_ok()
    }

    /// Waits for an element and clicks it, trying again while it is being redrawn or covered.
    pub async fn click(&self, test_id: &str) -> Outcome {
        let until = Instant::now() + SOON;
        loop {
            let element = self.find(test_id).await?;
            let _ = element.scroll_into_view().await;
            match element.click().await {
                Ok(()) => return Ok(()),
                Err(error) if Instant::now() > until => {
                    return Err(format!(
                        "\"{test_id}\" could not be clicked: {error}\n{}",
                        self.text().await
                    )
                    .into());
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Replaces the text of a field.
    pub async fn fill(&self, test_id: &str, text: &str) -> Outcome {
        let field = self.find(test_id).await?;
        let _ = field.scroll_into_view().await;
        field.click().await?;
        field.send_keys(Key::Control + "a").await?;
        field.send_keys(Key::Backspace + "").await?;
        if !text.is_empty() {
            field.send_keys(text).await?;
        }
        let until = Instant::now() + SOON;
        while field.prop("value").await?.unwrap_or_default() != text {
            if Instant::now() > until {
                let now = field.prop("value").await?.unwrap_or_default();
                return Err(format!("\"{test_id}\" holds \"{now}\" instead of \"{text}\"").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Replaces the number of a field and leaves the field, which commits the number.
    pub async fn fill_number(&self, test_id: &str, number: u32) -> Outcome {
        self.fill(test_id, &number.to_string()).await?;
        Ok(self.find(test_id).await?.send_keys(Key::Tab + "").await?)
    }

    /// Waits for an element and scrolls to it.
    pub async fn scroll_to(&self, test_id: &str) -> Outcome {
        Ok(self.find(test_id).await?.scroll_into_view().await?)
    }

    /// Selects an option of a combobox.
    pub async fn pick(&self, path: &str, value: &str) -> Outcome {
        let field = format!("field-{path}");
        let option = format!("option-{path}-{value}");
        let until = Instant::now() + SOON;
        loop {
            self.click(&field).await?;
            match self.find_within(&option, Duration::from_secs(2)).await {
                Ok(_) => return self.click(&option).await,
                // If the list closed because of a redraw, open it again.
                Err(error) if Instant::now() > until => return Err(error),
                Err(_) => {}
            }
        }
    }

    /// Creates a new entry in a combobox, typing it again if the list closed because of a redraw.
    pub async fn pick_new(&self, path: &str, text: &str) -> Outcome {
        let option = format!("option-{path}-new");
        let until = Instant::now() + SOON;
        loop {
            let field = self.find(&format!("field-{path}")).await?;
            field.click().await?;
            field.send_keys(Key::Control + "a").await?;
            field.send_keys(text).await?;
            match self.find_within(&option, Duration::from_secs(2)).await {
                Ok(_) => return self.click(&option).await,
                Err(error) if Instant::now() > until => return Err(error),
                Err(_) => {}
            }
        }
    }

    /// Waits for the first element whose id has this prefix and clicks it.
    pub async fn click_first(&self, beginning: &str) -> Outcome {
        let until = Instant::now() + SOON;
        let selector = format!("[data-testid^=\"{beginning}\"]");
        loop {
            if let Ok(found) = self.driver.find(By::Css(&selector)).await {
                let id = found.attr("data-testid").await?.unwrap_or_default();
                return self.click(&id).await;
            }
            if Instant::now() > until {
                return Err(format!(
                    "no element \"{beginning}…\" appeared. The page says:\n{}",
                    self.text().await
                )
                .into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits for this many elements whose id has this prefix.
    pub async fn wait_count(&self, beginning: &str, wanted: usize) -> Outcome {
        let until = Instant::now() + SOON;
        let selector = format!("[data-testid^=\"{beginning}\"]");
        loop {
            // An element that goes away while it is being found is an error of the driver.
            let found = self.driver.find_all(By::Css(&selector)).await;
            let found = found.map(|all| all.len());
            if found.as_ref().is_ok_and(|found| *found == wanted) {
                return Ok(());
            }
            if Instant::now() > until {
                let page = self.text().await;
                let found = found?;
                return Err(format!(
                    "{found} elements \"{beginning}…\" instead of {wanted}. The page says:\n{page}"
                )
                .into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until an element's text or value satisfies a condition, and returns it.
    pub async fn wait_text(
        &self,
        test_id: &str,
        limit: Duration,
        holds: impl Fn(&str) -> bool,
    ) -> Outcome<String> {
        let until = Instant::now() + limit;
        loop {
            let text = match self.driver.find(By::Css(selector(test_id))).await {
                Ok(element) => element.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            if holds(&text) {
                return Ok(text);
            }
            if Instant::now() > until {
                let page = self.text().await;
                return Err(format!("\"{test_id}\" stayed at \"{text}\". The page says:\n{page}").into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until an attribute of an element has a value.
    pub async fn wait_attribute(
        &self,
        test_id: &str,
        name: &str,
        wanted: &[&str],
        limit: Duration,
    ) -> Outcome<String> {
        let until = Instant::now() + limit;
        loop {
            let value = match self.driver.find(By::Css(selector(test_id))).await {
                Ok(element) => element.attr(name).await.ok().flatten().unwrap_or_default(),
                Err(_) => String::new(),
            };
            if wanted.contains(&value.as_str()) {
                return Ok(value);
            }
            if Instant::now() > until {
                let page = self.text().await;
                return Err(format!(
                    "\"{test_id}\" has {name} \"{value}\", not {wanted:?}. The page says:\n{page}"
                )
                .into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub async fn text(&self) -> String {
        match self.driver.find(By::Tag("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    }

    /// The page's markup and the values of its fields.
    pub async fn source(&self) -> Outcome<String> {
        let held = "const fields = document.querySelectorAll('input, textarea, select'); \
             return [document.documentElement.outerHTML, ...Array.from(fields, ({ value }) => value)].join('\\n')";
        Ok(self.driver.execute(held, Vec::new()).await?.convert()?)
    }

    /// Fails if the page contains one of these secrets.
    pub async fn holds_none(&self, secrets: &[&str]) -> Outcome {
        let held = self.source().await?;
        match secrets.iter().position(|secret| held.contains(secret)) {
            Some(at) => Err(format!("the page contains secret {at}").into()),
            None => Ok(()),
        }
    }

    /// Saves a screenshot, if screenshots are wanted.
    pub async fn shot(&self, name: &str) -> Outcome {
        if let Some(folder) = &self.shots {
            std::fs::create_dir_all(folder)?;
            // A screenshot shows the last frame drawn, which lags behind the page without a graphics card.
            let drawn = "const done = arguments[0]; let left = 20; \
                const frame = () => (left-- > 0 ? requestAnimationFrame(frame) : done()); frame();";
            self.driver.execute_async(drawn, Vec::new()).await?;
            self.driver
                .screenshot(&folder.join(format!("{name}.png")))
                .await?;
        }
        Ok(())
    }

    /// Closes the window normally.
    pub async fn close(self) -> Outcome {
        Ok(self.driver.clone().quit().await?)
    }

    /// Kills the program at once, like a crash or a power cut.
    pub async fn kill(self) -> Outcome {
        let program = berth_program()?;
        let pids = pids_of(&program, &self.home);
        if pids.is_empty() {
            return Err("no running Berth found to kill".into());
        }
        end_all(&pids);
        let _ = tokio::time::timeout(Duration::from_secs(5), self.driver.clone().quit()).await;
        Ok(())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // A failed test leaves its window open, and a second Berth would only activate it.
        if let Ok(program) = berth_program() {
            end_all(&pids_of(&program, &self.home));
        }
    }
}

fn selector(test_id: &str) -> String {
    format!("[data-testid=\"{test_id}\"]")
}

/// Kills processes at once.
pub(crate) fn end_all(pids: &[u32]) {
    for pid in pids {
        let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
    }
}

fn berth_program() -> Outcome<PathBuf> {
    program("berth")
}

/// A program in the build folder: `target/debug/berth`.
pub(crate) fn program(name: &str) -> Outcome<PathBuf> {
    let own = std::env::current_exe()?;
    let found = own
        .ancestors()
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    found.ok_or_else(|| format!("{name} is not built: cargo build --workspace --bins").into())
}

/// The processes of this program that work on this folder.
pub(crate) fn pids_of(program: &Path, home: &Path) -> Vec<u32> {
    let wanted = format!("BERTH_HOME={}", home.display());
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let pids = processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let is_berth = std::fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|path| path == program);
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        is_berth
            && environment
                .split(|byte| *byte == 0)
                .any(|entry| entry == wanted.as_bytes())
    })
    .collect()
}
