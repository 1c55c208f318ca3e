//! One record: the models of the simulator answer it, or it becomes an error of its own. Nobody retries it.

use serde_json::{Map, Value, json};

use super::input::Record;
use super::job::Counts;
use super::request::InvocationType;
use crate::bedrock::Fault;
use crate::bedrock::error::ServiceError;
use crate::bedrock::model_id::ModelId;
use crate::bedrock::reply::message_id;
use crate::bedrock::server::Service;
use crate::bedrock::{converse, embedding, messages};

/// What a model makes of a `modelInput`.
struct ModelOutput {
    body: Value,
    input_tokens: u32,
    output_tokens: u32,
}

/// The line of the output file, counted.
pub(super) async fn process(
    service: &Service,
    model: &ModelId,
    kind: InvocationType,
    record: &Record,
    counts: &mut Counts,
) -> Value {
    counts.processed_record_count += 1;
    match answer(service, model, kind, &record.model_input).await {
        Ok(output) => {
            counts.success_record_count += 1;
            counts.input_token_count += u64::from(output.input_tokens);
            counts.output_token_count += u64::from(output.output_tokens);
            json!({ "recordId": record.record_id, "modelInput": record.model_input, "modelOutput": output.body })
        }
        Err(error) => {
            counts.error_record_count += 1;
            let error = json!({ "errorCode": error.code.status(), "errorMessage": error.message });
            json!({ "recordId": record.record_id, "modelInput": record.model_input, "error": error })
        }
    }
}

async fn answer(
    service: &Service,
    model: &ModelId,
    kind: InvocationType,
    input: &Map<String, Value>,
) -> Result<ModelOutput, ServiceError> {
    if kind == InvocationType::InvokeModel
        && let Some(embedded) = embedding::answer(&model.foundation, input)
    {
        let embedded = embedded?;
        if let (_, Some(Fault::Error { code, message })) = service.fault(model, &embedded.text) {
            return Err(ServiceError::of(code, message));
        }
        return Ok(ModelOutput {
            body: embedded.body,
            input_tokens: embedded.input_tokens,
            output_tokens: 0,
        });
    }
    let body = Value::Object(input.clone()).to_string();
    // Nova's own format is that of Converse.
    let converses = kind == InvocationType::Converse || model.is_nova();
    let conversation = if converses {
        converse::parse(body.as_bytes())?
    } else if model.is_anthropic() {
        messages::parse(body.as_bytes())?
    } else {
        return Err(ServiceError::validation(format!(
            "the simulator does not know the body of {}: make the job with modelInvocationType Converse",
            model.foundation
        )));
    };
    let (input_tokens, answer) = service.answer_record(model, conversation).await?;
    let body = if converses {
        converse::response(input_tokens, &answer, 0)
    } else {
        let name = model.foundation.trim_start_matches("anthropic.");
        let id = message_id(body.as_bytes(), 0);
        messages::response(name, &id, input_tokens, &answer)
    };
    Ok(ModelOutput {
        body,
        input_tokens,
        output_tokens: answer.output_tokens,
    })
}
