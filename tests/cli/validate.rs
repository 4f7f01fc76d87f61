use super::session::Session;

#[test]
fn usage_is_checked_before_anything_is_run() {
    let session = Session::new("validate");
    for arguments in
        ["validate --format csv", "validate --seed -1", "validate -j 0", "validate small.toml"]
    {
        let ended = session.run(arguments).with(2);
        assert!(ended.err.contains("error"), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "", "{arguments}");
    }
    assert!(!session.has("output"));
}
