"""Sessions of roles for services that the emulator does not host: a batch job works under the role it was given.

Uses of the emulator's internals: the roles of IAM and their trust policies, the condition evaluator, `register_session`.
"""

import json
import time

from ministack.core import iam_evaluator as iam
from ministack.core.responses import get_region
from ministack.services import iam as roles
from ministack.services import sts

SECONDS = 12 * 3600


def trusts(document, action, service, context):
    """Whether a trust policy lets a service assume the role."""
    policy = json.loads(document) if isinstance(document, str) else document
    statements = policy.get("Statement", [])
    allowed = False
    for statement in statements if isinstance(statements, list) else [statements]:
        parsed = iam.parse_policy_document({"Statement": [{**statement, "Resource": "*"}]})
        names = iam._service_principal_matches(statement.get("Principal", {}), service)
        everybody = statement.get("Principal") == "*"
        if not (names or everybody) or not iam._first_match(context, parsed, statement.get("Effect")):
            continue
        if statement["Effect"] == "Deny":
            return False
        allowed = True
    return allowed


def assume(question):
    """Keys of a session, or why there is none."""
    arn, service = question["role_arn"], question["service"]
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    name = arn.rsplit("/", 1)[-1]
    role = roles._roles.get_scoped(account, None, name) if account else None
    if role is None or role["Arn"] != arn:
        return {"denied": f"The role {arn} does not exist."}
    source = question["source_arn"]
    context = iam.EvalContext(
        principal_arn=service, principal_type="Service", principal_account=account, action="sts:AssumeRole",
        resource_arn=arn, region=get_region(),
        service_context={"aws:sourcearn": source, "aws:sourceaccount": source.split(":")[4],
                         "aws:principalservicename": service, "aws:principalisawsservice": "true"})
    if not trusts(role["AssumeRolePolicyDocument"], "sts:AssumeRole", service, context):
        return {"denied": f"{service} is not authorized to perform: sts:AssumeRole on resource: {arn}: its trust policy "
                          "does not name the service, or a condition on aws:SourceArn or aws:SourceAccount does not hold."}
    session = question["session_name"]
    keys = {"access_key_id": sts._gen_session_access_key(), "secret_access_key": sts._gen_secret(),
            "session_token": sts._gen_session_token()}
    sts.register_session(keys["access_key_id"], {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}", "UserId": f"{role['RoleId']}:{session}",
        "SecretAccessKey": keys["secret_access_key"], "SessionToken": keys["session_token"],
        "Expiration": time.time() + SECONDS, "AccountId": account, "PrincipalType": "AssumedRole",
        "SourceAccessKeyId": "", "SourcePrincipalArn": service, "SessionTags": [], "SessionPolicies": None,
    })
    return {"credentials": keys}
