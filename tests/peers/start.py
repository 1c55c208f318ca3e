"""A function that starts as the Python original does: its imports, its clients, then the first request for an event."""

import http.client
import os
import urllib.request

import boto3
import pandas  # noqa: F401
import pyarrow.parquet  # noqa: F401
from PIL import Image  # noqa: F401
from pydantic import BaseModel


class Book(BaseModel):
    title: str = ""
    author: str = ""


s3 = boto3.client("s3")
bedrock = boto3.client("bedrock-runtime")
api = os.environ["AWS_LAMBDA_RUNTIME_API"]
try:
    urllib.request.urlopen(f"http://{api}/2018-06-01/runtime/invocation/next")
except (ConnectionError, http.client.RemoteDisconnected):
    pass  # The measuring side hangs up once it has seen the request.
