"""Asks the emulator's own policy evaluator where the emulator itself does not: for services that it does not host, and
for what state machines do under their roles."""

import contextvars

from ministack.core import iam_evaluator as iam
from ministack.core.responses import get_account_id, get_region


def denial(arn, kind, account, policies, limits, keys, action, resource, region, service_context=None):
    """Why a principal may not do something, in AWS's words; none when it may."""
    context = iam.EvalContext(
        principal_arn=arn,
        principal_type=kind,
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=region,
        service_context=service_context or {},
        principal_keys=keys,
    )
    decision = iam.evaluate(context, policies, *limits).decision
    if decision == "Allow":
        return None
    why = ("with an explicit deny in an identity-based policy" if decision == "Deny"
           else f"because no identity-based policy allows the {action} action")
    return f"User: {arn} is not authorized to perform: {action} on resource: {resource} {why}"


def authorize(question):
    """Answers for a service that the emulator does not host (the model runtime).

    Every resource must be allowed: an inference profile and the models behind it are separate grants.
    """
    principal = iam.resolve_principal(question["access_key_id"], get_account_id())
    if isinstance(principal, iam.AuthError):
        return {"allowed": False, "code": "UnrecognizedClientException", "message": principal.message}
    if principal.policies is None:
        return {"allowed": True}
    context = {key.lower(): value for key, value in question.get("context", {}).items()}
    for resource in question["resources"]:
        message = denial(principal.arn, principal.type, principal.account, principal.policies, principal.limits,
                         principal.keys, question["action"], resource, question["region"], context)
        if message:
            return {"allowed": False, "code": "AccessDeniedException", "message": message}
    return {"allowed": True}


MACHINE_ROLE = contextvars.ContextVar("the role of the state machine that runs", default=None)


def arn(service, resource):
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"


def named(service, prefix, name):
    """A resource that a state names by its ARN or by its name."""
    return name if name.startswith("arn:") else arn(service, f"{prefix}{name}")


# What a task of a state machine does: the action, and the resource that its arguments name.
TASKS = {
    "arn:aws:states:::sqs:sendMessage": (
        "sqs:SendMessage", lambda task: arn("sqs", task.get("QueueUrl", "").rsplit("/", 1)[-1])),
    "arn:aws:states:::sns:publish": (
        "sns:Publish", lambda task: task.get("TopicArn", "")),
    "arn:aws:states:::events:putEvents": (
        "events:PutEvents",
        lambda task: [named("events", "event-bus/", entry.get("EventBusName", "default"))
                      for entry in task.get("Entries", [])]),
    **{f"arn:aws:states:::dynamodb:{name}Item": (
        f"dynamodb:{name[0].upper()}{name[1:]}Item",
        lambda task: named("dynamodb", "table/", task.get("TableName", "")))
       for name in ("get", "put", "update", "delete")},
}


def require(action, resources, error, context=None):
    """Fails what a state machine does with this error when the machine's role does not allow it."""
    from ministack.services import iam as roles
    from ministack.services import stepfunctions as machines

    role = MACHINE_ROLE.get()
    if role is None:
        return
    name = role.rsplit("/", 1)[-1]
    account = role.split(":")[4]
    session = f"arn:aws:sts::{account}:assumed-role/{name}/states"
    policies = iam._gather_role_policies(name, account)
    limits = iam._permissions_boundary(roles._roles, name, account)
    for resource in [resources] if isinstance(resources, str) else resources:
        message = denial(session, "AssumedRole", account, policies, limits, {}, action, resource, get_region(), context)
        if message:
            raise machines._ExecutionError(error, f"{message} (Status Code: 403; Error Code: AccessDeniedException)")


def hold_state_machines_to_their_roles():
    """Lets a task fail as in the cloud when the machine's role does not allow what it does."""
    from ministack.services import lambda_svc
    from ministack.services import stepfunctions as machines

    run = machines._run_execution
    call_function = machines._call_lambda
    start = machines._nested_start_execution_request

    def run_under_its_role(execution):
        machine = machines._state_machines[machines._executions[execution]["stateMachineArn"]]
        token = MACHINE_ROLE.set(machine["roleArn"])
        try:
            return run(execution)
        finally:
            MACHINE_ROLE.reset(token)

    def call_function_if_allowed(function, event):
        _, config, name = lambda_svc._get_func_record_for_ref(function)
        resource = (config or {}).get("FunctionArn") or arn("lambda", f"function:{name}")
        require("lambda:InvokeFunction", resource, "Lambda.AWSLambdaException")
        return call_function(function, event)

    def start_if_allowed(task):
        request = start(task)
        require("states:StartExecution", request["stateMachineArn"], "StepFunctions.AccessDeniedException")
        return request

    def guarded(action, resources, error, handler):
        def handle(resource, task):
            require(action, resources(task), error)
            return handler(resource, task)

        return handle

    machines._run_execution = run_under_its_role
    machines._call_lambda = call_function_if_allowed
    machines._nested_start_execution_request = start_if_allowed
    services = {"sqs": "SQS", "sns": "SNS", "events": "EventBridge", "dynamodb": "DynamoDB"}
    for resource, (action, resources) in TASKS.items():
        error = f"{services[action.split(':')[0]]}.AccessDeniedException"
        handler = machines._SERVICE_DISPATCH[resource]
        machines._SERVICE_DISPATCH[resource] = guarded(action, resources, error, handler)
