use super::session::Session;

#[test]
fn a_key_is_explained_with_and_without_names() {
    let session = Session::new("explain");
    let ended = session.run("explain provider.window").with(0);
    for said in ["Submits outstanding", "whole number, 1 to 1000000", "no limit", "window = 50"] {
        assert!(ended.out.contains(said), "{}", ended.out);
    }
    assert_eq!(ended.err, "");
    let named = session.run("explain provider.alpha.window").with(0).out;
    assert!(named.contains("--set provider.alpha.window=50"), "{named}");
    assert!(session.run("explain traffic.arrivals").with(0).out.contains("  campaign  "));
    assert!(session.run("explain retry").with(0).out.contains("  max_attempts  "));
    assert!(session.run("explain").with(0).out.contains("  provider  "));
    let figure = session.run("explain latency.delivery.p95_s").with(0).out;
    assert!(figure.contains("seconds") && figure.contains("lower"), "{figure}");
    assert!(figure.contains("called    p95, request → handset"), "{figure}");
    let section = session.run("explain queues.main").with(0).out;
    assert!(section.contains("  max_depth "), "{section}");
    session.run("explain layers").with(0);
}

#[test]
fn what_fit_prints_is_explained() {
    let session = Session::new("explain-fit");
    for (word, said) in [
        ("states.pending", "whose last state in the log is this"),
        ("failures.absent", "failed in this way"),
        ("latency.p95_s", "doesn't exceed"),
        ("volume.18:00", "requests in the piece"),
        ("states", "<state>"),
        ("hold-out", "what `--hold-out` says"),
        ("kept out", "compared with what was seen"),
        ("dispersion", "wider by its root"),
        ("delivered", "On the handset"),
        ("headline", "the delivered share"),
        ("predicted", "The fitted scenario is run"),
        ("seen", "The fitted scenario is run"),
        ("BIC", "criterion"),
        ("Wasserstein distance", "moved to make the other"),
        ("pending", "final state"),
    ] {
        let mut command = session.command("explain");
        let ended = super::session::Ended::new(command.arg(word).output().unwrap()).with(0);
        let one = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(one.contains(said.trim()), "{word}: {}", ended.out);
    }
}

#[test]
fn what_it_shows_may_be_set() {
    let session = Session::new("explain-set");
    for path in ["provider.alpha.window", "provider.alpha.latency", "retry.backoff", "retry.on"] {
        let out = session.run(&format!("explain {path}")).with(0).out;
        let line = out.lines().find_map(|line| line.trim().strip_prefix("set it ")).unwrap();
        let words = super::session::words(line);
        let mut command = session.command("check small.toml");
        super::session::Ended::new(command.args(words).output().unwrap()).with(0);
    }
}

#[test]
fn what_leads_nowhere_has_a_way_out() {
    let session = Session::new("explain-wrong");
    for (path, said) in [
        ("provider.windw", "smschain explain provider.NAME.window"),
        ("provder.window", "smschain explain provider.NAME.window"),
        ("window", "smschain explain provider.window"),
        ("elephant", "expected one of scenario, traffic"),
        ("scenario.seed.x", "there is nothing under it"),
    ] {
        let ended = session.run(&format!("explain {path}")).with(2);
        assert!(ended.err.contains(said), "{path}: {}", ended.err);
        assert_eq!(ended.out, "");
    }
}

#[test]
fn words_of_the_field_lead_to_keys_and_figures() {
    let session = Session::new("explain-words");
    for (word, said) in [
        ("tps", "provider.throttle.rate"),
        ("mps", "throughput.delivered_per_s"),
        ("throughput", "throughput.delivered_per_s"),
        ("DLR", "divergence.observed_vs_outcome"),
        ("ESME_RTHROTTLED", "provider.failures.throttled"),
        ("window_size", "provider.window"),
        ("executed", "layers.execution_success"),
        ("variance", "run -n 20"),
        ("smsc", "  provider\n"),
        ("mt", "traffic"),
        ("submit_sm", "provider.submit_timeout"),
        ("enquire-link", "not modelled one by one"),
        ("tlv", "not modelled"),
    ] {
        let ended = session.run(&format!("explain {word}")).with(0);
        assert!(ended.out.starts_with(&format!("{word}\n")), "{}", ended.out);
        assert!(ended.out.contains(said), "{word}: {}", ended.out);
        // What it names may be asked for.
        for path in ended.out.lines().filter_map(|line| line.strip_prefix("  more: smschain ")) {
            session.run(path).with(0);
        }
    }
    // A key of that name goes before a word, and of several all are named.
    let several = session.run("explain concurrency").with(2).err;
    for key in ["smschain explain api.concurrency\n", "smschain explain retry.budget.concurrency\n"]
    {
        assert!(several.contains(key), "{several}");
    }
    let near = session.run("explain dead_leter").with(2).err;
    assert!(near.contains("smschain explain dead_letter"), "{near}");
}

#[test]
fn prefetch_is_told_for_what_it_is() {
    let told = Session::new("explain-prefetch").run("explain prefetch").with(0).out;
    assert!(told.contains("though other workers be free"), "{told}");
}
