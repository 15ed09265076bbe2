"""Whom a server with a key answers, by boto3. It ends with 77 where there is no boto3."""

import sys

try:
    import boto3
    from botocore.exceptions import ClientError
except ImportError:
    sys.exit(77)


def machines(key, secret):
    client = boto3.client(
        "stepfunctions", endpoint_url=sys.argv[1], region_name="eu-west-1", aws_access_key_id=key, aws_secret_access_key=secret
    )
    try:
        return client.list_state_machines()["stateMachines"]
    except ClientError as error:
        return error.response["Error"]["Code"]


assert machines("AKIDEXAMPLE", "hunter2") == []
assert machines("AKIDEXAMPLE", "hunter3") == "InvalidSignatureException"
assert machines("AKIDOTHER", "hunter2") == "UnrecognizedClientException"
