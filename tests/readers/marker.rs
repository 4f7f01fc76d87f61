//! Markers of result folders: names that lead out of the folder are none.

use smschain::cli::marker_again;

/// Reads a marker; fails if what comes of it can't be trusted.
pub(crate) fn sound(bytes: &[u8]) {
    let Some(written) = marker_again(&String::from_utf8_lossy(bytes)) else { return };
    assert_eq!(marker_again(&written).as_ref(), Some(&written));
    let value: serde_json::Value = serde_json::from_str(&written).expect("JSON that was written");
    for file in value["files"].as_array().expect("a list of files") {
        let name = file["name"].as_str().expect("a name");
        assert!(!name.is_empty() && !name.starts_with('/'), "{name:?}");
        assert!(name.split('/').all(|part| part != ".."), "{name:?}");
    }
}
