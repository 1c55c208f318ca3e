#!/usr/bin/env python3
"""Both functions of the test's machine, as its variable PART says: submits a job, or tells the machine how a job ended."""
import datetime, hashlib, hmac, json, os, urllib.error, urllib.parse, urllib.request

AWS, BEDROCK = os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_ENDPOINT_URL_BEDROCK"]
REGION = os.environ["AWS_REGION"]


class Refused(Exception):
    pass


def call(service, url, body, target=None, method="POST"):
    """A signed request, as an SDK sends it."""
    content = json.dumps(body).encode() if body is not None else b""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    place = urllib.parse.urlsplit(url)
    headers = {"host": place.netloc, "x-amz-date": now, "x-amz-security-token": os.environ["AWS_SESSION_TOKEN"]}
    if target:
        headers["x-amz-target"] = target
    names = ";".join(sorted(headers))
    canonical = "\n".join([method, place.path or "/", "", *(f"{name}:{headers[name]}" for name in sorted(headers)), "", names,
                           hashlib.sha256(content).hexdigest()])
    scope = f"{now[:8]}/{REGION}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, "
                                f"SignedHeaders={names}, Signature={signature}")
    headers["content-type"] = "application/x-amz-json-1.0"
    request = urllib.request.Request(url, content or None, headers, method=method)
    try:
        return json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError as error:
        raise Refused(error.read().decode()) from None


def submit(event):
    task, token = event["task"], event["token"]
    tags = [{"key": f"TaskToken:{start // 256}", "value": token[start:start + 256]} for start in range(0, len(token), 256)]
    job = {
        "jobName": task["name"], "roleArn": task["role"], "modelId": task["model"], "tags": tags,
        "inputDataConfig": {"s3InputDataConfig": {"s3InputFormat": "JSONL", "s3Uri": task["input"]}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": task["output"]}},
    }
    return call("bedrock", f"{BEDROCK}/model-invocation-job", job)


def track(event):
    detail = event["detail"]
    arn = urllib.parse.quote(detail["batchJobArn"], safe="")
    job = call("bedrock", f"{BEDROCK}/model-invocation-job/{arn}", None, method="GET")
    tags = call("bedrock", f"{BEDROCK}/listTagsForResource", {"resourceARN": detail["batchJobArn"]})["tags"]
    token = "".join(tag["value"] for tag in sorted(tags, key=lambda tag: tag["key"]))
    row = {"TableName": "jobs", "Key": {"job": {"S": detail["batchJobName"]}},
           "UpdateExpression": "SET #s = :s, #t = :t", "ExpressionAttributeNames": {"#s": "status", "#t": "time"},
           "ExpressionAttributeValues": {":s": {"S": job["status"]}, ":t": {"S": event["time"]}}}
    call("dynamodb", AWS + "/", row, "DynamoDB_20120810.UpdateItem")
    end = {"ending": job["status"], "message": job.get("message")}
    answer = {"taskToken": token, "output": json.dumps(end)}
    call("states", AWS + "/", answer, "AWSStepFunctions.SendTaskSuccess")
    return end


PART = {"submit": submit, "track": track}[os.environ["PART"]]
BASE = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    event = urllib.request.urlopen(BASE + "next")
    path = BASE + event.headers["Lambda-Runtime-Aws-Request-Id"]
    try:
        answer, content = "/response", PART(json.load(event))
    except Refused as error:
        answer, content = "/error", {"errorType": "Refused", "errorMessage": str(error)}
    urllib.request.urlopen(path + answer, json.dumps(content).encode())
