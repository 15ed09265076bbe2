"""Makes calls of AWS services with random parameters and random answers, and says what botocore sends and makes of them.

    python3 generate.py --seed 1 --count 5000 [--all] [--region us-east-1] [--service sqs]

A line of JSON for each call: service, operation, region, parameters as a task writes them, the request that botocore signs, the answer that it
is given, and the result or the error that it makes of that. Nothing is sent: the request is caught before it leaves, with a made up answer.
The same seed makes the same lines. `--all` makes one call of every action.
"""

import argparse
import base64
import datetime
import io
import json
import random
import re
import string
import sys
from email.utils import formatdate
from xml.sax.saxutils import escape

import botocore.args
import botocore.awsrequest
import botocore.config
import botocore.credentials
import botocore.exceptions
import botocore.model
import botocore.parsers
import botocore.serialize
import botocore.session

# CBOR is not compared where a service speaks JSON as well.
PROTOCOLS = ("json", "rest-json", "rest-xml", "query", "ec2", "smithy-rpc-v2-cbor")
TEXT = string.ascii_letters + string.digits + "  -_.:/&<>\"'+=%é€"
SAFE = string.ascii_letters + string.digits + "-_."
LABEL = string.ascii_lowercase + string.digits
DEEPEST = 5


class Raw(io.BytesIO):
    def stream(self, **_):
        yield self.read()

    def release_conn(self):
        pass


class Maker:
    """Random values by the shapes of a model: as botocore takes them, and as a task or a result has them."""

    def __init__(self, chance):
        self.chance = chance

    def text(self, letters=TEXT, longest=12):
        text = "".join(self.chance.choice(letters) for _ in range(self.chance.randint(1, longest)))
        return text.strip() or "x"

    def moment(self):
        return datetime.datetime.fromtimestamp(self.chance.randint(1, 2_000_000_000), datetime.timezone.utc)

    def json(self, depth=0):
        kinds = ["text", "number", "flag"] + (["list", "object"] if depth < 2 else [])
        kind = self.chance.choice(kinds)
        if kind == "list":
            return [self.json(depth + 1) for _ in range(self.chance.randint(0, 2))]
        if kind == "object":
            return {self.text(SAFE): self.json(depth + 1) for _ in range(self.chance.randint(0, 2))}
        return {"text": self.text(), "number": self.chance.randint(-9, 999), "flag": True}[kind]

    def value(self, shape, letters=TEXT, depth=0):
        """What botocore takes, and what a task writes."""
        kind = shape.type_name
        if kind == "structure":
            if shape.is_document_type:
                value = {self.text(SAFE): self.json()}
                return value, value
            return self.structure(shape, depth)
        if kind == "list":
            count = self.chance.choice([0, 1, 1, 2]) if depth < DEEPEST else 0
            return both([self.value(shape.member, letters, depth + 1) for _ in range(count)])
        if kind == "map":
            count = self.chance.choice([0, 1, 2]) if depth < DEEPEST else 0
            keys = {self.value(shape.key, SAFE)[0] for _ in range(count)}
            pairs = {key: self.value(shape.value, letters, depth + 1) for key in sorted(keys)}
            return {key: ours for key, (ours, _) in pairs.items()}, {key: task for key, (_, task) in pairs.items()}
        return self.scalar(shape, letters)

    def scalar(self, shape, letters):
        kind = shape.type_name
        if kind == "timestamp":
            moment = self.moment()
            return moment, moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        if kind == "blob":
            # Step Functions sends the JSON of what a task gives.
            text = self.text(letters)
            return json.dumps(text, ensure_ascii=False).encode(), text
        if kind == "boolean":
            return same(self.chance.choice([True, False]))
        if kind in ("integer", "long", "short", "byte", "biginteger"):
            return same(self.chance.randint(0, 9999))
        if kind in ("float", "double", "bigdecimal"):
            return same(self.chance.randint(1, 9999) / 4)
        return same(self.chance.choice(shape.enum) if getattr(shape, "enum", None) else self.text(letters))

    def structure(self, shape, depth, skip=()):
        theirs, task = {}, {}
        names = list(shape.members)
        if shape.is_tagged_union:
            names = [self.chance.choice(names)] if names else []
        for name in names:
            member = shape.members[name]
            is_token = member.metadata.get("idempotencyToken")
            needed = name in shape.required_members or shape.is_tagged_union or is_token
            place = member.serialization.get("location")
            if not needed and place != "uri" and (depth >= DEEPEST or self.chance.random() < 0.6):
                continue
            letters = TEXT
            if place == "uri":
                letters = SAFE.replace(".", "") if depth == 0 else SAFE
            elif place in ("header", "headers"):
                letters = SAFE
            if member.metadata.get("hostLabel") or is_host_label(member):
                letters = LABEL
            if member.serialization.get("jsonvalue"):
                value = self.json()
                text = json.dumps(value)
                # Only those in headers are values to botocore.
                theirs[name], task[capital(name)] = value if place == "header" else text, text
                continue
            theirs[name], task[capital(name)] = self.value(member, letters, depth + 1)
        return theirs, task


def is_host_label(shape):
    return bool(getattr(shape, "host_label", False))


def both(pairs):
    return [theirs for theirs, _ in pairs], [task for _, task in pairs]


def same(value):
    return value, value


def capital(name):
    """The name of a member in a task, as the SDK for Java makes it."""
    if name == "NULL":
        return "Nul"
    name = name[:1].upper() + name[1:]
    if name == "Equals":
        return "EqualsValue"
    front = re.match("[A-Z]+", name)
    if not front or len(front[0]) < 2:
        return name
    length = len(front[0])
    if length < len(name) and name[length].islower():
        length -= 1
    return name[0] + name[1:length].lower() + name[length:]


class Answers:
    """Random answers by the output of an operation, in the protocol of its service."""

    def __init__(self, maker, protocol, operation):
        self.maker, self.protocol, self.operation = maker, protocol, operation

    def make(self):
        shape = self.operation.output_shape
        status, headers, body = self.operation.http.get("responseCode", 200), {"x-amzn-requestid": "request-1"}, b""
        if self.protocol == "ec2" or self.protocol == "query":
            return status, headers, self.query(shape).encode()
        if shape is None:
            return status, headers, b"{}" if self.protocol == "json" else b""
        value, _ = self.maker.structure(shape, 0)
        if self.protocol == "smithy-rpc-v2-cbor":
            headers["smithy-protocol"] = "rpc-v2-cbor"
            return status, headers, botocore.serialize.RpcV2CBORSerializer()._serialize_body_params(value, shape)
        rest = {}
        for name, member in shape.members.items():
            place = member.serialization.get("location")
            if name not in value:
                continue
            if self.protocol == "json":
                rest[name] = value[name]
            elif place == "header":
                headers[member.serialization.get("name", name)] = self.header(member, value[name])
            elif place == "headers":
                prefix = member.serialization.get("name", "")
                headers.update({prefix + key: text for key, text in value[name].items()})
            elif place != "statusCode":
                rest[name] = value[name]
        payload = shape.serialization.get("payload")
        if payload:
            member = shape.members[payload]
            if member.type_name in ("blob", "string"):
                body = rest.get(payload, b"")
                body = body if isinstance(body, bytes) else body.encode()
            elif payload in rest and "json" in self.protocol:
                body = json.dumps(self.json(member, rest[payload])).encode()
            elif payload in rest:
                body = self.xml(member, rest[payload], member.serialization.get("name", payload), True).encode()
        elif "json" in self.protocol:
            body = json.dumps(self.members(shape, rest)).encode()
        else:
            root = f"{self.operation.name}Response"
            body = f"<{root}>{self.inner(shape, rest)}</{root}>".encode()
        return status, headers, body

    def query(self, shape):
        inner = ""
        if shape is not None:
            value, _ = self.maker.structure(shape, 0)
            inner = self.inner(shape, value)
            wrapper = shape.serialization.get("resultWrapper")
            if wrapper:
                inner = f"<{wrapper}>{inner}</{wrapper}>"
        name = f"{self.operation.name}Response"
        if self.protocol == "ec2":
            return f"<{name}>{inner}<requestId>request-1</requestId></{name}>"
        return f"<{name}>{inner}<ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></{name}>"

    def header(self, shape, value):
        if shape.type_name == "list":
            return ",".join(self.header(shape.member, item) for item in value)
        if shape.serialization.get("jsonvalue"):
            return base64.b64encode(json.dumps(value).encode()).decode()
        return self.text(shape, value, "rfc822")

    def text(self, shape, value, usual):
        if shape.type_name == "timestamp":
            form = shape.serialization.get("timestampFormat", usual)
            if form == "unixTimestamp":
                return str(int(value.timestamp()))
            if form == "rfc822":
                return formatdate(value.timestamp(), usegmt=True)
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        if shape.type_name == "blob":
            return base64.b64encode(value).decode()
        if shape.type_name == "boolean":
            return "true" if value else "false"
        return str(value)

    def members(self, shape, value):
        found = {}
        for name, inner in value.items():
            member = shape.members[name]
            found[member.serialization.get("name", name)] = self.json(member, inner)
        return found

    def json(self, shape, value):
        kind = shape.type_name
        if kind == "structure" and not shape.is_document_type:
            return self.members(shape, value)
        if kind == "list":
            return [self.json(shape.member, item) for item in value]
        if kind == "map":
            return {key: self.json(shape.value, item) for key, item in value.items()}
        if kind == "timestamp":
            form = shape.serialization.get("timestampFormat", "unixTimestamp")
            return value.timestamp() if form == "unixTimestamp" else self.text(shape, value, form)
        return base64.b64encode(value).decode() if kind == "blob" else value

    def inner(self, shape, value):
        parts = []
        for name, item in value.items():
            member = shape.members[name]
            if not member.serialization.get("xmlAttribute"):
                parts.append(self.xml(member, item, member.serialization.get("name", name)))
        return "".join(parts)

    def xml(self, shape, value, name, is_root=False):
        kind, facts = shape.type_name, shape.serialization
        if kind == "structure":
            attributes = "".join(
                f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {member.serialization["name"]}="{escape(str(value[key]))}"'
                for key, member in shape.members.items()
                if member.serialization.get("xmlAttribute") and key in value
            )
            return f"<{name}{attributes}>{self.inner(shape, value)}</{name}>"
        if kind == "list":
            if facts.get("flattened"):
                item_name = shape.member.serialization.get("name", name)
                return "".join(self.xml(shape.member, item, item_name) for item in value)
            item_name = shape.member.serialization.get("name", "item" if self.protocol == "ec2" else "member")
            return f"<{name}>{''.join(self.xml(shape.member, item, item_name) for item in value)}</{name}>"
        if kind == "map":
            key_name = shape.key.serialization.get("name", "key")
            value_name = shape.value.serialization.get("name", "value")
            entry = name if facts.get("flattened") else "entry"
            entries = "".join(
                f"<{entry}>{self.xml(shape.key, key, key_name)}{self.xml(shape.value, item, value_name)}</{entry}>"
                for key, item in value.items()
            )
            return entries if facts.get("flattened") else f"<{name}>{entries}</{name}>"
        return f"<{name}>{escape(self.text(shape, value, 'iso8601'))}</{name}>"


def plain(shape, value):
    """A result of botocore as a task gets it."""
    if value is None or shape is None:
        return value
    kind = shape.type_name
    if kind == "structure" and not shape.is_document_type:
        members = {name: item for name, item in value.items() if name in shape.members}
        return {capital(name): plain_member(shape.members[name], item) for name, item in members.items()}
    if kind == "list":
        return [plain(shape.member, item) for item in value]
    if kind == "map":
        return {key: plain(shape.value, item) for key, item in value.items()}
    if kind == "timestamp":
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "strftime") else value
    if kind == "blob":
        value = value.read() if hasattr(value, "read") else value
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return value


def plain_member(shape, value):
    is_json = shape.serialization.get("jsonvalue") and shape.serialization.get("location") == "header"
    return json.dumps(value) if is_json else plain(shape, value)


def service_name(model):
    name = re.sub("[^a-z0-9]", "", model.metadata["serviceId"].lower())
    name = re.sub("^(amazon|aws)", "", name)
    return re.sub("service$", "", name) if name != "service" else name


class Caller:
    """A client of one service that sends nothing."""

    def __init__(self, session, service, region):
        config = botocore.config.Config(
            parameter_validation=False,
            retries={"total_max_attempts": 1},
            endpoint_discovery_enabled=False,
            disable_request_compression=True,
        )
        self.client = session.create_client(
            service,
            region_name=region,
            config=config,
            aws_access_key_id="id",
            aws_secret_access_key="key",
        )
        self.client.meta.events.register("before-send", self.catch)
        self.sent, self.answer = None, None

    def catch(self, request, **_):
        self.sent = request
        status, headers, body = self.answer
        return botocore.awsrequest.AWSResponse(request.url, status, botocore.awsrequest.HeadersDict(headers), Raw(body))

    def call(self, operation, parameters, answer):
        self.sent, self.answer = None, answer
        try:
            result = self.client._make_api_call(operation.name, parameters)
            return {"result": plain(operation.output_shape, result) if operation.output_shape else {}}
        except botocore.exceptions.ClientError as error:
            return {"error": error.response.get("Error", {}).get("Code", "")}


def line(caller, maker, protocol, operation, service, region):
    shape = operation.input_shape
    theirs, task = maker.structure(shape, 0) if shape is not None else ({}, {})
    status, headers, body = Answers(maker, protocol, operation).make()
    try:
        outcome = caller.call(operation, theirs, (status, headers, body))
    except Exception as error:  # botocore refuses some parameters in its own ways
        if caller.sent is None:
            return {"service": service, "operation": operation.name, "refused": f"{type(error).__name__}: {error}"}
        outcome = {"unread": f"{type(error).__name__}: {error}"}
    sent = caller.sent
    body_sent = sent.body if isinstance(sent.body, bytes) else (sent.body.read() if hasattr(sent.body, "read") else (sent.body or "").encode())
    return {
        "service": service,
        "operation": operation.name,
        "region": region,
        "parameters": task,
        "method": sent.method,
        "url": sent.url,
        "headers": {key.lower(): value.decode() if isinstance(value, bytes) else value for key, value in sent.headers.items()},
        "body": base64.b64encode(body_sent).decode(),
        "answer": {"status": status, "headers": headers, "body": base64.b64encode(body).decode()},
        **outcome,
    }


def operations(session, only):
    for name in session.get_available_services():
        if only and name != only:
            continue
        model = session.get_service_model(name)
        protocols = model.metadata.get("protocols") or [model.metadata["protocol"]]
        protocol = next((known for known in PROTOCOLS if known in protocols), None)
        if protocol is None:
            continue
        for operation in model.operation_names:
            yield name, service_name(model), protocol, operation


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=5000)
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("--region", default="us-east-1")
    arguments.add_argument("--service")
    given = arguments.parse_args()
    botocore.args.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = PROTOCOLS
    botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = PROTOCOLS
    session = botocore.session.get_session()
    session.set_config_variable("region", given.region)
    all_of_them = list(operations(session, given.service))
    chance = random.Random(given.seed)
    if not given.all:
        all_of_them = sorted(chance.sample(all_of_them, min(given.count, len(all_of_them))))
    callers = {}
    for name, service, protocol, operation in all_of_them:
        model = session.get_service_model(name).operation_model(operation)
        if model.has_event_stream_input or model.has_event_stream_output:
            continue
        if name not in callers:
            callers.clear()
            callers[name] = Caller(session, name, given.region)
        maker = Maker(random.Random(f"{given.seed} {name} {operation}"))
        print(json.dumps(line(callers[name], maker, protocol, model, service, given.region), default=str))


if __name__ == "__main__":
    sys.exit(main())
