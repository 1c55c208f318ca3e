"""Executions that end as in the cloud: with everything they started, and after their own timeout.

The emulator marks a stopped execution and lets its children run on; it knows no timeout of a machine. Uses of its
internals: the record of an execution, `_run_execution`, `_fail_execution`, `_stop_execution`, the functions that run a
state, and the sleeps.
"""

import contextvars
import json
import threading

from ministack.core.responses import json_response, now_iso
from ministack.services import stepfunctions as machines

EXECUTION = contextvars.ContextVar("the execution that this thread runs", default=None)
STATE_BYTES = 256 * 1024
STATES = ("pass", "task", "choice", "wait", "parallel", "map")

_ends = {}
_children = {}
_lock = threading.Lock()


class Ended(BaseException):
    """Whatever this thread was about to do, its execution has ended. No state of it may catch that."""


def end_of(execution):
    """Set when the execution ends from outside."""
    with _lock:
        return _ends.setdefault(execution["executionArn"], threading.Event())


def adopt(child, parent):
    """When the parent ends from outside, the child does, too."""
    with _lock:
        _children.setdefault(parent["executionArn"], []).append(child)


def forget(execution):
    with _lock:
        _ends.pop(execution["executionArn"], None)
        _children.pop(execution["executionArn"], None)


def check_running():
    execution = EXECUTION.get()
    if execution is not None and execution["status"] != "RUNNING":
        raise Ended(execution["status"])


def end(execution, status, error=None, cause=None):
    """Ends an execution from outside, and what runs below it."""
    if execution["status"] != "RUNNING":
        return
    execution.update(status=status, stopDate=now_iso(), error=error, cause=cause)
    kind = {"ABORTED": "Aborted", "TIMED_OUT": "TimedOut"}[status]
    machines._add_event(execution, f"Execution{kind}",
                        {f"execution{kind}EventDetails": {"error": error or "", "cause": cause or ""}})
    if not execution.get("mapRunArn"):
        machines._emit_execution_status_event(execution)
    end_of(execution).set()
    for task in list(machines._task_tokens.values()):
        if task.get("execution") is execution:
            task["event"].set()
    for run in list(machines._map_runs.values()):
        if run["executionArn"] == execution["executionArn"] and run["status"] == "RUNNING":
            run.update(status="ABORTED", stopDate=now_iso())
    with _lock:
        children = list(_children.get(execution["executionArn"], ()))
    for child in children:
        end(child, "ABORTED")


def sleep(seconds):
    """Until the time is over, or the execution."""
    execution = EXECUTION.get()
    end_of(execution).wait(max(seconds, 0))
    check_running()


def install():
    run, fail, stop = machines._run_execution, machines._fail_execution, machines._stop_execution
    scaled_sleep = machines._scaled_sleep

    def run_until_timeout(arn):
        execution = machines._executions.get(arn)
        if execution is None:
            return None
        entered = EXECUTION.set(execution)
        timer = start_timer(execution)
        try:
            return run(arn)
        except Ended:
            return None
        finally:
            EXECUTION.reset(entered)
            forget(execution)
            if timer:
                timer.cancel()

    def fail_once(execution, error, cause):
        if execution["status"] == "RUNNING":
            fail(execution, error, cause)

    def stop_with_children(data):
        execution = machines._executions.get(data.get("executionArn"))
        if execution is None or execution["status"] != "RUNNING":
            return stop(data)
        end(execution, "ABORTED", data.get("error"), data.get("cause"))
        return json_response({"stopDate": execution["stopDate"]})

    def sleep_to_the_end(seconds):
        if EXECUTION.get() is None:
            return scaled_sleep(seconds)
        return sleep(seconds * machines._SFN_WAIT_SCALE)

    machines._run_execution = run_until_timeout
    machines._fail_execution = fail_once
    machines._stop_execution = stop_with_children
    machines._scaled_sleep = sleep_to_the_end
    for state in STATES:
        name = f"_execute_{state}"
        setattr(machines, name, within_limits(getattr(machines, name)))


def start_timer(execution):
    """The timeout of the whole machine."""
    machine = machines._state_machines.get(execution["stateMachineArn"]) or {}
    try:
        seconds = json.loads(machine.get("definition", "{}")).get("TimeoutSeconds")
    except json.JSONDecodeError:
        return None
    if seconds is None:
        return None
    context = contextvars.copy_context()
    timer = threading.Timer(seconds, context.run, (end, execution, "TIMED_OUT"))
    timer.daemon = True
    timer.start()
    return timer


def within_limits(run_state):
    """No state of an ended execution is entered, and none hands on more than a state may."""

    def run(*arguments):
        check_running()
        output, following = run_state(*arguments)
        size = len(json.dumps(output, ensure_ascii=False).encode())
        if size > STATE_BYTES:
            raise machines._ExecutionError(
                "States.DataLimitExceeded",
                f"The state returned a result of {size} bytes, more than the {STATE_BYTES} bytes that a state can hand on.")
        return output, following

    return run
