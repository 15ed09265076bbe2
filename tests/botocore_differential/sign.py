"""Signs requests with botocore.

    python3 sign.py < requests > signatures

In: a line of JSON for each request as it is sent, with `X-Amz-Date`, for which Region and service it is signed, and the key with its secret. Out: the
header `Authorization`.
"""

import base64
import json
import sys
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials


# Headers of traces, which may be signed or not.
TRACES = ("baggage", "traceparent", "tracestate")
botocore.auth.SIGNED_HEADERS_BLACKLIST = [
    name for name in botocore.auth.SIGNED_HEADERS_BLACKLIST if name not in TRACES
]


def authorization(line):
    given = json.loads(line)
    request = botocore.awsrequest.AWSRequest(given["method"], given["url"], data=base64.b64decode(given["body"]))
    for name, value in given["headers"]:
        request.headers[name] = value
    # In small letters otherwise, which is not what is sent.
    request.headers["Host"] = urllib.parse.urlsplit(given["url"]).netloc
    request.context["timestamp"] = request.headers["X-Amz-Date"]
    kind = botocore.auth.S3SigV4Auth if given["service"] in ("s3", "s3express", "s3-object-lambda") else botocore.auth.SigV4Auth
    signer = kind(botocore.credentials.Credentials(*given["key"]), given["service"], given["region"])
    # `add_auth` would take the time of now.
    text = signer.string_to_sign(request, signer.canonical_request(request))
    signer._inject_signature_to_request(request, signer.signature(text, request))
    return request.headers["Authorization"]


for line in sys.stdin:
    print(authorization(line))
