"""The distributed map as in the cloud: its expressions are evaluated, its items batched, its results written to S3, its
children are executions of their own, and the machine's role is asked for all of it.

Replaces `_run_map_items` for distributed maps, and `_run_distributed_map`. Other uses of the emulator's internals:
`_read_map_items`, `_run_sub_machine`, `_executions`, `_map_runs`.
"""

import contextvars
import copy
import json
import threading
from concurrent.futures import ThreadPoolExecutor

from ministack.core.responses import new_uuid, now_iso
from ministack.services import stepfunctions as machines

import executions
import expressions
import permissions
import results

# The cloud runs up to 10,000 at once; each is a thread here.
MOST_AT_ONCE = 1000
COUNTS = ("pending", "running", "succeeded", "failed", "timedOut", "aborted", "total", "resultsWritten",
          "failuresNotRedrivable", "pendingRedrive")


def items_of(state, raw_input, effective, ctx):
    """What the map runs over, from S3 or from the state's input."""
    reader = state.get("ItemReader")
    if reader is None:
        if "Items" in state:
            return machines._jsonata_state_field(state, "Items", "array", raw_input, ctx)
        return machines._resolve_path_or_ctx(state.get("ItemsPath", "$"), effective, ctx)
    if expressions.is_jsonata(state, ctx):
        reader = {**reader,
                  "Arguments": expressions.evaluated(reader, "Arguments", raw_input, ctx, default={}),
                  "ReaderConfig": expressions.evaluated(reader, "ReaderConfig", raw_input, ctx, default={})}
        place = reader["Arguments"]
    else:
        place = machines._resolve_params_obj(reader.get("Parameters") or {}, effective, ctx)
    bucket = f"arn:aws:s3:::{place.get('Bucket')}"
    if reader.get("Resource", "").endswith("listObjectsV2"):
        permissions.require("s3:ListBucket", bucket, "States.ItemReaderFailed",
                            {"s3:prefix": place.get("Prefix", "")})
    else:
        permissions.require("s3:GetObject", f"{bucket}/{place.get('Key')}", "States.ItemReaderFailed")
    try:
        return machines._read_map_items(reader, effective, ctx)
    except (ValueError, KeyError, IndexError) as error:
        raise machines._ExecutionError("States.ItemReaderFailed", f"The items cannot be read: {error}") from None


def selected(state, raw_input, effective, ctx, index, item):
    """What one iteration is given for its item."""
    selector = state.get("ItemSelector") or state.get("Parameters")
    if not selector:
        return item
    item_ctx = {**ctx, "Map": {"Item": {"Index": index, "Value": item}}}
    if expressions.is_jsonata(state, ctx):
        return machines._apply_jsonata_template(selector, raw_input, item_ctx)
    return machines._resolve_params_obj(selector, effective, item_ctx)


def batched(state, raw_input, ctx, items):
    """The items as they are, or some at a time with what all batches are given."""
    if "ItemBatcher" not in state:
        return items
    batcher = state["ItemBatcher"]
    if expressions.is_jsonata(state, ctx):
        batcher = expressions.evaluated(state, "ItemBatcher", raw_input, ctx)
    most = batcher.get("MaxItemsPerBatch") or len(items)
    most_bytes = batcher.get("MaxInputBytesPerBatch") or executions.STATE_BYTES
    shared = {"BatchInput": batcher["BatchInput"]} if "BatchInput" in batcher else {}
    batches, batch, size = [], [], 0
    for item in items:
        length = len(json.dumps(item))
        if batch and (len(batch) >= most or size + length > most_bytes):
            batches.append({**shared, "Items": batch})
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        batches.append({**shared, "Items": batch})
    return batches


class MapRun:
    """One pass of the map over its items."""

    def __init__(self, state, raw_input, execution, ctx):
        self.state, self.execution, self.ctx = state, execution, ctx
        *scope, machine = execution["stateMachineArn"].split(":")
        self.region, self.account = scope[3], scope[4]
        self.name = f"{machine}/{state.get('Label') or new_uuid()}"
        self.arn = f"arn:aws:states:{self.region}:{self.account}:mapRun:{self.name}:{new_uuid()}"
        self.limits = {name: expressions.number(state, name, raw_input, ctx)
                       if expressions.is_jsonata(state, ctx) else state.get(name)
                       for name in ("MaxConcurrency", "ToleratedFailurePercentage", "ToleratedFailureCount")}
        self.children = []
        self.lock = threading.Lock()
        self.gave_up = False

    def start(self, inputs):
        counts = {**dict.fromkeys(COUNTS, 0), "total": len(inputs), "pending": len(inputs)}
        self.record = {
            "mapRunArn": self.arn, "executionArn": self.execution["executionArn"], "status": "RUNNING",
            "startDate": now_iso(), "maxConcurrency": self.limits["MaxConcurrency"] or 0,
            "toleratedFailurePercentage": self.limits["ToleratedFailurePercentage"] or 0,
            "toleratedFailureCount": self.limits["ToleratedFailureCount"] or 0, "redriveCount": 0,
            "itemCounts": dict(counts), "executionCounts": dict(counts),
            "_stateMachineArn": f"arn:aws:states:{self.region}:{self.account}:stateMachine:{self.name}",
        }
        machines._map_runs[self.arn] = self.record
        self.children = [self.child(given) for given in inputs]

    def child(self, given):
        name = new_uuid()
        return {
            "executionArn": f"arn:aws:states:{self.region}:{self.account}:execution:{self.name}:{name}",
            "stateMachineArn": self.record["_stateMachineArn"], "name": name, "status": "PENDING",
            "startDate": None, "stopDate": None, "input": json.dumps(given, ensure_ascii=False),
            "inputDetails": {"included": True}, "output": None, "outputDetails": {"included": True},
            "mapRunArn": self.arn, "events": [], "testCase": "", "mockAttempts": {},
        }

    def count(self, outcome, was):
        with self.lock:
            for counts in (self.record["itemCounts"], self.record["executionCounts"]):
                counts[was] -= 1
                counts[outcome] += 1
            return self.record["executionCounts"]["failed"]

    def run(self):
        """All children, so many at a time."""
        at_once = int(self.limits["MaxConcurrency"] or 0) or MOST_AT_ONCE
        with ThreadPoolExecutor(max_workers=min(at_once, len(self.children), MOST_AT_ONCE) or 1) as pool:
            for child in self.children:
                pool.submit(contextvars.copy_context().run, self.run_child, child)
        executions.check_running()

    def run_child(self, child):
        if self.gave_up or self.execution["status"] != "RUNNING":
            return
        child.update(status="RUNNING", startDate=now_iso())
        machines._executions[child["executionArn"]] = child
        executions.adopt(child, self.execution)
        self.count("running", "pending")
        executions.EXECUTION.set(child)
        given = json.loads(child["input"])
        # A child sees nothing of its parent: neither its variables nor its input.
        ctx = {"QueryLanguage": self.ctx.get("QueryLanguage"), "StateMachine": copy.deepcopy(self.ctx["StateMachine"]),
               "variables": {}, "Execution": {"Id": child["executionArn"], "Input": given, "Name": child["name"],
                                              "StartTime": child["startDate"]}}
        processor = self.state.get("ItemProcessor") or self.state.get("Iterator")
        try:
            output = machines._run_sub_machine(processor["States"], processor["StartAt"], given, child, ctx)
            executions.check_running()
            child.update(status="SUCCEEDED", output=json.dumps(output, ensure_ascii=False))
            self.count("succeeded", "running")
        except executions.Ended:
            self.count("aborted", "running")
        except Exception as error:
            known = isinstance(error, machines._ExecutionError)
            child.update(status="FAILED", error=error.error if known else "States.Runtime",
                         cause=error.cause if known else str(error))
            self.give_up_beyond(self.count("failed", "running"))
        finally:
            child["stopDate"] = child["stopDate"] or now_iso()
            executions.forget(child)

    def exceeds(self, failed):
        percentage, most = self.limits["ToleratedFailurePercentage"], self.limits["ToleratedFailureCount"]
        if percentage is None and most is None:
            return failed > 0
        return ((percentage is not None and failed * 100 > percentage * len(self.children))
                or (most is not None and failed > most))

    def give_up_beyond(self, failed):
        """Too many failures end the others, too."""
        if self.exceeds(failed):
            self.gave_up = True
            for child in self.children:
                executions.end(child, "ABORTED")

    def finish(self):
        self.record.update(status="FAILED" if self.gave_up else "SUCCEEDED", stopDate=now_iso())
        if self.gave_up:
            raise machines._ExecutionError("States.ExceedToleratedFailureThreshold",
                                           "The specified tolerated failure threshold was exceeded")

    def outputs(self):
        """In the order of the items; a tolerated failure is what went wrong."""
        return [json.loads(child["output"]) if child["status"] == "SUCCEEDED"
                else {"Error": child.get("error"), "Cause": child.get("cause")} for child in self.children]


def run_map(state, raw_input, execution, ctx):
    effective = machines._apply_input_path(state, raw_input, ctx)
    permissions.require("states:StartExecution", execution["stateMachineArn"], "States.Permissions")
    run = MapRun(state, raw_input, execution, ctx)
    writer = results.Writer.of(state, raw_input, effective, ctx)
    items = items_of(state, raw_input, effective, ctx)
    items = items if isinstance(items, list) else [items]
    inputs = [selected(state, raw_input, effective, ctx, index, item) for index, item in enumerate(items)]
    run.start(batched(state, raw_input, ctx, inputs))
    run.run()
    result = writer.write(run) if writer else run.outputs()
    run.finish()
    if expressions.is_jsonata(state, ctx):
        return expressions.finish(state, raw_input, ctx, result)
    output = machines._apply_result_path(state, raw_input, machines._apply_result_selector(state, result))
    return machines._apply_output_path(state, output, ctx), machines._next_or_end(state)


def install():
    inline = machines._run_map_items

    def run_items(state, raw_input, execution, ctx):
        processor = state.get("ItemProcessor") or state.get("Iterator") or {}
        if (processor.get("ProcessorConfig") or {}).get("Mode") == "DISTRIBUTED":
            return run_map(state, raw_input, execution, ctx)
        return inline(state, raw_input, execution, ctx)

    machines._run_map_items = run_items
