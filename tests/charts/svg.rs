//! A reader of SVG as far as charts use it: strict, so that what it takes is XML.

/// An element with its attributes, and the text in it.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
    /// Names of the elements around it, the outermost first.
    pub(crate) inside: Vec<String>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(own, _)| own == name);
        &found.unwrap_or_else(|| panic!("{} has no {name}: {self:?}", self.name)).1
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.attribute(name).parse().unwrap()
    }
}

/// All elements in the order of their ends.
pub(crate) fn elements(file: &str) -> Vec<Element> {
    let (mut open, mut done): (Vec<Element>, Vec<Element>) = (Vec::new(), Vec::new());
    let mut rest = file;
    while let Some(start) = rest.find('<') {
        let text = unescaped(&rest[..start]);
        match open.last_mut() {
            Some(element) => element.text.push_str(&text),
            None => assert_eq!(text.trim(), "", "text outside of the root"),
        }
        let end = start + rest[start..].find('>').expect("a tag that ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let element = open.pop().expect("an open element");
            assert_eq!(element.name, name);
            done.push(element);
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "<{name}>");
        assert!(!open.is_empty() || done.is_empty(), "a second root");
        let inside = open.iter().map(|element| element.name.clone()).collect();
        let attributes = attributes_of(attributes);
        let element = Element { name: name.to_owned(), attributes, text: String::new(), inside };
        if closed { done.push(element) } else { open.push(element) }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "the file ends early");
    done
}

fn attributes_of(mut rest: &str) -> Vec<(String, String)> {
    let mut attributes: Vec<(String, String)> = Vec::new();
    while !rest.trim().is_empty() {
        let (name, after) = rest.trim_start().split_once("=\"").expect("a name and a value");
        let (value, after) = after.split_once('"').expect("a value that ends");
        assert!(!attributes.iter().any(|(own, _)| own == name), "{name} twice");
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{name}");
        attributes.push((name.to_owned(), unescaped(value)));
        rest = after;
    }
    attributes
}

fn unescaped(text: &str) -> String {
    assert!(!text.contains(['<']), "{text}");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (entity, after) = part.split_once(';').expect("an entity that ends");
        plain.push(match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            other => panic!("&{other};"),
        });
        plain.push_str(after);
    }
    plain
}

/// Where a text is, as far as can be told without a font: left, top, right, bottom.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) text: String,
    pub(crate) edges: [f64; 4],
}

/// Where all texts are.
pub(crate) fn places(elements: &[Element]) -> Vec<Place> {
    let texts = elements.iter().filter(|element| element.name == "text");
    let place = |element: &Element| {
        let text = element.text.trim().to_owned();
        let size = element.number("font-size");
        // The mean of a common sans serif; capitals are wider, most others narrower.
        let width = text.chars().count() as f64 * size * 0.55;
        let (x, y) = (element.number("x"), element.number("y"));
        let left = match element.attribute("text-anchor") {
            "start" => x,
            "middle" => x - width / 2.0,
            "end" => x - width,
            other => panic!("{other}"),
        };
        Place { text, edges: [left, y - 0.4 * size, left + width, y + 0.4 * size] }
    };
    texts.map(place).collect()
}

impl Place {
    pub(crate) fn overlaps(&self, other: &Place) -> bool {
        let ([l, t, r, b], [left, top, right, bottom]) = (self.edges, other.edges);
        l < right && left < r && t < bottom && top < b
    }
}
