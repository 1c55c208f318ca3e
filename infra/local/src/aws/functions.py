"""Functions whose process ends before its first request, as the cloud reports them: with the error of a process that ended.

Use of the emulator's internals: `ProvidedWorker._await_init`, whose error it reports by its `error_type`.
"""

from ministack.core import lambda_runtime

ENDED = "Runtime.ExitError"


def install():
    wait = lambda_runtime.ProvidedWorker._await_init

    def await_init(worker, *arguments):
        try:
            wait(worker, *arguments)
        except lambda_runtime.ProvidedInitTimeout:
            raise
        except RuntimeError as error:
            if worker._proc is None or worker._proc.poll() is None:
                raise
            raise lambda_runtime.ProvidedRuntimeError(str(error), ENDED) from error

    lambda_runtime.ProvidedWorker._await_init = await_init
