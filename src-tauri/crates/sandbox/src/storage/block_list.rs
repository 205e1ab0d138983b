//! Lists of blocks: the XML that commits them, and the XML that tells which there are
//! (learn.microsoft.com/rest/api/storageservices/put-block-list, get-block-list).

use super::errors::{self, Done};
use super::{Block, MOST_BLOCKS};
use std::fmt::Write as _;

/// Where a block of a list is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Committed,
    Uncommitted,
    /// Uncommitted first.
    Latest,
}

/// Reads `<BlockList>` with its blocks, in order. It accepts no attributes, entities or comments in between.
///
/// # Errors
/// 400 when it is another document, or too long.
pub(super) fn parse(body: &[u8]) -> Done<Vec<(Place, String)>> {
    let text = std::str::from_utf8(body).map_err(|_| errors::bad_xml())?;
    let mut rest = text.trim_start_matches('\u{feff}').trim();
    if let Some(after) = rest.strip_prefix("<?xml") {
        let (_, after) = after.split_once("?>").ok_or_else(errors::bad_xml)?;
        rest = after.trim_start();
    }
    if ["<BlockList/>", "<BlockList />"].contains(&rest) {
        return Ok(Vec::new());
    }
    let inner = rest
        .strip_prefix("<BlockList>")
        .and_then(|inner| inner.strip_suffix("</BlockList>"));
    let mut rest = inner.ok_or_else(errors::bad_xml)?.trim_start();
    let mut blocks = Vec::new();
    while !rest.is_empty() {
        let (name, after) = rest
            .strip_prefix('<')
            .and_then(|rest| rest.split_once('>'))
            .ok_or_else(errors::bad_xml)?;
        let place = match name {
            "Committed" => Place::Committed,
            "Uncommitted" => Place::Uncommitted,
            "Latest" => Place::Latest,
            _ => return Err(errors::bad_xml()),
        };
        let (id, after) = after
            .split_once(&format!("</{name}>"))
            .ok_or_else(errors::bad_xml)?;
        if blocks.len() >= MOST_BLOCKS {
            return Err(errors::too_many_blocks());
        }
        blocks.push((place, id.trim().to_string()));
        rest = after.trim_start();
    }
    Ok(blocks)
}

/// Finds the blocks of a list.
///
/// # Errors
/// 400 `InvalidBlockList` when one is missing.
pub(super) fn resolve(
    wanted: &[(Place, String)],
    committed: &[Block],
    uncommitted: &[Block],
) -> Done<Vec<Block>> {
    let index = |blocks: &[Block]| -> std::collections::HashMap<String, Block> {
        blocks
            .iter()
            .map(|block| (block.id.clone(), block.clone()))
            .collect()
    };
    let (committed, uncommitted) = (index(committed), index(uncommitted));
    let find = |(place, id): &(Place, String)| {
        let found = match place {
            Place::Committed => committed.get(id),
            Place::Uncommitted => uncommitted.get(id),
            Place::Latest => uncommitted.get(id).or_else(|| committed.get(id)),
        };
        found.filter(|_| !id.is_empty()).cloned()
    };
    let found: Option<Vec<Block>> = wanted.iter().map(find).collect();
    found.ok_or_else(errors::bad_block_list)
}

/// The document that tells which blocks there are.
pub(super) fn document(committed: Option<&[Block]>, uncommitted: Option<&[Block]>) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
    for (name, blocks) in [("CommittedBlocks", committed), ("UncommittedBlocks", uncommitted)] {
        let Some(blocks) = blocks else { continue };
        let _ = write!(text, "<{name}>");
        for block in blocks.iter().filter(|block| !block.id.is_empty()) {
            let size = block.content.size();
            let _ = write!(
                text,
                "<Block><Name>{}</Name><Size>{size}</Size></Block>",
                block.id
            );
        }
        let _ = write!(text, "</{name}>");
    }
    text.push_str("</BlockList>");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_block_lists_are_read() {
        let body = "<?xml version='1.0' encoding='utf-8'?>\n<BlockList><Latest>QQ==</Latest>\n <Committed>Qg==</Committed></BlockList>";
        let blocks = parse(body.as_bytes()).unwrap();
        assert_eq!(
            blocks,
            [
                (Place::Latest, "QQ==".to_string()),
                (Place::Committed, "Qg==".to_string())
            ]
        );
        assert_eq!(parse(b"<BlockList />").unwrap(), []);
        for other in [
            "",
            "<BlockList>",
            "<BlockList><Latest>QQ==</BlockList>",
            "<BlockList><Other>QQ==</Other></BlockList>",
            "<!DOCTYPE x [<!ENTITY a \"b\">]><BlockList></BlockList>",
            "<BlockList>text</BlockList>",
            "{}",
        ] {
            assert_eq!(parse(other.as_bytes()), Err(errors::bad_xml()), "{other}");
        }
        assert_eq!(parse(&[0xff]), Err(errors::bad_xml()));
    }
}
