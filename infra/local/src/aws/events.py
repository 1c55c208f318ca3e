"""Events of services that the emulator does not host, and their delivery as in the cloud.

`PutEvents` takes no event whose source is a service of AWS, so the simulator hands its events to the launcher. Uses of the
emulator's internals: the record of an event, `_dispatch_event`, `_archive_event`, `_events_log_list`, `_dispatch_to_lambda`
and `lambda_svc.invoke_async_with_retry`.
"""

import contextvars
import json

from ministack.core.responses import _request_account_id, set_request_region
from ministack.services import eventbridge, lambda_svc

MEMBERS = ("id", "source", "detail-type", "account", "time", "region", "resources", "detail")


def put(event):
    """Puts an event, envelope and all, on the default bus: rules match it and targets get it unchanged."""
    missing = [name for name in MEMBERS if name not in event]
    if missing:
        return 400, {"message": f"the event has no {', '.join(missing)}: send the whole envelope"}
    contextvars.copy_context().run(dispatch, event)
    return 200, {"eventId": event["id"]}


def dispatch(event):
    _request_account_id.set(event["account"])
    set_request_region(event["region"])
    record = {
        "EventId": event["id"], "Source": event["source"], "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]), "EventBusName": "default",
        # As it came: not every service writes ISO 8601.
        "Time": event["time"], "Resources": event["resources"], "Account": event["account"], "Region": event["region"],
        "Version": event.get("version", "0"),
    }
    eventbridge._events_log_list().append(record)
    view = eventbridge._pattern_event_view(record)
    eventbridge._dispatch_event(record, view)
    eventbridge._archive_event(record, view)


def install():
    """Rules invoke functions asynchronously, so a failing function is tried again."""

    def to_function(arn, payload):
        function, config, name = lambda_svc._get_func_record_for_ref(arn)
        if not function or not config:
            eventbridge.logger.warning("a rule's target %s does not exist", name)
            return
        record = lambda_svc._execution_record_for_config(function, config)
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))

    eventbridge._dispatch_to_lambda = to_function
