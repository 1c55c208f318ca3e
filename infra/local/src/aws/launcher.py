"""Starts the emulator inside its own process group and ties its life to the process that asked for it.

Called as: python launcher.py attached|detached REGION

Why not the emulator's own command: it wants a port chosen in advance (a race when several start at once), it leaves
the processes of warm functions behind when it is stopped, and it tells policies that requests came without TLS.
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import threading
import time

GRACE_SECONDS = 1.0


def stop(*_):
    """Ends every process of the group and reaps the functions, so that nothing is left, not even a zombie."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.02)
        except ChildProcessError:
            os._exit(0)
    os.killpg(0, signal.SIGKILL)


def stop_with_parent():
    """The parent holds the other end of standard input: its end of file is the parent's death, whatever the cause.

    Nobody is left then to remove this instance's directory, which is the working directory.
    """
    sys.stdin.buffer.read()
    shutil.rmtree(os.getcwd(), ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(2 * GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


def raise_file_limit():
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def read_body(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def doors():
    """What the launcher answers itself, for the simulator of services that the emulator does not host.

    They take no signature: like everything here they listen on 127.0.0.1 only, and who can reach them is the user whose
    processes these are.
    """
    import events
    import permissions
    import sessions

    return {
        "/_local/authorize": lambda question: (200, permissions.authorize(question)),
        "/_local/session": lambda question: (200, sessions.assume(question)),
        "/_local/events": events.put,
    }


def with_doors(app):
    """Adds the doors, and presents each other request as a TLS terminator would, so that policies which demand TLS hold
    here as in the cloud."""
    answers = doors()

    async def wrapped(scope, receive, send):
        if scope["type"] != "http":
            return await app(scope, receive, send)
        if scope["path"] in answers:
            status, answer = await asyncio.to_thread(answers[scope["path"]], json.loads(await read_body(receive)))
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            return await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
        headers = [*scope["headers"], (b"x-forwarded-proto", b"https")]
        return await app({**scope, "headers": headers}, receive, send)

    return wrapped


def amend():
    """Lets state machines, rules and functions do what they do in the cloud, where the emulator does otherwise."""
    import answers
    import distributed
    import events
    import executions
    import expressions
    import functions
    import permissions
    import tasks

    expressions.install()
    tasks.install()
    distributed.install()
    permissions.hold_state_machines_to_their_roles()
    # Last, around whatever runs a state.
    executions.install()
    events.install()
    functions.install()
    answers.install()


def main():
    mode, region = sys.argv[1:]
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if mode == "attached":
        threading.Thread(target=stop_with_parent, daemon=True).start()
    raise_file_limit()

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    port = listener.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    # Read by the emulator at import, and inherited by the functions.
    os.environ.update(GATEWAY_PORT=str(port), AWS_ENDPOINT_URL=endpoint, MINISTACK_REGION=region,
                      AWS_DEFAULT_REGION=region)

    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    amend()
    print(endpoint, flush=True)
    os.dup2(2, 1)  # from here on everything goes to the log

    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = 75
    config.accesslog = None
    asyncio.run(serve(with_doors(app), config, shutdown_trigger=asyncio.Event().wait))


if __name__ == "__main__":
    main()
