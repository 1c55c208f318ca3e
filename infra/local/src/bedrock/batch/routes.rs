//! The wire of the control plane: who may ask, paths and bodies.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::control::{self, Order};
use super::listing::Listing;
use super::request::{CreateRequest, Tag};
use crate::aws::ACCOUNT_ID;
use crate::bedrock::authorize::{self, Caller};
use crate::bedrock::error::ServiceError;
use crate::bedrock::models;
use crate::bedrock::record::credential;
use crate::bedrock::server::Service;

type Answer = Result<Json<Value>, ServiceError>;

/// The paths of the control plane.
pub(in crate::bedrock) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/model-invocation-job", post(create))
        .route("/model-invocation-job/{job}", get(read))
        .route("/model-invocation-job/{job}/stop", post(stop))
        .route("/model-invocation-jobs", get(list))
        .route("/tagResource", post(tag))
        .route("/untagResource", post(untag))
        .route("/listTagsForResource", post(tags))
        .route("/foundation-models", get(list_models))
        .route("/foundation-models/{model}", get(read_model))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TagBody {
    #[serde(rename = "resourceARN")]
    resource_arn: String,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    tag_keys: Vec<String>,
}

async fn create(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Response {
    created(&service, &headers, &body).await.into_response()
}

async fn created(service: &Arc<Service>, headers: &HeaderMap, body: &[u8]) -> Answer {
    let caller = caller(headers)?;
    let (request, model) = CreateRequest::parse(body)?;
    let jobs = jobs_arn(&caller);
    let mut resources = model.resources(caller.region, ACCOUNT_ID);
    let through = authorize::context(&model, &resources);
    resources.push(jobs.clone());
    service
        .authorize(
            &caller,
            "bedrock:CreateModelInvocationJob",
            &resources,
            through,
        )
        .await?;
    if !request.tags.is_empty() {
        service
            .authorize(&caller, "bedrock:TagResource", &[jobs], json!({}))
            .await?;
    }
    let passed = json!({ "iam:PassedToService": "bedrock.amazonaws.com" });
    let role = [request.role_arn.clone()];
    service
        .authorize(&caller, "iam:PassRole", &role, passed)
        .await?;
    let region = caller.region.to_owned();
    let order = Order {
        request,
        model,
        region,
    };
    control::create(service, order).await.map(Json)
}

async fn read(
    State(service): State<Arc<Service>>,
    Path(job): Path<String>,
    headers: HeaderMap,
) -> Answer {
    authorize(&service, &headers, "GetModelInvocationJob", &job).await?;
    service.batch.get(&job).map(Json)
}

async fn stop(
    State(service): State<Arc<Service>>,
    Path(job): Path<String>,
    headers: HeaderMap,
) -> Answer {
    authorize(&service, &headers, "StopModelInvocationJob", &job).await?;
    service.batch.stop(&job).map(Json)
}

async fn list(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let caller = caller(&headers)?;
    authorize_listing(&service, &caller, "ListModelInvocationJobs").await?;
    let listing = Listing::parse(&query.unwrap_or_default())?;
    service.batch.list(&listing).map(Json)
}

async fn tag(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Answer {
    let body: TagBody = parse(&body)?;
    authorize(&service, &headers, "TagResource", &body.resource_arn).await?;
    service.batch.tag(&body.resource_arn, body.tags).map(Json)
}

async fn untag(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Answer {
    let body: TagBody = parse(&body)?;
    authorize(&service, &headers, "UntagResource", &body.resource_arn).await?;
    service
        .batch
        .untag(&body.resource_arn, &body.tag_keys)
        .map(Json)
}

async fn tags(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Answer {
    let body: TagBody = parse(&body)?;
    authorize(
        &service,
        &headers,
        "ListTagsForResource",
        &body.resource_arn,
    )
    .await?;
    service.batch.tags(&body.resource_arn).map(Json)
}

async fn list_models(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let caller = caller(&headers)?;
    authorize_listing(&service, &caller, "ListFoundationModels").await?;
    Ok(Json(models::list(
        &query.unwrap_or_default(),
        caller.region,
    )))
}

async fn read_model(
    State(service): State<Arc<Service>>,
    Path(model): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let caller = caller(&headers)?;
    let arn = models::arn(&model, caller.region);
    service
        .authorize(&caller, "bedrock:GetFoundationModel", &[arn], json!({}))
        .await?;
    models::get(&model, caller.region).map(Json)
}

async fn authorize(
    service: &Service,
    headers: &HeaderMap,
    operation: &str,
    job: &str,
) -> Result<(), ServiceError> {
    let caller = caller(headers)?;
    let arn = if job.starts_with("arn:") {
        job.to_owned()
    } else {
        jobs_arn(&caller).replace('*', job)
    };
    let action = format!("bedrock:{operation}");
    service.authorize(&caller, &action, &[arn], json!({})).await
}

/// Listings are of no resource: a policy can allow them on everything only.
async fn authorize_listing(
    service: &Service,
    caller: &Caller<'_>,
    operation: &str,
) -> Result<(), ServiceError> {
    let action = format!("bedrock:{operation}");
    service
        .authorize(caller, &action, &["*".to_owned()], json!({}))
        .await
}

fn caller(headers: &HeaderMap) -> Result<Caller<'_>, ServiceError> {
    Caller::new(
        headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(credential),
    )
}

fn jobs_arn(caller: &Caller<'_>) -> String {
    format!(
        "arn:aws:bedrock:{}:{ACCOUNT_ID}:model-invocation-job/*",
        caller.region
    )
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ServiceError> {
    serde_json::from_slice(body)
        .map_err(|error| ServiceError::validation(format!("The request is not valid: {error}")))
}
