#[derive(serde::Serialize, shared::Fields)]
struct Page {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
}

fn main() {}
