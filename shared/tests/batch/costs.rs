//! Estimates of the bill.

use shared::batch::cost::{Usage, price_on_demand};

use super::support::{CLAUDE, NOVA, TITAN, TITAN_IMAGE, model};

#[test]
fn prices_follow_the_model_and_its_profile() {
    let input = |id: &str| price_on_demand(&model(id)).map(|price| price.input);
    assert_eq!(
        input("global.anthropic.claude-haiku-4-5-20251001-v1:0"),
        Some(1.0)
    );
    assert_eq!(
        input("eu.anthropic.claude-haiku-4-5-20251001-v1:0"),
        Some(1.1)
    );
    assert_eq!(
        input(
            "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0"
        ),
        Some(1.1)
    );
    assert_eq!(input(NOVA), Some(0.06));
    assert_eq!(input(TITAN), Some(0.02));
    // Priced by image too, and retired: better no figure than a wrong one.
    assert_eq!(input(TITAN_IMAGE), None);
    assert_eq!(input(CLAUDE), None);
}

#[test]
fn a_sample_tells_the_bill_of_all() {
    let sample = Usage {
        records: 3,
        input_tokens: 1000,
        output_tokens: 100,
    };
    let all = sample.scaled_to(3_000_000).unwrap();
    assert_eq!(
        (all.input_tokens, all.output_tokens),
        (1_000_000_000, 100_000_000)
    );
    let price = price_on_demand(&model("global.anthropic.claude-haiku-4-5-20251001-v1:0")).unwrap();
    let cost = all.cost(price);
    assert!((cost.on_demand - 1500.0).abs() < 1e-6, "{cost:?}");
    assert!((cost.batch - 750.0).abs() < 1e-6, "{cost:?}");
    assert_eq!(sample.scaled_to(1).unwrap().input_tokens, 334);
    assert_eq!(Usage::default().scaled_to(10), None);
}
