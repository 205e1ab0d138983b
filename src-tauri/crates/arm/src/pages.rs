//! Lists, page by page. They end: a page that comes again, more pages than any real list has, and more bytes than it
//! would have are errors, because a list that is cut silently looks like a whole one.

use crate::client::Arm;
use crate::error::ArmError;
use crate::exchange::Question;
use ::http::Method;
use berth_http::LIST_BYTES;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use url::Url;

/// Pages of one list that are followed at most.
const MOST_PAGES: usize = 200;

#[derive(Deserialize)]
struct Page<T> {
    value: Vec<T>,
    #[serde(rename = "nextLink", default)]
    next_link: Option<String>,
}

/// What was read of a list so far.
#[derive(Debug)]
pub struct Pages<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Pages they came on.
    pub read: usize,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            read: 0,
        }
    }
}

impl Arm {
    /// Reads all pages of a list.
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn list<T: DeserializeOwned>(&self, path_and_query: &str) -> Result<Vec<T>, ArmError> {
        let mut pages = Pages::default();
        self.list_into(path_and_query, &mut pages).await?;
        Ok(pages.items)
    }

    /// Reads a list into `pages`, which after an error holds what came before it.
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn list_into<T: DeserializeOwned>(
        &self,
        path_and_query: &str,
        pages: &mut Pages<T>,
    ) -> Result<(), ArmError> {
        let mut url = self.url(path_and_query)?;
        let path = url.path().to_owned();
        let mut read = HashSet::new();
        let mut left = LIST_BYTES;
        while read.len() < MOST_PAGES && read.insert(url.clone()) {
            let question = Question::read(Method::GET, url, None, left);
            let (page, bytes): (Page<T>, usize) = self.read_sized(&question).await.map_err(of_whole_list)?;
            left = left.saturating_sub(bytes);
            pages.items.extend(page.value);
            pages.read += 1;
            match page.next_link.filter(|link| !link.is_empty()) {
                Some(link) => url = self.next(&link)?,
                None => return Ok(()),
            }
        }
        Err(ArmError::EndlessList {
            path,
            pages: read.len(),
        })
    }

    /// The link is followed unchanged, but never to another host: it would get our token.
    fn next(&self, link: &str) -> Result<Url, ArmError> {
        self.url(link).map_err(|error| match link.parse::<Url>() {
            Ok(to) => self.elsewhere(&to),
            Err(_) => error,
        })
    }
}

fn of_whole_list(error: ArmError) -> ArmError {
    match error {
        ArmError::TooLarge { method, path, .. } => ArmError::TooLarge {
            method,
            path,
            limit: LIST_BYTES,
        },
        other => other,
    }
}
