"""Lambda's Runtime API as far as a starting function sees it: how long it takes a process to ask for its first event."""

import os
import socket
import statistics
import subprocess
import time

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "example",
    "AWS_DEFAULT_REGION": "eu-west-2",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
    "AWS_LAMBDA_FUNCTION_NAME": "extract",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_LOG_GROUP_NAME": "group",
    "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
    "AWS_REGION": "eu-west-2",
    "AWS_SECRET_ACCESS_KEY": "example",
    # The ports of `extract`.
    "CLAIMED": "s3://processed/claims/",
    "CLAIMS": "s3://processed/claims/",
    "FAILURES": "https://sqs.eu-west-2.amazonaws.com/123456789012/failures",
    "MODEL": "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
    "PARSE_MODE": "lenient",
    "PROCESSED": "s3://processed/processed/",
    "RAW": "s3://raw/",
    "REVIEW": "https://sqs.eu-west-2.amazonaws.com/123456789012/review",
    "REVIEW_POLICY": '{"below_confidence":0.5,"sample_one_in":100}',
    "STACK_NAME": "peers",
}


def start(command: list[str]) -> tuple[float, float]:
    """Milliseconds from spawning the process to its first request, and its memory at that moment in megabytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(120)
        address = "127.0.0.1:%d" % server.getsockname()[1]
        environment = {**os.environ, **ENVIRONMENT, "AWS_LAMBDA_RUNTIME_API": address}
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            connection, _ = server.accept()
            with connection:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += connection.recv(65536)
                taken = (time.perf_counter() - begun) * 1e3
                if b"/2018-06-01/runtime/invocation/next" not in request:
                    raise SystemExit(f"{command} asked for something else: {request[:200]!r}")
                return taken, resident(process.pid)
        finally:
            process.kill()
            process.wait()


def resident(pid: int) -> float:
    with open(f"/proc/{pid}/status") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def median_start(command: list[str], runs: int) -> tuple[float, float]:
    results = [start(command) for _ in range(runs)]
    return (statistics.median(taken for taken, _ in results), statistics.median(memory for _, memory in results))
