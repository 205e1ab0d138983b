//! Reads paged lists. A repeated page, too many pages or too many bytes are errors: a silently truncated list would look
//! complete.

use crate::address::same_origin;
use crate::client::Arm;
use crate::error::{ArmError, BadJson};
use crate::exchange::ApiRequest;
use crate::json::Allowance;
use crate::planes::bad_link;
use ::http::Method;
use berth_http::LIST_BYTES;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::time::Duration;
use url::Url;

/// Maximum number of pages of a list.
const MOST_PAGES: usize = 200;
/// Timeout of a list, all pages together.
const LONGEST: Duration = Duration::from_secs(300);

#[derive(Deserialize)]
struct Page<T> {
    value: Vec<T>,
    #[serde(rename = "nextLink", default)]
    next_link: Option<String>,
}

/// The part of a list that was read so far.
#[derive(Debug)]
pub struct Pages<T> {
    /// Items in the order of the list.
    pub items: Vec<T>,
    /// Number of pages read.
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

/// A page whose entries are not parsed yet.
#[derive(Deserialize)]
struct RawPage<'a> {
    #[serde(borrow)]
    value: Vec<&'a RawValue>,
    #[serde(rename = "nextLink", default)]
    next_link: Option<String>,
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

    /// Reads all pages of a list into `pages`. After an error, `pages` holds the items read before it.
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn list_into<T: DeserializeOwned>(
        &self,
        path_and_query: &str,
        pages: &mut Pages<T>,
    ) -> Result<(), ArmError> {
        self.list_with(path_and_query, pages, |body| Ok(serde_json::from_slice(body)?))
            .await
    }

    /// Reads a list into `pages`, converting entries one at a time so that only the result of `of` stays in memory.
    ///
    /// # Errors
    /// See [`ArmError`].
    pub(crate) async fn list_of<T>(
        &self,
        path_and_query: &str,
        pages: &mut Pages<T>,
        mut of: impl FnMut(Value) -> Result<Option<T>, BadJson> + Send,
    ) -> Result<(), ArmError> {
        let read = |body: &[u8]| {
            let page: RawPage<'_> = serde_json::from_slice(body)?;
            let entries = page.value.into_iter();
            let wanted = entries.map(|entry| of(serde_json::from_str(entry.get())?));
            Ok(Page {
                value: wanted.filter_map(Result::transpose).collect::<Result<_, _>>()?,
                next_link: page.next_link,
            })
        };
        self.list_with(path_and_query, pages, read).await
    }

    async fn list_with<T>(
        &self,
        path_and_query: &str,
        pages: &mut Pages<T>,
        read: impl FnMut(&[u8]) -> Result<Page<T>, BadJson> + Send,
    ) -> Result<(), ArmError> {
        let url = self.url(path_and_query)?;
        let path = url.path().to_owned();
        let in_time = tokio::time::timeout(LONGEST, self.follow(url, &path, pages, read)).await;
        match in_time.unwrap_or(Ok(false)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(ArmError::EndlessList {
                path,
                pages: pages.read,
            }),
            Err(error) => Err(error),
        }
    }

    /// Follows the links of a list. Returns false if it does not end.
    async fn follow<T>(
        &self,
        mut url: Url,
        path: &str,
        pages: &mut Pages<T>,
        mut read: impl FnMut(&[u8]) -> Result<Page<T>, BadJson> + Send,
    ) -> Result<bool, ArmError> {
        let (mut left, mut allowance) = (LIST_BYTES, Allowance::for_list());
        let mut seen = HashSet::new();
        while seen.len() < MOST_PAGES && seen.insert(url.clone()) {
            let request = ApiRequest::read(Method::GET, url, None, left);
            let (page, bytes) = self
                .read_with(&request, &mut allowance, &mut read)
                .await
                .map_err(with_list_limit)?;
            left = left.saturating_sub(bytes);
            pages.items.extend(page.value);
            pages.read += 1;
            match page.next_link.filter(|link| !link.is_empty()) {
                Some(link) => url = self.next_url(&link, path)?,
                None => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Resolves a `nextLink`. It is followed unchanged, but never to another host, which would receive our token. A link that
    /// cannot be followed is an error of the response.
    fn next_url(&self, link: &str, path: &str) -> Result<Url, ArmError> {
        self.url(link).map_err(|_| {
            let here = self.url("/").ok();
            match here.and_then(|here| here.join(link).ok().map(|to| (here, to))) {
                Some((here, to)) if !same_origin(&here, &to) => self.elsewhere(&to),
                _ => bad_link(path),
            }
        })
    }
}

/// Reports the limit of the whole list instead of what was left for the last page.
fn with_list_limit(error: ArmError) -> ArmError {
    match error {
        ArmError::TooLarge { method, path, .. } => ArmError::TooLarge {
            method,
            path,
            limit: LIST_BYTES,
        },
        other => other,
    }
}
