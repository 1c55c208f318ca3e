//! Reads pictures back.

/// What is in a picture.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) texts: Vec<String>,
    pub(crate) arrows: usize,
}

/// Elements that we write. None of them runs or loads anything.
const ELEMENTS: [&str; 12] = [
    "svg", "title", "desc", "defs", "marker", "path", "rect", "circle", "polygon", "g", "text",
    "ellipse",
];

/// Reads a picture.
///
/// # Panics
/// When it is no XML, has an element that could run or load something, or something that is not a finite number where one
/// has to be.
pub(crate) fn read(svg: &str) -> Picture {
    let document = roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{error}\n{svg}"));
    let elements = || document.descendants().filter(roxmltree::Node::is_element);
    for element in elements() {
        let name = element.tag_name().name();
        assert!(ELEMENTS.contains(&name), "{name}");
        for attribute in element.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on") && !name.contains("href"), "{name}");
            assert!(
                !value.contains("NaN") && !value.contains("inf"),
                "{name}={value}"
            );
        }
    }
    let text = |name: &str| {
        let found =
            elements().find(|element| element.has_tag_name(("http://www.w3.org/2000/svg", name)));
        found
            .and_then(|element| element.text())
            .unwrap_or_default()
            .to_owned()
    };
    let texts = elements().filter(|element| element.tag_name().name() == "text");
    let arrows = elements().filter(|element| element.attribute("class") == Some("arrow"));
    Picture {
        title: text("title"),
        description: text("desc"),
        texts: texts
            .filter_map(|element| element.text())
            .map(str::to_owned)
            .collect(),
        arrows: arrows.count(),
    }
}
