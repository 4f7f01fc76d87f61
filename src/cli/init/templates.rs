//! The starter scenarios: files of their own under `templates/`, part of the program.

/// A starter scenario.
#[derive(Debug)]
pub(in crate::cli) struct Template {
    pub(in crate::cli) name: &'static str,
    text: &'static str,
}

macro_rules! template {
    ($name:literal) => {
        Template { name: $name, text: include_str!(concat!("../../../templates/", $name, ".toml")) }
    };
}

/// All of them, the one to start with first.
pub(in crate::cli) static TEMPLATES: &[Template] = &[
    template!("starter"),
    template!("otp"),
    template!("marketing"),
    template!("transactional-10dlc"),
    template!("two-way-failover"),
    template!("incident-drill"),
];

impl Template {
    /// The summary it gives of itself.
    pub(in crate::cli) fn summary(&self) -> &'static str {
        let line = self.text.lines().find_map(|line| line.strip_prefix("summary = \""));
        line.and_then(|rest| rest.strip_suffix('"')).unwrap_or_default()
    }

    /// Its text for a scenario of that name in that file, with the schema beside it.
    pub(super) fn filled(&self, name: &str, file: &str) -> String {
        self.text
            .replace(&format!("{}.toml", self.name), file)
            .replacen(&format!("name = \"{}\"", self.name), &format!("name = \"{name}\""), 1)
            .replacen("#:schema ../docs/", "#:schema ", 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, Source, load};

    #[test]
    fn every_template_is_sound_under_any_name() {
        for template in TEMPLATES {
            let text = template.filled("mine", "dir/mine.toml");
            let source = Source { name: "mine.toml".into(), text, base: "".into() };
            let scenario = load(&source, &Overrides::default()).expect(template.name);
            assert_eq!(scenario.spec.name, "mine", "{}", template.name);
            assert_eq!(scenario.spec.summary, template.summary());
            // Some tell of a peak that keeps people waiting: that is their story.
            let odd = scenario.render_warnings(false);
            let told = odd.matches("warning: ").count();
            assert_eq!(told, odd.matches(" are left waiting").count(), "{odd}");
            let text = &source.text;
            assert!(text.starts_with("#:schema scenario.schema.json\n"), "{text}");
            assert!(text.contains("smschain run dir/mine.toml\n"), "{text}");
            assert!(!text.contains(&format!("{}.toml", template.name)), "{text}");
            assert!(template.summary().len() <= 100, "{}", template.summary());
        }
    }

    #[test]
    fn every_file_among_the_templates_is_one() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let files = std::fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<String> =
            files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        let mut known: Vec<String> =
            TEMPLATES.iter().map(|template| format!("{}.toml", template.name)).collect();
        known.sort();
        assert_eq!(names, known);
    }
}
