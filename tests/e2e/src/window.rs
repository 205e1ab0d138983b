//! One Berth window under tauri-driver.

use crate::driver::{Server, Start};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

/// Anything that goes wrong is a test failure with its text.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// How long a state may take to come, unless said otherwise.
pub const SOON: Duration = Duration::from_secs(30);
/// How long a run in the sandbox may take.
pub const RUN: Duration = Duration::from_secs(240);

/// A window and the driver behind it.
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

    /// Opens Berth with variables beyond those of this process.
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

    /// The folder Berth works on.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The driver, for what has no method here.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Waits until an element is there and shown.
    pub async fn find(&self, test_id: &str) -> Outcome<WebElement> {
        self.find_within(test_id, SOON).await
    }

    /// Waits, for a given time, until an element is there and shown.
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

    /// Whether an element takes room on the page. WebKit's own answer is no for what has to be scrolled to.
    async fn shows(&self, element: &WebElement) -> bool {
        let Ok(element) = element.to_json() else {
            return false;
        };
        let asked = self
            .driver
            .execute("return arguments[0].getClientRects().length > 0", vec![element]);
        asked
            .await
            .is_ok_and(|shown| shown.json() == &serde_json::Value::Bool(true))
    }

    /// Whether an element is there now.
    pub async fn has(&self, test_id: &str) -> bool {
        self.driver.find(By::Css(selector(test_id))).await.is_ok()
    }

    /// Clicks, waiting for the element first and trying again while it is being redrawn or covered.
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

    /// Replaces the number of a field and leaves it: numbers count once one has left.
    pub async fn fill_number(&self, test_id: &str, number: u32) -> Outcome {
        self.fill(test_id, &number.to_string()).await?;
        Ok(self.find(test_id).await?.send_keys(Key::Tab + "").await?)
    }

    /// Waits for an element and scrolls to it.
    pub async fn scroll_to(&self, test_id: &str) -> Outcome {
        Ok(self.find(test_id).await?.scroll_into_view().await?)
    }

    /// Chooses from a field with a list.
    pub async fn pick(&self, path: &str, value: &str) -> Outcome {
        let field = format!("field-{path}");
        let option = format!("option-{path}-{value}");
        let until = Instant::now() + SOON;
        loop {
            self.click(&field).await?;
            match self.find_within(&option, Duration::from_secs(2)).await {
                Ok(_) => return self.click(&option).await,
                // A list that closed because the page was redrawn is opened again.
                Err(error) if Instant::now() > until => return Err(error),
                Err(_) => {}
            }
        }
    }

    /// Makes a new entry in a field with a list, typing it again when the list closed because the page was redrawn.
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

    /// Clicks the first element whose id begins so, waiting for it first.
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
                    "nothing like \"{beginning}\" appeared. The page says:\n{}",
                    self.text().await
                )
                .into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until there are so many elements whose id begins so.
    pub async fn wait_count(&self, beginning: &str, wanted: usize) -> Outcome {
        let until = Instant::now() + SOON;
        let selector = format!("[data-testid^=\"{beginning}\"]");
        loop {
            let found = self.driver.find_all(By::Css(&selector)).await?.len();
            if found == wanted {
                return Ok(());
            }
            if Instant::now() > until {
                let page = self.text().await;
                return Err(
                    format!("{found} like \"{beginning}\", not {wanted}. The page says:\n{page}").into(),
                );
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until an element's text or value satisfies a condition, and answers it.
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

    /// All text on the page.
    pub async fn text(&self) -> String {
        match self.driver.find(By::Tag("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    }

    /// Everything the page holds: its markup, and what stands in its fields.
    pub async fn source(&self) -> Outcome<String> {
        let held = "const fields = document.querySelectorAll('input, textarea, select'); \
             return [document.documentElement.outerHTML, ...Array.from(fields, ({ value }) => value)].join('\\n')";
        Ok(self.driver.execute(held, Vec::new()).await?.convert()?)
    }

    /// Fails when the page holds one of these secrets.
    pub async fn holds_none(&self, secrets: &[&str]) -> Outcome {
        let held = self.source().await?;
        match secrets.iter().position(|secret| held.contains(secret)) {
            Some(at) => Err(format!("the page holds secret {at}").into()),
            None => Ok(()),
        }
    }

    /// Keeps a screenshot, where they are wanted.
    pub async fn shot(&self, name: &str) -> Outcome {
        if let Some(folder) = &self.shots {
            std::fs::create_dir_all(folder)?;
            // A picture shows what was drawn last, which without a graphics card lags behind the page by some frames.
            let drawn = "const done = arguments[0]; let left = 20; \
                const frame = () => (left-- > 0 ? requestAnimationFrame(frame) : done()); frame();";
            self.driver.execute_async(drawn, Vec::new()).await?;
            self.driver
                .screenshot(&folder.join(format!("{name}.png")))
                .await?;
        }
        Ok(())
    }

    /// Closes the window as a person does.
    pub async fn close(self) -> Outcome {
        Ok(self.driver.clone().quit().await?)
    }

    /// Kills the program at once, as a crash or a power cut would.
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
        // A test that failed leaves its window open, and another Berth would only point to it.
        if let Ok(program) = berth_program() {
            end_all(&pids_of(&program, &self.home));
        }
    }
}

fn selector(test_id: &str) -> String {
    format!("[data-testid=\"{test_id}\"]")
}

/// Ends processes at once.
pub(crate) fn end_all(pids: &[u32]) {
    for pid in pids {
        let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
    }
}

fn berth_program() -> Outcome<PathBuf> {
    program("berth")
}

/// A program beside this program's own folder: `target/debug/berth`.
pub(crate) fn program(name: &str) -> Outcome<PathBuf> {
    let own = std::env::current_exe()?;
    let found = own
        .ancestors()
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    found.ok_or_else(|| format!("{name} is not built: cargo build --workspace --bins").into())
}

/// Processes of that program that work on that folder.
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
