"""What a distributed map writes to S3: a file for each outcome of its children, and a manifest that lists the files.

Uses of the emulator's internals: `s3._put_object`.
"""

import json

from ministack.services import s3
from ministack.services import stepfunctions as machines

import expressions
import permissions

ERROR = "States.ResultWriterFailed"
FILES = {"SUCCEEDED": ("SUCCEEDED",), "FAILED": ("FAILED", "TIMED_OUT", "ABORTED"), "PENDING": ("PENDING",)}


class Writer:
    """Where the results of one map go."""

    def __init__(self, bucket, prefix):
        self.bucket, self.prefix = bucket, prefix.strip("/")

    @classmethod
    def of(cls, state, raw_input, effective, ctx):
        """The writer that the state asks for, if it asks for one; a role that may not write fails before anything runs."""
        if "ResultWriter" not in state:
            return None
        if expressions.is_jsonata(state, ctx):
            described = expressions.evaluated(state, "ResultWriter", raw_input, ctx)
            place = described.get("Arguments") or {}
        else:
            described = state["ResultWriter"]
            place = machines._resolve_params_obj(described.get("Parameters") or {}, effective, ctx)
        config = described.get("WriterConfig") or {}
        if config not in ({}, {"OutputType": "JSON", "Transformation": "NONE"}):
            raise machines._ExecutionError(
                "States.Runtime", f"The local AWS writes results as JSON without a transformation only, not by {config}.")
        if "Bucket" not in place:
            raise machines._ExecutionError(ERROR, "The result writer names no bucket.")
        writer = cls(place["Bucket"], place.get("Prefix") or "")
        permissions.require("s3:PutObject", writer.arn(".writeAccessCheckFile.temp"), ERROR)
        return writer

    def key(self, name):
        return f"{self.prefix}/{name}" if self.prefix else name

    def arn(self, name):
        return f"arn:aws:s3:::{self.bucket}/{self.key(name)}"

    def put(self, name, content):
        permissions.require("s3:PutObject", self.arn(name), ERROR)
        body = json.dumps(content, ensure_ascii=False).encode()
        status, _, answer = s3._put_object(self.bucket, self.key(name), body, {"content-type": "application/json"})
        if status >= 400:
            raise machines._ExecutionError(ERROR, bytes(answer).decode("utf-8", "replace"))
        return {"Key": self.key(name), "Size": len(body)}

    def write(self, run):
        """The files, then the manifest; gives what the state yields."""
        folder = run.arn.rsplit(":", 1)[-1]
        files = {}
        for outcome, statuses in FILES.items():
            described = [describe(child) for child in run.children if child["status"] in statuses]
            files[outcome] = [self.put(f"{folder}/{outcome}_0.json", described)] if described else []
        manifest = {"DestinationBucket": self.bucket, "MapRunArn": run.arn, "ResultFiles": files}
        written = self.put(f"{folder}/manifest.json", manifest)
        with run.lock:
            for counts in (run.record["itemCounts"], run.record["executionCounts"]):
                counts["resultsWritten"] = counts["total"]
        return {"MapRunArn": run.arn, "ResultWriterDetails": {"Bucket": self.bucket, "Key": written["Key"]}}


def describe(child):
    """A child as the files tell of it."""
    told = {
        "ExecutionArn": child["executionArn"], "Input": child["input"], "InputDetails": {"Included": True},
        "Name": child["name"], "Output": child["output"], "OutputDetails": {"Included": True}, "RedriveCount": 0,
        "RedriveStatus": "NOT_REDRIVABLE" if child["status"] == "SUCCEEDED" else "REDRIVABLE",
        "RedriveStatusReason": f"Execution is {child['status']} and "
                               + ("cannot be redriven" if child["status"] == "SUCCEEDED" else "is redrivable"),
        "StartDate": child["startDate"], "StateMachineArn": child["stateMachineArn"], "Status": child["status"],
        "StopDate": child["stopDate"], "Error": child.get("error"), "Cause": child.get("cause"),
    }
    return {name: value for name, value in told.items() if value is not None}
