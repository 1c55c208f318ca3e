"""Tasks as in the cloud: each attempt has a token of its own, a call that fails fails the task that waits for its token,
retries keep to their greatest delay, and a token is answered once.

Replaces for JSONata states `_execute_task`, and for all `_invoke_with_callback`, `_send_task_success`,
`_send_task_failure` and `_invoke_nested_start_execution_sync`. Other uses of the emulator's internals: `_task_tokens`.
"""

import base64
import json
import random
import secrets
import threading
import time

from ministack.core import iam_actions
from ministack.core.responses import error_response_json, json_response
from ministack.services import stepfunctions as machines

import executions
import expressions

WAITING = ".waitForTaskToken"
POLL_SECONDS = 0.1
# As long as the cloud's, so that nobody counts on short ones.
TOKEN_BYTES = 480

_answering = threading.Lock()
# Tokens nobody waits under any more, with the machines they were for.
_closed = {}


def new_token():
    return base64.b64encode(secrets.token_bytes(TOKEN_BYTES)).decode()


def machine_of(execution):
    """The machine that was deployed: the children of a map run belong to a part of it."""
    return execution["stateMachineArn"].split("/")[0]


def call_and_wait(resource, arguments, token, limit):
    """Makes the call and waits until somebody answers under the token."""
    execution = executions.EXECUTION.get()
    task = {"event": threading.Event(), "result": None, "error": None, "heartbeat": None, "answered": False,
            "execution": execution, "machine": machine_of(execution)}
    begun = time.monotonic()
    machines._task_tokens[token] = task
    try:
        machines._invoke_resource(resource.replace(WAITING, ""), arguments)
        remaining = None if limit is None else max(limit - (time.monotonic() - begun), 0)
        answered = task["event"].wait(remaining)
    finally:
        with _answering:
            _closed[token] = task["machine"]
            machines._task_tokens.pop(token, None)
    executions.check_running()
    if not answered and not task["answered"]:
        raise machines._ExecutionError("States.Timeout", f"The task was not answered within {limit} seconds.")
    if task["error"]:
        raise machines._ExecutionError(task["error"]["Error"], task["error"]["Cause"])
    return json.loads(task["result"])


def run_once(state, raw_input, execution, ctx):
    """One attempt."""
    resource = state["Resource"]
    waits = resource.endswith(WAITING)
    if waits:
        ctx["Task"] = {"Token": new_token()}
    arguments = expressions.evaluated(state, "Arguments", raw_input, ctx, default=raw_input)
    limit = expressions.number(state, "TimeoutSeconds", raw_input, ctx)
    machines._add_event(execution, "TaskScheduled", {"taskScheduledEventDetails": {"resource": resource}})
    if waits:
        return call_and_wait(resource, arguments, ctx["Task"]["Token"], limit)
    if limit is not None and ":activity:" not in resource:
        return machines._invoke_resource_with_timeout(resource, arguments, limit)
    return machines._invoke_resource(resource, arguments)


def wait_for_retry(state, error, counts):
    """Waits for the next attempt; false when there is none."""
    retrier, index = machines._find_matching_retrier(state.get("Retry", []), error.error, counts)
    if retrier is None:
        return False
    count = counts.get(index, 0)
    counts[index] = count + 1
    delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** count
    delay = min(delay, retrier.get("MaxDelaySeconds", delay))
    if retrier.get("JitterStrategy") == "FULL":
        delay = random.uniform(0, delay)
    machines._scaled_sleep(delay)
    return True


def install():
    execute = machines._execute_task

    def execute_task(state, raw_input, execution, ctx):
        if not expressions.is_jsonata(state, ctx):
            return execute(state, raw_input, execution, ctx)
        counts = {}
        while True:
            ctx["State"]["RetryCount"] = sum(counts.values())
            try:
                result = run_once(state, raw_input, execution, ctx)
                machines._add_event(execution, "TaskSucceeded", {"taskSucceededEventDetails": {"output": json.dumps(result)}})
                return expressions.finish(state, raw_input, ctx, result)
            except machines._ExecutionError as error:
                machines._add_event(execution, "TaskFailed",
                                    {"taskFailedEventDetails": {"error": error.error, "cause": error.cause}})
                if wait_for_retry(state, error, counts):
                    continue
                catcher = machines._find_matching_catcher(state.get("Catch", []), error.error)
                if catcher is None:
                    raise
                told = {"Error": error.error, "Cause": error.cause}
                return machines._apply_catcher(catcher, raw_input, ctx, "JSONata", told), catcher["Next"]

    def wait_as_json_path(resource, arguments, token, state):
        return call_and_wait(resource, arguments, token, state.get("TimeoutSeconds"))

    machines._execute_task = execute_task
    machines._invoke_with_callback = wait_as_json_path
    machines._send_task_success = succeed
    machines._send_task_failure = fail
    machines._invoke_nested_start_execution_sync = run_nested
    extract = iam_actions.extract_resource_arn

    def resource_of(service, method, path, headers, body, *rest):
        if service == "states" and (token := iam_actions._safe_json_field(body, "taskToken")):
            task = machines._task_tokens.get(token)
            return task["machine"] if task and "machine" in task else _closed.get(token, "*")
        return extract(service, method, path, headers, body, *rest)

    iam_actions.extract_resource_arn = resource_of


def answer(token, members):
    with _answering:
        task = machines._task_tokens.get(token)
        if task is None and token not in _closed:
            return error_response_json("InvalidToken", "Invalid Token: 'Invalid token'", 400)
        if task is None or task.get("answered"):
            return error_response_json("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'", 400)
        task.update(members, answered=True)
    task["event"].set()
    return json_response({})


def succeed(data):
    output = data.get("output", "{}")
    try:
        json.loads(output)
    except (json.JSONDecodeError, TypeError):
        return error_response_json("InvalidOutput", f"Invalid Output: '{output}'", 400)
    return answer(data.get("taskToken"), {"result": output})


def fail(data):
    error = {"Error": data.get("error", "TaskFailed"), "Cause": data.get("cause", "")}
    return answer(data.get("taskToken"), {"error": error})


def run_nested(resource, arguments):
    """A standard execution of another machine, which ends with this one when that is stopped."""
    status, _, body = machines._start_execution(machines._nested_start_execution_request(arguments))
    answered = json.loads(body)
    if status >= 400:
        raise machines._ExecutionError(f"StepFunctions.{answered.get('__type', 'AWSStepFunctionsException')}",
                                       answered.get("message", ""))
    child = machines._executions[answered["executionArn"]]
    executions.adopt(child, executions.EXECUTION.get())
    while child["status"] == "RUNNING":
        executions.sleep(POLL_SECONDS)
    # What DescribeExecution says, in the case of the integrations.
    told = {"ExecutionArn": child["executionArn"], "Input": child["input"], "Name": child["name"],
            "StartDate": child["startDate"], "StateMachineArn": child["stateMachineArn"], "Status": child["status"],
            "StopDate": child["stopDate"]}
    if child["status"] != "SUCCEEDED":
        why = {"Error": child.get("error"), "Cause": child.get("cause")}
        raise machines._ExecutionError("States.TaskFailed", json.dumps({**told, **why}))
    typed = resource.endswith(".sync:2")
    return {**told, "Output": json.loads(child["output"]) if typed else child["output"]}
