#[derive(serde::Serialize, shared::Fields)]
#[serde(tag = "type")]
struct Page {
    title: String,
}

fn main() {}
