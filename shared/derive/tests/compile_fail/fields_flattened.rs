#[derive(serde::Serialize, shared::Fields)]
struct Page {
    title: String,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(serde::Serialize)]
struct Rest {}

fn main() {}
