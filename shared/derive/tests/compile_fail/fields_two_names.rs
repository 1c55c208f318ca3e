#[derive(serde::Serialize, serde::Deserialize, shared::Fields)]
struct Page {
    #[serde(rename(serialize = "a", deserialize = "b"))]
    title: String,
}

fn main() {}
