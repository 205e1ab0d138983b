//! Lists objects page by page. Each object is parsed by itself and only the wanted part is kept, so that a list takes
//! the memory of one page.

use crate::ask::{HEAVIEST, place, read};
use crate::{ClusterClient, ClusterError};
use berth_http::{LARGE_WEIGHT, LIST_BYTES, Room, weight};
use kube::Resource;
use kube::api::{ListParams, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::time::Duration;

/// Limit on a list, over all its pages.
const LIMIT: Duration = Duration::from_secs(60);
/// Maximum weight ([`weight`]) of a list over all its pages: about 2,000 nodes.
const MOST_WEIGHT: usize = 4_000_000;
/// Objects per page.
const PAGE: u32 = 500;
/// Maximum number of pages.
const MOST_PAGES: usize = 100;
/// Maximum number of objects.
const MOST_OBJECTS: usize = MOST_PAGES * PAGE as usize;

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(default)]
    metadata: PageMetadata,
    #[serde(borrow)]
    items: Option<Vec<&'a RawValue>>,
}

#[derive(Default, Deserialize)]
struct PageMetadata {
    #[serde(default, rename = "continue")]
    next: Option<String>,
}

/// What remains of the limits.
struct Left {
    what: &'static str,
    bytes: usize,
    weight: usize,
    objects: usize,
    room: Room,
}

impl Left {
    /// Parses a page and maps each object.
    async fn page<K: DeserializeOwned, T>(
        &mut self,
        body: &[u8],
        of: fn(&K) -> T,
    ) -> Result<(Vec<T>, Option<String>), ClusterError> {
        let what = self.what;
        let too_many = ClusterError::TooManyValues { what };
        let weight_of_page = weight(body);
        let Some(left) = self.weight.checked_sub(weight_of_page) else {
            return Err(too_many);
        };
        if weight_of_page > LARGE_WEIGHT {
            self.room.take().await;
        }
        let page: Page<'_> = read(what, body)?;
        let items = page.items.unwrap_or_default();
        let Some(objects) = self.objects.checked_sub(items.len()) else {
            return Err(too_many);
        };
        (self.weight, self.objects) = (left, objects);
        self.bytes = self.bytes.saturating_sub(body.len());
        let items = items.into_iter().map(|item| {
            if weight(item.get().as_bytes()) > HEAVIEST {
                return Err(ClusterError::TooManyValues { what });
            }
            read(what, item.get().as_bytes()).map(|object| of(&object))
        });
        Ok((items.collect::<Result<_, _>>()?, page.metadata.next))
    }
}

/// The continue tokens seen so far.
struct Marks {
    what: &'static str,
    seen: HashSet<String>,
}

impl Marks {
    /// The token of the next page; `None` at the end.
    fn next(&mut self, mark: Option<String>) -> Result<Option<String>, ClusterError> {
        let Some(mark) = mark.filter(|mark| !mark.is_empty()) else {
            return Ok(None);
        };
        if self.seen.len() + 1 >= MOST_PAGES || !self.seen.insert(mark.clone()) {
            return Err(ClusterError::Endless { what: self.what });
        }
        Ok(Some(mark))
    }
}

impl ClusterClient {
    /// Lists objects of a kind and maps each.
    pub(crate) async fn list<K, T>(
        &self,
        what: &'static str,
        namespace: Option<&str>,
        fields: Option<&str>,
        of: fn(&K) -> T,
    ) -> Result<Vec<T>, ClusterError>
    where
        K: Resource<DynamicType = ()> + DeserializeOwned,
    {
        let place = place::<K>(what, namespace)?;
        let mut params = ListParams::default().limit(PAGE);
        params.field_selector = fields.map(str::to_owned);
        let pages = self.pages(what, &place, params, of);
        match tokio::time::timeout(LIMIT, pages).await {
            Ok(all) => all,
            Err(_) => Err(ClusterError::TimedOut {
                what,
                seconds: LIMIT.as_secs(),
            }),
        }
    }

    async fn pages<K: DeserializeOwned, T>(
        &self,
        what: &'static str,
        place: &Request,
        mut params: ListParams,
        of: fn(&K) -> T,
    ) -> Result<Vec<T>, ClusterError> {
        let mut left = Left {
            what,
            bytes: LIST_BYTES,
            weight: MOST_WEIGHT,
            objects: MOST_OBJECTS,
            room: Room::none(),
        };
        let mut marks = Marks {
            what,
            seen: HashSet::new(),
        };
        let mut all = Vec::new();
        loop {
            let question = place.list(&params);
            let body = self.bytes_in(what, question, left.bytes, &mut left.room).await?;
            let (items, next) = left.page(&body, of).await?;
            all.extend(items);
            match marks.next(next)? {
                Some(mark) => params = params.continue_token(&mark),
                None => return Ok(all),
            }
        }
    }
}
